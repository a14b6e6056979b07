"""In whose division something lies: a party, goods, or whatever a statement speaks of."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.past import KnownParty, Past
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.scope import covers
from traceability.tables.running import holding

_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))
_LOT = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("name")))
_PLACES = Question(
    select(tables.party.c.division)
    .join(holding, holding.c.party == tables.party.c.party)
    .join(tables.statement, tables.statement.c.entry == tables.party.c.entry)
    .where(holding.c.lot == bindparam("lot"), tables.statement.c.void_by.is_(None))
    .distinct()
)


def covers_all(asked: Asked, past: Past, *parties: str) -> bool:
    """Tell whether all *parties* lie in the division of whoever speaks."""
    office = past.parties.get(asked.by)
    divisions = [division_of(asked.connection, each) for each in parties]
    return office is not None and all(each is not None and lies_in(office, each) for each in divisions)


def lies_in(office: KnownParty, division: str) -> bool:
    """Tell whether *division* lies in that of an office."""
    # Who is known by its key alone has no division, and answers for none.
    return bool(office.division) and covers(office.division, division)


def division_of(connection: Connection, party: str) -> str | None:
    """Return where *party* was registered last, if it is registered."""
    rows = _PARTY.rows(connection, party=party)
    return str(rows[-1].division) if rows else None


def registered(connection: Connection, *parties: str) -> frozenset[str]:
    """Return those of *parties* that are registered."""
    return frozenset(each for each in parties if division_of(connection, each) is not None)


def places_of_goods(connection: Connection, lot: str) -> list[str]:
    """Return the divisions of whoever made *lot*, or has ever had any, as far as they are registered."""
    birth = _LOT.first(connection, name=lot)
    made = None if birth is None else division_of(connection, birth.maker)
    had = {str(row.division) for row in _PLACES.rows(connection, lot=lot)}
    return sorted(had if made is None else {made, *had})


def answers_for_one(asked: Asked, past: Past, places: Iterable[str]) -> bool:
    """Tell whether one of *places* lies in the division of whoever speaks.

    Of what nobody knows where it is, every office may speak: what cannot be known stops no hold.
    """
    office, told = past.parties.get(asked.by), tuple(places)
    return not told or (office is not None and any(lies_in(office, each) for each in told))
