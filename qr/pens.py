"""The same drawing as an SVG document, a PNG picture, or part of a PDF page.

Only the squares differ from pen to pen: a PNG snaps them to whole pixels, SVG and PDF draw them as one path,
so that no printer puts a hairline between two of them.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import lru_cache
from html import escape
from io import BytesIO
from math import floor

from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image, ImageColor, ImageDraw, ImageFont

from qr.drawing import Code, Drawing, Rule, Words
from qr.errors import Unprintable
from qr.symbol import QUIET, Squares, path, picture, runs
from qr.typeface import printable, typeface

_MM_PER_INCH = 25.4
_POINTS_PER_MM = 72 / _MM_PER_INCH
_HAIRLINE_MM = 0.12
_STROKE = 0.03
"""How thick, in ems, bold words are drawn round: the typeface has one weight."""

_FAMILY = "sans"
_SCREEN_FAMILIES = "'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"


def svg(drawing: Drawing) -> str:
    """Draw as an SVG document, its units millimetres; words keep their measured width in any typeface."""
    body = "".join(_svg_mark(mark) for mark in drawing.marks)
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width} {height}" font-family="{_SCREEN_FAMILIES}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{body}</svg>'
    )


def _svg_mark(mark: Words | Code | Rule) -> str:
    match mark:
        case Words():
            return _svg_words(mark)
        case Rule(x, y, width):
            return f'<path d="M{x:.2f} {y:.2f}h{width:.2f}" stroke="#777" stroke-width="{_HAIRLINE_MM}"/>'
        case Code(x, y, side, matrix):
            squares = len(matrix) + 2 * QUIET
            return (
                f'<svg x="{x:.2f}" y="{y:.2f}" width="{side:.2f}" height="{side:.2f}"'
                f' viewBox="0 0 {squares} {squares}" shape-rendering="crispEdges">'
                f'<rect width="{squares}" height="{squares}" fill="#fff"/><path d="{path(matrix)}"/></svg>'
            )


def _svg_words(mark: Words) -> str:
    if not mark.text:
        return ""
    stroke = f' stroke="{mark.colour}" stroke-width="{mark.size * _STROKE:.3f}"' if mark.bold else ""
    turn = f' transform="rotate({-mark.turned:g} {mark.x:.2f} {mark.y:.2f})"' if mark.turned else ""
    return (
        f'<text x="{mark.x:.2f}" y="{mark.y:.2f}" font-size="{mark.size:.3f}" fill="{mark.colour}"'
        f' textLength="{mark.width:.2f}" lengthAdjust="spacingAndGlyphs"{stroke}{turn}>'
        f"{escape(mark.text)}</text>"
    )


def png(drawing: Drawing, dpi: int) -> bytes:
    """Draw as a PNG picture of *dpi* dots an inch."""
    scale = dpi / _MM_PER_INCH
    image = Image.new("RGB", (round(drawing.width * scale), round(drawing.height * scale)), "white")
    for mark in drawing.marks:
        match mark:
            case Words():
                _png_words(image, mark, scale)
            case Rule(x, y, width):
                line = [(x * scale, y * scale), ((x + width) * scale, y * scale)]
                ImageDraw.Draw(image).line(line, "#777777", max(1, round(_HAIRLINE_MM * scale)))
            case Code():
                _png_code(image, mark, scale)
    target = BytesIO()
    image.save(target, "PNG", dpi=(dpi, dpi))
    return target.getvalue()


def _png_code(image: Image.Image, mark: Code, scale: float) -> None:
    side = floor(mark.side * scale)
    square = side // (len(mark.matrix) + 2 * QUIET)
    # Squares of unequal width are misread first: whole pixels each, and the rest goes to the white border.
    if square < 2:
        raise Unprintable("too few dots an inch for this code", facts={"squares": len(mark.matrix)})
    drawn = picture(mark.matrix, square)
    left, top = round(mark.x * scale), round(mark.y * scale)
    image.paste("white", (left, top, left + side, top + side))
    inset = (side - drawn.width) // 2
    image.paste(drawn, (left + inset, top + inset))


def _png_words(image: Image.Image, mark: Words, scale: float) -> None:
    if not mark.text:
        return
    font, stroke = _font_for(mark, scale)
    at = (mark.x * scale, mark.y * scale)
    if not mark.turned:
        ImageDraw.Draw(image).text(at, mark.text, mark.colour, font, "ls", stroke_width=stroke)
        return
    # Drawn level about the middle of a layer of its own, turned there, and laid under what comes later.
    reach = round(mark.width * scale) + font.size
    mask = Image.new("L", (int(2 * reach), int(2 * reach)))
    ImageDraw.Draw(mask).text((int(reach), int(reach)), mark.text, 255, font, "ls", stroke_width=stroke)
    mask = mask.rotate(mark.turned, Image.Resampling.BICUBIC)
    image.paste(mark.colour, (round(at[0]) - int(reach), round(at[1]) - int(reach)), mask)


def _font_for(mark: Words, scale: float) -> tuple[ImageFont.FreeTypeFont, float]:
    """Choose the size in pixels; hinting rounds each advance, so a long line may need a hair less."""
    size = mark.size * scale
    font = _font(round(size, 2))
    run = font.getlength(mark.text)
    if run > mark.width * scale:
        font = _font(round(size * mark.width * scale / run, 2))
    return font, size * _STROKE / 2 if mark.bold else 0


@lru_cache(maxsize=64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    # Basic layout sets letter after letter by the same advances that `typeface` measures.
    return ImageFont.truetype(typeface().file, size, layout_engine=ImageFont.Layout.BASIC)


def pdf_of(width: float, height: float, title: str, made_at: datetime, draw: Callable[[FPDF], None]) -> bytes:
    """Make a PDF of the pages that *draw* adds; drawn alike with the same time, its bytes are alike."""
    if made_at.tzinfo is None:
        raise ValueError("a time without its zone")
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_creation_date(made_at)
    pdf.set_producer("jizihao")
    pdf.set_title(printable(title))
    pdf.set_lang("zh-CN")
    pdf.add_font(_FAMILY, fname=typeface().file)
    draw(pdf)
    return bytes(pdf.output())


def pdf_marks(pdf: FPDF, drawing: Drawing, left: float, top: float) -> None:
    """Draw on the open page, the drawing's upper left corner at (*left*, *top*)."""
    for mark in drawing.marks:
        match mark:
            case Words():
                _pdf_words(pdf, mark, left + mark.x, top + mark.y)
            case Rule(x, y, width):
                pdf.set_draw_color(119)
                pdf.set_line_width(_HAIRLINE_MM)
                pdf.line(left + x, top + y, left + x + width, top + y)
            case Code():
                _pdf_code(pdf, mark, left + mark.x, top + mark.y)


def _pdf_words(pdf: FPDF, mark: Words, x: float, y: float) -> None:
    if not mark.text:
        return
    pdf.set_font(_FAMILY, size=mark.size * _POINTS_PER_MM)
    pdf.set_text_color(*ImageColor.getrgb(mark.colour)[:3])
    with ExitStack() as look:
        if mark.turned:
            look.enter_context(pdf.rotation(mark.turned, x, y))
        if mark.bold:
            # Beside words the library writes the width of a line as it is, in points.
            stroke = mark.size * _STROKE * _POINTS_PER_MM
            look.enter_context(
                pdf.local_context(text_mode=TextMode.FILL_STROKE, line_width=stroke, draw_color=mark.colour)
            )
        pdf.text(x, y, mark.text)


def _pdf_code(pdf: FPDF, mark: Code, x: float, y: float) -> None:
    squares = len(mark.matrix) + 2 * QUIET
    unit = mark.side * _POINTS_PER_MM / squares
    left, top = x * _POINTS_PER_MM, (pdf.h - y) * _POINTS_PER_MM
    # The library's own paths take a millisecond for every ten bars; here one operator draws them all.
    pdf._out(
        f"q {unit:.5f} 0 0 {-unit:.5f} {left:.3f} {top:.3f} cm"
        f" 1 g 0 0 {squares} {squares} re f 0 g {_bars(mark.matrix)} f Q"
    )


@lru_cache(maxsize=256)
def _bars(matrix: Squares) -> str:
    return " ".join(f"{x + QUIET} {y + QUIET} {length} 1 re" for x, y, length in runs(matrix))
