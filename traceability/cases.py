"""Cases as they stand on a day: which are open, which are overdue, how old they are.

    cases(connection, scope, only_open=True)     the cases against parties of a scope, the oldest first
    case(connection, digest)                     one case with all its steps
    tally(cases, on)                             how many are open, overdue, closed, and how long they took

What is void counts nowhere. A case is overdue from the day after the one that its newest order names, until
the party has reported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, select

from ledger.canonical import instant_of
from traceability import tables
from traceability.case_steps import CaseState, CaseStep, case_state
from traceability.events.fact import legal_day
from traceability.scope import Scope
from traceability.tables import cases as case_tables


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, by whom, on which day; *until* of an order, *passed* of a re-inspection."""

    entry: int
    step: str
    by: str
    day: date
    until: date | None = None
    passed: bool | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case, and its standing steps in the order of the log."""

    digest: str
    entry: int
    by: str
    respondent: str
    lot: str | None
    cause: str
    source: str | None
    opened: date
    steps: tuple[Step, ...]

    @property
    def state(self) -> CaseState:
        """Where the case stands."""
        return case_state(CaseStep(each.step, each.passed, each.outcome) for each in self.steps)

    @property
    def until(self) -> date | None:
        """The last day of the newest order."""
        return next((each.until for each in reversed(self.steps) if each.step == "ordered"), None)

    @property
    def closed(self) -> date | None:
        """The day on which the case was closed."""
        if self.state != "closed":
            return None
        return next(each.day for each in reversed(self.steps) if each.step == "closed")

    def is_overdue(self, on: date) -> bool:
        """Tell whether the order's last day is over on the day *on*, and nothing was reported."""
        return self.state == "ordered" and self.until is not None and self.until < on

    def age(self, on: date) -> int:
        """Return how many days the case was open, up to *on* or to its end."""
        return ((self.closed or on) - self.opened).days


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases counted: *days* are what each closed one took, sorted; *oldest* is the age of an open one."""

    open: int
    overdue: int
    closed: int
    oldest: int
    days: tuple[int, ...]


def cases(connection: Connection, scope: Scope, *, only_open: bool = False, limit: int = 500) -> list[Case]:
    """Return the cases against parties of *scope*, the oldest first, no more than *limit*."""
    query = _cases(scope.of_party(case_tables.case.c.respondent))
    if only_open:
        query = query.where(case_tables.case.c.digest.not_in(_closed()))
    return list(_with_steps(connection, connection.execute(query.limit(limit)).all()))


def cases_of(connection: Connection, party: str) -> list[Case]:
    """Return the cases against *party*, the oldest first."""
    query = _cases(case_tables.case.c.respondent == party)
    return list(_with_steps(connection, connection.execute(query).all()))


def case(connection: Connection, digest: str) -> Case | None:
    """Return the case that the statement with this *digest* opened, if it stands."""
    rows = connection.execute(_cases(case_tables.case.c.digest == digest)).all()
    return next(_with_steps(connection, rows), None)


@dataclass(frozen=True, slots=True)
class Check:
    """A test or the findings of a task, by its digest."""

    entry: int
    digest: str
    kind: str
    day: date


def checks_after(connection: Connection, about: list[str], entry: int) -> list[Check]:
    """Return the tests and findings that touch one of the subjects *about* and came after *entry*."""
    said, touched = tables.statement, tables.subject
    rows = connection.execute(
        select(said)
        .join(touched, touched.c.entry == said.c.entry)
        .where(touched.c.subject.in_(about), said.c.entry > entry, said.c.void_by.is_(None))
        .where(said.c.effective_kind.in_(["inspected", "findings-reported"]))
        .order_by(said.c.entry.desc())
        .limit(50)
    ).all()
    return [Check(row.entry, row.digest, row.effective_kind, legal_day(instant_of(row.at))) for row in rows]


def tally(found: Iterable[Case], on: date) -> Tally:
    """Count *found* as they stand on the day *on*."""
    listed = list(found)
    still_open = [each for each in listed if each.state != "closed"]
    done = [each for each in listed if each.state == "closed"]
    return Tally(
        open=len(still_open),
        overdue=sum(each.is_overdue(on) for each in still_open),
        closed=len(done),
        oldest=max((each.age(on) for each in still_open), default=0),
        days=tuple(sorted(each.age(on) for each in done)),
    )


def _cases(which: ColumnElement[bool]) -> "Select[Any]":
    table, said = case_tables.case, tables.statement
    return (
        select(table)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), which)
        .order_by(table.c.entry)
    )


def _closed() -> "Select[tuple[str]]":
    table, said = case_tables.case_step, tables.statement
    return (
        select(table.c.case)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), table.c.step == "closed")
    )


def _with_steps(connection: Connection, rows: Iterable[Any]) -> Iterator[Case]:
    for row in rows:
        yield Case(
            digest=row.digest,
            entry=row.entry,
            by=row.by,
            respondent=row.respondent,
            lot=row.lot,
            cause=row.cause,
            source=row.source,
            opened=date.fromisoformat(row.day),
            steps=tuple(_steps(connection, row.digest)),
        )


def _steps(connection: Connection, digest: str) -> Iterator[Step]:
    table = case_tables.case_step
    found = connection.execute(tables.standing(table, table.c.case == digest)).all()
    for row in sorted(found, key=lambda each: cast(int, each.entry)):
        until = None if row.until is None else date.fromisoformat(row.until)
        yield Step(row.entry, row.step, row.by, date.fromisoformat(row.day), until, row.passed, row.outcome)
