"""Tiles and entries from a place that nobody trusts, each proven to the root before anybody sees it.

    root                        what a checkpoint commits to
     └─ tile/1/000.p/1          1  the edge, one partial tile a level: together they hash to the root
        tile/0/001.p/44
         └─ tile/0/000          2  a full tile: its own root stands in the tile above it, proven before
             └─ tile/entries/000   3  a bundle: its leaves are the hashes of the tile beside it, proven before

The way is always from the root down. A hash that came along with what it should prove is never believed, so
an entry and the tile over it that are forged to fit each other are refused (CVE-2026-56865).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TypeVar

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, NotProven
from ledger.merkle import Frontier, Hash, leaf_hash, root_of
from ledger.source import Absent, Source
from ledger.tile import FULL, Bundle, Tile, format_bundle, node_reader, parse_bundle, parse_tile

Read = Callable[[str], bytes]
"""Gives what stands under a path, or raises `Absent`."""

Keep = Callable[[str, bytes], None]
"""Takes a path, and bytes that are proven to belong there."""

CONNECTIONS = 8
AHEAD = 16
"""How many pieces are asked for before they are needed; bundles of the longest entries would fill 270 MB."""

_LEVELS = 8
_Found = TypeVar("_Found")


class ProvenTree:
    """The tree under *checkpoint*, read piece by piece; whatever it returns is proven.

    *places* are asked in turn until one has the piece as it must be; the last one's failure is told. The
    edge, which proves everything else, comes from the last alone.
    """

    def __init__(self, checkpoint: Checkpoint, *places: Read) -> None:
        self.checkpoint = checkpoint
        self._others, self._last = places[:-1], places[-1]
        self._keep: Keep | None = None
        self._near: dict[int, tuple[int, tuple[Hash, ...]]] = {}
        self._edge = {tile: fetched(self._last, tile) for tile in edge_of(checkpoint.size)}
        self._check_edge()

    def _check_edge(self) -> None:
        size = self.checkpoint.size
        for tile, joined in self._edge.items():
            with _told(tile):
                parse_tile(joined, tile.width)
        if self._root(size, self._edge.__getitem__) != self.checkpoint.root:
            paths = ", ".join(tile.path() for tile in self._edge)
            raise NotProven(
                "the tiles at the edge do not hash to the root", facts={"size": size, "path": paths}
            )

    def keep_in(self, keep: Keep) -> None:
        """Give the edge to *keep*, and from now on each piece that the last place had to bring."""
        self._keep = keep
        # What was read before was not kept.
        self._near.clear()
        for tile, joined in self._edge.items():
            keep(tile.path(), joined)

    def _root(self, size: int, read: Callable[[Tile], bytes]) -> Hash:
        return Frontier.read(node_reader(read, self.checkpoint.size), size).root()

    def begins_with(self, old: Checkpoint) -> bool:
        """Say whether this tree begins with that of *old*, by computing its root again from proven tiles."""
        return old.size <= self.checkpoint.size and self._root(old.size, self.tile) == old.root

    def check_begins_with(self, old: Checkpoint) -> None:
        """Raise `NotProven` unless this tree begins with that of *old*."""
        if not self.begins_with(old):
            facts = {"old": old.size, "size": self.checkpoint.size}
            raise NotProven("the larger tree does not begin with the smaller", facts=facts)

    def tile(self, tile: Tile) -> bytes:
        """Return the bytes of *tile*, of the width that it has in this tree."""
        return self._edge[tile] if tile.width < FULL else b"".join(self.hashes(tile.level, tile.index))

    def hashes(self, level: int, number: int) -> tuple[Hash, ...]:
        """Return the hashes of a tile; the one last asked for on each level is remembered."""
        near = self._near.get(level)
        if near is not None and near[0] == number:
            return near[1]
        tile = Tile(level, number, min((self.checkpoint.size >> level * _LEVELS) - number * FULL, FULL))
        if tile.width < FULL:
            found = parse_tile(self._edge[tile], tile.width)
        else:
            above = self.hashes(level + 1, number // FULL)[number % FULL]
            found = self._proven(tile, partial(_checked_tile, above))
        self._near[level] = number, found
        return found

    def bundle(self, number: int) -> list[bytes]:
        """Return the entries of a bundle."""
        leaves = self.hashes(0, number)
        return self._proven(Bundle(number, len(leaves)), partial(_checked_bundle, leaves, number))

    def _proven(self, piece: Tile | Bundle, check: Callable[[bytes], _Found]) -> _Found:
        for place in self._others:
            try:
                return check(place(piece.path()))
            except (Absent, LedgerError):
                # Left by a crash, or altered since: the next place may have it as it must be.
                continue
        content = fetched(self._last, piece)
        with _told(piece):
            found = check(content)
        if self._keep is not None:
            self._keep(piece.path(), content)
        return found


def verified_entries(
    source: Source,
    checkpoint: Checkpoint,
    start: int = 0,
    end: int | None = None,
    *,
    connections: int = CONNECTIONS,
) -> Iterator[tuple[int, bytes]]:
    """Yield index and bytes of the entries from *start* to before *end*, each proven under *checkpoint*.

    *checkpoint* is one that the reader believes. A bundle is yielded once all of it is proven; what is not
    raises `Malformed` or `NotProven` with the path in its facts. Memory holds a few bundles at a time.
    """
    last = checkpoint.size if end is None else min(end, checkpoint.size)
    numbers = range(start // FULL, -(-last // FULL))
    with closing(Ahead(source.read, pieces_of(checkpoint.size, numbers), connections)) as ahead:
        tree = ProvenTree(checkpoint, ahead.read)
        for number in numbers:
            for index, entry in enumerate(tree.bundle(number), number * FULL):
                if start <= index < last:
                    yield index, entry


def edge_of(size: int) -> list[Tile]:
    """Return the partial tiles of the tree of *size*, one for each level that has one."""
    counts = ((level, size >> level * _LEVELS) for level in range(8))
    return [Tile(level, count // FULL, count % FULL) for level, count in counts if count % FULL]


def pieces_of(size: int, numbers: Iterable[int]) -> Iterator[str]:
    """Yield the paths that the bundles with these *numbers* need, in the order of their need."""
    for number in numbers:
        width = min(size - number * FULL, FULL)
        if width == FULL:
            yield Tile(0, number).path()
        yield Bundle(number, width).path()


def fetched(read: Read, piece: Tile | Bundle) -> bytes:
    """Read *piece*; where a partial one is gone, the full one that took its place is cut to its width."""
    try:
        return read(piece.path())
    except Absent:
        if piece.width == FULL:
            raise _missing(piece) from None
    try:
        whole = read(replace(piece, width=FULL).path())
    except Absent:
        raise _missing(piece) from None
    with _told(piece):
        return _cut(whole, piece)


def _cut(whole: bytes, piece: Tile | Bundle) -> bytes:
    if isinstance(piece, Tile):
        return b"".join(parse_tile(whole, FULL)[: piece.width])
    return format_bundle(parse_bundle(whole, FULL)[: piece.width])


@contextmanager
def _told(piece: Tile | Bundle) -> Iterator[None]:
    """Say in which file it is that something is wrong."""
    try:
        yield
    except LedgerError as why:
        raise type(why)(why.reason, facts={**why.facts, "path": piece.path()}) from None


def _missing(piece: Tile | Bundle) -> NotProven:
    return NotProven("a file is missing that the checkpoint commits to", facts={"path": piece.path()})


def _checked_tile(root: Hash, joined: bytes) -> tuple[Hash, ...]:
    hashes = parse_tile(joined, FULL)
    if root_of(hashes) != root:
        raise NotProven("the tile is not the one under the root")
    return hashes


def _checked_bundle(leaves: Sequence[Hash], number: int, joined: bytes) -> list[bytes]:
    entries = parse_bundle(joined, len(leaves))
    for index, (entry, leaf) in enumerate(zip(entries, leaves, strict=True), number * FULL):
        if leaf_hash(entry) != leaf:
            raise NotProven("the entry is not the one under the root", facts={"index": index})
    return entries


class Ahead:
    """Reads *paths* before they are asked for, on several connections; any other path is read when it is."""

    def __init__(self, read: Read, paths: Iterable[str], connections: int = CONNECTIONS) -> None:
        self._read = read
        self._paths = iter(paths)
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="ahead")
        self._coming: dict[str, Future[bytes]] = {}

    def read(self, path: str) -> bytes:
        """Return what stands under *path*, and go on reading what comes after."""
        for each in islice(self._paths, AHEAD - len(self._coming)):
            self._coming[each] = self._threads.submit(self._read, each)
        coming = self._coming.pop(path, None)
        return self._read(path) if coming is None else coming.result()

    def close(self) -> None:
        """Give up what is still coming."""
        self._threads.shutdown(cancel_futures=True)
