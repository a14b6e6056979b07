"""What a record of credit is, and what all who look for records share: days, digests, makers of lots."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, select

from ledger.canonical import instant_of
from traceability import tables
from traceability.events.fact import legal_day
from traceability.portions import portions
from traceability.scope import Scope

Side = Literal["good", "bad"]
State = Literal["counts", "repaired", "objection-upheld", "objection-open", "resolved"]

Whose = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Returns the condition that the party in a column is one of those who are asked about."""

YEARS_KEPT = 5


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """One record: whose, of which kind, told by which entry, on which legal day."""

    party: str
    record: str
    side: Side
    entry: int
    digest: str
    day: date
    lot: str | None = None
    state: State = "counts"


def only(party: str) -> Whose:
    """Ask about one party."""
    return lambda column: column == party


def registered_in(connection: Connection, area: str | None) -> Whose:
    """Ask about the parties of a division."""
    return Scope.of(connection, area).of_party


def since_when(on: date) -> date:
    """Return the first day whose records may still count on that day."""
    return on - timedelta(days=366 * YEARS_KEPT)


def recorded_on(text: str) -> date:
    """Return the legal day of an instant as entries spell it."""
    return legal_day(instant_of(text))


def digests_of(connection: Connection, entries: Iterable[int]) -> dict[int, str]:
    """Return the digests of the statements of *entries*."""
    said, found = tables.statement, dict[int, str]()
    for some in portions(sorted(set(entries))):
        query = select(said.c.entry, said.c.digest).where(said.c.entry.in_(some))
        found |= {row.entry: row.digest for row in connection.execute(query)}
    return found


def makers_of(connection: Connection, whose: Whose, lots: set[str]) -> dict[str, str]:
    """Return the maker of each of *lots* that one of the parties asked about has made."""
    table, found = tables.lot, dict[str, str]()
    for some in portions(sorted(lots)):
        query = tables.standing(table, table.c.lot.in_(some), whose(table.c.maker))
        for row in connection.execute(query):
            found.setdefault(row.lot, row.maker)
    return found
