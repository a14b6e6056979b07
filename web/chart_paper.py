"""A chart on paper: the shapes that a page shows, drawn by the pen of the PDF in the one typeface.

Black and white print tells the series apart as the screen does: full, outlined, dashed.
"""

from dataclasses import dataclass

from fpdf import FPDF

from qr.drawing import Drawing, words
from qr.pens import pdf_marks
from qr.typeface import fitted
from web.chart_shapes import LETTERS, WIDTH, Box, Chart, Dot, Path, Shape, Stroke, Word

SCALE = 0.24
"""Millimetres for a unit of a chart: its words come out as high as the text beside it."""

_COLOURS = ((31, 91, 58), (222, 184, 92), (255, 255, 255))
_EDGES = ((31, 91, 58), (138, 96, 20), (17, 17, 17))
_ALARM, _AXIS = (163, 39, 31), (136, 136, 136)
_THIN, _THICK = 0.2, 0.5
_DASHES = ((0.0, 0.0), (1.6, 0.8), (0.5, 0.8))
_STROKES = {"target": (_ALARM, _THIN, _DASHES[1]), "axis": (_AXIS, _THIN, _DASHES[0])}
_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}
_DOT = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A chart with its upper left corner at (x, y) of a page, in millimetres; smaller if it has less room."""

    x: float
    y: float
    chart: Chart
    scale: float = SCALE

    @property
    def height(self) -> float:
        """How much of the page it takes."""
        return self.chart.height * self.scale


def placed(x: float, y: float, chart: Chart, most: float) -> Placed:
    """Return *chart* at its place, made to fit into the height *most*."""
    return Placed(x, y, chart, min(SCALE, most / chart.height) if chart.height else SCALE)


def draw(pdf: FPDF, found: Placed) -> None:
    """Draw a chart on the open page."""
    for shape in found.chart.shapes:
        _draw(pdf, found, shape)
    pdf.set_dash_pattern()


def _draw(pdf: FPDF, found: Placed, shape: Shape) -> None:
    match shape:
        case Box():
            _box(pdf, found, shape)
        case Stroke(x, y, width, what):
            _pen(pdf, *_STROKES[what])
            pdf.line(*_at(found, x, y), *_at(found, x + width, y))
        case Path(points, series):
            _pen(pdf, _EDGES[series % 3], _THICK, _DASHES[series % 3])
            if len(points) > 1:
                pdf.polyline([_at(found, *point) for point in points])
        case Dot(x, y, series):
            _pen(pdf, _EDGES[series % 3], _THIN, (0, 0))
            pdf.set_fill_color(*_COLOURS[series % 3])
            left, top = _at(found, x - _DOT, y - _DOT)
            pdf.ellipse(left, top, 2 * _DOT * found.scale, 2 * _DOT * found.scale, style="DF")
        case Word():
            _word(pdf, found, shape)


def _box(pdf: FPDF, found: Placed, shape: Box) -> None:
    if not shape.width:
        return
    dash = _DASHES[2] if shape.series % 3 == 2 else (0.0, 0.0)
    _pen(pdf, _ALARM if shape.alarm else _EDGES[shape.series % 3], _THICK if shape.alarm else _THIN, dash)
    pdf.set_fill_color(*_COLOURS[shape.series % 3])
    pdf.rect(*_at(found, shape.x, shape.y), shape.width * found.scale, shape.height * found.scale, style="DF")


def _word(pdf: FPDF, found: Placed, shape: Word) -> None:
    size = LETTERS * found.scale
    told, fit = fitted(shape.text, size, WIDTH * found.scale, size * 0.5)
    mark = words(0, 0, told, fit)
    left, base = _at(found, shape.x, shape.y)
    pdf_marks(pdf, Drawing(0, 0, (mark,)), left - mark.width * _SHARE[shape.anchor], base)


def _pen(pdf: FPDF, colour: tuple[int, int, int], width: float, dash: tuple[float, float]) -> None:
    pdf.set_draw_color(*colour)
    pdf.set_line_width(width)
    pdf.set_dash_pattern(*dash)


def _at(found: Placed, x: float, y: float) -> tuple[float, float]:
    return found.x + x * found.scale, found.y + y * found.scale
