"""The targets that a report is held against, and the weights of the evaluation index.

targets.csv             a pass rate or a satisfaction to be reached: of which sampling, until when
evaluation_weights.csv  how much each indicator counts in the index of a county
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from traceability.reference import Row, Sourced
from traceability.rule_tables.credit import read_once
from traceability.rule_tables.table import Commodities, RuleTable, provenance

Counted = Literal["samples", "ratings"]
Indicator = Literal["routine-pass", "coverage", "plan-done", "cases-in-time", "told-in-time", "satisfaction"]

PURPOSES = ("routine", "supervision")
CLASSES = ("agricultural", "manufactured", "consumer", "food")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Sourced):
    """At least *percent* of what is counted: samples of these *purposes* and *classes*, or ratings."""

    target: str
    percent: Decimal
    counts: Counted
    purposes: frozenset[str]
    classes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationWeight(Sourced):
    """How much of the whole index an indicator makes up, in per cent."""

    indicator: Indicator
    percent: Decimal


def _several(row: Row, column: str, *allowed: str) -> frozenset[str]:
    found = row.several(column)
    if set(found) - set(allowed):
        raise row.wrong(column, "cell-not-allowed")
    return frozenset(found)


def targets_of(content: bytes, known: Commodities) -> tuple[Target, ...]:  # noqa: ARG001 -- one form for all tables
    """Read `targets.csv`."""

    def parse(row: Row) -> Target:
        return Target(
            target=row.text("target"),
            percent=row.number("percent"),
            counts=cast(Counted, row.choice("counts", "samples", "ratings")),
            # A self-check or a commissioned test counts for no target: such a cell cannot be read.
            purposes=_several(row, "purposes", *PURPOSES),
            classes=_several(row, "classes", *CLASSES),
            **provenance(row),
        )

    columns = ("target", "percent", "counts", "purposes", "classes")
    return read_once("targets.csv", content, columns, parse, lambda row: (row.target, row.since))


def evaluation_weights_of(content: bytes, known: Commodities) -> tuple[EvaluationWeight, ...]:  # noqa: ARG001 -- one form for all tables
    """Read `evaluation_weights.csv`."""

    def parse(row: Row) -> EvaluationWeight:
        indicator = row.choice(
            "indicator",
            "routine-pass",
            "coverage",
            "plan-done",
            "cases-in-time",
            "told-in-time",
            "satisfaction",
        )
        return EvaluationWeight(
            indicator=cast(Indicator, indicator), percent=row.number("percent"), **provenance(row)
        )

    columns = ("indicator", "percent")
    return read_once(
        "evaluation_weights.csv", content, columns, parse, lambda row: (row.indicator, row.since)
    )


TARGETS = RuleTable("targets.csv", targets_of)
EVALUATION_WEIGHTS = RuleTable("evaluation_weights.csv", evaluation_weights_of)
