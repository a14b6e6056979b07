"""What was said before of a recall, a hold, a case, a task, an alert, a report."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ledger.canonical import instant_of
from traceability import goods, running, tables
from traceability.case_steps import CaseStep, case_state, report_state
from traceability.events import Event, cases, recalling, reporting, supervising
from traceability.past import KnownParty, Past
from traceability.past.cases import (
    CasesPast,
    PastCase,
    PastCheck,
    PastHold,
    PastRecall,
    PastReport,
    PastTask,
    Recovery,
)
from traceability.question import Question
from traceability.recollection.trade import Asked, past_statement
from traceability.scope import covers
from traceability.tables import cases as case_tables

_RECALL = Question(
    select(tables.recall.c.lot, tables.recall.c.level, tables.statement.c.by, tables.statement.c.at)
    .join(tables.statement, tables.statement.c.entry == tables.recall.c.entry)
    .where(tables.statement.c.digest == bindparam("digest"), tables.statement.c.void_by.is_(None))
)
_LOT, _RECALL_STEPS, _NOTICES = (
    Question(tables.standing(table, column == bindparam("name")))
    for table, column in (
        (tables.lot, tables.lot.c.lot),
        (case_tables.recall_step, case_tables.recall_step.c.recall),
        (case_tables.notice, case_tables.notice.c.about),
    )
)
_MILESTONES = Question(
    tables.standing(
        case_tables.recall_step,
        case_tables.recall_step.c.recall == bindparam("name"),
        case_tables.recall_step.c.lot.is_(None),
    )
)
_HOLD, _CASE, _TASK, _REPORT = (
    Question(tables.standing(table, table.c.digest == bindparam("digest")))
    for table in (
        case_tables.placed_hold,
        case_tables.case,
        case_tables.task,
        case_tables.report,
    )
)
_LIFTED = Question(tables.standing(tables.resolution, tables.resolution.c.target == bindparam("digest")))
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
_COUNTED = Question(tables.standing(case_tables.rating, case_tables.rating.c.day == bindparam("day")))
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))

Named = (
    recalling.RecallStarted | recalling.RecallRecovered | recalling.RecallDisposed | recalling.RecallCompleted
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of this topic ask."""
    event = asked.event
    if event is None or type(event) not in _ASKS:
        return past
    found = _ASKS[type(event)](asked, past, event)
    past = replace(past, cases=found)
    if isinstance(event, recalling.RecallCompleted):
        lots = {each.lot: goods.known_lot(asked.connection, each.lot) for each in event.not_recovered}
        known = {name: lot for name, lot in lots.items() if lot is not None}
        past = replace(past, lots={**past.lots, **known})
    return past


def _of_recall(asked: Asked, _past: Past, event: Named) -> CasesPast:
    recall = recall_of(asked.connection, event.recall)
    if recall is None:
        return CasesPast()
    return CasesPast(
        recall=recall,
        reached=_is_reached(asked.connection, recall.lot, getattr(event, "lot", None)),
        recovery=_recovery(asked.connection, event),
    )


def _of_notice(
    asked: Asked, _past: Past, event: recalling.NoticeSent | recalling.NoticeAcknowledged
) -> CasesPast:
    recall, hold = recall_of(asked.connection, event.about), hold_of(asked.connection, event.about)
    origin = recall.lot if recall is not None else None if hold is None else hold.lot
    reached = origin is not None and _is_reached(asked.connection, origin, event.lot)
    return CasesPast(recall=recall, hold=hold, reached=reached)


def _is_reached(connection: Connection, origin: str, lot: str | None) -> bool:
    return lot is not None and (lot == origin or origin in goods.ancestors(connection, lot))


def recall_of(connection: Connection, digest: str) -> PastRecall | None:
    """Return the recall that the statement with this *digest* called, and how far it has come."""
    row = _RECALL.first(connection, digest=digest)
    if row is None:
        return None
    births = _LOT.rows(connection, name=row.lot)
    steps = {each.step for each in _MILESTONES.rows(connection, name=digest)}
    return PastRecall(
        digest=digest,
        by=row.by,
        lot=row.lot,
        level=row.level,
        at=instant_of(row.at),
        maker=births[0].maker if births else None,
        started="started" in steps,
        completed="completed" in steps,
    )


def _recovery(connection: Connection, event: Named) -> dict[str, Recovery]:
    """Return how much came back and was disposed of: of the event's lot, or at the end of every lot."""
    match event:
        case recalling.RecallRecovered() | recalling.RecallDisposed():
            return {event.lot: _so_far(connection, event.recall, event.lot)}
        case recalling.RecallCompleted():
            return _recovery_of_all(connection, event.recall)
    return {}


def _so_far(connection: Connection, recall: str, lot: str) -> Recovery:
    recovered, disposed = (
        running.total(connection, case_tables.recall_account(what, recall, lot))
        for what in ("recovered", "disposed")
    )
    return Recovery(recovered=recovered, disposed=disposed)


def _recovery_of_all(connection: Connection, recall: str) -> dict[str, Recovery]:
    found: dict[str, Recovery] = {}
    for row in _NOTICES.rows(connection, name=recall):
        known = found.get(row.lot, Recovery())
        found[row.lot] = replace(known, noticed=known.noticed + Decimal(row.amount or 0))
    return _added(found, _RECALL_STEPS.rows(connection, name=recall))


def _added(found: dict[str, Recovery], steps: Iterable[Any]) -> dict[str, Recovery]:
    for row in steps:
        if row.step in {"recovered", "disposed"}:
            known = found.get(row.lot, Recovery())
            so_far: Decimal = getattr(known, row.step)
            found[row.lot] = replace(known, **{row.step: so_far + Decimal(row.amount)})
    return found


def hold_of(connection: Connection, digest: str) -> PastHold | None:
    """Return the hold that the statement with this *digest* placed."""
    row = _HOLD.first(connection, digest=digest)
    if row is None:
        return None
    return PastHold(digest, row.by, row.lot, _LIFTED.first(connection, digest=digest) is not None)


def _of_hold(asked: Asked, past: Past, event: recalling.HoldLifted) -> CasesPast:
    hold = hold_of(asked.connection, event.hold)
    return CasesPast(hold=hold, within=hold is not None and _covers(asked, past, hold.by))


def _of_case(asked: Asked, past: Past, event: Any) -> CasesPast:
    case = case_of(asked.connection, event.case)
    if case is None:
        return CasesPast()
    named = getattr(event, "inspection", None)
    return CasesPast(
        case=case,
        inspection=None if named is None else _check(asked, named),
        within=_covers(asked, past, case.respondent),
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


def _of_opening(asked: Asked, past: Past, event: cases.CaseOpened) -> CasesPast:
    return CasesPast(
        registered=_registered(asked.connection, event.respondent),
        within=_covers(asked, past, event.respondent),
        inspection=None if event.inspection is None else _check(asked, event.inspection),
        cause_exists=event.source is not None
        and past_statement(asked.reader, event.source, before=asked.index) is not None,
    )


def _covers(asked: Asked, past: Past, *parties: str) -> bool:
    """Tell whether all *parties* lie in the division of whoever speaks."""
    office = past.parties.get(asked.by)
    divisions = [_division(asked.connection, each) for each in parties]
    return office is not None and all(each is not None and _lies_in(office, each) for each in divisions)


def _lies_in(office: KnownParty, division: str) -> bool:
    # Who is known by its key alone has no division, and answers for none.
    return bool(office.division) and covers(office.division, division)


def _division(connection: Connection, party: str) -> str | None:
    rows = _PARTY.rows(connection, party=party)
    return str(rows[-1].division) if rows else None


def _registered(connection: Connection, *parties: str) -> frozenset[str]:
    return frozenset(each for each in parties if _division(connection, each) is not None)


def _of_assignment(asked: Asked, past: Past, event: supervising.TaskAssigned) -> CasesPast:
    office = past.parties.get(asked.by)
    reaches = office is not None and _lies_in(office, event.division)
    return CasesPast(
        task=None if event.parent_task is None else task_of(asked.connection, event.parent_task),
        registered=_registered(asked.connection, event.office, *event.parties),
        within=reaches and _covers(asked, past, event.office),
    )


def _of_task(
    asked: Asked, _past: Past, event: supervising.FindingsReported | supervising.TaskReported
) -> CasesPast:
    party = getattr(event, "party", None)
    return CasesPast(
        task=task_of(asked.connection, event.task),
        registered=frozenset() if party is None else _registered(asked.connection, party),
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


def _of_alert(
    asked: Asked, _past: Past, event: supervising.AlertAcknowledged | supervising.AlertDone
) -> CasesPast:
    return CasesPast(
        cause_exists=_is_given(asked, event.source, event.alert),
        is_done=_ALERT_DONE.first(asked.connection, source=event.source, alert=event.alert) is not None,
    )


def _is_given(asked: Asked, source: str, alert: str) -> bool:
    """Tell whether the statement *source* gave cause for *alert*: a flag, a failed test, a warning."""
    known = past_statement(asked.reader, source, before=asked.index)
    if known is None or known.void:
        return False
    told: Any = getattr(known.event, "replacement", None) or known.event
    if alert == "failed-test" and told.kind == "inspected":
        return bool(told.verdict == "non-conformant")
    return alert in known.flags or alert == told.kind


def _of_report(asked: Asked, past: Past, event: Any) -> CasesPast:
    row = _REPORT.first(asked.connection, digest=event.consumer_report)
    if row is None:
        return CasesPast()
    steps = sorted(_REPORT_STEPS.rows(asked.connection, report=row.digest), key=lambda each: int(each.entry))
    birth = _LOT.first(asked.connection, name=row.lot)
    state = report_state(each.step for each in steps)
    if birth is None:
        return CasesPast(report=PastReport(row.digest, row.receipt, state), within=True)
    maker = str(birth.maker)
    # Whoever has had goods of the lot may be the one complained of: a shop as well as the mill.
    concerned = sorted({maker, *running.holdings(asked.connection, row.lot)})
    return CasesPast(
        report=PastReport(row.digest, row.receipt, state, maker),
        within=any(_covers(asked, past, each) for each in concerned),
    )


def _of_ratings(asked: Asked, _past: Past, event: reporting.RatingsCounted) -> CasesPast:
    day = event.counted_day.isoformat()
    return CasesPast(is_counted=_COUNTED.first(asked.connection, day=day) is not None)


_ASKS: Mapping[type[Event], Callable[[Asked, Past, Any], CasesPast]] = {
    recalling.RecallStarted: _of_recall,
    recalling.RecallRecovered: _of_recall,
    recalling.RecallDisposed: _of_recall,
    recalling.RecallCompleted: _of_recall,
    recalling.NoticeSent: _of_notice,
    recalling.NoticeAcknowledged: _of_notice,
    recalling.HoldLifted: _of_hold,
    cases.CaseOpened: _of_opening,
    cases.CorrectionOrdered: _of_case,
    cases.CorrectionReported: _of_case,
    cases.Reinspected: _of_case,
    cases.CaseClosed: _of_case,
    supervising.TaskAssigned: _of_assignment,
    supervising.FindingsReported: _of_task,
    supervising.TaskReported: _of_task,
    supervising.AlertAcknowledged: _of_alert,
    supervising.AlertDone: _of_alert,
    reporting.ReportAnswered: _of_report,
    reporting.RewardGranted: _of_report,
    reporting.RewardPaid: _of_report,
    reporting.RatingsCounted: _of_ratings,
}
