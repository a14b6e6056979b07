"""An office warns within its division; an alert is answered where there was cause, and dealt with once."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, supervising
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(supervising.AlertRaised, supervising.AlertAcknowledged, supervising.AlertDone)
def alert_unfounded(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a warning of another division's, and a word on an alert that is none, or is done."""
    match event:
        case supervising.AlertRaised():
            yield from _raised(event, past)
        case supervising.AlertAcknowledged() | supervising.AlertDone():
            yield from _answered(event, past)


def _answered(event: supervising.AlertAcknowledged | supervising.AlertDone, past: Past) -> Iterator[Breach]:
    if not past.cases.cause_exists:
        yield Breach("unknown-alert", HOUSE, (("source", event.source), ("alert", event.alert)))
    elif not past.cases.within:
        yield Breach("outside-the-division", HOUSE, (("party", past.cases.cause_by),))
    elif past.cases.is_done:
        yield Breach("alert-done-already", HOUSE, (("alert", event.alert),))


def _raised(event: supervising.AlertRaised, past: Past) -> Iterator[Breach]:
    author = past.parties.get(past.by)
    # A laboratory warns of what it has tested, wherever that comes from; an office of its own division.
    if author is not None and author.role == "regulator" and not past.cases.within:
        lot = None if event.lot is None else past.lots.get(event.lot)
        maker = None if lot is None else lot.maker
        yield Breach(
            "outside-the-division", HOUSE, (("party", event.party or maker or event.lot or event.division),)
        )
