"""Who there is: organisations that one may trade with, and the members of a cooperative."""

from dataclasses import dataclass

from traceability import tables
from traceability.errors import Unknown
from traceability.holdings.sealed_field import opened_field
from traceability.kept import SealedValues
from traceability.reading import Reader


@dataclass(frozen=True, slots=True)
class Partner:
    """A registered organisation that one may trade with; a sealed name is absent."""

    party: str
    role: str
    division: str
    name: str | None

    @property
    def called(self) -> str:
        """Return its name; one whose name is sealed is called by its id."""
        return self.name or self.party


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a cooperative; the name is absent once it was erased."""

    member: str
    name: str | None
    entry: int


def partners(reader: Reader) -> list[Partner]:
    """Return every registered organisation, by its id."""
    table = tables.party
    found = {row.party: row for row in reader.connection.execute(tables.standing(table))}
    return [Partner(row.party, row.role, row.division, row.name) for _, row in sorted(found.items())]


def names(reader: Reader) -> dict[str, str]:
    """Return what each registered organisation is called; one whose name is sealed is called by its id."""
    return {each.party: each.called for each in partners(reader)}


def partner(reader: Reader, party: str) -> Partner:
    """Return one organisation, or raise `Unknown`."""
    table = tables.party
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    if not rows:
        raise Unknown("party", party)
    return Partner(rows[-1].party, rows[-1].role, rows[-1].division, rows[-1].name)


def party_name(reader: Reader, sealed: SealedValues, party: str) -> str | None:
    """Return the name of *party*, a sealed one opened: for the party itself and for its own labels."""
    table = tables.party
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    if not rows:
        return None
    return rows[-1].name or opened_field(reader, sealed, rows[-1].entry, "private_name")


def members(reader: Reader, sealed: SealedValues, party: str) -> list[Member]:
    """Return the members of a cooperative, in the order in which they joined."""
    table = tables.member
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    found = {row.member: row.entry for row in rows}
    return [Member(name, opened_field(reader, sealed, entry, "name"), entry) for name, entry in found.items()]


def prefixes(reader: Reader, party: str) -> tuple[str, ...]:
    """Return the GS1 prefixes that *party* holds the licence of, sorted."""
    table = tables.prefix
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    return tuple(sorted({row.prefix for row in rows}))
