"""Counties side by side, with denominators that are fair: their own samples, operators, cases and statements.

A county has a rank only where `LEAST_N` samples of routine monitoring or more were taken: of few samples the
rate says little, and the interval shows it. The index is the mean of the indicators that have data, by the
published weights (`evaluation_weights.csv`); which have none is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from traceability import tables
from traceability.coverage import Coverage, end_of, start_of
from traceability.final_results import FinalResult
from traceability.quality_report.passing import keyed, told_rate
from traceability.rule_tables.report import EvaluationWeight, Target
from traceability.satisfaction import Satisfaction
from traceability.scope import Scope, covers
from traceability.targets import held_against
from traceability.vocabulary import divisions
from traceability.wilson import rate

Json = dict[str, Any]

LEAST_N = 20
_PLACES = Decimal("0.01")


def counties_of(area: str | None) -> list[str]:
    """Return the counties of a division, or itself if it is one."""
    return [code for code, each in divisions().items() if each.level == "county" and covers(area, code)]


@dataclass(frozen=True, slots=True)
class County:
    """What is known of one county in the period."""

    division: str
    results: Sequence[FinalResult]
    coverage: Coverage
    cases: Json
    satisfaction: Satisfaction
    told: int
    told_late: int


def told_in_time(connection: Connection, scope: Scope, since: date, until: date) -> tuple[int, int]:
    """Return how many statements parties of the scope have made in the period, and how many of them late."""
    said, flag = tables.statement, tables.flag
    late = select(flag.c.entry).where(flag.c.entry == said.c.entry, flag.c.rule == "late-entry").exists()
    query = select(func.count(), func.count().filter(late)).where(
        said.c.void_by.is_(None),
        said.c.source == "own",
        said.c.recorded_at >= start_of(since),
        said.c.recorded_at < end_of(until),
        scope.of_party(said.c.by),
    )
    count, late_count = connection.execute(query).one()
    return int(count), int(late_count)


def league(
    counties: Iterable[County], routine: Target | None, weights: Sequence[EvaluationWeight]
) -> list[Json]:
    """Return the counties, the best index first; those without a rank after them, by their codes."""
    rows = [_row(county, routine, weights) for county in counties]
    ranked = sorted((row for row in rows if row["rankable"]), key=_order)
    for place, row in enumerate(ranked):
        tied = place > 0 and ranked[place - 1]["index"] == row["index"]
        row["rank"] = ranked[place - 1]["rank"] if tied else place + 1
    rest = sorted((row for row in rows if not row["rankable"]), key=lambda row: str(row["division"]))
    return [*ranked, *rest]


def _order(row: Json) -> tuple[Decimal, str]:
    return (-Decimal(row["index"]), str(row["division"]))


def _row(county: County, routine: Target | None, weights: Sequence[EvaluationWeight]) -> Json:
    held = None if routine is None else held_against(routine, county.results)
    shares = _shares(county, routine)
    index = _index(shares, weights)
    n = 0 if held is None or held.found is None else held.found.total
    row: Json = {
        "division": county.division,
        "routine": told_rate(None if held is None else held.found),
        "verdict": "no-target" if held is None else held.verdict,
        "indicators": keyed({name: _text(share) for name, share in shares.items() if share is not None}),
        "without_data": sorted(name for name, share in shares.items() if share is None),
        "rankable": n >= LEAST_N and index is not None,
    }
    return row if index is None else {**row, "index": str(index)}


def _text(share: Decimal) -> str:
    return str(share.quantize(Decimal("0.0001")))


def _shares(county: County, routine: Target | None) -> Mapping[str, Decimal | None]:
    """Return each indicator as a share of one, None where there is nothing to divide by."""
    found, plan = county.coverage, county.coverage.plan
    planned = sum(each.planned for each in plan)
    held = None if routine is None else held_against(routine, county.results).found
    return {
        "routine-pass": None if held is None else held.share,
        "coverage": _share(found.operators_sampled, found.operators),
        "plan-done": _share(sum(each.done for each in plan), planned),
        "cases-in-time": _share(county.cases["in_time"], county.cases["due"]),
        "told-in-time": _share(county.told - county.told_late, county.told),
        "satisfaction": _share(county.satisfaction.content, county.satisfaction.n),
    }


def _share(part: int, whole: int) -> Decimal | None:
    found = rate(part, whole)
    return None if found is None else found.share


def _index(shares: Mapping[str, Decimal | None], weights: Sequence[EvaluationWeight]) -> Decimal | None:
    """Return the weighted mean of what has data, from 0 to 100."""
    there = [(share, row.percent) for row in weights if (share := shares.get(row.indicator)) is not None]
    whole = sum((percent for _, percent in there), Decimal(0))
    if not whole:
        return None
    mean = sum((share * percent for share, percent in there), Decimal(0)) / whole
    return (mean * 100).quantize(_PLACES)
