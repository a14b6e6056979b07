"""The one hand that writes: it takes everybody's work, seals it together, and answers when it cannot be lost.

    submit ─┐                ┌ savepoint: work 1 ┐
    submit ─┼─ queue ─ BEGIN ┼ savepoint: work 2 ┼ seal once ─ COMMIT ─ raise the mark ─ answer all
    submit ─┘                └ savepoint: work 3 ┘

Whatever was submitted while the last commit was in flight shares the next one. A piece of work that raises is
undone alone; a commit that fails is undone for all.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from ledger.checkpoint import Checkpoint
from ledger.errors import Busy, LedgerError, NotProven, Unsafe
from ledger.log import Log
from ledger.note import Note
from ledger.proof import TlogProof
from ledger.session import Session, Tip
from ledger.store import appending

T = TypeVar("T")

# How much work may wait, and how much of it shares one transaction at most.
LONGEST_QUEUE = 1024
LARGEST_GROUP = 256


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """The answer to a piece of work: what it returned, the entries it appended, the note that seals them."""

    value: T
    indices: range
    note: Note
    log: Log

    def proof(self, index: int) -> TlogProof:
        """Return the proof of one of the entries under the sealed note."""
        return self.log.proof_under(index, self.note)

    def checkpoint(self) -> Checkpoint:
        """Return what the sealed note says."""
        return Checkpoint.parse(self.note.text)


@dataclass(slots=True)
class _Job:
    """A piece of work, where its answer goes, and what came of it so far."""

    work: Callable[[Session], Any]
    future: "Future[Receipt[Any]]"
    value: Any = None
    indices: range = range(0)
    error: BaseException | None = None


class Writer:
    """One thread that runs callers' work on a log. Other processes may have writers of their own."""

    def __init__(self, log: Log, *, longest_queue: int = LONGEST_QUEUE) -> None:
        log.check_start()
        self._log = log
        self._queue: queue.Queue[_Job | None] = queue.Queue(longest_queue)
        self._closing = threading.Lock()
        self._closed = False
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
        job = _Job(work, Future())
        with self._closing:
            if self._closed:
                raise Busy("the writer is closed")
            try:
                self._queue.put_nowait(job)
            except queue.Full:
                raise Busy(
                    "too much is waiting to be written", facts={"waiting": self._queue.maxsize}
                ) from None
        return job.future

    def close(self) -> None:
        """Take no more work, finish what was taken, and return when all of it is answered."""
        with self._closing:
            first, self._closed = not self._closed, True
        if first:
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            wanted = [job for job in group if job.future.set_running_or_notify_cancel()]
            if wanted:
                self._answer(wanted)

    def _next_group(self) -> tuple[list[_Job], bool]:
        """Wait for work, then take what waits with it; say whether it is the last."""
        group: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            group.append(job)
            if len(group) == LARGEST_GROUP:
                return group, False
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _answer(self, group: list[_Job]) -> None:
        try:
            note = self._commit(group)
        except BaseException as error:
            # Whoever waits must be told, whatever it was. Nothing of the group stands, and even a refusal may
            # have rested on what another of the group did.
            for job in group:
                job.future.set_exception(error)
            return
        for job in group:
            if job.error is not None or note is None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(Receipt(job.value, job.indices, note, self._log))

    def _commit(self, group: list[_Job]) -> Note | None:
        """Run the group in one transaction; return the note that seals it, None if there is no entry yet."""
        # 1. Wait for our turn, and read where the log ends: another process may have moved it on.
        with appending(self._log.engine) as connection:
            tip = self._log.tip(connection)
            # 2. Each piece of work, in a savepoint of its own. A crash here undoes all of it.
            for job in group:
                tip = self._attempt(connection, tip, job)
            # 3. One signature over everything that stands. It leaves this house only in step 5.
            note = self._log.seal(connection, tip) if tip.grown else tip.note
        # 4. The transaction has ended: entries, rows and head are durable together. A crash here leaves the
        #    mark one step behind, which is safe, and it catches up at the next start.
        if note is not None:
            self._raise_mark(group, note)
        # 5. Only now is anybody told.
        return note

    def _attempt(self, connection: Connection, tip: Tip, job: _Job) -> Tip:
        """Run one piece of work; return the tip after it, or the tip of before if it raises."""
        session = Session(connection, tip, self._log.clock())
        savepoint = connection.begin_nested()
        try:
            job.value = job.work(session)
            if session.size == 0:
                raise NotProven("the log has no entry yet")
            savepoint.commit()
        except BaseException as error:
            savepoint.rollback()
            job.error = error
            return tip
        finally:
            session.close()
        job.indices = range(tip.size, session.size)
        return session.tip

    def _raise_mark(self, group: list[_Job], note: Note) -> None:
        try:
            self._log.high_water.raise_to(note)
        except (OSError, LedgerError) as error:
            unmarked = Unsafe("sealed and stored, but the high-water mark could not be raised")
            unmarked.__cause__ = error
            for job in group:
                job.error = job.error or unmarked
