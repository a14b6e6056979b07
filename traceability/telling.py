"""What happened to goods, read from the log for tracing: what still stands, all of it or some.

Places are opened where their sealed values are still kept, and left out where they were erased.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from traceability import gs1, kept, tables
from traceability.disclosure import SealedValue
from traceability.events.partner import PartnerClaimed
from traceability.occurrence import Occurrence, occurrence_of
from traceability.portions import portions
from traceability.reading import Reader
from traceability.rows import is_named
from traceability.statement import Statement


def occurrences(reader: Reader) -> Iterator[Occurrence]:
    """Yield every occurrence of the log that no later entry made void, in the order of the log."""
    found = reader.connection.execute(_standing(select(tables.item.c.entry).distinct())).scalars().all()
    yield from _told(reader, found)


def of_goods(reader: Reader, names: Iterable[str]) -> Iterator[Occurrence]:
    """Yield the standing occurrences of these lots and containers, and of what they were ever packed into.

    A recall depends on no others: *names* are then the lot and all that was made of it.
    """
    yield from _told(reader, _entries_of(reader, {gs1.lot_of(each) for each in names}, "parent"))


def of_container(reader: Reader, name: str) -> Iterator[Occurrence]:
    """Yield the standing occurrences of a container and of every container that was ever in it."""
    yield from _told(reader, _entries_of(reader, {name}, "object"))


def _entries_of(reader: Reader, names: set[str], onward: str) -> list[int]:
    """Return the standing entries about *names*, and about what stands beside them as *onward*."""
    entries: set[int] = set()
    known: set[str] = set()
    fresh = names
    while fresh:
        known |= fresh
        touched = set(_entries_about(reader, fresh)) - entries
        entries |= touched
        fresh = {each for each in _beside(reader, touched, onward) if not is_named(each)} - known
    return sorted(entries)


def _entries_about(reader: Reader, names: set[str]) -> Iterator[int]:
    for some in portions(sorted(names)):
        yield from reader.connection.execute(
            _standing(select(tables.item.c.entry).where(tables.item.c.lot.in_(some)).distinct())
        ).scalars()


def _beside(reader: Reader, entries: set[int], part: str) -> Iterator[str]:
    item = tables.item
    for some in portions(sorted(entries)):
        query = select(item.c.lot).where(item.c.entry.in_(some), item.c.part == part).distinct()
        yield from reader.connection.execute(query).scalars()


def _standing(moved: "Select[Any]") -> "Select[Any]":
    found = moved.subquery()
    return (
        select(tables.statement.c.entry)
        .join(found, found.c.entry == tables.statement.c.entry)
        .where(tables.statement.c.void_by.is_(None))
        .order_by(tables.statement.c.entry)
    )


def _told(reader: Reader, entries: Sequence[int]) -> Iterator[Occurrence]:
    for some in portions(entries):
        statements = {index: reader.statement(index) for index in some}
        places = _places(reader, [each.id for each in statements.values()])
        for index, statement in statements.items():
            told = occurrence_of(statement.event, event_id=_name(statement), index=index, places=places)
            if told is not None:
                yield told


def _name(statement: Statement) -> str:
    event = statement.event
    return event.event_id if isinstance(event, PartnerClaimed) else statement.id


def _places(reader: Reader, statements: Sequence[str]) -> dict[bytes, str]:
    """Return what the sealed places of *statements* say, by the digest that stands for each in the log."""
    table = kept.sealed_value
    is_place = or_(
        table.c.pointer.like("%/to"), table.c.pointer.like("%/destination"), table.c.pointer.like("%/place")
    )
    rows = reader.connection.execute(kept.shown().where(table.c.statement_id.in_(statements), is_place))
    values = (SealedValue(row.statement_id, row.pointer, bytes(row.salt), row.value) for row in rows)
    return {each.digest: each.value for each in values}
