"""What one party has said: its own statements, the newest first, their sealed values opened for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ledger.canonical import instant_of
from traceability import disclosure, tables
from traceability.errors import NotAllowed, Unknown
from traceability.events import Event
from traceability.kept import SealedValues
from traceability.reading import Reader
from traceability.statement import Statement


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a party, and where it stands."""

    entry: int
    digest: str
    statement_id: str
    kind: str
    effective_kind: str | None
    at: datetime
    recorded_at: datetime
    void_by: int | None


def entries(
    reader: Reader, party: str, *, limit: int = 50, before: int | None = None, about: str | None = None
) -> list[Said]:
    """Return what *party* stated (about one subject), the newest first; *before* an entry, page by page."""
    table = tables.statement
    found = select(table).where(table.c.by == party).order_by(table.c.entry.desc()).limit(limit)
    if before is not None:
        found = found.where(table.c.entry < before)
    if about is not None:
        subject = tables.subject
        found = found.where(table.c.entry.in_(select(subject.c.entry).where(subject.c.subject == about)))
    return [_said(row) for row in reader.connection.execute(found)]


def entry(reader: Reader, party: str, digest: str) -> Said:
    """Return one statement of *party*; raises `Unknown`, or `NotAllowed` where another party said it."""
    table = tables.statement
    row = reader.connection.execute(select(table).where(table.c.digest == digest)).first()
    if row is None:
        raise Unknown("statement", digest)
    if row.by != party:
        raise NotAllowed("other-party", party=row.by)
    return _said(row)


def entry_with_id(reader: Reader, party: str, statement_id: str) -> Said | None:
    """Return the statement that *party* recorded under this id, if there is one."""
    table = tables.statement
    named = (table.c.by == party, table.c.statement_id == statement_id)
    row = reader.connection.execute(select(table).where(*named)).first()
    return None if row is None else _said(row)


def _said(row: Any) -> Said:
    return Said(
        row.entry,
        row.digest,
        row.statement_id,
        row.kind,
        row.effective_kind,
        instant_of(row.at),
        instant_of(row.recorded_at),
        row.void_by,
    )


def opened(reader: Reader, sealed: SealedValues, statement: Statement) -> Event:
    """Return the event of *statement* with its sealed values in the clear; erased ones stay sealed."""
    values = sealed.of_statement(reader.connection, statement.id)
    return disclosure.opened(statement.event, values)
