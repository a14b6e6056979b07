"""Which names of origin a lot may still bear after all that was mixed into it.

    stands    every part of it grew inside
    dropped   some did and some did not: the name is gone, and the parts outside are named
    unclear   some did, and of others nobody can tell

A claim is nobody's to keep: it is derived from where each part grew, so it goes by itself as soon as a part
from outside, or one that nobody traced, comes in. Whether somebody may *use* the name is another question,
answered by certificates and licences.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import Connection, bindparam

from traceability import goods, tables
from traceability.genealogy import Genealogy
from traceability.limits import RuleSet, shipped_rules
from traceability.occurrence import occurrence_of
from traceability.portions import portions
from traceability.question import Question
from traceability.reading import Reader
from traceability.rule_tables.areas import AREAS, AreaRow

Kind = Literal["gi", "brand"]
State = Literal["stands", "dropped", "unclear"]
Reason = Literal["elsewhere", "untraced", "no-plot"]

Belongs = Callable[["Source"], bool | None]
"""Tells of a part that grew on a plot whether it is inside (True), outside, or nobody can tell (None)."""

_HARVESTS = Question(
    tables.standing(tables.harvest, tables.harvest.c.lot == bindparam("lot")).order_by(
        tables.harvest.c.ordinal
    )
)
_PLOT = Question(tables.standing(tables.plot, tables.plot.c.plot == bindparam("plot")))
_BIRTHS = tables.standing(tables.lot, tables.lot.c.lot.in_(bindparam("lots", expanding=True)))


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a lot: the lot that it was born in, and the plot that it grew on, where one is told.

    *share* of the whole, exactly; None where a mass on the way is unknown. *how* the lot came to be.
    """

    lot: str
    share: Fraction | None
    how: str
    plot: str | None = None
    party: str | None = None
    member: str | None = None
    commodity: str | None = None
    division: str | None = None
    gi: str | None = None
    grew_until: date | None = None


@dataclass(frozen=True, slots=True)
class Outsider:
    """A part that takes a claim away, and why."""

    source: Source
    reason: Reason


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of one name: *share* is what is known to be inside, None where a mass is unknown.

    *declared*: it rests on what growers declared of their plots, for the county alone decides nothing.
    """

    kind: Kind
    name: str
    state: State
    share: Fraction | None
    outside: tuple[Outsider, ...] = ()
    unclear: tuple[Source, ...] = ()
    declared: bool = False


def claims_of_lot(
    connection: Connection,
    lot: str,
    rules: RuleSet | None = None,
    *,
    sources: tuple[Source, ...] | None = None,
) -> tuple[Claim, ...]:
    """Return the claims to geographical indications that the parts of *lot* bring with them, by name.

    A name that no part could claim is not among them. Without *rules* the areas are those that are installed.
    Whoever knows the *sources* of the lot already need not have them looked for again.
    """
    known = goods.known_lot(connection, lot)
    if known is None or known.product is None:
        return ()
    areas = (rules or shipped_rules()).rows(AREAS)
    commodity = known.product.commodity
    names = sorted({each.gi for each in areas if each.sure and commodity in each.commodities})
    if not names:
        return ()
    known_sources = sources_of_lot(connection, lot) if sources is None else sources
    found = (_of_indication(name, known_sources, areas) for name in names)
    return tuple(each for each in found if each is not None)


def _of_indication(name: str, sources: Iterable[Source], areas: Iterable[AreaRow]) -> Claim | None:
    own = tuple(each for each in areas if each.gi == name and each.sure)
    told = tuple(sources)
    claim = claim_of("gi", name, told, lambda source: grew_inside(source, own))
    if claim is None:
        return None
    rests = any(source.gi == name and not _wholly(source, own) for source in told)
    return replace(claim, declared=rests)


def grew_inside(source: Source, areas: Iterable[AreaRow]) -> bool | None:
    """Tell whether a part grew inside the *areas* of one indication, on the day of its harvest.

    A county that is inside only in part decides nothing by itself: there the grower's declaration counts.
    """
    own = tuple(areas)
    if source.division is None or source.commodity is None or not own:
        return None
    rows = _reached(source, own)
    if not rows or not any(source.commodity in row.commodities for row in rows):
        return False
    if any(row.extent == "whole" for row in rows) or source.gi == own[0].gi:
        return True
    return None


def _reached(source: Source, areas: Iterable[AreaRow]) -> list[AreaRow]:
    day, division = source.grew_until, source.division or ""
    return [row for row in areas if row.covers(division) and (day is None or row.in_force(day))]


def _wholly(source: Source, areas: Iterable[AreaRow]) -> bool:
    return any(row.extent == "whole" for row in _reached(source, areas))


def claim_of(kind: Kind, name: str, sources: Iterable[Source], belongs: Belongs) -> Claim | None:
    """Return what became of one claim, or None where no part of the lot is inside.

    *belongs* judges the parts that grew on plots; untraced parts and claimed ones without a plot are outside.
    """
    inside: list[Source] = []
    outside: list[Outsider] = []
    unclear: list[Source] = []
    for source in sources:
        verdict = belongs(source) if source.plot is not None else False
        if verdict:
            inside.append(source)
        elif verdict is None:
            unclear.append(source)
        else:
            outside.append(Outsider(source, _reason(source)))
    if not inside:
        return None
    state: State = "dropped" if outside else "unclear" if unclear else "stands"
    return Claim(kind, name, state, _sum(inside), tuple(outside), tuple(unclear))


def _reason(source: Source) -> Reason:
    if source.how == "untraced":
        return "untraced"
    return "no-plot" if source.plot is None else "elsewhere"


def _sum(sources: Iterable[Source]) -> Fraction | None:
    total = Fraction(0)
    for source in sources:
        if source.share is None:
            return None
        total += source.share
    return total


def sources_of_lot(connection: Connection, lot: str, *, reader: Reader | None = None) -> tuple[Source, ...]:
    """Return what *lot* is made of, plot by plot, in the order of the lots' names; nothing is left out.

    The shares are those of `genealogy.shares`; where they cannot be told, every lot that no process made is
    listed without one.
    """
    lineage = sorted(goods.ancestors(connection, lot) | {lot})
    births = _births(connection, lineage)
    entries = sorted({row.entry for row in births})
    reader = reader or Reader(connection)
    told = (occurrence_of(reader.statement(each).event, index=each, event_id=str(each)) for each in entries)
    shares = Genealogy(each for each in told if each is not None).shares(lot)
    first = {row.lot: row.how for row in reversed(births)}
    origins: dict[str, Fraction | None] = dict(shares) or {
        name: None for name in lineage if first.get(name) in _UNMADE
    }
    return tuple(
        each
        for name, share in sorted(origins.items())
        for each in _grown(connection, Source(name, share, first.get(name, "claimed")))
    )


_UNMADE = frozenset({"harvested", "untraced", "claimed"})
"""How a lot comes to be that no process of ours made."""


def _births(connection: Connection, lots: list[str]) -> list[Any]:
    return [row for some in portions(lots) for row in connection.execute(_BIRTHS, {"lots": some})]


def _grown(connection: Connection, whole: Source) -> Iterator[Source]:
    """Yield the parts of a lot that grew on each plot, or the lot itself where no plot is told."""
    rows = _HARVESTS.rows(connection, lot=whole.lot)
    total = sum((Decimal(row.amount) for row in rows), Decimal(0))
    if not rows:
        yield whole
    for row in rows:
        share = None
        if whole.share is not None and total:
            share = whole.share * Fraction(Decimal(row.amount)) / Fraction(total)
        yield _on_plot(connection, replace(whole, share=share), row)


def _on_plot(connection: Connection, source: Source, harvest: Any) -> Source:
    told = replace(source, plot=harvest.plot, grew_until=date.fromisoformat(harvest.day))
    plot = _PLOT.first(connection, plot=harvest.plot)
    if plot is None:
        return told
    return replace(
        told,
        party=plot.party,
        member=plot.member,
        commodity=plot.commodity,
        division=plot.division,
        gi=plot.gi,
    )
