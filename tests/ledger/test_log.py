import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from ledger import store
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.errors import NotProven, Unsafe
from ledger.fsck import fsck
from ledger.guards import guards
from ledger.highwater import FileHighWater
from ledger.log import Log
from ledger.merkle import check_consistency, check_inclusion, root_of
from ledger.note import Ed25519Signer, Note, signed, verified
from ledger.tile import Bundle, Tile, parse_bundle, tiles_of
from ledger.writer import Writer
from tests.logs import COSIGNER, ORIGIN, SIGNER, Clock, log_on, record
from tests.verdicts import is_proven

WITNESS = Ed25519Cosigner("witness.example/w1", sha256(b"witness key").digest())


def grown(log: Log, size: int) -> Note:
    """Let *log* grow to *size* and return the note that seals it."""
    with Writer(log) as writer:
        return (
            writer.submit(
                lambda session: log.append(session, [record(number) for number in range(session.size, size)])
            )
            .result()
            .note
        )


def tamper(engine: Engine, *statements: str) -> None:
    """Change the database as its owner can: without the guards."""
    with store.writing(engine) as connection:
        for guard in guards(connection.dialect.name):
            table = f" ON {guard.table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {guard.name}{table}"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_each_entry_is_proven_under_the_head(sqlite_engine: Engine, tmp_path: Path, size: int) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    grown(log, size)
    checkpoint, _ = log.head()

    for index in {0, 1, 254, 255, 256, size // 2, size - 1} & set(range(size)):
        entry, spelt = log.entry(index)
        path = log.inclusion(index, size)
        check_inclusion(path, size=size, root=checkpoint.root, index=index, leaf=entry.leaf)
        assert entry.bytes() == spelt
        assert entry.record == record(index)


def test_each_tree_begins_with_each_smaller_one(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    points = [Checkpoint.parse(grown(log, size).text) for size in (1, 2, 255, 256, 300, 600)]

    for step, old in enumerate(points):
        for new in points[step:]:
            proof = log.consistency(old.size, new.size)

            assert is_proven(
                check_consistency,
                proof,
                old=old.size,
                old_root=old.root,
                size=new.size,
                root=new.root,
            )


def test_tiles_and_bundles_are_those_of_the_tree(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 600)
    leaves = [stored.entry.leaf for stored in log.entries(0, 600)]

    tiles = {tile: log.tile(tile) for tile in tiles_of(600)}

    assert tiles == {
        Tile(0, 0): b"".join(leaves[:256]),
        Tile(0, 1): b"".join(leaves[256:512]),
        Tile(0, 2, 88): b"".join(leaves[512:]),
        Tile(1, 0, 2): root_of(leaves[:256]) + root_of(leaves[256:512]),
    }
    assert parse_bundle(log.bundle(Bundle(2, 88)), 88) == [stored.spelt for stored in log.entries(512, 600)]
    # A partial tile that was served stays available after it has become full.
    assert log.tile(Tile(0, 0, 3)) == b"".join(leaves[:3])


@pytest.mark.parametrize("tile", [Tile(0, 2, 89), Tile(0, 2), Tile(0, 3, 1), Tile(1, 0, 3), Tile(2, 0, 1)])
def test_there_is_no_tile_beyond_the_end(sqlite_engine: Engine, tmp_path: Path, tile: Tile) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    grown(log, 600)

    with pytest.raises(NotProven):
        log.tile(tile)


def test_a_tile_of_tiles_is_written(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    for size in range(8192, 65536 + 8192, 8192):
        grown(log, size)
    grown(log, 65537)
    roots = [root_of(stored.entry.leaf for stored in log.entries(n * 256, n * 256 + 256)) for n in range(256)]

    assert log.tile(Tile(1, 0)) == b"".join(roots)
    assert log.tile(Tile(2, 0, 1)) == root_of(roots)
    log.check_start()
    assert fsck(sqlite_engine, origin=ORIGIN, keys=[SIGNER.key]).sound


def test_an_empty_log_has_neither_head_nor_entry(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    log.check_start()

    assert log.size() == 0
    assert log.published() is None
    for ask in (log.head, log.publish, lambda: log.entry(0), lambda: log.proof(0)):
        with pytest.raises(NotProven):
            ask()


def test_publishing_adds_the_line_that_outlives_todays_curves(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    sealed = grown(log, 5)

    published = log.publish()

    assert published.text == sealed.text
    assert set(verified(published, [SIGNER.key, COSIGNER.key])) == {SIGNER.key, COSIGNER.key}
    assert log.published() == log.publish() == published


def test_lines_of_witnesses_stand_under_the_published_note(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 5)
    published = log.publish()

    log.add_cosignatures(5, [WITNESS.cosign(published.text, 1000)])
    log.add_cosignatures(5, [WITNESS.cosign(published.text, 2000)])

    cosigned = log.published()
    assert cosigned is not None
    assert cosigned.signatures == (*published.signatures, WITNESS.cosign(published.text, 2000))
    assert log.proof(2).note == cosigned


def test_a_proof_is_cut_from_a_published_note(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 5)
    published = log.publish()
    grown(log, 7)

    old, new = log.proof(4), log.proof(5)

    assert old.note == published
    assert new.note == log.published() != published
    assert Checkpoint.parse(new.note.text).size == 7


def take_over(columns: str) -> str:
    """Spell an update that puts *columns* of entry 0 into entry 2."""
    source = f'(SELECT {columns} FROM ledger_entry WHERE "index" = 0)'
    return f'UPDATE ledger_entry SET ({columns}) = {source} WHERE "index" = 2'


@pytest.mark.parametrize("column", ["bytes", "leaf"])
def test_an_altered_entry_is_neither_served_nor_proven(engine: Engine, tmp_path: Path, column: str) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 5)
    tamper(engine, take_over(column))

    for ask in (log.entry, log.proof):
        with pytest.raises(NotProven):
            ask(2)
    assert log.entry(1).entry.index == 1


def test_a_rehashed_entry_is_not_proven(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 5)
    log.publish()
    tamper(engine, take_over("bytes, leaf"))

    with pytest.raises(NotProven):
        log.proof(2)


def restore(engine: Engine, backup: Path) -> None:
    database = str(engine.url.database)
    engine.dispose()
    for name in (database + "-wal", database + "-shm"):
        Path(name).unlink(missing_ok=True)
    shutil.copy(backup, database)


def test_an_older_file_is_refused_at_start(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    grown(log, 300)
    sqlite_engine.dispose()
    shutil.copy(str(sqlite_engine.url.database), tmp_path / "backup")
    log.check_start()
    grown(log, 301)

    restore(sqlite_engine, tmp_path / "backup")

    with pytest.raises(Unsafe):
        log.check_start()
    with pytest.raises(Unsafe):
        Writer(log)
    with pytest.raises(Unsafe):
        log.publish()


def test_a_forked_file_is_refused_at_start(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    grown(log, 3)
    sqlite_engine.dispose()
    shutil.copy(str(sqlite_engine.url.database), tmp_path / "backup")
    shutil.copy(tmp_path / "mark", tmp_path / "older mark")
    grown(log, 5)
    restore(sqlite_engine, tmp_path / "backup")
    clock = Clock()
    clock.move(3600)
    grown(log_on(sqlite_engine, tmp_path / "older mark", clock), 8)

    with pytest.raises(Unsafe):
        log.check_start()


def test_a_missing_mark_is_refused(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 3)
    (tmp_path / "mark").unlink()

    with pytest.raises(Unsafe):
        log.check_start()


def test_a_first_mark_that_is_about_to_be_raised_is_waited_for(engine: Engine, tmp_path: Path) -> None:
    class Late(FileHighWater):
        """A mark that another process raises a moment after its first commit."""

        asked = 0

        def read(self) -> Note | None:
            self.asked += 1
            return None if self.asked == 1 else super().read()

    grown(log_on(engine, tmp_path / "mark"), 3)
    late = Late(tmp_path / "mark")

    log_on(engine, late).check_start()

    assert late.asked > 1


def test_a_mark_without_a_log_is_refused(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    log.high_water.raise_to(signed(Checkpoint(ORIGIN, 3, bytes(32)).text(), SIGNER))

    with pytest.raises(Unsafe):
        log.check_start()


def test_a_mark_that_we_did_not_sign_is_refused(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    note = grown(log, 3)
    (tmp_path / "mark").unlink()
    stranger = Ed25519Signer(ORIGIN, sha256(b"another key").digest())
    log.high_water.raise_to(signed(note.text, stranger))

    with pytest.raises(Unsafe):
        log.check_start()


BREAKAGES = [
    "UPDATE ledger_head SET note = frontier",
    "UPDATE ledger_head SET frontier = note",
    "UPDATE ledger_head SET size = 299",
    "UPDATE ledger_head SET size = 301",
    "DELETE FROM ledger_head",
    'DELETE FROM ledger_entry WHERE "index" = 299',
    'DELETE FROM ledger_entry WHERE "index" = 280',
    'INSERT INTO ledger_entry SELECT 300, bytes, leaf FROM ledger_entry WHERE "index" = 299',
    'UPDATE ledger_entry SET bytes = leaf WHERE "index" = 256',
    'UPDATE ledger_entry SET leaf = (SELECT root FROM ledger_tile) WHERE "index" = 299',
    'UPDATE ledger_tile SET root = (SELECT leaf FROM ledger_entry WHERE "index" = 0)',
    "UPDATE ledger_published SET size = 2",
    "UPDATE ledger_published SET note = (SELECT frontier FROM ledger_head)",
]


@pytest.mark.parametrize("statement", BREAKAGES)
def test_a_broken_head_is_refused_at_start(engine: Engine, tmp_path: Path, statement: str) -> None:
    log = log_on(engine, tmp_path / "mark")
    grown(log, 300)
    log.publish()
    tamper(engine, statement)

    with pytest.raises(Unsafe):
        log.check_start()


def test_check_extends_believes_only_our_own_notes(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    old = grown(log, 3)
    grown(log, 5)

    log.check_extends(old)

    stranger = Ed25519Signer(ORIGIN, sha256(b"another key").digest())
    for note in (
        signed(old.text, stranger),
        signed(Checkpoint(ORIGIN, 3, bytes(32)).text(), SIGNER),
        signed(Checkpoint(ORIGIN, 9, bytes(32)).text(), SIGNER),
    ):
        with pytest.raises(NotProven):
            log.check_extends(note)


def test_a_log_of_another_name_refuses_the_file(engine: Engine, tmp_path: Path) -> None:
    grown(log_on(engine, tmp_path / "mark"), 3)
    other = Log(
        engine,
        "another.example/log",
        Ed25519Signer("another.example/log", sha256(b"log key").digest()),
        FileHighWater(tmp_path / "mark"),
        Clock(),
    )

    with pytest.raises(Unsafe):
        other.check_start()
