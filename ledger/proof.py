"""One entry's place in the log, in a text that can be checked with no network, c2sp.org/tlog-proof.

    c2sp.org/tlog-proof@v1
    extra AAEC…=              bytes for the application; may be absent
    index 2
    9xWrP6pdBx5uKsS7mU1b…=    the siblings from the leaf up to the root's child, in base64; may be none
                              an empty line
    nongye.example/2026       the signed checkpoint, as it stands
    …

Nobody signs the extra bytes: they may help to find the entry and must not be believed.

Two proofs may stand under two checkpoints; that one log made both is told beside them in a text of its own:

    old 3                     the size of the smaller tree
    size 5                    the size of the larger
    Fn6xZD9sPWKLwgCo+qZL…=    the consistency proof of RFC 9162, in base64; may be none
"""

from dataclasses import dataclass

from ledger.errors import Malformed
from ledger.merkle import HASH_LENGTH, Hash
from ledger.note import Note
from ledger.spelling import LARGEST, base64_bytes, base64_text, whole_number

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
# A tree of fewer than 2^63 entries has no longer path.
_LONGEST_PATH = 63
# A consistency proof is at most one hash longer, RFC 9162 section 2.1.4.1.
_LONGEST_GROWTH = 64


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The place of an entry, the path from it to the root, and the note that vouches for the root."""

    index: int
    path: tuple[Hash, ...]
    note: Note
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index <= LARGEST or self.extra == b"":
            raise Malformed("not an index, or extra bytes that are none", facts={"index": self.index})
        if len(self.path) > _LONGEST_PATH or any(len(step) != HASH_LENGTH for step in self.path):
            raise Malformed("a path is at most 63 hashes of 32 bytes", facts={"steps": len(self.path)})

    @classmethod
    def parse(cls, spelled: bytes) -> "TlogProof":
        """Read what `bytes` wrote; `Malformed` for every other spelling. Nothing is proven by reading."""
        head, _, note = spelled.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise Malformed("the head of a proof is ASCII") from None
        if lines.pop(0) != _FIRST_LINE or not lines:
            raise Malformed("not a tlog-proof")
        extra = base64_bytes(_after("extra ", lines.pop(0))) if lines[0].startswith("extra ") else None
        if not lines:
            raise Malformed("a proof names the index of its entry")
        index = whole_number(_after("index ", lines.pop(0)))
        return cls(index, tuple(base64_bytes(line) for line in lines), Note.parse(note), extra)

    def bytes(self) -> bytes:
        """Spell the proof, the signed checkpoint last."""
        lines = [_FIRST_LINE]
        if self.extra is not None:
            lines.append(f"extra {base64_text(self.extra)}")
        lines += [f"index {self.index}", *(base64_text(step) for step in self.path)]
        return "\n".join(lines).encode() + b"\n\n" + self.note.bytes()


@dataclass(frozen=True, slots=True)
class Growth:
    """What shows that the tree of *size* begins with that of *old*."""

    old: int
    size: int
    path: tuple[Hash, ...]

    def __post_init__(self) -> None:
        if not 0 < self.old <= self.size <= LARGEST:
            raise Malformed(
                "a tree grows from at least one entry", facts={"old": self.old, "size": self.size}
            )
        if len(self.path) > _LONGEST_GROWTH or any(len(step) != HASH_LENGTH for step in self.path):
            raise Malformed("a path is hashes of 32 bytes", facts={"steps": len(self.path)})

    @classmethod
    def parse(cls, spelled: bytes) -> "Growth":
        """Read what `bytes` wrote; `Malformed` for every other spelling. Nothing is proven by reading."""
        try:
            old, size, *path, last = spelled.decode("ascii").split("\n")
        except (UnicodeDecodeError, ValueError):
            raise Malformed("not a proof that a log has grown") from None
        if last:
            raise Malformed("each line ends in a newline")
        sizes = whole_number(_after("old ", old)), whole_number(_after("size ", size))
        return cls(*sizes, tuple(base64_bytes(line) for line in path))

    def bytes(self) -> bytes:
        """Spell both sizes and the path."""
        lines = [f"old {self.old}", f"size {self.size}", *(base64_text(step) for step in self.path)]
        return "".join(f"{line}\n" for line in lines).encode()


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise Malformed("a line of the proof does not stand in its place")
    return line.removeprefix(word)
