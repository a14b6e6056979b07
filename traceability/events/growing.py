"""What a grower plans and does on a plot besides inputs: the protocol of a season, and the work of a day."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import GROWERS

Work = Literal[
    "ploughing",
    "soaking-seed",
    "raising-seedlings",
    "transplanting",
    "sowing",
    "isolating",
    "irrigating",
    "draining",
    "weeding",
    "thinning",
    "shading",
    "mulching",
    "scouting",
    "making-bags",
    "inoculating",
    "incubating",
    "opening-bags",
    "watering",
    "sun-drying",
]
"""What is done on a plot and is neither an input nor a harvest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolAdopted(Event):
    """A grower will follow a protocol (技术规程) in a season, on some plots or for one of its products.

    *season* is the year of the harvest. The protocol is a list of steps of the rule set.
    """

    kind: ClassVar[str] = "protocol-adopted"

    protocol: str
    season: int
    plots: tuple[str, ...] = ()
    product: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.plots and self.product is None:
            raise ValueError("a protocol is followed on plots, or for a product")
        if len(set(self.plots)) != len(self.plots):
            raise ValueError("a protocol names each plot once")
        if not 2000 <= self.season <= 2999:
            raise ValueError("a season is a year")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWorked(Event):
    """A day's work on a plot: transplanting, weeding, opening the bags of a shed."""

    kind: ClassVar[str] = "field-worked"

    plot: str
    work: Work
    note: Private = private()


KINDS: tuple[type[Event], ...] = (ProtocolAdopted, FieldWorked)

MAY_STATE: dict[str, frozenset[str]] = {
    ProtocolAdopted.kind: GROWERS,
    FieldWorked.kind: GROWERS,
}
