"""What a test of a lot should look for: what was used on its plots while it grew (用什么药，检什么药).

    lot ◄─ processes ◄─ … ◄─ harvests ◄─ plots ◄─ treatments of the season

The season of an annual crop is the calendar year of its harvest up to that day: Jilin has one crop a year.
Of plants that were set years ago (ginseng) it begins with the year of planting, for residues stay in roots.
What nobody wrote down cannot be suggested: an empty list is no proof that nothing was used.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from traceability import goods, tables
from traceability.limits import LimitRow, RuleSet
from traceability.portions import portions
from traceability.reference import plain_name
from traceability.tables.running import flow

_PROCESSES = (
    select(flow.c.process)
    .where(flow.c.lot.in_(bindparam("names", expanding=True)), flow.c.goes_in.is_(False))
    .distinct()
)
_INPUTS = (
    select(flow.c.lot)
    .where(flow.c.process.in_(bindparam("names", expanding=True)), flow.c.goes_in.is_(True))
    .distinct()
)
_HARVESTS = tables.standing(tables.harvest, tables.harvest.c.lot.in_(bindparam("names", expanding=True)))
_PLOTS = tables.standing(tables.plot, tables.plot.c.plot.in_(bindparam("names", expanding=True)))
_TREATMENTS = tables.standing(
    tables.treatment, tables.treatment.c.plot.in_(bindparam("names", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """One active substance that a test should look for: under which names, on how many plots, last when.

    *limit* is the sure one for the lot's own kind of goods on the day of asking, if there is one.
    """

    substance: str
    products: tuple[str, ...]
    plots: int
    last: date
    limit: LimitRow | None = None


def panel_of(connection: Connection, lot: str, rules: RuleSet, on: date) -> list[Suggested]:
    """Return what was used on the plots of *lot* and of all it was made from, in the order of its names."""
    known = goods.known_lot(connection, lot)
    commodity = "" if known is None or known.product is None else known.product.commodity
    used: dict[str, list[Any]] = defaultdict(list)
    for row in _used(connection, lineage(connection, lot)):
        for substance in json.loads(row.substances):
            used[plain_name(substance)].append((substance, row))
    return [_suggested(found, rules.limit(commodity, name, on)) for name, found in sorted(used.items())]


def lineage(connection: Connection, lot: str) -> set[str]:
    """Return *lot* and every lot that it was made from, at any depth."""
    found, waiting = {lot}, {lot}
    while waiting:
        processes = {row.process for row in _asked(connection, _PROCESSES, waiting)}
        waiting = {row.lot for row in _asked(connection, _INPUTS, processes)} - found
        found |= waiting
    return found


def _used(connection: Connection, lots: Iterable[str]) -> Iterator[Any]:
    """Yield each treatment of a plot of *lots* in a season of theirs, once."""
    harvests = list(_asked(connection, _HARVESTS, lots))
    plots = {row.plot: row for row in _asked(connection, _PLOTS, {row.plot for row in harvests})}
    days: dict[str, set[str]] = defaultdict(set)
    for row in harvests:
        days[row.plot].add(row.day)
    for row in _asked(connection, _TREATMENTS, days):
        planted = plots[row.plot].planted if row.plot in plots else None
        if any(_in_season(row.day, day, planted) for day in days[row.plot]):
            yield row


def _in_season(treated: str, harvested: str, planted: int | None) -> bool:
    first = f"{planted:04}-01-01" if planted is not None else f"{harvested[:4]}-01-01"
    return first <= treated <= harvested


def _suggested(found: list[Any], limit: LimitRow | None) -> Suggested:
    return Suggested(
        substance=found[-1][0],
        products=tuple(sorted({row.name for _, row in found})),
        plots=len({row.plot for _, row in found}),
        last=date.fromisoformat(max(row.day for _, row in found)),
        limit=limit,
    )


def _asked(connection: Connection, query: Any, names: Iterable[str]) -> Iterator[Any]:
    for some in portions(sorted(names)):
        yield from connection.execute(query, {"names": some})
