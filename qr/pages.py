"""Pages to read and file: a title, headings, names with what they say, and plain lines, on A4.

    document_pdf("批次护照", blocks, url=…, made_at=…)

Words come ready to print from whoever knows them; a page is filled from its top, and what does not fit goes
to the next one. Drawn alike with the same time, the bytes are alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF

from qr import pens
from qr.drawing import GREY, PALE, SAMPLE, Code, Drawing, Rule, Words, code, words
from qr.symbol import squares
from qr.typeface import printable, typeface, wrapped

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 18.0
NAME_WIDTH = 38.0
CODE_SIDE = 30.0
MOST_LINES = 40
"""Of so many lines one block may be; a longer one is cut with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and what it says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A sentence; *small* for what is said under a table or at the foot."""

    text: str
    small: bool = False


Block = Heading | Pair | Plain


def document_pdf(title: str, blocks: Iterable[Block], *, url: str, made_at: datetime, sample: bool) -> bytes:
    """Return the document as a PDF; *sample* writes 样张 across each page."""
    pages = list(_pages(title, list(blocks), url))

    def draw(pdf: FPDF) -> None:
        for number, marks in enumerate(pages, 1):
            pdf.add_page()
            foot = words(WIDTH - MARGIN - 12, HEIGHT - 8, f"{number} / {len(pages)}", 3, colour=GREY)
            crossed = [_sample()] if sample else []
            pens.pdf_marks(pdf, Drawing(WIDTH, HEIGHT, (*crossed, *marks, foot)), 0, 0)

    return pens.pdf_of(WIDTH, HEIGHT, title, made_at, draw)


def _sample() -> Words:
    return Words(40, 200, SAMPLE, 24, typeface().width(SAMPLE, 24), PALE, turned=35)


def _pages(title: str, blocks: list[Block], url: str) -> Iterator[tuple[Words | Rule | Code, ...]]:
    """Yield the marks of each page; the first has the title and the code beside it."""
    marks: list[Words | Rule | Code] = [
        words(MARGIN, MARGIN + 6, printable(title), 7, bold=True),
        code(WIDTH - MARGIN - CODE_SIDE, MARGIN - 4, CODE_SIDE, squares(url)),
    ]
    y = MARGIN + 14
    for block in blocks:
        lines = list(_lines(block, y))
        height = _height(block, len(lines))
        if y + height > HEIGHT - MARGIN:
            yield tuple(marks)
            marks, y = [], MARGIN
            lines = list(_lines(block, y))
        marks += lines
        y += height
    yield tuple(marks)


def _height(block: Block, marks: int) -> float:
    match block:
        case Heading():
            return 11.0
        case Pair():
            return max(marks - 1, 1) * 5.2 + 0.8
        case Plain(small=small):
            return marks * (4.2 if small else 5.2) + 0.8


def _lines(block: Block, y: float) -> Iterator[Words | Rule]:
    room = WIDTH - 2 * MARGIN
    # The code stands beside what comes first.
    if y < MARGIN + CODE_SIDE:
        room -= CODE_SIDE + 4
    match block:
        case Heading(text):
            yield words(MARGIN, y + 7, printable(text), 4.6, bold=True)
            yield Rule(MARGIN, y + 9, room)
        case Pair(name, text):
            yield words(MARGIN, y + 4, printable(name), 3.4, colour=GREY)
            for row, line in enumerate(wrapped(text, 3.4, room - NAME_WIDTH, MOST_LINES)):
                yield words(MARGIN + NAME_WIDTH, y + 4 + row * 5.2, line, 3.4)
        case Plain(text, small):
            size, step = (2.8, 4.2) if small else (3.4, 5.2)
            for row, line in enumerate(wrapped(text, size, room, MOST_LINES)):
                yield words(MARGIN, y + 4 + row * step, line, size)
