"""What was sent is what came, or somebody says what became of the rest."""

from collections.abc import Iterator
from decimal import Decimal

from traceability.errors import Breach
from traceability.events import Event, movement
from traceability.events.processing import Part
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.moving import TOLERANCES
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, text, totals
from traceability.rules.clauses import HOUSE


@about(movement.Received)
def not_as_sent(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for differences that do not add up, and a mark for a delivery that is simply short."""
    if not isinstance(event, movement.Received):
        return
    shipment = past.shipment
    if shipment is None or shipment.statement != event.shipment:
        return
    shipped: dict[str, Decimal] = {}
    for lot, amount in shipment.parts:
        shipped[lot] = shipped.get(lot, NOTHING) + amount
    taken = totals(event.parts, past.lots)
    lacking = [Part(each.lot, each.amount) for each in event.differences if each.how != "over"]
    told, missing = {each.lot for each in lacking}, totals(lacking, past.lots)
    for lot in sorted({each.lot for each in event.differences} - set(shipped)):
        yield Breach("not-in-the-shipment", HOUSE, (("lot", lot),))
    for lot, amount in sorted(shipped.items()):
        facts = (("lot", lot), ("shipped", text(amount)), ("received", text(taken.get(lot, NOTHING))))
        rest = amount - taken.get(lot, NOTHING)
        if lot in told and missing.get(lot, NOTHING) != rest:
            yield Breach("differences-do-not-add-up", HOUSE, facts)
        elif lot not in told and rest > amount * _tolerated(lot, past, rules, event):
            yield Breach("short-delivery", HOUSE, facts, level="warn")


def _tolerated(lot: str, past: Past, rules: RuleSet, event: Event) -> Decimal:
    """Return the share that may be missing unexplained; all of it where no row says how much."""
    known = past.lots.get(lot)
    commodity = known.product.commodity if known is not None and known.product is not None else None
    rows = [row for row in rules.rows(TOLERANCES) if row.in_force(event.day)]
    fitting = [row for row in rows if row.commodity == commodity] or [
        row for row in rows if row.commodity is None
    ]
    return min((row.per_cent / 100 for row in fitting), default=Decimal(1))
