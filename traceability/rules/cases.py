"""A case goes from its opening to its end in order, each step by the party whose turn it is."""

from collections.abc import Iterator

from traceability.case_steps import CaseStep, case_after
from traceability.errors import Breach
from traceability.events import Event, cases
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.cases import PastCase, PastCheck
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE

_STEPS = (cases.CorrectionOrdered, cases.CorrectionReported, cases.Reinspected, cases.CaseClosed)
_Step = cases.CorrectionOrdered | cases.CorrectionReported | cases.Reinspected | cases.CaseClosed


@about(cases.CaseOpened, _STEPS)
def case_out_of_order(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a case without a cause, and for a step that may not follow or is another's."""
    if isinstance(event, cases.CaseOpened):
        yield from _opened(event, past)
    elif isinstance(event, _STEPS):
        case = past.cases.case
        if case is None or case.digest != event.case:
            yield _breach("unknown-case", ("case", event.case))
            return
        yield from _step(event, case, past)


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _opened(event: cases.CaseOpened, past: Past) -> Iterator[Breach]:
    if event.respondent not in past.cases.registered:
        yield _breach("unknown-party", ("party", event.respondent))
    elif not past.cases.within:
        yield _breach("outside-the-division", ("party", event.respondent))
    if event.lot is not None and event.lot not in past.lots:
        yield _breach("unknown-lot", ("lot", event.lot))
    if event.source is not None and not past.cases.cause_exists:
        yield _breach("unknown-statement", ("target", event.source))
    if event.inspection is not None:
        found = past.cases.inspection
        if found is None or found.passed:
            yield _breach("inspection-not-failed", ("inspection", event.inspection))
        elif event.lot is not None and found.lot not in (None, event.lot):
            yield _breach("inspection-of-another-lot", ("inspection", event.inspection), ("lot", event.lot))


def _step(event: _Step, case: PastCase, past: Past) -> Iterator[Breach]:
    step = _spelt(event)
    if case_after(case.state, step) is None:
        yield _breach("case-step-out-of-order", ("stands_at", case.state), ("step", step.step))
    if isinstance(event, cases.CorrectionReported):
        yield from _reported(event, case, past)
    elif not past.cases.within:
        yield _breach("outside-the-division", ("party", case.respondent))
    if isinstance(event, cases.Reinspected):
        yield from _looked_again(event, case, past)
    if isinstance(event, cases.CorrectionOrdered) and event.until < event.day:
        yield _breach("due-before-today", ("until", event.until.isoformat()))


def _spelt(event: _Step) -> CaseStep:
    match event:
        case cases.CorrectionOrdered():
            return CaseStep("ordered")
        case cases.CorrectionReported():
            return CaseStep("reported")
        case cases.Reinspected():
            return CaseStep("reinspected", passed=event.passed)
        case cases.CaseClosed():
            return CaseStep("closed", outcome=event.case_outcome)


def _reported(event: cases.CorrectionReported, case: PastCase, past: Past) -> Iterator[Breach]:
    if past.by != case.respondent:
        yield _breach("not-the-respondent", ("respondent", case.respondent))
    if case.until is not None and event.day.isoformat() > case.until:
        yield Breach("correction-late", HOUSE, (("until", case.until),), level="warn")


def _looked_again(event: cases.Reinspected, case: PastCase, past: Past) -> Iterator[Breach]:
    found = past.cases.inspection
    if found is None:
        yield _breach("unknown-inspection", ("inspection", event.inspection))
        return
    if found.passed != event.passed:
        yield _breach("inspection-says-otherwise", ("inspection", event.inspection))
    yield from _of_other_goods(event, found, case)
    if case.reported_in is not None and found.index < case.reported_in:
        # What was found before anything was put right says nothing of whether it was.
        yield _breach("inspection-before-correction", ("inspection", event.inspection))


def _of_other_goods(event: cases.Reinspected, found: PastCheck, case: PastCase) -> Iterator[Breach]:
    """Yield a breach for a test of another lot than the case's, or, where it names none, of others' goods."""
    if case.lot is not None and found.lot is not None:
        if found.lot != case.lot:
            yield _breach("inspection-of-another-lot", ("inspection", event.inspection), ("lot", case.lot))
    elif found.party is not None and found.party != case.respondent:
        yield _breach("inspection-of-another-party", ("party", found.party))
