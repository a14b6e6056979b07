"""A sample, its result, an objection, a re-test; and which laboratories and instruments may be relied on.

    sampled               who took what of which lot, for which purpose, and where it goes
    inspected             (quality) what the laboratory found; it names the sample
    result-notified       the sampled party is told; its time to object begins
    objected              the sampled party does not accept the result
    retest-ordered        another laboratory tests again, by a day that is told
    laboratory-accredited CMA or CATL, with number, validity and the analytes of its annex
    accreditation-changed suspended, resumed, withdrawn
    instrument-registered a scale, a moisture meter, an instrument of a laboratory
    calibrated            where its measure comes from, and until when (量值溯源)

A term is told as a day, because the calendar of working days is learnt year by year: what was told stands.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.quality import Purpose
from traceability.events.roles import ALL, LABORATORIES, REGULATORS, TRADERS
from traceability.quantity import Amount

ProductClass = Literal["agricultural", "manufactured", "consumer", "food"]
"""Which target a sampling counts for: 97 % (routine, agricultural), 92 %, 90 % and 94 %."""

AccreditationScheme = Literal["CMA", "CATL", "CNAS"]
AccreditationState = Literal["suspended", "resumed", "withdrawn"]
InstrumentType = Literal[
    "scale", "moisture-meter", "thermometer", "laboratory-instrument", "rapid-tester", "other"
]
Calibration = Literal["passed", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled(Event):
    """A sample of one lot was taken and sealed; *ordered_by* is the office whose sampling it is.

    Where somebody else states it, it is official once that office has confirmed it or a report of it.
    """

    kind: ClassVar[str] = "sampled"

    lot: str
    sample: str
    purpose: Purpose
    product_class: ProductClass
    commodity: str
    division: str
    amount: Amount
    laboratory: str | None = None
    ordered_by: str | None = None
    plan: str | None = None
    draw: str | None = None
    place: Private = private()
    samplers: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not (self.division.isascii() and self.division.isdigit() and len(self.division) in {6, 9, 12}):
            raise ValueError("a division has 6 digits, a township 9, a village 12")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultNotified(Event):
    """The sampled party is told a result; *until* is the last day to object, absent for a rapid test."""

    kind: ClassVar[str] = "result-notified"

    inspection: str
    party: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objected(Event):
    """The sampled party objects to a result, and asks for another test."""

    kind: ClassVar[str] = "objected"

    inspection: str
    reason: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetestOrdered(Event):
    """An office lets another laboratory test the kept sample, and tells by which day."""

    kind: ClassVar[str] = "retest-ordered"

    objection: str
    laboratory: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryAccredited(Event):
    """A laboratory may issue results under this number; *analytes* are those of its annex, none: not told."""

    kind: ClassVar[str] = "laboratory-accredited"

    party: str
    scheme: AccreditationScheme
    number: str
    since: date
    until: date
    analytes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.until < self.since:
            raise ValueError("an accreditation ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationChanged(Event):
    """From this day an accreditation is suspended, in force again, or withdrawn."""

    kind: ClassVar[str] = "accreditation-changed"

    accreditation: str
    new_state: AccreditationState
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRegistered(Event):
    """A party has an instrument, and records with it."""

    kind: ClassVar[str] = "instrument-registered"

    instrument: str
    instrument_type: InstrumentType
    range: str | None = None
    serial_number: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated(Event):
    """An instrument was compared with a standard (检定 or 校准); it is due again on *due*."""

    kind: ClassVar[str] = "calibrated"

    instrument: str
    institution: str
    conclusion: Calibration
    due: date
    document: Private = private()
    report: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.due <= self.day:
            raise ValueError("the next calibration is due after this one")


KINDS: tuple[type[Event], ...] = (
    Sampled,
    ResultNotified,
    Objected,
    RetestOrdered,
    LaboratoryAccredited,
    AccreditationChanged,
    InstrumentRegistered,
    Calibrated,
)

_CERTIFIERS = REGULATORS | {"certifier"}

MAY_STATE: dict[str, frozenset[str]] = {
    Sampled.kind: TRADERS | LABORATORIES | REGULATORS,
    ResultNotified.kind: LABORATORIES | REGULATORS,
    Objected.kind: TRADERS,
    RetestOrdered.kind: REGULATORS,
    LaboratoryAccredited.kind: _CERTIFIERS,
    AccreditationChanged.kind: _CERTIFIERS,
    InstrumentRegistered.kind: ALL,
    Calibrated.kind: ALL,
}
