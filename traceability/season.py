"""The season account of a mark: what its land can give, what bears the mark, what codes were issued.

    area × yield × outturn  ≥  marked goods  ≥  issued codes × weight of a pack

    220万亩 × 1500斤 × 70 %  =  115.5万t        of a brand of which 1,000万t were sold in a year

Everything is read from running totals: an account costs the same for ten lots and for ten million.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, select

from traceability import brand_register, tables
from traceability.measuring import scale_of_product
from traceability.past.brands import KnownMark
from traceability.question import Question
from traceability.tables import brands as register
from traceability.tables.running import account, lot_total

Beyond = Literal["capacity", "quota", "codes"]
NOTHING = Decimal(0)
MIN_YEAR, MAX_YEAR = 2000, 2999

_BASES = Question(
    tables.standing(
        register.season_basis,
        register.season_basis.c.mark == bindparam("mark"),
        register.season_basis.c.season == bindparam("season"),
    )
)
_LICENCES = Question(tables.standing(register.licence, register.licence.c.mark == bindparam("mark")))
_HOLDERS = Question(
    select(account.c.account, account.c.total)
    .where(account.c.account >= bindparam("first"), account.c.account < bindparam("last"))
    .order_by(account.c.account)
)
_use, _lot = register.mark_use, tables.lot
_CODED = Question(
    select(
        _use.c.party,
        _lot.c.measure,
        _lot.c.product_party,
        _lot.c.product,
        lot_total.c.coded,
        func.count(_use.c.lot.distinct()).label("lots"),
    )
    .join(tables.statement, tables.statement.c.entry == _use.c.entry)
    .join(lot_total, lot_total.c.lot == _use.c.lot)
    .join(_lot, _lot.c.lot == _use.c.lot)
    .where(
        tables.statement.c.void_by.is_(None),
        _use.c.mark == bindparam("mark"),
        _use.c.season == bindparam("season"),
        lot_total.c.coded != "0",
    )
    .group_by(_use.c.party, _lot.c.measure, _lot.c.product_party, _lot.c.product, lot_total.c.coded)
)
_SEASONS = Question(
    select(_use.c.season).where(_use.c.mark == bindparam("mark")).distinct().order_by(_use.c.season.desc())
)
_SEASONS_SET = Question(
    select(register.season_basis.c.season).where(register.season_basis.c.mark == bindparam("mark")).distinct()
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What one division can give in a season."""

    division: str
    commodity: str
    area_ha: Decimal
    yield_kg_ha: Decimal
    outturn_percent: Decimal

    @property
    def capacity_kg(self) -> Decimal:
        """Area × yield × outturn."""
        return self.area_ha * self.yield_kg_ha * self.outturn_percent / 100


@dataclass(frozen=True, slots=True)
class HolderLine:
    """One holder of licences: its quota, what it marked, and what its codes stand for."""

    party: str
    division: str
    quota_kg: Decimal
    applied_kg: Decimal
    coded_kg: Decimal

    @property
    def beyond(self) -> tuple[Beyond, ...]:
        """Where the holder goes too far."""
        over_quota: tuple[Beyond, ...] = ("quota",) if self.applied_kg > self.quota_kg else ()
        return (*over_quota, "codes") if self.coded_kg > self.applied_kg else over_quota


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One division: what its land can give (None: nobody set it), and what holders from there marked."""

    division: str
    capacity_kg: Decimal | None
    applied_kg: Decimal

    @property
    def is_beyond(self) -> bool:
        """Whether more is marked there than grows there; goods of other places may be milled there."""
        return self.capacity_kg is not None and self.applied_kg > self.capacity_kg


@dataclass(frozen=True, slots=True)
class SeasonAccount:
    """The whole account; *capacity_kg* is None where nobody set what the land can give."""

    mark: KnownMark
    season: int
    bases: tuple[Basis, ...]
    holders: tuple[HolderLine, ...]
    places: tuple[PlaceLine, ...]

    @property
    def capacity_kg(self) -> Decimal | None:
        """What all land of the mark can give."""
        return sum((each.capacity_kg for each in self.bases), NOTHING) if self.bases else None

    @property
    def quota_kg(self) -> Decimal:
        """What all holders together may mark."""
        return sum((each.quota_kg for each in self.holders), NOTHING)

    @property
    def applied_kg(self) -> Decimal:
        """What bears the mark."""
        return sum((each.applied_kg for each in self.holders), NOTHING)

    @property
    def coded_kg(self) -> Decimal:
        """What the issued codes of marked lots stand for."""
        return sum((each.coded_kg for each in self.holders), NOTHING)

    @property
    def beyond(self) -> tuple[Beyond, ...]:
        """Where the season goes too far."""
        found: list[Beyond] = []
        most = max(self.applied_kg, self.coded_kg)
        if self.capacity_kg is not None and most > self.capacity_kg:
            found.append("capacity")
        found += sorted({each for holder in self.holders for each in holder.beyond})
        return tuple(found)


def season_account(connection: Connection, mark: str, season: int) -> SeasonAccount | None:
    """Return the account of *mark* in *season*; None where nobody registered the mark."""
    known = brand_register.known_mark(connection, mark)
    if known is None:
        return None
    bases = tuple(_bases(connection, mark, season))
    marked = list(_marked(connection, mark, season))
    holders = tuple(_holders(connection, known, season, marked))
    return SeasonAccount(known, season, bases, holders, tuple(_places(bases, marked)))


def seasons(connection: Connection, mark: str) -> tuple[int, ...]:
    """Return the seasons in which the mark was used or measured, the latest first."""
    rows = (*_SEASONS.rows(connection, mark=mark), *_SEASONS_SET.rows(connection, mark=mark))
    return tuple(sorted({row.season for row in rows}, reverse=True))


def span(mark: KnownMark, season: int) -> tuple[date, date]:
    """Return the first and the last day of *season*."""
    first = date(season, mark.season_month, 1)
    return first, date(season + 1, mark.season_month, 1) - timedelta(days=1)


def _bases(connection: Connection, mark: str, season: int) -> Iterator[Basis]:
    # What is told later of the same division and commodity takes the place of the earlier.
    latest = {(row.division, row.commodity): row for row in _BASES.rows(connection, mark=mark, season=season)}
    for (division, commodity), row in sorted(latest.items()):
        yield Basis(
            division,
            commodity,
            Decimal(row.area_ha),
            Decimal(row.yield_kg_ha),
            Decimal(row.outturn_percent),
        )


def _marked(connection: Connection, mark: str, season: int) -> Iterator[tuple[str, str, Decimal]]:
    """Yield division, party and kilograms of each holder that marked anything.

    The accounts of one mark and season share their beginning up to the last ":", after which comes ";".
    """
    first = brand_register.of_holder(mark, season, "", "")[:-1]
    for row in _HOLDERS.rows(connection, first=first, last=f"{first[:-1]};"):
        division, party = row.account.removeprefix(first).split(":", 1)
        yield division, party, Decimal(row.total)


def _holders(
    connection: Connection, mark: KnownMark, season: int, marked: Iterable[tuple[str, str, Decimal]]
) -> Iterator[HolderLine]:
    divisions: dict[str, str] = {}
    applied: dict[str, Decimal] = {}
    for division, party, kg in marked:
        divisions[party] = division
        applied[party] = applied.get(party, NOTHING) + kg
    quotas = _quotas(connection, mark, season)
    coded = _coded(connection, mark.mark, season)
    for party in sorted({*applied, *quotas}):
        yield HolderLine(
            party,
            divisions.get(party) or brand_register.division_of(connection, party),
            quotas.get(party, NOTHING),
            applied.get(party, NOTHING),
            coded.get(party, NOTHING),
        )


def _quotas(connection: Connection, mark: KnownMark, season: int) -> dict[str, Decimal]:
    """Return the kilograms that each holder may mark, by every licence that holds for a day of the season."""
    first, last = span(mark, season)
    found: dict[str, Decimal] = {}
    for row in _LICENCES.rows(connection, mark=mark.mark):
        if row.since <= last.isoformat() and row.until >= first.isoformat():
            found[row.party] = found.get(row.party, NOTHING) + Decimal(row.quota_kg)
    return found


def _coded(connection: Connection, mark: str, season: int) -> dict[str, Decimal]:
    """Return what the live codes of each holder's marked lots stand for, in kilograms."""
    weights: dict[tuple[str, str], Decimal | None] = {}
    found: dict[str, Decimal] = {}
    for row in _CODED.rows(connection, mark=mark, season=season):
        kg = _kg_of_one(connection, row, weights)
        if kg is not None:
            found[row.party] = found.get(row.party, NOTHING) + row.lots * Decimal(row.coded) * kg
    return found


def _kg_of_one(
    connection: Connection, row: Any, weights: dict[tuple[str, str], Decimal | None]
) -> Decimal | None:
    """Return the kilograms of one unit of a lot; *weights* remembers what a piece of each product weighs."""
    if row.measure == "mass":
        return Decimal(1)
    key = (row.product_party, row.product)
    if key not in weights:
        weights[key] = None if row.product is None else scale_of_product(connection, *key).piece_kg
    return weights[key]


def _places(bases: Iterable[Basis], marked: Iterable[tuple[str, str, Decimal]]) -> Iterator[PlaceLine]:
    """Yield a line for each division that can give something, or whose holders marked something."""
    capacity: dict[str, Decimal] = {}
    for each in bases:
        capacity[each.division] = capacity.get(each.division, NOTHING) + each.capacity_kg
    applied: dict[str, Decimal] = {}
    for division, _, kg in marked:
        applied[division] = applied.get(division, NOTHING) + kg
    for division in sorted({*capacity, *applied}):
        yield PlaceLine(division, capacity.get(division), applied.get(division, NOTHING))
