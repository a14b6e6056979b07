"""What a quality report is made of: sections and tables, and how shares and divisions are spelt."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from traceability.vocabulary import divisions
from web.chart_shapes import Chart
from web.language import N_, current, gettext

Json = dict[str, Any]

NOTHING = N_("无数据")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, its headings, its rows; *wide* is the column that takes most room on paper."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: what stands above it, its tables, its charts."""

    title: str
    lead: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    drawn: tuple[Chart, ...] = ()


def division_name(code: str) -> str:
    """Return what a division is called, or its code where the table does not list it."""
    found = divisions().get(code)
    if found is None:
        return code
    return found.name_en if current() == "en" else found.name_zh


def percent(share: str | None) -> str:
    """Return a share as people read it: 97.3%."""
    return gettext(NOTHING) if share is None else f"{(Decimal(share) * 100):.1f}%"


def interval(found: Json) -> str:
    """Return the interval of a rate."""
    if "low" not in found:
        return "—"
    return f"{percent(found['low'])} – {percent(found['high'])}"


def hundred(share: str | None) -> Decimal | None:
    """Return a share in per cent, for a chart."""
    return None if share is None else Decimal(share) * 100
