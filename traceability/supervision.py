"""Tasks from province to county as they stand: who was asked, who has looked at whom, what is overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from traceability import tables
from traceability.tables import cases as case_tables


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked at of one party on a day."""

    entry: int
    party: str
    day: date
    in_order: int
    wanting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A task: the *parties* that it names, what was *found* so far, and the day when it was *reported*."""

    digest: str
    entry: int
    by: str
    office: str
    division: str
    topic: str
    day: date
    until: date
    parent: str | None
    parties: tuple[str, ...]
    found: tuple[Found, ...]
    reported: date | None

    def is_overdue(self, on: date) -> bool:
        """Tell whether the task's day is over, and it is not reported."""
        return self.reported is None and self.until < on

    @property
    def unseen(self) -> tuple[str, ...]:
        """The parties that it names and that nobody has looked at."""
        seen = {each.party for each in self.found}
        return tuple(each for each in self.parties if each not in seen)


def tasks_of(connection: Connection, office: str, *, limit: int = 500) -> list[Task]:
    """Return the tasks that *office* was given or gave, those that end first at the head."""
    table = case_tables.task
    return _listed(connection, or_(table.c.office == office, table.c.by == office), limit)


def tasks_below(connection: Connection, digest: str) -> list[Task]:
    """Return the tasks that were made of another."""
    return _listed(connection, case_tables.task.c.parent == digest, 500)


def open_tasks(connection: Connection, divisions: tuple[str, ...] | None, *, limit: int = 500) -> list[Task]:
    """Return the tasks in *divisions* (None: all) that nobody has reported on."""
    table, done = case_tables.task, case_tables.task_report
    reported = (
        select(done.c.task)
        .join(tables.statement, tables.statement.c.entry == done.c.entry)
        .where(tables.statement.c.void_by.is_(None))
    )
    within: ColumnElement[bool] = table.c.digest.not_in(reported)
    if divisions is not None:
        within = within & table.c.division.in_(divisions)
    return _listed(connection, within, limit)


def task(connection: Connection, digest: str) -> Task | None:
    """Return the task that the statement with this *digest* assigned, if it stands."""
    return next(iter(_listed(connection, case_tables.task.c.digest == digest, 1)), None)


def _listed(connection: Connection, which: ColumnElement[bool], limit: int) -> list[Task]:
    rows = connection.execute(_tasks(which).limit(limit)).all()
    return [_task(connection, row) for row in rows]


def _tasks(which: ColumnElement[bool]) -> "Select[Any]":
    table, said = case_tables.task, tables.statement
    return (
        select(table)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), which)
        .order_by(table.c.until, table.c.entry)
    )


def _task(connection: Connection, row: Any) -> Task:
    named, done = case_tables.task_party, case_tables.task_report
    parties = connection.execute(tables.standing(named, named.c.task == row.digest)).all()
    reports = connection.execute(tables.standing(done, done.c.task == row.digest)).all()
    return Task(
        digest=row.digest,
        entry=row.entry,
        by=row.by,
        office=row.office,
        division=row.division,
        topic=row.topic,
        day=date.fromisoformat(row.day),
        until=date.fromisoformat(row.until),
        parent=row.parent,
        parties=tuple(each.party for each in parties),
        found=tuple(_found(connection, row.digest)),
        reported=min((date.fromisoformat(each.day) for each in reports), default=None),
    )


def _found(connection: Connection, digest: str) -> Iterator[Found]:
    table = case_tables.finding
    rows = connection.execute(tables.standing(table, table.c.task == digest)).all()
    by_entry: dict[int, list[Any]] = {}
    for row in rows:
        by_entry.setdefault(row.entry, []).append(row)
    for entry, aspects in sorted(by_entry.items()):
        wanting = tuple(each.aspect for each in aspects if not each.in_order)
        day = date.fromisoformat(aspects[0].day)
        yield Found(entry, aspects[0].party, day, len(aspects) - len(wanting), wanting)
