"""Nothing happens in the future, nor before its lot was born; and whoever tells late is marked as late."""

from collections.abc import Iterator
from datetime import timedelta

from traceability.errors import Breach
from traceability.events import Event, followup, movement, partner, processing, quality
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.amounts import lots_of, parts_named
from traceability.rules.clauses import HOUSE

CLOCKS_DIFFER = timedelta(minutes=5)
SOON = timedelta(days=7)


def out_of_order(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a claimed time that cannot be, and a mark for one that is long past."""
    yield from _future(event, past)
    yield from _before_birth(event, past)
    yield from _late(event, past)
    shipment = past.shipment
    if isinstance(event, movement.Received) and shipment is not None and event.at < shipment.at:
        yield Breach("before-its-shipment", HOUSE, (("shipped", shipment.at.isoformat()),))


def _future(event: Event, past: Past) -> Iterator[Breach]:
    if past.recorded_at is not None and event.at - past.recorded_at > CLOCKS_DIFFER:
        facts = (("at", event.at.isoformat()), ("recorded", past.recorded_at.isoformat()))
        yield Breach("in-the-future", HOUSE, facts)
    if isinstance(event, quality.Inspected) and event.sampled_on > event.day:
        facts = (("sampled", event.sampled_on.isoformat()), ("reported", event.day.isoformat()))
        yield Breach("sampled-after-its-report", HOUSE, facts)


def _before_birth(event: Event, past: Past) -> Iterator[Breach]:
    lots = lots_of(parts_named(event))
    if isinstance(event, quality.Inspected | followup.Recalled | processing.CodesVoided):
        lots = (event.lot,)
    for name in lots:
        lot = past.lots.get(name)
        if lot is not None and lot.born_at is not None and event.at < lot.born_at:
            yield Breach("before-its-lot", HOUSE, (("lot", name), ("born", lot.born_at.isoformat())))


def _late(event: Event, past: Past) -> Iterator[Breach]:
    # When a partner told its own system is not known here.
    if past.recorded_at is None or isinstance(event, partner.PartnerClaimed):
        return
    late = past.recorded_at - event.at
    if late > SOON:
        yield Breach("late-entry", HOUSE, (("days", str(late.days)),), level="warn")
