"""A log as its owner knows it: append records, seal them under a signed checkpoint, prove them to others.

    log = Log(engine, "nongye.example/2026", signer, FileHighWater(path), clock)
    log.check_start()                          refuse to go on from a database that lost something
    with Writer(log) as writer:                see writer.py
        writer.submit(lambda session: log.append(session, [record])).result()
    log.proof(0).bytes()                       what anybody can check without us

A log never signs two texts of one size. Where it cannot be sure of that it raises `Unsafe` and signs nothing.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from ledger import shelf, start
from ledger.canonical import Json, instant_of
from ledger.checkpoint import Checkpoint
from ledger.entry import BEFORE_THE_FIRST, Entry
from ledger.errors import NotProven
from ledger.highwater import HighWater
from ledger.keys import VerifierKey
from ledger.merkle import (
    Frontier,
    Hash,
    check_inclusion,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
)
from ledger.note import Ed25519Signer, Note, Signature, Signer, signed, with_lines
from ledger.proof import TlogProof
from ledger.session import Session, Tip
from ledger.shelf import Head
from ledger.store import appending, snapshot, writing
from ledger.tile import FULL, Bundle, Tile, format_bundle, node_reader, remembering

PATIENCE = (0.02, 0.1, 0.5)
"""Seconds to wait, again and again, for a mark that another process is about to raise for the first time."""

WITNESSED_SOUGHT = 256
"""How many of the latest cosigned notes are looked through for one that enough witnesses have seen."""


class Stored(NamedTuple):
    """An entry as it was read, and its bytes, which have just been hashed again."""

    entry: Entry
    spelt: bytes


class Log:
    """One log: its tables, its name, its key and its mark."""

    def __init__(
        self,
        engine: Engine,
        origin: str,
        signer: Ed25519Signer,
        high_water: HighWater,
        clock: Callable[[], datetime],
        *,
        publish_signers: Sequence[Signer] = (),
        co_signers: Sequence[Ed25519Signer] = (),
        former: Sequence[VerifierKey] = (),
    ) -> None:
        self.engine = engine
        self.origin = origin
        self.signer = signer
        self.high_water = high_water
        self.clock = clock
        self.publish_signers = tuple(publish_signers)
        # While the log's key changes two seal together; the keys before them still vouch for older notes.
        self.sealers = (signer, *co_signers)
        self.former = tuple(former)
        self._nodes: dict[tuple[int, int], Hash] = {}
        self._keys = (*(each.key for each in (*self.sealers, *self.publish_signers)), *self.former)

    # What the writer asks for, inside its transaction.

    def append(self, session: Session, records: Sequence[dict[str, Json]]) -> range:
        """Append *records* in the session's transaction; their places stand once it is sealed."""
        return session.append(records)

    def tip(self, connection: Connection, known: Tip | None = None) -> Tip:
        """Return where the log ends, or raise `Unsafe` if it ends before the mark.

        *known* is a tip whose head this process sealed itself: where that head still stands, it is returned.
        """
        head = shelf.read_head(connection, None if known is None else known.head)
        start.check_reaches(head, self.high_water.read())
        if known is not None and head is known.head:
            return known
        if head is not None:
            start.check_knows(head.note, self.origin, self._keys)
        if head is None:
            return Tip(None, Frontier.empty(), BEFORE_THE_FIRST, None)
        spelt = shelf.checked_entries(connection, head.size - 1, head.size)[0]
        return Tip(head, head.frontier, leaf_hash(spelt), instant_of(Entry.parse(spelt).at))

    def seal(self, connection: Connection, tip: Tip) -> Tip:
        """Sign the tree that *tip* has grown to and make it the head; return the tip with that head."""
        note = signed(Checkpoint(self.origin, tip.size, tip.frontier.root()).text(), *self.sealers)
        head = Head(tip.frontier, note)
        shelf.replace_head(connection, old=tip.head, new=head)
        return Tip(head, tip.frontier, tip.prev, tip.at)

    # Reading.

    def size(self) -> int:
        """Return how many entries are sealed."""
        with snapshot(self.engine) as connection:
            head = shelf.read_head(connection)
            return 0 if head is None else head.size

    def head(self) -> tuple[Checkpoint, Note]:
        """Return the latest sealed checkpoint, or raise `NotProven` before the first entry."""
        with snapshot(self.engine) as connection:
            found = _head_of(connection)
            return found.checkpoint(), found.note

    def entry(self, index: int) -> Stored:
        """Return the entry at *index*, hashed again; `NotProven` if there is none or it has been altered."""
        with snapshot(self.engine) as connection:
            spelt = shelf.checked_entries(connection, index, index + 1)[0]
        return Stored(Entry.parse(spelt), spelt)

    def entries(self, first: int, end: int) -> list[Stored]:
        """Return the entries from *first* to before *end*, as `entry` returns one."""
        with snapshot(self.engine) as connection:
            found = shelf.checked_entries(connection, first, end)
        return [Stored(Entry.parse(spelt), spelt) for spelt in found]

    def inclusion(self, index: int, size: int) -> tuple[Hash, ...]:
        """Return the path of the entry at *index* in the tree of *size*."""
        with snapshot(self.engine) as connection:
            return self._path(connection, index, size)

    def consistency(self, old: int, size: int) -> tuple[Hash, ...]:
        """Return the proof that the tree of *size* begins with that of *old*."""
        with snapshot(self.engine) as connection:
            return prove_consistency(node_reader(shelf.tile_reader(connection), size), old=old, size=size)

    def tile(self, tile: Tile) -> bytes:
        """Return the hashes of *tile*, as tlog-tiles serves them."""
        with snapshot(self.engine) as connection:
            return shelf.tile_bytes(connection, tile)

    def bundle(self, bundle: Bundle) -> bytes:
        """Return the entries of *bundle*, as tlog-tiles serves them."""
        first = bundle.index * FULL
        with snapshot(self.engine) as connection:
            return format_bundle(shelf.checked_entries(connection, first, first + bundle.width))

    # Showing to the world.

    def publish(self) -> Note:
        """Add the lines of the publishing signers to the latest sealed note, keep it and return it.

        Publishing one size again returns the note that was published, so that there is only ever one.
        """
        with appending(self.engine) as connection:
            head = _head_of(connection)
            start.check_reaches(head, self.high_water.read())
            start.check_knows(head.note, self.origin, self._keys)
            # The head may have been committed by a writer that crashed before it raised the mark.
            self.high_water.raise_to(head.note)
            latest = shelf.latest_published(connection)
            if latest is not None and latest.text == head.note.text:
                return latest
            lines = signed(head.note.text, *self.publish_signers).signatures if self.publish_signers else ()
            note = with_lines(head.note, *lines)
            shelf.add_published(connection, head.size, note)
            return note

    def published(self) -> Note | None:
        """Return the latest published note with the lines that witnesses have added, or None."""
        with snapshot(self.engine) as connection:
            return shelf.latest_published(connection)

    def add_cosignatures(self, size: int, lines: Sequence[Signature]) -> None:
        """Keep the lines of witnesses, already checked, under the published note of *size*."""
        with writing(self.engine) as connection:
            for line in lines:
                shelf.add_cosignature(connection, size, line)

    def witnessed(self, is_enough: Callable[[Note], bool]) -> Note | None:
        """Return the largest published note with lines of witnesses that *is_enough* accepts, or None."""
        with snapshot(self.engine) as connection:
            found = shelf.cosigned_notes(connection, most=WITNESSED_SOUGHT)
            return next((note for note in found if is_enough(note)), None)

    def proof(self, index: int, is_enough: Callable[[Note], bool] | None = None) -> TlogProof:
        """Return what proves the entry at *index* to anybody, under a published note; publish if need be.

        With *is_enough* it is one that witnesses have seen, or `NotProven` is raised.
        """
        if is_enough is not None:
            seen = self.witnessed(is_enough)
            if seen is None or Checkpoint.parse(seen.text).size <= index:
                raise NotProven(
                    "too few witnesses have seen a checkpoint over this entry", facts={"index": index}
                )
            return self.proof_under(index, seen)
        note = self.published()
        if note is None or Checkpoint.parse(note.text).size <= index:
            note = self.publish()
        return self.proof_under(index, note)

    def proof_under(self, index: int, note: Note) -> TlogProof:
        """Return the proof of the entry at *index* under *note*, checked before it leaves the house."""
        checkpoint = Checkpoint.parse(note.text)
        with snapshot(self.engine) as connection:
            spelt = shelf.checked_entries(connection, index, index + 1)[0]
            path = self._path(connection, index, checkpoint.size)
        leaf = leaf_hash(spelt)
        check_inclusion(path, size=checkpoint.size, root=checkpoint.root, index=index, leaf=leaf)
        return TlogProof(index, path, note)

    def _path(self, connection: Connection, index: int, size: int) -> tuple[Hash, ...]:
        read = remembering(node_reader(shelf.tile_reader(connection), size), self._nodes)
        return prove_inclusion(read, index=index, size=size)

    # Starting.

    def check_witnessed(self, note: Note) -> bool:
        """Raise `Unsafe` unless the database extends *note*, which a witness has kept.

        False if the note does not count: what this log has not signed neither moves it nor holds it back.
        """
        with snapshot(self.engine) as connection:
            head = shelf.read_head(connection)
            return start.check_witnessed(connection, head, note, origin=self.origin, keys=self._keys)

    def check_start(self) -> None:
        """Raise `Unsafe` unless the database may be gone on from, see start.py; then raise the mark to it."""
        head = self._checked_head(list(PATIENCE))
        # A crash between commit and mark leaves the mark one step behind; it catches up here.
        if head is not None:
            self.high_water.raise_to(head.note)

    def _checked_head(self, pauses: list[float]) -> Head | None:
        with snapshot(self.engine) as connection:
            mark = self.high_water.read()
            if mark is not None or not pauses or shelf.read_head(connection) is None:
                return self._checked(connection, mark)
        # Another process may have committed the very first entry, and be about to raise the first mark.
        time.sleep(pauses.pop(0))
        return self._checked_head(pauses)

    def _checked(self, connection: Connection, mark: Note | None) -> Head | None:
        head = start.check_start(
            connection,
            origin=self.origin,
            key=self.signer.key,
            mark=mark,
            beside=[each.key for each in self.sealers[1:]],
            former=self.former,
        )
        if head is not None:
            start.check_knows(head.note, self.origin, self._keys)
        return head

    def check_extends(self, note: Note) -> None:
        """Raise `NotProven` unless *note* is this log's own and the sealed log begins with its tree."""
        with snapshot(self.engine) as connection:
            head = _head_of(connection)
            read = node_reader(shelf.tile_reader(connection), head.size)
            start.check_extends(read, head, note, origin=self.origin, keys=self._keys)


def _head_of(connection: Connection) -> Head:
    head = shelf.read_head(connection)
    if head is None:
        raise NotProven("the log has no entry yet")
    return head
