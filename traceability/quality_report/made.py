"""The report on the state of quality of one division in one period (质量状况分析报告), as one JSON value.

It is computed from derived tables alone: from those of a running instance, which hold every entry of its
sealed log and nothing else, or from those that a replay of the first entries gives. It names the checkpoint
that it stands on and the rule set that it was judged by; no clock of this machine enters it, "now" being the
time of the last entry. Whoever has those entries computes the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.canonical import instant_of
from ledger.checkpoint import Checkpoint
from ledger.spelling import base64_text
from traceability import tables
from traceability.coverage import Coverage, Span, coverage, grades_on
from traceability.events.fact import legal_day
from traceability.final_results import FinalResult, final_results
from traceability.limits import RuleSet
from traceability.quality_report import axes, handling, passing
from traceability.quality_report.counties import LEAST_N, County, counties_of, league, told_in_time
from traceability.quality_report.periods import Period, quarter_of
from traceability.rule_tables.report import EVALUATION_WEIGHTS, Target
from traceability.satisfaction import satisfaction
from traceability.scope import Scope, covers
from traceability.targets import Held, held_against, rated_against, targets_on
from traceability.wilson import rate

Json = dict[str, Any]

FORMAT = "jizihao/quality-report/v1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is of."""

    period: Period
    division: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is of, and what it stands on."""

    wanted: Wanted
    checkpoint: Checkpoint
    rules: RuleSet


def report_of(connection: Connection, asked: Asked) -> Json:
    """Return the report; the derived tables of *connection* are those of the checkpoint."""
    now = _last_told(connection)
    since, until = asked.wanted.period.since, asked.wanted.period.until
    on = until if now is None else min(until, legal_day(now))
    everywhere = list(final_results(connection, None, since, until))
    results = [each for each in everywhere if _lies_in(asked.wanted.division, each.division)]
    targets = targets_on(asked.rules, until)
    span = _span(connection, asked)
    found = coverage(connection, asked.wanted.division, everywhere, span)
    scope = Scope.of(connection, asked.wanted.division)
    return {
        **_head(asked, on),
        "targets": [passing.told_target(each) for each in _held(connection, asked, targets, results)],
        "uncounted": passing.uncounted(targets, results),
        "unconfirmed": passing.unconfirmed(results),
        "by_commodity": passing.by(lambda each: each.commodity, targets, results),
        "by_county": passing.by(lambda each: (each.division or "")[:6], targets, results),
        "by_quarter": passing.by(lambda each: quarter_of(each.sampled_on), targets, results),
        "coverage": _told_coverage(found),
        "plan": _told_plan(found),
        "league": _league(connection, asked, everywhere, span, on),
        "least_n": LEAST_N,
        "evaluation_weights": _weights(asked),
        "cases": handling.told_cases(connection, scope, since, on),
        "recalls": handling.told_recalls(connection, scope, since, on, now or _midnight(on)),
        "shopper_reports": handling.told_reports(connection, scope, since, on),
        "inputs": axes.told_inputs(connection, scope, since, until),
        "brands": axes.told_brands(connection, on),
    }


def _head(asked: Asked, on: date) -> Json:
    return {
        "report": FORMAT,
        "division": asked.wanted.division,
        "period": {
            "text": asked.wanted.period.text,
            "since": asked.wanted.period.since.isoformat(),
            "until": asked.wanted.period.until.isoformat(),
        },
        "as_of": on.isoformat(),
        "origin": asked.checkpoint.origin,
        "checkpoint": {"size": asked.checkpoint.size, "root": base64_text(asked.checkpoint.root)},
        "rules": {"version": asked.rules.version, "digest": asked.rules.digest},
    }


def _last_told(connection: Connection) -> datetime | None:
    told = connection.execute(select(func.max(tables.statement.c.recorded_at))).scalar()
    return None if told is None else instant_of(told)


def _midnight(on: date) -> datetime:
    return datetime.fromisoformat(f"{on.isoformat()}T23:59:59+08:00")


def _lies_in(area: str, division: str | None) -> bool:
    return division is not None and covers(area, division[:6])


def _held(
    connection: Connection, asked: Asked, targets: Iterable[Target], results: list[FinalResult]
) -> list[Held]:
    rated = satisfaction(
        connection, asked.wanted.division, asked.wanted.period.since, asked.wanted.period.until
    )
    return [
        rated_against(each, rated.content, rated.n)
        if each.counts == "ratings"
        else held_against(each, results)
        for each in targets
    ]


def _span(connection: Connection, asked: Asked) -> Span:
    period, rules = asked.wanted.period, asked.rules
    grades = grades_on(connection, asked.wanted.division, period.until, period.since, rules)
    return Span(period.since, period.until, rules, period.whole_quarters, grades)


def _told_coverage(found: Coverage) -> Json:
    return {
        "operators": _told_share(found.operators_sampled, found.operators),
        "lots": _told_share(found.lots_sampled, found.lots),
    }


def _told_share(part: int, whole: int) -> Json:
    """Return a part of all there are; it is counted, not estimated, and has no interval."""
    found = rate(part, whole)
    return {"part": part, "whole": whole, **({} if found is None else {"share": str(found.share)})}


def _told_plan(found: Coverage) -> Json:
    planned, done = (sum(getattr(each, name) for each in found.plan) for name in ("planned", "done"))
    groups = sorted({(each.grade, each.risk) for each in found.plan})
    return {
        "planned": planned,
        "done": done,
        "taken": sum(each.taken for each in found.plan),
        "by_grade": [
            {
                "grade": grade,
                "risk": risk,
                "parties": sum((each.grade, each.risk) == (grade, risk) for each in found.plan),
                **{
                    name: sum(
                        getattr(each, name) for each in found.plan if (each.grade, each.risk) == (grade, risk)
                    )
                    for name in ("planned", "taken", "done")
                },
            }
            for grade, risk in groups
        ],
    }


def _league(
    connection: Connection,
    asked: Asked,
    results: list[FinalResult],
    span: Span,
    on: date,
) -> list[Json]:
    since, until = asked.wanted.period.since, asked.wanted.period.until
    targets = targets_on(asked.rules, until)
    routine = next((each for each in targets if each.target == "routine-agricultural"), None)
    weights = [row for row in asked.rules.rows(EVALUATION_WEIGHTS) if row.in_force(until)]
    counties = []
    for code in _inhabited(connection, asked.wanted.division, results):
        scope = Scope.of(connection, code)
        told, late = told_in_time(connection, scope, since, until)
        counties.append(
            County(
                division=code,
                results=[each for each in results if _lies_in(code, each.division)],
                coverage=coverage(connection, code, results, span),
                cases=handling.told_cases(connection, scope, since, on),
                satisfaction=satisfaction(connection, code, since, until),
                told=told,
                told_late=late,
            )
        )
    return league(counties, routine, weights)


def _inhabited(connection: Connection, area: str, results: Iterable[FinalResult]) -> list[str]:
    """Return the counties where somebody is registered or a sample was taken: of others nothing is known."""
    registered = connection.execute(select(tables.party.c.division).distinct()).scalars()
    there = {each[:6] for each in (*registered, *(result.division or "" for result in results))}
    return [code for code in counties_of(area) if code in there]


def _weights(asked: Asked) -> list[Json]:
    rows = asked.rules.rows(EVALUATION_WEIGHTS)
    day = asked.wanted.period.until
    return passing.keyed({row.indicator: str(row.percent) for row in rows if row.in_force(day)})
