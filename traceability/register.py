"""The register as an office reads it: who is in its divisions, where each stands, and how it came there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from traceability import tables
from traceability.past.parties import Membership, Step, membership_of
from traceability.scope import Scope
from traceability.tables.parties import party_detail, party_step

ORDER = ("proposed", "registered", "suspended", "verified", "ended")
"""What waits for an office stands first."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One party of the register; a sealed name is absent."""

    party: str
    role: str
    division: str
    name: str | None
    uscc: str | None
    township: str | None
    department: str | None
    market: str | None
    restricted: bool
    membership: Membership


def register(connection: Connection, scope: Scope, on: date, *, role: str | None = None) -> list[Registered]:
    """Return the parties within *scope* where they stand on the day *on*: what waits first, then by name.

    With *role* only those of that role, wherever they are.
    """
    table = tables.party
    wanted = scope.of_party(table.c.party) if role is None else table.c.role == role
    rows = {row.party: row for row in connection.execute(tables.standing(table, wanted))}
    details = {row.party: row for row in connection.execute(tables.standing(party_detail))}
    steps = _steps(connection, None if role is None else rows)
    found = [
        Registered(
            party=row.party,
            role=row.role,
            division=row.division,
            name=row.name,
            uscc=row.uscc,
            township=details[row.party].township,
            department=details[row.party].department,
            market=details[row.party].market,
            restricted=details[row.party].restricted,
            membership=stands,
        )
        for row in rows.values()
        if row.party in details and (stands := membership_of(steps[row.party], on)) is not None
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.membership.state), each.party))


def steps_of(connection: Connection, party: str) -> list[Step]:
    """Return how *party* came where it stands, oldest first."""
    return _steps(connection, [party])[party]


def waiting(connection: Connection, scope: Scope, on: date) -> list[tuple[Registered, str]]:
    """Return the parties within *scope* that wait to be verified, and when each proposal was recorded."""
    told = tables.statement
    found = []
    for each in register(connection, scope, on):
        if each.membership.state == "proposed":
            entry = each.membership.step.index
            at = connection.execute(select(told.c.recorded_at).where(told.c.entry == entry)).scalar_one()
            found.append((each, str(at)))
    return found


def dealers(connection: Connection, on: date) -> list[Registered]:
    """Return the dealers that may work on the day *on*, those licensed for restricted pesticides first."""
    found = [
        each for each in register(connection, Scope(None), on, role="dealer") if each.membership.may_work
    ]
    return sorted(found, key=lambda each: (not each.restricted, each.party))


def _steps(connection: Connection, only: Iterable[str] | None = None) -> defaultdict[str, list[Step]]:
    offices = {
        row.party: row.role for row in connection.execute(select(tables.party.c.party, tables.party.c.role))
    }
    query = tables.standing(party_step)
    if only is not None:
        query = query.where(party_step.c.party.in_(list(only)))
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.party].append(Step.of(row, offices.get(row.by)))
    return found
