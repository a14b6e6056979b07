"""What a trader bought and sold, as the law asks for it: nothing that the ledger has is typed again.

    purchases   食品安全法 art. 50: name, specification, amount, production date or lot, shelf life,
                date of purchase, supplier with address and contact
    sales       art. 51: the same of what went out, with the number of its certificate, and the buyer

Whoever is outside the ledger is named by what its own partner noted; what nobody told stays empty.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from sqlalchemy import bindparam, select

from ledger.canonical import instant_of
from traceability import counterparties, own_records, tables
from traceability.counterparties import Counterparty
from traceability.events.fact import legal_day
from traceability.events.followup import told_by
from traceability.events.processing import Part
from traceability.kept import SealedValues
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection.moving import shelf_end

Side = Literal["purchases", "sales"]
KINDS: dict[Side, tuple[str, ...]] = {
    "purchases": ("received", "untraced-received"),
    "sales": ("shipped", "retailed"),
}
MOST = 500
"""So many records are told at once, the newest ones."""

_LOT = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("lot")).limit(1))
_PRODUCT = Question(
    tables.standing(
        tables.product,
        tables.product.c.party == bindparam("party"),
        tables.product.c.product == bindparam("product"),
    )
)
_CERTIFICATE = Question(
    tables.standing(tables.certificate, tables.certificate.c.lot == bindparam("lot"))
    .order_by(None)
    .order_by(tables.certificate.c.entry.desc())
    .limit(1)
)
_SHIPMENT = Question(tables.standing(tables.shipment, tables.shipment.c.digest == bindparam("digest")))
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))


@dataclass(frozen=True, slots=True)
class Line:
    """One lot of one purchase or sale."""

    entry: int
    kind: str
    day: date
    name: str
    specification: str | None
    lot: str
    part: Part
    unit: str
    """What a piece of the lot is called."""
    produced_on: date | None
    shelf_ends: date | None
    partner: str | None
    address: str | None
    contact: str | None
    certificate: str | None


@dataclass(frozen=True, slots=True)
class _Partner:
    name: str | None = None
    address: str | None = None
    contact: str | None = None


def lines(reader: Reader, sealed: SealedValues, party: str, side: Side) -> list[Line]:
    """Return the purchases or sales of *party*, the newest first."""
    said = tables.statement
    rows = reader.connection.execute(
        select(said.c.entry)
        .where(said.c.by == party, said.c.void_by.is_(None), said.c.effective_kind.in_(KINDS[side]))
        .order_by(said.c.entry.desc())
        .limit(MOST)
    ).scalars()
    known = {each.counterparty: each for each in counterparties.of_party(reader, sealed, party)}
    return [line for entry in rows for line in _lines(reader, sealed, entry, known)]


def _lines(
    reader: Reader, sealed: SealedValues, entry: int, known: dict[str, Counterparty]
) -> Iterator[Line]:
    event: Any = own_records.opened(reader, sealed, reader.statement(entry))
    told = told_by(event)
    partner = _partner(reader, told, known)
    for part in _parts(told):
        birth = _LOT.first(reader.connection, lot=part.lot)
        product = _product(reader, birth)
        certificate = _CERTIFICATE.first(reader.connection, lot=part.lot)
        yield Line(
            entry=entry,
            kind=told.kind,
            day=told.day,
            name=product.name if product is not None else part.lot,
            specification=_specification(product),
            lot=part.lot,
            part=part,
            unit=(None if product is None else product.piece) or "piece",
            produced_on=None if birth is None else legal_day(instant_of(birth.at)),
            shelf_ends=shelf_end(reader.connection, part.lot),
            partner=partner.name,
            address=partner.address,
            contact=partner.contact,
            certificate=None if certificate is None else str(certificate.number),
        )


def _parts(told: Any) -> Iterable[Part]:
    parts = getattr(told, "parts", None)
    return cast("tuple[Part, ...]", parts) if parts is not None else (Part(told.lot, told.amount),)


def _product(reader: Reader, birth: Any) -> Any:
    if birth is None or birth.product is None:
        return None
    rows = _PRODUCT.rows(reader.connection, party=birth.product_party, product=birth.product)
    return rows[-1] if rows else None


def _specification(product: Any) -> str | None:
    if product is None or product.piece is None:
        return None
    return f"{product.piece_kg} kg/{product.piece}" if product.piece_kg else str(product.piece)


def _partner(reader: Reader, told: Any, known: dict[str, Counterparty]) -> _Partner:
    """Return who stands on the other side: the sender, the receiver as it is kept, or an outsider."""
    if told.kind == "received":
        row = _SHIPMENT.first(reader.connection, digest=told.shipment)
        return _Partner() if row is None else _named(reader, str(row.by), known)
    name = getattr(told, "supplier", None) if told.kind == "untraced-received" else getattr(told, "to", None)
    return _named(reader, name, known) if isinstance(name, str) else _Partner()


def _named(reader: Reader, name: str, known: dict[str, Counterparty]) -> _Partner:
    if name in known:
        return _Partner(known[name].name, known[name].address, known[name].contact)
    rows = _PARTY.rows(reader.connection, party=name)
    return _Partner((rows[-1].name if rows else None) or name)
