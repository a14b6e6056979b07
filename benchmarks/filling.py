"""A large log made in little time: the rows that a log of that size has, written in bulk.

    entries  →  tiles of every level  →  one sealed head, published once

The rows are those that `ledger.log` would write, and `ledger.fsck` finds nothing wrong with them. Only the
way is shorter: the database file is new, so nothing needs to be durable before it is whole.
"""

import sqlite3
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from ledger import canonical, store
from ledger.checkpoint import Checkpoint
from ledger.cosignature import MLDSA44Cosigner
from ledger.dsse import KEY, STATEMENT, AuthorKey, pae
from ledger.highwater import FileHighWater
from ledger.keys import VerifierKey
from ledger.merkle import Frontier, Hash, root_of
from ledger.note import Ed25519Signer, signed
from ledger.spelling import base64_text
from ledger.tile import FULL

ORIGIN = "bench.example/log"
SIGNER = Ed25519Signer(ORIGIN, sha256(b"benchmark log key").digest())
COSIGNER = MLDSA44Cosigner(ORIGIN, sha256(b"benchmark log key for later").digest())
KEYS: tuple[VerifierKey, ...] = (SIGNER.key, COSIGNER.key)
REGISTRAR = AuthorKey(sha256(b"registrar").digest())
AUTHOR = AuthorKey(sha256(b"author").digest())

_AROUND = len(b'{"at":"","index":0000000,"prev":"","record":,"v":1}') + 27 + 44
_ROWS = 4096

RecordAt = Callable[[int], bytes]
"""The canonical bytes of the record at an index."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A log on disk: where, how large, and how many bytes its entries have."""

    path: Path
    size: int
    entry_bytes: int

    def engine(self) -> Engine:
        """Return an engine on it; dispose of it when done."""
        return store.engine_for(f"sqlite:///{self.path}")

    def high_water(self) -> FileHighWater:
        """Return the mark that goes with it."""
        return FileHighWater(self.path.with_suffix(".high-water"))


def _at(index: int) -> bytes:
    """Spell a moment a millisecond after the one of the entry before, within one day."""
    minutes, milliseconds = divmod(index, 60_000)
    return b"2026-09-21T%02d:%02d:%02d.%03d000Z" % (*divmod(minutes, 60), *divmod(milliseconds, 1000))


def plain_record(index: int) -> bytes:
    """Return a record that makes an entry of 512 bytes, another for each index."""
    head = b'{"kind":"trial","links":{},"number":%d,"padding":"' % index
    digits = 7 - len(b"%d" % index)
    return head + b"x" * (512 - _AROUND + digits - len(head) - 2) + b'"}'


def signed_record(index: int) -> bytes:
    """Return an opening, a key, and then statements that their author has signed."""
    if index == 0:
        return canonical.dumps(_opening())
    return canonical.dumps(_grant()) if index == 1 else canonical.dumps(_statement(index))


def _opening() -> canonical.Json:
    opening = {
        "formats": {"entry": 1, "key": 1, "sealed": 1, "statement": 1},
        "origin": ORIGIN,
        "registrars": [{"key": base64_text(REGISTRAR.public), "party": "operator"}],
        "rules": "0" * 64,
        "v": 1,
        "vkeys": [key.text() for key in KEYS],
    }
    return {"kind": "log-opened", "links": {}, "opening": opening}


def _grant() -> canonical.Json:
    grant: dict[str, canonical.Json] = {
        "custody": "author",
        "key": base64_text(AUTHOR.public),
        "log": ORIGIN,
        "party": "farm",
    }
    grant |= {"role": "cooperative", "v": 1}
    message = pae(KEY, canonical.dumps(grant))
    sigs = [{"key": each.id, "sig": base64_text(each.sign(message))} for each in (REGISTRAR, AUTHOR)]
    return {"grant": grant, "kind": "key", "links": {}, "sigs": sigs}


def _statement(index: int) -> canonical.Json:
    event = {"amount": "50", "at": "2026-09-20T00:30:00.000000Z", "kind": "input-bought", "number": index}
    identity = f"urn:uuid:00000000-0000-4000-8000-{index:012x}"
    statement = {"by": "farm", "event": event, "id": identity, "log": ORIGIN, "v": 1}
    line = {"key": AUTHOR.id, "sig": base64_text(AUTHOR.sign(pae(STATEMENT, canonical.dumps(statement))))}
    ruling = {"flags": [], "rules": "0" * 64, "source": "own"}
    return {"kind": "statement", "links": {}, "ruling": ruling, "sigs": [line], "statement": statement}


def fill(folder: Path, size: int, record_at: RecordAt = plain_record) -> Filled:
    """Write a log of *size* entries into a new database in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    filled = Filled(folder / "ledger.sqlite", size, 0)
    engine = filled.engine()
    try:
        store.create(engine)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as connection:
        return _written(connection, filled, record_at)


def _written(connection: sqlite3.Connection, filled: Filled, record_at: RecordAt) -> Filled:
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}").close()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    rows = _Rows(connection)
    connection.execute("BEGIN")
    octets = rows.write(filled.size, record_at)
    checkpoint = Checkpoint(ORIGIN, filled.size, rows.frontier.root())
    sealed = signed(checkpoint.text(), SIGNER)
    head = (1, filled.size, rows.frontier.to_bytes(), sealed.bytes())
    connection.execute("INSERT INTO ledger_head (id, size, frontier, note) VALUES (?, ?, ?, ?)", head)
    published = (filled.size, signed(checkpoint.text(), SIGNER, COSIGNER).bytes())
    connection.execute("INSERT INTO ledger_published (size, note) VALUES (?, ?)", published)
    for _, sql in triggers:
        connection.execute(sql)
    connection.execute("COMMIT")
    for pragma in ("locking_mode = NORMAL", "journal_mode = WAL"):
        connection.execute(f"PRAGMA {pragma}").close()
    filled.high_water().raise_to(sealed)
    return Filled(filled.path, filled.size, octets)


class _Rows:
    """The rows of a log while it grows, tile by tile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._hashes: dict[int, list[Hash]] = {0: []}
        self._tiles: list[tuple[int, int, bytes, bytes]] = []
        self._prev = bytes(32)

    @property
    def frontier(self) -> Frontier:
        """The right edge of the tree: what each level has beyond its full tiles."""
        size = self._size
        nodes: list[Hash] = []
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                row, height = divmod(level, 8)
                first = (size >> level + 1 << level + 1) >> row * 8
                start = first % FULL
                nodes.append(root_of(self._hashes[row][start : start + (1 << height)]))
        return Frontier(size, tuple(nodes))

    def write(self, size: int, record_at: RecordAt) -> int:
        """Write all entries and tiles; return how many bytes the entries have."""
        self._size, octets = size, 0
        for start in range(0, size, _ROWS):
            rows = list(self._entries(start, min(start + _ROWS, size), record_at))
            octets += sum(len(row[1]) for row in rows)
            self._connection.executemany(
                'INSERT INTO ledger_entry ("index", bytes, leaf) VALUES (?, ?, ?)', rows
            )
            self._connection.executemany(
                'INSERT INTO ledger_tile (level, "index", hashes, root) VALUES (?, ?, ?, ?)', self._tiles
            )
            self._tiles.clear()
        return octets

    def _entries(self, start: int, end: int, record_at: RecordAt) -> Iterator[tuple[int, bytes, Hash]]:
        for index in range(start, end):
            link = b2a_base64(self._prev, newline=False)
            spelt = b'{"at":"%b","index":%d,"prev":"%b","record":%b,"v":1}' % (
                _at(index),
                index,
                link,
                record_at(index),
            )
            self._prev = sha256(b"\0" + spelt).digest()
            self._add(0, index, self._prev)
            yield index, spelt, self._prev

    def _add(self, level: int, index: int, node: Hash) -> None:
        hashes = self._hashes.setdefault(level, [])
        hashes.append(node)
        if len(hashes) == FULL:
            root = root_of(hashes)
            self._tiles.append((level, index // FULL, b"".join(hashes), root))
            hashes.clear()
            self._add(level + 1, index // FULL, root)
