"""How much of what there is was sampled: operators, lots, and the samples that were planned.

    operators   who grow or make, registered in the division by the end   ← how many had a lot sampled
    lots        born in the period to those operators                     ← how many were sampled
    plan        samples a quarter by credit grade and risk of the goods   ← how many were taken

Only samplings that an office ordered count, routine monitoring and supervision, and that it has itself told
of or confirmed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from ledger.canonical import instant_text
from traceability import credit, tables
from traceability.events.credit import Grade
from traceability.events.fact import SHANGHAI
from traceability.events.roles import MAKERS
from traceability.final_results import FinalResult
from traceability.limits import RuleSet
from traceability.portions import portions
from traceability.rule_tables.credit import FREQUENCIES, RISKS, Risk
from traceability.scope import Scope

_RISK_ORDER: tuple[Risk, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned for one party in the period, and what was taken."""

    party: str
    grade: str
    risk: str
    planned: int
    taken: int

    @property
    def done(self) -> int:
        """How many of the planned samples were taken; more than planned does not make up for another."""
        return min(self.planned, self.taken)


@dataclass(frozen=True, slots=True)
class Span:
    """The days in question, both included, the rule set, and how many whole *quarters* they are (or 0).

    *grades* are those of all parties in question on the first day: read once for a whole province.
    """

    since: date
    until: date
    rules: RuleSet
    quarters: int
    grades: Mapping[str, Grade]


def grades_on(
    connection: Connection, area: str | None, until: date, on: date, rules: RuleSet
) -> dict[str, Grade]:
    """Return the grade, on a day, of each operator of a division that was registered by *until*."""
    scope = Scope.of(connection, area)
    there = operators(connection, scope, until)
    found = credit.grades_of(connection, there, scope.of_party, on, rules)
    return {party: each.grade for party, each in found.items()}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Operators and lots, sampled and all, and the plan party by party."""

    operators: int
    operators_sampled: int
    lots: int
    lots_sampled: int
    plan: tuple[Planned, ...]


def end_of(day: date) -> str:
    """Return the first instant after a legal day, as entries spell it."""
    return start_of(day + timedelta(days=1))


def start_of(day: date) -> str:
    """Return the first instant of a legal day, as entries spell it."""
    return instant_text(datetime.combine(day, time(), SHANGHAI).astimezone(UTC))


def operators(connection: Connection, scope: Scope, until: date) -> dict[str, str]:
    """Return the growers and makers of *scope* that were registered by that day, with their divisions."""
    party, said = tables.party, tables.statement
    query = (
        select(party.c.party, party.c.role, party.c.division)
        .join(said, said.c.entry == party.c.entry)
        .where(said.c.void_by.is_(None), scope.of_party(party.c.party), said.c.recorded_at < end_of(until))
        .order_by(party.c.entry)
    )
    last = {row.party: row for row in connection.execute(query)}
    return {party: row.division for party, row in sorted(last.items()) if row.role in MAKERS}


def coverage(
    connection: Connection, area: str | None, results: Iterable[FinalResult], span: Span
) -> Coverage:
    """Return what of the division was sampled in the span; *results* are those of all Jilin."""
    scope = Scope.of(connection, area)
    there = operators(connection, scope, span.until)
    official = [each for each in results if each.is_official]
    makers = _makers_of(connection, {each.lot for each in official})
    taken = Counter(makers[each.lot] for each in official if makers.get(each.lot) in there)
    born = _born(connection, scope, there, span)
    sampled = {each.lot for each in official}
    return Coverage(
        operators=len(there),
        operators_sampled=len(taken),
        lots=len(born),
        lots_sampled=len(born & sampled),
        plan=tuple(_plan(connection, scope, there, taken, span)),
    )


def _makers_of(connection: Connection, lots: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in portions(sorted(lots)):
        for row in connection.execute(tables.standing(tables.lot, tables.lot.c.lot.in_(some))):
            found.setdefault(row.lot, row.maker)
    return found


def _born(connection: Connection, scope: Scope, there: Mapping[str, str], span: Span) -> set[str]:
    lot, said = tables.lot, tables.statement
    query = (
        select(lot.c.lot, lot.c.maker)
        .join(said, said.c.entry == lot.c.entry)
        .where(
            said.c.void_by.is_(None),
            scope.of_party(lot.c.maker),
            lot.c.by_product.is_(False),
            lot.c.at >= start_of(span.since),
            lot.c.at < end_of(span.until),
        )
    )
    return {row.lot for row in connection.execute(query) if row.maker in there}


def _plan(
    connection: Connection, scope: Scope, there: Mapping[str, str], taken: Mapping[str, int], span: Span
) -> Iterable[Planned]:
    """Yield what was planned, by the grade on the first day of the period and the riskiest goods."""
    rules, on = span.rules, span.since
    risks = _risks(connection, scope.of_party(tables.product.c.party), rules, on)
    often = {(row.grade, row.risk): row.samples for row in rules.rows(FREQUENCIES) if row.in_force(on)}
    for party in there:
        risk, grade = risks.get(party), span.grades.get(party)
        if risk is not None and grade is not None:
            planned = often.get((grade, risk), 0) * span.quarters
            yield Planned(party, grade, risk, planned, taken.get(party, 0))


def _risks(connection: Connection, whose: ColumnElement[bool], rules: RuleSet, on: date) -> dict[str, Risk]:
    """Return the greatest risk among the products of each party."""
    of_goods = {row.commodity: row.risk for row in rules.rows(RISKS) if row.in_force(on)}
    found: dict[str, Risk] = {}
    rows: Iterable[Any] = connection.execute(tables.standing(tables.product, whose))
    for row in rows:
        risk = of_goods.get(row.commodity)
        if risk is not None:
            known = found.get(row.party, risk)
            found[row.party] = min(known, risk, key=_RISK_ORDER.index)
    return found
