"""The rows that a witness keeps, and one small function for each thing it asks of them.

    witness_identity   id = 1, name, vkeys                    whose state this is
    witness_log        vkey, origin                           whose checkpoints are cosigned
    witness_seen       origin, size, root, note, at           the largest tree cosigned of each log, and when
    witness_evidence   origin, text, what, kept, shown, at    two notes that a log has signed, as they stand

A log that changes its key has several rows in witness_log. Nothing here opens or ends a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from ledger.keys import VerifierKey
from ledger.note import Note
from ledger.witness import FORK, UNPROVEN, Admitted, Seen

MOST_KEPT = 100
"""Of each kind of evidence so many notes of one log: neither a liar nor who replays it fills our disk."""

metadata = MetaData()

identity = Table(
    "witness_identity",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("vkeys", String, nullable=False),
    CheckConstraint("id = 1", name="witness_identity_one"),
)
logs = Table(
    "witness_log",
    metadata,
    Column("vkey", String, primary_key=True),
    Column("origin", String, nullable=False),
)
seen = Table(
    "witness_seen",
    metadata,
    Column("origin", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("length(root) = 32", name="witness_seen_root"),
)
evidence = Table(
    "witness_evidence",
    metadata,
    Column("origin", String, primary_key=True),
    Column("text", String, primary_key=True),
    Column("what", String, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    Column("shown", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two notes of one log: the one that was cosigned, and the one that does not go on from it.

    *what* is `witness.FORK` or `witness.UNPROVEN`; *at* the POSIX second at which the second one was shown.
    """

    origin: str
    what: str
    kept: bytes
    shown: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The largest tree of a log that was cosigned, under which note, at which POSIX second."""

    tree: Seen
    note: bytes
    at: int


def read_identity(connection: Connection) -> tuple[str, list[str]] | None:
    """Return the name and the verifier keys that the state belongs to."""
    row = connection.execute(select(identity.c.name, identity.c.vkeys)).one_or_none()
    return None if row is None else (row.name, row.vkeys.split("\n"))


def write_identity(connection: Connection, name: str, keys: Sequence[VerifierKey]) -> None:
    """Make the tables, and bind them to *keys*."""
    metadata.create_all(connection)
    vkeys = "\n".join(key.text() for key in keys)
    connection.execute(insert(identity), {"id": 1, "name": name, "vkeys": vkeys})


def read_logs(connection: Connection) -> dict[str, tuple[VerifierKey, ...]]:
    """Return the keys of each log that is witnessed, by its origin."""
    found: dict[str, tuple[VerifierKey, ...]] = {}
    for row in connection.execute(select(logs).order_by(logs.c.origin, logs.c.vkey)):
        found[row.origin] = (*found.get(row.origin, ()), VerifierKey.parse(row.vkey))
    return found


def add_log(connection: Connection, key: VerifierKey) -> None:
    """Trust *key* for the log of its name."""
    if connection.execute(select(logs).where(logs.c.vkey == key.text())).first() is None:
        connection.execute(insert(logs), {"vkey": key.text(), "origin": key.name})


def remove_log(connection: Connection, key: VerifierKey) -> bool:
    """Trust *key* no more; say whether it was trusted."""
    return connection.execute(delete(logs).where(logs.c.vkey == key.text())).rowcount == 1


def read_latest(connection: Connection, origin: str) -> Latest | None:
    """Return what was cosigned last of the log *origin*."""
    row = connection.execute(select(seen).where(seen.c.origin == origin)).one_or_none()
    return None if row is None else Latest(Seen(row.size, bytes(row.root)), bytes(row.note), row.at)


def last_time(connection: Connection) -> int:
    """Return the latest POSIX second at which anything was cosigned, 0 before the first."""
    return connection.execute(select(func.max(seen.c.at))).scalar() or 0


def keep_seen(connection: Connection, origin: str, tree: Seen, note: Note, at: int) -> None:
    """Put *tree* in the place of what was cosigned last."""
    row = {"size": tree.size, "root": tree.root, "note": note.bytes(), "at": at}
    if connection.execute(update(seen).where(seen.c.origin == origin).values(row)).rowcount == 0:
        connection.execute(insert(seen), {"origin": origin, **row})
    # What could not be shown to extend our tree has now been shown to be it.
    refuted = (evidence.c.origin == origin) & (evidence.c.text == note.text) & (evidence.c.what == UNPROVEN)
    connection.execute(delete(evidence).where(refuted))


def keep_evidence(connection: Connection, asked: Admitted, what: str, kept: bytes, at: int) -> None:
    """Keep both notes, each text once, with the lines of the log alone."""
    of_log = evidence.c.origin == asked.origin
    this = of_log & (evidence.c.text == asked.note.text)
    kept_so_far = select(func.count()).select_from(evidence).where(of_log, evidence.c.what == what)
    if connection.execute(kept_so_far).scalar_one() >= MOST_KEPT:
        return
    if what == FORK:
        # Shown too early, beside a smaller tree, it proved nothing; it must not stand in the way now.
        connection.execute(delete(evidence).where(this, evidence.c.what == UNPROVEN))
    if connection.execute(select(evidence.c.what).where(this)).first() is not None:
        return
    row = {"origin": asked.origin, "text": asked.note.text, "what": what, "at": at}
    connection.execute(insert(evidence), {**row, "kept": kept, "shown": asked.note.bytes()})


def read_evidence(connection: Connection) -> list[Evidence]:
    """Return all that was kept against logs, the oldest first."""
    rows = connection.execute(select(evidence).order_by(evidence.c.at, evidence.c.origin, evidence.c.text))
    return [Evidence(row.origin, row.what, bytes(row.kept), bytes(row.shown), row.at) for row in rows]
