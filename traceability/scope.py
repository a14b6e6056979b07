"""Which divisions an office answers for, and what belongs to them: the parties there, and their lots.

    Scope.of(connection, "220182")      Yushu: its own parties, and the lots that they made or held
    Scope.of(connection, "220100")      Changchun: the same of every county under it
    Scope.of(connection, "220000")      the province: all of it, and whoever is registered nowhere
    Scope.of(connection, None)          everything

Divisions have codes of GB/T 2260. Which lies in which says the table; digits alone say it only of a code
that the table does not list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, Table, or_, select, true

from traceability import tables
from traceability.vocabulary import divisions


def above(division: str) -> Iterator[str]:
    """Yield *division* and every division that it lies in, the smallest first (GB/T 2260)."""
    known = divisions()
    here: str | None = division
    while here is not None:
        yield here
        here = known[here].parent if here in known else _parent_by_digits(here)


def _parent_by_digits(code: str) -> str | None:
    """Return where a code that the table does not list belongs: it has two digits for each level."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()) or code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


def covers(area: str | None, division: str) -> bool:
    """Tell whether *division* lies in *area*, or is it; None is everywhere."""
    return area is None or area in above(division)


def is_province(area: str) -> bool:
    """Tell whether *area* is a whole province."""
    return area in divisions() and divisions()[area].level == "province"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one office may look at: the parties of its divisions, and their lots.

    *divisions* are those in which parties are registered; None is all. *outsiders*: also what was made by
    whoever is registered nowhere, such as the author of a partner's claim.
    """

    divisions: tuple[str, ...] | None
    outsiders: bool = False

    @classmethod
    def of(cls, connection: Connection, area: str | None) -> "Scope":
        """Return the scope of the office that answers for *area* (a code of GB/T 2260, or None for all)."""
        if area is None:
            return cls(None, outsiders=True)
        told = connection.execute(select(tables.party.c.division).distinct()).scalars()
        return cls(tuple(sorted(each for each in told if covers(area, each))), is_province(area))

    def of_party(self, party: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition that the party in a column is within."""
        if self.divisions is None:
            return true()
        own = party.in_(_registered().where(tables.party.c.division.in_(self.divisions)))
        return or_(own, party.not_in(_registered())) if self.outsiders else own

    def of_lot(self, lot: ColumnElement[str | None]) -> ColumnElement[bool]:
        """Return the condition that the lot in a column was made or held within."""
        return true() if self.divisions is None else lot.in_(self.lots())

    def lots(self, name: str | None = None) -> CompoundSelect[tuple[str]]:
        """Select the lots that were made or held within, or the one called *name* if it was."""
        born, moved = tables.lot, tables.stock
        made = standing(born, select(born.c.lot)).where(self.of_party(born.c.maker))
        held = standing(moved, select(moved.c.lot)).where(self.of_party(moved.c.party))
        if name is not None:
            made, held = made.where(born.c.lot == name), held.where(moved.c.lot == name)
        return made.union(held)


def standing(table: Table, query: "Select[tuple[str]]") -> "Select[tuple[str]]":
    """Return *query* of *table* without the rows of entries that later ones made void."""
    return query.join(tables.statement, tables.statement.c.entry == table.c.entry).where(
        tables.statement.c.void_by.is_(None)
    )


def _registered() -> "Select[tuple[str]]":
    return standing(tables.party, select(tables.party.c.party))
