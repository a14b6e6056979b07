"""A carrier takes over what it was given, once, and sets down what it took over."""

import hashlib
from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, moving
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.moving import PastJourney
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(moving.Carried)
def misrouted(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a carrier that was not given the goods, and a mark for a seal that was broken."""
    if not isinstance(event, moving.Carried):
        return
    journey = past.moving.journey
    if journey is None or journey.shipment != event.shipment:
        yield Breach("unknown-shipment", HOUSE, (("shipment", event.shipment),))
        return
    for lot in sorted(set(event.lots) - set(journey.lots)):
        yield Breach("not-in-the-shipment", HOUSE, (("lot", lot),))
    if event.at < journey.at:
        yield Breach("before-its-shipment", HOUSE, (("shipped", journey.at.isoformat()),))
    if event.stage == "taken-over":
        yield from _taken_over(event, journey)
    else:
        yield from _delivered(event, journey, past.by)


def _taken_over(event: moving.Carried, journey: PastJourney) -> Iterator[Breach]:
    if journey.carriage is None:
        yield Breach("carrier-unproven", HOUSE, (("shipment", event.shipment),), level="warn")
    elif event.token is None or hashlib.sha256(event.token.encode()).hexdigest() != journey.carriage:
        yield Breach("wrong-token", HOUSE, (("shipment", event.shipment),))
    if journey.received_by is not None:
        facts = (("shipment", event.shipment), ("by", journey.received_by))
        yield Breach("received-already", HOUSE, facts)
    if journey.legs and journey.legs[-1].stage == "taken-over":
        facts = (("shipment", event.shipment), ("by", journey.legs[-1].by))
        yield Breach("taken-over-already", HOUSE, facts)


def _delivered(event: moving.Carried, journey: PastJourney, by: str) -> Iterator[Breach]:
    last = journey.legs[-1] if journey.legs else None
    if last is None or last.stage != "taken-over" or last.by != by:
        yield Breach("not-taken-over", HOUSE, (("shipment", event.shipment),))
    elif event.at < last.at:
        yield Breach("before-its-shipment", HOUSE, (("shipped", last.at.isoformat()),))
    if event.seal_intact is False:
        yield Breach("seal-broken", HOUSE, (("shipment", event.shipment),), level="warn")
