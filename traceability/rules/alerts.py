"""An alert is answered only where something gave cause for it, and dealt with once."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, supervising
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.clauses import HOUSE


def alert_unfounded(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a word on an alert that was never given, or that is dealt with already."""
    if not isinstance(event, supervising.AlertAcknowledged | supervising.AlertDone):
        return
    if not past.cases.cause_exists:
        yield Breach("unknown-alert", HOUSE, (("source", event.source), ("alert", event.alert)))
    elif past.cases.is_done:
        yield Breach("alert-done-already", HOUSE, (("alert", event.alert),))
