"""Marks such as 吉林大米, who may put them on their goods, how much a season, and on which lots they stand.

    mark-registered      a mark of one of four levels: 公用背书 → 区域公用 → 企业 → 产品
    mark-retired         nobody bears it any longer
    admission-assessed   how a product measures up to what a mark asks
    licence-granted      a party may bear the mark on its products: tonnes a season, from day to day
    licence-suspended, licence-resumed, licence-revoked
    mark-applied         so much of a lot bears the mark
    season-basis-set     the area, yield and outturn that a season of the mark rests on

A licence leans on another (`under`): whoever answers for 舒兰大米 bears 吉林大米 by a licence of its own, and
what it grants ends where that one ends.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import MAKERS, REGULATORS
from traceability.quantity import Amount, check_kg

Tier = Literal["endorsement", "regional", "enterprise", "product"]
Yardstick = Literal["tests", "protocol", "trace"]
Ground = Literal[
    "failed-test", "over-quota", "base-lost", "misuse", "false-record", "corrected", "voluntary", "other"
]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def check_name(*names: str | None) -> None:
    """Raise `ValueError` unless each is the name of a mark, a licence, a base: "jilin-rice", "2026-04"."""
    for name in names:
        if name is not None and not _NAME.fullmatch(name):
            raise ValueError(f"a name is of small letters, digits and hyphens: {name}")


TIERS: tuple[Tier, ...] = ("endorsement", "regional", "enterprise", "product")
"""From the mark that stands behind all to that of a single product."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a mark measures, how much it weighs, and the least that must be reached, in per cent."""

    yardstick: Yardstick
    weight: int
    least: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.weight <= 100 or not 0 <= self.least <= 100:
            raise ValueError("a weight is 1 to 100, a least score 0 to 100")


@dataclass(frozen=True, slots=True)
class Trademark:
    """Where a mark is registered as a trademark: the registry ("CN", "WIPO"), the number, the classes."""

    registry: str
    trademark: str
    classes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRegistered(Event):
    """A mark, whose it is, what may bear it, and where that must have grown.

    *season_month*: the month on whose first day a season of the mark begins. *from_bases*: its goods are made
    of what certified bases grew, and of nothing else. *gi*: the geographical indication that it stands for.
    """

    kind: ClassVar[str] = "mark-registered"

    mark: str
    tier: Tier
    name: str
    name_en: str | None = None
    owner: str
    above: str | None = None
    commodities: tuple[str, ...]
    divisions: tuple[str, ...]
    criteria: tuple[Criterion, ...] = ()
    threshold: int | None = None
    season_month: int = 9
    from_bases: bool = False
    gi: str | None = None
    trademarks: tuple[Trademark, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_name(self.mark, self.above)
        if (self.above is None) != (self.tier == "endorsement"):
            raise ValueError("every mark but an endorsement has a parent")
        if not self.commodities or not self.divisions:
            raise ValueError("a mark names what may bear it and where that grows")
        if not 1 <= self.season_month <= 12:
            raise ValueError("a month is 1 to 12")
        _check_criteria(self.criteria, self.threshold)


def _check_criteria(criteria: tuple[Criterion, ...], threshold: int | None) -> None:
    if bool(criteria) != (threshold is not None):
        raise ValueError("criteria come with a threshold")
    if threshold is not None and not 0 < threshold <= 100:
        raise ValueError("a threshold is 1 to 100")
    if criteria and sum(each.weight for each in criteria) != 100:
        raise ValueError("the weights add up to 100")
    if len({each.yardstick for each in criteria}) != len(criteria):
        raise ValueError("each yardstick stands once")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRetired(Event):
    """A mark ends: from this day nothing bears it."""

    kind: ClassVar[str] = "mark-retired"

    mark: str
    why: Ground
    note: Private = private()


@dataclass(frozen=True, slots=True)
class Score:
    """What was found for one yardstick, in whole per cent, out of how many cases."""

    yardstick: Yardstick
    percent: int
    counted: int

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100 or self.counted < 0:
            raise ValueError("a score is 0 to 100 of a number of cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionAssessed(Event):
    """A party's product was measured against what a mark asks."""

    kind: ClassVar[str] = "admission-assessed"

    mark: str
    party: str
    product: str
    scores: tuple[Score, ...]
    report: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if len({each.yardstick for each in self.scores}) != len(self.scores):
            raise ValueError("each yardstick stands once")


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceGranted(Event):
    """A party may bear a mark on these of its products, so many tonnes a season, from *since* to *until*.

    *under*: the licence for the parent mark that it leans on. *assessment*: the statement that admitted it.
    """

    kind: ClassVar[str] = "licence-granted"

    licence: str
    mark: str
    party: str
    products: tuple[str, ...] = ()
    quota_t: Decimal
    since: date
    until: date
    under: str | None = None
    assessment: str | None = None
    contract: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_name(self.licence, self.mark, self.under)
        if self.quota_t <= 0:
            raise ValueError("a quota is more than nothing")
        check_kg(self.quota_t * 1000)
        if self.until < self.since:
            raise ValueError("a licence ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceSuspended(Event):
    """A licence does not count until it is resumed."""

    kind: ClassVar[str] = "licence-suspended"

    licence: str
    why: Ground
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceResumed(Event):
    """A suspended licence counts again."""

    kind: ClassVar[str] = "licence-resumed"

    licence: str
    why: Ground
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRevoked(Event):
    """A licence has ended, and does not come back."""

    kind: ClassVar[str] = "licence-revoked"

    licence: str
    why: Ground
    note: Private = private()


@dataclass(frozen=True, slots=True)
class BaseShare:
    """How many kilograms of raw material came from one certified base."""

    base: str
    raw_kg: Decimal

    def __post_init__(self) -> None:
        check_kg(self.raw_kg)
        if not self.raw_kg:
            raise ValueError("a share of a base is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkApplied(Event):
    """So much of a lot bears a mark, by this licence; where the mark asks for it, from these bases."""

    kind: ClassVar[str] = "mark-applied"

    lot: str
    mark: str
    licence: str
    amount: Amount
    bases: tuple[BaseShare, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.amount.is_nothing:
            raise ValueError("a mark stands on more than nothing")
        if len({each.base for each in self.bases}) != len(self.bases):
            raise ValueError("each base stands once")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonBasisSet(Event):
    """What one division can give for a mark in a season: area × yield × outturn. The latest counts."""

    kind: ClassVar[str] = "season-basis-set"

    mark: str
    season: int
    commodity: str
    division: str
    area_ha: Decimal
    yield_kg_ha: Decimal
    outturn_percent: Decimal

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not 2000 <= self.season <= 2999:
            raise ValueError("a season is named by the year in which it begins")
        if self.area_ha <= 0 or self.yield_kg_ha <= 0:
            raise ValueError("an area and a yield are more than nothing")
        if not 0 < self.outturn_percent <= 100:
            raise ValueError("an outturn is more than 0 and at most 100 per cent")


KINDS: tuple[type[Event], ...] = (
    MarkRegistered,
    MarkRetired,
    AdmissionAssessed,
    LicenceGranted,
    LicenceSuspended,
    LicenceResumed,
    LicenceRevoked,
    MarkApplied,
    SeasonBasisSet,
)

_OWNERS = MAKERS | REGULATORS

MAY_STATE: dict[str, frozenset[str]] = {
    "mark-registered": _OWNERS,
    "mark-retired": _OWNERS,
    "admission-assessed": _OWNERS,
    "licence-granted": _OWNERS,
    "licence-suspended": _OWNERS,
    "licence-resumed": _OWNERS,
    "licence-revoked": _OWNERS,
    "mark-applied": MAKERS,
    "season-basis-set": _OWNERS,
}
