"""The published weights of credit: what a record is worth, which grade a sum gives, and what follows of it.

credit_weights.csv         a kind of record: points added or taken, for how long, halved how often
credit_grades.csv          a grade: the least sum for it, and its lots in a draw
inspection_frequency.csv   samples a quarter for a grade and a class of risk
commodity_risks.csv        the class of risk of a kind of goods
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar, cast

from traceability.events.credit import Grade
from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance

Side = Literal["base", "good", "bad"]
Risk = Literal["high", "medium", "low"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditWeight(Sourced):
    """What one record of a kind is worth while it counts: *days* long, halved after each *half_life_days*.

    No more than *most* points come of all records of the kind together, where a most is given.
    """

    record: str
    side: Side
    points: Decimal
    days: int
    half_life_days: int | None
    most: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditGrade(Sourced):
    """A grade is given from *least* points on; in a draw each of its parties has *lots*."""

    grade: Grade
    least: Decimal
    lots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency(Sourced):
    """How many samples a quarter are planned for a party of a grade whose goods have a risk."""

    grade: Grade
    risk: Risk
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommodityRisk(Sourced):
    """How great the risk of a kind of goods is."""

    commodity: str
    risk: Risk


def read_once(
    file: str,
    content: bytes,
    columns: tuple[str, ...],
    parse: Callable[[Row], T],
    key: Callable[[T], object],
) -> tuple[T, ...]:
    """Return the rows of a table; `Invalid` where two of them speak of one thing from one day on."""
    found: dict[object, T] = {}
    for row in rows_of(file, content, *columns):
        value = parse(row)
        if key(value) in found:
            raise row.wrong(columns[0], "row-stands-twice")
        found[key(value)] = value
    return tuple(found.values())


def weights_of(content: bytes, known: Commodities) -> tuple[CreditWeight, ...]:  # noqa: ARG001 -- one form for all tables
    """Read `credit_weights.csv`."""

    def parse(row: Row) -> CreditWeight:
        return CreditWeight(
            record=row.text("record"),
            side=cast(Side, row.choice("side", "base", "good", "bad")),
            points=row.number("points"),
            days=row.whole("days"),
            half_life_days=row.whole("half_life_days") if row.cells["half_life_days"] else None,
            most=row.number("most") if row.cells["most"] else None,
            **provenance(row),
        )

    columns = ("record", "side", "points", "days", "half_life_days", "most")
    return read_once("credit_weights.csv", content, columns, parse, lambda row: (row.record, row.since))


def _grade(row: Row) -> Grade:
    return cast(Grade, row.choice("grade", "A", "B", "C", "D"))


def _risk(row: Row) -> Risk:
    return cast(Risk, row.choice("risk", "high", "medium", "low"))


def grades_of(content: bytes, known: Commodities) -> tuple[CreditGrade, ...]:  # noqa: ARG001 -- one form for all tables
    """Read `credit_grades.csv`."""

    def parse(row: Row) -> CreditGrade:
        return CreditGrade(
            grade=_grade(row), least=row.number("least"), lots=row.whole("lots"), **provenance(row)
        )

    columns = ("grade", "least", "lots")
    return read_once("credit_grades.csv", content, columns, parse, lambda row: (row.grade, row.since))


def frequencies_of(content: bytes, known: Commodities) -> tuple[Frequency, ...]:  # noqa: ARG001 -- one form for all tables
    """Read `inspection_frequency.csv`."""

    def parse(row: Row) -> Frequency:
        return Frequency(grade=_grade(row), risk=_risk(row), samples=row.whole("samples"), **provenance(row))

    columns = ("grade", "risk", "samples")
    return read_once(
        "inspection_frequency.csv", content, columns, parse, lambda row: (row.grade, row.risk, row.since)
    )


def risks_of(content: bytes, known: Commodities) -> tuple[CommodityRisk, ...]:
    """Read `commodity_risks.csv`."""

    def parse(row: Row) -> CommodityRisk:
        if row.cells["commodity"] not in known:
            raise row.wrong("commodity", "commodity-unknown")
        return CommodityRisk(commodity=row.text("commodity"), risk=_risk(row), **provenance(row))

    columns = ("commodity", "risk")
    return read_once("commodity_risks.csv", content, columns, parse, lambda row: (row.commodity, row.since))


WEIGHTS = RuleTable("credit_weights.csv", weights_of)
GRADES = RuleTable("credit_grades.csv", grades_of)
FREQUENCIES = RuleTable("inspection_frequency.csv", frequencies_of)
RISKS = RuleTable("commodity_risks.csv", risks_of)
