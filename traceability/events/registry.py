"""Who there is, what they make, and on which land."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import GROWERS, MAKERS, OFFICES
from traceability.quantity import Measure

Role = Literal[
    "operator",
    "regulator",
    "cooperative",
    "farm",
    "processor",
    "laboratory",
    "brand-owner",
    "carrier",
    "retailer",
    "market",
    "household",
    "enterprise",
    "certifier",
    "stall",
    "dealer",
]

Cultivation = Literal["garden", "forest"]
"""园参, planted in beds, or 林下参, left to grow under trees."""


_TOWNSHIP = re.compile(r"[0-9]{12}")


def check_township(township: str | None, division: str, *, personal: bool) -> None:
    """Raise `ValueError` unless *township* is a code of GB/T 10114 within *division*.

    County (6 digits), township (3), village (3). A village of a few families would tell whose farm it is, so
    where a person stands behind the record it names the township alone: its last three digits are 000.
    """
    if township is None:
        return
    if not _TOWNSHIP.fullmatch(township):
        raise ValueError("a township or village has the 12 digits of GB/T 10114")
    if not township.startswith(division.rstrip("0") if division.endswith("00") else division):
        raise ValueError("a township lies in its county")
    if personal and not township.endswith("000"):
        raise ValueError("the village of a person stays private: the code of the township ends with 000")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRegistered(Event):
    """An organisation takes part. A family farm's name is a person's and stays sealed.

    township         12 digits of GB/T 10114
    department       which office a regulator is (`departments.csv`)
    commodities      what it grows, makes or answers for
    market           the market in which a stall stands
    restricted       a dealer whose licence covers 限制使用农药
    permit           the number of the permit that its trade asks for, sealed as numbers of documents are
    """

    kind: ClassVar[str] = "party-registered"

    party: str
    role: Role
    division: str
    name: str | None = None
    private_name: Private = private()
    uscc: str | None = None
    laboratory_mark: str | None = None
    township: str | None = None
    department: str | None = None
    commodities: tuple[str, ...] = ()
    market: str | None = None
    restricted: bool = False
    permit: Private = private()
    representative: Private = private()
    contact: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if (self.name is None) == (self.private_name is None):
            raise ValueError("a party has either a public or a private name")
        check_township(self.township, self.division, personal=self.name is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixLicensed(Event):
    """A party holds the licence of a GS1 company prefix, and may number its products with it."""

    kind: ClassVar[str] = "prefix-licensed"

    party: str
    prefix: str
    document: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRegistered(Event):
    """A party makes a product. It has a GTIN only under a licensed prefix."""

    kind: ClassVar[str] = "product-registered"

    product: str
    name: str
    name_en: str | None = None
    commodity: str
    measure: Measure
    piece: str | None = None
    piece_kg: Decimal | None = None
    gtin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRegistered(Event):
    """A smallholder is a member of a cooperative; only a random id is public."""

    kind: ClassVar[str] = "member-registered"

    name: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotRegistered(Event):
    """A piece of land, or a shed of mushroom bags, that crops come from.

    *planted*: the year in which perennial plants were set. *gi*: the geographical indication that its grower
    counts it to. *high_standard*: whether it is 高标准农田, and under which (sealed) number.
    """

    kind: ClassVar[str] = "plot-registered"

    plot: str
    division: str
    commodity: str
    area_ha: Decimal | None = None
    bags: int | None = None
    planted: int | None = None
    place: Private = private()
    cultivation: Cultivation | None = None
    gi: str | None = None
    high_standard: bool | None = None
    high_standard_number: Private = private()
    township: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_township(self.township, self.division, personal=self.member is not None)
        if (self.area_ha is None) == (self.bags is None):
            raise ValueError("a plot has either an area or a number of bags")
        if (self.area_ha is not None and self.area_ha <= 0) or (self.bags is not None and self.bags <= 0):
            raise ValueError("a plot is more than nothing")
        if self.area_ha is not None and self.area_ha != round(self.area_ha, 2):
            raise ValueError("an area is told to 0.01 ha")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One reference table of a rule set: its name and the SHA-256 of its bytes, in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAdopted(Event):
    """From this entry on, events are judged by this rule set. Released sets are never edited."""

    kind: ClassVar[str] = "rules-adopted"

    version: str
    digest: str
    files: tuple[RuleFile, ...]


KINDS: tuple[type[Event], ...] = (
    PartyRegistered,
    PrefixLicensed,
    ProductRegistered,
    MemberRegistered,
    PlotRegistered,
    RulesAdopted,
)

MAY_STATE: dict[str, frozenset[str]] = {
    PartyRegistered.kind: OFFICES,
    PrefixLicensed.kind: OFFICES,
    ProductRegistered.kind: MAKERS,
    MemberRegistered.kind: GROWERS,
    PlotRegistered.kind: GROWERS,
    RulesAdopted.kind: OFFICES,
}
