"""What an append does to the tables, in the words of the database's own driver, because it does it so often.

For one row SQLAlchemy thinks longer than SQLite writes. So the statements that every group of entries needs
are spelt out here, and their rows are handed over all at once. PostgreSQL takes many rows fastest by COPY, in
its binary form (its manual, "COPY", section "Binary Format"):

    "PGCOPY\\n" FF 0D 0A 00 || u32 flags = 0 || u32 length of an extension = 0
    a row:  u16 fields = 3 || u32 8 || i64 index || u32 length || the entry || u32 32 || its leaf
    the end:  u16 FFFF
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from struct import Struct
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ledger import contention

EntryRow = tuple[int, bytes, bytes]
"""Index, bytes and leaf."""

TileRow = tuple[int, int, bytes, bytes]
"""Level, number, hashes and their root."""

HeadRow = tuple[int, bytes, bytes]
"""Size, frontier and note."""

_HEAD = "SELECT size, frontier, note FROM ledger_head"
# For each database, as its driver marks the places of values.
_INSERT = {
    "sqlite": 'INSERT INTO ledger_entry ("index", bytes, leaf) VALUES (?, ?, ?)',
    "postgresql": 'INSERT INTO ledger_entry ("index", bytes, leaf) VALUES (%s, %s, %s)',
}
_TILE = {
    "sqlite": 'INSERT INTO ledger_tile (level, "index", hashes, root) VALUES (?, ?, ?, ?)',
    "postgresql": 'INSERT INTO ledger_tile (level, "index", hashes, root) VALUES (%s, %s, %s, %s)',
}
_REPLACE = {
    "sqlite": "UPDATE ledger_head SET size = ?, frontier = ?, note = ? WHERE size = ? AND note = ?",
    "postgresql": "UPDATE ledger_head SET size = %s, frontier = %s, note = %s WHERE size = %s AND note = %s",
}
_COPY = 'COPY ledger_entry ("index", bytes, leaf) FROM STDIN (FORMAT BINARY)'
_COPY_START = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_END = b"\xff\xff"
_ROW = Struct(">HIqI")
_LEAF = (32).to_bytes(4)

# For so few rows one INSERT is sooner there and back than a COPY.
FEWEST_COPIED = 4


def begin(connection: Connection, statement: str) -> None:
    """Begin a transaction by *statement*, for a connection that is about to be in one."""
    with _lent(connection) as cursor:
        cursor.execute(statement)


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo whatever is done inside if it raises, and nothing before it."""
    with _cursor(connection) as cursor:
        cursor.execute("SAVEPOINT work")
    try:
        yield
    except BaseException:
        with _cursor(connection) as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT work")
            cursor.execute("RELEASE SAVEPOINT work")
        raise
    with _cursor(connection) as cursor:
        cursor.execute("RELEASE SAVEPOINT work")


def read_head(connection: Connection) -> HeadRow | None:
    """Return the row of the head, or None before the first entry."""
    with _cursor(connection) as cursor:
        row = cursor.execute(_HEAD).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def replace_head(connection: Connection, *, old_size: int, old_note: bytes, new: HeadRow) -> bool:
    """Put *new* in the place of the head, and return whether that was the old one still."""
    with _cursor(connection) as cursor:
        cursor.execute(_REPLACE[connection.dialect.name], (*new, old_size, old_note))
        return bool(cursor.rowcount == 1)


def insert_entries(connection: Connection, rows: Sequence[EntryRow]) -> None:
    """Write *rows*; the guards judge them as they judge every other INSERT."""
    name = connection.dialect.name
    with _cursor(connection) as cursor:
        if len(rows) == 1:
            cursor.execute(_INSERT[name], rows[0])
        elif name == "postgresql" and len(rows) >= FEWEST_COPIED:
            with cursor.copy(_COPY) as copying:
                copying.write(copy_bytes(rows))
        else:
            cursor.executemany(_INSERT[name], rows)


def insert_tile(connection: Connection, row: TileRow) -> None:
    """Write a tile that has become full."""
    with _cursor(connection) as cursor:
        cursor.execute(_TILE[connection.dialect.name], row)


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    """Lend a cursor of the driver, inside the transaction that *connection* is in."""
    if not connection.in_transaction():
        connection.begin()
    with _lent(connection) as cursor:
        yield cursor


@contextmanager
def _lent(connection: Connection) -> Iterator[Any]:
    driver: Any = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except driver.Error as why:
        # SQLAlchemy does not see what a driver raises behind its back.
        raise contention.verdict(why) or DBAPIError.instance(None, None, why, driver.Error) from why
    finally:
        cursor.close()


def copy_bytes(rows: Sequence[EntryRow]) -> bytes:
    """Spell *rows* as drawn above."""
    pieces = [_COPY_START]
    for index, entry, leaf in rows:
        pieces += (_ROW.pack(3, 8, index, len(entry)), entry, _LEAF, leaf)
    pieces.append(_COPY_END)
    return b"".join(pieces)
