"""Parties, products, plots, lots, shipments and statements as earlier entries leave them.

Amounts are in the measure that the lot's product declares: kilograms, or pieces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from traceability.events import Event
from traceability.quantity import Measure


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A registered organisation; its *prefixes* are told where numbers are given out alone."""

    party: str
    role: str
    division: str
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A registered product of a party."""

    party: str
    product: str
    commodity: str
    measure: Measure
    piece_kg: Decimal | None = None
    gtin: str | None = None


@dataclass(frozen=True, slots=True)
class PastTreatment:
    """A pesticide treatment of a plot that is not void."""

    index: int
    plot: str
    name: str
    substances: tuple[str, ...]
    day: date
    interval_days: int | None
    registration: str | None


@dataclass(frozen=True, slots=True)
class PastHarvest:
    """A harvest of a plot that is not void; *amount* is the plot's part."""

    index: int
    lot: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class KnownPlot:
    """A plot with what was done on it; *reaped* is what it gave in the event's calendar year, by measure."""

    plot: str
    party: str
    commodity: str
    division: str
    area_ha: Decimal | None
    bags: int | None
    planted: int | None
    treatments: tuple[PastTreatment, ...] = ()
    harvests: tuple[PastHarvest, ...] = ()
    cultivation: str | None = None
    reaped: Mapping[Measure, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownLot:
    """A lot as the recorded, not void events leave it.

    *born* and *consumed* (by processes) are totals; *coded* is what issued, not voided codes stand for;
    *stock* is what each party holds; *last* is the latest claimed time of an event of the lot;
    *issues* are the ranges (first, count) of codes that are issued and not void; *measure* is how it is
    counted.
    """

    lot: str
    product: KnownProduct | None
    maker: str | None
    born: Decimal = Decimal(0)
    consumed: Decimal = Decimal(0)
    coded: Decimal = Decimal(0)
    stock: Mapping[str, Decimal] = field(default_factory=dict)
    born_at: datetime | None = None
    last: datetime | None = None
    holds: tuple[str, ...] = ()
    recalled: bool = False
    failed: bool = False
    untraced: bool = False
    next_code: int = 0
    issues: tuple[tuple[int, int], ...] = ()
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class PastShipment:
    """A shipment that a receiver may confirm."""

    statement: str
    by: str
    at: datetime
    handover: str
    parts: tuple[tuple[str, Decimal], ...]
    received_by: str | None = None


@dataclass(frozen=True, slots=True)
class PastStatement:
    """An earlier statement, as a later one may name it."""

    digest: str
    index: int
    by: str
    event: Event
    void: bool
    claimed_by: str | None = None
    flags: tuple[str, ...] = ()
