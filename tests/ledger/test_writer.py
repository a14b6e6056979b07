import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from ledger import driver, store
from ledger.checkpoint import Checkpoint
from ledger.entry import LONGEST_RECORD, Ready, ready
from ledger.errors import Busy, Conflict, Malformed, NotProven, Unsafe
from ledger.fsck import fsck
from ledger.guards import guards
from ledger.highwater import FileHighWater
from ledger.log import Log
from ledger.merkle import check_consistency, check_inclusion
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


def prepared(*numbers: int) -> list[Ready]:
    return [ready(record(number)) for number in numbers]


def check_receipt(receipt: Receipt[Any]) -> None:
    """Raise unless entries of *receipt*, first and last among them, are proven under its sealed note."""
    checkpoint = receipt.checkpoint()
    assert verified(receipt.note, [SIGNER.key]) == (SIGNER.key,)
    leaves = dict(zip(receipt.indices, receipt.leaves, strict=True))
    for index in {*receipt.indices[::29], receipt.indices[-1]}:
        leaf = leaves[index]
        path = receipt.proof(index).path
        check_inclusion(path, size=checkpoint.size, root=checkpoint.root, index=index, leaf=leaf)


def test_records_that_are_ready_are_appended_and_proven(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    with Writer(log) as writer:
        first = writer.append(ready(record(0)))
        many = writer.append_many(prepared(*range(1, 700)))
        last = writer.append(ready(record(700)))

    assert (first.value, first.indices, first.checkpoint().size) == (range(1), range(1), 1)
    assert (many.value, many.indices, many.checkpoint().size) == (range(1, 700), range(1, 700), 700)
    assert last.indices == range(700, 701)
    for receipt in (first, many, last):
        check_receipt(receipt)
    assert [stored.entry.record for stored in log.entries(0, 701)] == [record(n) for n in range(701)]
    assert log.high_water.read() == last.note
    assert sound(engine)


def test_bytes_that_are_not_ready_are_checked(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    with Writer(log) as writer:
        writer.append(b'{"kind":"trial"}')
        for bad in (b'{"kind": "trial"}', b'{},"v":2', b"[]", b'{"a":"%s"}' % (b"x" * LONGEST_RECORD)):
            with pytest.raises(Malformed):
                writer.append_many([ready(record(1)), bad])
        with pytest.raises(Malformed):
            writer.append_many([])

    assert [stored.entry.record for stored in log.entries(0, log.size())] == [{"kind": "trial"}]


def test_records_and_work_share_a_commit_in_the_order_in_which_they_came(
    engine: Engine, tmp_path: Path
) -> None:
    log = log_on(engine, tmp_path / "mark")
    started, go = threading.Event(), threading.Event()

    def wait(session: Session) -> range:
        started.set()
        go.wait(10)
        return log.append(session, [record(0)])

    def look(session: Session) -> tuple[range, bytes]:
        # What stands before it is in the tables already, for work to rest on.
        return log.append(session, [record(3)]), session.leaf_at(session.size - 2)

    def fail(session: Session) -> None:
        log.append(session, [record(number) for number in range(300)])
        raise ValueError("refused")

    with Writer(log) as writer, ThreadPoolExecutor(8) as threads:
        writer.submit(wait)
        started.wait(10)
        line = writer._line
        first = threads.submit(writer.append_many, prepared(1, 2))
        until(lambda: len(line._jobs) == 1)
        looked, failed = writer.submit(look), writer.submit(fail)
        second = threads.submit(writer.append, prepared(4)[0])
        until(lambda: len(line._jobs) == 4)
        third = threads.submit(writer.append, prepared(5)[0])
        until(lambda: len(line._jobs) == 5)
        go.set()
        receipts = [first.result(), second.result(), third.result()]

    assert [receipt.indices for receipt in receipts] == [range(1, 3), range(4, 5), range(5, 6)]
    assert looked.result().value == (range(3, 4), receipts[0].leaves[-1])
    assert str(failed.exception()) == "refused"
    assert {receipt.note for receipt in receipts} == {looked.result().note}
    for receipt in receipts:
        check_receipt(receipt)
    check_receipt(looked.result())
    assert [log.entry(n).entry.record["number"] for n in range(6)] == [*range(6)]
    assert sound(engine)


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_work_that_goes_back_by_itself_has_the_leaves_of_what_stands(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    def work(session: Session) -> None:
        log.append(session, [record(1)])
        savepoint, tip = session.connection.begin_nested(), session.tip
        log.append(session, [record(2), record(3)])
        savepoint.rollback()
        session.tip = tip
        log.append(session, [record(4)])

    with Writer(log) as writer:
        receipt = writer.submit(work).result()

    assert receipt.indices == range(2)
    assert receipt.leaves == tuple(log.entry(index).entry.leaf for index in range(2))
    check_receipt(receipt)
    assert sound(engine)


def test_a_failed_commit_fails_records_too_and_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    def fail(_: object) -> None:
        raise OSError("the disk is gone")

    with Writer(log) as writer:
        writer.append_many(prepared(*range(200)))
        event.listen(engine, "commit", fail)
        with pytest.raises(OSError, match="gone"):
            writer.append_many(prepared(*range(1000, 1200)))
        event.remove(engine, "commit", fail)
        after = writer.append_many(prepared(*range(200, 400)))

    assert after.indices == range(200, 400)
    assert [stored.entry.record["number"] for stored in log.entries(0, 400)] == [*range(400)]
    assert sound(engine)


def test_an_unraised_mark_is_said_to_who_appends(engine: Engine, tmp_path: Path) -> None:
    mark = FailingMark(tmp_path / "mark")
    log = log_on(engine, mark)

    with Writer(log) as writer:
        writer.append(ready(record(1)))
        mark.failing = True
        with pytest.raises(Unsafe):
            writer.append(ready(record(2)))
        mark.failing = False
        third = writer.append(ready(record(3)))

    assert third.indices == range(2, 3)
    assert mark.read() == third.note


def test_what_another_writer_sealed_is_gone_on_from(engine: Engine, tmp_path: Path) -> None:
    log, other = log_on(engine, tmp_path / "mark"), log_on(engine, tmp_path / "mark")

    with Writer(log) as ours, Writer(other) as theirs:
        receipts = [
            each.append(ready(record(n))) for n, each in enumerate([ours, theirs, theirs, ours, ours])
        ]

    assert [receipt.indices[0] for receipt in receipts] == [*range(5)]
    assert sound(engine)


def test_the_guards_judge_what_is_written_in_bulk(engine: Engine, tmp_path: Path) -> None:
    with Writer(log_on(engine, tmp_path / "mark")) as writer:
        writer.append_many(prepared(*range(5)))
    rows = [(index, b"entry", bytes(32)) for index in range(5, 5 + driver.FEWEST_COPIED)]

    for wrong in (rows[1:], [*rows[:1], *rows[2:]], [(4, b"entry", bytes(32)), *rows]):
        with pytest.raises(DBAPIError), store.writing(engine) as connection:
            driver.insert_entries(connection, wrong)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 5


def test_64_threads_append_records(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")

    with Writer(log) as writer, ThreadPoolExecutor(64) as threads:
        receipts = list(threads.map(writer.append, prepared(*range(640))))

    assert sorted(receipt.indices[0] for receipt in receipts) == [*range(640)]
    assert [log.entry(one.indices[0]).entry.record["number"] for one in receipts] == [*range(640)]
    for receipt in receipts[::10]:
        check_receipt(receipt)
    assert one_history(log, [receipt.note for receipt in receipts])
    assert sound(engine)


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
            if number % 10 == 0:
                check_receipt(writer.append(ready(record(number + 10_000))))
            if number % 50 == 0:
                check_receipt(writer.append_many(prepared(*range(number + 20_000, number + 20_050))))
        for answer in answers:
            check_receipt(answer.result())
    engine.dispose()


def test_processes_take_turns(database_url: str, tmp_path: Path) -> None:
    engine = store.engine_for(database_url)
    store.create(engine)
    log = log_on(engine, tmp_path / "mark")
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=write_in_process, args=(database_url, str(tmp_path / "mark"), first, 100))
        for first in (0, 1000, 2000)
    ]

    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    numbers = sorted(stored.entry.record["number"] for stored in log.entries(0, log.size()))
    worked = [number for first in (0, 1000, 2000) for number in range(first, first + 100)]
    singly = [number + 10_000 for number in worked[::10]]
    together = [number + 20_000 for number in worked]
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert numbers == [*worked, *singly, *together]
    assert log.high_water.read() == log.head()[1]
    assert sound(engine)
    engine.dispose()


class WatchedClock(Clock):
    """A clock that notes which threads asked it: those that write."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_by: list[str] = []

    def __call__(self) -> datetime:
        self.asked_by.append(threading.current_thread().name)
        return super().__call__()


def test_a_lone_caller_writes_in_the_place_of_the_thread(engine: Engine, tmp_path: Path) -> None:
    clock = WatchedClock()
    log = log_on(engine, tmp_path / "mark", clock)
    with Writer(log) as writer:
        # Only once the thread waits for work is nobody before us.
        while not writer._line.is_idle():
            time.sleep(0.001)

        receipt = writer.append(ready(record(1)))

    assert (clock.asked_by, receipt.indices) == ([threading.current_thread().name], range(1))
    assert sound(engine)


def test_a_caller_that_is_not_alone_leaves_it_to_the_thread(engine: Engine, tmp_path: Path) -> None:
    clock = WatchedClock()
    log = log_on(engine, tmp_path / "mark", clock)
    started, go = threading.Event(), threading.Event()

    def wait(session: Session) -> range:
        started.set()
        go.wait(10)
        return log.append(session, [record(1)])

    with Writer(log) as writer, ThreadPoolExecutor(1) as pool:
        first = writer.submit(wait)
        started.wait(10)
        second = pool.submit(writer.append, ready(record(2)))
        go.set()

        places = (first.result(10).indices, second.result(10).indices)

    assert (places, set(clock.asked_by)) == ((range(1), range(1, 2)), {"ledger-writer"})


def test_what_a_caller_submitted_stands_before_what_it_appends_next(engine: Engine, tmp_path: Path) -> None:
    log = log_on(engine, tmp_path / "mark")
    with Writer(log) as writer:
        pairs = [
            (writer.submit(appending(log, number)), writer.append(ready(record(number))))
            for number in range(60)
        ]

    assert all(before.result().indices.stop <= after.indices.start for before, after in pairs)
    assert log.size() == 120


def test_a_lone_caller_finds_a_closed_writer_closed(engine: Engine, tmp_path: Path) -> None:
    writer = Writer(log_on(engine, tmp_path / "mark"))
    writer.append(ready(record(1)))
    writer.close()

    with pytest.raises(Busy):
        writer.append(ready(record(2)))
