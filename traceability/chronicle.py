"""Entries as they are stored, readable or not, and which of them a lot's history rests on.

An entry whose bytes are not those that were sealed is still told of: as one that says nothing.

    the rice ── made of ── the paddy ── harvested on ── the plot        each a subject, and so is whoever
       └ entries 31, 33, 40   └ entries 12, 20, 30       └ entries 7, 9   registered, stated and signed it
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from ledger import store
from ledger.canonical import Json
from ledger.entry import Entry
from ledger.errors import LedgerError
from ledger.merkle import leaf_hash
from traceability import subjects, tables
from traceability.events import Event, followup, partner, processing
from traceability.events import field as growing
from traceability.question import Question
from traceability.reading import Reader
from traceability.statement import Statement

SIGNED = ("urn:jizihao:key:", "urn:jizihao:party:")
"""How the subjects begin that a signature rests on."""

_ABOUT = Question(
    select(tables.subject.c.entry)
    .where(tables.subject.c.subject == bindparam("subject"))
    .order_by(tables.subject.c.entry)
)


@dataclass(frozen=True)
class Record:
    """An entry as it is stored: its bytes, and what they say if they are the ones that were sealed."""

    index: int
    spelt: bytes
    entry: Entry | None

    @property
    def kind(self) -> str:
        """Return what the entry records, "" if it cannot be believed."""
        return "" if self.entry is None else str(self.entry.record.get("kind", ""))

    @cached_property
    def statement(self) -> Statement | None:
        """Return the statement that the entry records, if it records one and can be believed."""
        if self.entry is None or self.kind != "statement":
            return None
        try:
            return Statement.parse(self.entry.record["statement"])
        except (LedgerError, ValueError, TypeError, KeyError):
            # Whoever rewrote entry and leaf alike may have put anything here.
            return None

    @property
    def is_readable(self) -> bool:
        """Whether the entry says what was sealed."""
        return self.statement is not None or self.kind in {"log-opened", "log-keys", "key", "revocation"}

    @property
    def links(self) -> Mapping[str, Json]:
        """Return the subjects that the entry links to what came before."""
        return {} if self.entry is None else self.entry.record.get("links", {})


class Upstream(NamedTuple):
    """The subjects that a lot came from, itself first, and those of them that there was no room for."""

    names: tuple[str, ...]
    beyond: tuple[str, ...]


class Chronicle:
    """Reads entries by subject, each once."""

    def __init__(self, reader: Reader) -> None:
        self._connection = reader.connection
        self._records: dict[int, Record] = {}
        self._about: dict[str, list[int]] = {}

    def at(self, index: int) -> Record:
        """Return the entry at *index*."""
        if index not in self._records:
            self._records[index] = self._read(index)
        return self._records[index]

    def _read(self, index: int) -> Record:
        found = select(store.entries).where(store.entries.c.index == index)
        row = self._connection.execute(found).first()
        if row is None:
            return Record(index, b"", None)
        spelt = bytes(row._mapping["bytes"])
        try:
            sealed = leaf_hash(spelt) == bytes(row.leaf)
            return Record(index, spelt, Entry.parse(spelt) if sealed else None)
        except LedgerError:
            return Record(index, spelt, None)

    def about(self, subject: str) -> list[int]:
        """Return each entry that touches *subject*, oldest first."""
        if subject not in self._about:
            self._about[subject] = [row.entry for row in _ABOUT.rows(self._connection, subject=subject)]
        return self._about[subject]

    def upstream(self, lot: str, *, room: int) -> Upstream:
        """Return *lot* and the lots and plots behind it, nearest first, as far as there is *room*.

        A record takes one place, and so does each lot or plot that a record names as a source. What does not
        fit is left out with all that is behind it; the rest is what a browser derives from the same entries
        (static/reach.js).
        """
        names: list[str] = []
        beyond: list[str] = []
        met, waiting = {lot}, [lot]
        for subject in waiting:
            entries = self.about(subject)
            left = inf if subject == lot else room
            # Whose records alone are too many are not even read.
            sources = self._sources_of(subject, entries) if len(entries) <= left else []
            if len(entries) + len(sources) > left:
                beyond.append(subject)
                continue
            room -= len(entries) + len(sources)
            names.append(subject)
            fresh = [each for each in sources if each not in met]
            met |= set(fresh)
            waiting += fresh
        return Upstream(tuple(names), tuple(beyond))

    def standing(self, lot: str, upstream: Upstream, without: Container[int]) -> list[str]:
        """Return the names of *upstream* that *lot* comes from when the records *without* do not count."""
        told, met, waiting = frozenset(upstream.names), {lot}, [lot]
        for subject in waiting:
            sources = self._sources_of(subject, self.about(subject), without)
            fresh = [each for each in sources if each in told and each not in met]
            met |= set(fresh)
            waiting += fresh
        return waiting

    def _sources_of(self, subject: str, entries: list[int], without: Container[int] = ()) -> list[str]:
        standing = (self.at(index) for index in entries if index not in without)
        return list(dict.fromkeys(each for record in standing for each in _sources(record, subject)))

    def resting_on(self, names: Iterable[str]) -> list[int]:
        """Return the entries that *names* (of keys and parties) rest on: theirs, and who vouched for them."""
        found = {0}
        waiting = set(names)
        while waiting:
            fresh = {index for name in waiting for index in self.about(name)} - found
            found |= fresh
            waiting = {name for index in fresh for name in _vouchers(self.at(index))}
        return sorted(found)


def told_events(record: Record) -> Iterator[Event]:
    """Yield the event of a statement, and what a correction puts in place of another."""
    if record.statement is not None:
        event = record.statement.event
        yield event
        if isinstance(event, followup.Corrected) and event.replacement is not None:
            yield event.replacement


def voids(records: Iterable[Record]) -> dict[int, int]:
    """Return which of *records* another of them makes void: by correction, or as a partner's error.

    Nobody may take back what another said (docs/formats.md); the first to take it back counts.
    """
    told = [(each, statement) for each in records if (statement := each.statement) is not None]
    taken: dict[tuple[str, str | None, str], int] = {}
    for record, statement in told:
        event = statement.event
        if isinstance(event, followup.Corrected):
            taken.setdefault((statement.by, None, event.target), record.index)
        elif isinstance(event, partner.PartnerClaimed) and event.error is not None:
            taken.setdefault((statement.by, statement.claimed_by, event.event_id), record.index)
    found: dict[int, int] = {}
    for record, statement in told:
        claim = statement.event.event_id if isinstance(statement.event, partner.PartnerClaimed) else ""
        by = taken.get((statement.by, None, statement.digest))
        by = taken.get((statement.by, statement.claimed_by, claim)) if by is None else by
        if by is not None:
            found[record.index] = by
    return found


def _sources(record: Record, lot: str) -> Iterator[str]:
    """Yield what *lot* was made of, as *record* tells it."""
    for event in told_events(record):
        match event:
            case growing.Harvested() if event.lot == lot:
                yield from (subjects.plot(share.plot) for share in event.plots)
            case processing.Processed() if any(made.lot == lot for made in event.outputs):
                yield from (part.lot for part in event.inputs)
            case partner.PartnerClaimed() if any(made.uri == lot for made in event.outputs):
                yield from (item.uri for item in event.inputs)


def _vouchers(record: Record) -> Iterator[str]:
    if record.entry is None:
        return
    signatures: list[Any] = record.entry.record.get("sigs", [])
    yield from (subjects.key(each["key"]) for each in signatures)
    yield from (name for name in record.links if name.startswith(SIGNED))
