"""What lies on a grower's shelf and no purchase or use explains: there before, returned, run out, spilt."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.field import Category
from traceability.events.roles import GROWERS

Why = Literal["had-before", "returned", "expired", "spilt", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputAdjusted(Event):
    """So much more (*change* > 0) or less of an input is on the shelf than its purchases and uses tell."""

    kind: ClassVar[str] = "input-adjusted"

    name: str
    category: Category
    change: Decimal
    unit: str
    why: Why
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.change == 0:
            raise ValueError("a change is more or less than nothing")
        if (self.why == "had-before") != (self.change > 0) and self.why != "other":
            raise ValueError("what was there before is more, what is gone is less")


KINDS: tuple[type[Event], ...] = (InputAdjusted,)

MAY_STATE: dict[str, frozenset[str]] = {InputAdjusted.kind: GROWERS}
