"""A draw as the log tells it: announced, made or not yet, and drawn once more by whoever wants to know."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ledger.checkpoint import Checkpoint
from traceability import tables
from traceability.draw import commitment_of, draw, seed_of
from traceability.events.credit import DrawAnnounced, DrawMade, Drawn
from traceability.reading import Reader
from traceability.tables import credit as credit_tables
from traceability.tree_root import root_at


@dataclass(frozen=True, slots=True)
class DrawStanding:
    """An announcement that stands, and what was recorded as drawn; *root* (hex) as the record tells it."""

    announced_entry: int
    digest: str
    by: str
    event: DrawAnnounced
    size: int
    made_entry: int | None = None
    root: str | None = None
    word: str | None = None
    drawn: tuple[Drawn, ...] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the log is long enough to draw."""
        return self.event.seed_size <= self.size


def standing_draw(reader: Reader, index: int) -> DrawStanding | None:
    """Return the draw that the entry at *index* announced or made, if it stands."""
    connection = reader.connection
    table, made = credit_tables.draw, credit_tables.draw_made
    row = connection.execute(tables.standing(table, table.c.entry == index)).first()
    if row is None:
        own = connection.execute(tables.standing(made, made.c.entry == index)).first()
        if own is None:
            return None
        row = connection.execute(tables.standing(table, table.c.digest == own.target)).first()
    return None if row is None else _standing(reader, row)


def draws(reader: Reader, *, limit: int = 200) -> list[DrawStanding]:
    """Return the draws that stand, newest first, no more than *limit*."""
    table, said = credit_tables.draw, tables.statement
    query = select(table).join(said, said.c.entry == table.c.entry).where(said.c.void_by.is_(None))
    rows = reader.connection.execute(query.order_by(table.c.entry.desc()).limit(limit)).all()
    return [_standing(reader, row) for row in rows]


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A draw that was withdrawn when its outcome could be known already."""

    by: str
    division: str
    announced_entry: int
    withdrawn_entry: int


@dataclass(frozen=True, slots=True)
class DrawTally:
    """How many draws one office has announced, and what became of them.

    *owed* could be made and are not; *withdrawn* were taken back before anybody could know their outcome,
    *abandoned* when it could be known.
    """

    by: str
    announced: int
    made: int
    owed: int
    withdrawn: int
    abandoned: int


def tallies(connection: Connection) -> tuple[list[DrawTally], list[Abandoned]]:
    """Return the count of each office that ever announced a draw, and each draw that was abandoned."""
    table, said, size = credit_tables.draw, tables.statement, _size(connection)
    made = {row.target for row in connection.execute(tables.standing(credit_tables.draw_made))}
    query = select(table, said.c.by, said.c.void_by).join(said, said.c.entry == table.c.entry)
    by_office: dict[str, Counter[str]] = defaultdict(Counter)
    abandoned = []
    for row in connection.execute(query.order_by(table.c.entry)):
        became = _became(row, is_made=row.digest in made, size=size)
        by_office[row.by].update(("announced", became))
        if became == "abandoned":
            abandoned.append(Abandoned(row.by, row.division, row.entry, row.void_by))
    told = [
        DrawTally(by, *(found[name] for name in ("announced", "made", "owed", "withdrawn", "abandoned")))
        for by, found in sorted(by_office.items())
    ]
    return told, abandoned


def _became(row: Any, *, is_made: bool, size: int) -> str:
    if row.void_by is not None:
        return "abandoned" if row.seed_size <= row.void_by else "withdrawn"
    if is_made:
        return "made"
    return "owed" if row.seed_size <= size else "waiting"


def _standing(reader: Reader, row: Any) -> DrawStanding:
    connection, made = reader.connection, credit_tables.draw_made
    statement = reader.statement(row.entry)
    announced = _announced(statement.event)
    found = connection.execute(tables.standing(made, made.c.target == row.digest)).first()
    known = DrawStanding(row.entry, row.digest, statement.by, announced, _size(connection))
    if found is None:
        return known
    event = reader.statement(found.entry).event
    if not isinstance(event, DrawMade):
        raise TypeError(event.kind)
    return DrawStanding(
        row.entry,
        row.digest,
        statement.by,
        announced,
        known.size,
        found.entry,
        event.root,
        event.word,
        event.drawn,
    )


def _announced(event: Any) -> DrawAnnounced:
    # A correction puts another announcement in the place of the first.
    told = getattr(event, "replacement", None) or event
    if not isinstance(told, DrawAnnounced):
        raise TypeError(told.kind)
    return told


def _size(connection: Connection) -> int:
    """Return how many entries the derived tables know."""
    entries = [
        connection.execute(select(column).order_by(column.desc()).limit(1)).scalar()
        for column in (tables.statement.c.entry, tables.key_record.c.entry)
    ]
    return max((each + 1 for each in entries if each is not None), default=0)


def drawn_again(
    reader: Reader, origin: str, found: DrawStanding, word: str | None = None
) -> tuple[Drawn, ...] | None:
    """Return what the log's own tree draws; None where it cannot be known yet.

    *word* is the office's secret word, where it has committed to one and not told it yet.
    """
    if not found.is_ready:
        return None
    told = found.word or word
    committed = found.event.commitment
    if committed is not None and (told is None or commitment_of(told) != committed):
        return None
    root = root_at(reader.connection, found.event.seed_size)
    checkpoint = Checkpoint(origin, found.event.seed_size, root)
    return draw(seed_of(checkpoint, found.digest, None if committed is None else told), found.event)
