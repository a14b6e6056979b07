"""A maker puts through a process in a day no more than it declared: goods beside the books need a mill, too.

Above the declared capacity a process is marked: a good day and a night shift happen. Far above it (twice, by
`making_tolerances.csv`) it is held, for no overtime doubles a machine, and bought rice passes as milled so.
"""

from collections.abc import Iterator
from typing import Literal

from traceability.errors import Breach
from traceability.events import Event
from traceability.events.processing import Processed
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.making import MAKING_TOLERANCES
from traceability.rules.about import about
from traceability.rules.amounts import in_kg, text
from traceability.rules.clauses import HOUSE


@about(Processed)
def beyond_capacity(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach where what went in on one legal day is more than the declared capacity."""
    capacity = past.making.capacity_kg
    if not isinstance(event, Processed) or capacity is None:
        return
    lots = ((part, past.lots.get(part.lot)) for part in event.inputs)
    weights = (in_kg(part.amount, None if lot is None else lot.product) for part, lot in lots)
    done = sum((kg for kg in weights if kg is not None), past.making.done_kg)
    if done <= capacity:
        return
    far = next((row for row in rules.rows(MAKING_TOLERANCES) if row.tolerance == "capacity-far"), None)
    is_far = far is not None and done > capacity * far.value / 100
    level: Literal["hold", "warn"] = "hold" if is_far else "warn"
    facts = (("process", event.process), ("day", event.day.isoformat()), ("done", text(done)))
    yield Breach("over-capacity", HOUSE, (*facts, ("capacity", text(capacity))), level=level)
