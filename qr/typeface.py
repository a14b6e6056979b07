"""The one typeface of all print: how wide words are, and how they are cut to the place they have.

Noto Sans SC (SIL Open Font License) comes in the package `pylopdf_fonts_zh_cn`. Its own table of advances
measures every line before it is drawn, so that a label looks the same on paper and on screen, and no name,
however long, runs into the code beside it.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it comes with fpdf2, without stubs

MISSING = "？"
"""What stands for a letter that the typeface lacks; a row of the printer's mark 〓 scans as a bar code."""

_INSTEAD = {"☑": "✓", "✔": "✓", "☐": "□", "☒": "×"}
"""Marks of forms that the typeface lacks, and what stands for them."""

_MOST_LETTERS = 600
_NEVER_FIRST = "，。、；：？！）》」』”’…·,.;:?!)]}%"


@dataclass(frozen=True, slots=True)
class Typeface:
    """The file of the typeface, and the advance of each of its letters in ems."""

    file: Path
    advances: Mapping[str, float]

    def width(self, text: str, size: float) -> float:
        """Measure a line of *text* set at *size*; the answer is in the unit of *size*."""
        return sum(self.advances[letter] for letter in text) * size


@cache
def typeface() -> Typeface:
    """Find the typeface and read its measures, once."""
    # The package is installed as files, so this path is its own and outlives the call.
    with (
        as_file(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf") as file,
        TTFont(file, lazy=True) as font,
    ):
        em = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        glyphs = font.getBestCmap()
        return Typeface(file, {chr(point): metrics[glyph][0] / em for point, glyph in glyphs.items()})


@lru_cache(maxsize=4096)
def printable(text: str) -> str:
    """Make one line of letters that the typeface has: `MISSING` for the others, no control marks."""
    # Overlong input is cut before any work on it: no place on paper holds so much.
    folded = unicodedata.normalize("NFC", text[:_MOST_LETTERS])
    return " ".join("".join(_letter(letter) for letter in folded).split())


def _letter(letter: str) -> str:
    kind = unicodedata.category(letter)[0]
    if kind == "Z" or letter in "\t\r\n":
        return " "
    # Control and format marks could turn what follows about; loose accents could climb over the edge.
    if kind in "CM":
        return ""
    letter = _INSTEAD.get(letter, letter)
    return letter if letter in typeface().advances else MISSING


@lru_cache(maxsize=4096)
def fitted(text: str, size: float, width: float, least: float) -> tuple[str, float]:
    """Set *text* on one line of *width*: at *size*, smaller down to *least*, or cut with an ellipsis."""
    line = printable(text)
    at_one = typeface().width(line, 1)
    if at_one * size <= width:
        return line, size
    if at_one * least <= width:
        return line, width / at_one
    return _cut(line, least, width), least


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """Break *text* set at *size* into lines of *width*, *most* at most: the last is cut with an ellipsis."""
    rest = printable(text)
    lines: list[str] = []
    while rest and len(lines) < most:
        if len(lines) == most - 1:
            return [*lines, _cut(rest, size, width)]
        at = _break(rest, size, width)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return lines


def _break(text: str, size: float, width: float) -> int:
    """Tell after how many letters to break: at a space or a Chinese letter, never before a comma or stop."""
    room = _letters_within(text, size, width)
    if room >= len(text):
        return len(text)
    at = room
    while at > 1 and not _may_break(text, at):
        at -= 1
    # A word wider than the line has no good place: break it where the room ends.
    return at if at > 1 else max(room, 1)


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _NEVER_FIRST:
        return False
    return " " in (before, after) or not (before.isascii() and after.isascii())


def _cut(text: str, size: float, width: float) -> str:
    if typeface().width(text, size) <= width:
        return text
    return text[: _letters_within(text, size, width - typeface().width("…", size))].rstrip() + "…"


def _letters_within(text: str, size: float, width: float) -> int:
    """Tell how many letters of *text* have room in *width*."""
    advances = typeface().advances
    used = 0.0
    for count, letter in enumerate(text):
        used += advances[letter] * size
        # A hair of tolerance: a size computed to fill the width exactly must not lose its last letter.
        if used > width * 1.000001:
            return count
    return len(text)
