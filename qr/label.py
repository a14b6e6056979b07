"""Labels to print on packs, sheets of them, and the slip of a certificate.

    Label ──► label_svg, label_png       one label, for a screen or a label printer
    labels ─► sheet_pdf                  A4 sheets, by default three by eight labels of 63.5 by 33.9 mm
    Certificate ─► certificate_pdf       承诺达标合格证 on A4, or on a roll of 80 or 58 mm

The words come ready to print, in Chinese, from whoever knows the lot. What this module promises: the code can
be read whatever the words are, and a label whose address nobody outside could open or check says so across
its face: 样张 SAMPLE.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import chain, islice
from urllib.parse import urlsplit

from fpdf import FPDF

from qr import layout, pens
from qr.code import ALPHABET, SERIAL_LENGTH
from qr.drawing import Drawing
from qr.errors import Unprintable
from qr.short import read_short
from qr.symbol import best_mask, squares

CERTIFICATE_TITLE = "承诺达标合格证"
CAPTION = "扫码或在网页输入短码查询"

_RESERVED = frozenset(
    # RFC 6761, RFC 6762 and RFC 7686, and the names that home routers and firms give themselves.
    ["local", "localhost", "example", "test", "invalid", "onion", "internal", "lan", "home", "corp", "arpa"]
)
_EXAMPLES = re.compile(r"(^|\.)example\.(com|net|org)$")
"""RFC 2606 section 3."""


def is_sample(base_url: str) -> bool:
    """Tell whether labels with this address are samples: not HTTPS, or not for all the world to reach."""
    try:
        parts = urlsplit(base_url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return True
    if parts.scheme != "https" or parts.username is not None or not host.isascii():
        return True
    return not _is_public(host.rstrip("."))


def _is_public(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        # "127.1" and "0x7f.1" are addresses to a browser: a last part in figures is never a public name.
        numeric = last.isdigit() or last.startswith("0x")
        return "." in host and not numeric and last not in _RESERVED and not _EXAMPLES.search(host)
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one label says; an empty text leaves its row out."""

    url: str
    """The address that the code carries, as it is to be opened: https://…/01/…/10/… or https://…/lot/…."""
    product: str
    producer: str
    origin: str
    lot: str
    packed_on: date | None
    net: str
    short: str
    """As `short_code` shows it."""
    policy_digest16: str
    """The first 16 hexadecimal figures of the SHA-256 of the witness policy, to be compared by eye."""
    sample: bool
    serial: str | None = None
    extra: tuple[str, ...] = ()
    """Further lines; the first is printed as a heading."""

    def __post_init__(self) -> None:
        if is_sample(self.url) and not self.sample:
            raise Unprintable(
                "a label with an address that is not public is a sample", facts={"url": self.url}
            )
        if read_short(self.short) != self.short:
            raise Unprintable("the short code is not in the form to print", facts={"short": self.short})
        if not re.fullmatch("[0-9a-f]{16}", self.policy_digest16):
            raise Unprintable("a policy's fingerprint is 16 hexadecimal figures")
        if self.serial is not None and not _is_serial(self.serial):
            raise Unprintable("this is not the form of a serial")

    @property
    def rows(self) -> tuple[layout.Row, ...]:
        """The captions and what they say."""
        packed = self.packed_on.isoformat() if self.packed_on else ""
        rows = (
            ("产地", self.origin),
            ("生产者", self.producer),
            ("批号", self.lot),
            ("包装日期", packed),
            ("净含量", self.net),
        )
        return tuple(row for row in rows if row[1].strip())


def _is_serial(text: str) -> bool:
    return len(text) == SERIAL_LENGTH and all(symbol in ALPHABET for symbol in text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the labels stand on a sheet of paper; all lengths in millimetres."""

    columns: int = 3
    rows: int = 8
    label_width: float = 63.5
    label_height: float = 33.9
    left: float = 7.25
    top: float = 12.9
    gap_across: float = 2.5
    gap_down: float = 0
    paper_width: float = 210
    paper_height: float = 297
    cutting_lines: bool = True
    """Draw pale outlines to cut along; off for sheets that are cut already."""

    def __post_init__(self) -> None:
        sizes = (self.label_width, self.label_height, self.paper_width, self.paper_height)
        gaps = (self.left, self.top, self.gap_across, self.gap_down)
        if min(self.columns, self.rows) < 1 or min(sizes) <= 0 or min(gaps) < 0:
            raise ValueError("a sheet needs labels of some size")
        right = self.left + self.columns * (self.label_width + self.gap_across) - self.gap_across
        foot = self.top + self.rows * (self.label_height + self.gap_down) - self.gap_down
        if right > self.paper_width or foot > self.paper_height:
            raise ValueError("the labels do not fit on the paper")

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield the upper left corner of each label, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield (
                    self.left + column * (self.label_width + self.gap_across),
                    self.top + row * (self.label_height + self.gap_down),
                )


LARGE = Sheet(2, 4, 99.1, 67.7, 4.65, 13.1, 2.5, 0)
"""Eight labels a sheet, for packs that also bear a certificate."""

_ONE = Sheet()


def label_svg(
    label: Label, *, width_mm: float = _ONE.label_width, height_mm: float = _ONE.label_height
) -> str:
    """Draw one label as an SVG document."""
    return pens.svg(_drawing(label, width_mm, height_mm, None))


def label_png(
    label: Label,
    dpi: int = 300,
    *,
    width_mm: float = _ONE.label_width,
    height_mm: float = _ONE.label_height,
) -> bytes:
    """Draw one label as a PNG picture of *dpi* dots an inch."""
    return pens.png(_drawing(label, width_mm, height_mm, None), dpi)


def sheet_pdf(
    labels: Iterable[Label],
    *,
    made_at: datetime,
    sheet: Sheet = _ONE,
    progress: Callable[[int], object] | None = None,
) -> bytes:
    """Draw labels on as many sheets as they need; *progress* is told after each label how many are done.

    All codes of a run have the mask that suits the first: their addresses differ in no more than the serial,
    and to try all masks for each would take most of the time.
    """
    run = iter(labels)
    first = next(run, None)
    if first is None:
        raise Unprintable("a sheet without labels")

    def draw(pdf: FPDF) -> None:
        mask = best_mask(first.url)
        rest = chain((first,), run)
        done = 0
        while page := tuple(islice(rest, sheet.columns * sheet.rows)):
            pdf.add_page()
            for label, (left, top) in zip(page, sheet.places(), strict=False):
                _draw_in_place(pdf, label, sheet, left=left, top=top, mask=mask)
                done += 1
                if progress:
                    progress(done)

    return pens.pdf_of(sheet.paper_width, sheet.paper_height, f"{first.product} {first.lot}", made_at, draw)


def _draw_in_place(pdf: FPDF, label: Label, sheet: Sheet, *, left: float, top: float, mask: int) -> None:
    if sheet.cutting_lines:
        pdf.set_draw_color(205)
        pdf.set_line_width(0.1)
        pdf.rect(left, top, sheet.label_width, sheet.label_height)
    pens.pdf_marks(pdf, _drawing(label, sheet.label_width, sheet.label_height, mask), left, top)


def _drawing(label: Label, width: float, height: float, mask: int | None) -> Drawing:
    return layout.label(
        squares(label.url, mask),
        label.product,
        label.rows,
        label.extra,
        under=(label.short, CAPTION, *((_grouped(label.serial),) if label.serial else ())),
        foot=f"验证策略 policy {label.policy_digest16}",
        sample=label.sample,
        width=width,
        height=height,
    )


def _grouped(serial: str) -> str:
    return " ".join(serial[at : at + 5] for at in range(0, SERIAL_LENGTH, 5))


class Paper(Enum):
    """What a certificate is printed on: width in millimetres, and height if it is no roll."""

    A4 = (210.0, 297.0)
    ROLL_80 = (80.0, None)
    ROLL_58 = (58.0, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the slip of a 承诺达标合格证 says: rows of caption and text, then the promise, then the code."""

    rows: tuple[layout.Row, ...]
    promise: tuple[str, ...]
    url: str
    short: str
    sample: bool
    title: str = CERTIFICATE_TITLE

    def __post_init__(self) -> None:
        if is_sample(self.url) and not self.sample:
            raise Unprintable(
                "a slip with an address that is not public is a sample", facts={"url": self.url}
            )
        if read_short(self.short) != self.short:
            raise Unprintable("the short code is not in the form to print", facts={"short": self.short})
        if len(self.rows) > 20 or len(self.promise) > 8:
            raise Unprintable("too many lines for a slip", facts={"rows": len(self.rows)})


def certificate_pdf(certificate: Certificate, *, made_at: datetime, paper: Paper = Paper.A4) -> bytes:
    """Draw the slip: the title large, as the rules for the certificate ask, and the code at its foot."""
    width, height = paper.value
    drawing = layout.slip(
        squares(certificate.url),
        certificate.title,
        certificate.rows,
        certificate.promise,
        under=(certificate.short, CAPTION),
        sample=certificate.sample,
        width=width,
        height=height,
    )

    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        pens.pdf_marks(pdf, drawing, 0, 0)

    return pens.pdf_of(drawing.width, drawing.height, certificate.title, made_at, draw)
