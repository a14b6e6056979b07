"""What was made of what, and what was packed into what."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.quantity import Amount, check_kg

Process = Literal["drying", "milling", "blending", "splitting", "steaming", "freezing", "cleaning", "packing"]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed(Event):
    """Lots went in, other lots came out; water that is added is told, so is what was lost."""

    kind: ClassVar[str] = "processed"

    process: Process
    inputs: tuple[Part, ...]
    outputs: tuple[Product, ...]
    loss_kg: Decimal = Decimal(0)
    water_kg: Decimal = Decimal(0)

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
    """Pack codes *first* to *first + count - 1* were issued against mass that is there."""

    kind: ClassVar[str] = "codes-issued"

    lot: str
    first: int
    count: int
    pack: Amount

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.first < 0 or not 0 < self.count <= 10_000_000 or self.pack.is_nothing:
            raise ValueError("codes are issued from an index, at least one, for packs that hold something")


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
