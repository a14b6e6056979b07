"""Reading and writing the rows of the log, one small function for each thing a log asks of its tables.

Nothing here opens or ends a transaction, and nothing is believed: an entry that is read is hashed again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from ledger.checkpoint import Checkpoint
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

    @property
    def size(self) -> int:
        """How many entries are sealed."""
        return self.frontier.size

    def checkpoint(self) -> Checkpoint:
        """Return what the note says."""
        return Checkpoint.parse(self.note.text)


def read_head(connection: Connection) -> Head | None:
    """Return the latest sealed state, or None before the first entry."""
    row = connection.execute(select(head.c.size, head.c.frontier, head.c.note)).one_or_none()
    if row is None:
        return None
    return Head(Frontier.from_bytes(row.size, row.frontier), Note.parse(row.note))


def replace_head(connection: Connection, *, old: Head | None, new: Head) -> None:
    """Put *new* in the place of *old*, or raise `Conflict` if something else stands there."""
    row = {"size": new.size, "frontier": new.frontier.to_bytes(), "note": new.note.bytes()}
    if old is None:
        connection.execute(insert(head), {"id": 1, **row})
        return
    still = (head.c.size == old.size) & (head.c.note == old.note.bytes())
    if connection.execute(update(head).where(still).values(row)).rowcount != 1:
        raise Conflict("somebody else has sealed a checkpoint", facts={"size": old.size})


def add_entries(connection: Connection, start: int, spelt: Sequence[bytes], leaves: Sequence[Hash]) -> None:
    """Write entries from the place *start* on, and the tiles that they complete."""
    rows = [
        {"index": index, "bytes": entry, "leaf": leaf}
        for index, (entry, leaf) in enumerate(zip(spelt, leaves, strict=True), start)
    ]
    if rows:
        connection.execute(insert(entries), rows)
    for number in range(start // FULL, (start + len(rows)) // FULL):
        _complete(connection, Tile(0, number))


def _complete(connection: Connection, tile: Tile) -> None:
    """Write *tile*, which has become full, and the tile above it if that is full with it."""
    joined = tile_bytes(connection, tile)
    row = {
        "level": tile.level,
        "index": tile.index,
        "hashes": joined,
        "root": root_of(parse_tile(joined, FULL)),
    }
    connection.execute(insert(tiles), row)
    if (tile.index + 1) % FULL == 0:
        _complete(connection, Tile(tile.level + 1, tile.index // FULL))


def tile_bytes(connection: Connection, tile: Tile) -> bytes:
    """Join the hashes of *tile*, full or not, or raise `NotProven` if the log does not reach so far."""
    if tile.width == FULL:
        this = (tiles.c.level == tile.level) & (tiles.c.index == tile.index)
        kept = connection.execute(select(tiles.c.hashes).where(this)).scalar()
        if kept is not None:
            return bytes(kept)
    start = tile.index * FULL
    if tile.level == 0:
        found = select(entries.c.leaf).where(entries.c.index.between(start, start + tile.width - 1))
        rows = connection.execute(found.order_by(entries.c.index)).scalars().all()
    else:
        below = (tiles.c.level == tile.level - 1) & tiles.c.index.between(start, start + tile.width - 1)
        rows = connection.execute(select(tiles.c.root).where(below).order_by(tiles.c.index)).scalars().all()
    if len(rows) != tile.width:
        raise NotProven("the log has no such tile", facts={"tile": tile.path()})
    return b"".join(rows)


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
    found = select(entries.c.index, entries.c.bytes, entries.c.leaf).order_by(entries.c.index)
    for index, spelt, leaf in connection.execute(found.where(entries.c.index.between(start, end - 1))):
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


def published_notes(connection: Connection, *, after: int, most: int) -> list[tuple[int, bytes]]:
    """Return size and bytes of up to *most* published notes larger than *after*, the smallest first."""
    found = select(published).where(published.c.size > after).order_by(published.c.size).limit(most)
    return [(row.size, bytes(row.note)) for row in connection.execute(found)]


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
