"""What rules may know of journeys, of how goods are to be kept, and of how long a record is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PastLeg:
    """A carrier took a shipment over, or set it down."""

    by: str
    stage: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastJourney:
    """A shipment that a carrier or a logger names: what is in it, and who had it so far."""

    shipment: str
    by: str
    at: datetime
    carriage: str | None
    lots: tuple[str, ...]
    legs: tuple[PastLeg, ...] = ()
    received_by: str | None = None


@dataclass(frozen=True, slots=True)
class PastKeeping:
    """What the maker of a product declared of how it is kept in one form."""

    form: str
    lowest: Decimal | None
    highest: Decimal | None
    tolerated_minutes: int


@dataclass(frozen=True, slots=True)
class KeptGoods:
    """A lot whose temperature was logged: what it is, who has had it, and how its maker keeps it."""

    lot: str
    commodity: str | None
    holders: frozenset[str] = frozenset()
    keepings: tuple[PastKeeping, ...] = ()


@dataclass(frozen=True, slots=True)
class PastRecord:
    """The statement an erasure is about: its author's role, and the last day of its goods' shelf life."""

    role: str | None
    shelf_ends: date | None = None


@dataclass(frozen=True, slots=True)
class MovingPast:
    """What the rules of moving know; *counterparty_of* is who noted the named counterparty first."""

    journey: PastJourney | None = None
    goods: Mapping[str, KeptGoods] = field(default_factory=dict)
    counterparty_of: str | None = None
    record: PastRecord | None = None
