"""How a lot was kept on its way: what loggers read, and in which range it ought to be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ledger.canonical import instant_of
from traceability import goods, tables
from traceability.cold_chain import Range
from traceability.reading import Reader
from traceability.rule_tables.moving import ColdChainRow
from traceability.tables import moving as moving_tables


@dataclass(frozen=True, slots=True)
class Logged:
    """One log of a lot: by whom, since when, how many readings, and the lowest and highest of them."""

    entry: int
    by: str
    form: str
    start: datetime
    readings: int
    minimum: Decimal
    maximum: Decimal


def of_lot(reader: Reader, lot: str) -> list[Logged]:
    """Return what was logged beside *lot*, in the order of the log."""
    table = moving_tables.temperature
    return [
        Logged(
            row.entry,
            row.by,
            row.form,
            instant_of(row.start),
            row.readings,
            Decimal(row.minimum),
            Decimal(row.maximum),
        )
        for row in reader.connection.execute(tables.standing(table, table.c.lot == lot))
    ]


def ranges_of(reader: Reader, lot: str, form: str, rows: Iterable[ColdChainRow]) -> Iterator[Range]:
    """Yield the range that the maker of *lot* declared for that form, or else what is usual for such."""
    known = goods.known_lot(reader.connection, lot)
    if known is None or known.product is None:
        return
    table = moving_tables.keeping
    of = (table.c.party == known.product.party, table.c.product == known.product.product)
    declared = [
        row
        for row in reader.connection.execute(tables.standing(table, *of, table.c.form == form))
        if row.lowest is not None or row.highest is not None
    ]
    if declared:
        last = declared[-1]
        yield Range(_degrees(last.lowest), _degrees(last.highest), last.tolerated_minutes)
        return
    for row in rows:
        if row.commodity == known.product.commodity and row.form == form:
            yield Range(row.lowest, row.highest, row.tolerated_minutes)


def _degrees(text: Any) -> Decimal | None:
    return None if text is None else Decimal(text)
