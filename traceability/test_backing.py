"""Whether the test on whose strength codes were activated still stands, and still passes.

    activated "tested"       rests on the tests of the lot that were told before, but for rapid ones
    activated "witnessed"    by whoever tested the lot rests on that party's own tests
    any other                an office or another second party has looked itself: nothing to rest on

A correction stands in the place of what it corrects. A sample has passed when each of its reports has, after
objection and re-test. Nothing void counts, and of two histories with the same standing rows the same is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, func, select

from traceability import tables
from traceability.question import Question
from traceability.retesting import FAILED, first_retest
from traceability.tables import testing

Cause = Literal["withdrawn", "turned"]

RAPID = "rapid"
"""A rapid test alone activates nothing (release_policy.csv)."""

_SAID, _FIRST_SAID = tables.statement.alias("said"), tables.statement.alias("first_said")
_TESTS = Question(
    select(
        testing.test_report.c.entry,
        testing.test_report.c.by,
        testing.test_report.c.sample,
        testing.test_report.c.purpose,
        testing.test_report.c.verdict,
        testing.test_report.c.retest_of,
        _SAID.c.digest,
        _SAID.c.void_by,
        func.coalesce(_FIRST_SAID.c.entry, _SAID.c.entry).label("told_in"),
    )
    .join(_SAID, _SAID.c.entry == testing.test_report.c.entry)
    .outerjoin(_FIRST_SAID, and_(_SAID.c.kind == "corrected", _FIRST_SAID.c.digest == _SAID.c.target))
    .where(testing.test_report.c.lot == bindparam("lot"))
    .order_by(testing.test_report.c.entry)
)


@dataclass(frozen=True, slots=True)
class Lapse:
    """Why an activation counts no longer: its test was withdrawn, or has turned, and in which entry."""

    cause: Cause
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class _Final:
    """A report that stands, and the one that counts in its place."""

    report: Any
    counts: Any


def lapse_of(connection: Connection, lot: str, activation: Any) -> Lapse | None:
    """Return why the row *activation* of codes of *lot* counts no longer, None while it does."""
    if activation.ground not in {"tested", "witnessed"}:
        return None
    every = _TESTS.rows(connection, lot=lot)
    rested_on = list(_rested_on(every, activation))
    if activation.ground == "witnessed" and not rested_on:
        return None
    finals = list(_finals(connection, every))
    if any(_bears(each, finals) for each in rested_on):
        return None
    endings = _endings(rested_on, every, finals)
    return max(endings, key=lambda each: each.entry or 0, default=Lapse("withdrawn"))


def bearing(connection: Connection, lot: str) -> list[Any]:
    """Return the rows of the tests of *lot* on which codes could be activated now."""
    every = _TESTS.rows(connection, lot=lot)
    finals = list(_finals(connection, every))
    return [each for each in every if _bears(each, finals)]


def _rested_on(tests: Iterable[Any], activation: Any) -> Iterator[Any]:
    """Yield the tests, void ones among them, that were told before the activation and that it may rest on."""
    for each in tests:
        fits = each.purpose != RAPID if activation.ground == "tested" else each.by == activation.by
        if fits and each.told_in < activation.entry:
            yield each


def _finals(connection: Connection, tests: Iterable[Any]) -> Iterator[_Final]:
    for each in tests:
        if each.void_by is None and each.retest_of is None:
            yield _Final(each, first_retest(connection, each.digest) or each)


def _bears(test: Any, finals: Iterable[_Final]) -> bool:
    """Tell whether *test* stands, has found the goods right, and its sample has passed in the end."""
    if test.void_by is not None or test.verdict == FAILED:
        return False
    sample = [each for each in finals if each.report.sample == test.sample]
    is_of_it = any(test.entry in {each.report.entry, each.counts.entry} for each in sample)
    return is_of_it and all(each.counts.verdict != FAILED for each in sample)


def _endings(tests: Iterable[Any], every: Iterable[Any], finals: Iterable[_Final]) -> Iterator[Lapse]:
    """Yield what ended each of *tests*: its withdrawal, or the report by which its sample has failed."""
    replaced = {each.entry for each in every if each.verdict == FAILED}
    for test in tests:
        if test.void_by is not None:
            yield Lapse("turned" if test.void_by in replaced else "withdrawn", test.void_by)
            continue
        failed = [each.counts.entry for each in finals if each.report.sample == test.sample]
        yield Lapse("turned", max(failed, default=test.entry))
