"""Nothing is spent twice, and nothing comes from nothing.

of a lot         what is taken  ≤  what its holder has; coded packs cannot go into a process
of a process     outputs + loss  ≤  inputs + water, in kilograms
of a plot        what it gave in a calendar year  ≤  its size × the cap of its crop
of a delivery    what is received  ≤  what was shipped
of a correction  what others have taken since is still there
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from traceability.errors import Breach
from traceability.events import Event, field, followup, movement, partner, processing
from traceability.events.processing import Part
from traceability.limits import CapRow, RuleSet
from traceability.past import KnownLot, KnownPlot, KnownProduct, Past
from traceability.quantity import Measure
from traceability.rule_tables.growing import BOUNDS
from traceability.rules.amounts import (
    NOTHING,
    births,
    held,
    holder,
    in_kg,
    measured,
    movings,
    product_of,
    takings,
    text,
    totals,
)
from traceability.rules.clauses import HOUSE
from traceability.unit import KILOGRAMS


def spent_twice(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each balance that does not hold, a hold where it cannot be drawn."""
    yield from _taken(event, past)
    match event:
        case processing.Processed():
            yield from _coded(event, past)
            yield from _process(event, past)
        case field.Harvested():
            yield from _harvest(event, past, rules)
        case movement.Received():
            yield from _received(event, past)
        case followup.Corrected():
            yield from _corrected(event, past)
        case partner.PartnerClaimed():
            yield from _claimed(event)


def _taken(event: Event, past: Past) -> Iterator[Breach]:
    # Codes are counted in packs, by a rule of their own.
    parts = () if isinstance(event, processing.CodesIssued) else (takings(event) or movings(event))
    for name, wanted in totals(parts, past.lots).items():
        stock = held(past.lots[name], past)
        # Who holds none at all is told so by the rule of custody.
        if 0 < stock < wanted:
            facts = (("lot", name), ("wanted", text(wanted)), ("held", text(stock)))
            yield Breach("mass-balance", HOUSE, facts)


def _coded(event: processing.Processed, past: Past) -> Iterator[Breach]:
    for name, wanted in totals(event.inputs, past.lots).items():
        lot = past.lots[name]
        free = lot.born - lot.consumed - lot.coded
        if lot.coded > 0 and wanted > free:
            facts = (("lot", name), ("wanted", text(wanted)), ("free", text(max(free, NOTHING))))
            yield Breach("mass-in-packs", HOUSE, facts)


def _process(event: processing.Processed, past: Past) -> Iterator[Breach]:
    inputs = [in_kg(part.amount, _product(part, past)) for part in event.inputs]
    outputs = [in_kg(made.amount, product_of(made.product, past)) for made in event.outputs]
    most = sum((kg or NOTHING for kg in inputs), event.water_kg)
    least = sum((kg or NOTHING for kg in outputs), event.loss_kg)
    if None not in inputs and least > most:
        yield Breach("mass-balance", HOUSE, (("inputs", text(most)), ("outputs", text(least))))
    elif None in inputs or None in outputs:
        yield Breach("mass-unknown", HOUSE, (("process", event.process),), level="hold")


def _product(part: Part, past: Past) -> KnownProduct | None:
    lot = past.lots.get(part.lot)
    return None if lot is None else lot.product


def _harvest(event: field.Harvested, past: Past, rules: RuleSet) -> Iterator[Breach]:
    product = product_of(event.product, past)
    cap = None if product is None else rules.cap(product.commodity, event.day)
    if product is None or cap is None:
        return
    for share in event.plots:
        plot = past.plots.get(share.plot)
        size = None if plot is None else _size(plot, cap)
        amount = _as_capped(measured(share.amount, product), product, cap)
        if plot is None or size is None or amount is None:
            continue
        reaped = amount + _reaped(plot, product, cap)
        if reaped > size * cap.most:
            facts = (("plot", plot.plot), ("year", str(event.day.year)), ("reaped", text(reaped)))
            more = (("most", text(size * cap.most)), ("unit", cap.unit.split("/")[0]), ("source", cap.source))
            yield Breach("yield-cap", HOUSE, (*facts, *more), level="refuse" if cap.sure else "hold")
        else:
            usual = _usual(cap, event.day, rules)
            if usual is not None and reaped > size * usual:
                facts = (("plot", plot.plot), ("year", str(event.day.year)), ("reaped", text(reaped)))
                good = (("usual", text(size * usual)), ("unit", cap.unit.split("/")[0]))
                yield Breach("yield-high", HOUSE, (*facts, *good), level="warn")


def _usual(cap: CapRow, day: date, rules: RuleSet) -> Decimal | None:
    """Return what a hectare or a bag gives in a good year, in the unit of its cap."""
    found = (
        row.usual
        for row in rules.rows(BOUNDS)
        if row.commodity == cap.commodity and row.unit == cap.unit and row.in_force(day)
    )
    return next(found, None)


def _size(plot: KnownPlot, cap: CapRow) -> Decimal | None:
    """Return how many hectares, or bags, the cap is multiplied with."""
    if cap.unit == "kg/bag":
        return None if plot.bags is None else Decimal(plot.bags)
    return plot.area_ha


def _as_capped(amount: Decimal | None, product: KnownProduct, cap: CapRow) -> Decimal | None:
    """Return an amount of *product* in kilograms or pieces, whichever its cap counts."""
    return None if amount is None else _counted(amount, product.measure, product.piece_kg, cap)


def _counted(amount: Decimal, measure: Measure, piece_kg: Decimal | None, cap: CapRow) -> Decimal | None:
    counts = "pieces" if cap.unit == "pieces/ha" else "mass"
    if measure == counts:
        return amount
    if not piece_kg:
        return None
    return amount * piece_kg if counts == "mass" else amount / piece_kg


def _reaped(plot: KnownPlot, product: KnownProduct, cap: CapRow) -> Decimal:
    """Return what the plot has given in the year; a piece weighs what one of *product* does."""
    found = (_counted(amount, measure, product.piece_kg, cap) for measure, amount in plot.reaped.items())
    return sum((amount for amount in found if amount is not None), NOTHING)


def _received(event: movement.Received, past: Past) -> Iterator[Breach]:
    if past.shipment is None or past.shipment.statement != event.shipment:
        return
    shipped: dict[str, Decimal] = {}
    for lot, amount in past.shipment.parts:
        shipped[lot] = shipped.get(lot, NOTHING) + amount
    for name in sorted({part.lot for part in event.parts} - set(shipped)):
        yield Breach("not-in-the-shipment", HOUSE, (("lot", name),))
    for name, wanted in totals(event.parts, past.lots).items():
        if name in shipped and wanted > shipped[name]:
            facts = (("lot", name), ("received", text(wanted)), ("shipped", text(shipped[name])))
            yield Breach("mass-balance", HOUSE, facts)


def _corrected(event: followup.Corrected, past: Past) -> Iterator[Breach]:
    """Yield a breach for each lot of the target that is overdrawn once the target is void."""
    if past.target is None or past.target.digest != event.target:
        return
    told = past.target.event
    if isinstance(told, movement.Shipped):
        yield from _shipment_stands(event, past)
    born = _born(event.replacement, past)
    received = event.replacement.parts if isinstance(event.replacement, movement.Received) else ()
    back = {**totals(received, past.lots), **born}
    gone = {made.lot for made in births(told)}
    if isinstance(told, movement.Received):
        gone |= {part.lot for part in told.parts}
    for name in sorted(gone & set(past.lots)):
        yield from _overdrawn(past.lots[name], born.get(name, NOTHING), back.get(name, NOTHING), past)


def _born(event: Event | None, past: Past) -> dict[str, Decimal]:
    found = ((made.lot, measured(made.amount, product_of(made.product, past))) for made in births(event))
    return {lot: amount for lot, amount in found if amount is not None}


def _overdrawn(lot: KnownLot, born: Decimal, back: Decimal, past: Past) -> Iterator[Breach]:
    left = lot.born + born - lot.consumed - lot.coded
    stocks = [stock + (back if party == holder(past) else NOTHING) for party, stock in lot.stock.items()]
    least = min([left, *stocks])
    if least < 0:
        yield Breach("spent-since", HOUSE, (("lot", lot.lot), ("missing", text(-least))))


def _shipment_stands(event: followup.Corrected, past: Past) -> Iterator[Breach]:
    """Yield a breach if somebody has received it: its mass would be at both ends."""
    shipment = past.shipment
    if shipment is not None and shipment.statement == event.target and shipment.received_by is not None:
        yield Breach("received-already", HOUSE, (("shipment", event.target), ("by", shipment.received_by)))


def _claimed(event: partner.PartnerClaimed) -> Iterator[Breach]:
    inputs, outputs = _mass(event.inputs), _mass(event.outputs)
    if inputs is not None and outputs is not None and outputs > inputs:
        yield Breach("mass-balance", HOUSE, (("inputs", text(inputs)), ("outputs", text(outputs))))


def _mass(items: tuple[partner.Item, ...]) -> Decimal | None:
    """Return what *items* weigh together; None where there are none, or one of them tells no mass."""
    total = NOTHING
    for item in items:
        if item.quantity is None or item.unit is None or item.unit not in KILOGRAMS:
            return None
        total += item.quantity * KILOGRAMS[item.unit]
    return total if items else None
