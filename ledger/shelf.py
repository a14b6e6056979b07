"""Reading and writing the rows of the log, one small function for each thing a log asks of its tables.

Nothing here opens or ends a transaction, and nothing is believed: an entry that is read is hashed again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, insert, select, update

from ledger import driver
from ledger.checkpoint import Checkpoint
from ledger.entry import Links
from ledger.errors import Conflict, Malformed, NotProven
from ledger.merkle import Frontier, Hash, leaf_hash, root_of
from ledger.note import Note, Signature, with_lines
from ledger.store import cosignatures, entries, head, published, tiles
from ledger.tile import FULL, Tile, parse_tile


@dataclass(frozen=True, slots=True)
class Head:
    """The latest sealed state: the frontier to grow from, and the note that commits to it."""

    frontier: Frontier
    note: Note
    spelt: bytes = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # The note as it is stored: it is compared with before each group and after it.
        object.__setattr__(self, "spelt", self.note.bytes())

    @property
    def size(self) -> int:
        """How many entries are sealed."""
        return self.frontier.size

    def checkpoint(self) -> Checkpoint:
        """Return what the note says."""
        return Checkpoint.parse(self.note.text)


def read_head(connection: Connection, known: Head | None = None) -> Head | None:
    """Return the latest sealed state, *known* itself if it is that still, or None before the first entry."""
    row = driver.read_head(connection)
    if row is None:
        return None
    size, frontier, note = row
    if known is not None and (size, note) == (known.size, known.spelt):
        return known
    return Head(Frontier.from_bytes(size, frontier), Note.parse(note))


def replace_head(connection: Connection, *, old: Head | None, new: Head) -> None:
    """Put *new* in the place of *old*, or raise `Conflict` if something else stands there."""
    row = (new.size, new.frontier.to_bytes(), new.spelt)
    if old is None:
        names = ("size", "frontier", "note")
        connection.execute(insert(head), {"id": 1, **dict(zip(names, row, strict=True))})
    elif not driver.replace_head(connection, old_size=old.size, old_note=old.spelt, new=row):
        raise Conflict("somebody else has sealed a checkpoint", facts={"size": old.size})


def add_entries(connection: Connection, start: int, links: Links, roots: Sequence[Hash]) -> None:
    """Write entries from the place *start* on, and the tiles that they complete, whose roots are *roots*."""
    spelt, leaves = links
    if spelt:
        driver.insert_entries(
            connection, [*zip(range(start, start + len(spelt)), spelt, leaves, strict=True)]
        )
    for number, root in enumerate(roots, start // FULL):
        first = number * FULL - start
        # Of the first tile a part may have been written before.
        older = _leaves(connection, start + first, -first) if first < 0 else []
        joined = b"".join((*older, *leaves[max(first, 0) : first + FULL]))
        _add_tile(connection, Tile(0, number), joined, root)


def _add_tile(connection: Connection, tile: Tile, joined: bytes, root: Hash) -> None:
    """Write *tile*, which has become full, and the tile above it if that is full with it."""
    driver.insert_tile(connection, (tile.level, tile.index, joined, root))
    if (tile.index + 1) % FULL == 0:
        above = Tile(tile.level + 1, tile.index // FULL)
        roots = tile_bytes(connection, above)
        _add_tile(connection, above, roots, root_of(parse_tile(roots, FULL)))


# Composed once: composing a query costs more than asking it, and a proof asks for several tiles.
_TILE = select(tiles.c.hashes).where(
    tiles.c.level == bindparam("of_level"), tiles.c.index == bindparam("place")
)
_ROOTS = (
    select(tiles.c.root)
    .where(
        tiles.c.level == bindparam("of_level"),
        tiles.c.index.between(bindparam("first"), bindparam("last")),
    )
    .order_by(tiles.c.index)
)
_ENTRIES = (
    select(entries.c.index, entries.c.bytes, entries.c.leaf)
    .where(entries.c.index.between(bindparam("first"), bindparam("last")))
    .order_by(entries.c.index)
)
_LEAVES = (
    select(entries.c.leaf)
    .where(entries.c.index.between(bindparam("first"), bindparam("last")))
    .order_by(entries.c.index)
)


def tile_bytes(connection: Connection, tile: Tile) -> bytes:
    """Join the hashes of *tile*, full or not, or raise `NotProven` if the log does not reach so far."""
    if tile.width == FULL:
        kept = connection.execute(_TILE, {"of_level": tile.level, "place": tile.index}).scalar()
        if kept is not None:
            return bytes(kept)
    start = tile.index * FULL
    if tile.level == 0:
        rows = _leaves(connection, start, tile.width)
    else:
        below = {"of_level": tile.level - 1, "first": start, "last": start + tile.width - 1}
        rows = connection.execute(_ROOTS, below).scalars().all()
    if len(rows) != tile.width:
        raise NotProven("the log has no such tile", facts={"tile": tile.path()})
    return b"".join(rows)


def _leaves(connection: Connection, start: int, count: int) -> Sequence[Hash]:
    """Return the stored leaves from *start* on: *count* of them, if there are so many."""
    return connection.execute(_LEAVES, {"first": start, "last": start + count - 1}).scalars().all()


def tile_reader(connection: Connection) -> Callable[[Tile], bytes]:
    """Return what `tile.node_reader` asks for its tiles."""
    return lambda tile: tile_bytes(connection, tile)


def leaf_at(connection: Connection, index: int) -> Hash:
    """Return the stored leaf of the entry at *index*."""
    leaf = connection.execute(select(entries.c.leaf).where(entries.c.index == index)).scalar()
    if leaf is None:
        raise NotProven("the log has no such entry", facts={"index": index})
    return bytes(leaf)


def read_entries(connection: Connection, start: int, end: int) -> Iterator[tuple[int, bytes, Hash]]:
    """Yield index, bytes and leaf of the stored rows from *start* to before *end*, as they stand."""
    for index, spelt, leaf in connection.execute(_ENTRIES, {"first": start, "last": end - 1}):
        yield index, bytes(spelt), bytes(leaf)


def checked_entries(connection: Connection, start: int, end: int) -> list[bytes]:
    """Return the bytes of the entries from *start* to before *end*; `NotProven` for an altered one."""
    found: list[bytes] = []
    for index, spelt, leaf in read_entries(connection, start, end):
        if leaf_hash(spelt) != leaf:
            raise NotProven("the stored entry is not the one that was sealed", facts={"index": index})
        found.append(spelt)
    if len(found) != end - start:
        raise NotProven("the log has no such entries", facts={"start": start, "end": end})
    return found


def latest_published(connection: Connection) -> Note | None:
    """Return the largest published note with the lines of witnesses, or None."""
    row = connection.execute(select(published).order_by(published.c.size.desc()).limit(1)).one_or_none()
    return None if row is None else _cosigned(connection, row.size, Note.parse(row.note))


def cosigned_notes(connection: Connection, *, most: int) -> Iterator[Note]:
    """Yield up to *most* published notes that bear lines of witnesses, the largest first."""
    sizes = select(cosignatures.c.size).distinct().order_by(cosignatures.c.size.desc()).limit(most)
    for size in connection.execute(sizes).scalars().all():
        spelt = connection.execute(select(published.c.note).where(published.c.size == size)).scalar_one()
        yield _cosigned(connection, size, Note.parse(bytes(spelt)))


def published_between(connection: Connection, *, after: int, most: int | None) -> Iterator[Note]:
    """Yield the published notes larger than *after* up to *most*, smallest first, with witnesses' lines."""
    found = select(published).where(published.c.size > after).order_by(published.c.size)
    for row in connection.execute(found if most is None else found.where(published.c.size <= most)):
        yield _cosigned(connection, row.size, Note.parse(row.note))


def add_published(connection: Connection, size: int, note: Note) -> None:
    """Keep a note that is about to be shown to the world."""
    connection.execute(insert(published), {"size": size, "note": note.bytes()})


def add_cosignature(connection: Connection, size: int, line: Signature) -> None:
    """Keep the line of a witness under the published note of *size*, in the place of its older line."""
    same = (cosignatures.c.size == size) & (cosignatures.c.name == _line_name(line))
    changed = connection.execute(update(cosignatures).where(same).values(line=line.text()))
    if changed.rowcount == 0:
        connection.execute(
            insert(cosignatures), {"size": size, "name": _line_name(line), "line": line.text()}
        )


def _line_name(line: Signature) -> str:
    # One witness may sign with two keys; their lines stand side by side.
    return f"{line.name}+{line.key_id.hex()}"


def _cosigned(connection: Connection, size: int, note: Note) -> Note:
    lines = select(cosignatures.c.line).where(cosignatures.c.size == size).order_by(cosignatures.c.name)
    found = connection.execute(lines).scalars().all()
    return with_lines(note, *(Signature.parse(line) for line in found)) if found else note


def check_size(size: int, checkpoint: Checkpoint) -> None:
    """Raise `Malformed` unless *checkpoint* is of the size under which it is kept."""
    if checkpoint.size != size:
        raise Malformed("kept under another size", facts={"size": size, "checkpoint": checkpoint.size})


def last_published(connection: Connection, *, most: int) -> list[tuple[int, bytes]]:
    """Return size and bytes of the *most* largest published notes."""
    found = select(published).order_by(published.c.size.desc()).limit(most)
    return [(row.size, bytes(row.note)) for row in connection.execute(found)]


def count_entries(connection: Connection) -> int:
    """Return how many entries there are, by the place of the last one."""
    last = connection.execute(select(func.max(entries.c.index))).scalar()
    return 0 if last is None else int(last) + 1
