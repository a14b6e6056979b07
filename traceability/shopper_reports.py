"""What shoppers have reported, found by the number that only the shopper has, or by whose lot it is.

R4T8-2KQ7-9XNC-5HVM      the number: eighty random bits in letters that are not mistaken for each other
SHA-256 of it            the receipt, which stands in the log
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from ledger.canonical import instant_of
from traceability import tables
from traceability.case_steps import ReportState, report_state
from traceability.scope import Scope
from traceability.tables import cases as case_tables

_NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}")
_MISTAKEN = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Answer:
    """One step of the answer to a report."""

    entry: int
    step: str
    by: str
    day: date
    case: str | None


@dataclass(frozen=True, slots=True)
class ShopperReport:
    """A report; what was said in it is sealed."""

    digest: str
    entry: int
    receipt: str
    complaint: str
    lot: str
    at: datetime
    answers: tuple[Answer, ...]

    @property
    def state(self) -> ReportState:
        """How far somebody has come with it."""
        return report_state(each.step for each in self.answers)


def plain_number(typed: str) -> str | None:
    """Return a number as its receipt is made of it, without strokes; None where it is none."""
    plain = re.sub(r"[\s-]", "", typed).upper().translate(_MISTAKEN)
    return plain if _NUMBER.fullmatch(plain) else None


def receipt_of(number: str) -> str:
    """Return the hex SHA-256 of a plain number."""
    return hashlib.sha256(number.encode()).hexdigest()


def by_receipt(connection: Connection, receipt: str) -> ShopperReport | None:
    """Return the report with this *receipt*, if it stands."""
    return _first(connection, case_tables.report.c.receipt == receipt)


def by_digest(connection: Connection, digest: str) -> ShopperReport | None:
    """Return the report that the statement with this *digest* received, if it stands."""
    return _first(connection, case_tables.report.c.digest == digest)


def reports(connection: Connection, scope: Scope, *, limit: int = 500) -> list[ShopperReport]:
    """Return the reports of lots that were made or held in *scope*, the newest first."""
    rows = connection.execute(select_reports(scope.of_lot(case_tables.report.c.lot)).limit(limit)).all()
    return [_report(connection, row) for row in rows]


def select_reports(which: ColumnElement[bool]) -> "Select[Any]":
    """Select the reports that stand, the newest first."""
    table, said = case_tables.report, tables.statement
    return (
        select(table, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), which)
        .order_by(table.c.entry.desc())
    )


def _first(connection: Connection, which: ColumnElement[bool]) -> ShopperReport | None:
    row = connection.execute(select_reports(which)).first()
    return None if row is None else _report(connection, row)


def _report(connection: Connection, row: Any) -> ShopperReport:
    table = case_tables.report_step
    steps = connection.execute(tables.standing(table, table.c.report == row.digest)).all()
    answers = (
        Answer(each.entry, each.step, each.by, date.fromisoformat(each.day), each.case)
        for each in sorted(steps, key=lambda one: int(one.entry))
    )
    return ShopperReport(
        row.digest, row.entry, row.receipt, row.complaint, row.lot, instant_of(row.at), tuple(answers)
    )
