"""A database that is busy, or gone: told as such, on both kinds, and over when it is over."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from ledger import contention, store
from ledger.errors import Busy, LedgerError, Malformed, Unreachable
from ledger.session import Session
from ledger.writer import Writer
from tests.engines import Owned
from tests.logs import log_on, record


@pytest.fixture
def impatient(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on an empty ledger that waits for a lock no longer than a second."""
    monkeypatch.setattr(store, "LOCK_SECONDS", 1)
    monkeypatch.setitem(store._POSTGRESQL_OPTIONS, "lock_timeout", "1s")
    found = store.engine_for(database_url)
    store.create(found)
    yield found
    found.dispose()


def test_a_lock_that_another_holds_is_busy(impatient: Engine) -> None:
    with store.appending(impatient) as holder:
        holder.execute(text("SELECT 1"))

        with pytest.raises(Busy) as told, store.appending(impatient):
            pass

    assert told.value.facts == {"seconds": contention.BUSY_SECONDS}


def test_work_that_waits_too_long_for_another_process_is_busy_and_may_be_sent_again(
    impatient: Engine, tmp_path: Path
) -> None:
    log = log_on(impatient, tmp_path / "mark")
    with Writer(log) as writer:
        with store.appending(impatient) as holder:
            holder.execute(text("SELECT 1"))
            busy = writer.submit(lambda session: log.append(session, [record(0)])).exception(20)

        again = writer.submit(lambda session: log.append(session, [record(0)])).result(20)

    assert (type(busy), again.indices) == (Busy, range(1))


def test_of_two_that_wait_for_each_other_one_is_busy(owned: Owned) -> None:
    engine = store.engine_for(owned.owner_url)
    with store.writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE pair (id int PRIMARY KEY, n int)")
        connection.exec_driver_sql("INSERT INTO pair VALUES (1, 0), (2, 0)")
    both, found = threading.Barrier(2), []

    def cross(first: int, second: int) -> None:
        try:
            with store.writing(engine) as connection:
                connection.exec_driver_sql(f"UPDATE pair SET n = n + 1 WHERE id = {first}")
                both.wait(10)
                connection.exec_driver_sql(f"UPDATE pair SET n = n + 1 WHERE id = {second}")
        except LedgerError as error:
            found.append(type(error))

    threads = [threading.Thread(target=cross, args=pair) for pair in ((1, 2), (2, 1))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    engine.dispose()

    assert found == [Busy]


def test_a_transaction_that_cannot_be_put_in_a_row_is_busy(owned: Owned) -> None:
    engine = store.engine_for(owned.owner_url)
    with store.writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE pair AS SELECT 1 AS n")

    def write_after_another() -> None:
        with engine.connect().execution_options(isolation_level="SERIALIZABLE") as slow:
            slow.exec_driver_sql("SELECT n FROM pair")
            with store.writing(engine) as quick:
                quick.exec_driver_sql("UPDATE pair SET n = 2")
            slow.exec_driver_sql("UPDATE pair SET n = 3")

    with pytest.raises(Busy):
        write_after_another()

    engine.dispose()


def cut_connections(owned: Owned) -> None:
    """Cut every connection to the database."""
    admin = create_engine(make_url(owned.admin_url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with admin.connect() as connection:
        connection.execute(cut, {"name": make_url(owned.admin_url).database})
    admin.dispose()


def test_a_connection_that_is_cut_in_the_middle_is_told_and_replaced(owned: Owned, tmp_path: Path) -> None:
    engine = store.engine_for(owned.owner_url)
    store.create(engine)
    log = log_on(engine, tmp_path / "mark")
    begun, both_wait = threading.Event(), threading.Event()

    def append(session: Session) -> range:
        return log.append(session, [record(0)])

    def cut_off(session: Session) -> range:
        cut_connections(owned)
        return append(session)

    def wait(session: Session) -> range:
        begun.set()
        both_wait.wait(10)
        return append(session)

    with Writer(log) as writer:
        first = writer.submit(wait)
        begun.wait(10)
        group = [writer.submit(cut_off), writer.submit(append)]
        both_wait.set()
        errors = [type(each.exception(20)) for each in group]

        indices = [first.result(20).indices, writer.submit(append).result(20).indices]
    engine.dispose()

    assert (errors, indices) == ([Unreachable] * 2, [range(1), range(1, 2)])


def test_connections_that_were_cut_while_nobody_used_them_are_replaced(owned: Owned) -> None:
    engine = store.engine_for(owned.owner_url)
    store.create(engine)

    cut_connections(owned)
    with store.snapshot(engine) as connection:
        found = connection.execute(text("SELECT 1")).scalar()

    engine.dispose()
    assert found == 1


def test_a_server_that_is_not_there_is_unreachable() -> None:
    pytest.importorskip("psycopg")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    engine = store.engine_for(f"postgresql://nobody@127.0.0.1:{port}/nothing")

    with pytest.raises(Unreachable) as told, store.snapshot(engine):
        pass

    assert told.value.facts == {"seconds": contention.UNREACHABLE_SECONDS}


def test_what_is_wrong_itself_is_neither(engine: Engine) -> None:
    with pytest.raises(DBAPIError), store.writing(engine) as connection:
        connection.execute(text("INSERT INTO nothing VALUES (1)"))


def test_no_more_connections_than_there_may_be_is_busy(database_url: str) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.1)

    with store.snapshot(engine), pytest.raises(Busy), store.snapshot(engine):
        pass

    engine.dispose()


def test_only_two_databases_are_known() -> None:
    with pytest.raises(Malformed):
        store.engine_for("mysql://localhost/ledger")


def test_a_verdict_is_only_for_what_passes() -> None:
    assert contention.verdict(sqlite3.OperationalError("disk I/O error")) is None
    assert contention.verdict(ValueError("x")) is None
    assert isinstance(contention.verdict(ValueError("x"), is_lost=True), Unreachable)
