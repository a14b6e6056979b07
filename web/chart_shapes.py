"""What a chart is made of: boxes, lines, dots and words at their places, for a page and for paper alike.

(0, 0) ──► x        360 units wide: on a small phone one unit is about one pixel, so that words stay legible
  │                 Box, Stroke, Path, Dot, Word
  ▼
  y

A chart is HTML by itself (`__html__`): a figure with an SVG, and the same figures in a table below it.
"""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from web.language import gettext

WIDTH = 360
LETTERS = 14
"""How high words are."""

STYLES = ("chart-a", "chart-b", "chart-c")
"""Told apart without colour, too: full, outlined, dashed."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A bar, or the sample of a series in the key."""

    x: float
    y: float
    width: float
    height: float
    series: int
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A level line: the axis, or what is aimed at."""

    x: float
    y: float
    width: float
    what: Literal["axis", "target"]


@dataclass(frozen=True, slots=True)
class Path:
    """The values of a series, joined."""

    points: tuple[tuple[float, float], ...]
    series: int


@dataclass(frozen=True, slots=True)
class Dot:
    """One value of a series."""

    x: float
    y: float
    series: int


@dataclass(frozen=True, slots=True)
class Word:
    """One line of text whose *anchor* stands at (x, y) of its baseline."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"


Shape = Box | Stroke | Path | Dot | Word


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as it is drawn, and its figures: heads of columns, and rows of a label with its values."""

    title: str
    height: float
    shapes: tuple[Shape, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def __html__(self) -> Markup:
        """Return the chart as a page shows it."""
        svg = Markup(
            '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}"'
            ' font-size="{}">{}</svg>'
        )
        drawn = Markup().join(map(_drawn, self.shapes))
        height = spelt(self.height)
        told = svg.format(self.title, WIDTH, height, WIDTH, height, LETTERS, drawn)
        more = Markup('<details class="fine"><summary>{}</summary>{}</details>')
        return Markup('<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>').format(
            self.title, told, more.format(gettext("看数字"), self._table())
        )

    def _table(self) -> Markup:
        cells = Markup().join(Markup('<th scope="col">{}</th>').format(name) for name in self.head)
        body = Markup().join(
            Markup('<tr><th scope="row">{}</th>{}</tr>').format(
                label, Markup().join(Markup("<td>{}</td>").format(value) for value in values)
            )
            for label, values in self.rows
        )
        return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(cells, body)


def style_of(series: int) -> str:
    """Return how a series looks."""
    return STYLES[series % len(STYLES)]


def _drawn(shape: Shape) -> Markup:
    match shape:
        case Box(x, y, width, height, series, alarm):
            style = f"{style_of(series)}{' chart-alarm' if alarm else ''}"
            return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                style, *map(spelt, (x, y, width, height))
            )
        case Stroke(x, y, width, what):
            return Markup('<line class="chart-{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
                what, *map(spelt, (x, y, x + width, y))
            )
        case Path(points, series):
            path = " ".join(f"{spelt(x)},{spelt(y)}" for x, y in points)
            return Markup('<polyline class="chart-line {}" points="{}"/>').format(style_of(series), path)
        case Dot(x, y, series):
            return Markup('<circle class="{}" cx="{}" cy="{}" r="4"/>').format(
                style_of(series), spelt(x), spelt(y)
            )
        case Word(x, y, text, anchor):
            return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
                spelt(x), spelt(y), anchor, text
            )


def spelt(number: float) -> str:
    """Return a coordinate to a tenth of a unit."""
    return f"{number:.1f}".removesuffix(".0")
