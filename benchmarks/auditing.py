"""Auditing: a whole log checked again, beside the least that anybody could do; proofs from a large log.

    hashes only      bytes, leaf, chain, tiles, root    beside   sqlite3 reading and SHA-256 alone
    with authors     and canonical form, signatures     beside   verification of those signatures alone
    10^5 … 10^7      what an entry costs, and all the memory of all processes
    at 10^7          opening, one proof made, one proof verified

The logs are made once for all rounds, in the benchmarks' folder; 10^7 entries need 7 GB. With the variable
BENCH_QUICK set all of them are a hundred times smaller, for trying.
"""

import atexit
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from binascii import a2b_base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Self

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks.filling import (
    AUTHOR,
    COSIGNER,
    KEYS,
    ORIGIN,
    SIGNER,
    Filled,
    fill,
    plain_record,
    signed_record,
)
from benchmarks.harness import Case, Comparison, Done, Ratio, Run
from ledger.authorship import MayState, anything
from ledger.canonical import respelt
from ledger.checkpoint import Checkpoint
from ledger.crew import Crew, processors
from ledger.dsse import STATEMENT, pae
from ledger.fsck import fsck
from ledger.log import Log
from ledger.merkle import check_inclusion, leaf_hash
from ledger.note import verified
from ledger.proof import TlogProof

QUICK = 100 if os.environ.get("BENCH_QUICK") else 1
MEMORY_MB = 300
PROOFS = 2000
_AT_ONCE = 8192

Span = tuple[int, int]


def comparisons() -> Iterable[Comparison]:
    """Yield what is measured, the quick first."""
    yield _hashes(10**6 // QUICK)
    yield _authors(2 * 10**5 // QUICK)
    yield _growth([10**5 // QUICK, 10**6 // QUICK, 10**7 // QUICK])
    yield _large(10**7 // QUICK)


def _hashes(size: int) -> Comparison:
    many = processors()
    ours, bare = f"audit, hashes only, {many} processes", f"sqlite3 and SHA-256 alone, {many} processes"
    return Comparison(
        f"Audit of {size:,} entries of 512 bytes, hashes only",
        cases=[
            Case(ours, "entries/s", partial(_audited, size, None)),
            Case(bare, "entries/s", partial(_read_and_hashed, size)),
        ],
        ratios=[Ratio(ours, bare, goal=0.40)],
        note="Bytes, leaves, links, times, tiles, root and published notes, compared with what is stored.",
    )


def _authors(size: int) -> Comparison:
    many = processors()
    ours, bare = f"audit with authors, {many} processes", f"Ed25519 verification alone, {many} processes"
    return Comparison(
        f"Audit of {size:,} signed statements",
        cases=[
            Case(ours, "entries/s", partial(_audited, size, anything)),
            Case(bare, "signatures/s", partial(_verified, size)),
        ],
        ratios=[Ratio(ours, bare, goal=0.80)],
        note="As above, and each entry's canonical form and its author's signature, by the keys in the log.",
    )


def _growth(sizes: list[int]) -> Comparison:
    cases = [Case(f"{size:,} entries", "entries/s", partial(_audited, size, None)) for size in sizes]
    return Comparison(
        "Audit, hashes only, of logs that grow",
        cases=cases,
        ratios=[Ratio(cases[-1].name, cases[0].name)],
        goals=[(cases[-1].name, "memory_mb", "≤", MEMORY_MB)],
        note="Memory is the peak of the sum over all processes, the benchmark's own included.",
    )


def _large(size: int) -> Comparison:
    opening, made, verified = f"open {size:,} entries", "one proof made", "one proof verified"
    return Comparison(
        f"A log of {size:,} entries",
        cases=[
            Case(opening, "openings/s", partial(_opened, size)),
            Case(made, "proofs/s", partial(_proofs_made, size)),
            Case(verified, "proofs/s", partial(_proofs_verified, size)),
        ],
        goals=[
            (opening, "p50_ms", "≤", 1000.0),
            (opening, "bytes_per_entry", "≤", 1.35 * 512 + 200),
            (made, "p50_ms", "≤", 1.0),
            (verified, "p50_ms", "≤", 1.0),
        ],
        note="Opening checks the head: the last entries, the root from the edge, the high-water mark.",
    )


@cache
def _filled(size: int, *, with_authors: bool) -> Filled:
    """Return a log that is made once, and deleted when the program ends."""
    parent = Path(os.environ.get("BENCH_FOLDER", Path.cwd() / "build" / "bench"))
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return fill(folder, size, signed_record if with_authors else plain_record)


@contextmanager
def _audited(size: int, authors: MayState | None, _folder: Path) -> Iterator[Run]:
    filled = _filled(size, with_authors=authors is not None)
    engine = filled.engine()

    def run() -> Done:
        with Memory() as memory:
            found = fsck(
                engine,
                origin=ORIGIN,
                keys=KEYS,
                workers=processors(),
                form=authors is not None,
                authors=authors,
            )
        if not found.sound or found.size != size:
            raise AssertionError(found)
        return Done(size, facts={"memory_mb": memory.peak_megabytes})

    yield run
    engine.dispose()


@contextmanager
def _read_and_hashed(size: int, _folder: Path) -> Iterator[Run]:
    path = str(_filled(size, with_authors=False).path)

    def run() -> Done:
        with Crew(processors()) as processes:
            return Done(sum(processes.map(hash_span, path, _spans(size))))

    yield run


@contextmanager
def _verified(size: int, _folder: Path) -> Iterator[Run]:
    path = str(_filled(size, with_authors=True).path)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            'SELECT bytes FROM ledger_entry WHERE "index" BETWEEN 2 AND 1001'
        ).fetchall()
    signed = [_signed(orjson.loads(spelt)["record"]) for (spelt,) in rows]

    def run() -> Done:
        with Crew(processors()) as processes:
            return Done(sum(processes.map(verify_all, signed, range(size // len(signed)))))

    yield run


def _signed(record: dict[str, dict[str, str]]) -> tuple[bytes, bytes]:
    return a2b_base64(record["sigs"][0]["sig"]), pae(STATEMENT, respelt(record["statement"]))  # type: ignore[index]  # a list


def _spans(size: int) -> Iterator[Span]:
    for start in range(0, size, 65_536):
        yield start, min(start + 65_536, size)


def hash_span(path: str, span: Span) -> int:
    """Read and hash the entries of *span*: the least that an audit could do."""
    query = 'SELECT bytes FROM ledger_entry WHERE "index" >= ? AND "index" < ?'
    with closing(sqlite3.connect(path)) as connection:
        cursor, count = connection.execute(query, span), 0
        while rows := cursor.fetchmany(_AT_ONCE):
            for (spelt,) in rows:
                sha256(spelt).digest()
            count += len(rows)
        return count


def verify_all(signed: list[tuple[bytes, bytes]], _: int) -> int:
    """Verify signatures and do nothing else."""
    key = Ed25519PublicKey.from_public_bytes(AUTHOR.public)
    for signature, message in signed:
        key.verify(signature, message)
    return len(signed)


def _log(filled: Filled) -> Callable[[], Log]:
    engine = filled.engine()
    atexit.register(engine.dispose)
    return lambda: Log(
        engine,
        ORIGIN,
        SIGNER,
        filled.high_water(),
        lambda: datetime.now(UTC),
        publish_signers=(COSIGNER,),
    )


@contextmanager
def _opened(size: int, _folder: Path) -> Iterator[Run]:
    filled = _filled(size, with_authors=False)
    opened = _log(filled)
    per_entry = sum(each.stat().st_size for each in filled.path.parent.glob("ledger.sqlite*")) / size

    def run() -> Done:
        start = time.perf_counter()
        opened().check_start()
        seconds = time.perf_counter() - start
        return Done(1, [seconds], {"bytes_per_entry": per_entry})

    yield run


@contextmanager
def _proofs_made(size: int, _folder: Path) -> Iterator[Run]:
    log = _log(_filled(size, with_authors=False))()
    note, places = log.publish(), _places(size)

    def run() -> Done:
        return Done(PROOFS, [_timed(partial(log.proof_under, index, note)) for index in places])

    yield run


@contextmanager
def _proofs_verified(size: int, _folder: Path) -> Iterator[Run]:
    log = _log(_filled(size, with_authors=False))()
    note = log.publish()
    proofs = [(log.entry(index).spelt, log.proof_under(index, note)) for index in _places(size)]

    def run() -> Done:
        return Done(PROOFS, [_timed(partial(_verify, entry, proof)) for entry, proof in proofs])

    yield run


def _places(size: int) -> list[int]:
    random = Random(7)  # noqa: S311 -- places to look at
    return [random.randrange(size) for _ in range(PROOFS)]


def _verify(entry: bytes, proof: TlogProof) -> None:
    """Check the log's signatures, with both of its keys, and the way from the entry to the root."""
    if set(verified(proof.note, KEYS)) != set(KEYS):
        raise AssertionError("not signed")
    checkpoint = Checkpoint.parse(proof.note.text)
    check_inclusion(
        proof.path,
        size=checkpoint.size,
        root=checkpoint.root,
        index=proof.index,
        leaf=leaf_hash(entry),
    )


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@dataclass
class Memory:
    """The peak of what this process and its children hold together, looked at twenty times a second."""

    peak_megabytes: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            held = sum(_resident_kilobytes(each) for each in (os.getpid(), *_children()))
            self.peak_megabytes = max(self.peak_megabytes, held / 1024)


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(each) for task in tasks for each in task.read_text().split()]


def _resident_kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
