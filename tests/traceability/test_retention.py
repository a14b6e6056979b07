"""How long each record is kept."""

from datetime import date

import pytest

from traceability.events import KINDS
from traceability.limits import shipped_rules
from traceability.retention import Clock, binding, clocks, longest, months_after
from traceability.rule_tables.moving import RETENTION

ROWS = shipped_rules().rows(RETENTION)
DAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(9998, 1, 1), 24, date.max),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@pytest.mark.parametrize(
    ("kind", "role", "shelf", "until"),
    [
        ("treated", "cooperative", None, date(2028, 8, 31)),
        ("harvested", "cooperative", None, date(2028, 8, 31)),
        # Art. 27 binds enterprises and cooperatives; who sprays keeps a record in any case.
        ("harvested", "farm", None, None),
        ("treated", "farm", None, date(2028, 8, 31)),
        ("received", "processor", None, date(2028, 8, 31)),
        ("received", "processor", date(2027, 8, 31), date(2028, 2, 29)),
        ("received", "processor", date(2026, 1, 1), date(2027, 2, 28)),
        ("received", "retailer", date(2027, 8, 31), date(2027, 2, 28)),
        ("received", "laboratory", None, None),
        ("confirmed", "processor", None, None),
    ],
)
def test_the_longest_clock_that_binds_counts(
    kind: str, role: str, shelf: date | None, until: date | None
) -> None:
    clock = binding(clocks(kind, role, DAY, shelf, ROWS))

    assert (None if clock is None else clock.until) == until


def test_what_nobody_checked_is_told_and_does_not_bind() -> None:
    found = list(clocks("certificate-issued", "cooperative", DAY, None, ROWS))

    assert binding(found) is None
    assert longest(found) == Clock(
        date(2028, 8, 31), "承诺达标合格证管理办法 (MARA Order 2025 No. 4)", binding=False
    )


def test_each_kind_of_the_table_is_a_kind_of_event() -> None:
    assert frozenset().union(*(row.kinds for row in ROWS)) - set(KINDS) == frozenset()
