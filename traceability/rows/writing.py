"""The rows that one event gives: what each kind of event means to those who search for it."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, singledispatch
from typing import Any

from sqlalchemy import Connection, Table

from ledger import canonical
from ledger.canonical import decimal_text
from traceability import gs1, occurrence, tables
from traceability.errors import Invalid
from traceability.events import Event, movement, partner, processing
from traceability.measuring import Measures
from traceability.quantity import Amount
from traceability.question import insertion
from traceability.statement import Statement
from traceability.unit import kg_of


class Rows:
    """The rows that one entry gives, collected by table and written together."""

    def __init__(self, index: int, statement: Statement, measures: Measures) -> None:
        self.index = index
        self.statement = statement
        self.measures = measures
        self.holder = statement.claimed_by or statement.by
        self._rows: dict[Table, list[dict[str, Any]]] = {}

    @property
    def connection(self) -> Connection:
        """The connection to the rows of earlier entries, for rows that lean on them."""
        return self.measures.connection

    def add(self, table: Table, **values: Any) -> None:
        """Add a row; a table with ordinals numbers its rows from 0."""
        rows = self._rows.setdefault(table, [])
        row = {"entry": self.index, **values}
        if "ordinal" in table.c:
            row["ordinal"] = len(rows)
        rows.append(row)

    def move(self, lot: str, party: str, why: str, change: Decimal) -> None:
        """Add to (or take from) what *party* holds of *lot*, in the lot's measure."""
        self.add(tables.stock, lot=lot, party=party, why=why, change=decimal_text(change))

    def count(self, account: str, change: Decimal) -> None:
        """Add to (or take from) an account of any kind; `running.total` tells what it has come to.

        An account is named like a subject: "input:heitu:urea:kg". What is void counts nowhere.
        """
        self.add(tables.running.tally, account=account, change=decimal_text(change))

    def of(self, table: Table) -> Sequence[Mapping[str, Any]]:
        """Return the rows of *table* so far."""
        return self._rows.get(table, ())

    def amount(self, lot: str, amount: Amount) -> Decimal:
        """Return *amount* in the measure of *lot*; nothing where no weight of a piece links the two."""
        measured = self.measures.amount_of(lot, amount)
        return Decimal(0) if measured is None else measured

    def leave_out(self, table: Table) -> None:
        """Write no row of *table*."""
        self._rows.pop(table, None)

    def write(self, connection: Connection) -> None:
        """Insert everything."""
        for table, rows in self._rows.items():
            insertion(table).write(connection, rows)


def add_flags(flags: Sequence[dict[str, Any]], told: Event | None, rows: Rows) -> None:
    """Add a row for each flag and each lot that it falls on."""
    own = lots_of(told)
    for each in flags:
        # What is held of a pack is held of its lot, and of all that is made of it.
        for lot in dict.fromkeys(gs1.lot_of(lot) for lot in each.get("lots") or own) or [None]:
            rows.add(
                tables.flag,
                rule=each["rule"],
                level=each["level"],
                lot=lot,
                told=canonical.dumps(each).decode(),
            )


def lots_of(event: Event | None) -> tuple[str, ...]:
    """Return the lots that a flag of *event* falls on: those that come out of it, else those it is about."""
    match event:
        case processing.Processed():
            return tuple(made.lot for made in event.outputs)
        case processing.Packed() | processing.Unpacked() | movement.Shipped() | movement.Received():
            return tuple(part.lot for part in event.parts)
        case partner.PartnerClaimed():
            items = event.outputs or (*event.objects, *event.children)
            return tuple(item.uri for item in items)
        case _:
            found = getattr(event, "lot", None)
            return () if found is None else (found,)


def add_items(told: Event, rows: Rows) -> None:
    """Add what went in, came out, or was handled, so that a lot's past and future are found by its name."""
    seen = occurrence.occurrence_of(told, index=rows.index)
    if seen is None:
        return
    for part, items in (("input", seen.inputs), ("output", seen.outputs), ("object", seen.objects)):
        for each in items:
            rows.add(tables.item, part=part, uri=each.uri, lot=gs1.lot_of(each.uri))
    _add_flows(seen, rows)
    if seen.parent is not None:
        rows.add(tables.item, part="parent", uri=seen.parent, lot=seen.parent)


def _add_flows(seen: occurrence.Occurrence, rows: Rows) -> None:
    if seen.kind == "birth":
        _add_flow(f"born {rows.index}", seen.objects, rows, goes_in=False)
    elif seen.kind == "transformation":
        # Events of one transformation id are one process told in parts (EPCIS 2.0, 7.4.6).
        process = f"id {seen.transformation}" if seen.transformation else str(rows.index)
        _add_flow(process, seen.inputs, rows, goes_in=True)
        _add_flow(process, seen.outputs, rows, goes_in=False)


def _add_flow(process: str, items: Sequence[partner.Item], rows: Rows, *, goes_in: bool) -> None:
    for each in items:
        lot, kg = gs1.lot_of(each.uri), kg_of(each.quantity, each.unit)
        rows.add(
            tables.running.flow,
            process=process,
            lot=lot,
            goes_in=goes_in,
            named=is_named(lot),
            kg=None if kg is None else decimal_text(kg),
        )


@lru_cache(maxsize=65_536)
def is_named(uri: str) -> bool:
    """Tell whether *uri* is the name of a lot; of others a packing may yet say that they carry lots."""
    try:
        return gs1.parse(uri).kind in {"lot", "own-lot"}
    except Invalid:
        return False


def lot_hash(lot: str) -> str:
    """Return the hex digits that a lot's short code is cut from."""
    return hashlib.sha256(b"jizihao/short/v1\0" + lot.encode()).hexdigest()


@singledispatch
def add_own(event: Event, rows: Rows) -> None:
    """Add the rows that only this kind of event has; some kinds have none."""
