"""What the rules of release may know: the codes that an event is about, and who has looked at their lot."""

from dataclasses import dataclass

from traceability.past.known import KnownProduct

Span = tuple[int, int]
"""First index and number of codes."""


@dataclass(frozen=True, slots=True)
class PastRoll:
    """A roll of blank codes: whose it is, of which product, and the next index to print."""

    party: str
    product: str
    following: int
    printed: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReleasePast:
    """Spans are those that meet the codes of the event, as standing entries leave them.

    *roll* is the roll that the event names, *product* what it is for, *is_lot* whether a lot has its name;
    *is_roll* whether the lot has the name of a roll, *bound* what of the roll stands on goods already;
    *tests* are purposes of passed tests of this very lot, *tested_here* whether the speaker made one;
    *certified* whether a certificate stands; *maker_division* where the lot's maker is registered; *has_held*
    whether the speaker ever had some of it; *counted* whether the day's scans are told already.
    """

    roll: PastRoll | None = None
    product: KnownProduct | None = None
    is_roll: bool = False
    is_lot: bool = False
    bound: tuple[Span, ...] = ()
    issued: tuple[Span, ...] = ()
    asleep: tuple[Span, ...] = ()
    active: tuple[Span, ...] = ()
    sold: tuple[Span, ...] = ()
    recalled: tuple[Span, ...] = ()
    tests: frozenset[str] = frozenset()
    tested_here: bool = False
    certified: bool = False
    maker_division: str | None = None
    has_held: bool = False
    counted: bool = False
