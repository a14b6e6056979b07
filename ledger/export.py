"""Our own log brought to a place that needs none of our programs: a folder, or an object store.

    publish(log, note, outlet)      from the checkpoint that stands there on; see filling.py for the order

What is read from the database is proven under the note before it is written where nothing is written twice.
"""

from ledger.checkpoint import Checkpoint
from ledger.errors import Unsafe
from ledger.filling import Beside, Filled, Progress, covered, fill, nothing_beside
from ledger.log import Log
from ledger.note import Note
from ledger.outlet import Outlet
from ledger.proven import ProvenTree, Read
from ledger.tile import Bundle, Tile


def note_to_show(log: Log) -> Note:
    """Return the note under which the world shall see *log* now, published now if entries have come since."""
    latest = log.published()
    # Who only reads does not wait for writers.
    if latest is not None and Checkpoint.parse(latest.text).size == log.size():
        return latest
    return log.publish()


def log_reader(log: Log) -> Read:
    """Return a reader of the files that *log* would serve."""

    def read(path: str) -> bytes:
        if path.startswith("tile/entries/"):
            return log.bundle(Bundle.parse(path))
        return log.tile(Tile.parse(path))

    return read


def publish(
    log: Log,
    note: Note,
    outlet: Outlet,
    *,
    beside: Beside = nothing_beside,
    progress: Progress = lambda _done, _total: None,
) -> Filled:
    """Bring the tree of *note* to *outlet*, with what its entries name beside it.

    Raises `Unsafe` where the checkpoint that stands there is none of this log's past: then either the place
    or our database is not what it was, and nothing is written.
    """
    read, seen = log_reader(log), outlet.seen()
    checkpoint = Checkpoint.parse(note.text)
    old = covered(seen, checkpoint.origin)
    if not ProvenTree(checkpoint, read).begins_with(old):
        facts = {"there": old.size, "here": checkpoint.size}
        raise Unsafe("what was shown to the world before is not the beginning of this log", facts=facts)
    return fill(outlet, note, seen, read, put=outlet.put, beside=beside, progress=progress)
