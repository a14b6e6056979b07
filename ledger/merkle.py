"""Many entries under one fingerprint, and short proofs of what stands under it: the tree of RFC 6962.

                 root                 leaf  = SHA-256(0x00 || entry)
               /      \\               node  = SHA-256(0x01 || left || right)
            n          n              empty = SHA-256("")
          /   \\      /   \\
         a     b    c     d   e       a tree of five splits at four, the largest power of two below five

An inclusion proof lists the siblings from a leaf up to the root. A consistency proof shows that a larger tree
begins with a smaller one. Both are checked as RFC 9162 says, sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import Malformed, NotProven

Hash = bytes
"""32 bytes of SHA-256."""

NodeReader = Callable[[int, int], Hash]
"""(level, index): the root of the subtree over leaves [index * 2^level, (index + 1) * 2^level)."""

HASH_LENGTH = 32
EMPTY_ROOT: Hash = sha256(b"").digest()


def leaf_hash(entry: bytes) -> Hash:
    """Hash one entry to a leaf, RFC 6962 section 2.1."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash two neighbours to their parent, RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[Hash]) -> Hash:
    """Hash any number of leaves to their root, holding no more than one path of them."""
    nodes: list[Hash] = []
    for count, leaf in enumerate(leaves):
        _push(nodes, count, leaf)
    return _folded(nodes)


def levels_of(leaves: Sequence[Hash]) -> list[list[Hash]]:
    """Return the complete nodes over *leaves*, level by level: the leaves first, a full tree's root last."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        # As node_hash does it, without a call for each pair.
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
    return levels


def _push(nodes: list[Hash], count: int, leaf: Hash) -> None:
    """Add *leaf* to the complete subtrees over *count* leaves: each pair of equal size becomes one."""
    node = leaf
    while count & 1:
        node = node_hash(nodes.pop(), node)
        count >>= 1
    nodes.append(node)


def _folded(nodes: Sequence[Hash]) -> Hash:
    """Join complete subtrees, largest first, into the root of the whole."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


@dataclass(frozen=True, slots=True)
class Frontier:
    """What one must keep of a tree to append to it: the roots of its complete subtrees, largest first."""

    size: int
    nodes: tuple[Hash, ...]

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise Malformed("a frontier has one node for each bit of its size", facts={"size": self.size})
        if any(len(node) != HASH_LENGTH for node in self.nodes):
            raise Malformed("a hash is 32 bytes")

    @classmethod
    def empty(cls) -> "Frontier":
        """Return the frontier of the tree without entries."""
        return cls(0, ())

    @classmethod
    def read(cls, read: NodeReader, size: int) -> "Frontier":
        """Read the right edge of a stored tree of *size*."""
        return cls(size, tuple(read(level, index) for level, index in _subtrees(0, size)))

    def appended(self, leaf: Hash) -> "Frontier":
        """Return the frontier with one leaf more: one hash on average, one a level at worst."""
        nodes = list(self.nodes)
        _push(nodes, self.size, leaf)
        return Frontier(self.size + 1, tuple(nodes))

    def grown(self, leaves: Sequence[Hash], *, height: int) -> "tuple[Frontier, list[Hash]]":
        """Return the frontier with all of *leaves* more, and the roots that were completed on the way.

        They are those of the subtrees over 2^*height* leaves, first to last.
        """
        size, kept = self.size, list(self.nodes)
        level, nodes = 0, list(leaves)
        roots: list[Hash] = []
        edge: list[Hash] = []
        # Level by level: what stood alone at the edge of a level finds its neighbour in what is new there.
        while nodes:
            if level == height:
                roots = nodes
            waiting = [kept.pop()] if size >> level & 1 else []
            nodes = [*waiting, *nodes]
            if len(nodes) % 2:
                edge.append(nodes[-1])
            # As node_hash does it, without a call for each pair.
            pairs = zip(nodes[::2], nodes[1::2], strict=False)
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
            level += 1
        return Frontier(size + len(leaves), (*kept, *reversed(edge))), roots

    def root(self) -> Hash:
        """Return the root of the whole tree."""
        return _folded(self.nodes)

    def to_bytes(self) -> bytes:
        """Join the nodes, largest subtree first; the size says how many there are."""
        return b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, size: int, joined: bytes) -> "Frontier":
        """Read what `to_bytes` wrote."""
        steps = range(0, len(joined), HASH_LENGTH)
        return cls(size, tuple(joined[step : step + HASH_LENGTH] for step in steps))


def prove_inclusion(read: NodeReader, *, index: int, size: int) -> tuple[Hash, ...]:
    """Return the siblings on the way from the leaf at *index* up to the root of the tree of *size*."""
    if not 0 <= index < size:
        raise NotProven("the tree has no such entry", facts={"index": index, "size": size})
    proof: list[Hash] = []
    start, end = 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            proof.append(_range_root(read, middle, end))
            end = middle
        else:
            proof.append(_range_root(read, start, middle))
            start = middle
    return tuple(reversed(proof))


def prove_consistency(read: NodeReader, *, old: int, size: int) -> tuple[Hash, ...]:
    """Return the nodes that show that the tree of *size* begins with that of *old*, RFC 9162 2.1.4.1."""
    if not 0 < old <= size:
        raise NotProven("no proof leads from that size to this", facts={"old": old, "size": size})
    proof: list[Hash] = []
    start, end = 0, size
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            proof.append(_range_root(read, middle, end))
            end = middle
        else:
            proof.append(_range_root(read, start, middle))
            start = middle
    # If the old tree is itself a complete subtree on the left edge, the checker knows its root already.
    if start > 0:
        proof.append(_range_root(read, start, end))
    return tuple(reversed(proof))


def _split(start: int, end: int) -> int:
    """Where a tree over [start, end) splits: at the largest power of two below its size."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield level and index of the complete subtrees that make up [start, end), largest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _range_root(read: NodeReader, start: int, end: int) -> Hash:
    return _folded([read(level, index) for level, index in _subtrees(start, end)])


def check_inclusion(proof: Sequence[Hash], *, size: int, root: Hash, index: int, leaf: Hash) -> None:
    """Raise `NotProven` unless *leaf* stands at *index* in the tree of *size* under *root*.

    The steps are those of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise NotProven("the tree has no such entry", facts={"index": index, "size": size})
    _check_lengths((leaf, root, *proof))
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        # A proof must not be longer than the path: spare hashes would let one entry have many valid proofs.
        if last == 0:
            raise NotProven("the inclusion proof is too long")
        if position & 1 or position == last:
            found, climbed = node_hash(sibling, found), _trailing_zeros(position) + 1
        else:
            found, climbed = node_hash(found, sibling), 1
        position, last = position >> climbed, last >> climbed
    if last != 0:
        raise NotProven("the inclusion proof is too short")
    if found != root:
        raise NotProven("the entry is not under this root", facts={"index": index, "size": size})


def check_consistency(proof: Sequence[Hash], *, old: int, old_root: Hash, size: int, root: Hash) -> None:
    """Raise `NotProven` unless the tree of *size* begins with the tree of *old*, RFC 9162 section 2.1.4.2.

    Every tree extends the empty one, but RFC 9162 has no proof of it: *old* is at least 1.
    """
    facts = {"old": old, "size": size}
    if old == size > 0:
        if proof or old_root != root:
            raise NotProven("two roots of one size: the log has forked", facts=facts)
        return
    if not 0 < old < size:
        raise NotProven("no proof leads from that size to this", facts=facts)
    _check_lengths((old_root, root, *proof))
    old_found, found = _roots_shown(proof, old=old, old_root=old_root, size=size)
    if old_found != old_root or found != root:
        raise NotProven("the larger tree does not begin with the smaller", facts=facts)


def _roots_shown(proof: Sequence[Hash], *, old: int, old_root: Hash, size: int) -> tuple[Hash, Hash]:
    """Return the two roots, of the old tree and of the new one, that a consistency proof leads to."""
    if not proof:
        raise NotProven("the consistency proof is empty", facts={"old": old, "size": size})
    nodes = proof if old & (old - 1) else (old_root, *proof)
    # The walk begins at the largest complete subtree on the right edge of the old tree.
    climbed = _trailing_zeros(old)
    position, last = (old - 1) >> climbed, (size - 1) >> climbed
    old_found = found = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            raise NotProven("the consistency proof is too long")
        if position & 1 or position == last:
            old_found, found = node_hash(node, old_found), node_hash(node, found)
            climbed = _trailing_zeros(position) + 1
        else:
            found, climbed = node_hash(found, node), 1
        position, last = position >> climbed, last >> climbed
    if last != 0:
        raise NotProven("the consistency proof is too short")
    return old_found, found


def _trailing_zeros(number: int) -> int:
    """Count the levels, *number* not being 0, where a node on the ragged right edge has no sibling."""
    return (number & -number).bit_length() - 1


def _check_lengths(hashes: Iterable[Hash]) -> None:
    if any(len(found) != HASH_LENGTH for found in hashes):
        raise NotProven("a hash is 32 bytes")
