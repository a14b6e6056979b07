"""What a witness must never forget: which trees it has cosigned, of which logs, and with which key.

    <folder>/witness-key       its two secrets, see keyfile.py; readable by its owner alone
    <folder>/witness.sqlite3   its rows, see witness_rows.py; bound to that key

A witness that forgets can be made to cosign a second history. So state and key belong together: where one of
them is missing, or belongs to another, nothing is opened and nothing is signed.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from ledger import keyfile, store, witness_rows
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.errors import LedgerError, Unsafe
from ledger.keyfile import LogKeys, Passphrase
from ledger.keys import VerifierKey
from ledger.witness import Admitted, Answer, Refused, Seen, admitted, check_grown, cosigned
from ledger.witness_rows import Evidence

KEY_FILE, STATE_FILE = "witness-key", "witness.sqlite3"

NOT_EMPTY = "there is a key or a state in this folder already"
NO_KEY = "the witness's key is missing"
NO_STATE = "the witness's state is missing"
NOT_ITS_OWN = "the state is that of another key"
UNREADABLE = "the witness's state cannot be read"
EXPOSED = "others can read the witness's key"
CLOCK_WENT_BACK = "the clock has gone back"
REASONS = (NOT_EMPTY, NO_KEY, NO_STATE, NOT_ITS_OWN, UNREADABLE, EXPOSED, CLOCK_WENT_BACK)
"""Why a witness is not made or not opened; each is told in a sentence of its own."""

SLACK_SECONDS = 60
"""A clock further behind refuses the start; one less far behind refuses requests until it has caught up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one log was cosigned: *size* entries, at the POSIX second *at*; 0 and 0 before the first."""

    origin: str
    keys: tuple[VerifierKey, ...]
    size: int
    at: int


def create(folder: Path, name: str, passphrase: Passphrase = None) -> tuple[VerifierKey, ...]:
    """Make the key and the empty state of a new witness, and return its public keys.

    Raises `Unsafe` where there is either already: a key that has lost its state must never sign again.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / KEY_FILE).exists() or (folder / STATE_FILE).exists():
        raise Unsafe(NOT_EMPTY, facts={"folder": str(folder)})
    keys = LogKeys.drawn()
    public = tuple(each.key for each in _cosigners(name, keys))
    # 1. The state, bound to a key that nobody holds yet. A crash here leaves a folder that nothing opens.
    engine = _engine(folder)
    try:
        with store.writing(engine) as connection:
            witness_rows.write_identity(connection, name, public)
    finally:
        engine.dispose()
    # 2. The key. From here on the two belong together.
    keyfile.write(folder / KEY_FILE, keys, passphrase)
    return public


class WitnessState:
    """The state of one witness, opened with its key. Several threads may use it."""

    def __init__(self, engine: Engine, cosigners: Sequence[Ed25519Cosigner | MLDSA44Cosigner]) -> None:
        self._engine = engine
        self._cosigners = tuple(cosigners)

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """The public keys of the witness: Ed25519, and ML-DSA-44."""
        return tuple(each.key for each in self._cosigners)

    # Whose checkpoints are cosigned.

    def add_logs(self, keys: Sequence[VerifierKey]) -> None:
        """Cosign from now on what these keys have signed; the name of a log's key is its origin."""
        with store.writing(self._engine) as connection:
            for key in keys:
                witness_rows.add_log(connection, key)

    def remove_log(self, key: VerifierKey) -> bool:
        """Trust *key* no more, and say whether it was trusted. What was cosigned is not forgotten."""
        with store.writing(self._engine) as connection:
            return witness_rows.remove_log(connection, key)

    # Cosigning.

    def answer(self, body: bytes, clock: Callable[[], int]) -> Answer:
        """Return what to answer to an add-checkpoint request, once that can be lost no more.

        *clock* gives POSIX seconds. It is read in the log's turn, so that times follow the order of answers.
        """
        with store.snapshot(self._engine) as connection:
            logs = witness_rows.read_logs(connection)
        try:
            asked = admitted(body, logs)
        except Refused as refused:
            return refused.answer
        # 1. Our turn: nobody else reads or changes what was cosigned until this transaction has ended.
        with store.writing(self._engine) as connection:
            # 2. The decision, the lines, and the new tree in the place of the old one. A crash here undoes it
            #    all, and nobody has seen the lines.
            # 3. The transaction ends before we return: the new tree is durable. A crash then loses the
            #    answer; the log asks again, is told the new size, and goes on from there.
            return self._decided(connection, asked, clock())

    def _decided(self, connection: Connection, asked: Admitted, at: int) -> Answer:
        last = witness_rows.read_latest(connection, asked.origin)
        try:
            check_grown(asked, Seen() if last is None else last.tree)
        except Refused as refused:
            if refused.evidence and last is not None:
                witness_rows.keep_evidence(connection, asked, refused.evidence, last.note, at)
            return refused.answer
        if at < witness_rows.last_time(connection):
            return Answer(503, f"{CLOCK_WENT_BACK}\n")
        found = cosigned(asked, self._cosigners, at)
        if found.seen is not None and found.note is not None:
            witness_rows.keep_seen(connection, found.origin, found.seen, found.note, at)
        return found

    # Showing.

    def latest(self, origin_digest: str) -> bytes | None:
        """Return the latest cosigned note of the log whose origin has this SHA-256 in hex, or None."""
        with store.snapshot(self._engine) as connection:
            for origin in witness_rows.read_logs(connection):
                if sha256(origin.encode()).hexdigest() == origin_digest:
                    found = witness_rows.read_latest(connection, origin)
                    return None if found is None else found.note
        return None

    def standings(self) -> list[Standing]:
        """Return how far each log was cosigned."""
        with store.snapshot(self._engine) as connection:
            return [_standing(connection, *log) for log in witness_rows.read_logs(connection).items()]

    def evidence(self) -> list[Evidence]:
        """Return all that was kept against logs, the oldest first."""
        with store.snapshot(self._engine) as connection:
            return witness_rows.read_evidence(connection)

    # Opening.

    def check_clock(self, now: int) -> None:
        """Raise `Unsafe` if the POSIX second *now* is well before the last one that was signed."""
        with store.snapshot(self._engine) as connection:
            last = witness_rows.last_time(connection)
        if now < last - SLACK_SECONDS:
            raise Unsafe(CLOCK_WENT_BACK, facts={"now": now, "last": last})


@contextmanager
def opened(folder: Path, passphrase: Passphrase = None) -> Iterator[WitnessState]:
    """Hold the witness in *folder* open; raise `Unsafe` unless its state is there and belongs to its key."""
    for name, reason in ((KEY_FILE, NO_KEY), (STATE_FILE, NO_STATE)):
        if not (folder / name).is_file():
            raise Unsafe(reason, facts={"folder": str(folder)})
    key_file = folder / KEY_FILE
    if os.name == "posix" and stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        raise Unsafe(EXPOSED, facts={"file": str(key_file)})
    keys = keyfile.read(key_file, passphrase)
    engine = _engine(folder)
    try:
        yield WitnessState(engine, _bound(engine, keys, folder))
    finally:
        engine.dispose()


def _bound(engine: Engine, keys: LogKeys, folder: Path) -> tuple[Ed25519Cosigner, MLDSA44Cosigner]:
    """Return what cosigns with *keys*, if the state is theirs."""
    try:
        with store.snapshot(engine) as connection:
            found = witness_rows.read_identity(connection)
            # Read now what every answer rests on: a damaged state is better found before the first request.
            for origin in witness_rows.read_logs(connection):
                witness_rows.read_latest(connection, origin)
    except (DatabaseError, LedgerError) as why:
        raise Unsafe(UNREADABLE, facts={"folder": str(folder), "reason": _first_line(why)}) from why
    name, vkeys = found or ("", [])
    cosigners = _cosigners(name, keys) if name else None
    if cosigners is None or [each.key.text() for each in cosigners] != vkeys:
        raise Unsafe(NOT_ITS_OWN, facts={"folder": str(folder), "name": name})
    return cosigners


def _standing(connection: Connection, origin: str, keys: tuple[VerifierKey, ...]) -> Standing:
    found = witness_rows.read_latest(connection, origin)
    return Standing(origin, keys, 0 if found is None else found.tree.size, 0 if found is None else found.at)


def _cosigners(name: str, keys: LogKeys) -> tuple[Ed25519Cosigner, MLDSA44Cosigner]:
    return Ed25519Cosigner(name, keys.ed25519), MLDSA44Cosigner(name, keys.mldsa44)


def _engine(folder: Path) -> Engine:
    # One file, WAL and synchronous FULL: a commit is on the disk before it returns.
    return store.engine_for(f"sqlite:///{folder / STATE_FILE}")


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]
