"""Used no more than bought: a warning, for whoever joins has something on the shelf already.

bought + counted − used so far  ≥  what is used now          in one unit of one product
"""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, field
from traceability.input_moves import moves_of
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, text
from traceability.rules.clauses import INPUT_RECORDS


@about(field.Treated, field.InputApplied)
def not_bought(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a warning where more of a product is used than its purchases on record leave."""
    if not isinstance(event, field.Treated | field.InputApplied) or past.inputs.account is None:
        return
    for move in moves_of(event):
        left = past.inputs.account.on_hand
        if move.change > left:
            facts = (
                ("name", event.name),
                ("wanted", f"{text(move.change)} {move.unit}"),
                ("held", f"{text(max(left, NOTHING))} {move.unit}"),
            )
            yield Breach("input-not-bought", INPUT_RECORDS, facts, level="warn")
