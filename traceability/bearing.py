"""Which marks a lot bears, by itself or from what it was made of, and on how many of its kilograms.

    so much of lot P bears the mark      P 1,000 kg, 600 marked
    R is made of all P and of Q          R bears it on what P brought, in the proportion of the masses

A mark comes along where the product may bear it at all (bran of marked rice does not), and never on more than
bore it before: the marked mass of children is at most that of their parents, water or not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from ledger.canonical import instant_of
from traceability import brand_register, goods, tables
from traceability.events.fact import legal_day
from traceability.measuring import scale_of_product
from traceability.portions import portions
from traceability.tables import brands as register

_NOTHING = Fraction(0)

_USES = tables.standing(
    register.mark_use,
    register.mark_use.c.lot.in_(bindparam("some", expanding=True)),
    register.mark_use.c.licence == register.mark_use.c.applied,
)
_LOTS = tables.standing(tables.lot, tables.lot.c.lot.in_(bindparam("some", expanding=True)))
_MOVES = select(tables.stock).where(
    tables.stock.c.entry.in_(bindparam("some", expanding=True)), tables.stock.c.why.in_(("born", "consumed"))
)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A mark on a lot by one licence: on which part of it, and how many kilograms those are.

    *direct*: stated of this lot itself, and not brought by what it was made of. *since*: the first day.
    """

    mark: str
    licence: str
    share: Fraction
    kg: Fraction
    direct: bool
    since: date


@dataclass(frozen=True, slots=True)
class Worn:
    """What one licence brought to a lot, as parts of its born mass, and since which day."""

    share: Fraction
    mass: Fraction
    since: date


Key = tuple[str, str]
Marks = dict[Key, Worn]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a lot was given by what it is made of, and what was stated of itself, in order of time."""

    brought: Marks
    stated: tuple[tuple[str, Key, Worn], ...]

    def until(self, at: str | None = None) -> Marks:
        """Return what the lot bore at that time: what is marked later, a part taken before does not bear."""
        found = dict(self.brought)
        for told, key, worn in self.stated:
            if at is None or told <= at:
                _add(found, key, worn)
        return found


@dataclass(slots=True)
class Lineage:
    """What is known of a lot and of everything behind it; masses are kilograms, None where unknown."""

    uses: dict[str, list[Any]]
    births: dict[str, list[tuple[int, Fraction | None]]]
    times: dict[int, str]
    inputs: dict[int, list[tuple[str, Fraction | None]]]
    made: dict[int, Fraction | None]
    commodity: dict[str, str | None]
    may_bear: dict[str, frozenset[str]] = field(default_factory=dict)

    def sources(self, lot: str) -> Iterator[str]:
        """Yield what *lot* was made of."""
        for entry, _ in self.births.get(lot, ()):
            yield from (each for each, _ in self.inputs.get(entry, ()))

    def born(self, lot: str) -> Fraction | None:
        """Return how much of *lot* ever came to be."""
        return _sum(kg for _, kg in self.births.get(lot, ()))


def borne(connection: Connection, lot: str) -> tuple[Bearing, ...]:
    """Return each mark that *lot* bears, by name and licence; nothing where a mass on the way is unknown."""
    names = sorted(goods.ancestors(connection, lot) | {lot})
    uses = defaultdict(list)
    for row in _some(connection, _USES, names):
        uses[row.lot].append(row)
    if not uses:
        return ()
    behind = _lineage(connection, names, uses)
    found = settled_marks(lot, behind).until()
    whole = behind.born(lot) or _NOTHING
    stated = {(row.mark, row.licence) for row in uses.get(lot, ())}
    return tuple(
        Bearing(mark, licence, worn.share, worn.mass * whole, (mark, licence) in stated, worn.since)
        for (mark, licence), worn in sorted(found.items())
    )


def settled_marks(lot: str, behind: Lineage) -> Settled:
    """Return the marks of *lot*; what stands behind a lot is settled before the lot itself."""
    settled: dict[str, Settled] = {}
    waiting = [lot]
    opened: set[str] = set()
    while waiting:
        here = waiting[-1]
        fresh = [each for each in behind.sources(here) if each not in settled and each not in opened]
        if here in opened or not fresh:
            waiting.pop()
            if here not in settled:
                settled[here] = _own_and_brought(here, behind, settled)
        opened.add(here)
        waiting += fresh if here not in settled else []
    return settled[lot]


def _own_and_brought(lot: str, behind: Lineage, settled: Mapping[str, Settled]) -> Settled:
    born = behind.born(lot)
    if not born:
        return Settled({}, ())
    brought: Marks = {}
    for key, worn in _brought(lot, born, behind, settled):
        _add(brought, key, worn)
    return Settled(brought, tuple(_stated(behind.uses.get(lot, ()), born)))


def _stated(uses: Iterable[Any], born: Fraction) -> Iterator[tuple[str, Key, Worn]]:
    for row in uses:
        part = Fraction(Decimal(row.kg)) / born
        yield row.at, (row.mark, row.licence), Worn(part, part, legal_day(instant_of(row.at)))


def _add(found: Marks, key: Key, worn: Worn) -> None:
    before = found.get(key)
    if before is not None:
        since = min(before.since, worn.since)
        worn = Worn(before.share + worn.share, before.mass + worn.mass, since)
    found[key] = worn


def _brought(
    lot: str, born: Fraction, behind: Lineage, settled: Mapping[str, Settled]
) -> Iterator[tuple[Key, Worn]]:
    for entry, kg in behind.births.get(lot, ()):
        inputs = [(each, part) for each, part in behind.inputs.get(entry, ()) if each != lot]
        taken, made = _sum(part for _, part in inputs), behind.made.get(entry)
        if not taken or not made or kg is None:
            continue
        # What was added as water bears no mark, although the goods that it is in do.
        limit = min(Fraction(1), taken / made)
        for source, part in inputs:
            weight = kg / born * (part or _NOTHING) / taken
            marks = settled[source].until(behind.times.get(entry)) if source in settled else {}
            for key, worn in marks.items():
                if behind.commodity.get(lot) in behind.may_bear.get(key[0], ()):
                    yield key, Worn(worn.share * weight, worn.mass * weight * limit, worn.since)


def _lineage(connection: Connection, names: list[str], uses: dict[str, list[Any]]) -> Lineage:
    births = _some(connection, _LOTS, names)
    lots = {row.lot: row for row in reversed(births)}
    entries = sorted({row.entry for row in births})
    moves = _some(connection, _MOVES, entries)
    others = sorted({row.lot for row in moves} - lots.keys())
    lots |= {row.lot: row for row in reversed(_some(connection, _LOTS, others))}
    of_one = _Weights(connection)
    times = {row.entry: row.at for row in births}
    behind = Lineage(uses, defaultdict(list), times, defaultdict(list), {}, {})
    for row in moves:
        kg = of_one.kg(lots.get(row.lot), Decimal(row.change))
        if row.why == "born":
            behind.births[row.lot].append((row.entry, kg))
            behind.made[row.entry] = _sum((behind.made.get(row.entry, _NOTHING), kg))
        else:
            behind.inputs[row.entry].append((row.lot, None if kg is None else -kg))
    behind.commodity = {name: of_one.commodity(row) for name, row in lots.items()}
    for mark in sorted({row.mark for rows in uses.values() for row in rows}):
        known = brand_register.known_mark(connection, mark)
        behind.may_bear[mark] = frozenset() if known is None else known.commodities
    return behind


class _Weights:
    """What a unit of each lot's measure weighs; each product is asked for once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pieces: dict[tuple[str, str], Decimal | None] = {}
        self._kinds: dict[tuple[str, str], str | None] = {}

    def kg(self, lot: Any, change: Decimal) -> Fraction | None:
        """Return *change* in kilograms, None where nobody told what a piece weighs."""
        if lot is None or lot.measure == "mass":
            return Fraction(change)
        if lot.product is None:
            return None
        key = (lot.product_party, lot.product)
        if key not in self._pieces:
            self._pieces[key] = scale_of_product(self._connection, *key).piece_kg
        piece = self._pieces[key]
        return None if piece is None else Fraction(change) * Fraction(piece)

    def commodity(self, lot: Any) -> str | None:
        """Return what kind of goods a lot is, None where that is unknown."""
        if lot.product is None:
            return None
        key = (lot.product_party, lot.product)
        if key not in self._kinds:
            known = goods.known_product(self._connection, *key)
            self._kinds[key] = None if known is None else known.commodity
        return self._kinds[key]


def _sum(parts: Iterable[Fraction | None]) -> Fraction | None:
    total = _NOTHING
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _some(connection: Connection, query: Select[Any], names: list[Any]) -> list[Any]:
    """Return the rows that *query* finds of *names*, which it asks for as "some"."""
    return [row for some in portions(names) for row in connection.execute(query, {"some": some})]
