"""What is known of making: templates and their steps, how much comes out, how exact scales are.

process_templates.csv      what goes in, what comes out
process_steps.csv          the steps of each template, in order
outturn_caps.csv           how much of the one becomes how much of the other, in per cent
making_tolerances.csv      how far figures may differ
completeness_weights.csv   what each link of an unbroken chain counts
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast, get_args

from traceability.events.processing import Process
from traceability.reference import Row, Sourced
from traceability.rule_tables.growing import known_commodity, rows_once
from traceability.rule_tables.table import Commodities, RuleTable, provenance

OutturnKind = Literal["least", "usual", "most", "reference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow(Sourced):
    """A way of making something: the kinds of goods that go in and come out, and how they are counted."""

    template: str
    name_zh: str
    name_en: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    by_products: tuple[str, ...]
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStepRow(Sourced):
    """One step of a template."""

    template: str
    place: int
    process: Process
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutturnRow(Sourced):
    """How many per cent of *input* become *output*: at least, usually, at most, or for reckoning only."""

    process: str | None
    input: str
    output: str
    kind: OutturnKind
    per_cent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ToleranceRow(Sourced):
    """How far figures may differ before it is remarked."""

    tolerance: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessRow(Sourced):
    """What one link of the chain from field to table counts in a lot's score."""

    item: str
    weight: Decimal


def _goods(row: Row, column: str, known: Commodities) -> tuple[str, ...]:
    found = row.several(column)
    if any(each not in known for each in found):
        raise row.wrong(column, "commodity-unknown")
    return found


def templates_of(content: bytes, known: Commodities) -> tuple[TemplateRow, ...]:
    """Read `process_templates.csv`."""

    def read(row: Row) -> TemplateRow:
        return TemplateRow(
            template=row.text("template"),
            name_zh=row.text("name_zh"),
            name_en=row.text("name_en"),
            inputs=_goods(row, "inputs", known),
            outputs=_goods(row, "outputs", known),
            by_products=_goods(row, "by_products", known),
            measure=row.choice("measure", "kg", "ears"),
            **provenance(row),
        )

    columns = ("template", "name_zh", "name_en", "inputs", "outputs", "by_products", "measure")
    return rows_once("process_templates.csv", content, columns, ("template",), read)


def process_steps_of(content: bytes, _known: Commodities) -> tuple[ProcessStepRow, ...]:
    """Read `process_steps.csv`."""

    def read(row: Row) -> ProcessStepRow:
        return ProcessStepRow(
            template=row.text("template"),
            place=row.whole("place"),
            process=cast(Process, row.choice("process", *get_args(Process))),
            required=row.choice("required", "yes", "no") == "yes",
            **provenance(row),
        )

    columns = ("template", "place", "process", "required")
    return rows_once("process_steps.csv", content, columns, ("template", "place"), read)


def outturns_of(content: bytes, known: Commodities) -> tuple[OutturnRow, ...]:
    """Read `outturn_caps.csv`."""

    def read(row: Row) -> OutturnRow:
        row.choice("process", "", *get_args(Process))
        return OutturnRow(
            process=row.optional("process"),
            input=known_commodity(row, "input", known),
            output=known_commodity(row, "output", known),
            kind=cast(OutturnKind, row.choice("kind", *get_args(OutturnKind))),
            per_cent=row.number("per_cent"),
            **provenance(row),
        )

    columns = ("process", "input", "output", "kind", "per_cent")
    return rows_once("outturn_caps.csv", content, columns, ("process", "input", "output", "kind"), read)


def tolerances_of(content: bytes, _known: Commodities) -> tuple[ToleranceRow, ...]:
    """Read `making_tolerances.csv`."""

    def read(row: Row) -> ToleranceRow:
        return ToleranceRow(
            tolerance=row.text("tolerance"),
            value=row.number("value"),
            unit=row.text("unit"),
            **provenance(row),
        )

    columns = ("tolerance", "value", "unit")
    return rows_once("making_tolerances.csv", content, columns, ("tolerance",), read)


def completeness_of(content: bytes, _known: Commodities) -> tuple[CompletenessRow, ...]:
    """Read `completeness_weights.csv`."""

    def read(row: Row) -> CompletenessRow:
        return CompletenessRow(item=row.text("item"), weight=row.number("weight"), **provenance(row))

    return rows_once("completeness_weights.csv", content, ("item", "weight"), ("item",), read)


TEMPLATES = RuleTable("process_templates.csv", templates_of)
PROCESS_STEPS = RuleTable("process_steps.csv", process_steps_of)
OUTTURNS = RuleTable("outturn_caps.csv", outturns_of)
MAKING_TOLERANCES = RuleTable("making_tolerances.csv", tolerances_of)
COMPLETENESS = RuleTable("completeness_weights.csv", completeness_of)
