"""A backup is a promise: what it gives back is what was there, or it gives back nothing."""

import fcntl
import json
import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ledger import carrying, store
from ledger.spelling import base64_text
from tests import world
from tests.engines import Owned
from tests.terminal import Terminal
from tests.world import World
from traceability import schema
from web.backup import backup, every_table, sealed_beside
from web.database import HIGH_WATER, open_services
from web.settings import Settings

Tables = dict[str, carrying.Carried]


@dataclass(frozen=True)
class Kept:
    """An instance, a backup of it, and what stood in its tables."""

    folder: Path
    file: Path
    tables: Tables
    size: int

    @property
    def sealed(self) -> Path:
        return sealed_beside(self.file)

    def moved(self, to: Path, *, with_mark: bool = True) -> Path:
        """Make a folder as it is after a disk was lost: the secrets are there, and the mark."""
        shutil.copytree(self.folder / "secrets", to / "secrets")
        if with_mark:
            shutil.copyfile(self.folder / HIGH_WATER, to / HIGH_WATER)
        return to


def tables_of(url: str) -> Tables:
    """Return what every table of the database holds."""
    engine = store.engine_for(url)
    try:
        with store.snapshot(engine) as connection:
            return {table.name: carrying.read_again(connection, table) for table in every_table()}
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A season with a row in every table, backed up while it is open, and then closed."""
    folder = tmp_path_factory.mktemp("kept")
    with world.opened(folder) as made:
        world.everything(made)
        saved = backup(made.services.settings, folder / "backup")
        url = made.services.settings.database_url
    return Kept(folder / "instance", saved.file, tables_of(url), saved.size)


@pytest.fixture
def place(tmp_path: Path, kept: Kept) -> Terminal:
    """A terminal at an instance that has lost its database."""
    return Terminal(kept.moved(tmp_path / "instance"))


def database_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'jizihao.sqlite3'}"


def test_everything_comes_back_and_the_log_goes_on(kept: Kept, place: Terminal) -> None:
    ran = place("restore", kept.file, "--json")

    assert (ran.code, ran.json["size"], ran.json["sealed_values_missing"]) == (0, kept.size, 0)
    assert tables_of(database_of(place.folder)) == kept.tables
    assert place("audit").code == 0
    told = ("--role", "cooperative", "--name", "虚构", "--division", "220182")
    assert place("party", "add", "new", *told).code == 0
    assert place.size == kept.size + 1 + 1  # its key, and its registration


@pytest.mark.parametrize("turned", [False, True], ids=["to PostgreSQL", "from PostgreSQL"])
def test_a_backup_of_one_engine_restores_into_the_other(
    turned: bool, kept: Kept, tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied(postgresql_url)
    instance = kept.moved(tmp_path / "instance")
    monkeypatch.setenv("JIZIHAO_DATABASE_URL", postgresql_url)
    assert Terminal(instance)("restore", kept.file).code == 0
    there = tables_of(postgresql_url)
    if not turned:
        assert there == kept.tables
        assert Terminal(instance)("audit").code == 0
        return
    assert Terminal(instance)("backup", tmp_path / "again").code == 0
    monkeypatch.delenv("JIZIHAO_DATABASE_URL")

    ran = Terminal(instance)("restore", tmp_path / "again")

    assert ran.code == 0
    assert tables_of(database_of(instance)) == kept.tables


def test_a_backup_restores_into_a_database_that_the_application_does_not_own(
    kept: Kept, place: Terminal, owned: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = ("--owner-url", owned.owner_url, "--role", owned.role)
    (place.folder / "settings.toml").write_bytes((kept.folder / "settings.toml").read_bytes())
    assert place("database", "prepare", *role).code == 0
    monkeypatch.setenv("JIZIHAO_DATABASE_URL", owned.app_url)

    codes = [place(*command).code for command in (("restore", kept.file), ("audit",), ("entries",))]

    assert codes == [0, 0, 0]
    assert tables_of(owned.app_url) == kept.tables


def emptied(url: str) -> None:
    engine = store.engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def test_a_backup_is_for_its_owner_alone_and_holds_no_secret(kept: Kept) -> None:
    with tarfile.open(kept.file) as archive, tarfile.open(kept.sealed) as apart:
        names = {member.name.split("/")[0] for member in archive}
        assert names == {"manifest.json", "settings.toml", "tables.sqlite3", "rules"}
        assert apart.getnames() == ["manifest.json", "sealed.sqlite3"]

    assert [stat.S_IMODE(path.stat().st_mode) for path in (kept.file, kept.sealed)] == [0o600, 0o600]
    spelt = kept.file.read_bytes() + kept.sealed.read_bytes()
    secrets = [path.read_bytes().strip() for path in (kept.folder / "secrets").iterdir()]
    assert [secret for secret in secrets if secret in spelt or secret[:64] in spelt] == []
    # 王虚构 is a grower's name, which is sealed.
    assert ("王虚构".encode() in kept.file.read_bytes(), "王虚构".encode() in spelt) == (False, True)


def test_a_backup_goes_over_another_only_if_told(kept: Kept, tmp_path: Path) -> None:
    terminal, file = Terminal(kept.folder), tmp_path / "backup"
    assert terminal("backup", file).code == 0
    before = file.read_bytes()

    refused = terminal("backup", file)

    assert (refused.code, file.read_bytes() == before) == (2, True)
    assert "--force" in refused.err
    forced = terminal("backup", file, "--force", "--json")
    assert (forced.code, forced.json["size"]) == (0, kept.size)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "backup.sealed"]


def regions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield a place in each header, each content and each padding of *file*, and in its end.

    Of the many rule tables, which are kept and read alike, the first and the last stand for all.
    """
    with tarfile.open(file) as archive:
        members = archive.getmembers()
        tables = [each for each in members if each.name.startswith("rules/") and each.isfile()]
        for member in [each for each in members if each not in tables[1:-1]]:
            yield f"header of {member.name}", member.offset + 3
            yield f"sum of {member.name}", member.offset + 150
            yield f"first of {member.name}", member.offset_data
            yield f"middle of {member.name}", member.offset_data + member.size // 2
            yield f"last of {member.name}", member.offset_data + member.size - 1
            if member.size % 512:
                yield f"padding of {member.name}", member.offset_data + member.size
    yield "end", file.stat().st_size - 1


@pytest.mark.parametrize("sealed", [False, True], ids=["FILE", "FILE.sealed"])
def test_a_changed_byte_anywhere_is_refused(
    sealed: bool, kept: Kept, place: Terminal, tmp_path: Path
) -> None:
    file = Path(shutil.copyfile(kept.file, tmp_path / "backup"))
    shutil.copyfile(kept.sealed, sealed_beside(file))
    bent = sealed_beside(file) if sealed else file
    honest = bent.read_bytes()

    codes = {}
    for name, where in regions(bent):
        bent.write_bytes(honest[:where] + bytes([honest[where] ^ 1]) + honest[where + 1 :])
        codes[name] = place("restore", file).code
    for name, spelt in {"shorter": honest[:-512], "longer": honest + bytes(512), "empty": b""}.items():
        bent.write_bytes(spelt)
        codes[name] = place("restore", file).code

    assert {name: code for name, code in codes.items() if code != 1} == {}
    assert len(codes) > 12
    bent.write_bytes(honest)
    assert place("restore", file).code == 0


def test_an_older_backup_is_refused_with_both_sizes(kept: Kept, place: Terminal, tmp_path: Path) -> None:
    with_more = Terminal(kept.moved(tmp_path / "more"))
    assert with_more("restore", kept.file).code == 0
    told = ("--role", "cooperative", "--name", "虚构", "--division", "220182")
    assert with_more("party", "add", "new", *told).code == 0
    shutil.copyfile(with_more.folder / HIGH_WATER, place.folder / HIGH_WATER)

    ran = place("restore", kept.file, "--json")

    assert ran.code == 1
    assert (str(kept.size) in ran.err, str(kept.size + 2) in ran.err) == (True, True)
    assert "--continues" in json.loads(ran.out)["detail"]
    assert tables_of(database_of(place.folder))["ledger_entry"].rows == 0


def test_an_older_database_put_in_place_by_hand_is_refused_at_the_start(kept: Kept, tmp_path: Path) -> None:
    terminal = Terminal(kept.moved(tmp_path / "instance"))
    assert terminal("restore", kept.file).code == 0
    old = Path(shutil.copyfile(terminal.folder / "jizihao.sqlite3", tmp_path / "old"))
    told = ("--role", "cooperative", "--name", "虚构", "--division", "220182")
    assert terminal("party", "add", "new", *told).code == 0
    shutil.copyfile(old, terminal.folder / "jizihao.sqlite3")

    codes = [
        terminal(*words).code
        for words in (("entries",), ("serve", "--port", "0"), ("backup", tmp_path / "b"))
    ]

    assert codes == [2, 2, 2]
    assert terminal("audit").code == 1


def test_without_their_file_sealed_values_are_missing_and_counted(
    kept: Kept, place: Terminal, tmp_path: Path
) -> None:
    alone = Path(shutil.copyfile(kept.file, tmp_path / "alone"))

    ran = place("restore", alone)

    missing = kept.tables["sealed_value"].rows
    assert (ran.code, str(missing) in ran.out) == (0, True)
    after = tables_of(database_of(place.folder))
    assert after == kept.tables | {"sealed_value": after["sealed_value"]}
    found = place("audit", "--json").json["findings"]
    assert {each["what"] for each in found} == {"sealed-value-missing"}
    assert len(found) == missing


def test_sealed_values_of_another_backup_are_refused(kept: Kept, place: Terminal, tmp_path: Path) -> None:
    assert Terminal(kept.folder)("backup", tmp_path / "other").code == 0

    ran = place("restore", kept.file, "--sealed", tmp_path / "other.sealed")

    assert ran.code == 1


def test_nothing_is_restored_over_anything(kept: Kept) -> None:
    before = tables_of(database_of(kept.folder))

    ran = Terminal(kept.folder)("restore", kept.file)

    assert (ran.code, tables_of(database_of(kept.folder)) == before) == (1, True)


def test_a_stranger_s_backup_is_refused(kept: Kept, tmp_path: Path) -> None:
    stranger = Terminal.of_new(tmp_path / "stranger")
    (stranger.folder / "jizihao.sqlite3").unlink()

    ran = stranger("restore", kept.file)

    assert ran.code == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_a_lost_mark_is_replaced_by_a_checkpoint_kept_elsewhere(
    is_known: bool, kept: Kept, tmp_path: Path
) -> None:
    instance = kept.moved(tmp_path / "instance", with_mark=False)
    services = open_services(Settings.load(kept.folder, {}))
    (tmp_path / "checkpoint").write_bytes(services.log.publish().bytes())
    services.close()
    since: tuple[Any, ...] = ("--since", tmp_path / "checkpoint") if is_known else ()

    ran = Terminal(instance)("restore", kept.file, *since)

    assert ran.code == (0 if is_known else 1)
    assert (instance / HIGH_WATER).exists() == is_known
    assert is_known or "--since" in ran.err


def test_a_damaged_log_is_not_backed_up(kept: Kept, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(kept.folder, tmp_path / "instance"))
    engine = store.engine_for(database_of(folder))
    with store.writing(engine) as connection:
        connection.execute(text("DROP TRIGGER ledger_entry_update"))
        connection.execute(text('UPDATE ledger_entry SET leaf = zeroblob(32) WHERE "index" = 3'))
    engine.dispose()

    ran = Terminal(folder)("backup", tmp_path / "backup")

    assert ran.code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_a_backup_of_a_log_that_is_being_written_is_of_one_moment(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        answers = [made.services.journal.submit(bought(made, number)) for number in range(40)]
        saved = backup(made.services.settings, tmp_path / "backup")
        last = max(answer.result().indices[-1] for answer in answers)
    instance = tmp_path / "there"
    shutil.copytree(tmp_path / "instance" / "secrets", instance / "secrets")
    note = tmp_path / "note"
    note.write_bytes(saved.note.bytes())

    ran = Terminal(instance)("restore", saved.file, "--since", note)

    assert (ran.code, saved.size <= last + 1) == (0, True)


def bought(made: World, number: int) -> Any:
    told = {"name": f"虚构尿素 {number}", "category": "fertiliser", "amount": "50", "unit": "kg"}
    event = schema.load("input-bought", {"at": made.clock().isoformat(), **told})
    return made.services.journal.stated("heitu", event)[0]


def test_a_new_log_names_the_one_that_was_lost(kept: Kept, tmp_path: Path) -> None:
    services = open_services(Settings.load(kept.folder, {}))
    last = services.log.publish()
    services.close()
    file = tmp_path / "checkpoint"
    file.write_bytes(last.bytes())
    terminal = Terminal(tmp_path / "new")
    told = ("--base-url", "http://127.0.0.1:8000", "--continues", file)

    same = terminal("init", "--origin", world.ORIGIN, *told)
    other = terminal("init", "--origin", "new.example/log", *told)

    assert (same.code, other.code, terminal("audit").code) == (2, 0, 0)
    services = open_services(Settings.load(terminal.folder, {}))
    opening = services.log.entry(0).entry.record["opening"]
    services.close()
    assert opening["continues"] == {"note": base64_text(last.bytes()), "origin": world.ORIGIN}


def test_a_changed_rule_file_is_not_backed_up(kept: Kept, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(kept.folder, tmp_path / "instance"))
    next((folder / "rules").iterdir()).write_bytes(b"other limits")

    ran = Terminal(folder)("backup", tmp_path / "backup")

    assert ran.code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_two_at_once_do_not_meet(command: str, kept: Kept, place: Terminal, tmp_path: Path) -> None:
    terminal, file = (Terminal(kept.folder), tmp_path / "b") if command == "backup" else (place, kept.file)
    workshop = tmp_path / "b.new" if command == "backup" else place.folder / "restore.new"
    workshop.mkdir()
    handle = os.open(workshop, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)

    refused = terminal(command, file)
    os.close(handle)
    after = terminal(command, file)

    assert (refused.code, after.code) == (2, 0)
    assert str(workshop) in refused.err
