"""A plot that its grower counts to a geographical indication lies in its area.

What the county alone cannot decide, because the notice reaches only into a part of it, is left to the
grower's word; the page of a lot says so.
"""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event
from traceability.events.registry import PlotRegistered
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.areas import AREAS, AreaRow
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(PlotRegistered)
def outside_its_area(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach where the county, or the crop, is not one of the indication's notice."""
    if not isinstance(event, PlotRegistered) or event.gi is None:
        return
    rows = [row for row in rules.rows(AREAS) if row.gi == event.gi and row.in_force(event.day)]
    facts = (("plot", event.plot), ("gi", event.gi), ("division", event.division))
    if not rows:
        yield Breach("unknown-indication", HOUSE, facts)
    elif not any(event.commodity in row.commodities for row in rows):
        yield _outside(rows, (*facts, ("commodity", event.commodity)))
    elif not any(row.covers(event.division) for row in rows):
        yield _outside(rows, facts)


def _outside(rows: list[AreaRow], facts: tuple[tuple[str, str], ...]) -> Breach:
    # The area is the sum of its rows: one that nobody checked leaves the whole of it unsure.
    sure = all(row.sure for row in rows)
    clause = next((row.notice for row in rows if sure and row.notice is not None), HOUSE)
    return Breach("outside-the-area", clause, facts, level="refuse" if sure else "warn")
