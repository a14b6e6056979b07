"""Points by the published weights, line by line, and the grade that the sum gives.

    score = base + good − bad, from 0 to 100
    a record is worth the points of its kind, halved after each whole half-life, nothing after its days
    no kind gives more than its most; whoever stands on the list of serious dishonesty has grade D

Weights and grades are tables of the rule set (`credit_weights.csv`, `credit_grades.csv`): whoever has the
entries and the rule set finds the same sum.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from traceability.credit.dishonesty import dishonesty_of
from traceability.credit.record import CreditRecord, State, Whose, only
from traceability.credit.records import records
from traceability.events.credit import Grade
from traceability.limits import RuleSet, shipped_rules
from traceability.rule_tables.credit import GRADES, WEIGHTS, CreditWeight

LineState = State | Literal["over"]
HIGHEST = Decimal(100)
_NOTHING = Decimal(0)
_UNCOUNTED = frozenset({"repaired", "objection-upheld", "resolved"})


@dataclass(frozen=True, slots=True)
class Line:
    """One record with what it is worth on the day: *halved* times from *points*; *worth* has its sign."""

    record: CreditRecord
    state: LineState
    points: Decimal
    halved: int
    worth: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """What all records of one kind are worth together; *capped* where the most of the kind was reached."""

    record: str
    count: int
    worth: Decimal
    capped: bool


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The whole calculation of one party on one day."""

    party: str
    on: date
    base: Decimal
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    score: Decimal
    grade: Grade
    is_listed: bool


def reckoned(
    party: str, found: Iterable[CreditRecord], on: date, rules: RuleSet, *, is_listed: bool
) -> Reckoning:
    """Return what the records of *party* add up to on that day."""
    weights = {row.record: row for row in rules.rows(WEIGHTS) if row.in_force(on)}
    lines = tuple(_line(each, weights, on) for each in found)
    sums = tuple(_sums(lines, weights))
    base = weights["base"].points if "base" in weights else _NOTHING
    score = min(HIGHEST, max(_NOTHING, base + sum((each.worth for each in sums), _NOTHING)))
    return Reckoning(party, on, base, lines, sums, score, _grade(score, on, rules, is_listed), is_listed)


def _line(record: CreditRecord, weights: Mapping[str, CreditWeight], on: date) -> Line:
    weight = weights.get(record.record)
    if weight is None or (on - record.day).days >= weight.days:
        return Line(record, "over", _NOTHING if weight is None else weight.points, 0, _NOTHING)
    halved = 0 if weight.half_life_days is None else (on - record.day).days // weight.half_life_days
    if record.state in _UNCOUNTED:
        return Line(record, record.state, weight.points, halved, _NOTHING)
    worth = weight.points / 2**halved
    return Line(record, record.state, weight.points, halved, -worth if record.side == "bad" else worth)


def _sums(lines: Iterable[Line], weights: Mapping[str, CreditWeight]) -> Iterable[Sum]:
    by_kind: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_kind[line.record.record].append(line)
    for kind, weight in weights.items():
        if kind in by_kind:
            whole = sum((line.worth for line in by_kind[kind]), _NOTHING)
            most = abs(whole) if weight.most is None else weight.most
            worth = max(-most, min(most, whole))
            yield Sum(kind, len(by_kind[kind]), worth, worth != whole)


def _grade(score: Decimal, on: date, rules: RuleSet, is_listed: bool) -> Grade:
    rows = sorted(
        (row for row in rules.rows(GRADES) if row.in_force(on)), key=lambda row: row.least, reverse=True
    )
    if is_listed or not rows:
        return "D"
    return next((row.grade for row in rows if score >= row.least), "D")


def reckoning_of(connection: Connection, party: str, on: date, rules: RuleSet | None = None) -> Reckoning:
    """Return the calculation of one party."""
    found = records(connection, only(party), on)
    listed = any(each.state == "listed" for each in dishonesty_of(connection, only(party), on))
    return reckoned(party, found, on, rules or shipped_rules(), is_listed=listed)


def grade_of(connection: Connection, party: str, on: date, rules: RuleSet | None = None) -> Grade:
    """Return the grade of one party on a legal day."""
    return reckoning_of(connection, party, on, rules).grade


def grades_of(
    connection: Connection,
    parties: Iterable[str],
    whose: Whose,
    on: date,
    rules: RuleSet | None = None,
) -> dict[str, Reckoning]:
    """Return the calculation of each of *parties*, all of whom *whose* asks about; read once for all."""
    by_party: dict[str, list[CreditRecord]] = defaultdict(list)
    for record in records(connection, whose, on):
        by_party[record.party].append(record)
    listed = {each.party for each in dishonesty_of(connection, whose, on) if each.state == "listed"}
    chosen = rules or shipped_rules()
    return {
        party: reckoned(party, by_party[party], on, chosen, is_listed=party in listed) for party in parties
    }
