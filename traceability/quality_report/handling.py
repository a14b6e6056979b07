"""What offices made of what went wrong in a period: cases, recalls, shoppers' reports, and their clocks.

Everything is told as it stood at the end of the period, or at the checkpoint where that came first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from traceability import cases, recall_clocks, shopper_reports, working_days
from traceability.events.fact import legal_day
from traceability.quality_report.passing import keyed
from traceability.scope import Scope

Json = dict[str, Any]
_ALL = 1_000_000


def told_cases(connection: Connection, scope: Scope, since: date, on: date) -> Json:
    """Return the cases of the period: opened, closed, in time or not, and what is still open on *on*."""
    every = [_as_of(each, on) for each in cases.cases(connection, scope, limit=_ALL) if each.opened <= on]
    tally = cases.tally(every, on)
    due = [each for each in every if each.until is not None and since <= each.until <= on]
    return {
        "opened": sum(since <= each.opened for each in every),
        "closed": sum(each.closed is not None and since <= each.closed for each in every),
        "open": tally.open,
        "overdue": tally.overdue,
        "oldest_days": tally.oldest,
        **_median(tally.days),
        "due": len(due),
        "in_time": sum(_in_time(each) for each in due),
        "ages": _ages(every, on),
    }


def _as_of(case: cases.Case, on: date) -> cases.Case:
    return replace(case, steps=tuple(step for step in case.steps if step.day <= on))


def _in_time(case: cases.Case) -> bool:
    """Tell whether the newest order was answered by its last day."""
    last = max(step.entry for step in case.steps if step.step == "ordered")
    answers = [step.day for step in case.steps if step.entry > last and step.step in {"reported", "closed"}]
    return bool(answers) and case.until is not None and min(answers) <= case.until


def _median(days: Sequence[int]) -> Json:
    return {"median_days": days[(len(days) - 1) // 2]} if days else {}


def _ages(every: Iterable[cases.Case], on: date) -> list[Json]:
    """Return how many open cases are how old: unresolved cases are not to be forgotten."""
    ages = [each.age(on) for each in every if each.state != "closed"]
    bounds = ((0, 30), (31, 90), (91, 180), (181, None))
    return [
        {"from": low, "cases": sum(low <= age and (high is None or age <= high) for age in ages)}
        for low, high in bounds
    ]


def told_recalls(connection: Connection, scope: Scope, since: date, on: date, now: datetime) -> Json:
    """Return the recalls that were called in the period, by level, and how they stand with the clocks."""
    every = [
        each
        for each in recall_clocks.recalls(connection, scope, limit=_ALL)
        if since <= legal_day(each.called) <= on
    ]
    return {
        "called": len(every),
        "by_level": keyed(
            {str(level): sum(each.level == level for each in every) for level in recall_clocks.HOURS}
        ),
        "completed": sum(each.state == "completed" for each in every),
        "started_late": sum(each.start.is_late(now) for each in every),
        "completed_late": sum(each.completion.is_late(now) for each in every),
        "holidays_known_until": working_days.LAST_YEAR,
    }


def told_reports(connection: Connection, scope: Scope, since: date, on: date) -> Json:
    """Return what shoppers have reported in the period, and what came of it."""
    every = [
        each
        for each in shopper_reports.reports(connection, scope, limit=_ALL)
        if since <= legal_day(each.at) <= on
    ]
    states = [each.state for each in every]
    return {"received": len(every), "by_state": keyed({name: states.count(name) for name in set(states)})}
