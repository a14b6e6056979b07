"""Ginseng stands for years before it is dug, and what is sold as ordinary food is not old.

The gates are rows of `crop_ages.csv`. None of them is law that was read, so they mark and do not refuse; a
row that is sure one day will.
"""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event
from traceability.events.field import Harvested
from traceability.limits import RuleSet
from traceability.past import KnownPlot, Past
from traceability.rule_tables.growing import AGES, AgeRow
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(Harvested)
def out_of_age(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each plot whose plants are too young, or too old for what they are sold as."""
    if not isinstance(event, Harvested):
        return
    for share in event.plots:
        plot = past.plots.get(share.plot)
        rows = [] if plot is None else _rows(event, plot, rules)
        if plot is None or not rows:
            continue
        if plot.planted is None:
            yield Breach("age-unknown", HOUSE, (("plot", plot.plot),), level="warn")
        else:
            yield from _aged(plot, event.day.year - plot.planted, rows)
        if event.sold_as == "food" and plot.cultivation == "forest":
            yield Breach("forest-ginseng-as-food", HOUSE, (("plot", plot.plot),), level="warn")


def _rows(event: Harvested, plot: KnownPlot, rules: RuleSet) -> list[AgeRow]:
    known = [
        row
        for row in rules.rows(AGES)
        if row.commodity == plot.commodity
        and row.in_force(event.day)
        and row.sold_as in (None, event.sold_as)
        and (plot.cultivation is None or row.cultivation in (None, plot.cultivation))
    ]
    if plot.cultivation is not None:
        return known
    # Of plants of an untold kind it is only known that no kind is younger than the youngest.
    youngest = min((row.least for row in known if row.least is not None), default=None)
    return [row for row in known if row.least in (None, youngest)]


def _aged(plot: KnownPlot, years: int, rows: list[AgeRow]) -> Iterator[Breach]:
    for row in rows:
        facts = (("plot", plot.plot), ("years", str(years)))
        if row.least is not None and years < row.least:
            yield _breach("too-young", (*facts, ("least", str(row.least))), row)
        if row.most is not None and years > row.most:
            yield _breach("too-old-for-food", (*facts, ("most", str(row.most))), row)


def _breach(rule: str, facts: tuple[tuple[str, str], ...], row: AgeRow) -> Breach:
    told = (*facts, ("source", row.source))
    return Breach(rule, HOUSE, told, level="refuse" if row.sure else "warn")
