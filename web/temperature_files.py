"""A logger's file as an event: every reading where they fit, else its digest and what stood out of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import request

from ledger.canonical import instant_text
from traceability.cold_chain import Range, excursions_of
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.events.moving import MOST_EXCURSIONS, MOST_READINGS
from traceability.reading import Reader
from traceability.rule_tables.moving import COLD_CHAIN
from traceability.temperatures import ranges_of
from web import enclosures, logger_file
from web.logger_file import Series
from web.recording import Given, event_of, filled
from web.services import services


def logged(values: dict[str, str], lots: Sequence[str], shipment: str | None = None) -> Event:
    """Return the event that a logger's file tells of *lots*; raises `Invalid` with what is wrong in it."""
    upload = request.files.get("file")
    written = upload.read(logger_file.MOST_BYTES + 1) if upload is not None else b""
    if not written:
        raise Invalid(Problem("file", "missing"))
    series = logger_file.read(written)
    given: Given = {
        "lots": list(lots),
        "start": instant_text(series.start),
        "step_seconds": str(series.step_seconds),
        **filled(values, "form", "instrument"),
    }
    if shipment is not None:
        given["shipment"] = shipment
    if len(series.readings) <= MOST_READINGS:
        given["readings"] = [f"{each:f}" for each in series.readings]
    else:
        with services().reading() as reader:
            kept = _range(reader, lots, values.get("form", ""))
        given |= _summary(series, kept)
    # The file itself is kept beside the log; the entry names it by its sealed digest.
    given["file"] = enclosures.evidence(services()).keep(written)
    return event_of("temperature-logged", values, given)


def _range(reader: Reader, lots: Sequence[str], form: str) -> Range | None:
    """Return the narrowest range that any of the lots is kept in."""
    rules = services().rules(reader)
    known = [each for lot in lots for each in ranges_of(reader, lot, form, rules.rows(COLD_CHAIN))]
    if not known:
        return None
    lowest = [each.lowest for each in known if each.lowest is not None]
    highest = [each.highest for each in known if each.highest is not None]
    return Range(max(lowest, default=None), min(highest, default=None))


def _summary(series: Series, kept: Range | None) -> dict[str, Any]:
    """Return what stood out of a file that is too long for an entry, the longest excursions first."""
    found = (
        [] if kept is None else list(excursions_of(series.start, series.step_seconds, series.readings, kept))
    )
    longest = sorted(found, key=lambda each: each.start - each.end)[:MOST_EXCURSIONS]
    return {
        "count": str(len(series.readings)),
        "minimum": _figures(series.readings, min),
        "maximum": _figures(series.readings, max),
        "excursions": [
            {"start": instant_text(each.start), "end": instant_text(each.end), "extreme": f"{each.extreme:f}"}
            for each in sorted(longest, key=lambda each: each.start)
        ],
    }


def _figures(readings: Sequence[Decimal], which: Any) -> str:
    return f"{which(readings):f}"
