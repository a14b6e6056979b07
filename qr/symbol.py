"""The squares that a camera reads: a QR code as SVG, PNG, or letters for a terminal.

    █████████████████████        four squares of white all round: without them a camera finds no corner
    ████ ▄▄▄▄▄ █▄▄▄▀▄█ …         error correction M: fifteen parts in a hundred may be torn or soiled
    ████ █   █ █▀ █▀▀▄ …         the address goes in as it is: a URL's path tells upper from lower case

The library `qrcode` makes every square (ISO/IEC 18004). Most of its time goes into trying the eight masks; a
run of labels whose addresses differ only in the serial may keep the mask that suits the first: `best_mask`.
"""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Any

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from qr.errors import Unprintable

QUIET = 4
"""Squares of white on each side, ISO/IEC 18004 section 6.3.8."""

Squares = tuple[tuple[bool, ...], ...]
"""Rows of squares from the top, without the white border; True is dark."""


@lru_cache(maxsize=256)
def squares(text: str, mask: int | None = None) -> Squares:
    """Make the QR code of *text* in the smallest version that holds it, with the best mask or with *mask*."""
    code = _code(text, mask)
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


@lru_cache(maxsize=64)
def best_mask(text: str) -> int:
    """Tell which of the eight masks leaves the QR code of *text* the most even."""
    return int(_code(text, None).best_mask_pattern())


def _code(text: str, mask: int | None) -> QRCode[Any]:
    if not text or not text.isascii() or not text.isprintable():
        raise Unprintable("an address has plain characters only, the others as %XX")
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(text)
    try:
        code.best_fit()
    except (DataOverflowError, ValueError) as error:
        raise Unprintable("the address is too long for a QR code", facts={"length": len(text)}) from error
    return code


def runs(matrix: Squares) -> Iterator[tuple[int, int, int]]:
    """Yield the dark squares as bars: column, row, length; (0, 0) is the first inside the border."""
    for row, line in enumerate(matrix):
        column = 0
        for dark, group in groupby(line):
            length = len(tuple(group))
            if dark:
                yield column, row, length
            column += length


def path(matrix: Squares) -> str:
    """Draw the dark squares as one SVG path in units of squares, the white border included."""
    return "".join(f"M{x + QUIET} {y + QUIET}h{n}v1h-{n}z" for x, y, n in runs(matrix))


def svg(text: str, *, title: str = "", side: str | None = None) -> str:
    """Draw the QR code of *text* as SVG, *side* wide and high ("30mm"), or as large as its place."""
    matrix = squares(text)
    width = len(matrix) + 2 * QUIET
    size = f' width="{escape(side)}" height="{escape(side)}"' if side else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{size} viewBox="0 0 {width} {width}" role="img"'
        f' aria-label="{escape(title or text)}" shape-rendering="crispEdges">'
        f'<rect width="{width}" height="{width}" fill="#fff"/><path d="{path(matrix)}"/></svg>'
    )


def picture(matrix: Squares, scale: int) -> Image.Image:
    """Draw the squares in black and white, *scale* pixels each, with the white border."""
    width = len(matrix) + 2 * QUIET
    image = Image.new("1", (width, width), 1)
    for x, y, length in runs(matrix):
        image.paste(0, (x + QUIET, y + QUIET, x + QUIET + length, y + QUIET + 1))
    return image.resize((width * scale, width * scale), Image.Resampling.NEAREST)


def png(text: str, *, scale: int = 8) -> bytes:
    """Draw the QR code of *text* as a PNG picture, *scale* pixels a square."""
    target = BytesIO()
    picture(squares(text), scale).save(target, "PNG", optimize=True)
    return target.getvalue()


_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def terminal(text: str, *, colour: bool = True) -> str:
    """Draw the QR code of *text* in half blocks, two rows a line.

    In *colour* it is black on white whatever the terminal's own colours; without, it supposes a dark terminal
    and draws the light squares.
    """
    matrix = squares(text)
    blank = (False,) * (len(matrix) + 2 * QUIET)
    sides = (False,) * QUIET
    rows = [blank] * QUIET + [sides + row + sides for row in matrix] + [blank] * QUIET
    rows += [blank] * (len(rows) % 2)
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        halves = (_HALVES[a is colour, b is colour] for a, b in zip(upper, lower, strict=True))
        line = "".join(halves)
        lines.append(f"\x1b[38;5;16;48;5;231m{line}\x1b[0m" if colour else line)
    return "\n".join(lines) + "\n"
