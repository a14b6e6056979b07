"""The rows of recalls and holds, cases, tasks, alerts, reports and ratings."""

from decimal import Decimal

from ledger.canonical import decimal_text, instant_text
from traceability import tables
from traceability.events import cases, recalling, reporting, supervising
from traceability.quantity import Amount
from traceability.rows.writing import Rows, add_own
from traceability.tables import cases as case_tables


def _told(rows: Rows) -> dict[str, str]:
    return {"by": rows.statement.by, "at": instant_text(rows.statement.event.at)}


def _day(rows: Rows) -> dict[str, str]:
    return {"by": rows.statement.by, "day": rows.statement.event.day.isoformat()}


def _much(rows: Rows, lot: str, amount: Amount | None) -> str | None:
    return None if amount is None else decimal_text(rows.amount(lot, amount))


def _recall_step(rows: Rows, recall: str, step: str, **told: str | None) -> None:
    rows.add(case_tables.recall_step, recall=recall, step=step, **told, **_told(rows))


@add_own.register
def _(event: recalling.RecallStarted, rows: Rows) -> None:
    _recall_step(rows, event.recall, "started")


@add_own.register
def _(event: recalling.RecallRecovered, rows: Rows) -> None:
    much = rows.amount(event.lot, event.amount)
    _recall_step(rows, event.recall, "recovered", lot=event.lot, amount=decimal_text(much))
    rows.count(case_tables.recall_account("recovered", event.recall, event.lot), much)


@add_own.register
def _(event: recalling.RecallDisposed, rows: Rows) -> None:
    much = rows.amount(event.lot, event.amount)
    _recall_step(rows, event.recall, "disposed", lot=event.lot, amount=decimal_text(much), why=event.disposal)
    booked = Decimal(0) if event.from_stock is None else rows.amount(event.lot, event.from_stock)
    # What is held against what came back is only what no stock was lowered by.
    rows.count(case_tables.recall_account("disposed", event.recall, event.lot), much - booked)
    if booked:
        rows.move(event.lot, rows.holder, "disposed", -booked)


@add_own.register
def _(event: recalling.RecallCompleted, rows: Rows) -> None:
    _recall_step(rows, event.recall, "completed")
    for each in event.not_recovered:
        much = _much(rows, each.lot, each.amount)
        _recall_step(rows, event.recall, "missing", lot=each.lot, amount=much, why=each.missing_because)


@add_own.register
def _(event: recalling.NoticeSent, rows: Rows) -> None:
    rows.add(
        case_tables.notice,
        digest=rows.statement.digest,
        about=event.about,
        lot=event.lot,
        amount=_much(rows, event.lot, event.amount),
        **_told(rows),
    )


@add_own.register
def _(event: recalling.NoticeAcknowledged, rows: Rows) -> None:
    rows.add(
        case_tables.acknowledgement,
        about=event.about,
        lot=event.lot,
        amount=_much(rows, event.lot, event.amount),
        **_told(rows),
    )


@add_own.register
def _(event: recalling.HoldPlaced, rows: Rows) -> None:
    rows.add(
        case_tables.placed_hold,
        digest=rows.statement.digest,
        lot=event.lot,
        cause=event.hold_cause,
        **_told(rows),
    )


@add_own.register
def _(event: recalling.HoldLifted, rows: Rows) -> None:
    # A placed hold is a flag; what lifts it counts as what resolves a flag.
    rows.add(tables.resolution, target=event.hold, by=rows.statement.by)


@add_own.register
def _(event: cases.CaseOpened, rows: Rows) -> None:
    rows.add(
        case_tables.case,
        digest=rows.statement.digest,
        respondent=event.respondent,
        lot=event.lot,
        cause=event.case_cause,
        inspection=event.inspection,
        source=event.source,
        **_day(rows),
    )


@add_own.register
def _(event: cases.CorrectionOrdered, rows: Rows) -> None:
    until = event.until.isoformat()
    rows.add(case_tables.case_step, case=event.case, step="ordered", until=until, **_day(rows))


@add_own.register
def _(event: cases.CorrectionReported, rows: Rows) -> None:
    rows.add(case_tables.case_step, case=event.case, step="reported", **_day(rows))


@add_own.register
def _(event: cases.Reinspected, rows: Rows) -> None:
    rows.add(case_tables.case_step, case=event.case, step="reinspected", passed=event.passed, **_day(rows))


@add_own.register
def _(event: cases.CaseClosed, rows: Rows) -> None:
    rows.add(case_tables.case_step, case=event.case, step="closed", outcome=event.case_outcome, **_day(rows))


@add_own.register
def _(event: supervising.TaskAssigned, rows: Rows) -> None:
    rows.add(
        case_tables.task,
        digest=rows.statement.digest,
        office=event.office,
        division=event.division,
        topic=event.task_topic,
        until=event.until.isoformat(),
        parent=event.parent_task,
        draw=event.draw,
        **_day(rows),
    )
    for party in event.parties:
        rows.add(case_tables.task_party, task=rows.statement.digest, party=party)


@add_own.register
def _(event: supervising.FindingsReported, rows: Rows) -> None:
    for each in event.findings:
        rows.add(
            case_tables.finding,
            digest=rows.statement.digest,
            task=event.task,
            party=event.party,
            aspect=each.aspect,
            in_order=each.in_order,
            day=event.day.isoformat(),
        )


@add_own.register
def _(event: supervising.TaskReported, rows: Rows) -> None:
    rows.add(case_tables.task_report, task=event.task, **_day(rows))


@add_own.register
def _(event: supervising.AlertRaised, rows: Rows) -> None:
    rows.add(
        case_tables.alert,
        digest=rows.statement.digest,
        severity=event.severity,
        division=event.division,
        lot=event.lot,
        party=event.party,
        until=None if event.until is None else event.until.isoformat(),
        **_told(rows),
    )


@add_own.register
def _(event: supervising.AlertAcknowledged, rows: Rows) -> None:
    rows.add(
        case_tables.alert_step, source=event.source, alert=event.alert, step="acknowledged", **_day(rows)
    )


@add_own.register
def _(event: supervising.AlertDone, rows: Rows) -> None:
    rows.add(
        case_tables.alert_step,
        source=event.source,
        alert=event.alert,
        step="done",
        outcome=event.alert_outcome,
        case=event.case,
        **_day(rows),
    )


@add_own.register
def _(event: reporting.ReportReceived, rows: Rows) -> None:
    rows.add(
        case_tables.report,
        digest=rows.statement.digest,
        receipt=event.receipt,
        complaint=event.complaint,
        lot=event.lot,
        at=instant_text(event.at),
    )


def _report_step(rows: Rows, report: str, step: str, case: str | None = None) -> None:
    rows.add(case_tables.report_step, report=report, step=step, case=case, **_day(rows))


@add_own.register
def _(event: reporting.ReportAnswered, rows: Rows) -> None:
    _report_step(rows, event.consumer_report, event.report_status, event.case)


@add_own.register
def _(event: reporting.RewardGranted, rows: Rows) -> None:
    _report_step(rows, event.consumer_report, "rewarded")


@add_own.register
def _(event: reporting.RewardPaid, rows: Rows) -> None:
    _report_step(rows, event.consumer_report, "paid")


@add_own.register
def _(event: reporting.RatingsCounted, rows: Rows) -> None:
    for each in event.ratings:
        rows.add(
            case_tables.rating,
            day=event.counted_day.isoformat(),
            division=each.division,
            party=each.party,
            ones=each.ones,
            twos=each.twos,
            threes=each.threes,
            fours=each.fours,
            fives=each.fives,
        )
