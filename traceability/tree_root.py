"""The root of the log's tree at an earlier size, for a rule that must be repeated wherever the log is read.

Beside the log it is read from the stored tiles: a few hashes, however long the log is. Where an auditor
replays a log without its tables, it is made from the leaves that the derived tables name; both are equal.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, bindparam, select

from ledger import shelf, store
from ledger.merkle import Frontier, Hash
from ledger.tile import node_reader
from traceability import tables
from traceability.question import Question

_AT_ONCE = 4096


def _leaves_in(table: Table) -> Question:
    within = (table.c.entry >= bindparam("start"), table.c.entry < bindparam("end"))
    return Question(select(table.c.entry, table.c.leaf).distinct().where(*within))


_STATEMENTS, _KEYS = _leaves_in(tables.subject), _leaves_in(tables.key_record)


def root_at(connection: Connection, size: int) -> Hash:
    """Return the root of the tree over the first *size* entries, all of which are in the derived tables."""
    head = None
    if connection.dialect.has_table(connection, store.tiles.name):
        head = shelf.read_head(connection)
    if head is not None and size <= head.size:
        return Frontier.read(node_reader(shelf.tile_reader(connection), size), size).root()
    frontier = Frontier.empty() if head is None else head.frontier
    # What stands in the open transaction is not sealed yet, but told already.
    for leaf in _leaves(connection, frontier.size, size):
        frontier = frontier.appended(leaf)
    return frontier.root()


def _leaves(connection: Connection, start: int, end: int) -> Iterator[Hash]:
    for first in range(start, end, _AT_ONCE):
        part = {"start": first, "end": min(first + _AT_ONCE, end)}
        # The entry of a key stands in both tables.
        rows = (*_STATEMENTS.rows(connection, **part), *_KEYS.rows(connection, **part))
        leaves = {int(row.entry): bytes(row.leaf) for row in rows}
        yield from (leaves[entry] for entry in sorted(leaves))
