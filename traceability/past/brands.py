"""Marks, licences and certified bases as earlier entries leave them, and whether they count on a day.

A season of a mark is named by the year in which it begins: with September as its month, the 3rd of February
2027 lies in the season 2026.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from traceability.events.brands import Criterion, Score, Tier
from traceability.events.quality import Verdict

Stop = Literal["not-yet", "expired", "suspended", "revoked", "retired", "overdrawn"]
"""Why a licence does not count on a day."""

BaseStop = Literal["not-yet", "expired", "withdrawn", "test-failed", "soil-untested", "product-untested"]
"""Why a base has no title on a day."""

TESTED_EVERY = timedelta(days=366)
"""A base is tested every year; a leap year is one."""


def season_of(day: date, month: int) -> int:
    """Return the season that *day* lies in, where seasons begin with *month*."""
    return day.year if day.month >= month else day.year - 1


@dataclass(frozen=True, slots=True)
class KnownMark:
    """A mark as it was last registered; *retired_on* is the first day on which it is none."""

    mark: str
    tier: Tier
    name: str
    name_en: str | None
    owner: str
    above: str | None
    commodities: frozenset[str]
    divisions: frozenset[str]
    criteria: tuple[Criterion, ...] = ()
    threshold: int | None = None
    season_month: int = 9
    from_bases: bool = False
    gi: str | None = None
    retired_on: date | None = None

    def season(self, day: date) -> int:
        """Return the season of this mark that *day* lies in."""
        return season_of(day, self.season_month)

    def is_retired(self, day: date) -> bool:
        """Tell whether nothing bears the mark on *day* any longer."""
        return self.retired_on is not None and self.retired_on <= day

    def total(self, scores: Iterable[Score]) -> Decimal | None:
        """Return the weighted score in per cent; None where a yardstick was not measured, or on nothing."""
        found = {each.yardstick: each for each in scores if each.counted}
        if any(each.yardstick not in found for each in self.criteria):
            return None
        points = sum(each.weight * found[each.yardstick].percent for each in self.criteria)
        return Decimal(points) / 100

    def admits(self, scores: Iterable[Score]) -> bool:
        """Tell whether *scores* reach the threshold, and each of them the least that the mark asks."""
        told = tuple(scores)
        total, found = self.total(told), {each.yardstick: each.percent for each in told}
        if self.threshold is None:
            return True
        enough = all(found.get(each.yardstick, 0) >= each.least for each in self.criteria)
        return total is not None and total >= self.threshold and enough


@dataclass(frozen=True, slots=True)
class Change:
    """A licence was suspended, resumed or revoked on a day."""

    what: Literal["suspended", "resumed", "revoked"]
    day: date
    ground: str


@dataclass(frozen=True, slots=True)
class KnownLicence:
    """A licence as it was granted, and what became of it; *used_kg* is told of the season that was asked."""

    licence: str
    mark: str
    party: str
    products: frozenset[str]
    quota_kg: Decimal
    since: date
    until: date
    under: str | None
    changes: tuple[Change, ...] = ()
    used_kg: Decimal = Decimal(0)

    def stopped(self, day: date) -> Stop | None:
        """Return why the licence itself does not count on *day*; None where it does."""
        past = [each for each in self.changes if each.day <= day]
        if any(each.what == "revoked" for each in past):
            return "revoked"
        if day < self.since:
            return "not-yet"
        if day > self.until:
            return "expired"
        # In order of days, and of entries on one day.
        latest = sorted(past, key=lambda each: each.day)[-1:]
        return "suspended" if latest and latest[0].what == "suspended" else None

    @property
    def left_kg(self) -> Decimal:
        """How much of the season's quota is left; less than nothing where it was overdrawn."""
        return self.quota_kg - self.used_kg


@dataclass(frozen=True, slots=True)
class KnownTest:
    """A test of a base."""

    specimen: Literal["soil", "product"]
    sampled_on: date
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class KnownBase:
    """A base as it was last certified, the tests since then, and what was taken of it in the season asked."""

    base: str
    mark: str
    party: str
    division: str
    commodity: str
    plots: frozenset[str]
    area_ha: Decimal
    capacity_kg: Decimal
    since: date
    until: date
    tests: tuple[KnownTest, ...] = ()
    withdrawn_on: date | None = None
    used_kg: Decimal = Decimal(0)

    def stopped(self, day: date) -> BaseStop | None:
        """Return why the base has no title on *day*; None where it has."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return "withdrawn"
        if day < self.since:
            return "not-yet"
        if day > self.until:
            return "expired"
        done = [each for each in self.tests if self.since <= each.sampled_on <= day]
        # A failing base loses the title until it is certified once more.
        if any(each.verdict == "non-conformant" for each in done):
            return "test-failed"
        return self._untested(day, done)

    def _untested(self, day: date, done: list[KnownTest]) -> BaseStop | None:
        soil = max((each.sampled_on for each in done if each.specimen == "soil"), default=self.since)
        if day - soil > TESTED_EVERY:
            return "soil-untested"
        product = max((each.sampled_on for each in done if each.specimen == "product"), default=self.since)
        return "product-untested" if day - product > TESTED_EVERY else None


@dataclass(frozen=True, slots=True)
class OriginPart:
    """A part of a lot: how it came to be, and the plot that it grew on where one is told."""

    lot: str
    how: str
    plot: str | None = None
    division: str | None = None
    commodity: str | None = None
    gi: str | None = None
    grew_until: date | None = None


@dataclass(frozen=True, slots=True)
class KnownAdmission:
    """A statement of how a product measured up to a mark."""

    digest: str
    mark: str
    party: str
    product: str
    scores: tuple[Score, ...]
    day: date


@dataclass(frozen=True, slots=True)
class KnownRight:
    """A right to use a geographical indication, without the part of it that was withdrawn."""

    gi: str
    party: str
    products: frozenset[str]
    since: date
    until: date
    ended_on: date | None = None

    def covers(self, day: date, product: str) -> bool:
        """Tell whether it may be used on *product* on *day*; a right that names no product is for all."""
        within = self.since <= day <= self.until and (self.ended_on is None or day < self.ended_on)
        return within and (not self.products or product in self.products)


@dataclass(frozen=True, slots=True)
class BrandsPast:
    """What the rules of marks may know.

    *marks*, *licences*: those that the event names, and every one above them. *borne_kg*: how much of the lot
    bears the mark already, by itself or from what it was made of. *party_divisions*: of the parties that the
    event names. *commodities*: of the products that it names, None where unknown.
    """

    marks: Mapping[str, KnownMark] = field(default_factory=dict)
    licences: Mapping[str, KnownLicence] = field(default_factory=dict)
    bases: Mapping[str, KnownBase] = field(default_factory=dict)
    base_of_plot: Mapping[str, frozenset[str]] = field(default_factory=dict)
    origins: tuple[OriginPart, ...] = ()
    rights: tuple[KnownRight, ...] = ()
    admission: KnownAdmission | None = None
    borne_kg: Decimal = Decimal(0)
    party_divisions: Mapping[str, str] = field(default_factory=dict)
    commodities: Mapping[str, str | None] = field(default_factory=dict)
    credential_party: str | None = None
