"""The tree and its entries, cut into pieces that never change once they are full, c2sp.org/tlog-tiles.

    tile/0/x001/067          level 0, number 1067: the hashes of leaves 273152 to 273407, 32 bytes each
    tile/1/000.p/17          level 1, number 0, not yet full: the roots of the first 17 tiles of level 0
    tile/entries/x001/067    the entries under tile/0/x001/067: u16 length || entry, one after another

A full tile holds 256 hashes; each hash of a level is the root of a full tile of the level below.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from ledger.errors import Malformed, NotProven
from ledger.merkle import HASH_LENGTH, Hash, NodeReader, levels_of
from ledger.spelling import LARGEST, whole_number

FULL = 256
LONGEST_ENTRY = 2**16 - 1
_TOP_LEVEL = 63
# One tile has 256 = 2^8 hashes, so it joins eight levels of the tree.
_LEVELS = 8
# What a proof touches at most: one tile a level, and the tile that the old tree ends in.
_TILES_KEPT = 16
# About 200 bytes each: what a hundred proofs of the largest logs are made of, many times over.
_NODES_REMEMBERED = 2**16
_NUMBER = re.compile(r"(?P<thousands>(?:x[0-9]{3}/)*)(?P<ones>[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?")


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Which hashes of the tree a tile holds: its level, its number there, and how many there are so far."""

    level: int
    index: int
    width: int = FULL

    def __post_init__(self) -> None:
        if not 0 <= self.level <= _TOP_LEVEL:
            raise Malformed("a tile's level is from 0 to 63", facts={"level": self.level})
        _check_number(self.index, self.width)

    def path(self) -> str:
        """Spell where the tile is found below a log's address."""
        return f"tile/{self.level}/{_number_text(self.index, self.width)}"

    @classmethod
    def parse(cls, path: str) -> "Tile":
        """Read what `path` wrote; `Malformed` for every other spelling."""
        root, _, rest = path.partition("/")
        level, _, number = rest.partition("/")
        if root != "tile":
            raise Malformed("not the path of a tile")
        return cls(whole_number(level), *_number_of(number))


@dataclass(frozen=True, slots=True, order=True)
class Bundle:
    """Which entries a bundle holds: those under the level-0 tile of the same number and width."""

    index: int
    width: int = FULL

    def __post_init__(self) -> None:
        _check_number(self.index, self.width)

    def path(self) -> str:
        """Spell where the bundle is found below a log's address."""
        return f"tile/entries/{_number_text(self.index, self.width)}"

    @classmethod
    def parse(cls, path: str) -> "Bundle":
        """Read what `path` wrote; `Malformed` for every other spelling."""
        number = path.removeprefix("tile/entries/")
        if number == path:
            raise Malformed("not the path of a bundle of entries")
        return cls(*_number_of(number))


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield all tiles of the tree of *size*, level by level, the partial one of each last."""
    level, hashes = 0, size
    while hashes > 0:
        for index, width in _pieces(hashes):
            yield Tile(level, index, width)
        level, hashes = level + 1, hashes // FULL


def bundles_of(size: int) -> Iterator[Bundle]:
    """Yield all bundles of the tree of *size*, the partial one last."""
    for index, width in _pieces(size):
        yield Bundle(index, width)


def node_reader(read_tile: Callable[[Tile], bytes], size: int) -> NodeReader:
    """Return a reader of the nodes of the tree of *size*, made from its tiles.

    *read_tile* is asked only for tiles that this tree has, partial ones at the width that it has. What it
    answers is not proven: whoever reads somebody else's tiles checks their root against one that is.
    """

    @lru_cache(maxsize=_TILES_KEPT)
    def hashes_of(tile: Tile) -> tuple[Hash, ...]:
        return parse_tile(read_tile(tile), tile.width)

    def read(level: int, index: int) -> Hash:
        if level < 0 or not 0 <= index < size >> level:
            raise NotProven("the tree has no such node", facts={"level": level, "index": index, "size": size})
        row, height = divmod(level, _LEVELS)
        first, count = index << height, 1 << height
        number, start = divmod(first, FULL)
        width = min((size >> row * _LEVELS) - number * FULL, FULL)
        return levels_of(hashes_of(Tile(row, number, width))[start : start + count])[-1][0]

    return read


def remembering(read: NodeReader, nodes: dict[tuple[int, int], Hash]) -> NodeReader:
    """Return *read*, which remembers in *nodes*: the root of a complete subtree never changes.

    Most of a proof is the same for all entries. *nodes* is emptied when it is full, so that it stays small.
    """

    def known(level: int, index: int) -> Hash:
        found = nodes.get((level, index))
        if found is None:
            if len(nodes) >= _NODES_REMEMBERED:
                nodes.clear()
            found = nodes[level, index] = read(level, index)
        return found

    return known


def parse_tile(joined: bytes, width: int) -> tuple[Hash, ...]:
    """Cut a tile into its *width* hashes; `Malformed` if there are more or fewer."""
    if len(joined) != width * HASH_LENGTH:
        raise Malformed("not a tile of that width", facts={"bytes": len(joined), "width": width})
    return tuple(joined[at : at + HASH_LENGTH] for at in range(0, len(joined), HASH_LENGTH))


def format_bundle(entries: Sequence[bytes]) -> bytes:
    """Join entries, each after its length in two bytes."""
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise Malformed("an entry is longer than 65,535 bytes")
    return b"".join(chain.from_iterable((len(entry).to_bytes(2), entry) for entry in entries))


def parse_bundle(joined: bytes, width: int) -> list[bytes]:
    """Cut a bundle into its *width* entries; `Malformed` if any byte is missing or left over."""
    entries: list[bytes] = []
    at = 0
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(joined[at:start])
        entries.append(joined[start:at])
    # A cut past the end is shorter than its length says, so this also finds missing bytes.
    if at != len(joined):
        raise Malformed("not a bundle of that many entries", facts={"bytes": len(joined), "width": width})
    return entries


def _pieces(hashes: int) -> Iterator[tuple[int, int]]:
    """Yield number and width of the pieces that *hashes* are cut into."""
    for start in range(0, hashes, FULL):
        yield start // FULL, min(hashes - start, FULL)


def _check_number(index: int, width: int) -> None:
    if not 0 <= index <= LARGEST or not 1 <= width <= FULL:
        raise Malformed("not the number and width of a tile", facts={"index": index, "width": width})


def _number_text(index: int, width: int) -> str:
    """Spell a tile's number in groups of three digits, so that no folder holds more than a thousand names."""
    text = f"{index % 1000:03}"
    while index := index // 1000:
        text = f"x{index % 1000:03}/{text}"
    return text if width == FULL else f"{text}.p/{width}"


def _number_of(text: str) -> tuple[int, int]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Malformed("not the number of a tile")
    index = int(match["thousands"].replace("x", "").replace("/", "") + match["ones"])
    width = FULL if match["width"] is None else int(match["width"])
    # "x000/001", ".p/07" and ".p/256" name tiles too, but each tile has one address only.
    if index > LARGEST or _number_text(index, width) != text:
        raise Malformed("not the number of a tile in its one spelling")
    return index, width
