"""What a shopper is told of a lot: every record of it and of what it was made from, in order of time.

A chapter is one record. It is told from the bytes of its entry; where these are not the bytes that were
sealed, the chapter says so and tells nothing. What is missing stays missing: nothing is taken over from
another lot. A lot with more behind it than a page can hold is told as far as there is room; what is left
out is named, and has pages of its own.

    event           what happened to the lot, to its input lots, and on the plots they were harvested from
    aside           what happened to the rest of an input lot, or on a plot after the harvest
    registration    product, plot, party and key behind these
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal

from ledger.errors import LedgerError
from traceability import code_state, genealogy, goods, subjects
from traceability.chronicle import SIGNED, Chronicle, Record, told_events, voids
from traceability.errors import Unknown
from traceability.events import (
    Event,
    followup,
    movement,
    moving,
    processing,
    quality,
    registry,
    release,
    selling,
)
from traceability.events import field as growing
from traceability.events.fact import legal_day
from traceability.events.growing import FieldWorked
from traceability.limits import RuleSet
from traceability.occurrence import occurrence_of
from traceability.past import KnownLot
from traceability.reading import Reader
from traceability.test_backing import Lapse

CertificateState = Literal["attached", "missing", "not-required", "unknown"]
TestState = Literal["none", "conformant", "non-conformant"]
Part = Literal["event", "aside", "registration"]
PARTS: tuple[Part, ...] = ("event", "aside", "registration")

PLOT = "urn:jizihao:plot:"
ROOM = 600
"""How many records and sources behind a lot one page tells: a blend may be of ten thousand lots."""

_REGISTRATIONS = (
    registry.PartyRegistered,
    registry.PrefixLicensed,
    registry.ProductRegistered,
    registry.MemberRegistered,
    registry.PlotRegistered,
    registry.RulesAdopted,
)
_MOVES = (
    movement.Shipped,
    movement.Received,
    moving.Carried,
    moving.TemperatureLogged,
    processing.Packed,
    processing.Unpacked,
    selling.EntryChecked,
)
_OF_ONE_HOLDER = (
    processing.CodesIssued,
    processing.CodesVoided,
    release.CodesActivated,
    release.CodesSold,
    release.CodesRecalled,
    movement.Retailed,
    selling.SpotChecked,
    selling.OnlineListed,
    selling.ListingEnded,
    selling.ExportDeclared,
)


@dataclass(frozen=True)
class Chapter:
    """One record on the shopper's page, under the subject that it is about.

    *confirmed_by* are the entries in which another party bears the record out; *lapse* is why an activation
    of codes that it tells of counts no longer.
    """

    record: Record
    subject: str
    void_by: int | None = None
    part: Part = "event"
    confirmed_by: tuple[int, ...] = ()
    lapse: Lapse | None = None

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


@dataclass(frozen=True)
class Origin:
    """A lot that nothing on record was made into, and how much of the story's lot comes from it."""

    lot: str
    share: Fraction


@dataclass
class Story:
    """Everything that the page about one lot rests on; *beyond* is what it came from and has no room."""

    lot: str
    known: KnownLot
    chapters: list[Chapter]
    support: list[Record]
    subjects: list[str]
    recalls: list[Notice]
    certificate: CertificateState
    tests: TestState
    origins: list[Origin]
    beyond: tuple[str, ...] = ()

    @property
    def is_recalled(self) -> bool:
        """Whether a recall reaches the lot, told here or of something that there was no room for."""
        return bool(self.recalls) or self.known.recalled

    @property
    def records(self) -> list[Record]:
        """Return every record of the page once, in the order of the log."""
        found = {record.index: record for record in (*self.support, *(each.record for each in self.chapters))}
        return [found[index] for index in sorted(found)]


def tell(reader: Reader, lot: str, rules: RuleSet | None) -> Story:
    """Return the story of *lot*, or raise `Unknown`. Without *rules* nobody can say what is required."""
    chronicle = Chronicle(reader)
    known = _known(reader, lot)
    if known is None and not chronicle.about(lot):
        raise Unknown("lot", lot)
    known = known or KnownLot(lot, product=None, maker=None)
    behind = chronicle.upstream(lot, room=ROOM)
    void = voids(
        [chronicle.at(index) for index in sorted({n for name in behind.names for n in chronicle.about(name)})]
    )
    standing = chronicle.standing(lot, behind, void)
    plots = [each for each in standing if each.startswith(PLOT)]
    lineage = [each for each in standing if not each.startswith(PLOT)]
    happened = list(_chapters(chronicle, [*lineage, *plots], void))
    products = _products(happened, frozenset(lineage))
    signers = _signers(happened)
    told = [
        *_parted(happened, lot, frozenset(lineage), known.born_at),
        *_registrations(chronicle, [*products, *signers], {each.record.index for each in happened}),
    ]
    return Story(
        lot=lot,
        known=known,
        chapters=sorted(_confirmed(_lapsed(reader, told, lot)), key=_time),
        support=_support(chronicle, told, [*behind.names, *_contested(told, lot)], known),
        subjects=[*lineage, *plots, *products, *signers],
        recalls=list(_recalls(told, frozenset(lineage))),
        certificate=_certificate(told, lot, known, rules),
        tests=_tests(told, lot),
        origins=_origins(told, lot),
        beyond=behind.beyond,
    )


def _known(reader: Reader, lot: str) -> KnownLot | None:
    try:
        return goods.known_lot(reader.connection, lot)
    except (LedgerError, ValueError, ArithmeticError):
        # The searchable copy was changed into nonsense; the entries speak for themselves.
        return KnownLot(lot, product=None, maker=None)


def _chapters(chronicle: Chronicle, names: Iterable[str], void: Mapping[int, int]) -> Iterator[Chapter]:
    """Yield a chapter for each entry that touches one of *names*, under the first that it touches."""
    seen: set[int] = set()
    for name in names:
        for index in chronicle.about(name):
            if index not in seen:
                seen.add(index)
                yield Chapter(chronicle.at(index), name, void.get(index))


def _products(chapters: Iterable[Chapter], lineage: frozenset[str]) -> list[str]:
    """Return the products that the lots of *lineage* are of; by-products of others are not told."""
    found: dict[str, None] = {}
    for chapter in chapters:
        statement = chapter.record.statement
        by = "" if statement is None else statement.by
        for event in told_events(chapter.record):
            found |= dict.fromkeys(subjects.product(by, each) for each in _made(event, lineage))
    return list(found)


def _made(event: Event, lineage: frozenset[str]) -> Iterator[str]:
    match event:
        case growing.Harvested() | processing.UntracedReceived() if event.lot in lineage:
            yield event.product
        case processing.Processed():
            yield from (made.product for made in event.outputs if made.lot in lineage)


def _signers(chapters: Iterable[Chapter]) -> list[str]:
    """Return the parties and keys that the records themselves name, parties first."""
    names = {name for each in chapters for name in each.record.links if name.startswith(SIGNED)}
    return sorted(names, reverse=True)


def _registrations(chronicle: Chronicle, names: Iterable[str], told: set[int]) -> Iterator[Chapter]:
    for chapter in _chapters(chronicle, names, {}):
        if chapter.record.index not in told:
            yield replace(chapter, part="registration")


def _parted(
    chapters: Iterable[Chapter], lot: str, lineage: frozenset[str], born: datetime | None
) -> Iterator[Chapter]:
    listed = list(chapters)
    harvests = [
        event.at
        for _, event in _standing(listed)
        if isinstance(event, growing.Harvested) and event.lot in lineage
    ]
    last = max(harvests, default=None)
    for each in listed:
        yield replace(each, part=_part(each, lot, lineage, last, born))


def _part(
    chapter: Chapter, lot: str, lineage: frozenset[str], last: datetime | None, born: datetime | None
) -> Part:
    events = list(told_events(chapter.record))
    if events and all(isinstance(each, _REGISTRATIONS) for each in events):
        return "registration"
    if lot in chapter.record.links or not events:
        return "event"
    return "aside" if any(_is_aside(each, lineage, last, born) for each in events) else "event"


def _is_aside(event: Event, lineage: frozenset[str], last: datetime | None, born: datetime | None) -> bool:
    """Tell whether *event* concerns only what became of the rest of an input lot, or of its field."""
    if isinstance(event, processing.Processed):
        return not any(made.lot in lineage for made in event.outputs)
    if isinstance(event, growing.Treated | growing.InputApplied | FieldWorked):
        return last is not None and event.at > last
    if isinstance(event, _MOVES):
        return born is not None and event.at > born
    return isinstance(event, _OF_ONE_HOLDER)


def _lapsed(reader: Reader, chapters: list[Chapter], lot: str) -> list[Chapter]:
    """Return *chapters*, those of activations of codes of *lot* with the reason for which they lapsed."""
    if not any(isinstance(event, release.CodesActivated) for _, event in _standing(chapters)):
        return chapters
    found = {each.entry: each.lapse for each in code_state.activations(reader.connection, lot)}
    return [replace(each, lapse=found.get(each.record.index)) for each in chapters]


def _confirmed(chapters: list[Chapter]) -> Iterator[Chapter]:
    """Yield *chapters*, each with the standing entries in which another party bears it out."""
    borne_out: dict[str, list[tuple[int, str]]] = {}
    for chapter, event in _standing(chapters):
        statement = chapter.record.statement
        target = _borne_out(event)
        if target is not None and statement is not None:
            borne_out.setdefault(target, []).append((chapter.record.index, statement.by))
    for chapter in chapters:
        statement = chapter.record.statement
        if statement is None:
            yield chapter
            continue
        others = tuple(index for index, by in borne_out.get(statement.digest, ()) if by != statement.by)
        yield replace(chapter, confirmed_by=others)


def _borne_out(event: Event) -> str | None:
    match event:
        case movement.Received():
            return event.shipment
        case followup.Confirmed():
            return event.target
    return None


def _time(chapter: Chapter) -> tuple[str, int]:
    statement = chapter.record.statement
    return ("" if statement is None else statement.event.at.isoformat(), chapter.record.index)


def _contested(chapters: Iterable[Chapter], lot: str) -> Iterator[str]:
    """Yield the tests of *lot* where codes were activated: an objection may turn what these rest on."""
    listed = [(each, event) for each in chapters for event in told_events(each.record)]
    if not any(isinstance(event, release.CodesActivated) and event.lot == lot for _, event in listed):
        return
    for chapter, event in listed:
        if isinstance(event, quality.Inspected) and event.lot == lot and chapter.record.statement is not None:
            yield subjects.statement(chapter.record.statement.digest)


def _support(
    chronicle: Chronicle, chapters: Iterable[Chapter], behind: Iterable[str], known: KnownLot
) -> list[Record]:
    """Return what else a browser needs: the opening, who signed, and what void records lead back to."""
    names = {name for each in chapters for name in each.record.links if name.startswith(SIGNED)}
    about = list(behind)
    if known.product is not None:
        about.append(subjects.product(known.product.party, known.product.product))
    needed = {index for name in about for index in chronicle.about(name)}
    links = {name for index in needed for name in chronicle.at(index).links if name.startswith(SIGNED)}
    return [chronicle.at(index) for index in sorted(needed | set(chronicle.resting_on(names | links)))]


def _standing(chapters: Iterable[Chapter]) -> Iterator[tuple[Chapter, Event]]:
    for chapter in chapters:
        statement = chapter.record.statement
        if statement is not None and chapter.void_by is None:
            event = statement.event
            told = event.replacement if isinstance(event, followup.Corrected) else event
            if told is not None:
                yield chapter, told


def _recalls(chapters: Iterable[Chapter], lineage: frozenset[str]) -> Iterator[Notice]:
    for chapter, event in _standing(chapters):
        if isinstance(event, followup.Recalled) and event.lot in lineage:
            yield Notice(chapter.record.index, event.lot, event.level, event.cause)


def _certificate(
    chapters: Iterable[Chapter], lot: str, known: KnownLot, rules: RuleSet | None
) -> CertificateState:
    """Tell the state of the 承诺达标合格证 for this very lot, judged on the day it was born."""
    for _, event in _standing(chapters):
        if isinstance(event, quality.CertificateIssued) and event.lot == lot:
            return "attached"
    if known.product is None or known.born_at is None or rules is None:
        return "unknown"
    needed = rules.requires_certificate(known.product.commodity, legal_day(known.born_at))
    if needed is None:
        return "unknown"
    return "missing" if needed else "not-required"


def _tests(chapters: Iterable[Chapter], lot: str) -> TestState:
    """Tell the latest result of this very lot; a lot made from a tested one has its own tests or none."""
    found = [
        (event.at, chapter.record.index, event.verdict)
        for chapter, event in _standing(chapters)
        if isinstance(event, quality.Inspected) and event.lot == lot
    ]
    return max(found)[2] if found else "none"


def _origins(chapters: Iterable[Chapter], lot: str) -> list[Origin]:
    """Return what the lot is blended of, the largest part first; nothing where a mass is unknown."""
    told = (
        occurrence_of(event, index=chapter.record.index, event_id=str(chapter.record.index))
        for chapter, event in _standing(chapters)
    )
    shares = genealogy.shares(lot, [each for each in told if each is not None])
    found = [Origin(each, share) for each, share in shares.items()]
    return sorted(found, key=lambda each: (-each.share, each.lot))
