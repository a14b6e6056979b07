"""Whoever was sampled hears of the result, may object in time, and is tested again by somebody else."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from traceability.errors import Breach
from traceability.events import Event, testing
from traceability.events.fact import SHANGHAI, legal_day
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.testing import PastNotice, PastReport
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE, SAMPLING

RAPID_HOURS = timedelta(hours=4)

LEAST_TERM = timedelta(days=5)
"""Five working days are never fewer than five days, whichever days are worked that year."""


@about(testing.RetestOrdered, testing.ResultNotified, testing.Objected)
def ill_objected(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a notice, an objection or an order that does not fit its result, or comes too late.

    农产品质量安全法 art. 46–47, 51: 5 working days, 4 hours after a rapid test, another laboratory. The last
    day is the one that the notice told: which days are worked is learnt year by year.
    """
    match event:
        case testing.RetestOrdered():
            yield from _ordered(event, past)
        case testing.ResultNotified() | testing.Objected():
            report = past.testing.report
            if report is None:
                yield Breach("unknown-inspection", HOUSE, (("inspection", event.inspection),))
            elif isinstance(event, testing.ResultNotified):
                yield from _notified(event, report, past)
            else:
                yield from _objected(event, report, past)


def _notified(event: testing.ResultNotified, report: PastReport, past: Past) -> Iterator[Breach]:
    party = past.parties.get(past.by)
    if past.by not in {report.by, report.office} and (party is None or party.role != "regulator"):
        yield Breach("not-your-result", HOUSE, (("laboratory", report.by),))
    if event.party not in past.testing.parties:
        yield Breach("unknown-party", HOUSE, (("party", event.party),))
    if report.purpose == "rapid":
        return
    if event.until is None:
        yield Breach("term-missing", SAMPLING)
    elif event.until < legal_day(_told_at(event, past)) + LEAST_TERM:
        yield Breach("term-too-short", SAMPLING, (("until", event.until.isoformat()),))


def _objected(event: testing.Objected, report: PastReport, past: Past) -> Iterator[Breach]:
    notice = past.testing.notice
    if past.testing.has_objection:
        yield Breach("objected-already", HOUSE, (("sample", report.sample),))
    if report.retested:
        yield Breach("retested-already", HOUSE, (("sample", report.sample),))
    if notice is None:
        # Nobody was told yet: no term has begun, and whoever has or made the lot may speak.
        if past.by not in past.testing.sampled_parties:
            yield Breach("not-the-sampled-party", HOUSE, (("lot", report.lot),))
        return
    if notice.party != past.by:
        yield Breach("not-the-sampled-party", HOUSE, (("party", notice.party),))
    last = _last(notice, report)
    if last is not None and _told_at(event, past) >= last:
        yield Breach("objection-late", SAMPLING, (("until", last.isoformat()),))


def _told_at(event: Event, past: Past) -> datetime:
    """Return when the log heard of it: another day in the event neither shortens a term nor lengthens it."""
    return event.at if past.recorded_at is None else past.recorded_at


def _last(notice: PastNotice, report: PastReport) -> datetime | None:
    """Return the moment from which an objection comes too late."""
    if report.purpose == "rapid":
        return notice.at + RAPID_HOURS
    if notice.until is None:
        return None
    return datetime.combine(notice.until + timedelta(days=1), time(), SHANGHAI)


def _ordered(event: testing.RetestOrdered, past: Past) -> Iterator[Breach]:
    objection, report = past.testing.objection, past.testing.report
    if objection is None or report is None:
        yield Breach("unknown-objection", HOUSE, (("objection", event.objection),))
        return
    laboratory = past.testing.parties.get(event.laboratory)
    if laboratory is None or laboratory.role != "laboratory":
        yield Breach("not-a-laboratory", HOUSE, (("party", event.laboratory),))
    if event.laboratory == report.by:
        yield Breach("same-laboratory", SAMPLING, (("laboratory", report.by),))
    if objection.laboratory is not None:
        yield Breach("retest-ordered-already", HOUSE, (("laboratory", objection.laboratory),))
    if event.due <= event.day:
        yield Breach("due-before-its-order", HOUSE, (("due", event.due.isoformat()),))
