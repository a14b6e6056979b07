"""What an office does about a party that broke a rule, step by step until it is put right (不合格后处理).

    case-opened          against whom, why, of which lot; after a failed test, a report, an alert
    correction-ordered   what is to be done until which day (责令改正)
    correction-reported  the party says that it is done
    reinspected          the office has looked again: a test, or the findings of a task, named by its digest
    case-closed          how it ended

A case is named by the digest of the statement that opened it. The order of the steps is a rule; where a case
stands is derived from them.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import LABORATORIES, REGULATORS, TRADERS

CaseCause = Literal[
    "failed-test", "inspection-finding", "consumer-report", "counterfeit", "clone-suspected", "alert", "other"
]
Measure = Literal["stop-sale", "recall", "rework", "records", "training", "premises", "labels", "other"]
CaseOutcome = Literal["corrected", "no-breach", "penalised", "transferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    """An office opens a case; *inspection* is the failed test, *source* the report or alert behind it."""

    kind: ClassVar[str] = "case-opened"

    respondent: str
    case_cause: CaseCause
    lot: str | None = None
    inspection: str | None = None
    source: str | None = None
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionOrdered(Event):
    """An office orders what is to be done, and until which day, that day included."""

    kind: ClassVar[str] = "correction-ordered"

    case: str
    until: date
    measures: tuple[Measure, ...]
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.measures or len(set(self.measures)) != len(self.measures):
            raise ValueError("an order asks for something, each named once")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionReported(Event):
    """The party says that it did what was ordered; *evidence* is the SHA-256 of a file."""

    kind: ClassVar[str] = "correction-reported"

    case: str
    note: Private = private()
    evidence: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinspected(Event):
    """An office has looked again: *inspection* is a test, or the findings of a task; it passed or not."""

    kind: ClassVar[str] = "reinspected"

    case: str
    inspection: str
    passed: bool
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """A case ends."""

    kind: ClassVar[str] = "case-closed"

    case: str
    case_outcome: CaseOutcome
    document: Private = private()
    note: Private = private()


KINDS: tuple[type[Event], ...] = (CaseOpened, CorrectionOrdered, CorrectionReported, Reinspected, CaseClosed)

MAY_STATE: dict[str, frozenset[str]] = {
    "case-opened": REGULATORS,
    "correction-ordered": REGULATORS,
    "correction-reported": TRADERS | LABORATORIES,
    "reinspected": REGULATORS,
    "case-closed": REGULATORS,
}
