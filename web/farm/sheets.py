"""Many records from one spreadsheet: a template to take home, a look at every row, then all of them or none.

    /farm/sheet             the way it works, the template, and a box for the file
    /farm/sheet.xlsx        one sheet for each kind of record, with the names of plots and products to copy
    POST /farm/sheet        what each row says, or what is wrong with it; nothing is written yet
    POST /farm/sheet/sign   sign all rows; where the rules refuse one of them, none is written

A plot may be called by its place. Ids are made of what a row says, so that the same file signed twice is
recorded once.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import openpyxl
from flask import Response, flash, redirect, render_template, request, url_for
from openpyxl.styles import Alignment, Font, PatternFill

from traceability import intake
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.journal import Recorded
from web import sheet_events, spreadsheet
from web.access import me
from web.farm.forms import Answer
from web.farm.photos import evidence
from web.farm.remarks import told_of
from web.farm.room import Desk, blueprint, desk, goods_name, growers, plot_name
from web.farm.telling import Telling
from web.forms import Form
from web.language import gettext, ngettext
from web.problems import Told, tell
from web.services import services
from web.spreadsheet import Cell, Row
from web.words import word

LARGEST = 2 * 1024 * 1024
MOST = 2000
SHEETS: Mapping[str, tuple[str, ...]] = {
    "harvested": ("at", "lot", "product", "amount.kg", "plot"),
    "treated": ("at", "plot", "name", "substances", "interval_days", "registration", "method"),
    "input-applied": ("at", "plot", "category", "name", "amount", "unit"),
}
"""The sheets of the template, with their columns."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLOT = frozenset({"plot", "地块", "plots.0.plot"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: where it stands, what it says, and what is wrong with it."""

    where: str
    event: Event | None
    wrong: tuple[str, ...] = ()


@blueprint.get("/sheet")
@growers
def sheet() -> str:
    """Show how it works."""
    with desk() as here:
        return _page(here, Form({}))


@blueprint.get("/sheet.xlsx")
@growers
def template() -> Response:
    """Give the empty workbook."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for kind, columns in SHEETS.items():
        _headed(book.create_sheet(word("kind", kind)), [_heading(each) for each in columns])
    with desk() as here:
        _names(book.create_sheet(gettext("名录")), here)
    made = io.BytesIO()
    book.save(made)
    response = Response(made.getvalue(), mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="jizihao.xlsx"'
    return response


def _headed(table: Any, headings: list[str]) -> None:
    table.append(headings)
    for cell in table[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F5B3A")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        table.column_dimensions[cell.column_letter].width = 22
    table.freeze_panes = "A2"


def _heading(path: str) -> str:
    if path == "amount.kg":
        return "数量（公斤）"
    name = word("field", path)
    # A word that two fields share names neither: then the field's own name stands.
    return name if sheet_events.names_one(name, path) else path


def _names(table: Any, here: Desk) -> None:
    _headed(table, [gettext("地块"), gettext("编号"), gettext("产品"), gettext("产品编号")])
    plots, goods = here.plots, here.products
    for row in range(max(len(plots), len(goods))):
        land = [plot_name(plots[row]), plots[row].known.plot] if row < len(plots) else ["", ""]
        made = [goods_name(goods[row]), goods[row].product] if row < len(goods) else ["", ""]
        table.append([*land, *made])


@blueprint.post("/sheet")
@growers
def submit_sheet() -> Answer:
    """Read the file and show each row, or what is wrong with it; nothing is written."""
    upload = request.files.get("file")
    content = b"" if upload is None else upload.stream.read(LARGEST + 1)
    with desk() as here:
        try:
            lines = _read(here, content)
        except Invalid as error:
            told = tell(error)
            return _page(here, Form({}, told)), told.status
        wrong = [each for each in lines if each.wrong]
        if wrong:
            return _page(here, Form({}), wrong=wrong), 422
        digest = evidence(here.shared).keep(content)
        return _page(here, Form({"digest": digest}), lines=lines)


@blueprint.post("/sheet/sign")
@growers
def sign_sheet() -> Answer:
    """Sign every row of a file that was looked at, or none."""
    shared, digest = services(), request.form.get("digest", "")
    content = evidence(shared).get(digest) if _DIGEST.fullmatch(digest) else None
    with desk() as here:
        try:
            lines = _read(here, content or b"")
        except Invalid as error:
            told = tell(error)
            return _page(here, Form({}, told)), told.status
        wrong = [each for each in lines if each.wrong]
    rows = [(each.where, each.event) for each in lines if each.event is not None]
    outcomes = (
        []
        if wrong
        else intake.record(
            shared.journal, shared.reading, intake.of_rows(rows, key=shared.settings.mac_key, by=me().party)
        )
    )
    with desk() as here:
        wrong += [
            Line(each.where, None, _words(told_of(here, each.answer, {})))
            for each in outcomes
            if not isinstance(each.answer, Recorded)
        ]
        if wrong:
            return _page(here, Form({}), wrong=wrong), 422
    flash(ngettext("已签名并写入 %(num)s 条。", "已签名并写入 %(num)s 条。", len(outcomes)))
    return redirect(url_for("farm.entries"))


def _read(here: Desk, content: bytes) -> list[Line]:
    """Return every row of the file, or raise `Invalid` where it is no table."""
    if not content:
        raise Invalid(Problem("file", "missing"))
    if len(content) > LARGEST:
        raise Invalid(Problem("file", "too-large", (("most", str(LARGEST)),)))
    lines = [line for title, rows in spreadsheet.sheets(content) for line in _lines(here, title, rows)]
    if not lines:
        raise Invalid(Problem("file", "missing"))
    if len(lines) > MOST:
        raise Invalid(Problem("file", "too-many", (("most", str(MOST)),)))
    return lines


def _lines(here: Desk, title: str, rows: list[Row]) -> Iterator[Line]:
    kinds = {word("kind", kind, language): kind for kind in SHEETS for language in ("zh", "en")}
    if title and title not in kinds and not _has_kind(rows):
        # The sheet of names, and whatever else somebody keeps in the same file.
        return
    told = _with_places(here, rows if _has_kind(rows) else _with_kind(rows, kinds.get(title, "")))
    for where, event in sheet_events.events(told, by=here.party, base_url=here.shared.base_url):
        place = _place(title, where)
        if isinstance(event, Invalid):
            yield Line(place, None, _words(tell(event)))
        elif event.kind not in SHEETS:
            yield Line(place, None, _words(tell(Invalid(_not_here(event)))))
        else:
            yield Line(place, replace(event, clerk=here.account.name))


def _not_here(event: Event) -> Problem:
    return Problem("kind", "not-in-list", (("found", word("kind", event.kind)),))


def _words(told: Told) -> tuple[str, ...]:
    return tuple(each.text for each in told.sentences) or (told.detail,)


def _place(title: str, where: str) -> str:
    number = where.removeprefix("row ")
    row = gettext("第 %(row)s 行", row=number)
    return f"{title} · {row}" if title else row


def _has_kind(rows: list[Row]) -> bool:
    return any(str(cell).strip() in {"kind", "event", "事件", "类型"} for cell in rows[0][1])


def _with_kind(rows: list[Row], kind: str) -> list[Row]:
    """Return the rows of a sheet with the kind that its title names in front of each."""
    first, *others = rows
    return [(first[0], ["kind", *first[1]]), *((number, [kind, *cells]) for number, cells in others)]


def _with_places(here: Desk, rows: list[Row]) -> list[Row]:
    """Return the rows with the number of a plot wherever its place was written."""
    names: dict[str, list[str]] = {}
    for land in here.plots:
        names.setdefault(plot_name(land), []).append(land.known.plot)
    numbers = {name: found[0] for name, found in names.items() if len(found) == 1}
    columns = [at for at, heading in enumerate(rows[0][1]) if str(heading).strip() in _PLOT]

    def numbered(at: int, cell: Cell) -> Cell:
        return numbers.get(str(cell), cell) if at in columns else cell

    return [
        (number, [numbered(at, cell) for at, cell in enumerate(cells)] if place else cells)
        for place, (number, cells) in enumerate(rows)
    ]


def _page(here: Desk, form: Form, *, lines: list[Line] | None = None, wrong: list[Line] | None = None) -> str:
    telling = Telling(here)
    shown = [
        (each.where, word("kind", each.event.kind), telling.lines(each.event))
        for each in lines or ()
        if each.event is not None
    ]
    return render_template("farm/sheet.html", desk=here, form=form, shown=shown, wrong=wrong or [])
