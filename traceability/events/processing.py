"""What was made of what, and what was packed into what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import MAKERS, REGULATORS, TRADERS
from traceability.quantity import Amount, check_kg

Process = Literal[
    "drying",
    "milling",
    "blending",
    "splitting",
    "steaming",
    "freezing",
    "cleaning",
    "packing",
    "sorting",
    "washing",
    "husking",
    "trimming",
    "blanching",
    "cooling",
    "draining",
    "sealing",
    "sterilising",
    "hulling",
    "polishing",
    "colour-sorting",
    "shelling",
    "brushing",
    "crushing",
    "pressing",
    "extracting",
    "refining",
    "soaking",
    "fermenting",
    "distilling",
    "ageing",
    "bottling",
]
VoidCause = Literal["misprint", "damaged", "lost", "recall", "unused"]


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a lot."""

    lot: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Product:
    """So much of a new lot, of one of its maker's products."""

    lot: str
    product: str
    amount: Amount
    by_product: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UntracedReceived(Event):
    """Goods came in that nobody traced (来源未追溯); all that is made of them says so."""

    kind: ClassVar[str] = "untraced-received"

    lot: str
    product: str
    amount: Amount
    supplier: Private = private()
    told_origin: Private = private()


@dataclass(frozen=True, slots=True)
class StepTold:
    """A step of a process that was done, and when it began, where that is told."""

    process: Process
    began: datetime | None = None

    def __post_init__(self) -> None:
        if self.began is not None and self.began.utcoffset() != timedelta(0):
            raise ValueError("an instant is in UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed(Event):
    """Lots went in, other lots came out; water that is added is told, so is what was lost.

    *template*: the way of making that was followed, and *steps* what of it was done. The moistures are those
    of what went in and of what came out, in per cent of its weight.
    """

    kind: ClassVar[str] = "processed"

    process: Process
    inputs: tuple[Part, ...]
    outputs: tuple[Product, ...]
    loss_kg: Decimal = Decimal(0)
    water_kg: Decimal = Decimal(0)
    template: str | None = None
    steps: tuple[StepTold, ...] = ()
    moisture_before: Decimal | None = None
    moisture_after: Decimal | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_kg(self.loss_kg)
        check_kg(self.water_kg)
        if not self.inputs or not self.outputs:
            raise ValueError("a process has inputs and outputs")
        lots = [part.lot for part in self.inputs] + [made.lot for made in self.outputs]
        if len(set(lots)) != len(lots):
            raise ValueError("a process names each lot once")
        amounts = [part.amount for part in self.inputs] + [made.amount for made in self.outputs]
        if any(amount.is_nothing for amount in amounts):
            raise ValueError("each part of a process is more than nothing")
        moistures = [each for each in (self.moisture_before, self.moisture_after) if each is not None]
        if any(not 0 <= each < 100 for each in moistures):
            raise ValueError("a moisture is 0 to 100 per cent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed(Event):
    """Lots or containers were put into a container."""

    kind: ClassVar[str] = "packed"

    container: str
    parts: tuple[Part, ...] = ()
    containers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.parts and not self.containers:
            raise ValueError("something was packed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked(Event):
    """Lots or containers were taken out of a container; naming none empties it."""

    kind: ClassVar[str] = "unpacked"

    container: str
    parts: tuple[Part, ...] = ()
    containers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesIssued(Event):
    """Pack codes *first* to *first + count - 1* were issued against mass that is there.

    *asleep*: they count only once they are activated. With *roll* they stand on labels printed before, from
    blank code *roll_first* on.
    """

    kind: ClassVar[str] = "codes-issued"

    lot: str
    first: int
    count: int
    pack: Amount
    asleep: bool = False
    roll: str | None = None
    roll_first: int | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.first < 0 or not 0 < self.count <= 10_000_000 or self.pack.is_nothing:
            raise ValueError("codes are issued from an index, at least one, for packs that hold something")
        if (self.roll is None) != (self.roll_first is None) or (self.roll_first or 0) < 0:
            raise ValueError("blank codes are named by their roll and their first index")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesVoided(Event):
    """Pack codes count no longer: "not issued" is what a shopper reads."""

    kind: ClassVar[str] = "codes-voided"

    lot: str
    first: int
    count: int
    cause: VoidCause

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.first < 0 or self.count <= 0:
            raise ValueError("a range of codes has a first index and at least one code")


KINDS: tuple[type[Event], ...] = (UntracedReceived, Processed, Packed, Unpacked, CodesIssued, CodesVoided)

MAY_STATE: dict[str, frozenset[str]] = {
    UntracedReceived.kind: TRADERS,
    Processed.kind: MAKERS,
    Packed.kind: TRADERS,
    Unpacked.kind: TRADERS,
    CodesIssued.kind: MAKERS,
    CodesVoided.kind: MAKERS | REGULATORS,
}
