"""What weighs and measures is known, calibrated, and not yet due again (量值溯源)."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, field, movement, processing, quality, testing
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.clauses import HOUSE

_WEIGHING = (quality.Inspected, field.Harvested, processing.Processed, movement.Received)
"""Kinds that tell a weight or a value: what they were measured with is registered here."""


def uncalibrated(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for an instrument that is unknown, named twice, or not calibrated when it is used."""
    known = past.testing.instruments
    match event:
        case testing.InstrumentRegistered():
            if event.instrument in known:
                yield Breach("registered-already", HOUSE, (("instrument", event.instrument),))
        case testing.Calibrated():
            if event.instrument not in known:
                yield Breach("unknown-instrument", HOUSE, (("instrument", event.instrument),))
        case _:
            for name in _named(event):
                yield from _used(name, event, past)


def _named(event: Event) -> tuple[str, ...]:
    if isinstance(event, quality.Inspected):
        return tuple(sorted({each.instrument for each in event.results if each.instrument is not None}))
    named = getattr(event, "instrument", None)
    return () if named is None else (str(named),)


def _used(name: str, event: Event, past: Past) -> Iterator[Breach]:
    instrument = past.testing.instruments.get(name)
    if instrument is None:
        if isinstance(event, _WEIGHING):
            yield Breach("instrument-not-registered", HOUSE, (("instrument", name),), level="warn")
    elif instrument.due is None or not instrument.passed:
        yield Breach("instrument-not-calibrated", HOUSE, (("instrument", name),), level="warn")
    elif event.day > instrument.due:
        facts = (("instrument", name), ("due", instrument.due.isoformat()))
        yield Breach("calibration-overdue", HOUSE, facts, level="warn")
