"""One lot's story as its page shows it: each chapter with who told it, when, and who bears it out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from ledger.canonical import instant_of, instant_text
from traceability import subjects
from traceability.chronicle import Record, told_events
from traceability.events import field as growing
from traceability.events import followup, movement, processing, quality, registry, release
from traceability.story import PLOT, Chapter, Story
from web import chapters
from web.chapters import EVENT, Fact, Row
from web.facts import format_fact

LATE = timedelta(days=2)
"""From here on a page says how long after the fact a record was made."""

_FOLLOWING = (
    followup.Corrected,
    followup.Confirmed,
    followup.Erased,
    followup.HoldResolved,
    followup.Recalled,
    movement.Received,
)
"""What speaks of another record; nobody need confirm it in turn."""

Names = Mapping[str, Fact]
"""The name of each party of a page, as its registration has it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One chapter as the template shows it; of a record that cannot be believed only the chapter is there."""

    chapter: Chapter
    kind: Fact | None = None
    rows: tuple[Row, ...] = ()
    results: tuple[list[Fact], ...] = ()
    who: tuple[Fact, ...] = ()
    custody: Fact | None = None
    claimant: Fact | None = None
    claimed: Fact | None = None
    recorded: Fact | None = None
    days_late: int = 0
    flags: tuple[Fact, ...] = ()
    sealed: str = ""
    confirmed_by: tuple[tuple[int, str], ...] = ()
    stands_alone: bool = False
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """How much of the lot comes from one origin, in per cent to one place, and where that lot is born."""

    percent: str
    lot: Fact | None
    name: str
    is_traced: bool


@dataclass(frozen=True, slots=True)
class Beyond:
    """What the lot came from and its page has no room for: lots by name, plots by number."""

    lots: tuple[str, ...]
    plots: int


def beyond_of(story: Story) -> Beyond:
    """Return what *story* leaves out."""
    lots = tuple(each for each in story.beyond if not each.startswith(PLOT))
    return Beyond(lots, len(story.beyond) - len(lots))


def names_of(story: Story) -> dict[str, Fact]:
    """Return the name of each party on the page; one whose name is sealed is called by its id."""
    names: dict[str, Fact] = {}
    for record in story.records:
        for base, event in _events(record):
            if isinstance(event, registry.PartyRegistered):
                field, text = ("name", event.name) if event.name else ("party", event.party)
                names[event.party] = Fact("", record.index, f"{base}/{field}", "text", text)
    return names


def _events(record: Record) -> list[tuple[str, object]]:
    return list(zip((EVENT, f"{EVENT}/replacement"), told_events(record), strict=False))


def told_chapters(story: Story, names: Names) -> list[Told]:
    """Return the chapters of *story* as the template shows them."""
    units = _units(story)
    custody = _custody(story)
    by_digest = {
        statement.digest: each.record.index
        for each in story.chapters
        if (statement := each.record.statement) is not None
    }
    authors = {
        each.record.index: statement.by
        for each in story.chapters
        if (statement := each.record.statement) is not None
    }
    found = []
    for chapter in story.chapters:
        told = _told(chapter, story, units, names, custody)
        others = tuple((index, _name(names, authors[index])) for index in chapter.confirmed_by)
        found.append(replace(told, confirmed_by=others, about=by_digest.get(_target(chapter))))
    return found


def _name(names: Names, party: str) -> str:
    return names[party].text if party in names else party


def _target(chapter: Chapter) -> str:
    statement = chapter.record.statement
    event = None if statement is None else statement.event
    return str(getattr(event, "target", getattr(event, "shipment", "")))


def _told(
    chapter: Chapter, story: Story, units: chapters.Units, names: Names, custody: Mapping[str, Fact]
) -> Told:
    record, index = chapter.record, chapter.record.index
    if record.entry is None or not record.is_readable:
        return Told(chapter)
    recorded = Fact("", index, "@at", "instant", format_fact("instant", record.entry.at))
    rows = tuple(chapters.rows_of(chapter, units, story.lot))
    statement = record.statement
    if statement is None:
        kind = Fact("", index, "/kind", "word:kind", format_fact("word:kind", record.kind))
        return Told(chapter, kind=kind, rows=rows, recorded=recorded)
    claimed = instant_text(statement.event.at)
    late = instant_of(record.entry.at) - statement.event.at
    return Told(
        chapter=chapter,
        kind=_fact(index, f"{EVENT}/kind", "word:kind", statement.event.kind),
        rows=rows,
        results=tuple(chapters.results_of(chapter)),
        who=_who(index, statement.by, names),
        custody=custody.get(record.entry.record["sigs"][0]["key"]),
        claimant=_claimant(index, statement.claimed_by),
        claimed=_fact(index, f"{EVENT}/at", "instant", claimed),
        recorded=recorded,
        days_late=late.days if late >= LATE else 0,
        flags=_flags(record),
        sealed=chapters.sealed_of(chapter),
        stands_alone=not chapter.confirmed_by and not isinstance(statement.event, _FOLLOWING),
    )


def _fact(index: int, at: str, form: str, value: str) -> Fact:
    return Fact("", index, at, form, format_fact(form, value))


def _claimant(index: int, party: str | None) -> Fact | None:
    return None if party is None else _fact(index, "/statement/claimed_by", "party", party)


def _who(index: int, party: str, names: Names) -> tuple[Fact, ...]:
    """Return name and id: a name stands in another entry, the id ties it to this one."""
    own = _fact(index, "/statement/by", "party", party)
    name = names.get(party)
    return (own,) if name is None or name.at.endswith("/party") else (name, own)


def _flags(record: Record) -> tuple[Fact, ...]:
    flags = [] if record.entry is None else record.entry.record["ruling"]["flags"]
    return tuple(
        _fact(record.index, f"/ruling/flags/{place}/rule", "word:rule", flag["rule"])
        for place, flag in enumerate(flags)
    )


def _custody(story: Story) -> dict[str, Fact]:
    """Return, by the subject of each key, who keeps it, as its registration has it."""
    found: dict[str, Fact] = {}
    for record in story.records:
        if record.entry is not None and record.kind == "key":
            custody = record.entry.record["grant"]["custody"]
            fact = _fact(record.index, "/grant/custody", "word:custody", custody)
            found |= dict.fromkeys((each["key"] for each in record.entry.record["sigs"][-1:]), fact)
    return found


def _units(story: Story) -> dict[str, str]:
    """Return what a piece of each lot on the page is called."""
    pieces: dict[str, str] = {}
    products: dict[str, str] = {}
    for record in story.records:
        by = "" if record.statement is None else record.statement.by
        for event in told_events(record):
            match event:
                case registry.ProductRegistered() if event.piece is not None:
                    pieces[subjects.product(by, event.product)] = event.piece
                case growing.Harvested() | processing.UntracedReceived():
                    products[event.lot] = subjects.product(by, event.product)
                case processing.Processed():
                    products |= {made.lot: subjects.product(by, made.product) for made in event.outputs}
    return {lot: pieces[product] for lot, product in products.items() if product in pieces}


def parts_of(story: Story) -> list[Part]:
    """Return what the lot is blended of; nothing where it comes from one origin, or from unknown masses."""
    if len(story.origins) < 2:
        return []
    births = {
        value: Fact("", record.index, at, "lot", format_fact("lot", value), href=chapters.page_of(value))
        for record in reversed(story.records)
        if record.entry is not None
        for base in (EVENT, f"{EVENT}/replacement")
        for pattern in ("/lot", "/outputs/*/lot", "/outputs/*/uri", "/objects/*/uri")
        for at, value in chapters.found(record.entry.record, base + pattern)
        if isinstance(value, str)
    }
    untraced = {
        event.lot for _, _, event in _standing_events(story) if isinstance(event, processing.UntracedReceived)
    }
    return [
        Part(
            _percent(each.share.numerator, each.share.denominator),
            births.get(each.lot),
            each.lot,
            each.lot not in untraced,
        )
        for each in story.origins
    ]


def _percent(numerator: int, denominator: int) -> str:
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}%"


def fields_of(story: Story) -> list[Fact]:
    """Return the counties of the plots that stand behind the lot, each once."""
    found: dict[str, Fact] = {}
    for record, base, event in _standing_events(story):
        if isinstance(event, registry.PlotRegistered):
            at = f"{base}/division"
            beside = chapters.county(event.division)
            found[event.division] = Fact("", record.index, at, "text", event.division, beside=beside)
    return list(found.values())


def recall_facts(story: Story) -> list[tuple[Fact, Fact, Fact]]:
    """Return level, cause and lot of each recall that reaches the lot."""
    found = []
    for notice in story.recalls:
        record = next(each for each in story.records if each.index == notice.index)
        base = next(at for at, event in _events(record) if isinstance(event, followup.Recalled))
        found.append(
            (
                _fact(notice.index, f"{base}/level", "word:level", str(notice.level)),
                _fact(notice.index, f"{base}/cause", "word:cause", notice.cause),
                _fact(notice.index, f"{base}/lot", "lot", notice.lot),
            )
        )
    return found


def packs_called(story: Story) -> list[tuple[Fact, Fact, Fact, Fact]]:
    """Return from which code on how many packs of the very lot are called back, how gravely, and why."""
    return [
        (
            _fact(record.index, f"{base}/first", "number", str(event.first)),
            _fact(record.index, f"{base}/count", "number", str(event.count)),
            _fact(record.index, f"{base}/level", "word:level", str(event.level)),
            _fact(record.index, f"{base}/cause", "word:cause", event.cause),
        )
        for record, base, event in _standing_events(story)
        if isinstance(event, release.CodesRecalled) and event.lot == story.lot
    ]


def test_fact(story: Story) -> Fact | None:
    """Return the verdict of the latest test of the very lot."""
    found = [
        (event.at, record.index, base, event.verdict)
        for record, base, event in _standing_events(story)
        if isinstance(event, quality.Inspected) and event.lot == story.lot
    ]
    if not found:
        return None
    _, index, base, verdict = max(found)
    return _fact(index, f"{base}/verdict", "word:verdict", verdict)


def certificate_fact(story: Story) -> Fact | None:
    """Return the number of the 承诺达标合格证 of the very lot."""
    for record, base, event in _standing_events(story):
        if isinstance(event, quality.CertificateIssued) and event.lot == story.lot:
            return _fact(record.index, f"{base}/number", "text", event.number)
    return None


def _standing_events(story: Story) -> list[tuple[Record, str, object]]:
    return [
        (each.record, base, event)
        for each in story.chapters
        if each.void_by is None
        for base, event in _events(each.record)
    ]
