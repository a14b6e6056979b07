"""A log of more than 65,536 entries: tiles of two levels, many stretches, several processes."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.filling import KEYS, ORIGIN, Filled, fill, plain_record, signed_record
from ledger.authorship import anything
from ledger.checkpoint import Checkpoint
from ledger.fsck import Finding, Findings, fsck
from ledger.merkle import root_of

SIZE = 66_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return fill(tmp_path_factory.mktemp("large"), SIZE, plain_record)


@pytest.fixture(scope="module")
def authored(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return fill(tmp_path_factory.mktemp("authored"), 1000, signed_record)


@contextmanager
def opened(filled: Filled) -> Iterator[Engine]:
    engine = filled.engine()
    try:
        yield engine
    finally:
        engine.dispose()


def changed(filled: Filled, folder: Path, *statements: str) -> Filled:
    """Return a copy in which *statements* were executed, without the guards and past them."""
    copy = Filled(Path(shutil.copy(filled.path, folder)), filled.size, 0)
    with closing(sqlite3.connect(copy.path)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *(sql for _, sql in guards)):
            connection.execute(statement)
        connection.commit()
    return copy


def leaves(filled: Filled, size: int) -> list[bytes]:
    with closing(sqlite3.connect(filled.path)) as connection:
        query = 'SELECT leaf FROM ledger_entry WHERE "index" < ? ORDER BY "index"'
        return [leaf for (leaf,) in connection.execute(query, (size,))]


def kept(filled: Filled, size: int) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root_of(leaves(filled, size)))


def both(filled: Filled, since: Checkpoint | None = None, *, incremental: bool = False) -> Findings:
    """Return what one process finds, which is what two find."""
    with opened(filled) as engine:
        alone, shared = (
            fsck(
                engine,
                origin=ORIGIN,
                keys=KEYS,
                since=since,
                workers=workers,
                form=False,
                incremental=incremental,
            )
            for workers in (1, 2)
        )
    assert shared == alone
    return alone


def test_a_large_log_is_sound(large: Filled) -> None:
    findings = both(large)

    assert findings == Findings(SIZE, root_of(leaves(large, SIZE)), ())


@pytest.mark.parametrize("size", [1, 255, 257, 32_767, 65_535, 65_536, 65_537, 65_999, 66_000])
def test_the_tree_passes_through_a_kept_checkpoint_of_any_size(large: Filled, size: int) -> None:
    mark = kept(large, size)

    with opened(large) as engine:
        right, wrong = (
            fsck(engine, origin=ORIGIN, keys=KEYS, since=since, form=False)
            for since in (mark, Checkpoint(ORIGIN, size, bytes(32)))
        )

    assert right.sound
    assert [(each.what, each.where) for each in wrong.found] == [("not-an-extension", "since")]


LEAF = '(SELECT leaf FROM ledger_entry WHERE "index" = 7)'
CHANGES: dict[str, list[tuple[str, str]]] = {
    f"UPDATE ledger_tile SET root = {LEAF} WHERE level = 1": [
        ("tile-altered", "ledger_tile level=1 index=0")
    ],
    "UPDATE ledger_tile SET hashes = (SELECT hashes FROM ledger_tile WHERE level = 0) WHERE level = 1": [
        ("tile-altered", "ledger_tile level=1 index=0")
    ],
    "DELETE FROM ledger_tile WHERE level = 1": [("tile-missing", "ledger_tile level=1 index=0")],
    'DELETE FROM ledger_tile WHERE "index" = 200': [("tile-missing", "ledger_tile level=0 index=200")],
    "INSERT INTO ledger_tile SELECT 2, 0, root, hashes FROM ledger_tile WHERE level = 1": [
        ("tile-unexpected", "ledger_tile")
    ],
    'DELETE FROM ledger_entry WHERE "index" = 40000': [("entries-missing", "ledger_entry index=40000")],
    'UPDATE ledger_entry SET leaf = zeroblob(32) WHERE "index" = 65536': [
        ("leaf-altered", "ledger_entry index=65536")
    ],
    "UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'xx', 'xy') AS BLOB)"
    ' WHERE "index" IN (255, 256, 4096)': [
        ("entry-altered", "ledger_entry index=255"),
        ("entry-altered", "ledger_entry index=256"),
        ("entry-altered", "ledger_entry index=4096"),
    ],
}


@pytest.mark.parametrize("statement", CHANGES)
def test_each_change_of_a_large_log_is_named_by_any_number_of_processes(
    large: Filled, tmp_path: Path, statement: str
) -> None:
    findings = both(changed(large, tmp_path, statement))

    assert [(each.what, each.where) for each in findings.found] == CHANGES[statement]


def test_below_a_kept_checkpoint_an_incremental_inspection_reads_no_entries(
    large: Filled, tmp_path: Path
) -> None:
    mark = kept(large, 60_000)
    below = changed(large, tmp_path, 'UPDATE ledger_entry SET bytes = zeroblob(9) WHERE "index" = 100')

    findings = both(below, mark, incremental=True)

    # 59,904 is the end of the last full tile below 60,000.
    assert (findings.found, findings.size, findings.vouched) == ((), SIZE, 59_904)
    assert [each.index for each in both(below, mark).found] == [100]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ('UPDATE ledger_entry SET bytes = zeroblob(9) WHERE "index" = 59904', "entry-altered"),
        (f'UPDATE ledger_tile SET root = {LEAF} WHERE level = 0 AND "index" = 3', "tile-altered"),
    ],
)
def test_an_incremental_inspection_reads_all_tiles_and_what_came_later(
    large: Filled, tmp_path: Path, statement: str, what: str
) -> None:
    mark = kept(large, 60_000)

    findings = both(changed(large, tmp_path, statement), mark, incremental=True)

    assert [each.what for each in findings.found] == [what]


def test_a_tree_that_the_reader_did_not_keep_is_no_ground_for_an_incremental_inspection(
    large: Filled,
) -> None:
    findings = both(large, Checkpoint(ORIGIN, 60_000, bytes(32)), incremental=True)

    assert [each.what for each in findings.found] == ["not-an-extension"]


@pytest.mark.parametrize("workers", [1, 2])
def test_authors_are_checked_by_the_keys_in_the_log(authored: Filled, workers: int) -> None:
    with opened(authored) as engine:
        findings = fsck(engine, origin=ORIGIN, keys=KEYS, workers=workers, authors=anything)

    assert (findings.size, findings.found, findings.examined) == (1000, (), ())


@pytest.mark.parametrize("workers", [1, 2])
def test_a_statement_that_its_author_has_not_signed_is_named(tmp_path: Path, workers: int) -> None:
    def forged(index: int) -> bytes:
        return signed_record(index).replace(
            b'"amount":"50"', b'"amount":"51"' if index == 600 else b'"amount":"50"'
        )

    with opened(fill(tmp_path, 1000, forged)) as engine:
        findings = fsck(engine, origin=ORIGIN, keys=KEYS, workers=workers, authors=anything)

    assert findings.found == ()
    assert [(each.what, each.index) for each in findings.examined] == [("signature-wrong", 600)]
    assert isinstance(findings.examined[0], Finding)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "record",
    [b'{"kind":"trial","links":{},"number": 1}', b'{"number":1,"kind":"trial"}', b'{"a":1.5}', b"{}}"],
)
def test_a_record_in_another_spelling_is_found_however_well_it_is_sealed(
    tmp_path: Path, record: bytes, workers: int
) -> None:
    with opened(fill(tmp_path, 600, lambda index: record if index == 300 else plain_record(index))) as engine:
        findings = fsck(engine, origin=ORIGIN, keys=KEYS, workers=workers)

    assert [(each.what, each.index) for each in findings.found] == [("entry-altered", 300)]
