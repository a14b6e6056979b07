"""What the law wants kept is hidden when it is asked away, and erased only after its day."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, followup
from traceability.events.followup import told_by
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.retention import binding, clocks
from traceability.rule_tables.moving import RETENTION
from traceability.rules.about import about


@about(followup.Erased)
def erased_too_early(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a value that is erased for good before its record need no longer be kept.

    The clause is that of the longest clock; an order of an authority or a court goes before all of them.
    """
    if not isinstance(event, followup.Erased) or event.done != "erased" or event.cause == "order":
        return
    target, record = past.target, past.moving.record
    if target is None or record is None:
        return
    told = told_by(target.event)
    clock = binding(clocks(told.kind, record.role, told.day, record.shelf_ends, rules.rows(RETENTION)))
    if clock is not None and event.day < clock.until:
        facts = (("kind", told.kind), ("until", clock.until.isoformat()))
        yield Breach("still-to-be-kept", clock.clause, facts)
