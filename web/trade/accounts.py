"""Purchases and sales as 食品安全法 art. 50-51 ask for them, on a page and as a file for a spreadsheet.

/trade/purchases, /trade/sales              what was bought, what was sold
/trade/purchases.csv, /trade/sales.csv      the same, every text safe from being taken for a formula
"""

import csv
import io
from collections.abc import Iterator

from flask import Response, abort, render_template

from traceability import trade_records
from traceability.trade_records import Line, Side
from web.access import me
from web.facts import format_fact
from web.language import N_, gettext
from web.services import services
from web.trade.room import blueprint, traders

HEADINGS = (
    N_("日期"),
    N_("产品名称"),
    N_("规格"),
    N_("批号"),
    N_("数量"),
    N_("生产日期"),
    N_("保质期至"),
    N_("往来方"),
    N_("地址"),
    N_("联系方式"),
    N_("合格证号"),
    N_("账本条目"),
)
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TITLES: dict[Side, str] = {"purchases": N_("进货台账"), "sales": N_("销货台账")}


def _side(name: str) -> Side:
    return next((side for side in TITLES if side == name), None) or abort(404)


@blueprint.get("/<any(purchases,sales):side>")
@traders
def account(side: str) -> str:
    """Show what was bought, or sold."""
    which = _side(side)
    return render_template(
        "trade/account.html",
        title=TITLES[which],
        side=which,
        headings=HEADINGS,
        rows=[cells(each) for each in _lines(which)],
    )


@blueprint.get("/<any(purchases,sales):side>.csv")
@traders
def account_file(side: str) -> Response:
    """Return the same as a file."""
    which = _side(side)
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([gettext(each) for each in HEADINGS])
    writer.writerows([_plain(cell) for cell in cells(each)] for each in _lines(which))
    # Excel takes a file without the mark for the code page of its machine.
    response = Response("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{which}.csv"'
    return response


def _lines(side: Side) -> list[Line]:
    with services().reading() as reader:
        return trade_records.lines(reader, services().sealed, me().party, side)


def cells(line: Line) -> list[str]:
    """Return what stands in each column; what nobody told is left empty."""
    return list(_cells(line))


def _cells(line: Line) -> Iterator[str]:
    yield line.day.isoformat()
    yield line.name
    yield line.specification or ""
    yield format_fact("lot", line.lot)
    yield format_fact("amount", line.part.amount, unit=line.unit)
    yield line.produced_on.isoformat() if line.produced_on else ""
    yield line.shelf_ends.isoformat() if line.shelf_ends else ""
    yield line.partner or ""
    yield line.address or ""
    yield line.contact or ""
    yield line.certificate or ""
    yield str(line.entry)


def _plain(cell: str) -> str:
    """Return *cell* so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell
