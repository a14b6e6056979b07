"""The three lines that commit to a whole tree, c2sp.org/tlog-checkpoint.

    nongye.example/2026        the origin: whose log this is
    1842                       the size: how many entries it holds
    CsUYapGGPo4dkMgIAUqom…=    the root: base64 of 32 bytes

Other logs may add lines of their own below; ours adds none, since ML-DSA cosignatures do not cover them.
"""

from dataclasses import dataclass

from ledger.errors import Malformed
from ledger.merkle import HASH_LENGTH, Hash
from ledger.spelling import LARGEST, base64_bytes, base64_text, check_line, utf8, whole_number

# c2sp.org/tlog-cosignature writes the length of the origin in one byte.
LONGEST_ORIGIN = 255


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: so many entries, under this root."""

    origin: str
    size: int
    root: Hash
    extension: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extension):
            check_line(line)
        if len(utf8(self.origin)) > LONGEST_ORIGIN:
            raise Malformed("the origin is longer than 255 bytes")
        if not 0 <= self.size <= LARGEST or len(self.root) != HASH_LENGTH:
            raise Malformed("not the size and root of a tree", facts={"size": self.size})

    def text(self) -> str:
        """Spell the checkpoint, final newline included; these are the letters that are signed."""
        lines = (self.origin, str(self.size), base64_text(self.root), *self.extension)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read what `text` wrote; `Malformed` for every other spelling."""
        # Not splitlines(): it would also break lines at separators that are letters here.
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop():
            raise Malformed("a checkpoint has three lines, each with its newline")
        origin, size, root, *extension = lines
        return cls(origin, whole_number(size), base64_bytes(root), tuple(extension))
