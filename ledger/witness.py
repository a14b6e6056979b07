"""What a witness answers to a log that asks for its cosignature, c2sp.org/tlog-witness.

    old 3                                 the size that the log believes we cosigned last
    RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXN…     a consistency proof from there, at most 63 lines

    nongye.example/2026                   the checkpoint to cosign, a signed note
    5
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…

    — nongye.example/2026 4WlaOjPOFjsB…

This is the decision alone. Whoever serves it MUST keep what was *seen* on stable storage, together with the
check that nothing else was cosigned meanwhile, before the answer leaves; `witness_state` does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.keys import Signature, VerifierKey
from ledger.merkle import EMPTY_ROOT, HASH_LENGTH, Hash, check_consistency
from ledger.note import Note, verified, with_lines
from ledger.spelling import base64_bytes, base64_text, whole_number

LONGEST_PROOF = 63
LONGEST_BODY = 384 * 1024
"""Room for the 100 lines that a note may have, each ML-DSA-44 under a name of 255 bytes, and the proof."""

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

FORK = "fork"
"""The log has signed two trees of one size: nothing else is needed to prove that it lies."""

UNPROVEN = "unproven"
"""The log has signed a tree, and whoever brought it could not show that it extends what was cosigned."""


class Cosigner(Protocol):
    """What puts a witness's line under a checkpoint."""

    def cosign(self, checkpoint_text: str, at: int) -> Signature:
        """Return the line for *checkpoint_text* at the POSIX time *at*."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The largest tree of one log that this witness has cosigned; of a log it never met, the empty one."""

    size: int = 0
    root: Hash = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks: from which size on, with which proof, for which checkpoint, and the note around it."""

    old: int
    proof: tuple[Hash, ...]
    checkpoint: Checkpoint
    spelt: bytes

    @classmethod
    def parse(cls, body: bytes) -> "Request":
        """Read the body of an add-checkpoint request; `Malformed` for any other form."""
        asked, found, note = body.partition(b"\n\n")
        if not asked.isascii():
            raise Malformed("not a request to cosign a checkpoint")
        first, *lines = asked.decode("ascii").split("\n")
        if not found or not first.startswith("old ") or len(lines) > LONGEST_PROOF:
            raise Malformed("not a request to cosign a checkpoint")
        proof = tuple(base64_bytes(line) for line in lines)
        if any(len(each) != HASH_LENGTH for each in proof):
            raise Malformed("a hash of the proof has another length")
        # Lines that do not read are no signatures; that has another answer than a text that does not read.
        text = note.rpartition(b"\n\n")[0] + b"\n"
        try:
            checkpoint = Checkpoint.parse(text.decode())
        except UnicodeDecodeError:
            raise Malformed("not a checkpoint") from None
        return cls(whole_number(first.removeprefix("old ")), proof, checkpoint, note)

    def bytes(self) -> bytes:
        """Spell the request as it is sent."""
        lines = "".join(f"{base64_text(each)}\n" for each in self.proof)
        return f"old {self.old}\n{lines}\n".encode() + self.spelt


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request whose checkpoint the log has signed, and the note with those lines alone that say so."""

    request: Request
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """What is to be cosigned."""
        return self.request.checkpoint

    @property
    def origin(self) -> str:
        """Whose tree it is."""
        return self.request.checkpoint.origin


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status with its body. With *seen* it is a cosignature, and tree and note must be kept first."""

    status: int
    body: str
    media_type: str = TEXT
    origin: str = ""
    seen: Seen | None = None
    note: Note | None = None


class Refused(Exception):
    """The request is refused with this answer; *evidence* says what the note may prove against its log."""

    def __init__(self, status: int, body: str, media_type: str = TEXT, *, evidence: str = "") -> None:
        super().__init__(body)
        self.answer = Answer(status, body, media_type)
        self.evidence = evidence


def answer(
    body: bytes,
    *,
    logs: Mapping[str, Sequence[VerifierKey]],
    seen: Callable[[str], Seen],
    cosigners: Sequence[Cosigner],
    at: int,
) -> Answer:
    """Return what to answer to an add-checkpoint request at the POSIX time *at*.

    *logs* gives the keys of each log that is witnessed, by its origin; *seen* what was cosigned of it last.
    """
    try:
        asked = admitted(body, logs)
        check_grown(asked, seen(asked.origin))
    except Refused as refused:
        return refused.answer
    return cosigned(asked, cosigners, at)


def admitted(body: bytes, logs: Mapping[str, Sequence[VerifierKey]]) -> Admitted:
    """Return the request in *body* if a log of *logs* has signed its checkpoint; else raise `Refused`.

    During a change of its key a log has several here: at least one has signed, and none has failed.
    """
    try:
        request = Request.parse(body)
    except LedgerError as error:
        raise Refused(400, f"{error.reason}\n") from error
    keys = logs.get(request.checkpoint.origin, ())
    if not keys:
        raise Refused(404, "unknown log\n")
    try:
        note = Note.parse(request.spelt)
        signers = {(key.name, key.key_id) for key in verified(note, keys)}
    except LedgerError:
        signers = set()
    if not signers:
        raise Refused(403, "invalid signature\n")
    # Lines of other keys are nobody's word here: they are neither kept nor shown to monitors.
    lines = tuple(line for line in note.signatures if (line.name, line.key_id) in signers)
    return Admitted(request, Note(note.text, lines))


def check_grown(asked: Admitted, last: Seen) -> None:
    """Raise `Refused` unless the tree extends what was cosigned last, in the order of the specification."""
    request, checkpoint = asked.request, asked.checkpoint
    if request.old > checkpoint.size:
        raise Refused(400, "the old size is larger than the checkpoint\n")
    # What a log that lost its place needs to go on is the size, and nothing else.
    if request.old != last.size:
        raise Refused(409, f"{last.size}\n", SIZE)
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise Refused(422, "an empty tree has another root\n")
    # RFC 9162 proves nothing of the empty tree: everything extends it, and there is nothing to show.
    if request.old == 0:
        if request.proof:
            raise Refused(422, "nothing is to be proven from an empty tree\n")
        return
    try:
        _check_consistency(request, last)
    except NotProven as error:
        evidence = FORK if checkpoint.size == last.size and checkpoint.root != last.root else UNPROVEN
        raise Refused(422, f"consistency proof: {error.reason}\n", evidence=evidence) from error


def cosigned(asked: Admitted, cosigners: Sequence[Cosigner], at: int) -> Answer:
    """Return the answer that bears the witness's lines, made at the POSIX time *at*."""
    checkpoint = asked.checkpoint
    lines = [each.cosign(asked.note.text, at) for each in cosigners]
    seen = Seen(checkpoint.size, checkpoint.root)
    body = "".join(line.text() for line in lines)
    return Answer(200, body, TEXT, checkpoint.origin, seen, with_lines(asked.note, *lines))


def _check_consistency(request: Request, last: Seen) -> None:
    check_consistency(
        request.proof,
        old=last.size,
        old_root=last.root,
        size=request.checkpoint.size,
        root=request.checkpoint.root,
    )
