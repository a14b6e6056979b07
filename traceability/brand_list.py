"""Lists of marks, licences, bases, honours and stories, for rooms, pages and statistics."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from traceability import brand_register, quota, season, tables
from traceability.events.brands import TIERS
from traceability.events.credentials import ENDED
from traceability.past.brands import KnownBase, KnownLicence, KnownMark
from traceability.question import Question
from traceability.tables import brands as register

_MARKS = Question(tables.standing(register.mark))
_OF_MARK, _OF_PARTY = (
    Question(tables.standing(register.licence, register.licence.c[name] == bindparam("key")))
    for name in ("mark", "party")
)
_BASES = Question(tables.standing(register.base, register.base.c.mark == bindparam("mark")))
_HONOURS = Question(tables.standing(register.credential, register.credential.c.party == bindparam("party")))
_HONOURS_END = Question(
    tables.standing(register.credential_end, register.credential_end.c.credential == bindparam("credential"))
)
_STORIES = Question(tables.standing(register.story, register.story.c.party == bindparam("party")))
_RIGHTS = Question(tables.standing(register.gi_user, register.gi_user.c.party == bindparam("party")))
_MEMBERS = Question(
    select(tables.party.c.party, tables.party.c.name, tables.party.c.role, tables.party.c.division)
    .join(tables.statement, tables.statement.c.entry == tables.party.c.entry)
    .where(tables.statement.c.void_by.is_(None), tables.party.c.party == bindparam("party"))
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A mark in the tree, and how many stand above it."""

    mark: KnownMark
    depth: int


@dataclass(frozen=True, slots=True)
class Held:
    """A licence, what was used of it this season, and why it does not count on the day asked."""

    licence: KnownLicence
    mark: KnownMark
    stop: str | None


@dataclass(frozen=True, slots=True)
class Honour:
    """An honour with its year; *live* only while it is in force, and never where none is given any more."""

    credential: str
    honour: str
    product: str | None
    authority: str
    year: int
    until: date | None
    live: bool
    entry: int


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation that bears a mark: where it is, what it may and did mark in the season."""

    party: str
    name: str | None
    role: str
    division: str
    quota_kg: Decimal
    applied_kg: Decimal
    coded_kg: Decimal


def name_of(connection: Connection, party: str) -> str:
    """Return what *party* is called in public; by its id where its name is a person's."""
    rows = _MEMBERS.rows(connection, party=party)
    return str(rows[-1].name or party) if rows else party


def tree(connection: Connection) -> tuple[Branch, ...]:
    """Return every mark below the one that it stands under, the tiers in their order."""
    names = dict.fromkeys(row.mark for row in _MARKS.rows(connection))
    known = [each for name in names if (each := brand_register.known_mark(connection, name)) is not None]
    known.sort(key=lambda each: (TIERS.index(each.tier), each.mark))
    return tuple(_below(None, known, 0, frozenset(names)))


def _below(above: str | None, known: list[KnownMark], depth: int, names: frozenset[str]) -> Iterator[Branch]:
    for each in known:
        # A mark whose parent was found void stands at the top, where it is seen.
        here = each.above if each.above in names else None
        if here == above and depth < brand_register.DEEPEST:
            yield Branch(each, depth)
            yield from _below(each.mark, known, depth + 1, names)


def licences_for(connection: Connection, mark: str, on: date) -> tuple[Held, ...]:
    """Return every licence for *mark*, as it is on that day."""
    return tuple(_held(connection, _OF_MARK.rows(connection, key=mark), on))


def licences_of(connection: Connection, party: str, on: date) -> tuple[Held, ...]:
    """Return every licence that *party* has, as it is on that day."""
    return tuple(_held(connection, _OF_PARTY.rows(connection, key=party), on))


def _held(connection: Connection, rows: Iterable[Any], on: date) -> Iterator[Held]:
    for row in rows:
        chain = tuple(quota.licences_on(connection, row.licence, on))
        mark = brand_register.known_mark(connection, row.mark)
        if chain and mark is not None:
            yield Held(chain[0], mark, next((stop for stop in _stops(connection, chain, on) if stop), None))


def _stops(connection: Connection, chain: Iterable[KnownLicence], on: date) -> Iterator[str | None]:
    for each in chain:
        mark = brand_register.known_mark(connection, each.mark)
        yield each.stopped(on)
        yield "retired" if mark is None or mark.is_retired(on) else None


def bases_for(connection: Connection, mark: KnownMark, on: date) -> tuple[KnownBase, ...]:
    """Return every base that was certified for *mark*, with what was taken of it in the season of the day."""
    names = dict.fromkeys(row.base for row in _BASES.rows(connection, mark=mark.mark))
    found = (quota.base_in(connection, name, mark.season(on)) for name in names)
    return tuple(each for each in found if each is not None)


def honours_of(connection: Connection, party: str, on: date) -> tuple[Honour, ...]:
    """Return the honours of *party*; those that are no longer given are never live."""
    return tuple(_honour(connection, row, on) for row in _HONOURS.rows(connection, party=party))


def _honour(connection: Connection, row: Any, on: date) -> Honour:
    ends = [each.day for each in _HONOURS_END.rows(connection, credential=row.credential)]
    until = None if row.until is None else date.fromisoformat(row.until)
    over = any(day <= on.isoformat() for day in ends) or (until is not None and until < on)
    live = not over and row.honour not in ENDED
    return Honour(row.credential, row.honour, row.product, row.authority, row.year, until, live, row.entry)


def indications_of(connection: Connection, party: str, on: date) -> tuple[tuple[str, bool, int], ...]:
    """Return each geographical indication that *party* has or had a right to, and whether it counts."""
    found: dict[str, tuple[str, bool, int]] = {}
    for row in _RIGHTS.rows(connection, party=party):
        rights = brand_register.rights(connection, row.gi, party)
        products = json.loads(row.products)
        live = any(each.covers(on, products[0] if products else "") for each in rights)
        found[row.gi] = (row.gi, live, row.entry)
    return tuple(found.values())


def story_entry(
    connection: Connection, party: str, product: str | None, tongue: str, mark: str | None = None
) -> int | None:
    """Return the entry of the newest published story of that product (or mark), else of the party itself."""
    told = [row for row in _STORIES.rows(connection, party=party) if row.tongue == tongue]
    own = [row for row in told if row.mark is None and row.product is None]
    about = [row for row in told if (row.product, row.mark) == (product, mark)] or own
    # Whoever tells a story that is not to be read takes the earlier one back.
    return about[-1].entry if about and about[-1].published else None


def members(connection: Connection, account: season.SeasonAccount) -> tuple[Member, ...]:
    """Return who bears the mark of *account*, by division, for the list and the statistics of a region."""
    found = [_member(connection, line) for line in account.holders]
    return tuple(sorted(found, key=lambda each: (each.division, each.party)))


def _member(connection: Connection, line: season.HolderLine) -> Member:
    rows = _MEMBERS.rows(connection, party=line.party)
    name, role = (rows[-1].name, rows[-1].role) if rows else (None, "")
    return Member(line.party, name, role, line.division, line.quota_kg, line.applied_kg, line.coded_kg)
