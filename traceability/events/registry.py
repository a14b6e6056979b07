"""Who there is, what they make, and on which land."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
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
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRegistered(Event):
    """An organisation takes part. A family farm's name is a person's and stays sealed."""

    kind: ClassVar[str] = "party-registered"

    party: str
    role: Role
    division: str
    name: str | None = None
    private_name: Private = private()
    uscc: str | None = None
    laboratory_mark: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if (self.name is None) == (self.private_name is None):
            raise ValueError("a party has either a public or a private name")


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
    """A piece of land, or a shed of mushroom bags, that crops come from."""

    kind: ClassVar[str] = "plot-registered"

    plot: str
    division: str
    commodity: str
    area_ha: Decimal | None = None
    bags: int | None = None
    planted: int | None = None
    place: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
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
