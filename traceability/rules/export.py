"""An export and its sister at home are two lots: whether they are alike is derived, so both must be known."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, selling
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, measured_as, text
from traceability.rules.clauses import HOUSE


@about(selling.ExportDeclared)
def not_for_export(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach where more leaves than there was, and for a lot at home that is the same, or unknown."""
    if not isinstance(event, selling.ExportDeclared):
        return
    yield from _more_than_there_was(event, past)
    if event.domestic_lot is None:
        return
    if event.domestic_lot == event.lot:
        yield Breach("domestic-lot-is-the-same", HOUSE, (("lot", event.lot),))
    elif event.domestic_lot not in past.lots:
        yield Breach("unknown-lot", HOUSE, (("lot", event.domestic_lot),))


def _more_than_there_was(event: selling.ExportDeclared, past: Past) -> Iterator[Breach]:
    """Yield a breach where all exports of a lot together are more than there ever was of it."""
    lot = past.lots.get(event.lot)
    amount = None if lot is None else measured_as(event.amount, lot)
    if lot is not None and amount is not None and past.selling.exported + amount > lot.born:
        left = max(lot.born - past.selling.exported, NOTHING)
        facts = (("lot", event.lot), ("wanted", text(amount)), ("held", text(left)))
        yield Breach("mass-balance", HOUSE, facts)
