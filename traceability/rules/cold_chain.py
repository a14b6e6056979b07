"""Goods that got too warm or too cold: held by what their maker declared, marked by what is only usual."""

from collections.abc import Iterator

from traceability.cold_chain import Outside, Range, outside
from traceability.errors import Breach, Facts
from traceability.events import Event, moving
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.moving import KeptGoods
from traceability.rule_tables.moving import COLD_CHAIN
from traceability.rules.about import about
from traceability.rules.amounts import text
from traceability.rules.clauses import HOUSE

MOST_TOLD = 5
"""An excursion each few minutes is one story: the furthest out are told."""


@about(moving.TemperatureLogged)
def out_of_range(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each lot that a logger read outside of its range, and for a log of others' goods."""
    if not isinstance(event, moving.TemperatureLogged):
        return
    journey = past.moving.journey
    if event.shipment is not None and journey is None:
        yield Breach("unknown-shipment", HOUSE, (("shipment", event.shipment),))
    on_the_way = frozenset(journey.lots) if journey is not None else frozenset()
    handled = journey is not None and past.by in {
        journey.by,
        journey.received_by,
        *(leg.by for leg in journey.legs),
    }
    for lot in event.lots:
        known = past.moving.goods.get(lot)
        if known is None:
            yield Breach("unknown-lot", HOUSE, (("lot", lot),))
        elif event.shipment is not None and journey is not None and lot not in on_the_way:
            yield Breach("not-in-the-shipment", HOUSE, (("lot", lot),))
        elif not handled and past.by not in known.holders:
            yield Breach("not-in-your-hands", HOUSE, (("lot", lot),))
        else:
            yield from _judged(event, known, rules)


def _judged(event: moving.TemperatureLogged, known: KeptGoods, rules: RuleSet) -> Iterator[Breach]:
    for each in known.keepings:
        if each.form == event.form:
            kept = Range(each.lowest, each.highest, each.tolerated_minutes)
            for found in _worst(event, kept):
                yield Breach(
                    "cold-chain-excursion",
                    HOUSE,
                    _facts(event, known, kept, found),
                    level="hold",
                    lots=(known.lot,),
                )
            return
    for row in rules.rows(COLD_CHAIN):
        if row.commodity == known.commodity and row.form == event.form and row.in_force(event.day):
            kept = Range(row.lowest, row.highest, row.tolerated_minutes)
            for found in _worst(event, kept):
                facts = (*_facts(event, known, kept, found), ("source", row.source))
                yield Breach(
                    "cold-chain-unusual",
                    HOUSE,
                    facts,
                    level="hold" if row.sure else "warn",
                    lots=(known.lot,),
                )


def _worst(event: moving.TemperatureLogged, kept: Range) -> list[Outside]:
    return sorted(outside(event, kept), key=lambda each: -kept.beyond(each.extreme))[:MOST_TOLD]


def _facts(event: moving.TemperatureLogged, known: KeptGoods, kept: Range, found: Outside) -> Facts:
    facts: list[tuple[str, str]] = [
        ("lot", known.lot),
        ("form", event.form),
        ("extreme", text(found.extreme)),
    ]
    facts += [
        (name, text(bound))
        for name, bound in (("lowest", kept.lowest), ("highest", kept.highest))
        if bound is not None
    ]
    if found.minutes is not None and found.start is not None:
        facts += [("minutes", str(found.minutes)), ("since", found.start.isoformat())]
    return tuple(facts)
