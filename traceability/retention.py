"""How long a record is to be kept, and what may be erased once that time is over.

    treated 2026-07-01, grower                     →  2028-07-01   农产品质量安全法 art. 27, 24 months
    received 2026-10-01, mill, shelf life unknown  →  2028-10-01   食品安全法 art. 50, 24 months
    …, shelf life until 2027-10-01                 →  2028-04-01   6 months after it

A value that is asked away before its day is hidden at once, and erased once the day is there. Only rows that
were read in an official text bind; the others are told beside the record, marked as unchecked.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from traceability.rule_tables.moving import RetentionRow


@dataclass(frozen=True, slots=True)
class Clock:
    """A record is kept up to and including the day before *until*; not *binding*: nobody checked the row."""

    until: date
    clause: str
    binding: bool


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def clocks(
    kind: str, role: str | None, day: date, shelf_ends: date | None, rows: Iterable[RetentionRow]
) -> Iterator[Clock]:
    """Yield every clock that a record of *kind*, made on *day* by a party of *role*, is under."""
    for row in rows:
        if kind in row.kinds and (not row.roles or role in row.roles) and row.in_force(day):
            yield Clock(_until(row, day, shelf_ends), row.clause, row.sure)


def _until(row: RetentionRow, day: date, shelf_ends: date | None) -> date:
    if row.counted_from == "record":
        return months_after(day, row.months)
    if shelf_ends is None:
        return months_after(day, row.months_without)
    return months_after(max(day, shelf_ends), row.months)


def longest(found: Iterable[Clock]) -> Clock | None:
    """Return the clock that ends last, of those that bind before all others; None where there is none."""
    return max(found, key=lambda each: (each.binding, each.until), default=None)


def binding(found: Iterable[Clock]) -> Clock | None:
    """Return the clock that ends last of those that bind."""
    return longest(each for each in found if each.binding)
