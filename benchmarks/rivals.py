"""What else one could have: the same records, durable, kept by other means.

plain      a table through SQLAlchemy, one commit for each record: what a team writes by hand
bare       the standard library's sqlite3 in a loop of groups, with chain, tree and signed checkpoint, and
           nothing else: no guards, no tiles, no mark, no threads, no other process
pymerkle   the Merkle tree in SQLite of pymerkle (GPL; installed for this comparison alone)
"""

import sqlite3
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import pymerkle
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, create_engine, event, insert

from ledger.note import Ed25519Signer

_METADATA = MetaData()
_RECORDS = Table(
    "record",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
# Who waits for a connection or for the database's lock waits as long as it takes.
_PATIENCE_SECONDS = 120

Append = Callable[[bytes], object]
AppendMany = Callable[[Sequence[bytes]], object]


@contextmanager
def plain(url: str) -> Iterator[Append]:
    """Yield what writes one record in a transaction of its own."""
    waits = {"timeout": _PATIENCE_SECONDS} if url.startswith("sqlite") else {}
    engine = create_engine(url, connect_args=waits, pool_timeout=_PATIENCE_SECONDS)
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _prepare)
    _METADATA.drop_all(engine)
    _METADATA.create_all(engine)

    def append(record: bytes) -> None:
        with engine.begin() as connection:
            connection.execute(insert(_RECORDS), {"body": record})

    yield append
    engine.dispose()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL").close()
    connection.execute("PRAGMA synchronous = FULL").close()


@contextmanager
def bare(folder: Path, signer: Ed25519Signer) -> Iterator[AppendMany]:
    """Yield what writes a group of records with chain, tree and signed checkpoint in one transaction."""
    with closing(sqlite3.connect(folder / "bare.sqlite", isolation_level=None)) as connection:
        _prepare(connection, None)
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, bytes BLOB, leaf BLOB)")
        connection.execute("CREATE TABLE head (size INTEGER, frontier BLOB, note BLOB)")
        connection.execute("INSERT INTO head VALUES (0, x'', x'')")
        yield _Loop(connection, signer).append_many


class _Loop:
    """A chain, a tree and their checkpoint, kept by hand."""

    def __init__(self, connection: sqlite3.Connection, signer: Ed25519Signer) -> None:
        self._connection = connection
        self._signer = signer
        self._size = 0
        self._prev = bytes(32)
        self._nodes: list[bytes] = []

    def append_many(self, records: Sequence[bytes]) -> None:
        rows = [self._row(record) for record in records]
        root = self._nodes[-1]
        for node in reversed(self._nodes[:-1]):
            root = sha256(b"\x01" + node + root).digest()
        text = b"bench.example/log\n%d\n%s" % (self._size, b2a_base64(root))
        head = (self._size, b"".join(self._nodes), text + self._signer.sign(text))
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        self._connection.execute("UPDATE head SET size = ?, frontier = ?, note = ?", head)
        self._connection.execute("COMMIT")

    def _row(self, record: bytes) -> tuple[int, bytes, bytes]:
        index, link = self._size, b2a_base64(self._prev, newline=False)
        entry = b'{"at":"2026-09-21T08:00:00.000000Z","index":%d,"prev":"%s","record":%s,"v":1}' % (
            index,
            link,
            record,
        )
        node = self._prev = leaf = sha256(b"\x00" + entry).digest()
        while index & 1:
            node = sha256(b"\x01" + self._nodes.pop() + node).digest()
            index >>= 1
        self._nodes.append(node)
        self._size += 1
        return self._size - 1, entry, leaf


@contextmanager
def merkle_tree(folder: Path) -> Iterator[AppendMany]:
    """Yield what appends a group of records to pymerkle's tree in one transaction."""
    with pymerkle.SqliteTree(str(folder / "pymerkle.sqlite")) as tree:
        yield lambda records: tree.append_entries(records, chunksize=len(records))
