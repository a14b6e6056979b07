"""Statements read back from entries, each re-hashed on its way."""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, select

from ledger import store
from ledger.entry import Entry
from ledger.errors import Malformed, NotProven
from ledger.merkle import leaf_hash
from traceability.question import Question
from traceability.statement import Statement

ReadEntry = Callable[[Connection, int], Entry]
"""Returns the entry at an index, or raises where its bytes are not those that its leaf hash covers."""


_ENTRY = Question(
    select(store.entries.c.bytes, store.entries.c.leaf).where(store.entries.c.index == bindparam("place"))
)


def stored_entry(connection: Connection, index: int) -> Entry:
    """Return the entry at *index* of the log in the same database, sealed or in the open transaction."""
    row = _ENTRY.first(connection, place=index)
    if row is None:
        raise NotProven("the log holds no such entry", facts={"index": index})
    content = bytes(row.bytes)
    if leaf_hash(content) != bytes(row.leaf):
        raise NotProven("the entry's bytes are not those that were sealed", facts={"index": index})
    return Entry.parse(content)


class Reader:
    """A connection to the derived tables, and the entries that they point to."""

    def __init__(self, connection: Connection, read_entry: ReadEntry = stored_entry) -> None:
        self.connection = connection
        self._read_entry = read_entry

    def entry(self, index: int) -> Entry:
        """Return the entry at *index*."""
        return self._read_entry(self.connection, index)

    def statement(self, index: int) -> Statement:
        """Return the statement that the entry at *index* records."""
        record = self.entry(index).record
        if record.get("kind") != "statement":
            raise Malformed("the entry holds no statement", facts={"index": index})
        return Statement.parse(record["statement"])
