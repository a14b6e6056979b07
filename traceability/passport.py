"""The passport of a lot for a buyer: what is known of it, what others bear out, what its makers only say.

    jizihao/passport/v1    what the records say, each by its entry: certificate, tests, holds, recalls,
                           origins, temperatures, sameness with an exported lot
    verified               entries that another party confirmed, or that another party's receipt bears out
    claimed                entries that rest on the word of their author alone

The proofs of all of it go with it, so that a buyer judges it by a policy of its own (`passport_check`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ledger.canonical import instant_text
from traceability import same_line, temperatures
from traceability.chronicle import told_events
from traceability.events import followup, movement, quality, registry, selling
from traceability.reading import Reader
from traceability.same_line import SameLine
from traceability.story import Chapter, Story
from traceability.temperatures import Logged

FORMAT = "jizihao/passport/v1"

_FOLLOWING = (
    followup.Corrected,
    followup.Confirmed,
    followup.Erased,
    followup.HoldResolved,
    followup.Recalled,
    movement.Received,
    quality.Inspected,
    selling.EntryChecked,
    selling.SpotChecked,
)
"""What is itself a second party's word on somebody else's goods, or speaks of another record."""


def document(reader: Reader, story: Story, *, made_at: datetime) -> dict[str, Any]:
    """Return the passport of *story*'s lot as JSON, without its proofs."""
    told = [each for each in story.chapters if each.void_by is None and each.record.statement is not None]
    product = story.known.product
    return {
        "format": FORMAT,
        "made_at": instant_text(made_at),
        "lot": story.lot,
        "product": None if product is None else {"party": product.party, "product": product.product},
        "commodity": None if product is None else product.commodity,
        "maker": story.known.maker,
        "certificate": story.certificate,
        "tests": story.tests,
        "holds": list(story.known.holds),
        "untraced": story.known.untraced,
        "recalled": story.is_recalled,
        "beyond": list(story.beyond),
        "recalls": [{"index": each.index, "lot": each.lot, "level": each.level} for each in story.recalls],
        "origins": [{"lot": each.lot, "share": str(each.share)} for each in story.origins],
        "temperatures": [_logged(each) for each in temperatures.of_lot(reader, story.lot)],
        "same_line": [_alike(each) for each in same_line.of_lot(reader, story.lot)],
        "records": [_record(each) for each in told],
        "verified": [each.record.index for each in told if is_borne_out(each)],
        "claimed": [each.record.index for each in told if not is_borne_out(each)],
    }


def is_borne_out(chapter: Chapter) -> bool:
    """Tell whether somebody else than the author bears a record out, or it is itself such a word."""
    return bool(chapter.confirmed_by) or any(
        isinstance(each, _FOLLOWING) for each in told_events(chapter.record)
    )


def results(story: Story) -> Iterable[tuple[int, quality.Inspected]]:
    """Yield each standing test of the very lot, with its entry."""
    for chapter in story.chapters:
        for event in told_events(chapter.record):
            if isinstance(event, quality.Inspected) and event.lot == story.lot and chapter.void_by is None:
                yield chapter.record.index, event


def names(story: Story) -> dict[str, str]:
    """Return what each registered party of the story is called; a sealed name is its id."""
    return {
        event.party: event.name or event.party
        for record in story.records
        for event in told_events(record)
        if isinstance(event, registry.PartyRegistered)
    }


def _record(chapter: Chapter) -> dict[str, Any]:
    statement = chapter.record.statement
    return {
        "index": chapter.record.index,
        "kind": "" if statement is None else statement.event.kind,
        "by": "" if statement is None else statement.by,
        "confirmed_by": list(chapter.confirmed_by),
        "part": chapter.part,
    }


def _logged(each: Logged) -> dict[str, Any]:
    return {
        "index": each.entry,
        "by": each.by,
        "form": each.form,
        "readings": each.readings,
        "minimum": f"{each.minimum:f}",
        "maximum": f"{each.maximum:f}",
    }


def _alike(each: SameLine) -> dict[str, Any]:
    return {
        "export": each.lot,
        "domestic": each.other,
        "line": each.line,
        "standard": each.standard,
        "quality": each.quality,
    }
