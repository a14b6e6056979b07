"""Certified bases (品牌原料生产基地): the only land that the raw material of some marks may come from.

base-certified    these plots grow raw material for a mark, so many kilograms a year at most
base-tested       soil or product of the base; a base that fails loses its title
base-withdrawn    the title is taken away
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.brands import Ground, check_name
from traceability.events.fact import Event, Private, private
from traceability.events.quality import Verdict
from traceability.events.roles import LABORATORIES, MAKERS, REGULATORS
from traceability.quantity import check_kg

Specimen = Literal["soil", "product"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCertified(Event):
    """A base is certified for a mark. Certified once more, it begins anew with what is told then."""

    kind: ClassVar[str] = "base-certified"

    base: str
    mark: str
    party: str
    division: str
    commodity: str
    plots: tuple[str, ...]
    area_ha: Decimal
    capacity_kg: Decimal
    since: date
    until: date
    certificate: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_name(self.base, self.mark)
        check_kg(self.capacity_kg)
        if not self.plots or len(set(self.plots)) != len(self.plots):
            raise ValueError("a base names its plots, each once")
        if self.area_ha <= 0 or self.area_ha != round(self.area_ha, 2):
            raise ValueError("an area is more than nothing, and told to 0.01 ha")
        if not self.capacity_kg or self.until < self.since:
            raise ValueError("a base can give something, and its title ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseTested(Event):
    """Soil or product of a base was tested; each is tested every year."""

    kind: ClassVar[str] = "base-tested"

    base: str
    specimen: Specimen
    sampled_on: date
    verdict: Verdict
    report: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseWithdrawn(Event):
    """A base has lost its title."""

    kind: ClassVar[str] = "base-withdrawn"

    base: str
    why: Ground
    note: Private = private()


KINDS: tuple[type[Event], ...] = (BaseCertified, BaseTested, BaseWithdrawn)

MAY_STATE: dict[str, frozenset[str]] = {
    "base-certified": MAKERS | REGULATORS,
    "base-tested": LABORATORIES | REGULATORS,
    "base-withdrawn": MAKERS | REGULATORS,
}
