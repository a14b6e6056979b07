"""Only who has the role for it may state a kind of event."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, may_state
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.clauses import HOUSE


def not_entitled(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach unless the author's role may state this kind of event (`MAY_STATE`)."""
    party = past.parties.get(past.by)
    if party is None:
        yield Breach("unknown-party", HOUSE, (("party", past.by),))
    elif not may_state(party.role, event.kind):
        facts = (("party", past.by), ("role", party.role), ("kind", event.kind))
        yield Breach("may-not-state", HOUSE, facts)
