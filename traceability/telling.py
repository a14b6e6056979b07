"""What happened to goods, read from the log for tracing: every occurrence that still stands."""

from collections.abc import Iterator

from sqlalchemy import or_, select

from traceability import kept, tables
from traceability.disclosure import SealedValue
from traceability.events.partner import PartnerClaimed
from traceability.occurrence import Occurrence, occurrence_of
from traceability.reading import Reader
from traceability.statement import Statement


def occurrences(reader: Reader) -> Iterator[Occurrence]:
    """Yield every occurrence of the log that no later entry made void, in the order of the log.

    Places are opened where their sealed values are still kept, and left out where they were erased.
    """
    places = _places(reader)
    moved = select(tables.item.c.entry).distinct().subquery()
    found = reader.connection.execute(
        select(tables.statement.c.entry)
        .join(moved, moved.c.entry == tables.statement.c.entry)
        .where(tables.statement.c.void_by.is_(None))
        .order_by(tables.statement.c.entry)
    ).all()
    for row in found:
        statement = reader.statement(row.entry)
        told = occurrence_of(statement.event, event_id=_name(statement), index=row.entry, places=places)
        if told is not None:
            yield told


def _name(statement: Statement) -> str:
    event = statement.event
    return event.event_id if isinstance(event, PartnerClaimed) else statement.id


def _places(reader: Reader) -> dict[bytes, str]:
    """Return what the sealed places say, by the digest that stands for each in the log."""
    table = kept.sealed_value
    is_place = or_(
        table.c.pointer.like("%/to"), table.c.pointer.like("%/destination"), table.c.pointer.like("%/place")
    )
    rows = reader.connection.execute(kept.shown().where(is_place))
    values = (SealedValue(row.statement_id, row.pointer, bytes(row.salt), row.value) for row in rows)
    return {each.digest: each.value for each in values}
