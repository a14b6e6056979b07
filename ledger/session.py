"""Where a log ends while it grows, inside one transaction that may yet be undone.

A tip is a plain value: whoever undoes a savepoint goes on from the tip of before, and nothing else remembers
the entries that never were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ledger import shelf
from ledger.canonical import Json, instant_text
from ledger.entry import Ready, chained, ready
from ledger.errors import Conflict
from ledger.merkle import Frontier, Hash
from ledger.note import Note
from ledger.shelf import Head
from ledger.tile import FULL

# A tile joins so many levels of the tree.
_HEIGHT = FULL.bit_length() - 1


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of the log: the head that was sealed last, and the tree as it has grown since.

    *prev* is the leaf of the last entry and *at* its time, None before the first.
    """

    head: Head | None
    frontier: Frontier
    prev: Hash
    at: datetime | None

    @property
    def size(self) -> int:
        """How many entries there are, sealed or not."""
        return self.frontier.size

    @property
    def note(self) -> Note | None:
        """The note that seals the head, None before the first entry."""
        return None if self.head is None else self.head.note

    @property
    def grown(self) -> bool:
        """Whether there are entries that no checkpoint seals yet."""
        return self.size > (0 if self.head is None else self.head.size)


def grow(connection: Connection, tip: Tip, records: Sequence[Ready], now: datetime) -> tuple[Tip, list[Hash]]:
    """Append *records* at *tip*; return the tip behind them, and their leaves.

    They are recorded at *now*, but never earlier than the entry before.
    """
    at = now if tip.at is None else max(now, tip.at)
    links = chained(tip.size, instant_text(at), tip.prev, records)
    frontier, roots = tip.frontier.grown(links.leaves, height=_HEIGHT)
    shelf.add_entries(connection, tip.size, links, roots)
    if not links.leaves:
        return tip, []
    return Tip(tip.head, frontier, links.leaves[-1], at), links.leaves


class Session:
    """What a piece of work may touch: the transaction, and the end of the log in it.

    *at* is the time of every entry of this work: never earlier than that of the entry before.
    """

    def __init__(self, connection: Connection, tip: Tip, now: datetime) -> None:
        self.connection = connection
        self.tip = tip
        self.at = now if tip.at is None else max(now, tip.at)
        self._first = tip.size
        self._leaves: list[Hash] = []
        self._open = True

    @property
    def size(self) -> int:
        """The place of the next entry."""
        return self.tip.size

    @property
    def leaves(self) -> tuple[Hash, ...]:
        """The leaves of what this work has appended."""
        return tuple(self._leaves[: self.size - self._first])

    def leaf_at(self, index: int) -> Hash:
        """Return the leaf of an entry before this point, or raise `NotProven`."""
        return shelf.leaf_at(self.connection, index)

    def append(self, records: Sequence[dict[str, Json]]) -> range:
        """Append *records* one behind another and return their places."""
        if not self._open:
            raise Conflict("the work that this session was for is over")
        start = self.size
        tip, leaves = grow(self.connection, self.tip, [ready(record) for record in records], self.at)
        # The work may have gone back to an earlier tip of its own: what stood behind that is no more.
        self._leaves[start - self._first :] = leaves
        self.tip = tip
        return range(start, tip.size)

    def close(self) -> None:
        """End the session: whoever kept it can append no more."""
        self._open = False
