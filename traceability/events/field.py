"""What was done to a crop, and what was harvested."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import GROWERS
from traceability.quantity import Amount

LONGEST_DAYS = 400
"""No label has a longer pre-harvest interval, so an older spray holds nothing back."""

Category = Literal["pesticide", "fertiliser", "seed", "substrate", "other"]
Method = Literal["spray", "seed-coating", "soil", "trap", "other"]
SoldAs = Literal["food", "medicine"]


Against = Literal["insects", "mites", "diseases", "weeds", "rodents", "growth", "other"]
"""What a pesticide is used against (防治对象), in one clear word; the free text beside it stays sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputBought(Event):
    """Seed, fertiliser or pesticide came from a dealer (农药管理条例, art. 36).

    What stands on the label is told once, here: *label_code* (of a pesticide the 32 digits of 公告2579, of
    seed the code of the smallest sales unit), *batch* and *expiry*, active substances, the pre-harvest
    interval, and the most that may be used at once (*dose_most* in *dose_unit*). *licensed_dealer*: a licence
    for 限制使用农药 was shown by the dealer.
    """

    kind: ClassVar[str] = "input-bought"

    name: str
    category: Category
    amount: Decimal
    unit: str
    registration: str | None = None
    maker: str | None = None
    dealer: Private = private()
    invoice: Private = private()
    label_code: str | None = None
    variety: str | None = None
    batch: str | None = None
    expiry: date | None = None
    substances: tuple[str, ...] = ()
    interval_days: int | None = None
    dose_most: Decimal | None = None
    dose_unit: str | None = None
    licensed_dealer: bool = False

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.amount <= 0:
            raise ValueError("an input is more than nothing")
        if self.interval_days is not None and not 0 <= self.interval_days <= LONGEST_DAYS:
            raise ValueError("an interval is 0 to 400 days")
        if (self.dose_most is None) != (self.dose_unit is None):
            raise ValueError("the most that may be used has a number and a unit")
        if self.dose_most is not None and self.dose_most <= 0:
            raise ValueError("a dose is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated(Event):
    """A plot was treated with a pesticide. Days and registration stand on the product's label.

    *amount* in *unit* is how much of the product was used up, *last_on* the last day of a treatment that took
    several, *applied_by* who did it.
    """

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
    against: Against | None = None
    label_code: str | None = None
    amount: Decimal | None = None
    unit: str | None = None
    last_on: date | None = None
    applied_by: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.substances:
            raise ValueError("a pesticide has at least one active substance")
        if self.interval_days is not None and not 0 <= self.interval_days <= LONGEST_DAYS:
            raise ValueError("an interval is 0 to 400 days")
        if self.dose is not None and self.dose <= 0:
            raise ValueError("a dose is more than nothing")
        if (self.amount is None) != (self.unit is None):
            raise ValueError("what was used up has a number and a unit")
        if self.amount is not None and self.amount <= 0:
            raise ValueError("an input is more than nothing")
        if self.last_on is not None and self.last_on < self.day:
            raise ValueError("a treatment does not end before it begins")

    @property
    def last_day(self) -> date:
        """The legal day on which it ended: intervals are counted from it."""
        return self.last_on or self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class InputApplied(Event):
    """Seed, fertiliser or another input that is no pesticide was used on a plot."""

    kind: ClassVar[str] = "input-applied"

    plot: str
    name: str
    category: Category
    amount: Decimal
    unit: str
    label_code: str | None = None
    applied_by: Private = private()

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
    """A lot is born on one or several plots. *sold_as*: what ginseng is grown for, if told."""

    kind: ClassVar[str] = "harvested"

    lot: str
    product: str
    amount: Amount
    plots: tuple[PlotShare, ...]
    variety: str | None = None
    sold_as: SoldAs | None = None
    instrument: str | None = None

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


KINDS: tuple[type[Event], ...] = (InputBought, Treated, InputApplied, Harvested)

MAY_STATE: dict[str, frozenset[str]] = {
    InputBought.kind: GROWERS,
    Treated.kind: GROWERS,
    InputApplied.kind: GROWERS,
    Harvested.kind: GROWERS,
}
