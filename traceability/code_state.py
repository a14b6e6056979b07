"""In which state of its life a pack code is, as the standing entries leave it.

    not-issued   no entry issues it
    void         taken back: a shopper reads "not issued"
    recalled     its lot is called back, or this very code
    sold         a trader says that it was sold to a shopper
    active       somebody has looked, or the issue asked for nobody
    lapsed       activated on a test that was withdrawn since, or that passes no longer
    asleep       issued, and not activated yet
    blank        printed on a label before the goods, and on no goods yet

The first that holds is told. Nothing is stored that a rebuild could not make again. An activation lasts no
longer than the test that it rests on (`test_backing`); one by an office rests on nobody else's word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Table, bindparam

from traceability import tables
from traceability.codes_left import without
from traceability.question import Question
from traceability.tables import release as release_tables
from traceability.test_backing import Lapse, lapse_of

State = Literal["not-issued", "void", "recalled", "sold", "active", "lapsed", "asleep", "blank"]

_TABLES = (
    tables.code_issue,
    tables.code_void,
    release_tables.code_recall,
    release_tables.code_sale,
    release_tables.code_activation,
    release_tables.code_sleep,
)


def _meeting(table: Table, name: str) -> Question:
    """Return the question after standing rows whose span holds one index."""
    return Question(
        tables.standing(
            table,
            table.c[name] == bindparam("name"),
            table.c.first <= bindparam("index"),
            table.c.first + table.c.packs > bindparam("index"),
        )
    )


_ISSUE, _VOID, _RECALL, _SALE, _ACTIVATION, _SLEEP = (_meeting(table, "lot") for table in _TABLES)
_BINDING, _BLANK = (
    _meeting(table, "roll") for table in (release_tables.code_binding, release_tables.code_blank)
)
_ROLL = Question(
    tables.standing(release_tables.code_blank, release_tables.code_blank.c.roll == bindparam("name"))
)
_ROLLS = Question(
    tables.standing(release_tables.code_blank, release_tables.code_blank.c.party == bindparam("party"))
)
_BINDINGS = Question(
    tables.standing(release_tables.code_binding, release_tables.code_binding.c.roll == bindparam("roll"))
)
_EVERY_SLEEP, _EVERY_ACTIVATION, _EVERY_SALE, _EVERY_RECALL = (
    Question(tables.standing(table, table.c.lot == bindparam("name")))
    for table in (
        release_tables.code_sleep,
        release_tables.code_activation,
        release_tables.code_sale,
        release_tables.code_recall,
    )
)


@dataclass(frozen=True, slots=True)
class CodeState:
    """The state of one code: the entry that says so, who stated it, and on what ground it was activated.

    *lapse*: why the last activation counts no longer; then there is no ground.
    """

    state: State
    entry: int | None = None
    by: str | None = None
    ground: str | None = None
    lapse: Lapse | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """The lot, and the index there, that a blank code stands on."""

    lot: str
    index: int


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll of blank codes: how many were printed, and how many of them stand on goods."""

    roll: str
    product: str
    printed: int
    bound: int


@dataclass(frozen=True, slots=True)
class Span:
    """A range of codes of a lot: asleep, or activated by somebody on some ground, which may have lapsed."""

    first: int
    count: int
    by: str | None = None
    ground: str | None = None
    entry: int | None = None
    lapse: Lapse | None = None


def code_state(connection: Connection, lot: str, index: int, *, is_recalled: bool) -> CodeState:
    """Return the state of code *index* of *lot*; *is_recalled*: the whole lot is called back."""
    asked = {"name": lot, "index": index}
    issue = _ISSUE.first(connection, **asked)
    if issue is None:
        return CodeState("not-issued")
    if (void := _VOID.first(connection, **asked)) is not None:
        return CodeState("void", void.entry)
    recall = _RECALL.first(connection, **asked)
    if is_recalled or recall is not None:
        return CodeState("recalled", None if recall is None else recall.entry)
    return _released(connection, asked, issue.entry)


def _released(connection: Connection, asked: dict[str, Any], issue: int) -> CodeState:
    """Return how far a code has come that nobody took back."""
    told = [(row, lapse_of(connection, asked["name"], row)) for row in _ACTIVATION.rows(connection, **asked)]
    activation = next((row for row, lapse in told if lapse is None), None)
    lapsed = told[-1] if told and activation is None else (None, None)
    ground = None if activation is None else activation.ground
    if (sale := _SALE.first(connection, **asked)) is not None:
        return CodeState("sold", sale.entry, sale.by, ground, lapsed[1])
    if activation is not None:
        return CodeState("active", activation.entry, activation.by, ground)
    if lapsed[0] is not None:
        return CodeState("lapsed", lapsed[0].entry, lapsed[0].by, lapse=lapsed[1])
    if _SLEEP.first(connection, **asked) is not None:
        return CodeState("asleep", issue)
    return CodeState("active", issue)


def is_roll(connection: Connection, name: str) -> bool:
    """Tell whether blank codes were printed under *name*."""
    return _ROLL.first(connection, name=name) is not None


def roll_of(connection: Connection, name: str) -> Any:
    """Return the first row of the roll called *name*, or None where there is no such roll."""
    return _ROLL.first(connection, name=name)


def rolls_of(connection: Connection, party: str) -> list[Roll]:
    """Return the rolls of blank codes of *party*, in the order in which they were printed first."""
    found: dict[str, Roll] = {}
    for row in _ROLLS.rows(connection, party=party):
        known = found.get(row.roll)
        printed = row.first + row.packs if known is None else max(known.printed, row.first + row.packs)
        bound = sum(each.packs for each in _BINDINGS.rows(connection, roll=row.roll))
        found[row.roll] = Roll(row.roll, row.product, printed, bound)
    return list(found.values())


def blank_state(connection: Connection, roll: str, index: int) -> Bound | State:
    """Return what a code of a roll stands on; "blank" while on nothing, "not-issued" if none was printed."""
    asked = {"name": roll, "index": index}
    binding = _BINDING.first(connection, **asked)
    if binding is not None:
        return Bound(binding.lot, binding.lot_first + index - binding.first)
    return "not-issued" if _BLANK.first(connection, **asked) is None else "blank"


def asleep(connection: Connection, lot: str) -> list[Span]:
    """Return the ranges of *lot* that wait to be activated, or to be activated again, in their order."""
    counting = (each for each in activations(connection, lot) if each.lapse is None)
    active = [(each.first, each.first + each.count) for each in counting]
    return [
        Span(first, count)
        for row in sorted(_EVERY_SLEEP.rows(connection, name=lot), key=lambda row: int(row.first))
        for first, count in without(row.first, row.packs, active)
    ]


def activations(connection: Connection, lot: str) -> list[Span]:
    """Return each activation of codes of *lot*, the newest first, and why it counts no longer."""
    rows = _EVERY_ACTIVATION.rows(connection, name=lot)
    return [
        Span(row.first, row.packs, row.by, row.ground, row.entry, lapse_of(connection, lot, row))
        for row in reversed(rows)
    ]


def sold(connection: Connection, lot: str) -> Iterator[Span]:
    """Yield each range of codes of *lot* that was sold."""
    for row in _EVERY_SALE.rows(connection, name=lot):
        yield Span(row.first, row.packs, row.by, entry=row.entry)


def recalled(connection: Connection, lot: str) -> Iterator[Span]:
    """Yield each range of codes of *lot* that is called back without the rest of it."""
    for row in _EVERY_RECALL.rows(connection, name=lot):
        yield Span(row.first, row.packs, entry=row.entry)
