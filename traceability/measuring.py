"""In which measure a lot is counted, so that kilograms and ears of maize are never added."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.events import Event, field, partner, processing
from traceability.quantity import Amount, Measure
from traceability.question import Question
from traceability.unit import KILOGRAMS

_LOT = Question(
    select(tables.lot.c.measure, tables.lot.c.product_party, tables.lot.c.product)
    .where(tables.lot.c.lot == bindparam("lot"))
    .order_by(tables.lot.c.entry.desc())
    .limit(1)
)
_PRODUCT = Question(
    select(tables.product.c.measure, tables.product.c.piece_kg)
    .join(tables.statement, tables.statement.c.entry == tables.product.c.entry)
    .where(
        tables.product.c.party == bindparam("party"),
        tables.product.c.product == bindparam("product"),
        tables.statement.c.void_by.is_(None),
    )
    .order_by(tables.product.c.entry.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a lot is measured, and what a piece of it weighs."""

    measure: Measure
    piece_kg: Decimal | None = None


class Measures:
    """The scales of the lots that an event names; those born in it are measured as their product says."""

    def __init__(self, connection: Connection, by: str, event: Event | None) -> None:
        self._connection = connection
        self._scales: dict[str, Scale] = {}
        for lot, product in births_of(event):
            self._scales[lot] = scale_of_product(connection, by, product)
        if isinstance(event, partner.PartnerClaimed):
            for item in (*event.outputs, *event.objects):
                if item.uri not in self._scales and self._known(item.uri) is None:
                    self._scales[item.uri] = Scale("mass" if item.unit in KILOGRAMS else "pieces")

    @property
    def connection(self) -> Connection:
        """The connection to the derived tables."""
        return self._connection

    def scale(self, lot: str) -> Scale:
        """Return the scale of *lot*; a lot that nobody knows counts in kilograms."""
        if lot not in self._scales:
            self._scales[lot] = self._known(lot) or Scale("mass")
        return self._scales[lot]

    def amount_of(self, lot: str, amount: Amount) -> Decimal | None:
        """Return *amount* in the measure of *lot*; None where no weight of a piece links the two."""
        scale = self.scale(lot)
        return amount.measured(scale.measure, scale.piece_kg)

    def quantity_of(self, item: partner.Item) -> Decimal | None:
        """Return a partner's quantity in the measure of its lot; None where untold or of another kind."""
        if item.quantity is None:
            return None
        if item.unit is not None and item.unit in KILOGRAMS:
            kg = item.quantity * KILOGRAMS[item.unit]
            return kg if self.scale(item.uri).measure == "mass" else None
        return item.quantity if self.scale(item.uri).measure == "pieces" else None

    def _known(self, lot: str) -> Scale | None:
        row = _LOT.first(self._connection, lot=lot)
        if row is None:
            return None
        if row.product is None:
            return Scale(cast(Measure, row.measure))
        return scale_of_product(self._connection, row.product_party, row.product)


def births_of(event: Event | None) -> tuple[tuple[str, str], ...]:
    """Return each lot that is born in *event*, with its product."""
    if isinstance(event, field.Harvested | processing.UntracedReceived):
        return ((event.lot, event.product),)
    if isinstance(event, processing.Processed):
        return tuple((made.lot, made.product) for made in event.outputs)
    return ()


def scale_of_product(connection: Connection, party: str, product: str) -> Scale:
    """Return how *product* of *party* is measured; kilograms where nobody registered it."""
    row = _PRODUCT.first(connection, party=party, product=product)
    if row is None:
        return Scale("mass")
    return Scale(cast(Measure, row.measure), None if row.piece_kg is None else Decimal(row.piece_kg))
