"""An office may stop a lot at once; an office that answers for as much lets it go on."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, followup, recalling
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(recalling.HoldPlaced, recalling.HoldLifted, followup.HoldResolved)
def stopped(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield the hold that an office places on a lot, and a breach where a hold cannot be lifted so."""
    if isinstance(event, recalling.HoldPlaced):
        lot = past.lots.get(event.lot)
        if lot is None:
            yield Breach("unknown-lot", HOUSE, (("lot", event.lot),))
        elif not past.cases.within:
            yield Breach("outside-the-division", HOUSE, (("party", lot.maker or event.lot),))
        yield Breach("hold-placed", HOUSE, (("by", past.by), ("cause", event.hold_cause)), level="hold")
    elif isinstance(event, recalling.HoldLifted):
        yield from _lifted(event, past)
    elif isinstance(event, followup.HoldResolved) and past.target is not None:
        told = getattr(past.target.event, "replacement", None) or past.target.event
        if isinstance(told, recalling.HoldPlaced):
            # Any second party resolves a remark of the rules; an office's hold is an office's to lift.
            yield Breach("not-the-office", HOUSE, (("by", past.target.by),))


def _lifted(event: recalling.HoldLifted, past: Past) -> Iterator[Breach]:
    hold = past.cases.hold
    if hold is None:
        yield Breach("unknown-hold", HOUSE, (("hold", event.hold),))
    elif hold.lifted:
        yield Breach("nothing-held", HOUSE, (("target", event.hold),))
    elif not past.cases.within:
        yield Breach("outside-the-division", HOUSE, (("party", hold.by),))
