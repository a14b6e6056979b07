"""What was done to a crop, and what was harvested."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.quantity import Amount

Category = Literal["pesticide", "fertiliser", "seed", "substrate", "other"]
Method = Literal["spray", "seed-coating", "soil", "trap", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputBought(Event):
    """Seed, fertiliser or pesticide came from a dealer (农药管理条例, art. 36)."""

    kind: ClassVar[str] = "input-bought"

    name: str
    category: Category
    amount: Decimal
    unit: str
    registration: str | None = None
    maker: str | None = None
    dealer: Private = private()
    invoice: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.amount <= 0:
            raise ValueError("an input is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated(Event):
    """A plot was treated with a pesticide. Days and registration stand on the product's label."""

    kind: ClassVar[str] = "treated"

    plot: str
    name: str
    substances: tuple[str, ...]
    registration: str | None = None
    maker: str | None = None
    interval_days: int | None = None
    label_photo: Private = private()
    method: Method = "spray"
    dose: Decimal | None = None
    dose_unit: str | None = None
    target: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.substances:
            raise ValueError("a pesticide has at least one active substance")
        if self.interval_days is not None and not 0 <= self.interval_days <= 400:
            raise ValueError("an interval is 0 to 400 days")
        if self.dose is not None and self.dose <= 0:
            raise ValueError("a dose is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputApplied(Event):
    """Seed, fertiliser or another input that is no pesticide was used on a plot."""

    kind: ClassVar[str] = "input-applied"

    plot: str
    name: str
    category: Category
    amount: Decimal
    unit: str

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.amount <= 0:
            raise ValueError("an input is more than nothing")


@dataclass(frozen=True, slots=True)
class PlotShare:
    """How much of a harvest came from one plot."""

    plot: str
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvested(Event):
    """A lot is born on one or several plots."""

    kind: ClassVar[str] = "harvested"

    lot: str
    product: str
    amount: Amount
    plots: tuple[PlotShare, ...]
    variety: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.plots:
            raise ValueError("a harvest names its plots")
        if len({share.plot for share in self.plots}) != len(self.plots):
            raise ValueError("a harvest names each plot once")
        if self.amount.is_nothing:
            raise ValueError("a harvest is more than nothing")
        if self.amount.kg is not None:
            parts = sum(share.amount.kg or Decimal(0) for share in self.plots)
            agree = parts == self.amount.kg
        else:
            agree = sum(share.amount.pieces or 0 for share in self.plots) == self.amount.pieces
        if not agree:
            raise ValueError("the parts of the plots add up to the harvest")
