"""What offices give each other to do, from province to county, and what they are warned of.

    task-assigned        an office asks one below it, or itself, to look into something until a day
    findings-reported    what was found at one party (农产品质量安全法 art. 52, 53)
    task-reported        the task is done: how many were looked at, what is proposed (督查报告)
    alert-raised         somebody is warned of what no rule has flagged
    alert-acknowledged   an office has seen an alert and looks into it
    alert-done           … and this came of it

A task is named by the digest of its assignment; an alert by the digest of the statement that gave cause for
it, and by the name of the rule (*alert*).
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import LABORATORIES, OFFICES, REGULATORS

TaskTopic = Literal[
    "inputs",
    "growing-bases",
    "processing",
    "markets",
    "labels-and-marks",
    "cold-chain",
    "laboratories",
    "all-round",
]
Aspect = Literal[
    "environment", "inputs", "records", "certificates", "labels", "hygiene", "equipment", "other"
]
Severity = Literal["low", "medium", "high", "critical"]
AlertOutcome = Literal["dealt-with", "case-opened", "recalled", "no-risk"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it was in order, and in words what was found."""

    aspect: Aspect
    in_order: bool
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    """An office asks *office* to look into something in *division*; *parent_task* is the task behind it."""

    kind: ClassVar[str] = "task-assigned"

    office: str
    division: str
    task_topic: TaskTopic
    until: date
    parties: tuple[str, ...] = ()
    parent_task: str | None = None
    draw: str | None = None
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsReported(Event):
    """An office has looked at one party."""

    kind: ClassVar[str] = "findings-reported"

    task: str
    party: str
    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.findings:
            raise ValueError("whoever has looked has found something, be it good")

    @property
    def in_order(self) -> bool:
        """Whether everything that was looked at was in order."""
        return all(each.in_order for each in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReported(Event):
    """A task is done; what it comes to and what is proposed stays between offices."""

    kind: ClassVar[str] = "task-reported"

    task: str
    summary: Private = private()
    proposal: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised(Event):
    """Somebody warns of a risk that no rule has flagged."""

    kind: ClassVar[str] = "alert-raised"

    severity: Severity
    division: str
    lot: str | None = None
    party: str | None = None
    until: date | None = None
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Event):
    """An office has seen an alert."""

    kind: ClassVar[str] = "alert-acknowledged"

    source: str
    alert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDone(Event):
    """An office has dealt with an alert; *case* is the case that it opened."""

    kind: ClassVar[str] = "alert-done"

    source: str
    alert: str
    alert_outcome: AlertOutcome
    case: str | None = None
    note: Private = private()


KINDS: tuple[type[Event], ...] = (
    TaskAssigned,
    FindingsReported,
    TaskReported,
    AlertRaised,
    AlertAcknowledged,
    AlertDone,
)

MAY_STATE: dict[str, frozenset[str]] = {
    "task-assigned": REGULATORS,
    "findings-reported": REGULATORS,
    "task-reported": REGULATORS,
    "alert-raised": OFFICES | LABORATORIES,
    "alert-acknowledged": REGULATORS,
    "alert-done": REGULATORS,
}
