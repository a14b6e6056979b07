"""What an office should look at in the results of the laboratories: marks beside reports, and odd series.

marked      reports that the rules marked when they came: the same file, the same values, all analytes alike
odd_series  the measured values of one laboratory and analyte, looked at together by `doubtful_results`
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, select

from traceability import tables
from traceability.doubtful_results import Doubt, doubts
from traceability.tables import testing

MARKS = ("report-repeated", "values-repeated", "values-alike")
"""The rules whose marks an office looks through."""


@dataclass(frozen=True, slots=True)
class OddSeries:
    """What is odd in the values of one laboratory."""

    laboratory: str
    doubt: Doubt


def marked() -> "Select[tuple[Any, ...]]":
    """Select the standing reports that the rules marked, the newest first."""
    flag, said, report = tables.flag, tables.statement, testing.test_report
    return (
        select(flag.c.entry, flag.c.rule, report.c.by, report.c.lot, report.c.sample, said.c.recorded_at)
        .join(said, said.c.entry == flag.c.entry)
        .join(report, report.c.entry == flag.c.entry)
        .where(said.c.void_by.is_(None), flag.c.rule.in_(MARKS))
        .order_by(flag.c.entry.desc(), flag.c.ordinal)
    )


def odd_series(
    connection: Connection, laboratory: str | None = None, limit: int = 5000
) -> Iterator[OddSeries]:
    """Yield what is odd in the newest *limit* measured values, of every laboratory or of one."""
    table, said = testing.result_value, tables.statement
    query = (
        select(table.c.by, table.c.analyte, table.c.unit, table.c.value)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), table.c.value.is_not(None))
        .order_by(table.c.entry.desc(), table.c.ordinal.desc())
        .limit(limit)
    )
    if laboratory is not None:
        query = query.where(table.c.by == laboratory)
    series: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for row in connection.execute(query):
        if Decimal(row.value):
            series[row.by, row.analyte, row.unit].insert(0, Decimal(row.value))
    for (by, analyte, _), values in sorted(series.items()):
        yield from (OddSeries(by, each) for each in doubts(analyte, values))
