import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from ledger import store
from ledger.checkpoint import Checkpoint
from ledger.errors import Busy, Conflict, NotProven, Unsafe
from ledger.fsck import fsck
from ledger.guards import guards
from ledger.highwater import FileHighWater
from ledger.log import Log
from ledger.merkle import check_consistency
from ledger.note import Note, verified
from ledger.session import Session
from ledger.writer import Receipt, Writer
from tests.logs import COSIGNER, ORIGIN, SIGNER, START, Clock, log_on, record


class FailingMark(FileHighWater):
    """A mark whose disk is full for as long as *failing* is set."""

    failing = False

    def raise_to(self, note: Note) -> None:
        if self.failing:
            raise OSError("no space left on device")
        super().raise_to(note)


def appending(log: Log, *numbers: int) -> Callable[[Session], range]:
    return lambda session: log.append(session, [record(number) for number in numbers])


def sound(engine: Engine) -> bool:
    return fsck(engine, origin=ORIGIN, keys=[SIGNER.key, COSIGNER.key]).sound


def test_a_receipt_tells_value_places_and_the_sealed_note(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    with Writer(log) as writer:
        first = writer.submit(appending(log, 1, 2)).result()
        second = writer.submit(lambda session: (log.append(session, [record(3)]), session.size)[1]).result()

    assert (first.value, first.indices) == (range(2), range(2))
    assert (second.value, second.indices, second.checkpoint().size) == (3, range(2, 3), 3)
    assert verified(second.note, [SIGNER.key]) == (SIGNER.key,)
    assert second.proof(0).index == 0
    assert log.high_water.read() == second.note
    assert sound(engine)


def test_work_that_raises_is_undone_alone(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    started, go = threading.Event(), threading.Event()

    def wait(session: Session) -> range:
        started.set()
        go.wait(10)
        return log.append(session, [record(1)])

    def fail(session: Session) -> range:
        log.append(session, [record(2), record(3)])
        raise ValueError("refused")

    with Writer(log) as writer:
        # All but the first are queued while the first runs, so that they share a transaction.
        first = writer.submit(wait)
        started.wait(10)
        group = [writer.submit(work) for work in (appending(log, 4), fail, appending(log, 5), fail)]
        go.set()
        receipts = [group[0].result(), group[2].result()]

    assert [receipt.indices for receipt in receipts] == [range(1, 2), range(2, 3)]
    assert receipts[0].note == receipts[1].note != first.result().note
    assert [str(group[n].exception()) for n in (1, 3)] == ["refused", "refused"]
    assert [log.entry(n).entry.record["number"] for n in range(3)] == [1, 4, 5]
    assert sound(engine)


def test_tiles_are_written_where_savepoints_were_undone(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    def fail(session: Session) -> None:
        log.append(session, [record(number) for number in range(300)])
        raise ValueError("refused")

    with Writer(log) as writer:
        writer.submit(appending(log, *range(200))).result()
        assert isinstance(writer.submit(fail).exception(), ValueError)
        writer.submit(appending(log, *range(400))).result()

    assert log.size() == 600
    assert sound(engine)


def test_work_that_appends_nothing_gets_the_note_that_stands(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    with Writer(log) as writer:
        first = writer.submit(appending(log, 1)).result()
        idle = writer.submit(lambda _: "known already").result()

    assert idle == Receipt("known already", range(1, 1), first.note, log)


def test_nothing_is_answered_before_the_first_entry(engine: Engine, tmp_path: Path) -> None:
    with Writer(log_on(engine, tmp_path / "mark")) as writer:
        answer = writer.submit(lambda _: "nothing")

        assert isinstance(answer.exception(), NotProven)


def test_a_failed_commit_fails_all_and_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    def fail(_: object) -> None:
        raise OSError("the disk is gone")

    with Writer(log) as writer:
        before = writer.submit(appending(log, 1)).result()
        event.listen(engine, "commit", fail)
        # The second work refuses by itself; what it refused for may be part of what is undone.
        appended, refused = writer.submit(appending(log, 2)), writer.submit(lambda one: one.leaf_at(99))
        errors = [appended.exception(), refused.exception()]
        event.remove(engine, "commit", fail)
        after = writer.submit(appending(log, 3)).result()

    assert [type(error) for error in errors] == [OSError, OSError]
    assert after.indices == range(1, 2)
    assert (before.checkpoint().size, log.size()) == (1, 2)
    assert log.entry(1).entry.record["number"] == 3
    assert sound(engine)


def test_an_unraised_mark_is_said_and_caught_up(engine: Engine, tmp_path: Path) -> None:
    mark = FailingMark(tmp_path / "mark")
    log = log_on(engine, mark)

    with Writer(log) as writer:
        writer.submit(appending(log, 1)).result()
        mark.failing = True
        unmarked = writer.submit(appending(log, 2)).exception()
        mark.failing = False
        idle = writer.submit(lambda session: session.size).result()

    assert isinstance(unmarked, Unsafe)
    assert idle.value == 2
    assert mark.read() == idle.note == log.head()[1]


def test_a_crash_between_commit_and_mark_is_caught_up_at_the_next_start(
    engine: Engine, tmp_path: Path
) -> None:
    mark = FailingMark(tmp_path / "mark")
    log = log_on(engine, mark)
    with Writer(log) as writer:
        writer.submit(appending(log, 1)).result()
        mark.failing = True
        writer.submit(appending(log, 2)).exception()
    mark.failing = False

    log.check_start()

    assert mark.read() == log.head()[1]


def test_a_database_that_falls_behind_while_we_run_is_not_written(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    with Writer(log) as writer:
        writer.submit(appending(log, 1)).result()
        ahead = log_on(engine, tmp_path / "other")
        ahead.high_water.raise_to(log.head()[1])
        with Writer(ahead) as other:
            further = other.submit(appending(ahead, 2)).result()
        with store.writing(engine) as connection:
            drop_guards(connection)
            connection.execute(text('DELETE FROM ledger_entry WHERE "index" = 1'))
            connection.execute(text("DELETE FROM ledger_head"))
        log.high_water.raise_to(further.note)

        refused = writer.submit(appending(log, 3)).exception()

    assert isinstance(refused, Unsafe)


def drop_guards(connection: Any) -> None:
    for guard in guards(connection.dialect.name):
        table = f" ON {guard.table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {guard.name}{table}"))


def test_time_never_runs_backwards_in_the_log(engine: Engine, tmp_path: Path) -> None:
    clock = Clock()
    log = log_on(engine, tmp_path / "mark", clock)

    with Writer(log) as writer:
        times = []
        for seconds in (0, 60, -3600, 3600):
            clock.move(seconds)
            times.append(
                writer.submit(lambda session: (session.at, log.append(session, [record(1)]))[0])
                .result()
                .value
            )

    assert [(time - START).total_seconds() for time in times] == [0, 60, 60, 60]
    assert log.entry(2).entry.at == "2026-09-21T08:01:00.000000Z"


def test_a_full_queue_is_busy(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    started, go = threading.Event(), threading.Event()

    def wait(session: Session) -> range:
        started.set()
        go.wait(10)
        return log.append(session, [record(1)])

    with Writer(log, longest_queue=2) as writer:
        writer.submit(wait)
        started.wait(10)
        waiting = [writer.submit(appending(log, number)) for number in (2, 3)]
        with pytest.raises(Busy):
            writer.submit(appending(log, 4))
        go.set()

    assert [answer.result().indices for answer in waiting] == [range(1, 2), range(2, 3)]


def test_closing_answers_all_that_was_taken(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    writer = Writer(log)
    answers = [writer.submit(appending(log, number)) for number in range(100)]

    writer.close()

    assert all(answer.done() and answer.exception() is None for answer in answers)
    with pytest.raises(Busy):
        writer.submit(appending(log, 1))
    writer.close()


def test_cancelled_work_is_not_done(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    started, go = threading.Event(), threading.Event()

    def wait(session: Session) -> range:
        started.set()
        go.wait(10)
        return log.append(session, [record(1)])

    with Writer(log) as writer:
        writer.submit(wait)
        started.wait(10)
        unwanted = writer.submit(appending(log, 2))
        assert unwanted.cancel()
        go.set()

    with pytest.raises(CancelledError):
        unwanted.result()
    assert log.size() == 1


def test_a_session_ends_with_its_work(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    kept: list[Session] = []

    def keep(session: Session) -> range:
        kept.append(session)
        return log.append(session, [record(1)])

    with Writer(log) as writer:
        writer.submit(keep).result()

    with pytest.raises(Conflict):
        log.append(kept[0], [record(2)])


def test_64_threads_share_one_log(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    with Writer(log) as writer, ThreadPoolExecutor(64) as threads:
        receipts = list(
            threads.map(lambda number: writer.submit(appending(log, number)).result(), range(640))
        )

    assert sorted(receipt.indices[0] for receipt in receipts) == [*range(640)]
    for receipt in receipts:
        assert log.entry(receipt.indices[0]).entry.record["number"] == receipts.index(receipt)
    assert one_history(log, [receipt.note for receipt in receipts])
    assert sound(engine)


def one_history(log: Log, notes: list[Note]) -> bool:
    """Check that all notes of one size are one text, and each extends the one before."""
    texts = sorted({note.text for note in notes}, key=lambda text: Checkpoint.parse(text).size)
    points = [Checkpoint.parse(text) for text in texts]
    for old, new in pairwise(points):
        proof = log.consistency(old.size, new.size)
        check_consistency(proof, old=old.size, old_root=old.root, size=new.size, root=new.root)
    return len({point.size for point in points}) == len(points)


def write_in_process(url: str, mark: str, first: int, count: int) -> None:
    engine = store.engine_for(url)
    log = log_on(engine, Path(mark))
    with Writer(log) as writer:
        answers: list[Future[Receipt[range]]] = []
        for number in range(first, first + count):
            answers.append(writer.submit(appending(log, number)))
            if number % 7 == 0:
                answers[-1].result()
        for answer in answers:
            answer.result()
    engine.dispose()


def test_two_processes_take_turns(database_url: str, tmp_path: Path) -> None:
    engine = store.engine_for(database_url)
    store.create(engine)
    log = log_on(engine, tmp_path / "mark")
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=write_in_process, args=(database_url, str(tmp_path / "mark"), first, 200))
        for first in (0, 1000)
    ]

    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    numbers = sorted(stored.entry.record["number"] for stored in log.entries(0, log.size()))
    assert [process.exitcode for process in processes] == [0, 0]
    assert numbers == [*range(200), *range(1000, 1200)]
    assert log.high_water.read() == log.head()[1]
    assert sound(engine)
    engine.dispose()
