"""One stretch of the log, read once from beginning to end: what one process does of an inspection.

    {"at":"2026-09-21T08:00:00.000000Z","index":7,"prev":"<base64>","record":{…      how every entry begins
           └── never goes back ──┘       └ its place ┘ └ leaf of entry 6 ┘

RFC 8785 sorts members, so the first bytes of an entry prove its place and its link without reading on. A
tile's worth of entries, 256, is sound if all agrees: bytes, leaves, links, times, the tile's row. What is
sound goes into runs; where anything differs, `fsck` looks again, entry by entry, knowing what came before.
"""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.canonical import Json
from ledger.entry import record_of
from ledger.errors import Malformed
from ledger.finding import Finding
from ledger.marks import Mark, Signers, blob, published_marks
from ledger.merkle import HASH_LENGTH, Hash, levels_of
from ledger.tile import FULL, parse_tile
from ledger.vantage import Vantage, View

Examine = Callable[[int, dict[str, Json]], Iterable[Finding]]
"""A further look at the place and the record of each entry; it goes to other processes: it can be pickled."""

_HEAD = re.compile(
    rb'\{"at":"(?P<at>[^"]{27})","index":(?P<index>[0-9]+),"prev":"(?P<prev>[^"]{44})","record":\{'
)
_AT = b'{"at":"'
_AT_ENDS = 34


@dataclass(frozen=True, slots=True)
class Ground:
    """What every process of an inspection knows: where to look, and what to look at.

    *form*: whether each entry is read whole, or its head alone. *kept*: sizes whose frontier is wanted.
    *vouched*: below this place, a multiple of 256, the rows of tiles are read and no entries.
    """

    vantage: Vantage
    signers: Signers
    form: bool
    examine: Examine | None
    kept: tuple[int, ...] = ()
    vouched: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """The entries from *start*, a multiple of 256, to before *end*; the marks above *after*, up to *to*."""

    start: int
    end: int
    after: int
    to: int


@dataclass(slots=True)
class Run:
    """Blocks of entries one behind the other, all sound: what must be known to join them to the rest.

    *prev* is None where the first block was vouched for and not read.

    *roots* are those of full blocks, *rest* the frontier of a last block that is not full. *inside* gives,
    for a wanted size within a block, the frontier of the block up to it.
    """

    start: int
    end: int
    prev: Hash | None
    first_at: str
    last_at: str
    last: Hash
    roots: list[Hash] = field(default_factory=list)
    rest: tuple[Hash, ...] = ()
    inside: dict[int, tuple[Hash, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Surveyed:
    """What one process found in one segment; entries that stand in no run are to be looked at again."""

    segment: Segment
    marks: list[Mark]
    runs: list[Run] = field(default_factory=list)
    examined: list[Finding] = field(default_factory=list)


def segments_of(size: int, *, workers: int, published: int) -> Iterator[Segment]:
    """Cut the log into segments of equal width, a power of two, and the last; there is always one.

    *published* is the largest size of a published note: the last segment takes what lies beyond the log.
    """
    # Small enough that all processes are busy to the end, large enough that asking costs nothing.
    width = FULL
    while width < 65_536 and width * workers * 16 < size:
        width *= 2
    starts = list(range(0, size, width)) or [0]
    for start in starts:
        last = start == starts[-1]
        end = min(start + width, size)
        yield Segment(start, end, start if start else -1, max(published, size) if last else end)


def survey(ground: Ground, segment: Segment) -> Surveyed:
    """Look at one segment."""
    with ground.vantage.opened() as view:
        marks = list(published_marks(view, ground.signers, after=segment.after, to=segment.to))
        found = Surveyed(segment, marks)
        wanted = sorted({*(mark.size for mark in marks), *ground.kept})
        tiles = _tiles(view, segment)
        run: Run | None = None
        for start in range(segment.start, segment.end, FULL):
            end = min(start + FULL, segment.end)
            tile = tiles.get(start // FULL)
            vouched = end <= ground.vouched
            block = _vouched(start, tile) if vouched else _block(view, start, end, tile, run)
            examined = None if block is None else _examined(ground, block)
            if block is None or examined is None:
                run = None
                continue
            if run is None:
                run = Run(start, start, block.prev, block.first_at, "", b"")
                found.runs.append(run)
            _add(run, block, [size for size in wanted if start < size < end])
            found.examined += examined
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """Up to 256 entries that agree with each other, and the levels of the tree over them."""

    start: int
    spelt: Sequence[bytes]
    prev: Hash | None
    first_at: str
    last_at: str
    levels: list[list[Hash]]

    def frontier(self, count: int) -> tuple[Hash, ...]:
        """Return the roots of the complete subtrees over the first *count* entries, largest first."""
        nodes, start = [], 0
        for level in reversed(range(len(self.levels))):
            if count >> level & 1:
                nodes.append(self.levels[level][start >> level])
                start += 1 << level
        return tuple(nodes)


def _add(run: Run, block: _Block, wanted: Iterable[int]) -> None:
    count = len(block.levels[0])
    run.end = block.start + count
    run.last, run.last_at = block.levels[0][-1], block.last_at
    run.inside |= {size: block.frontier(size - block.start) for size in wanted}
    if count == FULL:
        run.roots.append(block.levels[-1][0])
    else:
        run.rest = block.frontier(count)


def _vouched(start: int, tile: tuple[bytes, bytes] | None) -> _Block | None:
    """Return the block that a tile's row stands for, its root computed again; no entry is read."""
    if tile is None or len(tile[0]) != FULL * HASH_LENGTH:
        return None
    levels = levels_of(parse_tile(tile[0], FULL))
    return _Block(start, (), None, "", "", levels) if levels[-1][0] == tile[1] else None


def _tiles(view: View, segment: Segment) -> dict[int, tuple[bytes, bytes]]:
    rows = view.rows(
        'SELECT "index", hashes, root FROM ledger_tile WHERE level = 0 AND "index" >= ? AND "index" < ?',
        segment.start // FULL,
        segment.end // FULL,
    )
    return {index: (blob(hashes), blob(root)) for index, hashes, root in rows}


def _block(
    view: View, start: int, end: int, tile: tuple[bytes, bytes] | None, run: Run | None
) -> _Block | None:
    """Return the entries of one tile if they and it agree, with the *run* before them too."""
    rows = view.rows(
        'SELECT "index", bytes, leaf FROM ledger_entry WHERE "index" >= ? AND "index" < ? ORDER BY "index"',
        start,
        end,
    )
    if [row[0] for row in rows] != list(range(start, end)):
        return None
    spelt = [row[1] for row in rows]
    # Text in the place of bytes is another thing, whatever it says.
    if set(map(type, spelt)) != {bytes}:
        return None
    leaves = [sha256(b"\0" + each).digest() for each in spelt]
    if [row[2] for row in rows] != leaves or (head := _links(start, spelt, leaves)) is None:
        return None
    prev, first_at, last_at = head
    if run is not None and (prev != run.last or first_at < run.last_at):
        return None
    levels = levels_of(leaves)
    if end - start == FULL and tile != (b"".join(leaves), levels[-1][0]):
        return None
    return _Block(start, spelt, prev, first_at, last_at, levels)


def _links(start: int, spelt: Sequence[bytes], leaves: Sequence[Hash]) -> tuple[Hash, str, str] | None:
    """Return the first entry's link, and the first and last time, if each entry follows the one before."""
    first = _HEAD.match(spelt[0])
    if first is None or first["index"] != b"%d" % start:
        return None
    at = first_at = first["at"]
    for index, each, before in zip(range(start + 1, start + len(spelt)), spelt[1:], leaves, strict=False):
        linked = b'","index":%d,"prev":"%b","record":{' % (index, b2a_base64(before, newline=False))
        before_at, at = at, each[7:_AT_ENDS]
        if not each.startswith(linked, _AT_ENDS) or not each.startswith(_AT) or at < before_at:
            return None
    try:
        prev = a2b_base64(first["prev"], strict_mode=True)
        return prev, first_at.decode("ascii"), at.decode("ascii")
    except ValueError:
        return None


def _examined(ground: Ground, block: _Block) -> list[Finding] | None:
    """Return what a whole reading of the entries finds; None if one of them is no entry."""
    if not ground.form:
        return []
    examine = ground.examine
    found: list[Finding] = []
    for index, each in enumerate(block.spelt, block.start):
        try:
            # Its place and its link stand at its beginning, which `_links` has compared.
            record = record_of(each)
        except Malformed:
            return None
        if examine is not None:
            found += examine(index, record)
    return found
