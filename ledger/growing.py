"""A tree while an inspection rebuilds it: leaf by leaf, or a whole tile of leaves at once."""

from ledger.checkpoint import Checkpoint
from ledger.errors import Malformed
from ledger.merkle import Frontier, Hash, node_hash
from ledger.tile import FULL


class Growing:
    """The tree as it is believed so far; nobody knows its root once a leaf is unknown."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[Hash] | None = []

    def append(self, leaf: Hash | None) -> None:
        """Add one leaf, or one that nobody knows."""
        self._push(self.size, leaf)
        self.size += 1

    def append_block(self, root: Hash) -> None:
        """Add the subtree over the next 256 leaves; the size is a multiple of 256."""
        self._push(self.size // FULL, root)
        self.size += FULL

    def append_rest(self, size: int, nodes: tuple[Hash, ...]) -> None:
        """Add the frontier over the last leaves, fewer than 256; the size is a multiple of 256."""
        if self._nodes is not None:
            self._nodes += nodes
        self.size = size

    def frontier(self) -> Frontier | None:
        """Return what one must keep of the tree to append to it."""
        return None if self._nodes is None else Frontier(self.size, tuple(self._nodes))

    def root(self) -> Hash | None:
        """Return the root of the whole tree."""
        return None if (frontier := self.frontier()) is None else frontier.root()

    def root_with(self, size: int, nodes: tuple[Hash, ...]) -> Hash | None:
        """Return the root of the tree of *size*: this one, and a frontier over fewer than 256 leaves more."""
        return None if self._nodes is None else Frontier(size, (*self._nodes, *nodes)).root()

    def _push(self, count: int, node: Hash | None) -> None:
        """Add a subtree beside *count* others of its height: each pair of equal height becomes one."""
        if self._nodes is None or node is None:
            self._nodes = None
            return
        while count & 1:
            node = node_hash(self._nodes.pop(), node)
            count >>= 1
        self._nodes.append(node)


def where_they_part(frontier: Frontier, kept: bytes, signed: Checkpoint) -> tuple[int, int]:
    """Return the first and last entry of the first subtree that is not the one that was signed.

    *kept* is the stored frontier; only if it leads to the signed root does it say anything.
    """
    try:
        sealed = Frontier.from_bytes(signed.size, kept)
    except Malformed:
        return 0, signed.size - 1
    if sealed.root() != signed.root:
        return 0, signed.size - 1
    start, rest = 0, signed.size
    for mine, theirs in zip(frontier.nodes, sealed.nodes, strict=True):
        width = 1 << rest.bit_length() - 1
        if mine != theirs:
            return start, start + width - 1
        start, rest = start + width, rest - width
    return 0, signed.size - 1
