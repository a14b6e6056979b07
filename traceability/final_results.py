"""One final result a sample: what counts after objections, whoever tested how often.

    a sample                 its lot and its number; without a sampling of its own, also its laboratory
    tested in parts          it has passed when each part has
    objected and re-tested   the re-test counts in the place of the part that was objected to
    not tested yet           has no result, and is counted nowhere

An office's sampling is official where that office has itself said so: it has told of the sampling, or has
confirmed it or its result. What a laboratory alone says of an office is told apart, and is part of no rate.

Purposes are those of the sampling: a re-test is no sampling of its own, and no routine monitoring. Void
statements count nowhere. What has no sampling stands for itself: purpose and day are the report's, the goods
those of the lot, and the division that of its maker.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from traceability import tables
from traceability.past.testing import OFFICIAL
from traceability.retesting import FAILED, retests
from traceability.scope import covers
from traceability.tables import testing


@dataclass(frozen=True, slots=True)
class FinalResult:
    """What counts of one sample; *product_class*, *ordered_by* and *plan* are known of a sampling only.

    *division* is where it was taken; *entry* is the sampling's, or the report's where there is none.
    *retested*: a re-test stands in the place of a report. *told_by* told of the sampling; *office_says*: so
    has the office that it names, or it has confirmed what the other said.
    """

    entry: int
    sample: str
    lot: str
    purpose: str
    product_class: str | None
    commodity: str | None
    division: str | None
    sampled_on: date
    passed: bool
    laboratory: str
    ordered_by: str | None = None
    plan: str | None = None
    retested: bool = False
    told_by: str | None = None
    office_says: bool = False

    @property
    def is_official(self) -> bool:
        """Whether rates, coverage and credit count it: an office ordered it, and says so itself."""
        return self._is_of_an_office and self.office_says

    @property
    def is_unconfirmed(self) -> bool:
        """Whether somebody else says that an office ordered it, and the office has not said so."""
        return self._is_of_an_office and not self.office_says

    @property
    def _is_of_an_office(self) -> bool:
        # Of what nobody sampled, the laboratory alone says what it was for.
        return self.product_class is not None and self.purpose in OFFICIAL


def final_results(
    connection: Connection, area: str | None, since: date, until: date
) -> Iterator[FinalResult]:
    """Yield the final results of samples taken in *area* (a code of GB/T 2260, or None) on those days.

    The days are legal days, the first and the last among them; in the order of their entries.
    """
    with_sampling = (_of_sampling(rows) for rows in _grouped(connection, _sampled(since, until)))
    without = (_of_reports(rows) for rows in _grouped(connection, _unsampled(since, until)))
    found = sorted([*with_sampling, *without], key=lambda each: each.entry)
    yield from (each for each in found if _within(area, each.division))


def _within(area: str | None, division: str | None) -> bool:
    # A township's code begins with its county's.
    return area is None or (division is not None and covers(area, division[:6]))


def _grouped(connection: Connection, query: "Select[tuple[Any, ...]]") -> Iterator[list[Any]]:
    for _, rows in groupby(connection.execute(query), key=lambda row: row.sample_entry):
        yield list(rows)


def _of_sampling(rows: list[Any]) -> FinalResult:
    row = rows[0]
    return FinalResult(
        row.sample_entry,
        row.sample,
        row.lot,
        row.purpose,
        row.product_class,
        row.commodity,
        row.division,
        date.fromisoformat(row.sampled_on),
        *_counting(rows),
        row.ordered_by or row.by,
        row.plan,
        any(each.retest_verdict is not None for each in rows),
        row.by,
        any(each.office_says for each in rows),
    )


def _of_reports(rows: list[Any]) -> FinalResult:
    row = rows[0]
    return FinalResult(
        row.sample_entry,
        row.sample,
        row.lot,
        row.purpose,
        None,
        row.commodity,
        row.division,
        date.fromisoformat(row.sampled_on),
        *_counting(rows),
        retested=any(each.retest_verdict is not None for each in rows),
    )


def _counting(rows: Iterable[Any]) -> tuple[bool, str]:
    """Return whether every part has passed in the end, and who tested the last of them."""
    parts = [(row.retest_verdict or row.verdict, row.retest_by or row.tested_by) for row in rows]
    return all(verdict != FAILED for verdict, _ in parts), parts[-1][1]


_REPORT = testing.test_report
_SAID = tables.statement.alias("report_said")


def _sampled(since: date, until: date) -> "Select[tuple[Any, ...]]":
    """Select each standing sampling with each standing report of its sample."""
    table, said, again = testing.sampling, tables.statement, retests()
    return (
        select(
            table,
            table.c.entry.label("sample_entry"),
            _REPORT.c.verdict,
            _REPORT.c.by.label("tested_by"),
            again.c.retest_verdict,
            again.c.retest_by,
            _office_says(said.c.digest, _SAID.c.digest, again.c.retest_digest).label("office_says"),
        )
        .join(said, said.c.entry == table.c.entry)
        .join(_REPORT, and_(_REPORT.c.sample == table.c.sample, _REPORT.c.lot == table.c.lot))
        .join(_SAID, _SAID.c.entry == _REPORT.c.entry)
        .outerjoin(again, and_(again.c.inspection == _SAID.c.digest, again.c.nth == 1))
        .where(
            table.c.sampled_on.between(since.isoformat(), until.isoformat()),
            said.c.void_by.is_(None),
            _first_report(),
        )
        .order_by(table.c.entry, _REPORT.c.entry)
    )


def _office_says(*told: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that the office of a sampling has told of it, or confirmed one of *told*."""
    table, word = testing.sampling, tables.confirmation
    said = tables.statement.alias("confirmation_said")
    confirmed = (
        select(word.c.entry)
        .join(said, said.c.entry == word.c.entry)
        .where(word.c.target.in_(told), word.c.by == table.c.ordered_by, said.c.void_by.is_(None))
        .exists()
    )
    return or_(table.c.ordered_by.is_(None), table.c.ordered_by == table.c.by, confirmed)


def _first_report() -> ColumnElement[bool]:
    """Return the condition that a report stands, and is no re-test."""
    return and_(_SAID.c.void_by.is_(None), _REPORT.c.retest_of.is_(None))


def _unsampled(since: date, until: date) -> "Select[tuple[Any, ...]]":
    """Select each standing report whose sample nobody has told of, parts of one sample under one entry."""
    again, goods, maker = retests(), _goods(), _makers()
    first = func.min(_REPORT.c.entry).over(partition_by=(_REPORT.c.sample, _REPORT.c.lot, _REPORT.c.by))
    return (
        select(
            first.label("sample_entry"),
            _REPORT.c.sample,
            _REPORT.c.lot,
            _REPORT.c.purpose,
            _REPORT.c.sampled_on,
            _REPORT.c.verdict,
            _REPORT.c.by.label("tested_by"),
            again.c.retest_verdict,
            again.c.retest_by,
            goods.c.commodity,
            maker.c.division,
        )
        .join(_SAID, _SAID.c.entry == _REPORT.c.entry)
        .outerjoin(again, and_(again.c.inspection == _SAID.c.digest, again.c.nth == 1))
        .outerjoin(goods, goods.c.lot == _REPORT.c.lot)
        .outerjoin(maker, maker.c.party == goods.c.maker)
        .where(
            _REPORT.c.sampled_on.between(since.isoformat(), until.isoformat()),
            _first_report(),
            ~_has_sampling(),
        )
        .order_by(first, _REPORT.c.entry)
    )


def _has_sampling() -> ColumnElement[bool]:
    table = testing.sampling
    said = tables.statement.alias("sampling_said")
    return (
        select(table.c.entry)
        .join(said, said.c.entry == table.c.entry)
        .where(
            table.c.sample == _REPORT.c.sample,
            table.c.lot == _REPORT.c.lot,
            said.c.void_by.is_(None),
        )
        .exists()
    )


def _goods() -> Any:
    """Select each lot once, with its maker and the kind of its goods as first and last told."""
    lot, product = tables.lot, tables.product
    said = [tables.statement.alias(name) for name in ("born", "named")]
    nth = func.row_number().over(
        partition_by=lot.c.lot, order_by=(lot.c.entry, lot.c.ordinal, product.c.entry.desc())
    )
    found = (
        select(lot.c.lot, lot.c.maker, product.c.commodity, nth.label("nth"))
        .join(said[0], said[0].c.entry == lot.c.entry)
        .outerjoin(product, and_(product.c.party == lot.c.product_party, product.c.product == lot.c.product))
        .outerjoin(said[1], said[1].c.entry == product.c.entry)
        .where(
            said[0].c.void_by.is_(None),
            said[1].c.void_by.is_(None),
            lot.c.lot.in_(select(_REPORT.c.lot).where(~_has_sampling())),
        )
        .subquery("born_goods")
    )
    return select(found).where(found.c.nth == 1).subquery("goods_of_lot")


def _makers() -> Any:
    table, said = tables.party, tables.statement.alias("registered")
    newest = func.row_number().over(partition_by=table.c.party, order_by=table.c.entry.desc())
    found = (
        select(table.c.party, table.c.division, newest.label("nth"))
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None))
        .subquery("maker_rows")
    )
    return select(found).where(found.c.nth == 1).subquery("maker")
