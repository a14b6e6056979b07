"""A request with a key is done once, whoever repeats it, however close together, whatever crashed between."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from ledger import store
from ledger.errors import Conflict, Unsafe
from tests.world import SetClock
from traceability import kept
from traceability.errors import Invalid, Refused
from web import once
from web.api.authored import STATEMENT_ID
from web.once import Asked, Done, Once, asked, http_once, purge

MAC_KEY, KEPT_KEY = b"m" * 32, b"k" * 32
DONE = Done(201, ("0" * 64,))
OTHER = Done(201, ("1" * 64,))


def this(body: Any = None, **other: str) -> Asked:
    """Return a request."""
    named = {"party": "heitu", "method": "POST", "route": "/api/v1/events", "key": "k-1"} | other
    return asked(MAC_KEY, body={"kind": "harvested"} if body is None else body, **named)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 21, tzinfo=UTC))


@pytest.fixture
def keeper(engine: Engine, clock: SetClock) -> Once:
    once.metadata.drop_all(engine)
    once.metadata.create_all(engine)
    return Once(engine, KEPT_KEY, clock)


def never() -> Done:
    """Work that must not be done."""
    raise AssertionError("done twice")


def count(engine: Engine) -> int:
    """Return how many requests are remembered."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(http_once)).scalar_one()


def test_what_was_done_is_not_done_again(keeper: Once) -> None:
    first = keeper.run(this(), lambda: DONE)

    again = keeper.run(this(), never)

    assert (first, again) == (DONE, DONE)


@pytest.mark.parametrize(
    "other", [{"party": "mifang"}, {"method": "PUT"}, {"route": "/api/v1/statements"}, {"key": "k-2"}]
)
def test_another_request_is_another_one(keeper: Once, other: dict[str, str]) -> None:
    keeper.run(this(), lambda: DONE)

    done = keeper.run(this(**other), lambda: OTHER)

    assert done == OTHER


def test_a_key_with_another_body_is_refused(keeper: Once) -> None:
    keeper.run(this(), lambda: DONE)

    with pytest.raises(Invalid) as refused:
        keeper.run(this({"kind": "packed"}), never)

    assert [(each.where, each.code) for each in refused.value.problems] == [(once.HEADER, "once-key-taken")]


def test_a_refusal_gives_the_key_back(keeper: Once, engine: Engine) -> None:
    def refuse() -> Done:
        raise Refused

    with pytest.raises(Refused):
        keeper.run(this(), refuse)

    assert count(engine) == 0
    assert keeper.run(this({"kind": "packed"}), lambda: DONE) == DONE


@pytest.mark.parametrize(("days", "remembered"), [(30, True), (31, False)])
def test_a_key_is_free_again_after_thirty_days(
    keeper: Once, engine: Engine, clock: SetClock, days: int, remembered: bool
) -> None:
    keeper.run(this(), lambda: DONE)
    clock.pass_time(days=days)

    done = keeper.run(this(), lambda: OTHER)

    assert done == (DONE if remembered else OTHER)
    assert count(engine) == 1


def test_old_rows_go_when_the_table_is_used(keeper: Once, engine: Engine, clock: SetClock) -> None:
    for number in range(3):
        keeper.run(this(key=f"old-{number}"), lambda: DONE)
    clock.pass_time(days=30, seconds=1)

    with store.writing(engine) as connection:
        gone = purge(connection, clock())

    assert (gone, count(engine)) == (3, 0)


def test_of_two_at_once_the_second_waits_for_the_first(keeper: Once) -> None:
    began, may_end = threading.Event(), threading.Event()

    def slow() -> Done:
        began.set()
        may_end.wait(20)
        return DONE

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(keeper.run, this(), slow)
        began.wait(20)
        second = pool.submit(keeper.run, this(), never, patience=20)
        may_end.set()

        assert (first.result(), second.result()) == (DONE, DONE)


def test_whoever_has_waited_long_enough_is_told_to_come_again(keeper: Once) -> None:
    def again() -> Done:
        with pytest.raises(Conflict):
            keeper.run(this(), never, patience=0.1)
        return DONE

    assert keeper.run(this(), again) == DONE


def test_of_many_at_once_one_does_the_work(keeper: Once) -> None:
    times: list[int] = []

    def work() -> Done:
        times.append(1)
        return DONE

    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(keeper.run, this(), work, patience=20) for _ in range(6)]

        assert [each.result() for each in answers] == [DONE] * 6
    assert len(times) == 1


@pytest.mark.parametrize(("seconds", "is_done_again"), [(60, False), (61, True)])
def test_a_claim_that_a_crash_left_lapses(
    keeper: Once, engine: Engine, clock: SetClock, seconds: int, is_done_again: bool
) -> None:
    assert keeper._claim(this()) is None  # and then the power went out
    clock.pass_time(seconds=seconds)

    with nullcontext() if is_done_again else pytest.raises(Conflict):
        assert keeper.run(this(), lambda: DONE, patience=0) == DONE


@pytest.mark.parametrize("column", [column.name for column in http_once.columns])
def test_a_row_that_somebody_changed_is_not_believed(keeper: Once, engine: Engine, column: str) -> None:
    keeper.run(this(), lambda: DONE)
    with store.writing(engine) as connection:
        row = connection.execute(select(http_once)).one()._asdict()
        bent = {"body": bytes(32), "mac": bytes(32), "status": 418}.get(column, f"{row[column]}x")
        connection.execute(http_once.update().values({column: bent}))
        changed = connection.execute(select(http_once)).one()

    assert not kept.row_holds(KEPT_KEY, http_once.name, changed._asdict())
    if column not in this().name:
        with pytest.raises(Unsafe):
            keeper.run(this(), never)


@pytest.mark.parametrize("key", ["a", "!", "~" * 200, "2026-09-21/1"])
def test_a_key_of_visible_characters_will_do(key: str) -> None:
    assert this(key=key).key == key


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "é", "a\n", "\x7f"])
def test_another_key_will_not(key: str) -> None:
    with pytest.raises(Invalid):
        this(key=key)


def test_bodies_that_say_the_same_are_one() -> None:
    assert this({"a": 1, "b": [1, 2]}) == this({"b": [1, 2], "a": 1})


@given(one=st.text(max_size=4), other=st.text(max_size=4))
def test_bodies_that_differ_are_two(one: str, other: str) -> None:
    assert (this({"a": one}) == this({"a": other})) == (one == other)


def test_a_body_cannot_be_guessed_from_what_is_kept() -> None:
    other = asked(b"n" * 32, party="heitu", method="POST", route="/api/v1/events", key="k-1", body={})

    assert this({}).body != other.body


def test_a_request_has_one_statement_id_and_no_other_request_has_it() -> None:
    ids = {
        each.statement_id(MAC_KEY)
        for each in (this(), this(), this({}), this(key="k-2"), this(party="mifang"), this(route="/other"))
    }

    assert len(ids) == 5
    assert all(STATEMENT_ID.fullmatch(each) for each in ids)
    assert this().statement_id(b"n" * 32) not in ids
