"""The life of a pack code after its issue: asleep until somebody else has looked, active, sold, called back.

    codes-prepared     labels printed before the goods exist (先赋码再出证): a roll of blank codes
    codes-issued       (processing) against goods; with `roll` it binds codes of a roll to a lot
    codes-activated    a test, an office or another second party has looked: the codes may go out (一检一码)
    codes-sold         sold to a shopper at the till
    codes-recalled     some packs of a lot are called back, the others are not
    scans-counted      how often codes were scanned on one day, under one root

A roll is named like a lot of its product. Its codes say "not bound yet" until an issue binds them.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.followup import Cause
from traceability.events.roles import CERTIFIERS, LABORATORIES, MAKERS, REGULATORS, TRADERS

Ground = Literal["tested", "checked", "witnessed"]

MOST_CODES = 10_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_range(first: int, count: int) -> None:
    """Raise `ValueError` unless *count* codes from *first* are a range."""
    if first < 0 or not 0 < count <= MOST_CODES:
        raise ValueError("a range of codes has a first index and at least one code")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPrepared(Event):
    """Blank codes *first* to *first + count - 1* of *roll* were printed; what they will stand on is open."""

    kind: ClassVar[str] = "codes-prepared"

    roll: str
    product: str
    first: int
    count: int

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_range(self.first, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesActivated(Event):
    """Codes of a lot may go out: on a test of it, or on the word of an office or another second party.

    On a test it lasts no longer than one of the tests told before stands and has passed in the end.
    """

    kind: ClassVar[str] = "codes-activated"

    lot: str
    first: int
    count: int
    ground: Ground
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_range(self.first, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesSold(Event):
    """Packs with these codes were sold to shoppers; how much of the lot that was, a sale (retailed) says."""

    kind: ClassVar[str] = "codes-sold"

    lot: str
    first: int
    count: int
    place: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_range(self.first, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesRecalled(Event):
    """Packs with these codes are called back, the rest of their lot is not (食品召回管理办法)."""

    kind: ClassVar[str] = "codes-recalled"

    lot: str
    first: int
    count: int
    level: Literal[1, 2, 3]
    cause: Cause
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_range(self.first, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScansCounted(Event):
    """How often codes were scanned on *day*: the root of the day's table, whose bytes are kept elsewhere.

    *root* is that of the tree of RFC 6962 over the lines of the table, in hex, so that one line can be shown
    without the others.
    """

    kind: ClassVar[str] = "scans-counted"

    # The day that is counted; without `field()` the event's own legal day would be its default.
    day: date = field()
    lots_scanned: int
    codes_scanned: int
    scans: int
    root: str

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not 0 <= self.lots_scanned <= self.codes_scanned <= self.scans:
            raise ValueError("every lot and every code that was scanned was scanned at least once")
        if not _DIGEST.fullmatch(self.root):
            raise ValueError("a root is a SHA-256 in hex")


KINDS: tuple[type[Event], ...] = (CodesPrepared, CodesActivated, CodesSold, CodesRecalled, ScansCounted)

MAY_STATE: dict[str, frozenset[str]] = {
    CodesPrepared.kind: MAKERS,
    CodesActivated.kind: TRADERS | REGULATORS | LABORATORIES | CERTIFIERS,
    CodesSold.kind: TRADERS,
    CodesRecalled.kind: MAKERS | REGULATORS,
    ScansCounted.kind: frozenset({"operator"}),
}
