"""Batches of a division for the national and provincial platforms, in the shape of NY/T 4712-2025.

    入库批次   what came in: its own batch, who it came from (one step back)
    出库批次   what went out: the batch, who it went to (one step forward)

Each operator tells its own stage (生产, 收购, 加工, 销售) with its source and its destination. The
full list of the standard's fields was not read by anybody here: the columns are ours, each mapped to a notion
of its public summary, and `CONFIDENCE` stands in every file.

Nothing sealed is told. A receiver is named by its own receipt, which is public, else by kind and province.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import and_, select

from ledger.canonical import decimal_text
from traceability import tables
from traceability.events.followup import told_by
from traceability.events.processing import Part
from traceability.reading import Reader
from traceability.scope import Scope

FORMAT = "jizihao/platform/v1"
CONFIDENCE = "likely: after the public summary of NY/T 4712-2025; its field list was not read"

Direction = Literal["inbound", "outbound"]
_DIRECTIONS: dict[str, Direction] = {
    "harvested": "inbound",
    "untraced-received": "inbound",
    "received": "inbound",
    "processed": "inbound",
    "shipped": "outbound",
    "retailed": "outbound",
}
_STAGES = {
    "harvested": "生产",
    "untraced-received": "收购",
    "received": "收购",
    "processed": "加工",
    "shipped": "销售",
    "retailed": "销售",
}
COLUMNS = (
    "direction",
    "stage",
    "operator",
    "operator_name",
    "operator_uscc",
    "operator_division",
    "batch",
    "product",
    "commodity",
    "quantity",
    "unit",
    "day",
    "source_batches",
    "source_operator",
    "destination_operator",
    "destination_kind",
    "destination_division",
    "destination_country",
    "entry",
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch that came in or went out; what nobody told is empty."""

    direction: Direction
    stage: str
    operator: str
    operator_name: str
    operator_uscc: str
    operator_division: str
    batch: str
    product: str
    commodity: str
    quantity: str
    unit: str
    day: str
    entry: int
    source_batches: str = ""
    source_operator: str = ""
    destination_operator: str = ""
    destination_kind: str = ""
    destination_division: str = ""
    destination_country: str = ""


def rows(reader: Reader, area: str, since: date, until: date) -> Iterator[BatchRow]:
    """Yield every batch of the parties of *area* (GB/T 2260) in that time, both days included."""
    scope, said = Scope.of(reader.connection, area), tables.statement
    found = reader.connection.execute(
        select(said.c.entry)
        .where(
            and_(
                said.c.void_by.is_(None),
                said.c.claimed_by.is_(None),
                said.c.effective_kind.in_(sorted(_DIRECTIONS)),
                # Instants are in UTC, days are Shanghai's: a day more on either side holds them all.
                said.c.at >= (since - timedelta(days=1)).isoformat(),
                said.c.at < (until + timedelta(days=2)).isoformat(),
                scope.of_party(said.c.by),
            )
        )
        .order_by(said.c.entry)
    ).scalars()
    for entry in found:
        statement = reader.statement(entry)
        event: Any = told_by(statement.event)
        if since <= event.day <= until:
            yield from _rows_of(reader, statement.by, event, entry)


def _rows_of(reader: Reader, by: str, event: Any, entry: int) -> Iterator[BatchRow]:
    operator = _party(reader, by)
    sides = _sides(reader, event, entry)
    for part in _parts(event):
        name, commodity = _product(reader, part.lot)
        amount = part.amount
        yield BatchRow(
            direction=_DIRECTIONS[event.kind],
            stage=_STAGES[event.kind],
            operator=by,
            operator_name=(operator.name if operator is not None else None) or "",
            operator_uscc=(operator.uscc if operator is not None else None) or "",
            operator_division=operator.division if operator is not None else "",
            batch=part.lot,
            product=name,
            commodity=commodity,
            quantity=str(amount.pieces) if amount.kg is None else decimal_text(amount.kg),
            unit="件" if amount.kg is None else "kg",
            day=event.day.isoformat(),
            entry=entry,
            **sides,
        )


def _parts(event: Any) -> Sequence[Part]:
    if event.kind == "processed":
        return [Part(made.lot, made.amount) for made in event.outputs]
    parts = getattr(event, "parts", None)
    return parts if parts is not None else [Part(event.lot, event.amount)]


def _sides(reader: Reader, event: Any, entry: int) -> dict[str, str]:
    """Return one step back and one step forward, as far as the public record says."""
    if event.kind == "processed":
        return {"source_batches": " ".join(sorted({part.lot for part in event.inputs}))}
    if event.kind == "received":
        return {"source_operator": _sender(reader, event.shipment)}
    if event.kind == "shipped":
        return {
            "destination_operator": _receiver(reader, entry),
            "destination_kind": event.receiver_kind or "",
            "destination_division": event.destination_division or "",
            "destination_country": event.destination_country or "",
        }
    return {"destination_kind": "household"} if event.kind == "retailed" else {}


def _sender(reader: Reader, digest: str) -> str:
    table = tables.shipment
    row = reader.connection.execute(tables.standing(table, table.c.digest == digest)).first()
    return "" if row is None else str(row.by)


def _receiver(reader: Reader, entry: int) -> str:
    sent, got = tables.shipment, tables.receipt
    digest = reader.connection.execute(select(sent.c.digest).where(sent.c.entry == entry)).scalar()
    row = reader.connection.execute(tables.standing(got, got.c.shipment == digest).limit(1)).first()
    return "" if row is None else str(row.by)


def _party(reader: Reader, party: str) -> Any:
    table = tables.party
    found = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    return found[-1] if found else None


def _product(reader: Reader, lot: str) -> tuple[str, str]:
    table, made = tables.lot, tables.product
    birth = reader.connection.execute(tables.standing(table, table.c.lot == lot).limit(1)).first()
    if birth is None or birth.product is None:
        return "", ""
    named = (made.c.party == birth.product_party, made.c.product == birth.product)
    found = reader.connection.execute(tables.standing(made, *named)).all()
    return (found[-1].name, found[-1].commodity) if found else ("", "")


@dataclass(frozen=True, slots=True)
class Flow:
    """How much of one lot's kind went to one place: forward statistics without naming a buyer."""

    commodity: str
    destination: str
    receiver_kind: str
    shipments: int


def flows(reader: Reader, area: str, since: date, until: date) -> list[Flow]:
    """Return how often goods of each kind left for each province or country, by kind of receiver.

    Only shipments that say so count; those that do not are under the destination "".
    """
    counts: dict[tuple[str, str, str], int] = {}
    for each in rows(reader, area, since, until):
        if each.direction == "outbound" and each.destination_kind != "household":
            place = each.destination_country or each.destination_division
            key = (each.commodity, place, each.destination_kind)
            counts[key] = counts.get(key, 0) + 1
    return [Flow(*key, count) for key, count in sorted(counts.items())]


def document(
    reader: Reader, area: str, since: date, until: date, *, origin: str, size: int
) -> dict[str, Any]:
    """Return the export as JSON: its batches, its flows, and what it rests on."""
    return {
        "format": FORMAT,
        "schema": "NY/T 4712-2025",
        "confidence": CONFIDENCE,
        "log": origin,
        "size": size,
        "division": area,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "batches": [asdict(each) for each in rows(reader, area, since, until)],
        "flows": [asdict(each) for each in flows(reader, area, since, until)],
    }
