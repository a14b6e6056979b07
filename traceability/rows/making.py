"""The rows of how makers mean to work, of their control points, and of what went through a process."""

from decimal import Decimal

from ledger.canonical import decimal_text, instant_text
from traceability.events import making, processing
from traceability.quantity import GRAM
from traceability.rows.writing import Rows, add_own
from traceability.tables import making as tables


@add_own.register
def _(event: making.TemplateDeclared, rows: Rows) -> None:
    rows.add(tables.template, party=rows.statement.by, template=event.template)


@add_own.register
def _(event: making.ControlPointDeclared, rows: Rows) -> None:
    rows.add(tables.control_point, party=rows.statement.by, point=event.point, process=event.process)


@add_own.register
def _(event: making.ControlMeasured, rows: Rows) -> None:
    rows.add(
        tables.control_measure,
        party=rows.statement.by,
        point=event.point,
        at=instant_text(event.at),
        digest=rows.statement.digest,
    )


@add_own.register
def _(event: making.CorrectiveActionTaken, rows: Rows) -> None:
    rows.add(tables.remedy, party=rows.statement.by, measurement=event.measurement)


@add_own.register
def _(event: making.CapacityDeclared, rows: Rows) -> None:
    rows.add(
        tables.capacity,
        party=rows.statement.by,
        process=event.process,
        at=instant_text(event.at),
        kg_a_day=decimal_text(event.kg_a_day),
    )


def add_throughput(event: processing.Processed, rows: Rows) -> None:
    """Add how much went into a process; what has no weight in kilograms is left out."""
    scales = ((part, rows.measures.scale(part.lot)) for part in event.inputs)
    weights = (part.amount.measured("mass", scale.piece_kg) for part, scale in scales)
    kg = sum((each for each in weights if each is not None), Decimal(0))
    rows.add(
        tables.throughput,
        party=rows.holder,
        process=event.process,
        day=event.day.isoformat(),
        grams=int(kg / GRAM),
    )
