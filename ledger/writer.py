"""The one hand that writes: it takes everybody's work, seals it together, and answers when it cannot be lost.

    submit ──────┐                ┌ savepoint: work 1 ┐
    append ──────┼─ line ─ BEGIN ─┤ records, records  ├─ seal once ─ COMMIT ─ raise the mark ─ answer all
    append_many ─┘                └ savepoint: work 2 ┘

Whatever came while the last commit was in flight shares the next one, in the order in which it came. A piece
of work that raises is undone alone; a commit that fails is undone for all. Records that need no work were
checked by whoever brought them: nothing can be refused there, so they need no savepoint, and those behind one
another are written together.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from ledger import driver
from ledger.checkpoint import Checkpoint
from ledger.entry import Ready
from ledger.errors import LedgerError, Malformed, NotProven, Unsafe
from ledger.log import Log
from ledger.merkle import Hash
from ledger.note import Note
from ledger.proof import TlogProof
from ledger.session import Session, Tip, grow
from ledger.store import appending
from ledger.waiting import LONGEST_QUEUE, MOST_BYTES_WAITING, Line

T = TypeVar("T")

# What an entry adds to its record, and the database to an entry, generously.
_OVERHEAD_BYTES = 256


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """The answer to a piece of work: what it returned, the entries it appended, the note that seals them.

    For records the value is their places. *leaves* are the hashes of the entries in the tree.
    """

    value: T
    indices: range
    note: Note
    log: Log
    leaves: tuple[Hash, ...] = ()

    def proof(self, index: int) -> TlogProof:
        """Return the proof of one of the entries under the sealed note."""
        return self.log.proof_under(index, self.note)

    def checkpoint(self) -> Checkpoint:
        """Return what the sealed note says."""
        return Checkpoint.parse(self.note.text)


class _Work:
    """A caller's work, where its answer goes, and what came of it so far."""

    __slots__ = ("error", "future", "indices", "leaves", "run", "size", "value")

    def __init__(self, run: Callable[[Session], Any]) -> None:
        self.run = run
        self.future: Future[Receipt[Any]] = Future()
        self.size = 0
        self.value: Any = None
        self.indices = range(0)
        self.leaves: tuple[Hash, ...] = ()
        self.error: BaseException | None = None

    def is_wanted(self) -> bool:
        """Whether nobody has cancelled it; from now on nobody can."""
        return self.future.set_running_or_notify_cancel()

    def answer(self, receipt: Receipt[Any]) -> None:
        """Give the receipt to whoever waits."""
        self.future.set_result(receipt)

    def fail(self, error: BaseException) -> None:
        """Raise *error* where somebody waits."""
        self.future.set_exception(error)


class _Records:
    """Records that are ready, and the thread that waits for their receipt.

    It waits at a lock that the writer opens: a Future costs more, and there are hundreds to a commit.
    """

    __slots__ = ("_opened", "_receipt", "error", "indices", "leaves", "records", "size", "value")

    def __init__(self, records: Sequence[Ready]) -> None:
        self.records = records
        self.size = sum(map(len, records)) + len(records) * _OVERHEAD_BYTES
        self.value = self.indices = range(0)
        self.leaves: tuple[Hash, ...] = ()
        self.error: BaseException | None = None
        self._receipt: Receipt[range] | None = None
        self._opened = threading.Lock()
        self._opened.acquire()

    def is_wanted(self) -> bool:
        """Whether somebody waits: always."""
        return True

    def answer(self, receipt: Receipt[range]) -> None:
        """Give the receipt to whoever waits."""
        self._receipt = receipt
        self._opened.release()

    def fail(self, error: BaseException) -> None:
        """Raise *error* where somebody waits."""
        self.error = error
        self._opened.release()

    def wait(self) -> Receipt[range]:
        """Return the receipt once it is there, or raise what went wrong."""
        self._opened.acquire()
        if self._receipt is None:
            raise self.error or NotProven("the writer gave no answer")
        return self._receipt


_Job = _Work | _Records


class Writer:
    """One thread that writes to a log for all others. Other processes may have writers of their own.

    A caller that finds nobody before it, and seems to be the only one, appends its records itself: to be
    woken by the thread, and to wake it, costs more than anything but the disk.
    """

    def __init__(self, log: Log, *, longest_queue: int = LONGEST_QUEUE) -> None:
        log.check_start()
        self._log = log
        self._line: Line[_Job] = Line(longest_queue)
        # Held by whoever writes: the thread, or a caller in its place.
        self._turn = threading.Lock()
        self._is_lonely = True
        # Where the log ended when this writer sealed it last, durable; another process may have moved it on.
        self._known: Tip | None = None
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, work: Callable[[Session], T]) -> "Future[Receipt[T]]":
        """Let *work* run in the writer's transaction; its receipt comes once it is sealed and durable.

        The work touches nothing but its session, and its session only while it runs. What it raises, the
        future raises. Raises `Busy` if too much is waiting already, or the writer is closed.
        """
        job = _Work(work)
        self._line.put(job)
        return job.future

    def append(self, record: bytes) -> Receipt[range]:
        """Append one record, as `entry.ready` spelt it, and return once it is sealed and durable.

        Other bytes are read and checked: `Malformed`. Raises `Busy` as `submit` does.
        """
        return self.append_many((record,))

    def append_many(self, records: Sequence[bytes]) -> Receipt[range]:
        """Append *records* behind one another, all of them or none; otherwise as `append`."""
        job = _Records([one if type(one) is Ready else Ready.parse(one) for one in records])
        if not records or job.size > MOST_BYTES_WAITING:
            raise Malformed("so many records cannot be appended at once", facts={"records": len(records)})
        if not (self._is_lonely and self._wrote_at_once(job)):
            self._line.put(job)
        return job.wait()

    def _wrote_at_once(self, job: _Records) -> bool:
        """Write *job* here and now, unless somebody writes or waits; return whether that was done."""
        if not self._turn.acquire(blocking=False):
            return False
        try:
            # What the same caller submitted before must stand before it.
            if not self._line.is_idle():
                return False
            self._answer([job])
            return True
        finally:
            self._turn.release()

    def close(self) -> None:
        """Take no more work, finish what was taken, and return when all of it is answered."""
        self._line.close()
        self._thread.join()
        # A caller may be writing in the thread's place.
        with self._turn:
            return

    @property
    def is_running(self) -> bool:
        """Whether its thread lives, so that what is submitted will be answered."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while group := self._line.next_group():
            start = time.monotonic()
            if wanted := [job for job in group if job.is_wanted()]:
                with self._turn:
                    self._answer(wanted)
            self._is_lonely = len(group) == 1
            self._line.took(time.monotonic() - start)
            # Those just answered may come again at once. Let them in before the next group is taken, or the
            # callers part into two halves that wait for each other's commits.
            time.sleep(0)

    def _answer(self, group: list[_Job]) -> None:
        try:
            note = self._commit(group)
        except BaseException as error:
            # Whoever waits must be told, whatever it was. Nothing of the group stands, and even a refusal may
            # have rested on what another of the group did.
            self._known = None
            for job in group:
                job.fail(error)
            return
        for job in group:
            if job.error is not None:
                job.fail(job.error)
            elif note is not None:
                job.answer(Receipt(job.value, job.indices, note, self._log, job.leaves))

    def _commit(self, group: list[_Job]) -> Note | None:
        """Run the group in one transaction; return the note that seals it, None if there is no entry yet."""
        # 1. Wait for our turn, and read where the log ends: another process may have moved it on.
        with appending(self._log.engine) as connection:
            tip = self._log.tip(connection, self._known)
            # 2. Each piece of work, in a savepoint of its own, and the records between them. A crash here
            #    undoes all of it.
            for run in _runs(group):
                tip = self._attempt(connection, tip, run)
            # 3. One signature over everything that stands. It leaves this house only in step 5.
            if tip.grown:
                tip = self._log.seal(connection, tip)
        # 4. The transaction has ended: entries, rows and head are durable together. A crash here leaves the
        #    mark one step behind, which is safe, and it catches up at the next start.
        self._known = tip
        if tip.note is not None:
            self._raise_mark(group, tip.note)
        # 5. Only now is anybody told.
        return tip.note

    def _attempt(self, connection: Connection, tip: Tip, run: "_Work | list[_Records]") -> Tip:
        if isinstance(run, list):
            return self._append(connection, tip, run)
        return self._attempt_work(connection, tip, run)

    def _append(self, connection: Connection, tip: Tip, jobs: list[_Records]) -> Tip:
        """Append the records of *jobs*; return the tip behind them."""
        records = [*chain.from_iterable(job.records for job in jobs)]
        grown, leaves = grow(connection, tip, records, self._log.clock())
        start = 0
        for job in jobs:
            end = start + len(job.records)
            job.value = job.indices = range(tip.size + start, tip.size + end)
            job.leaves = tuple(leaves[start:end])
            start = end
        return grown

    def _attempt_work(self, connection: Connection, tip: Tip, job: _Work) -> Tip:
        """Run one piece of work; return the tip after it, or the tip of before if it raises."""
        session = Session(connection, tip, self._log.clock())
        try:
            with driver.savepoint(connection):
                job.value = job.run(session)
                if session.size == 0:
                    raise NotProven("the log has no entry yet")
        except BaseException as error:
            job.error = error
            return tip
        finally:
            session.close()
        job.indices, job.leaves = range(tip.size, session.size), session.leaves
        return session.tip

    def _raise_mark(self, group: list[_Job], note: Note) -> None:
        try:
            self._log.high_water.raise_to(note)
        except (OSError, LedgerError) as error:
            unmarked = Unsafe("sealed and stored, but the high-water mark could not be raised")
            unmarked.__cause__ = error
            for job in group:
                job.error = job.error or unmarked


def _runs(group: list[_Job]) -> "Iterator[_Work | list[_Records]]":
    """Cut the group where the way of writing changes: each work alone, records with their neighbours."""
    for _, jobs in groupby(group, key=type):
        records: list[_Records] = []
        for job in jobs:
            if isinstance(job, _Records):
                records.append(job)
            else:
                yield job
        if records:
            yield records
