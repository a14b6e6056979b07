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
from ledger.entry import Entry
from ledger.errors import Conflict
from ledger.merkle import Frontier, Hash, leaf_hash
from ledger.note import Note
from ledger.shelf import Head


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


class Session:
    """What a piece of work may touch: the transaction, and the end of the log in it.

    *at* is the time of every entry of this work: never earlier than that of the entry before.
    """

    def __init__(self, connection: Connection, tip: Tip, now: datetime) -> None:
        self.connection = connection
        self.tip = tip
        self.at = now if tip.at is None else max(now, tip.at)
        self._open = True

    @property
    def size(self) -> int:
        """The place of the next entry."""
        return self.tip.size

    def leaf_at(self, index: int) -> Hash:
        """Return the leaf of an entry before this point, or raise `NotProven`."""
        return shelf.leaf_at(self.connection, index)

    def append(self, records: Sequence[dict[str, Json]]) -> range:
        """Append *records* one behind another and return their places."""
        if not self._open:
            raise Conflict("the work that this session was for is over")
        start, frontier, prev = self.size, self.tip.frontier, self.tip.prev
        spelt: list[bytes] = []
        leaves: list[Hash] = []
        for index, record in enumerate(records, start):
            spelt.append(Entry(index, instant_text(self.at), prev, record).bytes())
            prev = leaf_hash(spelt[-1])
            leaves.append(prev)
            frontier = frontier.appended(prev)
        shelf.add_entries(self.connection, start, spelt, leaves)
        self.tip = Tip(self.tip.head, frontier, prev, self.at if records else self.tip.at)
        return range(start, frontier.size)

    def close(self) -> None:
        """End the session: whoever kept it can append no more."""
        self._open = False
