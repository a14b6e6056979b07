"""How goods travel and are kept: who carried them, how cold they were, and who is outside this ledger.

    counterparty-noted    a customer or supplier that has no account here: sealed, but for kind and division
    keeping-declared      how warm a product may get and how long it keeps, in the words of its maker
    carried               a carrier took a shipment over, or set it down
    temperature-logged    a logger's readings, or their digest with what was too warm or too cold

A carrier proves itself by the *carriage* word of the delivery note, as a receiver does by the handover word.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import MAKERS, TRADERS
from traceability.quantity import Amount

Stage = Literal["taken-over", "delivered"]
Form = Literal["ambient", "chilled", "frozen"]
CounterpartyKind = Literal[
    "enterprise", "wholesaler", "market", "retailer", "caterer", "institution", "household", "abroad"
]
HowDifferent = Literal["short", "damaged", "over"]

MOST_READINGS = 4000
"""So many readings fit in an entry of 65,535 bytes with room to spare; a longer series is kept outside."""

MOST_EXCURSIONS = 200

COLDEST, WARMEST = Decimal(-90), Decimal(90)
"""What a logger for food can read at all, in degrees Celsius."""

_DIVISION = re.compile("[0-9]{6}")
_COUNTRY = re.compile("[A-Z]{2}")
_DIGEST = re.compile("[0-9a-f]{64}")
_RANDOM = re.compile("[0-9a-hjkmnp-tv-z]{26}")


def check_division(division: str | None) -> None:
    """Raise `ValueError` unless *division* is absent or six figures, as GB/T 2260 has them."""
    if division is not None and not _DIVISION.fullmatch(division):
        raise ValueError("a division has six figures")


def check_country(country: str | None) -> None:
    """Raise `ValueError` unless *country* is absent or two capitals, as ISO 3166-1 has them."""
    if country is not None and not _COUNTRY.fullmatch(country):
        raise ValueError("a country has two capital letters")


def check_random(name: str) -> None:
    """Raise `ValueError` unless *name* is a random id: 26 symbols of Crockford's base32, 130 bits."""
    if not _RANDOM.fullmatch(name):
        raise ValueError("a random id has 26 symbols")


def _in_utc(at: datetime) -> bool:
    return at.tzinfo is not None and at.utcoffset() == timedelta(0)


def check_degrees(*degrees: Decimal | None) -> None:
    """Raise `ValueError` unless each of *degrees* is absent, or a temperature that a logger can read."""
    for each in degrees:
        if each is not None and not COLDEST <= each <= WARMEST:
            raise ValueError("a temperature is between -90 and 90 degrees Celsius")


@dataclass(frozen=True, slots=True)
class Difference:
    """So much of a lot did not come, came spoilt, or came beyond what the delivery note says.

    What is short or damaged is not received; what is over is put right by its sender, for no receipt makes
    goods.
    """

    lot: str
    how: HowDifferent
    amount: Amount

    def __post_init__(self) -> None:
        if self.amount.is_nothing:
            raise ValueError("a difference is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartyNoted(Event):
    """Somebody outside this ledger whom the author trades with (食品安全法 art. 50: name, address, contact).

    Shipments and untraced receipts name it by its random id, in sealed fields alone.
    """

    kind: ClassVar[str] = "counterparty-noted"

    counterparty: str
    counterparty_kind: CounterpartyKind
    division: str | None = None
    country: str | None = None
    name: Private = private()
    address: Private = private()
    contact: Private = private()
    document: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_random(self.counterparty)
        check_division(self.division)
        check_country(self.country)
        if (self.counterparty_kind == "abroad") != (self.country is not None):
            raise ValueError("who is abroad has a country, and nobody else has")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingDeclared(Event):
    """The maker says at which temperatures one of its products is kept, and for how many days.

    *tolerated_minutes* is the longest that a reading outside the range may last.
    """

    kind: ClassVar[str] = "keeping-declared"

    product: str
    form: Form
    lowest: Decimal | None = None
    highest: Decimal | None = None
    tolerated_minutes: int = 0
    shelf_life_days: int | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_degrees(self.lowest, self.highest)
        if self.lowest is None and self.highest is None and self.shelf_life_days is None:
            raise ValueError("a temperature or a shelf life is declared")
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            raise ValueError("the lowest temperature is not above the highest")
        if not 0 <= self.tolerated_minutes <= 1440:
            raise ValueError("no more than a day outside the range is tolerated")
        if self.shelf_life_days is not None and not 0 < self.shelf_life_days <= 36_500:
            raise ValueError("a shelf life is one day to a hundred years")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried(Event):
    """A carrier took a shipment over from its sender, or set it down where it was to go.

    *lots* are those of the shipment; *token* is the carriage word of the delivery note; *seal_intact* is told
    when goods are set down.
    """

    kind: ClassVar[str] = "carried"

    shipment: str
    stage: Stage
    lots: tuple[str, ...] = ()
    token: str | None = None
    seal_intact: bool | None = None
    vehicle: Private = private()
    seal: Private = private()
    place: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not _DIGEST.fullmatch(self.shipment):
            raise ValueError("a shipment is named by the digest of its statement")
        if self.stage == "taken-over" and self.seal_intact is not None:
            raise ValueError("whether a seal is whole is told when goods are set down")


@dataclass(frozen=True, slots=True)
class Excursion:
    """A stretch outside a range: its first and its last reading, and the one furthest out."""

    start: datetime
    end: datetime
    extreme: Decimal

    def __post_init__(self) -> None:
        check_degrees(self.extreme)
        if not _in_utc(self.start) or not _in_utc(self.end) or self.end < self.start:
            raise ValueError("an excursion ends when it began, or later")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureLogged(Event):
    """What a logger read beside goods on their way or in a store: every reading, or what stood out of a file.

    A series begins at *start* and has a reading each *step_seconds*. Of a file that is too big only the
    digest is named (sealed), with the lowest and highest reading, how many there are, and what its sender
    calls excursions.
    """

    kind: ClassVar[str] = "temperature-logged"

    form: Form
    lots: tuple[str, ...]
    shipment: str | None = None
    start: datetime
    step_seconds: int
    readings: tuple[Decimal, ...] = ()
    count: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    excursions: tuple[Excursion, ...] = ()
    instrument: str | None = None
    file: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.lots or len(set(self.lots)) != len(self.lots):
            raise ValueError("a series is of goods, and names each lot once")
        if not _in_utc(self.start) or not 1 <= self.step_seconds <= 86_400:
            raise ValueError("a series has a start and a step of a second to a day")
        check_degrees(*self.readings, self.minimum, self.maximum)
        self._check_length()
        if self.ended > self.at + timedelta(minutes=5):
            raise ValueError("a series is over when it is told")

    def _check_length(self) -> None:
        if self.readings:
            if len(self.readings) > MOST_READINGS or (self.count, self.minimum, self.maximum) != (None,) * 3:
                raise ValueError("a series has its readings, not too many, or their summary")
            if self.excursions:
                raise ValueError("excursions of a series follow from its readings")
            return
        if self.count is None or self.minimum is None or self.maximum is None or self.file is None:
            raise ValueError("a summary has a file, a count, a minimum and a maximum")
        if not 0 < self.count <= 10_000_000 or self.minimum > self.maximum:
            raise ValueError("a summary has readings, the lowest no higher than the highest")
        if len(self.excursions) > MOST_EXCURSIONS:
            raise ValueError("a summary has no more than 200 excursions")

    @property
    def length(self) -> int:
        """Return how many readings there are."""
        return len(self.readings) or self.count or 0

    @property
    def ended(self) -> datetime:
        """Return the time of the last reading."""
        return self.start + timedelta(seconds=self.step_seconds * (self.length - 1))


KINDS: tuple[type[Event], ...] = (CounterpartyNoted, KeepingDeclared, Carried, TemperatureLogged)

MAY_STATE: dict[str, frozenset[str]] = {
    CounterpartyNoted.kind: TRADERS,
    KeepingDeclared.kind: MAKERS,
    Carried.kind: frozenset({"carrier"}),
    TemperatureLogged.kind: TRADERS,
}
