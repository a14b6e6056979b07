"""The same report from the first entries of a log: of an instance that has grown since, or of a copy.

The entries are told again to an empty scratch database, which then holds what the instance held when its log
was that long; void is only what those entries make void. The root is computed on the way, so the report
names the checkpoint that these very entries have.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection

from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import NotProven
from ledger.merkle import Frontier, Hash, leaf_hash
from ledger.proven import ProvenTree, verified_entries
from ledger.source import Source
from ledger.tile import FULL
from traceability import judging
from traceability.copy_audit import CopiedRules
from traceability.quality_report.made import Asked, Wanted, report_of
from traceability.reading import ReadEntry, Reader, stored_entry
from traceability.replay import RuleSets, rebuild, scratch_engine, stored_entries

Json = dict[str, Any]
T = TypeVar("T")
Work = Callable[[Reader, Checkpoint], T]
"""Reads the tables of a scratch database, which stand for the entries under a checkpoint."""


def report_at(connection: Connection, origin: str, shelf: RuleSets, wanted: Wanted, size: int) -> Json:
    """Return the report as of the first *size* entries of the log in the database of *connection*.

    Raises `NotProven` where the log is shorter.
    """
    told = _Told(origin, lambda _, index: stored_entry(connection, index))
    return told.work(stored_entries(connection, size), _reporting(wanted, shelf))


def report_of_copy(source: Source, believed: Checkpoint, wanted: Wanted, size: int | None = None) -> Json:
    """Return the report as of the first *size* entries of a copy, proven under a *believed* checkpoint."""
    return in_copy(source, believed, _reporting(wanted, CopiedRules(source)), size)


def in_copy(source: Source, believed: Checkpoint, work: Work[T], size: int | None = None) -> T:
    """Return what *work* finds in the tables that the first *size* entries of a copy give.

    Each entry is proven under the *believed* checkpoint before it is told.
    """
    if size is not None and not 0 < size <= believed.size:
        raise NotProven("the copy holds fewer entries", facts={"size": believed.size})
    tree = ProvenTree(believed, source.read)
    told = _Told(believed.origin, lambda _, index: _entry(tree, index))
    spelt = verified_entries(source, believed, 0, size)
    return told.work(((Entry.parse(each), leaf_hash(each)) for _, each in spelt), work)


def _entry(tree: ProvenTree, index: int) -> Entry:
    return Entry.parse(list(tree.bundle(index // FULL))[index % FULL])


def _reporting(wanted: Wanted, shelf: RuleSets) -> Work[Json]:
    def report(reader: Reader, checkpoint: Checkpoint) -> Json:
        digest = judging.rules_in_force(reader.connection)
        if digest is None:
            raise NotProven("the log is not open yet")
        return report_of(reader.connection, Asked(wanted, checkpoint, shelf.get(digest)))

    return report


class _Told:
    """A log told again up to some size."""

    def __init__(self, origin: str, read_entry: ReadEntry) -> None:
        self._origin = origin
        self._read_entry = read_entry
        self._frontier = Frontier.empty()

    def work(self, entries: Iterable[tuple[Entry, Hash]], work: Work[T]) -> T:
        engine = scratch_engine()
        try:
            with engine.begin() as scratch:
                rebuild(scratch, self._counted(entries), self._read_entry)
                checkpoint = Checkpoint(self._origin, self._frontier.size, self._frontier.root())
                return work(Reader(scratch, self._read_entry), checkpoint)
        finally:
            engine.dispose()

    def _counted(self, entries: Iterable[tuple[Entry, Hash]]) -> Iterator[Entry]:
        for entry, leaf in entries:
            self._frontier = self._frontier.appended(leaf)
            yield entry
