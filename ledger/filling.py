"""A tree's files brought to a place, each proven on its way, and the checkpoint after all that it covers.

    1  the edge of the new tree, which proves the rest; the checkpoint that stands there begins it
    2  entries and full tiles from that checkpoint on, each written once it is proven
    3  everything durable under its name
    4  the edge read back: what stands there hashes to the new root
    5  the checkpoint

A crash before 5 leaves the old checkpoint with more files than it needs. They are not trusted for standing
there: the next time each is proven again, and only what is missing or wrong is brought once more.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from ledger.checkpoint import Checkpoint
from ledger.errors import Conflict, Malformed
from ledger.merkle import EMPTY_ROOT
from ledger.note import Note
from ledger.outlet import CHECKPOINT, Outlet, Seen
from ledger.proven import ProvenTree, Read
from ledger.tile import FULL

Progress = Callable[[int, int], None]
"""Called with how many entries are there, and how many there are to be."""

Put = Callable[[str, bytes], bool]
"""Writes bytes under a path, and says whether they were not there before."""

Beside = Callable[[Sequence[bytes]], Iterable[tuple[str, bytes]]]
"""Yields path and bytes of what these entries name and a reader of them will need."""

WRITERS = 8
_BEHIND = 32
MOST_WAITING = 2**26
"""Octets that wait to be written at most; bundles can be 16 MB."""


def nothing_beside(_entries: Sequence[bytes]) -> Iterable[tuple[str, bytes]]:
    """Name nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What a place covers now, how many entries it covered before, and what had to be written for that."""

    checkpoint: Checkpoint
    before: int
    files: int
    octets: int


class Behind:
    """Writes on several threads while the next piece is proven; never far behind."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._threads = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._waiting: deque[tuple[int, Future[bool]]] = deque()
        self._held = 0
        self.files = 0
        self.octets = 0

    def put(self, path: str, content: bytes) -> None:
        """Have *content* written; raises what an earlier write raised."""
        self._waiting.append((len(content), self._threads.submit(self._put, path, content)))
        self._held += len(content)
        while len(self._waiting) > _BEHIND or self._held > MOST_WAITING:
            self._finish_one()

    def finish(self) -> None:
        """Return once all is written."""
        while self._waiting:
            self._finish_one()

    def _finish_one(self) -> None:
        octets, written = self._waiting.popleft()
        self._held -= octets
        if written.result():
            self.files += 1
            self.octets += octets

    def close(self) -> None:
        """Give up what was not begun."""
        self._threads.shutdown(cancel_futures=True)


def fill(
    outlet: Outlet,
    note: Note,
    seen: Seen | None,
    *places: Read,
    put: Put,
    beside: Beside = nothing_beside,
    progress: Progress = lambda _done, _total: None,
) -> Filled:
    """Bring the tree of *note* from *places* to *outlet*, which showed *seen* when the caller looked.

    Whether *note* is to be believed, the caller has decided. Raises `NotProven` or `Malformed` for what does
    not lead to its root, and unless it begins with the tree that was *seen*.
    """
    filled = bring(outlet, note, seen, *places, put=put, beside=beside, progress=progress)
    show(outlet, note, seen)
    return filled


def bring(
    outlet: Outlet,
    note: Note,
    seen: Seen | None,
    *places: Read,
    put: Put,
    beside: Beside = nothing_beside,
    progress: Progress = lambda _done, _total: None,
) -> Filled:
    """Take the steps 1 to 4, for a caller who has something to do before `show`."""
    checkpoint = Checkpoint.parse(note.text)
    size, old = checkpoint.size, covered(seen, checkpoint.origin)
    tree = ProvenTree(checkpoint, *places)
    tree.check_begins_with(old)
    with closing(Behind(put)) as behind:
        tree.keep_in(behind.put)
        for number in wanting(old.size, size):
            for path, content in beside(tree.bundle(number)):
                behind.put(path, content)
            progress(min((number + 1) * FULL, size), size)
        behind.finish()
    outlet.settle()
    ProvenTree(checkpoint, outlet.read).check_begins_with(old)
    return Filled(checkpoint, old.size, behind.files, behind.octets)


def show(outlet: Outlet, note: Note, seen: Seen | None) -> None:
    """Take the last step: let *note* stand where *seen* stood."""
    if seen is None or seen.content != note.bytes():
        outlet.replace(CHECKPOINT, note.bytes(), seen)


def wanting(old: int, size: int) -> range:
    """Return the numbers of the bundles that a tree of *size* has and one of *old* lacks or has in part."""
    return range(old // FULL, -(-size // FULL)) if old < size else range(0)


def covered(seen: Seen | None, origin: str) -> Checkpoint:
    """Return what a place covers already of the log *origin*; `Conflict` if it is another log's."""
    if seen is None:
        return Checkpoint(origin, 0, EMPTY_ROOT)
    try:
        old = Checkpoint.parse(Note.parse(seen.content).text)
    except Malformed as why:
        raise Malformed(why.reason, facts={**why.facts, "path": CHECKPOINT}) from None
    if old.origin != origin:
        raise Conflict("another log stands in this place", facts={"here": old.origin, "origin": origin})
    return old
