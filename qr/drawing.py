"""What print consists of: lines of words, codes and rules, each at its place in millimetres.

(0, 0) ──► x
  │        Words stand with the left end of their baseline on (x, y)
  ▼        a Code hangs with its upper left corner on (x, y), white border included
  y
"""

from dataclasses import dataclass
from math import cos, radians, sin

from qr.errors import Unprintable
from qr.symbol import QUIET, Squares
from qr.typeface import fitted, typeface

INK, GREY, PALE = "#111111", "#555555", "#f2bdb5"
SAMPLE = "样张 SAMPLE"
"""What stands across a label that must not go into the trade."""

LEAST_SQUARE_MM = 0.25
"""Two dots of a thermal printer of 203 dots an inch: what is smaller, a telephone often cannot read."""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: the size of its em, how wide it runs, how many degrees it rises to the right."""

    x: float
    y: float
    text: str
    size: float
    width: float
    colour: str = INK
    bold: bool = False
    turned: float = 0


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, *side* wide with its white border."""

    x: float
    y: float
    side: float
    matrix: Squares


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin level line."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a piece of paper of this size, in this order."""

    width: float
    height: float
    marks: tuple[Words | Code | Rule, ...]


def words(x: float, y: float, text: str, size: float, *, colour: str = INK, bold: bool = False) -> Words:
    """Set *text*, every letter of which the typeface has."""
    return Words(x, y, text, size, typeface().width(text, size), colour, bold)


def centred(
    x: float, y: float, text: str, size: float, width: float, *, colour: str = INK, bold: bool = False
) -> Words:
    """Set *text* in the middle of *width*; smaller, then cut, if it does not fit."""
    line, fit = fitted(text, size, width, size * 0.4)
    run = typeface().width(line, fit)
    return Words(x + (width - run) / 2, y, line, fit, run, colour, bold)


def code(x: float, y: float, side: float, matrix: Squares) -> Code:
    """Place a QR code, or raise `Unprintable` if its squares came out too small to read."""
    if side / (len(matrix) + 2 * QUIET) < LEAST_SQUARE_MM:
        raise Unprintable("the address is too long for a code of this size", facts={"squares": len(matrix)})
    return Code(x, y, side, matrix)


def sample_across(x: float, y: float, width: float, height: float, *, angle: float = 22) -> Words:
    """Lay the word for a sample across a box, rising from left to right."""
    level, rise = cos(radians(angle)), sin(radians(angle))
    ems = typeface().width(SAMPLE, 1)
    size = min(width / (ems * level + rise), height / (ems * rise + level))
    run = ems * size
    # The middle of the turned word, a third of an em above its baseline, comes to the middle of the box.
    left = x + width / 2 - run / 2 * level + size * 0.35 * rise
    base = y + height / 2 + run / 2 * rise + size * 0.35 * level
    return Words(left, base, SAMPLE, size, run, PALE, bold=True, turned=angle)
