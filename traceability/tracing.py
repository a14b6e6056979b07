"""Where a lot came from, where it went and who has it now, found in the running flows alone.

    back("M1")      →  F1 F2 P1 P2          all that it was made of, at any depth
    forward("F3")   →  M1 P2                all that was made of it
    reach("F3")     →  F3 M1 P2, each with the amounts that its holders have

Every answer costs as much as it is long, however large the ledger has grown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, Connection, Text, bindparam, select
from sqlalchemy import cast as cast_to

from traceability import gs1, tables
from traceability.errors import Invalid
from traceability.events.partner import Item
from traceability.occurrence import Kind, Occurrence
from traceability.portions import portions
from traceability.question import Question
from traceability.tables.running import flow, holding, lot_total

_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_NO_GOODS = frozenset({"container", "place"})


def _reached_lots(*, back: bool) -> CTE:
    """Return every lot that is reached from the one called "lot", itself among them."""
    here, there = flow.alias("here"), flow.alias("there")
    start = cast_to(bindparam("lot"), Text).label("lot")
    reached = select(start).cte("reached", recursive=True)
    # UNION keeps each lot once, so that claims which go in a circle come to an end.
    return reached.union(
        select(there.c.lot)
        .select_from(reached)
        .join(here, (here.c.lot == reached.c.lot) & here.c.goes_in.is_(not back))
        .join(there, (there.c.process == here.c.process) & there.c.goes_in.is_(back))
    )


def _holders() -> Question:
    """Select every lot that is reached going forward, what was born of it, and who has how much of it."""
    reached = _reached_lots(back=False)
    return Question(
        select(reached.c.lot, lot_total.c.born, holding.c.party, holding.c.amount)
        .select_from(reached)
        .join(lot_total, lot_total.c.lot == reached.c.lot, isouter=True)
        .join(holding, (holding.c.lot == reached.c.lot) & (holding.c.amount != "0"), isouter=True)
    )


_BACK, _FORWARD = (Question(select(_reached_lots(back=back).c.lot)) for back in (True, False))
_HOLDERS = _holders()
_IS_PARENT = (tables.item.c.lot == bindparam("name"), tables.item.c.part == "parent")
_CARRIES = Question(tables.standing(tables.item, *_IS_PARENT).limit(1))


def back(connection: Connection, lot: str) -> list[str]:
    """Return all that *lot* was made from, at any depth, sorted, without itself."""
    return _answer(connection, lot, _BACK)


def forward(connection: Connection, lot: str) -> list[str]:
    """Return all that was made from *lot*, at any depth, sorted, without itself."""
    return _answer(connection, lot, _FORWARD)


def _answer(connection: Connection, lot: str, question: Question) -> list[str]:
    found = _reached(connection, lot, question) - {gs1.lot_of(lot)}
    return sorted(each for each in found if is_goods(connection, each))


def reached(connection: Connection, lot: str, *, back: bool) -> set[str]:
    """Return *lot* and whatever a process leads to from it, containers that a partner calls goods too."""
    return _reached(connection, lot, _BACK if back else _FORWARD)


def _reached(connection: Connection, lot: str, question: Question) -> set[str]:
    return {row.lot for row in question.rows(connection, lot=gs1.lot_of(lot))}


def is_goods(connection: Connection, uri: str) -> bool:
    """Tell whether *uri* may stand in a list of lots; a container may not, nor what was packed into."""
    # By its beginning alone, for a list may have ten thousand of them.
    if uri.startswith("/lot/") or (uri.startswith("https://id.gs1.org/01/") and "/10/" in uri):
        return True
    try:
        if gs1.parse(uri).kind in _NO_GOODS:
            return False
    except Invalid:
        pass
    return _CARRIES.first(connection, name=uri) is None


@dataclass(frozen=True, slots=True)
class Affected:
    """A lot that a recall reaches: how much of it there ever was, and how much of it each party has now."""

    lot: str
    born: Decimal
    held: tuple[tuple[str, Decimal], ...]


def reach(connection: Connection, lot: str) -> list[Affected]:
    """Return *lot* and all that was made of it, with amounts and holders, in the measure of each lot."""
    start = gs1.lot_of(lot)
    born: dict[str, str] = {start: "0"}
    held: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in _HOLDERS.rows(connection, lot=start):
        born[row.lot] = row.born or "0"
        if row.party is not None:
            held[row.lot].append((row.party, Decimal(row.amount)))
    names = [start, *sorted(each for each in born if each != start and is_goods(connection, each))]
    return [Affected(each, Decimal(born[each]), tuple(sorted(held[each]))) for each in names]


def flows(connection: Connection, lot: str, *, back: bool) -> list[Occurrence]:
    """Return what made *lot* and all behind it, or used it and all after it, as `Genealogy` takes it.

    Times and names of events are not told: a share or an edge does not depend on them.
    """
    lots = sorted(reached(connection, lot, back=back))
    processes: set[str] = set()
    for some in portions(lots):
        query = select(flow.c.process).where(flow.c.lot.in_(some), flow.c.goes_in.is_(not back)).distinct()
        processes |= set(connection.execute(query).scalars())
    parts: defaultdict[str, list[Any]] = defaultdict(list)
    for some in portions(sorted(processes)):
        for row in connection.execute(select(flow).where(flow.c.process.in_(some))):
            parts[row.process].append(row)
    carriers = (each for each in lots if not is_goods(connection, each))
    return [*(_process(name, rows) for name, rows in sorted(parts.items())), *map(_packing, carriers)]


def _process(name: str, rows: Iterable[Any]) -> Occurrence:
    told = list(rows)
    ins = tuple(_item(row) for row in told if row.goes_in)
    outs = tuple(_item(row) for row in told if not row.goes_in)
    if name.startswith("born "):
        return Occurrence(name, _NO_TIME, "birth", objects=outs)
    return Occurrence(name, _NO_TIME, "transformation", inputs=ins, outputs=outs, transformation=name)


def _packing(uri: str) -> Occurrence:
    kind: Kind = "add"
    return Occurrence("", _NO_TIME, kind, parent=uri)


def _item(row: Any) -> Item:
    return Item(row.lot) if row.kg is None else Item(row.lot, Decimal(row.kg), "KGM")
