"""The list of serious dishonesty (严重失信主体名单): who stands on it, why, until when, kept from what."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, select

from traceability import tables
from traceability.tables import credit as credit_tables

State = Literal["not-yet", "listed", "ended", "repaired", "lifted"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing as it stands on a day: *off* is the first day on which the party is listed no longer.

    *ended_by* is the entry that ended it early, *ended_told* its basis or cause.
    """

    entry: int
    digest: str
    party: str
    listed_by: str
    basis: str
    facts: tuple[int, ...]
    excludes: tuple[str, ...]
    since: date
    until: date
    state: State
    ended_by: int | None = None
    ended_told: str | None = None
    off: date | None = None


def listings(connection: Connection, on: date) -> list[Listing]:
    """Return every listing ever, historical ones too, newest first."""
    return dishonesty_of(connection, None, on)[::-1]


def dishonesty_of(
    connection: Connection, whose: Callable[[ColumnElement[str]], ColumnElement[bool]] | None, on: date
) -> list[Listing]:
    """Return the listings of the parties asked about, oldest first."""
    table, said = credit_tables.dishonesty, tables.statement
    query = select(table, said.c.by).join(said, said.c.entry == table.c.entry)
    found = query.where(said.c.void_by.is_(None)).order_by(table.c.entry)
    if whose is not None:
        found = found.where(whose(table.c.party))
    return [_listing(connection, row, on) for row in connection.execute(found).all()]


def _listing(connection: Connection, row: Any, on: date) -> Listing:
    end = _end(connection, row.digest)
    early = end is not None and end.day <= on.isoformat()
    return Listing(
        entry=row.entry,
        digest=row.digest,
        party=row.party,
        listed_by=row.by,
        basis=row.basis,
        facts=tuple(_entries(connection, json.loads(row.facts))),
        excludes=tuple(json.loads(row.excludes)),
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        state=end.how if end is not None and early else _in_term(row, on),
        ended_by=end.entry if end is not None and early else None,
        ended_told=end.told if end is not None and early else None,
        off=date.fromisoformat(end.day) if end is not None and early else None,
    )


def _in_term(row: Any, on: date) -> State:
    if on.isoformat() < row.since:
        return "not-yet"
    return "listed" if on.isoformat() <= row.until else "ended"


def _end(connection: Connection, digest: str) -> Any | None:
    table = credit_tables.dishonesty_end
    return connection.execute(tables.standing(table, table.c.target == digest).limit(1)).first()


def _entries(connection: Connection, digests: list[str]) -> list[int]:
    said = tables.statement
    query = select(said.c.entry).where(said.c.digest.in_(digests)).order_by(said.c.entry)
    return list(connection.execute(query).scalars())
