from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from ledger import store
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.entry import Entry
from ledger.fsck import Finding, Findings, fsck
from ledger.guards import guards
from ledger.log import Log
from ledger.merkle import Frontier, leaf_hash, root_of
from ledger.note import Ed25519Signer, signed, with_lines
from ledger.writer import Writer
from tests.logs import COSIGNER, ORIGIN, SIGNER, log_on, record

WITNESS = Ed25519Cosigner("witness.example/w1", sha256(b"witness key").digest())
KEYS = (SIGNER.key, COSIGNER.key, WITNESS.key)
SIZE = 300


def grown(log: Log, size: int) -> Checkpoint:
    with Writer(log) as writer:
        return (
            writer.submit(
                lambda session: log.append(session, [record(number) for number in range(session.size, size)])
            )
            .result()
            .checkpoint()
        )


@pytest.fixture
def log(engine: Engine, tmp_path: Path) -> Log:
    """A log of 300 entries, published at 100 with a witness's line, and at 300."""
    found = log_on(engine, tmp_path / "mark")
    grown(found, 100)
    found.add_cosignatures(100, [WITNESS.cosign(found.publish().text, 1000)])
    grown(found, SIZE)
    found.publish()
    return found


def inspect(log: Log, since: Checkpoint | None = None, workers: int = 1) -> Findings:
    return fsck(log.engine, origin=ORIGIN, keys=KEYS, since=since, workers=workers)


def told(findings: Findings) -> list[tuple[str, str]]:
    """What was found and where, but for the guards that the test itself dropped."""
    return [(one.what, one.where) for one in findings.found if one.what != "guard-missing"]


def unguarded(log: Log, change: Callable[[Connection], Any]) -> None:
    """Change the database as its owner can: drop the guards, change, put them back."""
    with store.writing(log.engine) as connection:
        for guard in guards(connection.dialect.name):
            table = f" ON {guard.table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {guard.name}{table}"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        change(connection)
    store.create(log.engine)


def put(index: int, spelt: bytes, leaf: bytes | None = None) -> Callable[[Connection], Any]:
    """Write *spelt* over an entry, and *leaf* over its leaf if it is given."""
    values: dict[str, Any] = {"bytes": spelt} if leaf is None else {"bytes": spelt, "leaf": leaf}
    return lambda connection: connection.execute(
        store.entries.update().where(store.entries.c.index == index).values(values)
    )


def altered(log: Log, index: int) -> bytes:
    """Return another entry that could stand at *index*."""
    entry = log.entry(index).entry
    return replace(entry, record={**entry.record, "number": 12345}).bytes()


def other_link(log: Log, index: int) -> bytes:
    return replace(log.entry(index).entry, prev=b"\1" * 32).bytes()


def test_an_untouched_log_is_sound(log: Log) -> None:
    steps: list[tuple[int, int]] = []

    findings = fsck(
        log.engine, origin=ORIGIN, keys=KEYS, progress=lambda done, total: steps.append((done, total))
    )

    assert findings == Findings(SIZE, log.head()[0].root, ())
    assert findings.sound
    assert steps == [(0, 300), (256, 300), (300, 300)]


@pytest.mark.parametrize("size", [0, 1, 2, 256, 257, 512])
def test_a_log_of_each_size_is_sound(sqlite_engine: Engine, tmp_path: Path, size: int) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    if size:
        grown(log, size)

    findings = fsck(sqlite_engine, origin=ORIGIN, keys=KEYS)

    assert (findings.size, findings.found) == (size, ())


PLACES = [0, 1, 100, 254, 255, 256, 257, 280, 298, 299]


@pytest.mark.parametrize("index", PLACES)
def test_an_edited_entry_is_named_and_no_other(log: Log, index: int) -> None:
    unguarded(log, put(index, altered(log, index)))

    findings = inspect(log)

    assert findings.found == (Finding("entry-altered", f"ledger_entry index={index}", index),)


@pytest.mark.parametrize("index", PLACES)
def test_bytes_that_are_no_entry_are_named_and_no_other(log: Log, index: int) -> None:
    unguarded(log, put(index, b"{}"))

    findings = inspect(log)

    assert told(findings) == [("entry-altered", f"ledger_entry index={index}")]


@pytest.mark.parametrize("index", PLACES)
def test_an_edited_link_is_named_and_no_other(log: Log, index: int) -> None:
    if index == 0:
        pytest.skip("the first entry has no link")
    unguarded(log, put(index, other_link(log, index)))

    findings = inspect(log)

    assert told(findings) == [("entry-altered", f"ledger_entry index={index}")]


@pytest.mark.parametrize("index", PLACES)
def test_an_entry_edited_with_its_leaf_is_named(log: Log, index: int) -> None:
    spelt = altered(log, index)
    unguarded(log, put(index, spelt, leaf_hash(spelt)))

    findings = inspect(log)

    # Nothing but the signed root speaks for the last entry; it vouches for the last four together.
    last = [("entries-altered", "ledger_entry index=296"), ("not-an-extension", "ledger_published size=300")]
    assert told(findings) == (last if index == 299 else [("entry-altered", f"ledger_entry index={index}")])


@pytest.mark.parametrize("index", PLACES[1:-1])
def test_a_link_edited_with_its_leaf_is_named(log: Log, index: int) -> None:
    spelt = other_link(log, index)
    unguarded(log, put(index, spelt, leaf_hash(spelt)))

    findings = inspect(log)

    assert told(findings) == [("entry-altered", f"ledger_entry index={index}")]


def test_the_last_link_edited_with_its_leaf_is_found(log: Log) -> None:
    spelt = other_link(log, 299)
    unguarded(log, put(299, spelt, leaf_hash(spelt)))

    findings = inspect(log)

    assert [what for what, _ in told(findings)] == ["chain-broken", "entries-altered", "not-an-extension"]


@pytest.mark.parametrize("index", PLACES)
def test_an_edited_leaf_is_named_and_no_other(log: Log, index: int) -> None:
    unguarded(log, put(index, log.entry(index).spelt, b"\1" * 32))

    findings = inspect(log)

    assert told(findings) == [("leaf-altered", f"ledger_entry index={index}")]


def test_two_entries_that_changed_places_are_named(log: Log) -> None:
    first, second = log.entry(10).spelt, log.entry(20).spelt

    def swap(connection: Connection) -> None:
        put(10, second, leaf_hash(second))(connection)
        put(20, first, leaf_hash(first))(connection)

    unguarded(log, swap)

    alone, shared = inspect(log), inspect(log, workers=2)

    assert told(alone) == [
        ("entry-altered", "ledger_entry index=10"),
        ("entry-altered", "ledger_entry index=20"),
    ]
    assert shared == alone


def execute(*statements: str) -> Callable[[Connection], Any]:
    return lambda connection: [connection.execute(text(statement)) for statement in statements]


LEAF = '(SELECT leaf FROM ledger_entry WHERE "index" = 7)'
CHANGES: dict[str, list[tuple[str, str]]] = {
    'DELETE FROM ledger_entry WHERE "index" = 0': [("entries-missing", "ledger_entry index=0")],
    'DELETE FROM ledger_entry WHERE "index" = 17': [("entries-missing", "ledger_entry index=17")],
    'DELETE FROM ledger_entry WHERE "index" BETWEEN 20 AND 30': [
        ("entries-missing", "ledger_entry index=20")
    ],
    'DELETE FROM ledger_entry WHERE "index" >= 299': [("entries-missing", "ledger_entry index=299")],
    'DELETE FROM ledger_entry WHERE "index" >= 297': [("entries-missing", "ledger_entry index=297")],
    'UPDATE ledger_entry SET "index" = 1000 WHERE "index" = 17': [
        ("entries-missing", "ledger_entry index=17"),
        ("entries-unsealed", "ledger_entry index=300"),
    ],
    'UPDATE ledger_entry SET "index" = -1 WHERE "index" = 17': [
        ("entries-missing", "ledger_entry index=17"),
        ("entries-unsealed", "ledger_entry"),
    ],
    'INSERT INTO ledger_entry SELECT 300, bytes, leaf FROM ledger_entry WHERE "index" = 299': [
        ("entries-unsealed", "ledger_entry index=300")
    ],
    f"UPDATE ledger_tile SET root = {LEAF}": [("tile-altered", "ledger_tile level=0 index=0")],
    "DELETE FROM ledger_tile": [("tile-missing", "ledger_tile level=0 index=0")],
    'UPDATE ledger_tile SET "index" = 1': [("tile-missing", "ledger_tile level=0 index=0")],
    "UPDATE ledger_tile SET level = 1": [("tile-missing", "ledger_tile level=0 index=0")],
    "INSERT INTO ledger_tile SELECT 1, 0, root, hashes FROM ledger_tile": [
        ("tile-unexpected", "ledger_tile")
    ],
    "DELETE FROM ledger_head": [("head-missing", "ledger_head")],
    "UPDATE ledger_head SET size = 299": [("head-altered", "ledger_head")],
    "UPDATE ledger_head SET size = 301": [("head-altered", "ledger_head")],
    "UPDATE ledger_head SET frontier = note": [("head-altered", "ledger_head")],
    "UPDATE ledger_head SET note = frontier": [("head-altered", "ledger_head")],
    "UPDATE ledger_published SET size = 99 WHERE size = 100": [
        ("published-altered", "ledger_published size=99")
    ],
    "UPDATE ledger_published SET note = (SELECT note FROM ledger_head) WHERE size = 100": [
        ("published-altered", "ledger_published size=100")
    ],
    "UPDATE ledger_cosignature SET name = 'w2'": [
        ("cosignature-altered", "ledger_cosignature size=100 name=w2")
    ],
    "UPDATE ledger_cosignature SET line = 'hello'": [
        (
            "cosignature-altered",
            f"ledger_cosignature size=100 name={WITNESS.key.name}+{WITNESS.key.key_id.hex()}",
        )
    ],
}


@pytest.mark.parametrize("statement", CHANGES)
def test_each_change_is_found_and_named(log: Log, statement: str) -> None:
    keys_off = "PRAGMA foreign_keys = OFF" if log.engine.dialect.name == "sqlite" else "SELECT 1"
    if "published SET size" in statement and log.engine.dialect.name == "sqlite":
        unguarded(log, execute("DELETE FROM ledger_cosignature"))
    unguarded(log, execute(keys_off, statement))

    findings = inspect(log)

    assert told(findings) == CHANGES[statement]
    if log.engine.dialect.name == "sqlite":
        assert inspect(log, workers=2) == findings


@pytest.mark.parametrize("place", [0, 7, 255])
def test_an_edited_tile_is_named(log: Log, place: int) -> None:
    hashes = bytearray(b"".join(stored.entry.leaf for stored in log.entries(0, 256)))
    hashes[place * 32] ^= 1
    unguarded(log, lambda connection: connection.execute(store.tiles.update().values(hashes=bytes(hashes))))

    findings = inspect(log)

    assert told(findings) == [("tile-altered", "ledger_tile level=0 index=0")]


def test_a_note_of_another_key_is_named(log: Log) -> None:
    stranger = Ed25519Signer(ORIGIN, sha256(b"another key").digest())
    note = signed(log.head()[1].text, stranger)
    unguarded(log, lambda connection: connection.execute(store.head.update().values(note=note.bytes())))

    findings = inspect(log)

    assert told(findings) == [("head-altered", "ledger_head")]


def test_a_cosignature_that_does_not_hold_is_named(log: Log) -> None:
    lie = replace(WITNESS.cosign(Checkpoint(ORIGIN, 100, bytes(32)).text(), 1000))
    log.add_cosignatures(100, [lie])

    findings = inspect(log)

    assert [what for what, _ in told(findings)] == ["cosignature-altered"]


@pytest.mark.parametrize("index", [0, 255, 256, 299])
def test_two_processes_find_what_one_finds(log: Log, index: int) -> None:
    spelt = altered(log, index)
    unguarded(log, put(index, spelt, leaf_hash(spelt)))

    alone, shared = inspect(log), inspect(log, workers=2)

    assert shared == alone
    assert not shared.sound


def test_bytes_of_another_kind_are_found_though_they_say_the_same(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    grown(log, 3)
    unguarded(log, execute('UPDATE ledger_entry SET bytes = CAST(bytes AS TEXT) WHERE "index" = 1'))

    findings = inspect(log)

    assert told(findings) == [("entry-altered", "ledger_entry index=1")]


def test_text_that_is_no_text_does_not_end_the_inspection(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    grown(log, 3)
    unguarded(log, execute("UPDATE ledger_head SET note = CAST(X'fffe' AS TEXT)"))

    findings = inspect(log)

    assert told(findings) == [("head-altered", "ledger_head")]


def test_an_index_beyond_all_bounds_does_not_keep_the_inspection_busy_for_ever(log: Log) -> None:
    unguarded(
        log,
        execute(
            "DELETE FROM ledger_head",
            'UPDATE ledger_entry SET "index" = 4611686018427387904 WHERE "index" = 299',
        ),
    )

    findings = inspect(log)

    assert told(findings)[:2] == [
        ("entries-missing", "ledger_entry index=299"),
        ("entries-unsealed", "ledger_entry index=300"),
    ]


def test_a_missing_guard_is_named(log: Log) -> None:
    on_table = " ON ledger_entry" if log.engine.dialect.name == "postgresql" else ""
    with store.writing(log.engine) as connection:
        connection.execute(text(f"DROP TRIGGER ledger_entry_update{on_table}"))

    findings = inspect(log, workers=2)

    assert findings.found == (Finding("guard-missing", "trigger ledger_entry_update"),)


def rewritten(log: Log, index: int, *, publish: bool) -> None:
    """Rewrite the fact at *index* and everything after it, and sign it with the log's own keys."""
    kept = [stored.entry for stored in log.entries(0, SIZE)]
    forged: list[Entry] = []
    for entry in kept:
        number = 12345 if entry.index == index else entry.record["number"]
        prev = forged[-1].leaf if forged else entry.prev
        forged.append(replace(entry, prev=prev, record={**entry.record, "number": number}))
    leaves = [entry.leaf for entry in forged]
    frontier = Frontier.empty()
    for leaf in leaves:
        frontier = frontier.appended(leaf)
    note = signed(Checkpoint(ORIGIN, SIZE, frontier.root()).text(), SIGNER)

    def rewrite(connection: Connection) -> None:
        for entry in forged:
            put(entry.index, entry.bytes(), entry.leaf)(connection)
        root = root_of(leaves[:256])
        connection.execute(store.tiles.update().values(hashes=b"".join(leaves[:256]), root=root))
        connection.execute(store.head.update().values(note=note.bytes(), frontier=frontier.to_bytes()))
        if publish:
            connection.execute(text("DELETE FROM ledger_cosignature"))
            connection.execute(text("DELETE FROM ledger_published"))
            both = with_lines(note, *signed(note.text, COSIGNER).signatures)
            connection.execute(store.published.insert(), {"size": SIZE, "note": both.bytes()})

    unguarded(log, rewrite)


def test_a_history_rewritten_with_the_logs_own_key_is_found_only_by_a_kept_checkpoint(log: Log) -> None:
    kept = Checkpoint.parse(log.publish().text)
    rewritten(log, 40, publish=True)

    alone, since = inspect(log), inspect(log, since=kept)

    assert alone.sound
    assert told(since) == [("not-an-extension", "since")]


def test_a_history_rewritten_after_publishing_contradicts_what_was_published(log: Log) -> None:
    rewritten(log, 40, publish=False)

    findings = inspect(log)

    assert told(findings) == [
        ("not-an-extension", "ledger_published size=100"),
        ("not-an-extension", "ledger_published size=300"),
    ]


@pytest.mark.parametrize("size", [1, 99, 100, 256, 299, 300])
def test_a_kept_checkpoint_of_each_size_is_passed_through(log: Log, size: int) -> None:
    root = root_of(stored.entry.leaf for stored in log.entries(0, size))

    right = inspect(log, since=Checkpoint(ORIGIN, size, root))
    wrong = inspect(log, since=Checkpoint(ORIGIN, size, b"\1" * 32))
    other = inspect(log, since=Checkpoint("another.example/log", size, root))

    assert right.sound
    assert told(wrong) == told(other) == [("not-an-extension", "since")]


def test_a_log_shorter_than_the_kept_checkpoint_is_found(log: Log) -> None:
    findings = inspect(log, since=Checkpoint(ORIGIN, SIZE + 1, bytes(32)))

    assert told(findings) == [("not-an-extension", "since")]


def test_an_inspection_changes_nothing(log: Log) -> None:
    with store.snapshot(log.engine) as connection:
        before = [list(connection.execute(table.select())) for table in store.metadata.sorted_tables]

    inspect(log)

    with store.snapshot(log.engine) as connection:
        after = [list(connection.execute(table.select())) for table in store.metadata.sorted_tables]
    assert after == before
