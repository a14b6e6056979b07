"""How content shoppers are with the goods of a division, from the ratings that the log counts day by day.

A shopper who gives four or five of five counts as content; the target is 85 in a hundred. Where nobody has
rated there is no share, rather than a bad one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from traceability import tables
from traceability.scope import covers
from traceability.tables import cases as case_tables

_NAMES = ("ones", "twos", "threes", "fours", "fives")


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many gave one, two, three, four and five."""

    counts: tuple[int, int, int, int, int]

    @property
    def n(self) -> int:
        """How many have rated."""
        return sum(self.counts)

    @property
    def content(self) -> int:
        """How many gave four or five."""
        return self.counts[3] + self.counts[4]

    @property
    def percent(self) -> Decimal | None:
        """How many in a hundred are content, to one place; None where nobody has rated."""
        if not self.n:
            return None
        return round(Decimal(100 * self.content) / self.n, 1)


def satisfaction(connection: Connection, division: str | None, since: date, until: date) -> Satisfaction:
    """Return the ratings of goods made in *division* (None: anywhere), *since* and *until* included."""
    return _added(row[1:] for row in _sums(connection, since, until) if covers(division, row[0]))


def satisfaction_of(connection: Connection, party: str, since: date, until: date) -> Satisfaction:
    """Return the ratings of goods that *party* made, from *since* to *until*, both days included."""
    table = case_tables.rating
    rows = _sums(connection, since, until, table.c.party == party)
    return _added(row[1:] for row in rows)


def _sums(connection: Connection, since: date, until: date, *which: Any) -> Iterable[Any]:
    table, said = case_tables.rating, tables.statement
    return connection.execute(
        select(table.c.division, *(func.sum(table.c[name]) for name in _NAMES))
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), *which)
        .where(table.c.day >= since.isoformat(), table.c.day <= until.isoformat())
        .group_by(table.c.division)
    ).all()


def _added(rows: Iterable[Any]) -> Satisfaction:
    ones = twos = threes = fours = fives = 0
    for row in rows:
        ones, twos, threes = ones + row[0], twos + row[1], threes + row[2]
        fours, fives = fours + row[3], fives + row[4]
    return Satisfaction((ones, twos, threes, fours, fives))
