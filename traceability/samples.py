"""How far a sample has come: taken, tested, told, objected to, tested again; and which clock runs.

    waiting    no report yet                  told       the term to object runs, or has ended
    reported   nobody told the party yet      objected   a re-test is to be ordered, or is under way
    final      a re-test stands in the place of the report, or the term has ended

Clocks are views: the term is the day that the notice told, beside it the day that the calendar gives.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, select

from ledger.canonical import instant_of
from traceability import tables
from traceability.events.fact import legal_day
from traceability.office_word import office_says
from traceability.past.testing import OFFICIAL
from traceability.question import Question
from traceability.retesting import first_retest
from traceability.tables import testing
from traceability.working_days import Deadline, deadline

State = Literal["waiting", "reported", "told", "objected", "final"]

OBJECTION_DAYS = 5
RETEST_DAYS = 7
RAPID = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a sample, and what became of it; *until* is the moment or the day that ends the term."""

    digest: str
    entry: int
    by: str
    passed: bool
    party: str | None = None
    told_at: datetime | None = None
    until: date | None = None
    by_calendar: Deadline | None = None
    until_moment: datetime | None = None
    objection: str | None = None
    laboratory: str | None = None
    due: date | None = None
    retest_entry: int | None = None
    retest_passed: bool | None = None

    @property
    def is_short(self) -> bool:
        """Whether the notice gave less time than the law does, as far as the calendar knows."""
        return self.until is not None and self.by_calendar is not None and self.until < self.by_calendar.day

    def may_object(self, now: datetime) -> bool:
        """Tell whether an objection would still come in time."""
        if self.objection is not None or self.retest_entry is not None:
            return False
        if self.until_moment is not None:
            return now < self.until_moment
        return self.until is None or legal_day(now) <= self.until


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that somebody took, with its reports in the order of the log.

    *office_says*: the office whose sampling it is has told of it itself, or confirmed it or a result of it.
    """

    entry: int
    digest: str
    sample: str
    lot: str
    purpose: str
    product_class: str
    commodity: str
    division: str
    sampled_on: date
    by: str
    office: str
    laboratory: str | None
    plan: str | None
    reports: tuple[Report, ...] = ()
    office_says: bool = True

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it is said to be an office's, and that office has not said so: no rate counts it."""
        return self.purpose in OFFICIAL and not self.office_says

    def state(self, now: datetime) -> State:
        """Return how far it has come."""
        if not self.reports:
            return "waiting"
        last = self.reports[-1]
        if last.objection is not None and last.retest_entry is None:
            return "objected"
        if last.retest_entry is not None or (last.told_at is not None and not last.may_object(now)):
            return "final"
        return "reported" if last.told_at is None else "told"

    @property
    def passed(self) -> bool | None:
        """Whether it has passed in the end, as far as it is known."""
        parts = [each.passed if each.retest_passed is None else each.retest_passed for each in self.reports]
        return all(parts) if parts else None


_REPORTS = Question(
    select(testing.test_report, tables.statement.c.digest)
    .join(tables.statement, tables.statement.c.entry == testing.test_report.c.entry)
    .where(
        testing.test_report.c.sample == bindparam("sample"),
        testing.test_report.c.lot == bindparam("lot"),
        testing.test_report.c.retest_of.is_(None),
        tables.statement.c.void_by.is_(None),
    )
    .order_by(testing.test_report.c.entry)
)
_NOTICE, _OBJECTION = (
    Question(
        select(table, tables.statement.c.digest, tables.statement.c.at)
        .join(tables.statement, tables.statement.c.entry == table.c.entry)
        .where(table.c.inspection == bindparam("digest"), tables.statement.c.void_by.is_(None))
        .order_by(table.c.entry.desc())
        .limit(1)
    )
    for table in (testing.notice, testing.objection)
)
_ORDER = Question(
    tables.standing(testing.retest_order, testing.retest_order.c.objection == bindparam("digest")).limit(1)
)


def samples(connection: Connection, *conditions: ColumnElement[bool], limit: int = 100) -> list[Sample]:
    """Return the samples whose sampling fits *conditions* and stands, the newest first."""
    table, said = testing.sampling, tables.statement
    found = connection.execute(
        select(table, said.c.digest)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), *conditions)
        .order_by(table.c.entry.desc())
        .limit(limit)
    )
    return [_sample(connection, row) for row in found]


def sample_of_report(connection: Connection, digest: str) -> Sample | None:
    """Return the sample of the report with this statement digest; None where nobody told of its taking."""
    row = connection.execute(
        tables.standing(testing.test_report, tables.statement.c.digest == digest)
    ).first()
    if row is None:
        return None
    table = testing.sampling
    return next(iter(samples(connection, table.c.sample == row.sample, table.c.lot == row.lot)), None)


def of_party(connection: Connection, party: str, limit: int = 100) -> list[Sample]:
    """Return the samples of lots that *party* made or has held."""
    born, moved = tables.lot, tables.stock
    lots = (
        select(born.c.lot)
        .where(born.c.maker == party)
        .union(select(moved.c.lot).where(moved.c.party == party))
    )
    return samples(connection, testing.sampling.c.lot.in_(lots), limit=limit)


def to_laboratory(connection: Connection, laboratory: str, limit: int = 100) -> list[Sample]:
    """Return the samples that went to *laboratory*, or that it took itself."""
    table = testing.sampling
    return samples(connection, (table.c.laboratory == laboratory) | (table.c.by == laboratory), limit=limit)


def retests_of(connection: Connection, laboratory: str) -> Iterator[tuple[Sample, Report]]:
    """Yield the re-tests that were ordered from *laboratory* and are not done."""
    table, objection, said = testing.retest_order, testing.objection, tables.statement
    rows = connection.execute(
        select(objection.c.inspection)
        .join(said, said.c.entry == objection.c.entry)
        .join(table, table.c.objection == said.c.digest)
        .where(table.c.laboratory == laboratory, said.c.void_by.is_(None))
        .order_by(table.c.entry)
    )
    for row in rows:
        sample = sample_of_report(connection, row.inspection)
        for each in () if sample is None else sample.reports:
            if each.digest == row.inspection and each.retest_entry is None and each.laboratory == laboratory:
                yield sample, each  # type: ignore[misc]  # a sample without reports yields nothing


def _sample(connection: Connection, row: Any) -> Sample:
    reports = _REPORTS.rows(connection, sample=row.sample, lot=row.lot)
    return Sample(
        row.entry,
        row.digest,
        row.sample,
        row.lot,
        row.purpose,
        row.product_class,
        row.commodity,
        row.division,
        date.fromisoformat(row.sampled_on),
        row.by,
        row.ordered_by or row.by,
        row.laboratory,
        row.plan,
        tuple(_reports(connection, reports, is_rapid=row.purpose == "rapid")),
        office_says(connection, row),
    )


def _reports(connection: Connection, rows: Iterable[Any], *, is_rapid: bool) -> Iterator[Report]:
    for row in rows:
        notice = _NOTICE.first(connection, digest=row.digest)
        objection = _OBJECTION.first(connection, digest=row.digest)
        order = None if objection is None else _ORDER.first(connection, digest=objection.digest)
        again = first_retest(connection, row.digest)
        told_at = None if notice is None else instant_of(notice.at)
        yield Report(
            digest=row.digest,
            entry=row.entry,
            by=row.by,
            passed=row.verdict == "conformant",
            party=None if notice is None else notice.party,
            told_at=told_at,
            until=None if notice is None or notice.until is None else date.fromisoformat(notice.until),
            by_calendar=None if told_at is None or is_rapid else objection_term(legal_day(told_at)),
            until_moment=told_at + RAPID if told_at is not None and is_rapid else None,
            objection=None if objection is None else objection.digest,
            laboratory=None if order is None else order.laboratory,
            due=None if order is None else date.fromisoformat(order.due),
            retest_entry=None if again is None else again.entry,
            retest_passed=None if again is None else again.verdict == "conformant",
        )


def objection_term(told: date) -> Deadline:
    """Return the last day to object to a result that was told on that day."""
    return deadline(told, OBJECTION_DAYS)


def retest_term(ordered: date) -> Deadline:
    """Return the day by which a re-test that was ordered on that day is due."""
    return deadline(ordered, RETEST_DAYS)
