"""Which pack codes of a lot are issued and not void, and how much of the lot they stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.question import Question

_ISSUES, _VOIDED = (
    Question(tables.standing(table, table.c.lot == bindparam("lot")))
    for table in (tables.code_issue, tables.code_void)
)
_EVER_ISSUED = Question(select(tables.code_issue).where(tables.code_issue.c.lot == bindparam("lot")))


@dataclass(frozen=True, slots=True)
class CodesLeft:
    """The live ranges (first, count), the amount that they stand for, and the next index to issue."""

    ranges: tuple[tuple[int, int], ...] = ()
    amount: Decimal = Decimal(0)
    following: int = 0


def codes_of(connection: Connection, lot: str) -> CodesLeft:
    """Return what is left of the codes that were issued for *lot*."""
    # An index is never used twice, not even one whose issue was later found void.
    ever = _EVER_ISSUED.rows(connection, lot=lot)
    if not ever:
        return CodesLeft()
    gone = [(row.first, row.first + row.packs) for row in _VOIDED.rows(connection, lot=lot)]
    live = [
        (span, Decimal(row.pack))
        for row in _ISSUES.rows(connection, lot=lot)
        for span in without(row.first, row.packs, gone)
    ]
    amount = sum((count * pack for (_, count), pack in live), Decimal(0))
    return CodesLeft(tuple(span for span, _ in live), amount, max(row.first + row.packs for row in ever))


def without(first: int, count: int, gone: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Yield first index and length of what remains of a range without the *gone* ones (start, end)."""
    start = first
    for cut, end in sorted(gone):
        if cut > start:
            yield from _span(start, min(cut, first + count))
        start = max(start, end)
    yield from _span(start, first + count)


def _span(start: int, end: int) -> Iterable[tuple[int, int]]:
    if start < end:
        yield (start, end - start)
