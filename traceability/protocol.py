"""Was a season worked as its protocol (技术规程) says: each step done, in its order, in its window?

    done           in its window, and after the steps before it
    early, late    outside its window
    out-of-order   before a step that comes first
    missing        its window is over, and nobody told it
    skipped        likewise, of a step that need not be done
    open           its window is not over yet

`marks` is pure: whoever has the same records and the same day finds the same. Steps and windows are those of
`protocol_steps.csv`, days legal days of Asia/Shanghai.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import bindparam, select

from traceability import subjects, tables
from traceability.claims import Source
from traceability.events import Event, field, followup, growing
from traceability.limits import RuleSet
from traceability.question import Question
from traceability.reading import Reader
from traceability.rule_tables.growing import PROTOCOL_STEPS, StepRow

State = Literal["done", "early", "late", "out-of-order", "missing", "skipped", "open"]
DEVIATIONS = frozenset({"early", "late", "out-of-order", "missing"})

_ABOUT = Question(
    select(tables.statement.c.entry)
    .join(tables.subject, tables.subject.c.entry == tables.statement.c.entry)
    .where(tables.subject.c.subject == bindparam("subject"), tables.statement.c.void_by.is_(None))
    .order_by(tables.statement.c.entry)
)
_HARVESTS = Question(tables.standing(tables.harvest, tables.harvest.c.plot == bindparam("plot")))


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """What was done on a plot on a day, and the entry that tells it."""

    on: date
    kind: str
    what: str | None
    entry: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one step; *on* and *entry* are of the work that it was done by."""

    step: StepRow
    state: State
    on: date | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """One plot in one season: the protocol that its grower adopted, if any, and what became of its steps."""

    plot: str
    year: int
    protocol: str | None
    marks: tuple[Mark, ...]

    @property
    def deviations(self) -> tuple[Mark, ...]:
        """Return what was not as the protocol says."""
        return tuple(each for each in self.marks if each.state in DEVIATIONS)


def marks(steps: Iterable[StepRow], done: Iterable[Work], year: int, today: date) -> tuple[Mark, ...]:
    """Return a mark for each of *steps*, in their order, for the work that was *done* in that *year*."""
    left = sorted(each for each in done if each.on.year == year)
    found: list[Mark] = []
    reached: date | None = None
    for step in sorted(steps, key=lambda each: each.place):
        mark = _mark(step, left, year, today, reached)
        if mark.on is not None:
            left = [each for each in left if each.entry != mark.entry]
            reached = mark.on if reached is None else max(reached, mark.on)
        found.append(mark)
    return tuple(found)


def _mark(step: StepRow, done: list[Work], year: int, today: date, reached: date | None) -> Mark:
    opens, closes = _window(step, year)
    fitting = [each for each in done if each.kind == step.kind and step.what in (None, each.what)]
    chosen = min(fitting, key=lambda each: (not opens <= each.on <= closes, each), default=None)
    if chosen is None:
        return Mark(step, _untold(step, closes, today))
    state: State = "early" if chosen.on < opens else "late" if chosen.on > closes else "done"
    if state == "done" and reached is not None and chosen.on < reached:
        state = "out-of-order"
    return Mark(step, state, chosen.on, chosen.entry)


def _untold(step: StepRow, closes: date, today: date) -> State:
    if today <= closes:
        return "open"
    return "missing" if step.required else "skipped"


def _window(step: StepRow, year: int) -> tuple[date, date]:
    (month, day), (last_month, last_day) = (
        (int(part) for part in text.split("-")) for text in (step.opens, step.closes)
    )
    # The 29th of February opens and closes with the month in other years.
    return _day(year, month, day), _day(year, last_month, last_day)


def _day(year: int, month: int, day: int) -> date:
    for shorter in range(day, day - 4, -1):
        try:
            return date(year, month, shorter)
        except ValueError:
            continue
    raise ValueError(f"no such day: {month}-{day}")


def season_of(reader: Reader, plot: str, year: int, rules: RuleSet, today: date) -> Season:
    """Return how *plot* was worked in *year*, held against the protocol that its grower adopted last."""
    told = list(_told(reader, subjects.plot(plot)))
    adopted = _adopted(reader, plot, year, told)
    steps = [row for row in rules.rows(PROTOCOL_STEPS) if row.protocol == adopted]
    return Season(plot, year, adopted, marks(steps, work_of(reader, plot), year, today))


def work_of(reader: Reader, plot: str) -> tuple[Work, ...]:
    """Return all that was told of *plot* and still stands: inputs, treatments, work and harvests."""
    found = [each for entry, event in _told(reader, subjects.plot(plot)) for each in _work(entry, event)]
    harvests = _HARVESTS.rows(reader.connection, plot=plot)
    found += [Work(date.fromisoformat(row.day), "harvested", None, row.entry) for row in harvests]
    return tuple(sorted(set(found)))


def _work(entry: int, event: Event) -> Iterator[Work]:
    match event:
        case growing.FieldWorked():
            yield Work(event.day, event.kind, event.work, entry)
        case field.InputApplied():
            yield Work(event.day, event.kind, event.category, entry)
        case field.Treated():
            yield Work(event.day, event.kind, event.method, entry)


def _told(reader: Reader, subject: str) -> Iterator[tuple[int, Event]]:
    for row in _ABOUT.rows(reader.connection, subject=subject):
        yield row.entry, followup.told_by(reader.statement(row.entry).event)


def _adopted(reader: Reader, plot: str, year: int, told: list[tuple[int, Event]]) -> str | None:
    """Return the protocol of the plot in that year: adopted for it, else for a product harvested from it."""
    own = [each for _, each in told if isinstance(each, growing.ProtocolAdopted) and each.season == year]
    named = [each for each in own if plot in each.plots]
    if named:
        return max(named, key=lambda each: each.at).protocol
    harvests = [row for row in _HARVESTS.rows(reader.connection, plot=plot) if row.day.startswith(str(year))]
    for row in harvests:
        statement = reader.statement(row.entry)
        event = followup.told_by(statement.event)
        if isinstance(event, field.Harvested):
            adopted = _for_product(reader, statement.by, event.product, year)
            if adopted is not None:
                return adopted
    return None


def _for_product(reader: Reader, party: str, product: str, year: int) -> str | None:
    found = [
        event
        for _, event in _told(reader, subjects.growing.protocols_of(party))
        if isinstance(event, growing.ProtocolAdopted) and (event.product, event.season) == (product, year)
    ]
    return max(found, key=lambda each: each.at).protocol if found else None


def seasons_of(reader: Reader, sources: Iterable[Source], rules: RuleSet, today: date) -> tuple[Season, ...]:
    """Return the season of each plot that *sources* (of a lot) grew on, each once."""
    asked = {
        (each.plot, each.grew_until.year): None
        for each in sources
        if each.plot is not None and each.grew_until is not None
    }
    return tuple(season_of(reader, plot, year, rules, today) for plot, year in asked)
