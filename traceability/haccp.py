"""What a maker controls (危害分析与关键控制点), and how it stands.

    points         control points with their limits, and when each was last looked at
    measurements   what they showed; of a failure, whether it was put right, and by a second party resolved
    capacities     how many kilograms a process takes in a day, and how many it took on one
    templates      ways of making of one's own

Read from the searchable copy; the rule `rules.control` judges by the same points.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import bindparam, func, select

from traceability import tables
from traceability.events import Event, followup
from traceability.events.making import CapacityDeclared, ControlMeasured, TemplateDeclared
from traceability.past.making import KnownPoint
from traceability.quantity import GRAM
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection.making import points_of
from traceability.tables import making as making_tables

_LATEST = (
    select(making_tables.control_measure)
    .join(tables.statement, tables.statement.c.entry == making_tables.control_measure.c.entry)
    .where(making_tables.control_measure.c.party == bindparam("party"), tables.statement.c.void_by.is_(None))
    .order_by(making_tables.control_measure.c.entry.desc())
)
_FAILED = Question(
    select(tables.flag.c.entry).where(
        tables.flag.c.entry == bindparam("entry"), tables.flag.c.rule == "control-point-failed"
    )
)
_REMEDIES = Question(
    tables.standing(making_tables.remedy, making_tables.remedy.c.measurement == bindparam("digest"))
)
_RESOLVED = Question(tables.standing(tables.resolution, tables.resolution.c.target == bindparam("digest")))
_CAPACITIES, _TEMPLATES = (
    Question(tables.standing(table, table.c.party == bindparam("party")))
    for table in (making_tables.capacity, making_tables.template)
)
_DONE = Question(
    select(func.sum(making_tables.throughput.c.grams))
    .join(tables.statement, tables.statement.c.entry == making_tables.throughput.c.entry)
    .where(
        making_tables.throughput.c.party == bindparam("party"),
        making_tables.throughput.c.process == bindparam("process"),
        making_tables.throughput.c.day == bindparam("day"),
        tables.statement.c.void_by.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One look at a control point; of a failure, whether it was put right, and looked at by somebody else."""

    digest: str
    event: ControlMeasured
    failed: bool
    remedied: bool
    resolved: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a maker can put through a process in a day, and how much it was on one day."""

    process: str
    kg_a_day: Decimal
    done_kg: Decimal


def points(reader: Reader, party: str, now: datetime) -> tuple[KnownPoint, ...]:
    """Return the control points of *party* as they stood at *now*."""
    return points_of(reader, party, now)


def measurements(reader: Reader, party: str, limit: int = 30) -> tuple[Measurement, ...]:
    """Return what the control points of *party* showed, the newest first."""
    rows = reader.connection.execute(_LATEST.limit(limit), {"party": party}).all()
    return tuple(
        Measurement(
            digest=row.digest,
            event=cast(ControlMeasured, _told(reader, row.entry)),
            failed=_FAILED.first(reader.connection, entry=row.entry) is not None,
            remedied=_REMEDIES.first(reader.connection, digest=row.digest) is not None,
            resolved=_RESOLVED.first(reader.connection, digest=row.digest) is not None,
        )
        for row in rows
    )


def _told(reader: Reader, entry: int) -> Event:
    return followup.told_by(reader.statement(entry).event)


def capacities(reader: Reader, party: str, day: date) -> tuple[Capacity, ...]:
    """Return what *party* declared that it can do in a day, and what it did on *day*."""
    latest: dict[str, CapacityDeclared] = {}
    for row in _CAPACITIES.rows(reader.connection, party=party):
        told = cast(CapacityDeclared, _told(reader, row.entry))
        if told.day <= day and (row.process not in latest or latest[row.process].at <= told.at):
            latest[row.process] = told
    return tuple(
        Capacity(name, told.kg_a_day, _done(reader, party, name, day))
        for name, told in sorted(latest.items())
    )


def _done(reader: Reader, party: str, process: str, day: date) -> Decimal:
    grams = _DONE.scalar(reader.connection, party=party, process=process, day=day.isoformat())
    return Decimal(int(grams or 0)) * GRAM


def templates(reader: Reader, party: str) -> tuple[TemplateDeclared, ...]:
    """Return the templates that *party* declared, each as it told it last."""
    told = (
        cast(TemplateDeclared, _told(reader, row.entry))
        for row in _TEMPLATES.rows(reader.connection, party=party)
    )
    return tuple({each.template: each for each in told}.values())
