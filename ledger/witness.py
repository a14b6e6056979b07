"""What a witness answers to a log that asks for its cosignature, c2sp.org/tlog-witness.

    old 3                                 the size that the log believes we cosigned last
    RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXN…     a consistency proof from there, at most 63 lines

    nongye.example/2026                   the checkpoint to cosign, a signed note
    5
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…

    — nongye.example/2026 4WlaOjPOFjsB…

This is the decision alone. Whoever serves it MUST keep what the answer has *seen* on stable storage, together
with the check that nothing else was cosigned meanwhile, before the answer leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.keys import Signature, VerifierKey
from ledger.merkle import EMPTY_ROOT, HASH_LENGTH, Hash, check_consistency
from ledger.note import Note, verified
from ledger.spelling import base64_bytes, whole_number

LONGEST_PROOF = 63
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


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


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status with its body. With *seen* it is a cosignature, and that tree must be kept first."""

    status: int
    body: str
    media_type: str = TEXT
    origin: str = ""
    seen: Seen | None = None


class _Refused(Exception):
    """The request is refused with this answer."""

    def __init__(self, status: int, body: str, media_type: str = TEXT) -> None:
        super().__init__(body)
        self.answer = Answer(status, body, media_type)


def answer(
    body: bytes,
    *,
    logs: Mapping[str, VerifierKey],
    seen: Callable[[str], Seen],
    cosigners: tuple[Cosigner, ...],
    at: int,
) -> Answer:
    """Return what to answer to an add-checkpoint request at the POSIX time *at*.

    *logs* gives the key of each log that is witnessed, by its origin; *seen* what was cosigned of it last.
    """
    try:
        request = Request.parse(body)
    except LedgerError as error:
        return Answer(400, f"{error.reason}\n")
    try:
        _check_signed(request, logs)
        _check_grown(request, request.checkpoint, seen(request.checkpoint.origin))
    except _Refused as refused:
        return refused.answer
    checkpoint = request.checkpoint
    lines = "".join(f"{each.cosign(checkpoint.text(), at).text()}\n" for each in cosigners)
    return Answer(200, lines, TEXT, checkpoint.origin, Seen(checkpoint.size, checkpoint.root))


def _check_signed(request: Request, logs: Mapping[str, VerifierKey]) -> None:
    key = logs.get(request.checkpoint.origin)
    if key is None:
        raise _Refused(404, "unknown log\n")
    try:
        signers = verified(Note.parse(request.spelt), [key])
    except LedgerError:
        signers = ()
    if not signers:
        raise _Refused(403, "invalid signature\n")


def _check_grown(request: Request, checkpoint: Checkpoint, last: Seen) -> None:
    """Refuse unless the checkpoint extends what was cosigned last, in the order of the specification."""
    if request.old > checkpoint.size:
        raise _Refused(400, "the old size is larger than the checkpoint\n")
    # What a log that lost its place needs to go on is the size, and nothing else.
    if request.old != last.size:
        raise _Refused(409, f"{last.size}\n", SIZE)
    try:
        _check_extends(request, checkpoint, last)
    except NotProven as error:
        raise _Refused(422, f"{error.reason}\n") from error


def _check_extends(request: Request, checkpoint: Checkpoint, last: Seen) -> None:
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise NotProven("an empty tree has another root")
    # RFC 9162 proves nothing of the empty tree: everything extends it, and there is nothing to show.
    if request.old == 0:
        if request.proof:
            raise NotProven("nothing is to be proven from an empty tree")
        return
    check_consistency(
        request.proof, old=last.size, old_root=last.root, size=checkpoint.size, root=checkpoint.root
    )
