"""How unbroken is the chain from field to table: which links are told, what each counts, what is missing.

    traced     nothing in the lot is untraced            plot       every part grew on a registered plot
    work       something is told of each plot's season   protocol   one was adopted, and no step is missing
    harvest    every harvest is told                     process    each names its template and all its steps
    handover   every delivery was confirmed              test       this very lot was tested
    pack       its packs bear codes

The weights are rows of `completeness_weights.csv`. What cannot apply to a lot (a process, of paddy as it was
harvested) is left out of the sum; the score is the part of the rest that is told.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from sqlalchemy import bindparam, select

from traceability import goods, tables
from traceability.claims import Source, sources_of_lot
from traceability.events import Event, followup
from traceability.events.processing import Processed
from traceability.limits import RuleSet
from traceability.protocol import Season, seasons_of, work_of
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection.making import declared_template
from traceability.rule_tables.making import COMPLETENESS, PROCESS_STEPS

State = Literal["told", "missing", "not-asked"]

_BIRTHS, _ISSUES, _INSPECTIONS = (
    Question(tables.standing(table, table.c.lot == bindparam("lot")))
    for table in (tables.lot, tables.code_issue, tables.inspection)
)
_SHIPPED = Question(
    select(tables.shipment.c.digest, tables.shipment.c.entry)
    .distinct()
    .join(tables.stock, tables.stock.c.entry == tables.shipment.c.entry)
    .join(tables.statement, tables.statement.c.entry == tables.shipment.c.entry)
    .where(tables.stock.c.lot == bindparam("lot"), tables.statement.c.void_by.is_(None))
)
_RECEIPTS = Question(tables.standing(tables.receipt, tables.receipt.c.shipment == bindparam("digest")))


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: what it counts, whether it is told, and of what something is missing."""

    item: str
    weight: Decimal
    state: State
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completeness:
    """The links of one lot, and the part of what was asked that is told; None where nothing was asked."""

    links: tuple[Link, ...]

    @property
    def score(self) -> Fraction | None:
        """Return the weight of what is told as a part of the weight of what was asked."""
        asked = sum((Fraction(each.weight) for each in self.links if each.state != "not-asked"), Fraction(0))
        told = sum((Fraction(each.weight) for each in self.links if each.state == "told"), Fraction(0))
        return told / asked if asked else None


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is looked at for one lot, read once."""

    reader: Reader
    lot: str
    rules: RuleSet
    lineage: tuple[str, ...]
    sources: tuple[Source, ...]
    seasons: tuple[Season, ...]
    processes: tuple[tuple[str, Processed], ...]


def completeness_of(
    reader: Reader, lot: str, rules: RuleSet, today: date, *, sources: tuple[Source, ...] | None = None
) -> Completeness:
    """Return what is told of the way of *lot* from the field, weighed as *rules* publish it.

    Whoever knows the *sources* of the lot already need not have them looked for again.
    """
    known_sources = sources_of_lot(reader.connection, lot) if sources is None else sources
    looked = _look(reader, lot, rules, today, known_sources)
    found = []
    for row in rules.rows(COMPLETENESS):
        look = _LOOKS.get(row.item)
        missing = None if look is None else look(looked)
        state: State = "not-asked" if missing is None else "missing" if missing else "told"
        found.append(Link(row.item, row.weight, state, tuple(missing or ())))
    return Completeness(tuple(found))


def _look(reader: Reader, lot: str, rules: RuleSet, today: date, sources: tuple[Source, ...]) -> _Looked:
    lineage = tuple(sorted(goods.ancestors(reader.connection, lot) | {lot}))
    entries = {row.entry for each in lineage for row in _BIRTHS.rows(reader.connection, lot=each)}
    told = [reader.statement(entry) for entry in sorted(entries)]
    made = [(each.by, event) for each in told if isinstance(event := _counts(each.event), Processed)]
    return _Looked(
        reader=reader,
        lot=lot,
        rules=rules,
        lineage=lineage,
        sources=sources,
        seasons=seasons_of(reader, sources, rules, today),
        processes=tuple(made),
    )


def _counts(event: Event) -> Event | None:
    return event.replacement if isinstance(event, followup.Corrected) else event


def _untraced(looked: _Looked) -> Iterable[str] | None:
    return [each.lot for each in looked.sources if each.how == "untraced"]


def _without_plot(looked: _Looked) -> Iterable[str] | None:
    return [each.lot for each in looked.sources if each.plot is None or each.division is None]


def _without_work(looked: _Looked) -> Iterable[str] | None:
    if not looked.seasons:
        return None
    return [each.plot for each in looked.seasons if not _worked(looked.reader, each)]


def _worked(reader: Reader, season: Season) -> bool:
    return any(
        each.on.year == season.year and each.kind != "harvested" for each in work_of(reader, season.plot)
    )


def _off_protocol(looked: _Looked) -> Iterable[str] | None:
    if not looked.seasons:
        return None
    return [
        each.plot
        for each in looked.seasons
        if each.protocol is None or any(mark.state == "missing" for mark in each.marks)
    ]


def _without_harvest(looked: _Looked) -> Iterable[str] | None:
    return [each.lot for each in looked.sources if each.how != "harvested"]


def _loose_processes(looked: _Looked) -> Iterable[str] | None:
    if not looked.processes:
        return None
    return [event.outputs[0].lot for by, event in looked.processes if not _is_whole(looked, by, event)]


def _is_whole(looked: _Looked, by: str, event: Processed) -> bool:
    steps = steps_of(looked.reader, by, event, looked.rules)
    return steps is not None and not missing_steps(event, steps) and not misplaced_steps(event, steps)


Steps = tuple[tuple[str, bool], ...]
"""The steps of a template in order, each with whether it must be told."""


def steps_of(reader: Reader, by: str, event: Processed, rules: RuleSet) -> Steps | None:
    """Return the steps of the template that *event* names; None where it names none that is known."""
    if event.template is None:
        return None
    rows = [row for row in rules.rows(PROCESS_STEPS) if row.template == event.template]
    if rows:
        return tuple((row.process, row.required) for row in sorted(rows, key=lambda row: row.place))
    declared = declared_template(reader, event.template, by)
    return None if declared is None else tuple((each.process, not each.optional) for each in declared.steps)


def missing_steps(event: Processed, steps: Steps) -> tuple[str, ...]:
    """Return the required steps that a process does not tell; its own word counts for one of them."""
    told = {event.process, *(each.process for each in event.steps)}
    return tuple(process for process, required in steps if required and process not in told)


def misplaced_steps(event: Processed, steps: Steps) -> tuple[str, ...]:
    """Return the told steps that come after one which stands later in the template."""
    order = [process for process, _ in steps]
    reached, found = 0, []
    for each in event.steps:
        if each.process not in order:
            continue
        # A template may have a step twice: ears are cooled after blanching, and again after sterilising.
        if each.process in order[reached:]:
            reached = order.index(each.process, reached) + 1
        else:
            found.append(each.process)
    return tuple(found)


def _unconfirmed(looked: _Looked) -> Iterable[str] | None:
    connection = looked.reader.connection
    # What left the lot itself is on its way still; what brought its sources must have arrived.
    before = [each for each in looked.lineage if each != looked.lot]
    shipments = {row.digest: each for each in before for row in _SHIPPED.rows(connection, lot=each)}
    if not shipments:
        return None
    return [lot for digest, lot in shipments.items() if not _RECEIPTS.rows(connection, digest=digest)]


def _untested(looked: _Looked) -> Iterable[str] | None:
    return [] if _INSPECTIONS.rows(looked.reader.connection, lot=looked.lot) else [looked.lot]


def _unpacked(looked: _Looked) -> Iterable[str] | None:
    return [] if _ISSUES.rows(looked.reader.connection, lot=looked.lot) else [looked.lot]


_LOOKS: Mapping[str, Callable[[_Looked], Iterable[str] | None]] = {
    "traced": _untraced,
    "plot": _without_plot,
    "work": _without_work,
    "protocol": _off_protocol,
    "harvest": _without_harvest,
    "process": _loose_processes,
    "handover": _unconfirmed,
    "test": _untested,
    "pack": _unpacked,
}
