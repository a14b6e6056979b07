"""How much of the one can become how much of the other: 70 of 100 of paddy, a third of fresh ginseng.

    usual    beyond it the process is marked
    most     beyond it: refused if the figure is sure, else held until a regulator has looked
    least    below it the process is marked: a slip of the pen, or goods beside the books

Water that was added is no goods: only liquor is let down with it, all else may not weigh more than what went
in. With a named way of making, what came out, what was lost and what went in also agree within a tolerance.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from traceability.errors import Breach
from traceability.events import Event
from traceability.events.processing import Processed
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.making import MAKING_TOLERANCES, OUTTURNS, OutturnKind, OutturnRow
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, in_kg, product_of, text
from traceability.rules.clauses import HOUSE

Weights = dict[str, Decimal]
WHOLE = Decimal(100)

LET_DOWN = frozenset({"baijiu"})
"""What is sold with water in it."""


@about(Processed)
def out_of_proportion(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each product of which there is more, or less, than what went in can give."""
    if not isinstance(event, Processed):
        return
    inputs, outputs = _inputs(event, past), _outputs(event, past)
    if inputs is None or outputs is None:
        return
    for commodity, made in sorted(outputs.items()):
        yield from _judged(event, commodity, made, inputs, rules)
    yield from _watered(inputs, outputs)
    most = past.making.template.most if past.making.template is not None else None
    if most is not None:
        yield from _declared(event, past, most, inputs, outputs)
    if event.template is not None and not _is_judged_by_its_dry_matter(event):
        yield from _unaccounted(event, inputs, outputs, rules)


def _inputs(event: Processed, past: Past) -> Weights | None:
    """Return the kilograms of each kind that went in; None where a weight or a kind is unknown."""
    found: Weights = {}
    for part in event.inputs:
        lot = past.lots.get(part.lot)
        product = None if lot is None else lot.product
        kg = in_kg(part.amount, product)
        if product is None or kg is None:
            return None
        found[product.commodity] = found.get(product.commodity, NOTHING) + kg
    return found


def _outputs(event: Processed, past: Past) -> Weights | None:
    found: Weights = {}
    for made in event.outputs:
        product = product_of(made.product, past)
        kg = in_kg(made.amount, product)
        if product is None or kg is None:
            return None
        found[product.commodity] = found.get(product.commodity, NOTHING) + kg
    return found


def _watered(inputs: Weights, outputs: Weights) -> Iterator[Breach]:
    """Yield a hold where water makes more goods of less."""
    most, made = sum(inputs.values(), NOTHING), sum(outputs.values(), NOTHING)
    if made > most and not LET_DOWN & set(outputs):
        facts = (("output", " ".join(sorted(outputs))), ("made", text(made)), ("most", text(most)))
        yield Breach("outturn-impossible", HOUSE, facts, level="hold")


def _judged(
    event: Processed, output: str, made: Decimal, inputs: Weights, rules: RuleSet
) -> Iterator[Breach]:
    told = (("output", output), ("made", text(made)))
    most = _bound("most", event, output, inputs, rules)
    usual = _bound("usual", event, output, inputs, rules)
    least = _bound("least", event, output, inputs, rules)
    if most is not None and made > most[0]:
        level: Literal["refuse", "hold"] = "refuse" if most[1] else "hold"
        yield Breach("outturn-impossible", HOUSE, (*told, ("most", text(most[0]))), level=level)
    elif usual is not None and made > usual[0]:
        yield Breach("outturn-high", HOUSE, (*told, ("most", text(usual[0]))), level="warn")
    if least is not None and made < least[0]:
        yield Breach("outturn-low", HOUSE, (*told, ("least", text(least[0]))), level="warn")


def _bound(
    kind: OutturnKind, event: Processed, output: str, inputs: Weights, rules: RuleSet
) -> tuple[Decimal, bool] | None:
    """Return how many kilograms of *output* the bound allows, and whether it is sure; None without one."""
    total, sure, bounded = NOTHING, True, False
    for commodity, kg in inputs.items():
        if commodity == output:
            total += kg
            continue
        row = _row(kind, event, commodity, output, rules.rows(OUTTURNS))
        if row is None:
            return None
        total, sure, bounded = total + kg * row.per_cent / WHOLE, sure and row.sure, True
    return (total, sure) if bounded else None


def _row(
    kind: OutturnKind, event: Processed, source: str, output: str, rows: Iterable[OutturnRow]
) -> OutturnRow | None:
    found = (
        row
        for row in rows
        if (row.kind, row.input, row.output) == (kind, source, output)
        and row.process in (None, event.process)
        and row.in_force(event.day)
    )
    # A row for this very process goes before one for any.
    return min(found, key=lambda row: row.process is None, default=None)


def _declared(
    event: Processed, past: Past, most: Decimal, inputs: Weights, outputs: Weights
) -> Iterator[Breach]:
    """Yield a mark where the main products are more than the maker's own template allows."""
    template = past.making.template
    wanted = () if template is None else template.outputs
    made = sum((outputs.get(each, NOTHING) for each in set(wanted)), NOTHING)
    whole = sum(inputs.values(), event.water_kg)
    if made > whole * most / WHOLE:
        facts = (("output", " ".join(wanted)), ("made", text(made)), ("most", text(whole * most / WHOLE)))
        yield Breach("outturn-high", HOUSE, facts, level="warn")


def _is_judged_by_its_dry_matter(event: Processed) -> bool:
    # What went with the water follows from the two moistures; nobody need weigh it.
    moistures = (event.moisture_before, event.moisture_after)
    return event.process == "drying" and None not in moistures


def _unaccounted(event: Processed, inputs: Weights, outputs: Weights, rules: RuleSet) -> Iterator[Breach]:
    scale = next((row for row in rules.rows(MAKING_TOLERANCES) if row.tolerance == "scale"), None)
    whole = sum(inputs.values(), event.water_kg)
    left = whole - sum(outputs.values(), event.loss_kg)
    if scale is None or left <= whole * scale.value / WHOLE:
        return
    per_cent = (left / whole * WHOLE).quantize(Decimal("0.1"), ROUND_HALF_UP)
    facts = (("left", text(left)), ("per_cent", text(per_cent)), ("tolerance", text(scale.value)))
    yield Breach("mass-unaccounted", HOUSE, facts, level="warn")
