"""An office gives tasks only within its division, and each is done by the office that was asked."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, supervising
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.cases import PastTask
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE

_DONE = supervising.FindingsReported | supervising.TaskReported


@about(supervising.TaskAssigned, _DONE)
def misassigned(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a task outside the office's division, and for one that another office was given."""
    if isinstance(event, supervising.TaskAssigned):
        yield from _assigned(event, past)
    elif isinstance(event, _DONE):
        task = past.cases.task
        if task is None or task.digest != event.task:
            yield _breach("unknown-task", ("task", event.task))
            return
        yield from _done(event, task, past)


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _assigned(event: supervising.TaskAssigned, past: Past) -> Iterator[Breach]:
    for party in (event.office, *event.parties):
        if party not in past.cases.registered:
            yield _breach("unknown-party", ("party", party))
    if not past.cases.within:
        yield _breach("outside-the-division", ("party", event.office), ("division", event.division))
    if event.until < event.day:
        yield _breach("due-before-today", ("until", event.until.isoformat()))
    if event.parent_task is not None:
        yield from _handed_on(event.parent_task, past)


def _handed_on(parent: str, past: Past) -> Iterator[Breach]:
    task = past.cases.task
    if task is None or task.digest != parent:
        yield _breach("unknown-task", ("task", parent))
    elif task.office != past.by:
        # What came from above is handed on only by the office that was asked.
        yield _breach("not-your-task", ("office", task.office))
    elif task.reported:
        yield _breach("task-reported-already", ("task", task.digest))


def _done(event: _DONE, task: PastTask, past: Past) -> Iterator[Breach]:
    if task.office != past.by:
        yield _breach("not-your-task", ("office", task.office))
    if task.reported:
        yield _breach("task-reported-already", ("task", task.digest))
    if isinstance(event, supervising.FindingsReported):
        if event.party not in past.cases.registered:
            yield _breach("unknown-party", ("party", event.party))
    elif task.open_below:
        facts = (("task", task.digest), ("count", str(task.open_below)))
        yield Breach("tasks-below-open", HOUSE, facts, level="warn")
