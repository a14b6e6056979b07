"""The lists of a division in columns: the same rows on a page, and as a file for a spreadsheet.

    Listing   its title, the query behind it, its columns
    Column    a heading, and the cell of a row
    Cell      what a page shows, where it leads, and what a file says instead where the two differ

A file is UTF-8 with a byte order mark, by which spreadsheets know it. A cell that a spreadsheet would take
for a formula gets an apostrophe before it: what a partner typed must not run on a regulator's desk.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, and_

from traceability import gs1, kept, report, shopper_reports, tables
from traceability.scope import Scope
from web.facts import NOT_STATED, format_fact
from web.language import N_, current, gettext
from web.regulator.room import Parties, division_name
from web.services import services
from web.words import word

BYTE_ORDER_MARK = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: *badges* are (state, text) pairs that stand in the place of the text."""

    text: str
    address: str = ""
    badges: tuple[tuple[str, str], ...] = ()
    in_file: str | None = None

    @property
    def plain(self) -> str:
        """Return what a file says."""
        return self.text if self.in_file is None else self.in_file


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and what stands below it."""

    heading: str
    cell: Callable[[Any, Parties], Cell]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its title, what is said where it is empty, the rows of a scope, and its columns."""

    title: str
    nothing: str
    query: Callable[[Scope], Select[Any]]
    columns: tuple[Column, ...]

    def headings(self) -> list[str]:
        """Return the headings in the reader's language."""
        return [gettext(column.heading) for column in self.columns]

    def cells(self, row: Any, parties: Parties) -> list[Cell]:
        """Return the cells of *row*."""
        return [column.cell(row, parties) for column in self.columns]


def as_file(listing: Listing, rows: Iterable[Any], parties: Parties) -> str:
    """Return the list as a comma-separated file (RFC 4180)."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(listing.headings())
    for row in rows:
        writer.writerow([guarded(cell.plain) for cell in listing.cells(row, parties)])
    return written.getvalue()


def guarded(text: str) -> str:
    """Return *text* so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_RUNS) else text


def lot_cell(lot: str | None, *, is_own: bool = True) -> Cell:
    """Return the number of a lot, leading to its page if it is of this division; a file says its address."""
    if lot is None:
        return Cell("—", in_file="")
    address = url_for("regulator.lot", lot=lot) if is_own else ""
    return Cell(lot_number(lot), address, in_file=gs1.address(lot, services().base_url))


def lot_number(lot: str) -> str:
    """Return the number of a lot, or its whole name where it is spelled in no way of ours."""
    try:
        return format_fact("lot", lot)
    except ValueError:
        return lot


def party_cell(party: str, parties: Parties) -> Cell:
    """Return the name of a party, leading to its page if it is of this division; a file says its id."""
    return Cell(parties.called(party), parties.address(party), in_file=party)


def moment(text: str) -> Cell:
    """Return a time as an entry spells it."""
    return Cell(format_fact("instant", text))


def state_badges(row: Any) -> tuple[tuple[str, str], ...]:
    """Return what stands in the way of a lot; nothing is good news."""
    told = (
        (row.recalled, "bad", N_("已召回")),
        (row.failed, "bad", N_("检测不合格")),
        (row.held, "hold", N_("暂停流转")),
        (row.untraced, "warn", N_("来源未追溯")),
    )
    found = tuple((kind, gettext(text)) for is_so, kind, text in told if is_so)
    return found or (("good", gettext(N_("正常"))),)


def _state(row: Any, _: Parties) -> Cell:
    badges = state_badges(row)
    return Cell("", badges=badges, in_file="; ".join(text for _, text in badges))


def product_name(row: Any) -> str:
    """Return what the product of a lot is called in the reader's language; a partner's may have no name."""
    english = row.product_name_en if current() == "en" else None
    return str(english or row.product_name or NOT_STATED[current()])


def _product(row: Any, _: Parties) -> Cell:
    return Cell(product_name(row))


def _record(row: Any, _: Parties) -> Cell:
    address = url_for("regulator.record", index=row.entry)
    return Cell(gettext(N_("第 %(index)s 条"), index=row.entry), address, in_file=str(row.entry))


def resolution_badge(row: Any) -> tuple[str, str]:
    """Return how a flag stands."""
    if row.level != "hold":
        return "plain", word("level", row.level)
    if row.resolved:
        return "good", gettext(N_("已核查解除"))
    return "hold", gettext(N_("暂停，待核查"))


def _resolution(row: Any, _: Parties) -> Cell:
    badge = resolution_badge(row)
    return Cell("", badges=(badge,), in_file=badge[1])


def _codes_called(row: Any, _: Parties) -> Cell:
    return Cell(f"{row.first}–{row.first + row.packs - 1}" if row.packs else gettext(N_("全部")))


def _seal(row: Any, _: Parties) -> Cell:
    names = kept.sealed_value.c.keys()
    if row.statement_id is None:
        return Cell("", badges=(("plain", gettext(N_("已删除"))),), in_file=gettext(N_("已删除")))
    values = {name: value for name, value in row._asdict().items() if name in names}
    if kept.row_holds(services().kept_key, kept.sealed_value.name, values):
        return Cell("", badges=(("good", gettext(N_("完好"))),), in_file=gettext(N_("完好")))
    return Cell("", badges=(("bad", gettext(N_("被改动过"))),), in_file=gettext(N_("被改动过")))


def consumer_reports(scope: Scope) -> Select[Any]:
    """Select what shoppers have reported of lots of *scope*, the newest first, with their words."""
    found = shopper_reports.select_reports(scope.of_lot(tables.cases.report.c.lot))
    text = kept.sealed_value
    opens = and_(text.c.statement_id == tables.statement.c.statement_id, text.c.pointer == "/text")
    return found.add_columns(*text.c).outerjoin(text, opens)


def _party_name(row: Any, parties: Parties) -> Cell:
    address = url_for("regulator.party", party=row.party)
    if row.name is None:
        return Cell(gettext(N_("名称不公开")), address, in_file="")
    return Cell(parties.called(row.party), address)


WHEN = Column(N_("登记时间"), lambda row, _: moment(row.recorded_at))
LOT = Column(N_("批号"), lambda row, _: lot_cell(row.lot))
LOT_TOLD = Column(N_("批号"), lambda row, _: lot_cell(row.lot, is_own=bool(row.lot_within)))
BY = Column(N_("登记单位"), lambda row, parties: party_cell(row.by, parties))
RECORD = Column(N_("记录"), _record)

LISTS: Mapping[str, Listing] = {
    "parties": Listing(
        N_("辖区单位"),
        N_("本辖区还没有登记的单位。"),
        report.parties,
        (
            Column(N_("名称"), _party_name),
            Column(N_("单位编号"), lambda row, _: Cell(row.party)),
            Column(N_("单位类型"), lambda row, _: Cell(word("role", row.role))),
            Column(N_("行政区划"), lambda row, _: Cell(division_name(row.division), in_file=row.division)),
            Column(N_("统一社会信用代码"), lambda row, _: Cell(row.uscc or "—", in_file=row.uscc or "")),
            WHEN,
        ),
    ),
    "lots": Listing(
        N_("批次"),
        N_("本辖区还没有批次。"),
        report.lots,
        (
            LOT,
            Column(N_("产品"), _product),
            Column(
                N_("品类"), lambda row, _: Cell(word("commodity", row.commodity) if row.commodity else "—")
            ),
            Column(N_("生产单位"), lambda row, parties: party_cell(row.maker, parties)),
            Column(N_("成批时间"), lambda row, _: moment(row.at)),
            Column(N_("状态"), _state),
        ),
    ),
    "flags": Listing(
        N_("提示与暂停"),
        N_("没有提示，也没有暂停。"),
        report.flags,
        (
            WHEN,
            Column(N_("提示"), lambda row, _: Cell(word("rule", row.rule))),
            Column(N_("处理"), _resolution),
            LOT_TOLD,
            BY,
            Column(N_("登记内容"), lambda row, _: Cell(word("kind", row.kind))),
            RECORD,
        ),
    ),
    "failed-tests": Listing(
        N_("不合格检测"),
        N_("没有不合格的检测。"),
        report.failed_tests,
        (
            WHEN,
            LOT,
            Column(N_("检测机构"), lambda row, parties: party_cell(row.by, parties)),
            Column(N_("检测目的"), lambda row, _: Cell(word("purpose", row.purpose))),
            Column(N_("抽样日期"), lambda row, _: Cell(row.sampled_on)),
            RECORD,
        ),
    ),
    "recalls": Listing(
        N_("召回记录"),
        N_("没有召回。"),
        report.recalls,
        (
            WHEN,
            LOT_TOLD,
            Column(N_("追溯码"), _codes_called),
            Column(N_("级别"), lambda row, _: Cell(word("level", row.level))),
            Column(N_("原因"), lambda row, _: Cell(word("cause", row.cause))),
            Column(N_("发布单位"), lambda row, parties: party_cell(row.by, parties)),
            RECORD,
        ),
    ),
    "reports": Listing(
        N_("消费者举报"),
        N_("没有消费者举报。"),
        consumer_reports,
        (
            Column(N_("举报时间"), lambda row, _: moment(row.at)),
            Column(N_("举报类别"), lambda row, _: Cell(word("complaint", row.complaint))),
            LOT,
            Column(N_("情况"), lambda row, _: Cell(row.value or "—")),
            Column(N_("封印"), _seal),
        ),
    ),
}


def titles() -> Iterator[tuple[str, str]]:
    """Yield each list with its title, in the order of the room."""
    for name, listing in LISTS.items():
        yield name, gettext(listing.title)
