"""Where each word of a label and of a slip stands.

    ┌────────────────────────────────────┐
    │ ▄▄▄▄▄▄▄  有机长粒香米              │     the name, as large as it fits
    │ █ ▄▄▄ █  产地    吉林省 …          │     rows: what the law wants on a label, and the lot
    │ █ ███ █  生产者  …                 │
    │ ▀▀▀▀▀▀▀  承诺达标合格证            │     further lines, such as those of a certificate
    │ 7QK-2M9-XTB   验证策略 0f1e2d3c…   │     the code to type; the fingerprint of the witness policy
    └────────────────────────────────────┘

Everything grows with the label; at the size it was designed for, 63.5 by 33.9 mm, the name is set at 4.3 mm.
Words that find no room are set smaller, then cut with an ellipsis; the code keeps its place in any case.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from qr.drawing import GREY, Code, Drawing, Rule, Words, centred, code, sample_across, words
from qr.symbol import Squares
from qr.typeface import fitted, printable, typeface, wrapped

Row = tuple[str, str]
"""A caption, and what is said under it."""

_DESIGN_WIDTH, _DESIGN_HEIGHT = 63.5, 33.9
_ROW_SIZES = (2.4, 2.2, 2.0, 1.8, 1.6, 1.4)
_SLIP_SIZES = ((1.0, 4), (0.85, 4), (0.7, 4), (0.55, 3), (0.45, 2), (0.35, 1), (0.3, 1))
"""How large the words of a slip are, and how many lines a row may take, until all of it fits on the paper."""

_LEADING = 1.22
_GAP = 0.16
"""How much more room, in ems, there is between two rows than between two lines of one."""

_CAPTION = 0.86
"""How large a caption is beside what it says."""


def label(
    matrix: Squares,
    title: str,
    rows: tuple[Row, ...],
    further: tuple[str, ...],
    *,
    under: Sequence[str],
    foot: str,
    sample: bool,
    width: float,
    height: float,
) -> Drawing:
    """Lay out one label: the code on the left with the lines *under* it, the words on the right."""
    unit = min(width / _DESIGN_WIDTH, height / _DESIGN_HEIGHT)
    edge, side = 1.6 * unit, 23.2 * unit
    left = edge + side + 1.0 * unit
    room = width - left - 2.2 * unit
    top = 2.0 * unit
    marks: list[Words | Code | Rule] = []
    if sample:
        marks.append(sample_across(left, top, room, height - 2 * top))
    marks.append(code(edge, top - 0.8 * unit, side, matrix))
    marks += _under(under, edge, top + 23.6 * unit, side, unit)
    for line in column(title, rows, further, width=room, height=height - top - 4.9 * unit, unit=unit):
        marks.append(replace(line, x=line.x + left, y=line.y + top))
    foot_line, foot_size = fitted(foot, 1.65 * unit, room, 0.8 * unit)
    marks.append(words(left, height - 1.9 * unit, foot_line, foot_size, colour=GREY))
    return Drawing(width, height, tuple(marks))


def _under(lines: Sequence[str], x: float, top: float, width: float, unit: float) -> list[Words]:
    """Set the lines under a code: the first bold and large, the code to type; the others small."""
    marks = [centred(x, top + 2.2 * unit, line, 3.1 * unit, width, bold=True) for line in lines[:1]]
    for place, line in enumerate(lines[1:], 1):
        marks.append(centred(x, top + (2.4 + 2.15 * place) * unit, line, 1.65 * unit, width, colour=GREY))
    return marks


@lru_cache(maxsize=64)
def column(
    title: str, rows: tuple[Row, ...], further: tuple[str, ...], *, width: float, height: float, unit: float
) -> tuple[Words, ...]:
    """Set the name, the rows and the further lines in a column from (0, 0) down, as large as they fit."""
    line, size = fitted(title, 4.3 * unit, width, 2.6 * unit)
    top = 5.6 * unit
    lines: list[Words] = []
    for row_size in _ROW_SIZES:
        lines = stacked(rows, width, row_size * unit, most=2)
        lines += _headed(further, width, row_size * unit, _below(lines, row_size * unit))
        if not lines or lines[-1].y <= height - top:
            break
    return (words(0, 3.7 * unit, line, size, bold=True), *_within(lines, top, height, width))


def stacked(rows: Sequence[Row], width: float, size: float, *, most: int) -> list[Words]:
    """Set rows, of at most *most* lines each, under each other; the first baseline is one em below 0."""
    captions = [printable(caption) for caption, _ in rows]
    indent = max((typeface().width(caption, size * _CAPTION) for caption in captions), default=0)
    # A caption that took the whole line would leave no room for what it says.
    indent = min(indent + size * 0.55, width * 0.4)
    lines: list[Words] = []
    y = size
    for caption, (_, said) in zip(captions, rows, strict=True):
        short, fit = fitted(caption, size * _CAPTION, indent - size * 0.4, size * 0.5)
        lines.append(words(0, y, short, fit, colour=GREY))
        for part in wrapped(said, size, width - indent, most) or [""]:
            lines.append(words(indent, y, part, size))
            y += size * _LEADING
        y += size * _GAP
    return lines


def flowing(texts: Sequence[str], width: float, size: float, y: float, *, most: int) -> list[Words]:
    """Set texts, of at most *most* lines each, from the baseline *y* down."""
    lines: list[Words] = []
    for text in texts:
        for part in wrapped(text, size, width, most):
            lines.append(words(0, y, part, size))
            y += size * _LEADING
    return lines


def _headed(texts: Sequence[str], width: float, size: float, y: float) -> list[Words]:
    """Set texts with the first as a heading, for 承诺达标合格证 has to be seen at once."""
    larger = size * 1.15
    heading = [replace(line, bold=True) for line in flowing(texts[:1], width, larger, y, most=2)]
    below = heading[-1].y + size * _LEADING if heading else y
    return heading + flowing(texts[1:], width, size, below, most=6)


def _below(lines: Sequence[Words], size: float) -> float:
    """Tell where the baseline of a new paragraph under *lines* is."""
    return lines[-1].y + size * (_LEADING + 0.4) if lines else size


def _within(lines: Sequence[Words], top: float, height: float, width: float) -> list[Words]:
    """Bring *lines* down to *top* and spread them; what finds no room is left out behind an ellipsis."""
    kept = [line for line in lines if line.y <= height - top + 0.001]
    if kept and len(kept) < len(lines):
        last = kept.pop()
        text, size = fitted(last.text.rstrip("…") + "…", last.size, width - last.x, last.size * 0.5)
        kept.append(replace(last, text=text, size=size, width=typeface().width(text, size)))
    spread = min((height - top) / kept[-1].y, 1.3) if kept else 1
    return [replace(line, y=top + line.y * spread) for line in kept]


def slip(
    matrix: Squares,
    title: str,
    rows: tuple[Row, ...],
    further: tuple[str, ...],
    *,
    under: Sequence[str],
    sample: bool,
    width: float,
    height: float | None,
) -> Drawing:
    """Lay out a slip: title above, code at the foot; on a roll (*height* None) as long as it needs."""
    edge = width * (0.055 if height is None else 0.13)
    room = width - 2 * edge
    unit = min(room / 52, 2.1)
    side = 34 * unit
    marks: list[Words | Code | Rule] = []
    end = 0.0
    for share, most in _SLIP_SIZES:
        marks, foot = _slip_words(title, rows, further, edge=edge, room=room, unit=unit * share, most=most)
        # However small the words have to be, the code stays as large.
        marks.append(code((width - side) / 2, foot, side, matrix))
        marks += _under(under, edge, foot + side, room, unit * 1.25)
        end = foot + side + (3 + 2.7 * len(under)) * unit + edge / 2
        if height is None or end <= height:
            break
    if sample:
        marks.insert(0, sample_across(edge, edge, room, end - 2 * edge, angle=35))
    return Drawing(width, height or end, tuple(marks))


def _slip_words(
    title: str,
    rows: Sequence[Row],
    further: Sequence[str],
    *,
    edge: float,
    room: float,
    unit: float,
    most: int,
) -> tuple[list[Words | Code | Rule], float]:
    """Set the words of a slip; tell also where its code may begin."""
    y = edge + 6.2 * unit
    size = 3.1 * unit
    marks: list[Words | Code | Rule] = [centred(edge, y, title, 6.6 * unit, room, bold=True)]
    marks.append(Rule(edge, y + 2.4 * unit, room))
    y += 3.8 * unit
    lines = stacked(rows, room, size, most=most)
    lines += flowing(further, room, size, _below(lines, size), most=most + 2)
    marks += [replace(line, x=line.x + edge, y=line.y + y) for line in lines]
    y += _below(lines, size) - size * 0.8
    marks.append(Rule(edge, y, room))
    return marks, y + 0.6 * unit
