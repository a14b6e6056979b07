"""Whether a failed test still counts: after an objection the re-test stands in its place.

    report ── failed ──▶ objection ──▶ re-test ── conformant ──▶ the lot has not failed
                                               └─ failed ──────▶ it has, twice

What is void among the three counts for nothing.
"""

from typing import Any

from sqlalchemy import Connection, Subquery, bindparam, func, select

from traceability import tables
from traceability.question import Question
from traceability.tables import testing

FAILED = "non-conformant"


def retests() -> Subquery:
    """Return the verdict of the re-tests of each *inspection* (digest) that was objected to, and by whom.

    `nth` is 1 for the first; nothing void is among objection and re-test.
    """
    objection, again = testing.objection, testing.test_report.alias("again")
    objected, retested = (tables.statement.alias(name) for name in ("objected", "retested"))
    nth = func.row_number().over(partition_by=objection.c.inspection, order_by=again.c.entry)
    return (
        select(
            objection.c.inspection,
            again.c.verdict.label("retest_verdict"),
            again.c.by.label("retest_by"),
            retested.c.digest.label("retest_digest"),
            nth.label("nth"),
        )
        .join(objected, objected.c.entry == objection.c.entry)
        .join(again, again.c.retest_of == objected.c.digest)
        .join(retested, retested.c.entry == again.c.entry)
        .where(objected.c.void_by.is_(None), retested.c.void_by.is_(None))
        .subquery("retests")
    )


_FAILED = Question(
    select(tables.statement.c.digest)
    .join(testing.test_report, testing.test_report.c.entry == tables.statement.c.entry)
    .where(
        testing.test_report.c.lot == bindparam("lot"),
        testing.test_report.c.verdict == FAILED,
        tables.statement.c.void_by.is_(None),
    )
)
_OBJECTIONS = Question(
    tables.standing(
        testing.objection, testing.objection.c.inspection == bindparam("digest")
    ).with_only_columns(tables.statement.c.digest)
)
_RETEST = Question(
    tables.standing(testing.test_report, testing.test_report.c.retest_of == bindparam("digest")).limit(1)
)


_REPORTS = Question(
    select(testing.test_report.c.entry, tables.statement.c.digest)
    .join(tables.statement, tables.statement.c.entry == testing.test_report.c.entry)
    .where(testing.test_report.c.lot == bindparam("lot"), tables.statement.c.void_by.is_(None))
    .order_by(testing.test_report.c.entry)
)


def reports_of(connection: Connection, lot: str) -> list[tuple[int, str]]:
    """Return entry and statement digest of each standing test of *lot*, the oldest first."""
    return [(row.entry, row.digest) for row in _REPORTS.rows(connection, lot=lot)]


def has_failed(connection: Connection, lot: str) -> bool:
    """Tell whether a test of *lot* has failed, and no re-test has overturned it."""
    return any(not _is_overturned(connection, row.digest) for row in _FAILED.rows(connection, lot=lot))


def _is_overturned(connection: Connection, inspection: str) -> bool:
    first = first_retest(connection, inspection)
    return first is not None and first.verdict != FAILED


def first_retest(connection: Connection, inspection: str) -> Any | None:
    """Return the row of the report that stands in the place of *inspection* (digest), if there is one."""
    found = [
        row
        for objection in _OBJECTIONS.rows(connection, digest=inspection)
        if (row := _RETEST.first(connection, digest=objection.digest)) is not None
    ]
    return min(found, key=lambda row: row.entry, default=None)
