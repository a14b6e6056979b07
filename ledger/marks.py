"""The checkpoints that a tree must have passed through: those the log published, and one that a reader kept.

    a note of ledger_published   signed by every key that was in force at its size, its witnesses' lines sound
    a kept checkpoint            checked by whoever brings it

A mark that does not hold as a signature says so itself; whether its root is the tree's is for `fsck`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledger.checkpoint import Checkpoint
from ledger.errors import Malformed, NotProven
from ledger.finding import Finding
from ledger.keys import ED25519, Signature, VerifierKey
from ledger.merkle import Hash
from ledger.note import Note, verified, with_lines
from ledger.rotation import KeySchedule
from ledger.tile import FULL, parse_tile
from ledger.vantage import View

_PAGE = 256


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose lines count: *own* are the log's keys, *witnesses* those of others.

    *schedule* says which of its keys a log had at each size, if its entries tell.
    """

    origin: str
    own: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    schedule: KeySchedule | None = None

    def checkpoint(self, spelt: bytes, *, every: bool) -> Checkpoint:
        """Read a note of this log, signed with its Ed25519 keys, or with every key that it had."""
        note = Note.parse(spelt)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != self.origin:
            raise NotProven("not signed by this log", facts={"origin": checkpoint.origin})
        signers, wanted = set(verified(note, self._own())), self._in_force(checkpoint.size)
        if not every:
            wanted = {key for key in wanted if key.kind == ED25519}
        # Which of several keys a log had at this size only its schedule says.
        if not wanted & signers or ((every or self.schedule is not None) and not wanted <= signers):
            raise NotProven("not signed by this log", facts={"origin": checkpoint.origin})
        return checkpoint

    def all(self) -> tuple[VerifierKey, ...]:
        """Return every key whose line says anything."""
        return (*self._own(), *self.witnesses)

    def _own(self) -> tuple[VerifierKey, ...]:
        return self.own if self.schedule is None else self.schedule.every()

    def _in_force(self, size: int) -> set[VerifierKey]:
        return set(self.own if self.schedule is None else self.schedule.in_force(size))


@dataclass(frozen=True, slots=True)
class Mark:
    """One checkpoint to pass through, and what is wrong with it as it stands; None if it cannot be read."""

    where: str
    size: int
    checkpoint: Checkpoint | None
    found: tuple[Finding, ...] = ()


def published_marks(view: View, signers: Signers, *, after: int, to: int) -> Iterator[Mark]:
    """Yield the published notes of the sizes above *after*, up to *to*, each checked."""
    query = "SELECT size, note FROM ledger_published WHERE size > ? AND size <= ? ORDER BY size LIMIT ?"
    while rows := view.rows(query, after, to, _PAGE):
        for size, note in rows:
            yield _published(view, signers, size, blob(note))
        after = rows[-1][0]


def _published(view: View, signers: Signers, size: int, spelt: bytes) -> Mark:
    where = f"ledger_published size={size}"
    try:
        checkpoint = signers.checkpoint(spelt, every=True)
    except (Malformed, NotProven) as why:
        wrong = Finding("published-altered", where, None, {"column": "note", "reason": why.reason})
        return Mark(where, size, None, (wrong,))
    if checkpoint.size != size:
        return Mark(where, size, None, (Finding("published-altered", where, None, {"column": "size"}),))
    found = tuple(_cosignatures(view, signers, size, Note.parse(spelt)))
    return Mark(where, size, checkpoint, found)


def _cosignatures(view: View, signers: Signers, size: int, note: Note) -> Iterator[Finding]:
    for name, spelt in view.rows("SELECT name, line FROM ledger_cosignature WHERE size = ?", size):
        try:
            line = Signature.parse(str(spelt))
            verified(with_lines(note, line), signers.all())
            if name != f"{line.name}+{line.key_id.hex()}":
                raise Malformed("kept under another name")
        except (Malformed, NotProven) as why:
            where = f"ledger_cosignature size={size} name={name}"
            yield Finding("cosignature-altered", where, None, {"reason": why.reason})


def blob(stored: Any) -> bytes:
    """Return what is stored as bytes; of another kind, whatever it says, it is not what was written."""
    return bytes(stored) if isinstance(stored, bytes | memoryview) else b""


def hashes_in(stored: Any) -> tuple[Hash, ...]:
    """Return the hashes of a full tile's row, or none if what stands there is no tile."""
    try:
        return parse_tile(blob(stored), FULL)
    except Malformed:
        return ()
