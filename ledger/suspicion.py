"""Which of two stored things was altered, when they contradict each other.

Three things beside its bytes speak for each entry: its leaf in the same row, its place in a full tile, and
the link in the next entry. Whoever edits a row with an ordinary tool leaves some of them behind.

    bytes ── hash ──→ leaf in the row
      │ hash
      ├────────────→ hash in the tile      once 256 entries have filled it
      └────────────→ prev in the next entry
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ledger.entry import Entry
from ledger.errors import Malformed
from ledger.merkle import Hash, leaf_hash

ENTRY, LEAF, MISSING = "entry-altered", "leaf-altered", "entries-missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row: its place, bytes and leaf as they stand."""

    index: int
    spelt: bytes
    leaf: bytes
    computed: Hash = field(init=False)
    entry: Entry | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "computed", leaf_hash(self.spelt))
        object.__setattr__(self, "entry", _entry_at(self.index, self.spelt))

    @property
    def prev(self) -> Hash | None:
        """The link to the entry before, if the bytes are an entry of this place."""
        return None if self.entry is None else self.entry.prev


def _entry_at(index: int, spelt: bytes) -> Entry | None:
    try:
        entry = Entry.parse(spelt)
    except Malformed:
        return None
    return entry if entry.index == index else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong at one place, if anything, and the leaf to go on with, if anybody knows it."""

    what: str | None
    leaf: Hash | None


Sealed = Callable[[Hash, Hash | None], bool | None]
"""Whether these one or two leaves complete the signed tree; None if that is not theirs to do."""


def judge(index: int, rows: Mapping[int, Row], tile_leaf: Hash | None, sealed: Sealed) -> Verdict:
    """Say what is wrong with the entry at *index*, by what speaks for it in *rows* and in its tile."""
    row, after = rows.get(index), rows.get(index + 1)
    link = None if after is None else after.prev
    witnesses = [leaf for leaf in (tile_leaf, link) if leaf is not None]
    if row is None:
        return Verdict(MISSING, witnesses[0] if witnesses else None)
    if row.entry is None:
        return Verdict(ENTRY, witnesses[0] if witnesses else row.leaf)
    if row.computed in witnesses:
        return Verdict(None if row.leaf == row.computed else LEAF, row.computed)
    if not witnesses:
        return _judge_last(row, sealed)
    if tile_leaf is None and after is not None and _is_worse(row, after, rows.get(index + 2), sealed):
        return Verdict(None, row.computed)
    return Verdict(ENTRY, row.leaf if row.leaf in witnesses else witnesses[0])


def _judge_last(row: Row, sealed: Sealed) -> Verdict:
    """Judge a row for which nothing speaks but its own leaf, and perhaps the signed root."""
    if row.leaf == row.computed:
        return Verdict(None, row.computed)
    if sealed(row.computed, None):
        return Verdict(LEAF, row.computed)
    return Verdict(ENTRY, row.leaf)


def _is_worse(row: Row, after: Row, second: Row | None, sealed: Sealed) -> bool:
    """Whether the second of two rows broke the link between them: less speaks for it than for the first."""
    if row.computed != row.leaf:
        return False
    if after.computed != after.leaf:
        return True
    if second is not None:
        return second.prev != after.computed
    # The last two entries: what the log signed decides.
    return after.prev is not None and sealed(after.prev, after.computed) is False
