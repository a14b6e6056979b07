"""What a shopper is told of a lot: every record of it and of what it was made from, in order of time.

A chapter is one record. It is told from the bytes of its entry; where these are not the bytes that were
sealed, the chapter says so and tells nothing. What is missing stays missing: nothing is taken over from
another lot.

    records of the lot and of its input lots, however many steps back     subject: the lot
    registration and treatments of the plots it was harvested from        subject: the plot
    the product's registration                                            subject: the product
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from ledger import store
from ledger.entry import Entry
from ledger.errors import LedgerError
from ledger.merkle import leaf_hash
from traceability import recollection, subjects, tables
from traceability.errors import Unknown
from traceability.events import Event, followup, processing, quality
from traceability.events import field as growing
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past import KnownLot
from traceability.reading import Reader
from traceability.statement import Statement

CertificateState = Literal["attached", "missing", "not-required", "unknown"]
TestState = Literal["none", "conformant", "non-conformant"]


@dataclass(frozen=True)
class Record:
    """An entry as it is stored: its bytes, and what they say if they are the ones that were sealed."""

    index: int
    spelt: bytes
    entry: Entry | None

    @property
    def statement(self) -> Statement | None:
        """Return the statement that the entry records, if it records one and can be believed."""
        if self.entry is None or self.entry.record["kind"] != "statement":
            return None
        return Statement.parse(self.entry.record["statement"])


@dataclass(frozen=True)
class Chapter:
    """One record on the shopper's page, under the subject that it is about."""

    record: Record
    subject: str
    void_by: int | None = None

    @property
    def id(self) -> str:
        """Return the name of the chapter on its page."""
        return f"c{self.record.index}"


@dataclass(frozen=True)
class Notice:
    """A recall that reaches the lot: which lot was called back, how gravely, why, and in which entry."""

    index: int
    lot: str
    level: int
    cause: str


@dataclass
class Story:
    """Everything that the page about one lot rests on."""

    lot: str
    known: KnownLot
    chapters: list[Chapter]
    support: list[Record]
    subjects: list[str]
    recalls: list[Notice]
    certificate: CertificateState
    tests: TestState

    @property
    def records(self) -> list[Record]:
        """Return every record of the page once, in the order of the log."""
        found = {record.index: record for record in (*self.support, *(each.record for each in self.chapters))}
        return [found[index] for index in sorted(found)]


def tell(reader: Reader, lot: str, rules: RuleSet) -> Story:
    """Return the story of *lot*, or raise `Unknown`."""
    known = recollection.known_lot(reader.connection, lot)
    if known is None:
        raise Unknown("lot", lot)
    lineage = [lot, *sorted(recollection.ancestors(reader.connection, lot))]
    chapters = _chapters(reader, lineage)
    about = _told_of(chapters)
    names = [*lineage, *about]
    for subject in about:
        chapters += _of_subject(reader, subject, {each.record.index for each in chapters})
    chapters.sort(key=_time)
    return Story(
        lot=lot,
        known=known,
        chapters=chapters,
        support=_support(reader, chapters),
        subjects=names,
        recalls=list(_recalls(chapters, set(lineage))),
        certificate=_certificate(chapters, lot, known, rules),
        tests=_tests(chapters, lot),
    )


def read_record(reader: Reader, index: int) -> Record:
    """Return the entry at *index* as it is stored, readable or not."""
    row = reader.connection.execute(select(store.entries).where(store.entries.c.index == index)).first()
    if row is None:
        return Record(index, b"", None)
    spelt = bytes(row._mapping["bytes"])
    try:
        sealed = leaf_hash(spelt) == bytes(row.leaf)
        return Record(index, spelt, Entry.parse(spelt) if sealed else None)
    except LedgerError:
        return Record(index, spelt, None)


def _chapters(reader: Reader, lots: Iterable[str]) -> list[Chapter]:
    found: list[Chapter] = []
    for lot in lots:
        found += _of_subject(reader, lot, {each.record.index for each in found})
    return found


def _of_subject(reader: Reader, subject: str, told: set[int]) -> list[Chapter]:
    """Return a chapter for each entry that touches *subject* and is not *told* yet."""
    rows = reader.connection.execute(
        select(tables.subject.c.entry, tables.statement.c.void_by)
        .outerjoin(tables.statement, tables.statement.c.entry == tables.subject.c.entry)
        .where(tables.subject.c.subject == subject)
        .order_by(tables.subject.c.entry)
    )
    return [
        Chapter(read_record(reader, row.entry), subject, row.void_by) for row in rows if row.entry not in told
    ]


def _told_of(chapters: list[Chapter]) -> list[str]:
    """Return the plots that harvests came from and the products that lots are of."""
    found: dict[str, None] = {}
    for chapter in chapters:
        if (statement := chapter.record.statement) is not None:
            found |= dict.fromkeys(_background(statement.by, statement.event))
    return list(found)


def _background(by: str, event: Event) -> Iterable[str]:
    if isinstance(event, followup.Corrected) and event.replacement is not None:
        yield from _background(by, event.replacement)
    elif isinstance(event, growing.Harvested):
        yield from (subjects.plot(share.plot) for share in event.plots)
        yield subjects.product(by, event.product)
    elif isinstance(event, processing.Processed):
        yield from (subjects.product(by, each.product) for each in event.outputs)
    elif isinstance(event, processing.UntracedReceived):
        yield subjects.product(by, event.product)


def _time(chapter: Chapter) -> tuple[str, int]:
    statement = chapter.record.statement
    return ("" if statement is None else statement.event.at.isoformat(), chapter.record.index)


def _support(reader: Reader, chapters: list[Chapter]) -> list[Record]:
    """Return the entries that chapters rest on: the opening, the keys that signed, the parties."""
    names: set[str] = set()
    for chapter in chapters:
        if chapter.record.entry is not None:
            links = chapter.record.entry.record["links"]
            names |= {each for each in links if each.startswith(("urn:jizihao:key:", "urn:jizihao:party:"))}
    found = {0}
    while names:
        fresh: set[str] = set()
        for name in sorted(names):
            for index in _entries_of(reader, name):
                if index not in found:
                    found.add(index)
                    fresh |= _rests_on(reader, index)
        names = fresh - names
    return [read_record(reader, index) for index in sorted(found)]


def _entries_of(reader: Reader, name: str) -> list[int]:
    table = tables.subject
    rows = reader.connection.execute(select(table.c.entry).where(table.c.subject == name))
    return [row.entry for row in rows]


def _rests_on(reader: Reader, index: int) -> set[str]:
    record = read_record(reader, index)
    if record.entry is None:
        return set()
    signers = {subjects.key(each["key"]) for each in record.entry.record.get("sigs", ())}
    return signers | {each for each in record.entry.record["links"] if each.startswith("urn:jizihao:key:")}


def _standing(chapters: Iterable[Chapter]) -> Iterable[tuple[Chapter, Event]]:
    for chapter in chapters:
        statement = chapter.record.statement
        if statement is not None and chapter.void_by is None:
            event = statement.event
            told = event.replacement if isinstance(event, followup.Corrected) else event
            if told is not None:
                yield chapter, told


def _recalls(chapters: list[Chapter], lineage: set[str]) -> Iterable[Notice]:
    for chapter, event in _standing(chapters):
        if isinstance(event, followup.Recalled) and event.lot in lineage:
            yield Notice(chapter.record.index, event.lot, event.level, event.cause)


def _certificate(chapters: list[Chapter], lot: str, known: KnownLot, rules: RuleSet) -> CertificateState:
    """Tell the state of the 承诺达标合格证 for this very lot, judged on the day it was born."""
    for _, event in _standing(chapters):
        if isinstance(event, quality.CertificateIssued) and event.lot == lot:
            return "attached"
    if known.product is None or known.born_at is None:
        return "unknown"
    needed = rules.requires_certificate(known.product.commodity, legal_day(known.born_at))
    if needed is None:
        return "unknown"
    return "missing" if needed else "not-required"


def _tests(chapters: list[Chapter], lot: str) -> TestState:
    """Tell the latest result of this very lot; a lot made from a tested one has its own tests or none."""
    state: TestState = "none"
    for _, event in _standing(chapters):
        if isinstance(event, quality.Inspected) and event.lot == lot:
            state = event.verdict
    return state
