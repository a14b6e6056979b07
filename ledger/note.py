"""A text, and below an empty line who signed it, c2sp.org/signed-note.

    nongye.example/2026
    1842
    CsUYapGGPo4dkMgIAUqom…=
                                        the last empty line parts the text from the signatures
    — nongye.example/2026 4WlaOjPO…=    name, base64 of key ID and payload; 1 to 100 lines
    — witness.example/w1 TpO9qgAA…=

What is signed is the text with its final newline. The kind of key says in which form: 0x01 the text alone,
0x04 and 0x06 a cosignature of a checkpoint, with its time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.cosignature import check_cosignature
from ledger.dsse import check_signature
from ledger.errors import Malformed, NotProven
from ledger.keys import COSIGNATURE_ED25519, ED25519, KINDS, MLDSA44, Signature, VerifierKey
from ledger.spelling import utf8

__all__ = [
    "COSIGNATURE_ED25519",
    "ED25519",
    "KINDS",
    "MLDSA44",
    "Ed25519Signer",
    "Note",
    "Signature",
    "Signer",
    "VerifierKey",
    "signed",
    "verified",
    "with_lines",
]

# The specification asks for at least 16; Go's implementation stops at 100.
MOST_SIGNATURES = 100
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the lines under it, whose signatures nobody has checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or _CONTROL.search(self.text):
            raise Malformed("the text does not end in a newline, or holds another control character")
        utf8(self.text)
        if not 1 <= len(self.signatures) <= MOST_SIGNATURES:
            raise Malformed("a note has 1 to 100 signatures", facts={"signatures": len(self.signatures)})

    @classmethod
    def parse(cls, spelled: bytes) -> "Note":
        """Read what `bytes` wrote; `Malformed` for every other spelling."""
        try:
            whole = spelled.decode()
        except UnicodeDecodeError:
            raise Malformed("a note is UTF-8") from None
        text, parted, lines = whole.rpartition("\n\n")
        if not parted or not lines.endswith("\n"):
            raise Malformed("a note ends with an empty line and signature lines")
        # Not splitlines(): it would also break lines at separators that are letters here.
        signatures = tuple(Signature.parse(f"{line}\n") for line in lines.removesuffix("\n").split("\n"))
        return cls(f"{text}\n", signatures)

    def bytes(self) -> bytes:
        """Spell the note in UTF-8."""
        return "".join((self.text, "\n", *(signature.text() for signature in self.signatures))).encode()


class Signer(Protocol):
    """Whoever can sign a note's text under a name."""

    @property
    def key(self) -> VerifierKey:
        """The public half."""

    def sign(self, text: bytes) -> bytes:
        """Return the payload that this kind of key puts under *text*."""


class Ed25519Signer:
    """A log's own signature, kind 0x01: Ed25519 over the text."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, ED25519, self._private.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """Sign *text*, final newline included."""
        return self._private.sign(text)


def signed(text: str, *signers: Signer) -> Note:
    """Put the signature of each signer under *text*."""
    return Note(text, tuple(_line(text, signer) for signer in signers))


def with_lines(note: Note, *signatures: Signature) -> Note:
    """Put further lines under *note*; a new line of a key takes the place of its older one."""
    lines = {(line.name, line.key_id): line for line in (*note.signatures, *signatures)}
    return Note(note.text, tuple(lines.values()))


def verified(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return those of *keys* that signed *note*, each once, in the order of their lines.

    Lines of unknown keys are passed over. A line of a known key that fails raises `NotProven`: the whole note
    is refused, however many good ones stand beside it.
    """
    known = _by_name(keys)
    found: dict[VerifierKey, None] = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None:
            _check_line(key, note.text, line.payload)
            found[key] = None
    return tuple(found)


def _line(text: str, signer: Signer) -> Signature:
    return Signature(signer.key.name, signer.key.key_id, signer.sign(utf8(text)))


def _by_name(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        # Two keys can be made to share an ID of four bytes; then nobody could say whose line it is.
        if known.setdefault((key.name, key.key_id), key) != key:
            raise NotProven("two keys share a name and a key ID", facts={"name": key.name})
    return known


def _check_line(key: VerifierKey, text: str, payload: bytes) -> None:
    if key.kind == ED25519:
        check_signature(key.public, utf8(text), payload)
    else:
        check_cosignature(key, text, payload)
