"""What an event bears, takes and moves, measured as its lots are measured.

    bears    a harvest, the outputs of a process, goods that nobody traced
    takes    the inputs of a process, a shipment, a sale to shoppers
    moves    all that is taken, packed, certified, or given codes

Every sum is exact: amounts of a lot are whole grams or whole pieces.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from traceability.events import Event, brands, field, movement, processing, quality, selling
from traceability.events.processing import Part, Product
from traceability.past import KnownLot, KnownProduct, Past
from traceability.quantity import Amount, Measure

NOTHING = Decimal(0)


def holder(past: Past) -> str:
    """Return whose goods an event moves: those of the partner whose claim it is, else its author's."""
    return past.claimed_by or past.by


def births(event: Event | None) -> tuple[Product, ...]:
    """Return each lot that is born in *event*, its product and how much of it there is."""
    if isinstance(event, field.Harvested | processing.UntracedReceived):
        return (Product(event.lot, event.product, event.amount),)
    return event.outputs if isinstance(event, processing.Processed) else ()


def takings(event: Event | None) -> tuple[Part, ...]:
    """Return what *event* takes away from its holder."""
    match event:
        case processing.Processed():
            return event.inputs
        case movement.Shipped():
            return event.parts
        case movement.Retailed():
            return (Part(event.lot, event.amount),)
        case _:
            return ()


def movings(event: Event | None) -> tuple[Part, ...]:
    """Return what *event* takes, packs, certifies or codes: for holders only, and for sound lots only."""
    match event:
        case processing.Packed():
            return event.parts
        case processing.CodesIssued():
            return (Part(event.lot, event.pack),)
        case quality.CertificateIssued() | brands.MarkApplied() | selling.ExportDeclared():
            return (Part(event.lot, event.amount),)
        case _:
            return takings(event)


def parts_named(event: Event | None) -> tuple[Part, ...]:
    """Return every amount of an existing lot that *event* tells."""
    if isinstance(event, processing.Unpacked | movement.Received):
        return event.parts
    return movings(event)


def lots_of(parts: Iterable[Part]) -> tuple[str, ...]:
    """Return the lots of *parts*, each once, in their order."""
    return tuple(dict.fromkeys(part.lot for part in parts))


def scale_of(product: KnownProduct | None) -> tuple[Measure, Decimal | None]:
    """Return how a product is measured and what a piece weighs; goods of no known product are mass."""
    return ("mass", None) if product is None else (product.measure, product.piece_kg)


def scale_of_lot(lot: KnownLot) -> tuple[Measure, Decimal | None]:
    """Return how *lot* is measured: as its product is, else as the partner counts it who told of it."""
    return scale_of(lot.product) if lot.product is not None else (lot.measure or "mass", None)


def measured(amount: Amount, product: KnownProduct | None) -> Decimal | None:
    """Return *amount* in the measure of *product*, or None where it cannot be told exactly."""
    return _in_scale(amount, *scale_of(product))


def measured_as(amount: Amount, lot: KnownLot) -> Decimal | None:
    """Return *amount* in the measure of *lot*, or None where it cannot be told exactly."""
    return _in_scale(amount, *scale_of_lot(lot))


def _in_scale(amount: Amount, measure: Measure, piece_kg: Decimal | None) -> Decimal | None:
    found = amount.measured(measure, piece_kg)
    # A third of a piece is no count of pieces.
    if found is not None and measure == "pieces" and found != found.to_integral_value():
        return None
    return found


def in_kg(amount: Amount, product: KnownProduct | None) -> Decimal | None:
    """Return *amount* in kilograms, or None where no weight of a piece is known."""
    return amount.measured("mass", None if product is None else product.piece_kg)


def totals(parts: Iterable[Part], lots: Mapping[str, KnownLot]) -> dict[str, Decimal]:
    """Return how much of each known lot *parts* are; lots that cannot be measured are left out."""
    sums: dict[str, Decimal] = {}
    unmeasured: set[str] = set()
    for part in parts:
        lot = lots.get(part.lot)
        amount = None if lot is None else measured_as(part.amount, lot)
        if amount is None:
            unmeasured.add(part.lot)
        else:
            sums[part.lot] = sums.get(part.lot, NOTHING) + amount
    return {name: total for name, total in sums.items() if name not in unmeasured}


def held(lot: KnownLot, past: Past) -> Decimal:
    """Return how much of *lot* the holder has."""
    return lot.stock.get(holder(past), NOTHING)


def product_of(product: str, past: Past) -> KnownProduct | None:
    """Return the author's product of that name."""
    return past.products.get((past.by, product))


def text(amount: Decimal) -> str:
    """Spell an amount for a breach."""
    spelt = format(amount, "f")
    return spelt.rstrip("0").rstrip(".") if "." in spelt else spelt
