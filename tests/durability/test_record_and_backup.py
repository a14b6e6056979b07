"""A whole instance at work: a statement sent again is recorded once; a backup is whole or is not there."""

import pickle
import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect

from ledger import shelf, store
from tests import world
from tests.durability.faults import ANSWER, SOME, Chosen, Zygote, few, fewer
from tests.durability.reopening import copied
from tests.world import World
from traceability import schema
from traceability.audit import audit
from traceability.statement import Signed
from web import parcel
from web.backup import backup, sealed_beside
from web.database import auditing, open_services
from web.restoring import restore
from web.settings import Settings

pytestmark = pytest.mark.usefixtures("strace")


def bought(made: World, number: int) -> Signed:
    """Return a purchase, signed, with a dealer that is sealed."""
    told = {"name": f"虚构尿素 {number}", "category": "fertiliser", "amount": "50", "unit": "kg"}
    event = schema.load("input-bought", {"at": made.clock().isoformat(), "dealer": "虚构农资店", **told})
    return made.services.journal.stated("heitu", event)[0]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with statements to record, and an earlier backup of it."""
    folder = tmp_path_factory.mktemp("whole")
    with world.opened(folder) as made:
        signed = [bought(made, number) for number in range(3)]
        backup(made.services.settings, folder / "instance" / "backup")
        made.services.journal.submit(bought(made, 9)).result()
    (folder / "instance" / "statements").write_bytes(pickle.dumps(signed))
    return folder / "instance"


def check_audited(folder: Path) -> None:
    """Check all that an auditor can check."""
    with auditing(Settings.load(folder, {})) as subject:
        assert audit(subject).findings == []


def sent_again(folder: Path) -> list[int]:
    """Send every statement again and return where each stands, after checking that it stands once."""
    signed = pickle.loads((folder / "statements").read_bytes())  # noqa: S301 -- the fixture wrote it
    services = open_services(Settings.load(folder, {}))
    try:
        answers = [services.journal.submit(each).result().value[0] for each in signed]
        assert services.log.size() == max(answer.index for answer in answers) + 1
    finally:
        services.close()
    return [answer.index for answer in answers]


@pytest.mark.parametrize("chosen", [few, SOME])
def test_a_statement_is_recorded_once_whatever_failed(
    chosen: Chosen, zygote: Zygote, base: Path, tmp_path: Path
) -> None:
    traced = copied(base, tmp_path / "traced")
    calls = zygote.calls(traced, "record", folder=str(traced))
    until = [call.name for call in calls].index(ANSWER) + 1
    was, failed = sent_again(traced)[0], 0

    for number, fault in enumerate(chosen(calls[:until])):
        folder = copied(base, tmp_path / f"{number}")
        ran = zygote.broken(fault, "record", folder=str(folder))
        check_audited(folder)
        indices = sent_again(folder)
        assert {each["index"] for each in ran.done} <= set(indices), str(fault)
        assert sorted(indices) == [was, was + 1, was + 2], str(fault)
        failed += len(ran.failed)

    assert failed


def whole(file: Path, folder: Path) -> int:
    """Check that the backup *file* and its sealed values are whole and belong together; return its size."""
    settings = Settings.load(folder, {})
    manifest, name = parcel.manifest_of(file, settings.kept_key)
    apart, _ = parcel.manifest_of(sealed_beside(file), settings.kept_key)
    for number, each in enumerate((file, sealed_beside(file))):
        place = folder / f"unpacked-{number}"
        place.mkdir()
        parcel.unpack(each, settings.kept_key, place)
        shutil.rmtree(place)
    assert apart.about["of"] == name
    size: int = manifest.about["size"]
    return size


def test_a_call_of_a_backup_may_fail(zygote: Zygote, base: Path, tmp_path: Path) -> None:
    old = whole(base / "backup", base)
    traced = copied(base, tmp_path / "traced")
    faults = fewer(zygote.calls(traced, "backup", folder=str(traced)))
    sizes: set[int] = set()

    for number, fault in enumerate(faults):
        folder = copied(base, tmp_path / f"{number}")
        ran = zygote.broken(fault, "backup", folder=str(folder))
        size = size_left(folder)
        assert size == old + 1 if ran.done else size in (old, old + 1), str(fault)
        sizes.add(size)
        assert zygote.run("backup", folder=str(folder)).done, str(fault)
        assert whole(folder / "backup", folder) == old + 1
        assert not (folder / "backup.new").exists()

    assert sizes == {old, old + 1}


def size_left(folder: Path) -> int:
    """Return the size of the backup that is left: under its name, or whole but for its name."""
    waiting = folder / "backup.new" / "whole" / "tables.sqlite3"
    if waiting.exists() and not (folder / "backup.new" / "whole" / "sealed.sqlite3").exists():
        shutil.copyfile(waiting, folder / "found")
        shutil.copyfile(sealed_beside(folder / "backup"), sealed_beside(folder / "found"))
        return whole(folder / "found", folder)
    return whole(folder / "backup", folder)


def lost(base: Path, to: Path) -> Path:
    """Return a folder that has lost its database, with a backup that reaches its mark."""
    folder = copied(base, to)
    backup(Settings.load(folder, {}), folder / "backup", is_replacing=True)
    for each in folder.glob("jizihao.sqlite3*"):
        each.unlink()
    shutil.rmtree(folder / "rules")
    return folder


def test_a_call_of_a_restore_may_fail(zygote: Zygote, base: Path, tmp_path: Path) -> None:
    empty = lost(base, tmp_path / "empty")
    size = whole(empty / "backup", empty)
    traced = copied(empty, tmp_path / "traced")
    faults = fewer(zygote.calls(traced, "restore", folder=str(traced)))
    sizes: set[int] = set()

    for number, fault in enumerate(faults):
        folder = copied(empty, tmp_path / f"{number}")
        ran = zygote.broken(fault, "restore", folder=str(folder))
        found = restored_size(folder)
        assert found == size if ran.done else found in (0, size), str(fault)
        sizes.add(found)
        if found == 0 and number % 3 == 0:
            again = restore(Settings.load(folder, {}), folder / "backup", sealed=folder / "backup.sealed")
            assert again.size == size
        if found:
            check_audited(folder)
            assert len(sent_again(folder)) == 3

    assert sizes == {0, size}


def restored_size(folder: Path) -> int:
    """Return how many entries the database holds."""
    with auditing(Settings.load(folder, {})) as subject, store.snapshot(subject.engine) as connection:
        return shelf.count_entries(connection) if inspect(connection).has_table("ledger_entry") else 0
