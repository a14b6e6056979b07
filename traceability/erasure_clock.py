"""From hidden to erased: values that were asked away early are gone from every page, and wait for their day.

hidden 2026-11-01     kept until 2028-07-01 (农产品质量安全法 art. 27)     due then, and erased by an entry
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from traceability import recollection, tables
from traceability.events.followup import told_by
from traceability.limits import RuleSet
from traceability.reading import Reader
from traceability.recollection.moving import shelf_ends
from traceability.retention import Clock, binding, clocks
from traceability.rule_tables.moving import RETENTION


@dataclass(frozen=True, slots=True)
class Hidden:
    """Values of one statement that are hidden and not erased yet; no clock: nothing keeps them."""

    digest: str
    entry: int
    by: str
    kind: str
    fields: tuple[str, ...]
    clock: Clock | None

    def is_due(self, on: date) -> bool:
        """Tell whether nothing binding keeps them on that day any more."""
        return self.clock is None or self.clock.until <= on


def clocks_of(reader: Reader, digest: str, rules: RuleSet) -> list[Clock]:
    """Return every clock that the statement with this digest is under, the one that ends last first."""
    found = recollection.past_statement(reader, digest)
    if found is None:
        return []
    event = told_by(found.event)
    role = _role(reader, found.by)
    ends = shelf_ends(reader.connection, event)
    told = clocks(event.kind, role, event.day, ends, rules.rows(RETENTION))
    return sorted(told, key=lambda each: (not each.binding, -each.until.toordinal()))


def _role(reader: Reader, party: str) -> str | None:
    table = tables.party
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    return None if not rows else str(rows[-1].role)


def hidden(reader: Reader, rules: RuleSet, party: str | None = None) -> list[Hidden]:
    """Return what is hidden and not erased, of one party or of all, in the order of the statements."""
    table, said = tables.erasure, tables.statement
    query = select(table.c.target, table.c.field, table.c.done, said.c.entry, said.c.by, said.c.kind)
    query = query.join(said, said.c.digest == table.c.target).order_by(said.c.entry, table.c.field)
    if party is not None:
        query = query.where(said.c.by == party)
    waiting: dict[str, tuple[Any, set[str]]] = {}
    gone: dict[str, set[str]] = {}
    for row in reader.connection.execute(query):
        if row.done == "hidden":
            waiting.setdefault(row.target, (row, set()))[1].add(row.field)
        else:
            gone.setdefault(row.target, set()).add(row.field)
    found = ((row, fields - gone.get(digest, set())) for digest, (row, fields) in waiting.items())
    return [_hidden(reader, row, fields, rules) for row, fields in found if fields]


def _hidden(reader: Reader, row: Any, fields: Iterable[str], rules: RuleSet) -> Hidden:
    clock = binding(clocks_of(reader, row.target, rules))
    return Hidden(row.target, row.entry, row.by, row.kind, tuple(sorted(fields)), clock)
