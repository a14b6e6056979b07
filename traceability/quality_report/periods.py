"""A period as people write it, and the legal days that it means.

2026 · 2026H1 · 2026Q3 · 2026-07 · 2026-07-01..2026-09-30          both ends are included
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from traceability.errors import Invalid, Problem

_YEAR = re.compile(r"(?P<year>[0-9]{4})")
_HALF = re.compile(r"(?P<year>[0-9]{4})H(?P<number>[12])")
_QUARTER = re.compile(r"(?P<year>[0-9]{4})Q(?P<number>[1-4])")
_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<number>[0-9]{2})")
_DAYS = re.compile(r"(?P<since>[0-9-]{10})\.\.(?P<until>[0-9-]{10})")
_SPANS = ((_YEAR, 12), (_HALF, 6), (_QUARTER, 3), (_MONTH, 1))


@dataclass(frozen=True, slots=True)
class Period:
    """Legal days from *since* to *until*, both included, and how they were written."""

    text: str
    since: date
    until: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period, or raise `Invalid`."""
        try:
            since, until = _days(text)
        except ValueError:
            raise Invalid(Problem("period", "not-a-period", (("value", text[:40]),))) from None
        if until < since:
            raise Invalid(Problem("period", "not-a-period", (("value", text[:40]),)))
        return cls(text, since, until)

    def quarters(self) -> list["Period"]:
        """Return the calendar quarters that begin or end within, each cut to the period."""
        first, last = _quarter_of(self.since), _quarter_of(self.until)
        return [self._cut(Period.parse(each)) for each in _quarters_between(first, last)]

    @property
    def whole_quarters(self) -> int:
        """How many calendar quarters the period is, if it is nothing but whole ones; else 0."""
        every = self.quarters()
        whole = all((each.since, each.until) == _days(each.text) for each in every)
        return len(every) if whole else 0

    def _cut(self, other: "Period") -> "Period":
        return Period(other.text, max(self.since, other.since), min(self.until, other.until))


def quarter_of(day: date) -> str:
    """Return the calendar quarter of a day: "2026Q3"."""
    year, quarter = _quarter_of(day)
    return f"{year}Q{quarter}"


def _quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1


def _quarters_between(first: tuple[int, int], last: tuple[int, int]) -> list[str]:
    numbers = range(first[0] * 4 + first[1] - 1, last[0] * 4 + last[1])
    return [f"{number // 4}Q{number % 4 + 1}" for number in numbers]


def _days(text: str) -> tuple[date, date]:
    if found := _DAYS.fullmatch(text):
        return date.fromisoformat(found["since"]), date.fromisoformat(found["until"])
    for form, months in _SPANS:
        if found := form.fullmatch(text):
            year, number = int(found["year"]), int(found.groupdict().get("number") or 1)
            last = number * months
            ends = calendar.monthrange(year, last)[1] if 1 <= last <= 12 else 0
            return date(year, last - months + 1, 1), date(year, last, ends)
    raise ValueError(text)
