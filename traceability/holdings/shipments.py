"""What a party has sent, and what is on its way to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, select

from traceability import kept, own_records, tables
from traceability.errors import Unknown
from traceability.events.followup import told_by
from traceability.events.processing import Part
from traceability.kept import SealedValues
from traceability.reading import Reader
from traceability.statement import Statement


@dataclass(frozen=True, slots=True)
class Delivery:
    """A shipment: who sent what, to whom as far as that is kept, and who received it."""

    digest: str
    entry: int
    statement_id: str
    by: str
    at: datetime
    parts: tuple[Part, ...]
    handover: str
    to: str | None
    received_by: str | None


MOST_SHIPMENTS = 100
"""How many shipments are read at once: a mill takes in thousands a season."""


def sent(
    reader: Reader,
    sealed: SealedValues,
    party: str,
    *,
    before: int | None = None,
    is_open: bool = False,
    most: int = MOST_SHIPMENTS,
) -> list[Delivery]:
    """Return the newest shipments of *party*, of entries *before* that; *is_open*: those not received yet."""
    table = tables.shipment
    wanted = [table.c.by == party, *([_not_received()] if is_open else [])]
    return _newest(reader, sealed, wanted, before=before, most=most)


def coming(
    reader: Reader, sealed: SealedValues, party: str, *, before: int | None = None, most: int = MOST_SHIPMENTS
) -> list[Delivery]:
    """Return the newest shipments that name *party* as their receiver and that nobody received yet."""
    table, value, said = tables.shipment, kept.sealed_value, tables.statement
    addressed = (
        select(said.c.entry)
        .join(value, value.c.statement_id == said.c.statement_id)
        .where(value.c.pointer.in_(("/to", "/replacement/to")), value.c.value == party)
    )
    wanted = [table.c.entry.in_(addressed), _not_received()]
    found = _newest(reader, sealed, wanted, before=before, most=most)
    return [each for each in found if each.to == party]


def _not_received() -> ColumnElement[bool]:
    received = tables.receipt
    of_this = tables.standing(received, received.c.shipment == tables.shipment.c.digest)
    return ~of_this.correlate(tables.shipment).exists()


def _newest(
    reader: Reader,
    sealed: SealedValues,
    wanted: Iterable[ColumnElement[bool]],
    *,
    before: int | None,
    most: int,
) -> list[Delivery]:
    table = tables.shipment
    older = [] if before is None else [table.c.entry < before]
    found = tables.standing(table, *wanted, *older).order_by(None).order_by(table.c.entry.desc()).limit(most)
    return [_delivery(reader, sealed, row) for row in reader.connection.execute(found)]


def delivery(reader: Reader, sealed: SealedValues, digest: str) -> Delivery:
    """Return the shipment with this digest, or raise `Unknown`."""
    table = tables.shipment
    row = reader.connection.execute(tables.standing(table, table.c.digest == digest)).first()
    if row is None:
        raise Unknown("statement", digest)
    return _delivery(reader, sealed, row)


def _delivery(reader: Reader, sealed: SealedValues, row: Any) -> Delivery:
    statement = reader.statement(row.entry)
    event = own_records.opened(reader, sealed, statement)
    told = cast(Any, told_by(event))
    table = tables.receipt
    receipt = reader.connection.execute(
        tables.standing(table, table.c.shipment == row.digest).limit(1)
    ).first()
    return Delivery(
        digest=row.digest,
        entry=row.entry,
        statement_id=_first_id(reader, statement),
        by=row.by,
        at=told.at,
        parts=told.parts,
        handover=row.handover,
        to=told.to if isinstance(told.to, str) else None,
        received_by=None if receipt is None else receipt.by,
    )


def _first_id(reader: Reader, statement: Statement) -> str:
    """Return the id under which a shipment was first told: putting it right changes no delivery note."""
    target = getattr(statement.event, "target", None)
    table = tables.statement
    row = reader.connection.execute(select(table).where(table.c.digest == target)).first()
    return statement.id if row is None else str(row.statement_id)
