"""What was said before of a case, a task, an alert, a report."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from traceability import clones, running, tables
from traceability.case_steps import CaseStep, case_state, report_state
from traceability.events import Event, cases, reporting, supervising
from traceability.past import Past, PastStatement
from traceability.past.cases import (
    CasesPast,
    PastCase,
    PastCheck,
    PastReport,
    PastTask,
)
from traceability.question import Question
from traceability.recollection.trade import Asked, past_statement
from traceability.recollection.whose import (
    answers_for_one,
    covers_all,
    division_of,
    lies_in,
    places_of_goods,
    registered,
)
from traceability.tables import cases as case_tables

_LOT = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("name")))
_CASE, _TASK, _REPORT = (
    Question(tables.standing(table, table.c.digest == bindparam("digest")))
    for table in (
        case_tables.case,
        case_tables.task,
        case_tables.report,
    )
)
_CASE_STEPS = Question(
    tables.standing(case_tables.case_step, case_tables.case_step.c.case == bindparam("case"))
)
_TASK_DONE = Question(
    tables.standing(case_tables.task_report, case_tables.task_report.c.task == bindparam("task"))
)
_BELOW = Question(tables.standing(case_tables.task, case_tables.task.c.parent == bindparam("task")))
_REPORT_STEPS = Question(
    tables.standing(case_tables.report_step, case_tables.report_step.c.report == bindparam("report"))
)
_ALERT_DONE = Question(
    tables.standing(
        case_tables.alert_step,
        case_tables.alert_step.c.source == bindparam("source"),
        case_tables.alert_step.c.alert == bindparam("alert"),
        case_tables.alert_step.c.step == "done",
    )
)
_SUBJECTS = Question(select(tables.subject.c.subject).where(tables.subject.c.entry == bindparam("entry")))
_COUNTED = Question(tables.standing(case_tables.rating, case_tables.rating.c.day == bindparam("day")))
_HAD = Question(
    tables.standing(
        tables.stock, tables.stock.c.lot == bindparam("lot"), tables.stock.c.party == bindparam("party")
    ).limit(1)
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of cases, tasks, alerts and reports ask."""
    event = asked.event
    if event is None or type(event) not in _ASKS:
        return past
    return replace(past, cases=_ASKS[type(event)](asked, past, event))


def _of_case(asked: Asked, past: Past, event: Any) -> CasesPast:
    case = case_of(asked.connection, event.case)
    if case is None:
        return CasesPast()
    named = getattr(event, "inspection", None)
    return CasesPast(
        case=case,
        inspection=None if named is None else _of_whom(asked, _check(asked, named), case.respondent),
        within=covers_all(asked, past, case.respondent),
    )


def case_of(connection: Connection, digest: str) -> PastCase | None:
    """Return the case that the statement with this *digest* opened, and where it stands."""
    row = _CASE.first(connection, digest=digest)
    if row is None:
        return None
    steps = sorted(_CASE_STEPS.rows(connection, case=digest), key=lambda each: int(each.entry))
    return PastCase(
        digest=digest,
        by=row.by,
        respondent=row.respondent,
        state=case_state(CaseStep(each.step, each.passed, each.outcome) for each in steps),
        until=next((each.until for each in reversed(steps) if each.step == "ordered"), None),
        reported_in=next((each.entry for each in reversed(steps) if each.step == "reported"), None),
        lot=row.lot,
    )


def _check(asked: Asked, digest: str) -> PastCheck | None:
    """Return the test or the findings that *digest* names."""
    known = past_statement(asked.reader, digest, before=asked.index)
    if known is None or known.void:
        return None
    event: Any = known.event
    told = getattr(event, "replacement", None) or event
    match told.kind:
        case "inspected":
            return PastCheck(known.index, told.verdict == "conformant", lot=told.lot)
        case "findings-reported":
            return PastCheck(known.index, told.in_order, party=told.party)
    return None


def _of_whom(asked: Asked, found: PastCheck | None, respondent: str) -> PastCheck | None:
    """Return a test with the party whose goods it is of: *respondent*, if that made or has had the lot."""
    if found is None or found.lot is None:
        return found
    makers = [str(row.maker) for row in _LOT.rows(asked.connection, name=found.lot)]
    had = _HAD.first(asked.connection, lot=found.lot, party=respondent)
    is_theirs = respondent in makers or had is not None
    return replace(found, party=respondent if is_theirs else next(iter(makers), ""))


def _of_opening(asked: Asked, past: Past, event: cases.CaseOpened) -> CasesPast:
    return CasesPast(
        registered=registered(asked.connection, event.respondent),
        within=covers_all(asked, past, event.respondent),
        inspection=None if event.inspection is None else _check(asked, event.inspection),
        cause_exists=event.source is not None
        and past_statement(asked.reader, event.source, before=asked.index) is not None,
    )


def _of_assignment(asked: Asked, past: Past, event: supervising.TaskAssigned) -> CasesPast:
    office = past.parties.get(asked.by)
    reaches = office is not None and lies_in(office, event.division)
    return CasesPast(
        task=None if event.parent_task is None else task_of(asked.connection, event.parent_task),
        registered=registered(asked.connection, event.office, *event.parties),
        within=reaches and covers_all(asked, past, event.office),
    )


def _of_task(
    asked: Asked, _past: Past, event: supervising.FindingsReported | supervising.TaskReported
) -> CasesPast:
    party = getattr(event, "party", None)
    return CasesPast(
        task=task_of(asked.connection, event.task),
        registered=frozenset() if party is None else registered(asked.connection, party),
    )


def task_of(connection: Connection, digest: str) -> PastTask | None:
    """Return the task that the statement with this *digest* assigned."""
    row = _TASK.first(connection, digest=digest)
    if row is None:
        return None
    below = _BELOW.rows(connection, task=digest)
    return PastTask(
        digest=digest,
        by=row.by,
        office=row.office,
        reported=_TASK_DONE.first(connection, task=digest) is not None,
        open_below=sum(_TASK_DONE.first(connection, task=each.digest) is None for each in below),
    )


def _of_warning(asked: Asked, past: Past, event: supervising.AlertRaised) -> CasesPast:
    connection = asked.connection
    party = None if event.party is None else division_of(connection, event.party)
    goods_in = [] if event.lot is None else places_of_goods(connection, event.lot)
    places = goods_in if party is None else [party, *goods_in]
    # Whoever is warned is in the division that the warning names, whatever it is about.
    told = answers_for_one(asked, past, (event.division,))
    return CasesPast(within=told and answers_for_one(asked, past, places))


def _of_alert(
    asked: Asked, past: Past, event: supervising.AlertAcknowledged | supervising.AlertDone
) -> CasesPast:
    known = past_statement(asked.reader, event.source, before=asked.index)
    if known is None or known.void:
        return CasesPast()
    return CasesPast(
        cause_exists=_is_given(known, event.alert),
        is_done=_ALERT_DONE.first(asked.connection, source=event.source, alert=event.alert) is not None,
        cause_by=known.by,
        within=answers_for_one(asked, past, _places_of(asked.connection, known)),
    )


def _places_of(connection: Connection, known: PastStatement) -> list[str]:
    """Return where a statement was made, whom it warns, and where the goods are of which it speaks."""
    told: Any = getattr(known.event, "replacement", None) or known.event
    author = division_of(connection, known.by)
    found = {author} if author is not None else set()
    if isinstance(told, supervising.AlertRaised):
        found.add(told.division)
    subjects = (row.subject for row in _SUBJECTS.rows(connection, entry=known.index))
    return sorted(found.union(*(places_of_goods(connection, lot) for lot in running.lots_of(subjects))))


def _is_given(known: PastStatement, alert: str) -> bool:
    """Tell whether a statement gave cause for *alert*: a flag, a failed test, a warning."""
    told: Any = getattr(known.event, "replacement", None) or known.event
    if alert == "failed-test" and told.kind == "inspected":
        return bool(told.verdict == "non-conformant")
    if (code := clones.code_of(alert)) is not None:
        # Scans are counted beside the log; what the log knows is which entry issued the code.
        return told.kind == "codes-issued" and bool(told.first <= code < told.first + told.count)
    return alert in known.flags or alert == told.kind


def _of_report(asked: Asked, past: Past, event: Any) -> CasesPast:
    row = _REPORT.first(asked.connection, digest=event.consumer_report)
    if row is None:
        return CasesPast()
    steps = sorted(_REPORT_STEPS.rows(asked.connection, report=row.digest), key=lambda each: int(each.entry))
    birth = _LOT.first(asked.connection, name=row.lot)
    return CasesPast(
        report=PastReport(
            row.digest,
            row.receipt,
            report_state(each.step for each in steps),
            None if birth is None else str(birth.maker),
        ),
        # Whoever has had goods of the lot may be the one complained of: a shop as well as the mill.
        within=answers_for_one(asked, past, places_of_goods(asked.connection, row.lot)),
    )


def _of_ratings(asked: Asked, _past: Past, event: reporting.RatingsCounted) -> CasesPast:
    day = event.counted_day.isoformat()
    return CasesPast(is_counted=_COUNTED.first(asked.connection, day=day) is not None)


_ASKS: Mapping[type[Event], Callable[[Asked, Past, Any], CasesPast]] = {
    cases.CaseOpened: _of_opening,
    cases.CorrectionOrdered: _of_case,
    cases.CorrectionReported: _of_case,
    cases.Reinspected: _of_case,
    cases.CaseClosed: _of_case,
    supervising.TaskAssigned: _of_assignment,
    supervising.FindingsReported: _of_task,
    supervising.TaskReported: _of_task,
    supervising.AlertRaised: _of_warning,
    supervising.AlertAcknowledged: _of_alert,
    supervising.AlertDone: _of_alert,
    reporting.ReportAnswered: _of_report,
    reporting.RewardGranted: _of_report,
    reporting.RewardPaid: _of_report,
    reporting.RatingsCounted: _of_ratings,
}
