"""The report on the state of quality on A4 paper: the same sections and charts, in the one typeface.

A row of a table never breaks over two pages, and a table that does is headed again. The file carries the time
of the report's last entry as its date, so that the same report gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from fpdf import FPDF

from qr.drawing import GREY, Drawing, Rule, Words, words
from qr.pens import pdf_marks, pdf_of
from qr.typeface import fitted, wrapped
from web import chart_paper
from web.chart_paper import Placed
from web.chart_shapes import Chart
from web.language import N_, gettext
from web.quality_document import digest_of
from web.quality_sections import Grid, Section
from web.quality_telling import sections, title_of

Json = dict[str, Any]
Marks = list[Words | Rule | Placed]

WIDTH, HEIGHT = 210.0, 297.0
_LEFT, _TOP, _BOTTOM = 18.0, 20.0, 22.0
_ROOM = WIDTH - 2 * _LEFT
_TEXT, _HEAD, _TITLE, _SMALL = 3.4, 4.6, 6.4, 2.6
_LEADING = 1.45
_GUTTER = 2.0
_WIDE = 2.2
"""How much more room the widest column has than the others."""
_MOST_LINES = 60


def pdf_document(report: Json) -> bytes:
    """Return the report as a PDF."""
    as_of = datetime.fromisoformat(f"{report['as_of']}T00:00:00+08:00")
    paper = _Paper(gettext(N_("数据（JSON）的 SHA-256：%(digest)s"), digest=digest_of(report)))
    paper.line(title_of(report), _TITLE, bold=True)
    for section in sections(report):
        _set_section(paper, section)
    return pdf_of(WIDTH, HEIGHT, title_of(report), as_of, paper.draw)


def _set_section(paper: "_Paper", section: Section) -> None:
    paper.skip(_HEAD)
    paper.keep(3 * _HEAD)
    paper.line(section.title, _HEAD, bold=True)
    for each in section.lead:
        for line in wrapped(each, _TEXT, _ROOM, _MOST_LINES):
            paper.line(line, _TEXT)
    for chart in section.drawn:
        paper.skip(_TEXT)
        paper.chart(chart)
    for grid in section.grids:
        paper.skip(_TEXT)
        paper.grid(grid)


class _Paper:
    """Pages that are filled from top to bottom."""

    def __init__(self, foot: str) -> None:
        self._foot = foot
        self._pages: list[Marks] = [[]]
        self._y = _TOP

    def keep(self, height: float) -> None:
        """Begin a new page unless *height* millimetres are left."""
        if self._y + height > HEIGHT - _BOTTOM:
            self._pages.append([])
            self._y = _TOP

    def skip(self, height: float) -> None:
        """Leave room."""
        self._y += height

    def line(self, text: str, size: float, *, bold: bool = False) -> None:
        """Set one line; it is set smaller, then cut, if it is too long."""
        self.keep(size * _LEADING)
        told, fit = fitted(text, size, _ROOM, size * 0.5)
        self._y += size * _LEADING
        self._pages[-1].append(words(_LEFT, self._y, told, fit, bold=bold))

    def chart(self, chart: Chart) -> None:
        """Draw a chart under its title, both on one page; its figures stand in a table of the section."""
        head = _TEXT * _LEADING + _TEXT
        found = chart_paper.placed(_LEFT, 0, chart, HEIGHT - _TOP - _BOTTOM - head)
        self.keep(head + found.height)
        self.line(chart.title, _TEXT, bold=True)
        self._y += _TEXT
        self._pages[-1].append(replace(found, y=self._y))
        self._y += found.height

    def grid(self, grid: Grid) -> None:
        """Set a table."""
        widths = _widths(grid)
        self.keep(5 * _TEXT * _LEADING)
        self.line(grid.caption, _TEXT, bold=True)
        self._row(grid.headings, widths, GREY)
        for row in grid.rows:
            if self._row_height(row, widths) + self._y > HEIGHT - _BOTTOM:
                self.keep(HEIGHT)
                self._row(grid.headings, widths, GREY)
            self._row(row, widths)

    def _row_height(self, row: Sequence[str], widths: Sequence[float]) -> float:
        lines = max(len(_cell(cell, width)) for cell, width in zip(row, widths, strict=True))
        return lines * _SMALL * _LEADING + 1.2

    def _row(self, row: Sequence[str], widths: Sequence[float], colour: str = "#111111") -> None:
        height, x = self._row_height(row, widths), _LEFT
        for cell, width in zip(row, widths, strict=True):
            for place, line in enumerate(_cell(cell, width), 1):
                y = self._y + place * _SMALL * _LEADING
                self._pages[-1].append(words(x, y, line, _SMALL, colour=colour))
            x += width
        self._y += height
        self._pages[-1].append(Rule(_LEFT, self._y, _ROOM))

    def draw(self, pdf: FPDF) -> None:
        """Draw every page."""
        for number, marks in enumerate(self._pages, 1):
            pdf.add_page()
            foot, size = fitted(self._foot, _SMALL, _ROOM - 20, _SMALL * 0.6)
            below: Marks = [
                words(_LEFT, HEIGHT - 10, foot, size, colour=GREY),
                words(WIDTH - _LEFT - 8, HEIGHT - 10, f"{number}/{len(self._pages)}", _SMALL, colour=GREY),
            ]
            lines = [each for each in (*marks, *below) if not isinstance(each, Placed)]
            pdf_marks(pdf, Drawing(WIDTH, HEIGHT, tuple(lines)), 0, 0)
            for each in marks:
                if isinstance(each, Placed):
                    chart_paper.draw(pdf, each)


def _cell(text: str, width: float) -> list[str]:
    return wrapped(text, _SMALL, width - _GUTTER, _MOST_LINES) or [""]


def _widths(grid: Grid) -> list[float]:
    shares = [_WIDE if place == grid.wide else 1.0 for place in range(len(grid.headings))]
    return [_ROOM * share / sum(shares) for share in shares]
