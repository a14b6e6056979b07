"""How goods are kept is declared by who makes them; an outsider's id is its own."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, moving
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.amounts import product_of
from traceability.rules.clauses import HOUSE


@about(moving.KeepingDeclared, moving.CounterpartyNoted)
def wrongly_declared(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a product that is not the speaker's, and for an id that another party has given."""
    match event:
        case moving.KeepingDeclared() if product_of(event.product, past) is None:
            yield Breach("unknown-product", HOUSE, (("product", event.product),))
        case moving.CounterpartyNoted() if past.moving.counterparty_of not in (None, past.by):
            yield Breach("counterparty-taken", HOUSE, (("counterparty", event.counterparty),))
