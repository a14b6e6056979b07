"""Control points (关键控制点): inside their limits, looked at in time, and put right before goods move on.

A failed measurement holds its lots. The hold ends when the maker has told what it did about it, and a second
party has looked; withdrawing the measurement needs that second look, too.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from traceability.errors import Breach
from traceability.events import Event
from traceability.events.followup import Corrected, HoldResolved
from traceability.events.making import ControlMeasured, ControlPointDeclared, CorrectiveActionTaken
from traceability.events.processing import Processed
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.making import SECONDS_AN_HOUR, KnownPoint
from traceability.rules.about import about
from traceability.rules.amounts import held, holder, text
from traceability.rules.clauses import HOUSE


@about(ControlMeasured, Processed, CorrectiveActionTaken, HoldResolved, Corrected)
def out_of_control(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a control point that failed, was not looked at, or was not put right."""
    match event:
        case ControlMeasured():
            yield from _measured(event, past)
        case Processed():
            yield from _processed(event, past)
        case CorrectiveActionTaken():
            yield from _put_right(event, past)
        case HoldResolved():
            yield from _resolved(past)
        case Corrected():
            yield from _withdrawn(past)


def _measured(event: ControlMeasured, past: Past) -> Iterator[Breach]:
    point = next((each for each in past.making.points if each.declared.point == event.point), None)
    if point is None:
        yield Breach("unknown-control-point", HOUSE, (("point", event.point),))
        return
    for name in event.lots:
        lot = past.lots.get(name)
        if lot is not None and lot.maker != holder(past) and held(lot, past) <= 0:
            yield Breach("not-held", HOUSE, (("lot", name),))
    yield from _limits(point.declared, event.value, event.lots)


def _limits(point: ControlPointDeclared, value: Decimal, lots: tuple[str, ...] = ()) -> Iterator[Breach]:
    least, most = point.least, point.most
    if (least is None or value >= least) and (most is None or value <= most):
        return
    facts = [("point", point.point), ("value", text(value)), ("unit", point.unit)]
    facts += [("least", text(least))] if least is not None else []
    facts += [("most", text(most))] if most is not None else []
    yield Breach("control-point-failed", HOUSE, tuple(facts), level="hold", lots=lots)


def _processed(event: Processed, past: Past) -> Iterator[Breach]:
    steps = {event.process, *(each.process for each in event.steps)}
    for point in past.making.points:
        if point.declared.process not in steps:
            continue
        if point.declared.parameter == "harvest-to-blanch":
            yield from _blanched(event, point, past)
        elif point.is_overdue(event.at):
            last = (point.measured_at or point.since).isoformat()
            facts = (("point", point.declared.point), ("last", last))
            every = (("every_hours", text(point.declared.every_hours or Decimal(0))),)
            yield Breach("control-point-overdue", HOUSE, (*facts, *every), level="warn")


def _blanched(event: Processed, point: KnownPoint, past: Past) -> Iterator[Breach]:
    """Yield a breach where the ears waited longer than the point allows, or nobody told when they began."""
    told = [each.began for each in event.steps if each.process == "blanching" and each.began is not None]
    began = min(told, default=event.at if event.process == "blanching" else None)
    harvested = min(past.making.harvested_at.values(), default=None)
    if began is None or harvested is None:
        yield Breach("blanching-time-unknown", HOUSE, (("point", point.declared.point),), level="warn")
        return
    hours = Decimal((began - harvested) // timedelta(seconds=1)) / SECONDS_AN_HOUR
    yield from _limits(point.declared, hours.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _put_right(event: CorrectiveActionTaken, past: Past) -> Iterator[Breach]:
    measurement = past.making.measurement
    if measurement is None or measurement.digest != event.measurement:
        yield Breach("unknown-statement", HOUSE, (("target", event.measurement),))
    elif measurement.by != past.by:
        yield Breach("not-your-statement", HOUSE, (("by", measurement.by),))
    elif not measurement.failed:
        yield Breach("nothing-failed", HOUSE, (("target", event.measurement),))
    elif set(event.lots) != set(measurement.event.lots):
        yield Breach("other-lots", HOUSE, (("lots", " ".join(measurement.event.lots)),))


def _resolved(past: Past) -> Iterator[Breach]:
    measurement = past.making.measurement
    if measurement is not None and measurement.failed and not measurement.remedied:
        yield Breach("no-corrective-action", HOUSE, (("point", measurement.event.point),))


def _withdrawn(past: Past) -> Iterator[Breach]:
    measurement = past.making.measurement
    if measurement is not None and measurement.failed:
        facts = (("point", measurement.event.point),)
        yield Breach("failure-withdrawn", HOUSE, facts, level="hold", lots=measurement.event.lots)
