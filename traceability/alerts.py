"""The work queue of an office: every alert that nobody has dealt with, the gravest first, then the oldest.

An alert is not stored. It is a rule's flag, a failed test, a warning or a report that stands in the log, a
clock that has run out, or a code whose scans look like those of a copy; which of them count, how gravely and
for how many days is data (`risk_rules.csv`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, or_, select, true

from ledger.canonical import instant_of, instant_text
from traceability import cases, clones, recall_clocks, supervision, tables
from traceability.clones import Suspect
from traceability.events.fact import legal_day
from traceability.rule_tables.alerts import RiskRow
from traceability.scope import Scope
from traceability.tables import cases as case_tables

AlertState = Literal["new", "acknowledged"]

GRAVITY: Mapping[str, int] = {"critical": 0, "high": 1, "medium": 2, "low": 3}
"""The order of the queue."""

Found = tuple[str, Any, str | None]


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that nobody has dealt with: *source* is the statement behind it, *party* whom it is about.

    *clock* alerts go by themselves once the thing is done; nobody ticks them off.
    """

    alert: str
    source: str
    entry: int
    severity: str
    raised: datetime
    due: date
    owner: str
    lot: str | None
    party: str | None
    state: AlertState
    is_clock: bool = False

    def is_overdue(self, on: date) -> bool:
        """Tell whether somebody should have acted before the day *on*."""
        return self.due < on


def queue(
    connection: Connection,
    scope: Scope,
    risks: Iterable[RiskRow],
    now: datetime,
    *,
    copies: Iterable[Suspect] = (),
    most: int = 200,
) -> list[Alert]:
    """Return the alerts of *scope* by gravity and age, of each kind of source no more than *most*.

    *copies* are the codes whose scans look like those of a copy: scans are counted beside the log.
    """
    by_name = {row.alert: row for row in risks if row.in_force(legal_day(now))}
    found = [
        *(each for gravity in GRAVITY for each in _flags(connection, scope, by_name, gravity, most)),
        *_failed(connection, scope, by_name, most),
        *_warnings(connection, scope, by_name, most),
        *_reports(connection, scope, by_name, most),
        *islice(_copies(connection, scope, by_name, copies), most),
        *_clocks(connection, scope, by_name, now, most),
    ]
    return sorted(found, key=lambda each: (GRAVITY[each.severity], each.raised, each.entry, each.alert))


def entry_of(connection: Connection, source: str) -> int | None:
    """Return the entry of the statement *source*."""
    said = tables.statement
    found = connection.execute(select(said.c.entry).where(said.c.digest == source)).scalar()
    return None if found is None else int(found)


def is_warning_within(connection: Connection, scope: Scope, entry: int) -> bool:
    """Tell whether *entry* warns of a division of *scope*, or receives a report of a lot there."""
    warning, report = case_tables.alert, case_tables.report
    here = true() if scope.divisions is None else warning.c.division.in_(scope.divisions)
    warned = select(warning.c.entry).where(warning.c.entry == entry, here)
    reported = select(report.c.entry).where(report.c.entry == entry, scope.of_lot(report.c.lot))
    return connection.execute(warned.union(reported)).first() is not None


def _named(by_name: Mapping[str, RiskRow], given_by: str) -> list[str]:
    return sorted(name for name, row in by_name.items() if row.given_by == given_by)


def _not_done(alert: Any) -> ColumnElement[bool]:
    step, said = case_tables.alert_step, tables.statement.alias("done_said")
    done = (
        select(step.c.entry)
        .join(said, said.c.entry == step.c.entry)
        .where(said.c.void_by.is_(None), step.c.step == "done")
        .where(step.c.source == tables.statement.c.digest, step.c.alert == alert)
    )
    return ~done.exists()


def _flags(
    connection: Connection, scope: Scope, by_name: Mapping[str, RiskRow], gravity: str, most: int
) -> Iterator[Alert]:
    # Asked for each gravity by itself, so that no flood of little ones hides a grave one.
    names = [each for each in _named(by_name, "flag") if by_name[each].severity == gravity]
    table, said = tables.flag, tables.statement
    lot = table.c.lot
    query = (
        select(table.c.entry, table.c.rule.label("alert"), lot, said.c.digest, said.c.by, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(table.c.rule.in_(names), said.c.void_by.is_(None), _not_done(table.c.rule))
        .where(_concerns(scope, lot))
        .order_by(table.c.entry)
    )
    seen: set[tuple[str, str]] = set()
    for row in _rows(connection, query, most):
        # A flag that falls on several lots is one alert.
        if (row.digest, row.alert) not in seen:
            seen.add((row.digest, row.alert))
            yield _alert(connection, by_name[row.alert], row)


def _failed(
    connection: Connection, scope: Scope, by_name: Mapping[str, RiskRow], most: int
) -> Iterator[Alert]:
    table, said = tables.inspection, tables.statement
    if "failed-test" not in _named(by_name, "test"):
        return
    query = (
        select(table.c.entry, table.c.lot, said.c.digest, said.c.by, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(table.c.verdict == "non-conformant", said.c.void_by.is_(None), _not_done("failed-test"))
        .where(_concerns(scope, table.c.lot))
        .order_by(table.c.entry)
    )
    for row in _rows(connection, query, most):
        yield _alert(connection, by_name["failed-test"], row)


def _warnings(
    connection: Connection, scope: Scope, by_name: Mapping[str, RiskRow], most: int
) -> Iterator[Alert]:
    table, said = case_tables.alert, tables.statement
    risk = by_name.get("alert-raised")
    if risk is None:
        return
    within = true() if scope.divisions is None else table.c.division.in_(scope.divisions)
    query = (
        select(table, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(
            said.c.void_by.is_(None), _not_done("alert-raised"), or_(within, _concerns(scope, table.c.lot))
        )
        .order_by(table.c.entry)
    )
    for row in _rows(connection, query, most):
        due = None if row.until is None else date.fromisoformat(row.until)
        yield _alert(connection, risk, row, party=row.party, severity=row.severity, due=due)


def _reports(
    connection: Connection, scope: Scope, by_name: Mapping[str, RiskRow], most: int
) -> Iterator[Alert]:
    table, said, step = case_tables.report, tables.statement, case_tables.report_step
    risk = by_name.get("report-received")
    if risk is None:
        return
    answered = select(step.c.entry).where(step.c.report == table.c.digest).exists()
    query = (
        select(table.c.entry, table.c.lot, said.c.digest, said.c.by, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), ~answered, _not_done("report-received"), scope.of_lot(table.c.lot))
        .order_by(table.c.entry)
    )
    for row in _rows(connection, query, most):
        yield _alert(connection, risk, row, party=None)


def _copies(
    connection: Connection, scope: Scope, by_name: Mapping[str, RiskRow], copies: Iterable[Suspect]
) -> Iterator[Alert]:
    """Yield an alert for each suspected code that a party of *scope* issued: its maker's office acts."""
    table, said = tables.code_issue, tables.statement
    risk = by_name.get(clones.ALERT)
    if risk is None:
        return
    for each in copies:
        named = replace(risk, alert=clones.alert_of(each.index))
        query = (
            select(table.c.entry, table.c.lot, said.c.digest, said.c.by)
            .add_columns(literal(instant_text(each.since)).label("recorded_at"))
            .join(said, said.c.entry == table.c.entry)
            .where(table.c.lot == each.lot, table.c.first <= each.index)
            .where(table.c.first + table.c.packs > each.index)
            .where(said.c.void_by.is_(None), _not_done(named.alert), scope.of_party(said.c.by))
        )
        for row in _rows(connection, query, 1):
            yield _alert(connection, named, row)


def _rows(connection: Connection, query: "Select[Any]", most: int) -> Iterable[Any]:
    return connection.execute(query.limit(most)).all()


def _concerns(scope: Scope, lot: ColumnElement[str | None]) -> ColumnElement[bool]:
    if scope.divisions is None:
        return true()
    return or_(scope.of_party(tables.statement.c.by), and_(lot.is_not(None), scope.of_lot(lot)))


def _alert(
    connection: Connection,
    risk: RiskRow,
    row: Any,
    *,
    party: str | None = "",
    severity: str = "",
    due: date | None = None,
) -> Alert:
    raised = instant_of(row.recorded_at)
    return Alert(
        alert=risk.alert,
        source=row.digest,
        entry=row.entry,
        severity=severity or risk.severity,
        raised=raised,
        due=due or legal_day(raised) + timedelta(days=risk.days),
        owner=risk.owner,
        lot=row.lot,
        party=row.by if party == "" else party,
        state="acknowledged" if _is_acknowledged(connection, row.digest, risk.alert) else "new",
    )


def _is_acknowledged(connection: Connection, source: str, alert: str) -> bool:
    table = case_tables.alert_step
    found = tables.standing(
        table, table.c.source == source, table.c.alert == alert, table.c.step == "acknowledged"
    )
    return connection.execute(found.limit(1)).first() is not None


def _clocks(
    connection: Connection, scope: Scope, by_name: Mapping[str, RiskRow], now: datetime, most: int
) -> Iterator[Alert]:
    on = legal_day(now)
    for case in cases.cases(connection, scope, only_open=True, limit=most):
        if case.is_overdue(on) and case.until is not None:
            found = _Ran("case-overdue", case.digest, case.entry, case.until, case.lot, case.respondent)
            yield from _ran_out(by_name, found)
    for task in supervision.open_tasks(connection, scope.divisions, limit=most):
        if task.is_overdue(on):
            found = _Ran("task-overdue", task.digest, task.entry, task.until, None, task.office)
            yield from _ran_out(by_name, found)
    for recall in recall_clocks.recalls(connection, scope, limit=most):
        yield from _recall_clocks(by_name, recall, now)


def _recall_clocks(
    by_name: Mapping[str, RiskRow], recall: recall_clocks.RecallStanding, now: datetime
) -> Iterator[Alert]:
    start, _ = recall_clocks.clocks(recall.level, recall.called)
    about = (recall.digest, recall.entry)
    if recall.state == "called" and recall.start.is_late(now):
        found = _Ran("recall-not-started", *about, legal_day(start), recall.lot, recall.by)
        yield from _ran_out(by_name, found)
    if recall.state != "completed" and recall.completion.is_late(now):
        _, end = recall_clocks.clocks(recall.level, recall.called)
        yield from _ran_out(by_name, _Ran("recall-overdue", *about, end.day, recall.lot, recall.by))


@dataclass(frozen=True, slots=True)
class _Ran:
    """A clock that has run out, and the last day that it gave."""

    alert: str
    source: str
    entry: int
    last: date
    lot: str | None
    party: str


def _ran_out(by_name: Mapping[str, RiskRow], ran: _Ran) -> Iterator[Alert]:
    risk = by_name.get(ran.alert)
    if risk is None:
        return
    # The clock ran out as its last legal day ended.
    over = datetime.fromisoformat(f"{ran.last.isoformat()}T23:59:59+08:00")
    yield Alert(
        alert=ran.alert,
        source=ran.source,
        entry=ran.entry,
        severity=risk.severity,
        raised=over,
        due=ran.last + timedelta(days=risk.days),
        owner=risk.owner,
        lot=ran.lot,
        party=ran.party,
        state="new",
        is_clock=True,
    )
