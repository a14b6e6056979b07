"""What the entries so far say of marks, licences, bases and rights, each found by its name.

How much of a licence or a base is used up is an account of `running`; here are only the accounts' names.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, bindparam

from traceability import tables
from traceability.events.brands import Criterion, Score
from traceability.past.brands import (
    Change,
    KnownAdmission,
    KnownBase,
    KnownLicence,
    KnownMark,
    KnownRight,
    KnownTest,
)
from traceability.question import Question
from traceability.tables import brands as register

DEEPEST = 8
"""Marks and licences form a tree of four levels; whatever claims to be deeper is not followed."""

_MARK, _MARK_END = (
    Question(tables.standing(table, table.c.mark == bindparam("mark")))
    for table in (register.mark, register.mark_end)
)
_LICENCE, _CHANGES = (
    Question(tables.standing(table, table.c.licence == bindparam("licence")))
    for table in (register.licence, register.licence_change)
)
_BASE, _PLOTS, _TESTS, _BASE_END = (
    Question(tables.standing(table, table.c.base == bindparam("base")))
    for table in (register.base, register.base_plot, register.base_test, register.base_end)
)
_BASES_OF_PLOT = Question(tables.standing(register.base_plot, register.base_plot.c.plot == bindparam("plot")))
_RIGHTS, _RIGHTS_END = (
    Question(tables.standing(table, table.c.gi == bindparam("gi"), table.c.party == bindparam("party")))
    for table in (register.gi_user, register.gi_user_end)
)
_ADMISSION = Question(
    tables.standing(register.assessment, register.assessment.c.digest == bindparam("digest"))
)
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))


# The accounts of `running` that marks have; a season is named by the year in which it begins.


def of_licence(licence: str, season: int) -> str:
    """Return the account of what bears a mark by *licence*, and by those that lean on it, in *season*."""
    return f"licence:{licence}:{season}"


def of_base(base: str, season: int) -> str:
    """Return the account of what went into marked goods from *base* in *season*."""
    return f"base:{base}:{season}"


def of_holder(mark: str, season: int, division: str, party: str) -> str:
    """Return the account of what bears *mark* in *season* by *party*, who is registered in *division*."""
    return f"mark:{mark}:{season}:{division}:{party}"


def known_mark(connection: Connection, mark: str) -> KnownMark | None:
    """Return the mark as it was last registered."""
    row = next(reversed(_MARK.rows(connection, mark=mark)), None)
    if row is None:
        return None
    ends = [date.fromisoformat(each.day) for each in _MARK_END.rows(connection, mark=mark)]
    return KnownMark(
        mark=mark,
        tier=row.tier,
        name=row.name,
        name_en=row.name_en,
        owner=row.owner,
        above=row.above,
        commodities=frozenset(json.loads(row.commodities)),
        divisions=frozenset(json.loads(row.divisions)),
        criteria=tuple(Criterion(*each) for each in json.loads(row.criteria)),
        threshold=row.threshold,
        season_month=row.season_month,
        from_bases=bool(row.from_bases),
        gi=row.gi,
        retired_on=min(ends, default=None),
    )


def marks_above(connection: Connection, mark: str | None) -> Iterator[KnownMark]:
    """Yield *mark* and every mark above it, the nearest first."""
    for _ in range(DEEPEST):
        known = None if mark is None else known_mark(connection, mark)
        if known is None:
            return
        yield known
        mark = known.above


def known_licence(connection: Connection, licence: str) -> KnownLicence | None:
    """Return the licence as it was granted, and what became of it; what was used of it is not told."""
    row = _LICENCE.first(connection, licence=licence)
    if row is None:
        return None
    return KnownLicence(
        licence=licence,
        mark=row.mark,
        party=row.party,
        products=frozenset(json.loads(row.products)),
        quota_kg=Decimal(row.quota_kg),
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        under=row.under,
        changes=tuple(
            Change(each.what, date.fromisoformat(each.day), each.ground)
            for each in _CHANGES.rows(connection, licence=licence)
        ),
    )


def licences_above(connection: Connection, licence: str | None) -> Iterator[KnownLicence]:
    """Yield *licence* and every licence that it leans on, the nearest first."""
    seen: set[str] = set()
    while licence is not None and licence not in seen and len(seen) < DEEPEST:
        known = known_licence(connection, licence)
        if known is None:
            return
        yield known
        seen.add(licence)
        licence = known.under


def known_base(connection: Connection, base: str) -> KnownBase | None:
    """Return the base as it was last certified; what was taken of it is not told."""
    row = next(reversed(_BASE.rows(connection, base=base)), None)
    if row is None:
        return None
    ends = [each for each in _BASE_END.rows(connection, base=base) if each.entry > row.entry]
    return KnownBase(
        base=base,
        mark=row.mark,
        party=row.party,
        division=row.division,
        commodity=row.commodity,
        plots=frozenset(each.plot for each in _PLOTS.rows(connection, base=base) if each.entry == row.entry),
        area_ha=Decimal(row.area_ha),
        capacity_kg=Decimal(row.capacity_kg),
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        tests=tuple(
            KnownTest(each.specimen, date.fromisoformat(each.sampled_on), each.verdict)
            for each in _TESTS.rows(connection, base=base)
        ),
        withdrawn_on=min((date.fromisoformat(each.day) for each in ends), default=None),
    )


def bases_of_plot(connection: Connection, plot: str) -> frozenset[str]:
    """Return the bases that *plot* belongs to as they were last certified."""
    found = {row.base for row in _BASES_OF_PLOT.rows(connection, plot=plot)}
    known = (known_base(connection, each) for each in sorted(found))
    return frozenset(each.base for each in known if each is not None and plot in each.plots)


def rights(connection: Connection, gi: str, party: str) -> tuple[KnownRight, ...]:
    """Return the rights of *party* to use an indication, oldest first."""
    ends = _RIGHTS_END.rows(connection, gi=gi, party=party)
    return tuple(
        KnownRight(
            gi=gi,
            party=party,
            products=frozenset(json.loads(row.products)),
            since=date.fromisoformat(row.since),
            until=date.fromisoformat(row.until),
            ended_on=min(
                (date.fromisoformat(each.day) for each in ends if each.entry > row.entry), default=None
            ),
        )
        for row in _RIGHTS.rows(connection, gi=gi, party=party)
    )


def admission(connection: Connection, digest: str) -> KnownAdmission | None:
    """Return the assessment that the statement with this digest tells."""
    row = _ADMISSION.first(connection, digest=digest)
    if row is None:
        return None
    scores = tuple(Score(*each) for each in json.loads(row.scores))
    return KnownAdmission(digest, row.mark, row.party, row.product, scores, date.fromisoformat(row.day))


def division_of(connection: Connection, party: str) -> str:
    """Return where *party* is registered, "" where it is not."""
    rows = _PARTY.rows(connection, party=party)
    return str(rows[-1].division) if rows else ""
