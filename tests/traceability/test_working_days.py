"""Working days as the law counts them, and what is said where the calendar ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.working_days import (
    LAST_YEAR,
    CalendarEnds,
    Deadline,
    Elapsed,
    add_working_days,
    deadline,
    elapsed,
    is_working_day,
    working_days_between,
)

KNOWN_DAYS = st.dates(date(2020, 1, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
    ids=[
        "before the holiday",
        "its first day",
        "its last day",
        "after it",
        "a Saturday in return",
        "a Sunday",
    ],
)
def test_a_holiday_is_not_worked_and_the_day_in_return_is(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


@pytest.mark.parametrize(
    ("count", "last"),
    [(0, date(2026, 9, 30)), (1, date(2026, 10, 8)), (3, date(2026, 10, 10)), (4, date(2026, 10, 12))],
)
def test_a_term_begins_after_its_day_and_leaves_holidays_out(count: int, last: date) -> None:
    assert add_working_days(date(2026, 9, 30), count) == last


@given(KNOWN_DAYS, st.integers(0, 60))
def test_counting_back_gives_the_length_of_a_term(day: date, count: int) -> None:
    last = add_working_days(day, count)

    assert working_days_between(day, last) == count
    assert working_days_between(last, day) == -count


@given(KNOWN_DAYS, st.integers(1, 60))
def test_a_term_ends_on_a_working_day(day: date, count: int) -> None:
    assert is_working_day(add_working_days(day, count))


def test_the_calendar_says_where_it_ends() -> None:
    last_friday = date(LAST_YEAR, 12, 25)

    with pytest.raises(CalendarEnds) as raised:
        add_working_days(last_friday, 10)

    assert raised.value.day.year == LAST_YEAR + 1


def test_a_deadline_within_the_calendar_is_no_estimate() -> None:
    assert deadline(date(2026, 9, 30), 3) == Deadline(date(2026, 10, 10), is_estimated=False)


def test_a_deadline_beyond_the_calendar_is_marked_as_estimated() -> None:
    found = deadline(date(LAST_YEAR + 1, 6, 7), 5)
    worked = [date(LAST_YEAR + 1, 6, 7) + timedelta(days=step) for step in range(1, 8)]

    assert found == Deadline([day for day in worked if day.weekday() < 5][4], is_estimated=True)


def test_what_has_elapsed_beyond_the_calendar_is_marked_as_estimated() -> None:
    monday = date(2099, 6, 1)

    assert elapsed(monday, monday + timedelta(days=7)) == Elapsed(5, is_estimated=True)
    assert elapsed(date(2026, 10, 8), date(2026, 10, 12)) == Elapsed(3, is_estimated=False)


def test_a_term_is_not_negative() -> None:
    with pytest.raises(ValueError, match="no less than no days"):
        add_working_days(date(2026, 1, 5), -1)
