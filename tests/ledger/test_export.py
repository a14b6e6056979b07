"""Our log as files for everybody: complete, proven, written once, and the checkpoint last."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, text

from ledger.bucket import S3Outlet
from ledger.checkpoint import Checkpoint
from ledger.errors import Conflict, NotProven, Unsafe
from ledger.export import note_to_show, publish
from ledger.log import Log
from ledger.note import Note, signed
from ledger.outlet import DirectoryOutlet, Outlet, Seen
from ledger.proven import verified_entries
from ledger.source import DirectorySource
from ledger.tile import bundles_of, tiles_of
from ledger.writer import Writer
from tests.logs import ORIGIN, SIGNER, log_on, record


@pytest.fixture
def log(sqlite_engine: Engine, tmp_path: Path) -> Log:
    return log_on(sqlite_engine, tmp_path / "high-water")


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[DirectoryOutlet]:
    with closing(DirectoryOutlet(tmp_path / "public")) as found:
        yield found


def grow(log: Log, entries: int) -> Note:
    """Append so many entries and return the note to show."""
    first = log.size()
    with Writer(log) as writer:
        records = [record(number) for number in range(first, first + entries)]
        writer.submit(lambda session: log.append(session, records)).result()
    return note_to_show(log)


def files_in(folder: Path) -> set[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path for path in found if not path.startswith(".")}


def paths_of(size: int) -> set[str]:
    return {tile.path() for tile in tiles_of(size)} | {bundle.path() for bundle in bundles_of(size)}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_exactly_the_files_of_the_tree_are_written(log: Log, outlet: DirectoryOutlet, size: int) -> None:
    note = grow(log, size)

    filled = publish(log, note, outlet)

    assert files_in(outlet.folder) == paths_of(size) | {"checkpoint"}
    assert (filled.before, filled.checkpoint.size, filled.files) == (0, size, len(paths_of(size)))
    for piece in tiles_of(size):
        assert outlet.read(piece.path()) == log.tile(piece)


def test_what_is_written_is_proven_by_who_reads_it(log: Log, outlet: DirectoryOutlet) -> None:
    note = grow(log, 600)
    publish(log, note, outlet)

    found = verified_entries(DirectorySource(outlet.folder), Checkpoint.parse(note.text))

    assert [entry for _, entry in found] == [stored.spelt for stored in log.entries(0, 600)]


def test_a_reader_from_the_specification_alone_agrees(log: Log, outlet: DirectoryOutlet) -> None:
    """None of our own code below this line: notes, tiles and bundles as their specifications have them."""
    publish(log, grow(log, 300), outlet)
    vkey = SIGNER.key.text()

    found = independent_entries(outlet.folder, vkey)

    assert found == [stored.spelt for stored in log.entries(0, 300)]


def test_a_log_that_grew_is_gone_on_with(log: Log, outlet: DirectoryOutlet) -> None:
    publish(log, grow(log, 300), outlet)
    early = {path: outlet.read(path) for path in files_in(outlet.folder) - {"checkpoint"}}

    filled = publish(log, grow(log, 400), outlet)

    # What is partial now stays readable for those who hold the checkpoint of its time.
    assert files_in(outlet.folder) == {*early, *paths_of(700), "checkpoint"}
    assert {path: outlet.read(path) for path in early} == early
    assert (filled.before, filled.files) == (300, len(paths_of(700) - set(early)))


def test_nothing_new_is_nothing_to_write(log: Log, outlet: DirectoryOutlet) -> None:
    note = grow(log, 300)
    publish(log, note, outlet)

    filled = publish(log, note, outlet)

    assert (filled.before, filled.files, filled.octets) == (300, 0, 0)


def test_progress_counts_entries(log: Log, outlet: DirectoryOutlet) -> None:
    told: list[tuple[int, int]] = []

    publish(log, grow(log, 600), outlet, progress=lambda done, total: told.append((done, total)))

    assert told == [(256, 600), (512, 600), (600, 600)]


def test_what_entries_name_comes_along(log: Log, outlet: DirectoryOutlet) -> None:
    named: list[int] = []

    def beside(entries: Sequence[bytes]) -> list[tuple[str, bytes]]:
        named.append(len(entries))
        return [("rules/0f/limits.csv", b"a,b\n")] if len(named) == 1 else []

    publish(log, grow(log, 300), outlet, beside=beside)

    assert (named, outlet.read("rules/0f/limits.csv")) == ([256, 44], b"a,b\n")


def test_the_same_in_an_object_store(log: Log, bucket_url: str) -> None:
    with closing(S3Outlet(bucket_url)) as outlet:
        publish(log, grow(log, 300), outlet)
        note = grow(log, 1)
        publish(log, note, outlet)

        found = verified_entries(outlet, Checkpoint.parse(note.text))
        seen = outlet.seen()

        assert [entry for _, entry in found] == [stored.spelt for stored in log.entries(0, 301)]
        assert seen is not None
        assert seen.content == note.bytes()


# Killed on the way.


class Killed(Exception):
    """The process ends here."""


@dataclass
class Dying:
    """A folder to which so many more things happen before the process is killed."""

    folder: DirectoryOutlet
    left: int

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed

    def read(self, path: str) -> bytes:
        return self.folder.read(path)

    def put(self, path: str, content: bytes) -> bool:
        self._count()
        return self.folder.put(path, content)

    def settle(self) -> None:
        self._count()
        self.folder.settle()

    def seen(self) -> Seen | None:
        return self.folder.seen()

    def replace(self, path: str, content: bytes, seen: Seen | None = None) -> None:
        self._count()
        self.folder.replace(path, content, seen)

    def close(self) -> None:
        self.folder.close()


def test_a_kill_at_any_step_leaves_the_old_checkpoint_and_is_gone_on_from(log: Log, tmp_path: Path) -> None:
    old = grow(log, 300)
    new = grow(log, 300)
    steps = len(paths_of(600) - paths_of(300)) + 2
    for step in range(steps + 1):
        with closing(DirectoryOutlet(tmp_path / f"public-{step}")) as outlet:
            publish(log, old, outlet)
            if step < steps:
                with pytest.raises(Killed):
                    publish(log, new, Dying(outlet, step))
                assert outlet.read("checkpoint") == old.bytes()
            publish(log, new, outlet)

            assert outlet.read("checkpoint") == new.bytes()
            assert files_in(outlet.folder) == paths_of(300) | paths_of(600) | {"checkpoint"}


@dataclass
class Forgetful(Dying):
    """A folder that takes everything and loses one file."""

    lost: str = ""

    def put(self, path: str, content: bytes) -> bool:
        return path == self.lost or self.folder.put(path, content)


@pytest.mark.parametrize("lost", ["tile/0/001.p/44", "tile/1/000.p/1"])
def test_a_place_that_lost_something_gets_no_checkpoint(log: Log, outlet: DirectoryOutlet, lost: str) -> None:
    note = grow(log, 300)

    with pytest.raises(NotProven) as refused:
        publish(log, note, Forgetful(outlet, 100, lost))

    assert (refused.value.facts["path"], outlet.seen()) == (lost, None)


# Refused.


def shown(outlet: Outlet, size: int, root: bytes, origin: str = ORIGIN) -> None:
    """Put a checkpoint in *outlet* as if it had been published before."""
    outlet.replace("checkpoint", signed(Checkpoint(origin, size, root).text(), SIGNER).bytes())


def spoil(engine: Engine, damage: str) -> None:
    """Change the database as its owner can, without the guards."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        assert connection.exec_driver_sql(damage).rowcount > 0


@pytest.mark.parametrize("size", [200, 300, 301])
def test_a_place_with_another_past_is_left_alone(log: Log, outlet: DirectoryOutlet, size: int) -> None:
    note = grow(log, 300)
    shown(outlet, size, bytes(32))

    with pytest.raises(Unsafe) as refused:
        publish(log, note, outlet)

    assert refused.value.facts == {"there": size, "here": 300}
    assert files_in(outlet.folder) == {"checkpoint"}


def test_a_place_of_another_log_is_left_alone(log: Log, outlet: DirectoryOutlet) -> None:
    note = grow(log, 3)
    shown(outlet, 1, bytes(32), "other.example/log")

    with pytest.raises(Conflict):
        publish(log, note, outlet)

    assert files_in(outlet.folder) == {"checkpoint"}


def test_a_file_with_other_bytes_stops_it_before_the_checkpoint(log: Log, outlet: DirectoryOutlet) -> None:
    note = grow(log, 300)
    outlet.put("tile/entries/000", b"something else")

    with pytest.raises(Conflict) as refused:
        publish(log, note, outlet)

    assert refused.value.facts["path"] == "tile/entries/000"
    assert outlet.seen() is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger_entry SET bytes = CAST(bytes || ' ' AS BLOB) WHERE \"index\" = 7",
        'UPDATE ledger_entry SET leaf = zeroblob(32) WHERE "index" = 299',
        "UPDATE ledger_tile SET hashes = zeroblob(8192)",
        "UPDATE ledger_tile SET root = zeroblob(32)",
        'DELETE FROM ledger_entry WHERE "index" = 7',
    ],
)
def test_a_damaged_database_is_not_shown(
    log: Log, outlet: DirectoryOutlet, sqlite_engine: Engine, damage: str
) -> None:
    note = grow(log, 300)
    spoil(sqlite_engine, damage)

    with pytest.raises(NotProven):
        publish(log, note, outlet)

    assert outlet.seen() is None


def test_a_log_without_entries_has_nothing_to_show(log: Log) -> None:
    with pytest.raises(NotProven):
        note_to_show(log)


def test_who_only_reads_does_not_wait_for_writers(log: Log, sqlite_engine: Engine) -> None:
    note = grow(log, 3)

    with sqlite_engine.connect().execution_options(writes=True) as writer, writer.begin():
        writer.execute(text("SELECT 1"))

        assert note_to_show(log) == note


# A reader of static logs, from the specifications: c2sp.org/signed-note, tlog-checkpoint and tlog-tiles.


def independent_entries(folder: Path, vkey: str) -> list[bytes]:
    """Return the entries of the log in *folder* under a checkpoint signed with *vkey*, or fail."""
    size, root = independent_checkpoint((folder / "checkpoint").read_bytes(), vkey)
    entries: list[bytes] = []
    while len(entries) < size:
        entries += independent_bundle(folder, len(entries) // 256, min(256, size - len(entries)))
    leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    assert independent_root(leaves) == root
    width = size % 256 or 256
    last = folder / "tile" / "0" / independent_number((size - 1) // 256, width)
    assert last.read_bytes() == b"".join(leaves[-width:])
    return entries


def independent_checkpoint(note: bytes, vkey: str) -> tuple[int, bytes]:
    name, key_id, key = vkey.split("+", 2)
    said, _, lines = note.decode().rpartition("\n\n")
    payloads = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines()]
    (signature,) = (each[4:] for each in payloads if each[:4].hex() == key_id)
    public = base64.b64decode(key)[1:]
    Ed25519PublicKey.from_public_bytes(public).verify(signature, f"{said}\n".encode())
    origin, size, root = said.split("\n")
    assert origin == name
    return int(size), base64.b64decode(root)


def independent_bundle(folder: Path, number: int, width: int) -> list[bytes]:
    joined = (folder / "tile" / "entries" / independent_number(number, width)).read_bytes()
    entries = []
    while joined:
        length = int.from_bytes(joined[:2], "big")
        entries.append(joined[2 : 2 + length])
        joined = joined[2 + length :]
    assert len(entries) == width
    return entries


def independent_number(number: int, width: int) -> str:
    assert number < 1000
    return f"{number:03}" if width == 256 else f"{number:03}.p/{width}"


def independent_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    halves = independent_root(leaves[:split]) + independent_root(leaves[split:])
    return hashlib.sha256(b"\1" + halves).digest()
