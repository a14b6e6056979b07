"""A process that names a way of making follows it: the kinds of goods that go in and come out are its own."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event
from traceability.events.growing import ProtocolAdopted
from traceability.events.making import TemplateDeclared
from traceability.events.processing import Processed
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.growing import PROTOCOLS
from traceability.rule_tables.making import TEMPLATES
from traceability.rules.about import about
from traceability.rules.amounts import product_of
from traceability.rules.clauses import HOUSE


@about(Processed, TemplateDeclared, ProtocolAdopted)
def off_template(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a template or protocol that nobody declared, and for goods that are not in it."""
    match event:
        case Processed() if event.template is not None:
            yield from _processed(event, event.template, past, rules)
        case TemplateDeclared():
            yield from _declared(event, rules)
        case ProtocolAdopted():
            yield from _adopted(event, past, rules)


def _processed(event: Processed, name: str, past: Past, rules: RuleSet) -> Iterator[Breach]:
    shipped = next((row for row in rules.rows(TEMPLATES) if row.template == name), None)
    template = past.making.template or shipped
    if template is None:
        yield Breach("unknown-template", HOUSE, (("template", name),))
        return
    allowed = {*template.outputs, *template.by_products}
    for part in event.inputs:
        lot = past.lots.get(part.lot)
        if lot is not None and lot.product is not None and lot.product.commodity not in template.inputs:
            yield _not_in(name, lot.product.commodity)
    for made in event.outputs:
        product = product_of(made.product, past)
        if product is not None and product.commodity not in allowed:
            yield _not_in(name, product.commodity)


def _not_in(template: str, commodity: str) -> Breach:
    facts = (("template", template), ("commodity", commodity))
    return Breach("not-in-template", HOUSE, facts, level="warn")


def _declared(event: TemplateDeclared, rules: RuleSet) -> Iterator[Breach]:
    # Two ways of making under one name would leave open which of them a process means.
    if any(row.template == event.template for row in rules.rows(TEMPLATES)):
        yield Breach("template-taken", HOUSE, (("template", event.template),))
    for commodity in dict.fromkeys((*event.inputs, *event.outputs, *event.by_products)):
        if commodity not in rules.commodities:
            yield Breach("unknown-commodity", HOUSE, (("commodity", commodity),))


def _adopted(event: ProtocolAdopted, past: Past, rules: RuleSet) -> Iterator[Breach]:
    row = next((each for each in rules.rows(PROTOCOLS) if each.protocol == event.protocol), None)
    if row is None:
        yield Breach("unknown-protocol", HOUSE, (("protocol", event.protocol),))
        return
    crop = rules.commodities[row.commodity].crop
    for name in event.plots:
        plot = past.plots.get(name)
        grows = None if plot is None else rules.commodities.get(plot.commodity)
        if plot is not None and grows is not None and grows.crop != crop:
            facts = (("protocol", event.protocol), ("plot", name), ("grows", plot.commodity))
            yield Breach("protocol-of-another-crop", HOUSE, facts)
