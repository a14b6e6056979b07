"""What the rules of recalls and holds, cases, tasks, alerts and reports may know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from traceability.case_steps import CaseState, ReportState


@dataclass(frozen=True, slots=True)
class PastRecall:
    """A recall that stands, and how far it has come."""

    digest: str
    by: str
    lot: str
    level: int
    at: datetime
    maker: str | None = None
    started: bool = False
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Recovery:
    """How much of one lot a recall has told holders of, got back, and disposed of, in the lot's measure.

    At a disposal, *disposed* leaves out what was taken off the stock of those who disposed of it.
    """

    noticed: Decimal = Decimal(0)
    recovered: Decimal = Decimal(0)
    disposed: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PastHold:
    """A hold that an office placed; *lifted* once somebody has let go of it."""

    digest: str
    by: str
    lot: str
    lifted: bool = False


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case that stands; *reported_in* is the entry of the newest report of a correction.

    *lot* is the lot that it is about, if it names one.
    """

    digest: str
    by: str
    respondent: str
    state: CaseState
    until: str | None = None
    reported_in: int | None = None
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class PastCheck:
    """A test, or the findings of a task, as something else names it: of what, of whom, and was it good.

    *party* of a test is the respondent of the case in which it is named, if that made or has had the lot.
    """

    index: int
    passed: bool
    lot: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class PastTask:
    """A task that stands; *open_below* counts the tasks made of it that nobody has reported on."""

    digest: str
    by: str
    office: str
    reported: bool = False
    open_below: int = 0


@dataclass(frozen=True, slots=True)
class PastReport:
    """A shopper's report that stands; *maker* made its lot, as far as that is on record."""

    digest: str
    receipt: str
    state: ReportState
    maker: str | None = None


@dataclass(frozen=True, slots=True)
class CasesPast:
    """What was said before of what an event names.

    *reached*: the lot that it names is the recalled or held one, or made of it. *registered*: the parties
    that it names and that are registered; *within*: all of them, or one who made or had the goods, lie in
    the division of the office that speaks. *cause_exists*: the alert that it names was given by *cause_by*,
    *is_done*: and somebody has dealt with it. *is_counted*: the ratings of that day are in the log already.
    *is_followed*: somebody has acted on the recall that a correction would make void.
    """

    recall: PastRecall | None = None
    hold: PastHold | None = None
    reached: bool = False
    recovery: Mapping[str, Recovery] = field(default_factory=dict)
    case: PastCase | None = None
    inspection: PastCheck | None = None
    task: PastTask | None = None
    report: PastReport | None = None
    registered: frozenset[str] = frozenset()
    within: bool = False
    cause_exists: bool = False
    cause_by: str = ""
    is_done: bool = False
    is_counted: bool = False
    is_followed: bool = False
