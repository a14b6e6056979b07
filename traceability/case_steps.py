"""Which step may follow which, in a case and in the answer to a shopper's report.

    case      opened → ordered → reported → passed → closed
                          ↑  ↺       ↓ failed, then ordered again
    report    received → accepted → investigating → confirmed → rewarded → paid
                  ↓          ↓           ↓ unfounded

An order may be given anew, with another day. A case is closed as corrected only once somebody has looked
again and found it right; it is closed without a breach only before anything was ordered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

CaseState = Literal["opened", "ordered", "reported", "passed", "failed", "closed"]
ReportState = Literal["received", "accepted", "investigating", "confirmed", "unfounded", "rewarded", "paid"]


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case; *passed* tells what a re-inspection found, *outcome* how the case ended."""

    step: str
    passed: bool | None = None
    outcome: str | None = None


_CASE: Mapping[CaseState, Mapping[str, CaseState]] = {
    "opened": {"ordered": "ordered", "closed": "closed"},
    "ordered": {"ordered": "ordered", "reported": "reported", "closed": "closed"},
    "reported": {"passed": "passed", "failed": "failed", "closed": "closed"},
    "passed": {"closed": "closed"},
    "failed": {"ordered": "ordered", "closed": "closed"},
    "closed": {},
}

_OUTCOMES: Mapping[str, frozenset[CaseState]] = {
    "no-breach": frozenset({"opened"}),
    "corrected": frozenset({"passed"}),
    "penalised": frozenset({"ordered", "passed", "failed"}),
    "transferred": frozenset({"opened", "ordered", "reported", "failed"}),
}

_REPORT: Mapping[ReportState, Mapping[str, ReportState]] = {
    "received": {"accepted": "accepted", "unfounded": "unfounded"},
    "accepted": {"investigating": "investigating", "confirmed": "confirmed", "unfounded": "unfounded"},
    "investigating": {"confirmed": "confirmed", "unfounded": "unfounded"},
    "confirmed": {"rewarded": "rewarded"},
    "unfounded": {},
    "rewarded": {"paid": "paid"},
    "paid": {},
}


def case_after(state: CaseState, step: CaseStep) -> CaseState | None:
    """Return where a case stands after *step*, or None where it may not follow."""
    if step.step == "closed" and state not in _OUTCOMES.get(step.outcome or "", frozenset()):
        return None
    name = ("passed" if step.passed else "failed") if step.step == "reinspected" else step.step
    return _CASE[state].get(name)


def case_state(steps: Iterable[CaseStep]) -> CaseState:
    """Return where a case stands; a step that may not follow (one before it is void) counts for none."""
    state: CaseState = "opened"
    for step in steps:
        state = case_after(state, step) or state
    return state


def report_after(state: ReportState, step: str) -> ReportState | None:
    """Return where a report stands after *step*, or None where it may not follow."""
    return _REPORT[state].get(step)


def report_state(steps: Iterable[str]) -> ReportState:
    """Return where a report stands; a step that may not follow counts for none."""
    state: ReportState = "received"
    for step in steps:
        state = report_after(state, step) or state
    return state
