"""Drying takes water and leaves dry matter: what comes out follows from the two moistures.

More than that, beyond what scales and moisture meters may be wrong by, is held when it is so much more that
no meter explains it, for dry matter does not grow; else it is marked, as is what is missing.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from traceability import drying
from traceability.errors import Breach
from traceability.events import Event
from traceability.events.processing import Processed
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.quantity import GRAM
from traceability.rule_tables.making import MAKING_TOLERANCES
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, in_kg, product_of, text
from traceability.rules.clauses import HOUSE


@about(Processed)
def against_dry_matter(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach where a drying tells both moistures, and its masses do not go with them."""
    if not isinstance(event, Processed) or event.process != "drying":
        return
    before, after = event.moisture_before, event.moisture_after
    if before is None or after is None:
        return
    if after > before:
        yield Breach("wetter-than-before", HOUSE, (("before", text(before)), ("after", text(after))))
        return
    went_in, came_out = _kg(event, past)
    if went_in is not None and came_out is not None:
        yield from _compared(event, went_in, came_out, rules)


def _kg(event: Processed, past: Past) -> tuple[Decimal | None, Decimal | None]:
    lots = ((part, past.lots.get(part.lot)) for part in event.inputs)
    inputs = [in_kg(part.amount, None if lot is None else lot.product) for part, lot in lots]
    outputs = [in_kg(made.amount, product_of(made.product, past)) for made in event.outputs]
    return _sum(inputs), _sum(outputs)


def _sum(weights: list[Decimal | None]) -> Decimal | None:
    known = [kg for kg in weights if kg is not None]
    return sum(known, NOTHING) if len(known) == len(weights) else None


def _compared(event: Processed, went_in: Decimal, came_out: Decimal, rules: RuleSet) -> Iterator[Breach]:
    named = {row.tolerance: row.value for row in rules.rows(MAKING_TOLERANCES)}
    if not {"scale", "moisture", "drying-far"} <= named.keys():
        return
    before, after = event.moisture_before or NOTHING, event.moisture_after or NOTHING
    expected = drying.dried_kg(went_in, before, after)
    # What a meter may be wrong by, in points of moisture, is so many kilograms; scales add their own.
    meter = expected * named["moisture"] / (drying.WHOLE - after)
    tolerance = went_in * named["scale"] / drying.WHOLE + meter
    facts = (("expected", _kg_text(expected)), ("made", text(came_out)), ("tolerance", _kg_text(tolerance)))
    if came_out > expected + tolerance:
        far = came_out > expected + tolerance * named["drying-far"]
        level: Literal["hold", "warn"] = "hold" if far else "warn"
        yield Breach("more-than-dry-matter", HOUSE, facts, level=level)
    elif came_out + event.loss_kg < expected - tolerance:
        yield Breach("less-than-dry-matter", HOUSE, facts, level="warn")


def _kg_text(kg: Decimal) -> str:
    # Nearly nothing but water: what it dries to may have more figures than the default context keeps.
    with localcontext(prec=120):
        return text(kg.quantize(GRAM, ROUND_HALF_UP))
