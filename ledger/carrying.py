"""Whole tables carried from one database into another, whichever engine each of the two runs on.

Rows travel in the order of their keys, a batch at a time: memory does not grow with the log, and the guards
of the new database find each entry right behind the last. What was carried is told by its fingerprint, a
SHA-256 over the rows in this order; tables that hold the same have the same one on any engine.

    row     each of its values as  <letter><length>:<bytes>      n nothing, i integer, s text, b bytes
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, Table, collate, func, insert, select

BATCH = 256
"""How many rows travel together: entries may be large."""

Progress = Callable[[int], None]
"""Called with how many rows of the table are done."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How many rows a table holds, and the fingerprint over them."""

    rows: int
    fingerprint: str


def carry(
    source: Connection, target: Connection, table: Table, progress: Progress = lambda _done: None
) -> Carried:
    """Insert every row of *table* in *source* into the same table of *target*, and tell what they were."""
    digest, count = hashlib.sha256(), 0
    for batch in _batches(source, table):
        digest.update(b"".join(map(_spelt, batch)))
        _put(target, table, batch)
        count += len(batch)
        progress(count)
    return Carried(count, digest.hexdigest())


def _put(target: Connection, table: Table, rows: Sequence[Any]) -> None:
    if target.dialect.name != "postgresql":
        target.execute(insert(table), [dict(row._mapping) for row in rows])
        return
    # PostgreSQL takes many rows fastest by COPY, and its guards are asked once for all of them.
    quote = target.dialect.identifier_preparer
    columns = ", ".join(quote.quote(column.name) for column in table.columns)
    cursor: Any = target.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote.format_table(table)} ({columns}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(tuple(row))


def read_again(connection: Connection, table: Table) -> Carried:
    """Tell what *table* holds, as `carry` tells it."""
    digest, count = hashlib.sha256(), 0
    for batch in _batches(connection, table):
        digest.update(b"".join(map(_spelt, batch)))
        count += len(batch)
    return Carried(count, digest.hexdigest())


def row_count(connection: Connection, table: Table) -> int:
    """Return how many rows *table* has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    # Two databases sort letters alike only by their bytes.
    bytewise = "C" if connection.dialect.name == "postgresql" else "BINARY"
    order = [collate(key, bytewise) if isinstance(key.type, String) else key for key in table.primary_key]
    found = connection.execute(select(table).order_by(*order), execution_options={"yield_per": BATCH})
    return found.partitions()


def _spelt(row: Any) -> bytes:
    return b"".join(map(_spelt_value, row))


def _spelt_value(value: Any) -> bytes:
    if value is None:
        return b"n0:"
    if isinstance(value, bytes | memoryview):
        kind, spelt = b"b", bytes(value)
    elif isinstance(value, int):
        kind, spelt = b"i", b"%d" % value
    else:
        kind, spelt = b"s", str(value).encode()
    return b"%b%d:%b" % (kind, len(spelt), spelt)
