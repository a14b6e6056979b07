"""A shopper's report is answered in order, a reward goes to its number alone, ratings count once."""

import hashlib
from collections.abc import Iterator

from traceability.case_steps import report_after
from traceability.errors import Breach
from traceability.events import Event, reporting
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.cases import PastReport
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE

_STEPS = reporting.ReportAnswered | reporting.RewardGranted | reporting.RewardPaid


@about(_STEPS, reporting.RatingsCounted)
def report_out_of_order(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for an answer that may not follow, a number that is another's, a day counted twice."""
    if isinstance(event, _STEPS):
        report = past.cases.report
        if report is None or report.digest != event.consumer_report:
            yield _breach("unknown-report", ("report", event.consumer_report))
        else:
            yield from _step(event, report)
            yield from _elsewhere(event, report, past)
    elif isinstance(event, reporting.RatingsCounted):
        if past.cases.is_counted:
            yield _breach("day-counted-already", ("day", event.counted_day.isoformat()))
        if event.counted_day > event.day:
            yield _breach("day-not-over", ("day", event.counted_day.isoformat()))


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _step(event: _STEPS, report: PastReport) -> Iterator[Breach]:
    step = _spelt(event)
    if report_after(report.state, step) is None:
        yield _breach("report-step-out-of-order", ("stands_at", report.state), ("step", step))
    if isinstance(event, reporting.RewardPaid):
        found = hashlib.sha256(event.report_number.encode()).hexdigest()
        if found != report.receipt:
            yield _breach("wrong-report-number", ("report", report.digest))


def _elsewhere(event: _STEPS, report: PastReport, past: Past) -> Iterator[Breach]:
    # The platform pays; to answer and to grant is an office's where the goods were made or kept.
    if not isinstance(event, reporting.RewardPaid) and not past.cases.within and report.maker is not None:
        yield _breach("outside-the-division", ("party", report.maker))


def _spelt(event: _STEPS) -> str:
    match event:
        case reporting.ReportAnswered():
            return event.report_status
        case reporting.RewardGranted():
            return "rewarded"
        case reporting.RewardPaid():
            return "paid"
