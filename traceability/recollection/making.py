"""What was said before of a maker's ways of working, and how much went through its processes that day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, bindparam, func, select

from ledger.canonical import instant_of, instant_text
from traceability import goods, tables
from traceability.events import followup, making, processing
from traceability.events.fact import Event
from traceability.past import Past, PastStatement
from traceability.past.making import KnownPoint, MakingPast, PastMeasurement
from traceability.portions import portions
from traceability.quantity import GRAM
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection.trade import Asked, past_statement
from traceability.tables import making as making_tables

_OWN_TEMPLATE = Question(
    tables.standing(
        making_tables.template,
        making_tables.template.c.template == bindparam("template"),
        making_tables.template.c.party == bindparam("party"),
    )
    .order_by(None)
    .order_by(making_tables.template.c.entry.desc())
    .limit(1)
)
_TEMPLATES = Question(
    tables.standing(making_tables.template, making_tables.template.c.template == bindparam("template"))
)
_POINTS = Question(
    tables.standing(making_tables.control_point, making_tables.control_point.c.party == bindparam("party"))
)
_MEASURED = Question(
    select(making_tables.control_measure.c.at)
    .join(tables.statement, tables.statement.c.entry == making_tables.control_measure.c.entry)
    .where(
        making_tables.control_measure.c.party == bindparam("party"),
        making_tables.control_measure.c.point == bindparam("point"),
        making_tables.control_measure.c.at <= bindparam("at"),
        tables.statement.c.void_by.is_(None),
    )
    .order_by(making_tables.control_measure.c.at.desc())
    .limit(1)
)
_REMEDIES = Question(
    tables.standing(making_tables.remedy, making_tables.remedy.c.measurement == bindparam("digest"))
)
_CAPACITIES = Question(
    tables.standing(
        making_tables.capacity,
        making_tables.capacity.c.party == bindparam("party"),
        making_tables.capacity.c.process == bindparam("process"),
        making_tables.capacity.c.at <= bindparam("at"),
    )
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
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))
_HARVESTED = (
    select(func.min(tables.lot.c.at))
    .join(tables.statement, tables.statement.c.entry == tables.lot.c.entry)
    .where(
        tables.lot.c.lot.in_(bindparam("lots", expanding=True)),
        tables.lot.c.how == "harvested",
        tables.statement.c.void_by.is_(None),
    )
)

_ABOUT_A_MEASUREMENT = followup.Corrected | followup.HoldResolved


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of making ask."""
    if isinstance(asked.told, _ABOUT_A_MEASUREMENT) and past.target is not None:
        past = _with(past, measurement=_measurement(asked.connection, past.target))
    match asked.event:
        case processing.Processed() as event:
            return _process(asked, past, event)
        case making.ControlMeasured() as event:
            return _with(past, points=_points(asked, event, event.point))
        case making.CorrectiveActionTaken() as event:
            target = past_statement(asked.reader, event.measurement, before=asked.index)
            found = None if target is None or target.void else _measurement(asked.connection, target)
            return _with(past, measurement=found)
        case _:
            return past


def _with(past: Past, **known: Any) -> Past:
    return replace(past, making=replace(past.making, **known))


def _measurement(connection: Connection, target: PastStatement) -> PastMeasurement | None:
    told = followup.told_by(target.event)
    if not isinstance(told, making.ControlMeasured):
        return None
    return PastMeasurement(
        digest=target.digest,
        by=target.by,
        event=told,
        failed="control-point-failed" in target.flags,
        remedied=_REMEDIES.first(connection, digest=target.digest) is not None,
    )


def _process(asked: Asked, past: Past, event: processing.Processed) -> Past:
    party = asked.claimed_by or asked.by
    points = _points(asked, event)
    declared = _CAPACITIES.rows(
        asked.connection, party=party, process=event.process, at=instant_text(event.at)
    )
    known = MakingPast(
        template=None if event.template is None else declared_template(asked.reader, event.template, party),
        points=points,
        harvested_at=_harvested(asked.connection, event) if _blanches(event, points) else {},
    )
    if declared:
        latest = max(declared, key=lambda row: (row.at, row.entry))
        done = _DONE.scalar(asked.connection, party=party, process=event.process, day=event.day.isoformat())
        known = replace(known, capacity_kg=Decimal(latest.kg_a_day), done_kg=Decimal(int(done or 0)) * GRAM)
    return replace(past, making=known)


def declared_template(reader: Reader, code: str, party: str) -> making.TemplateDeclared | None:
    """Return the template that *party* means by *code*: its own as it told it last, else a regulator's."""
    own = _OWN_TEMPLATE.rows(reader.connection, template=code, party=party)
    # Every mill may have a way of making of that name: only those of offices are anybody's.
    chosen = own or [
        row
        for row in _TEMPLATES.rows(reader.connection, template=code)
        if _is_office(reader.connection, row.party)
    ]
    if not chosen:
        return None
    return cast(making.TemplateDeclared, _told(reader, chosen[-1].entry))


def _is_office(connection: Connection, party: str) -> bool:
    rows = _PARTY.rows(connection, party=party)
    return bool(rows) and rows[-1].role == "regulator"


def _told(reader: Reader, entry: int) -> Event:
    return followup.told_by(reader.statement(entry).event)


def _points(asked: Asked, event: Event, point: str | None = None) -> tuple[KnownPoint, ...]:
    """Return the control points of the maker, or the one called *point*, as they stood when it happened."""
    return points_of(asked.reader, asked.claimed_by or asked.by, event.at, point)


def points_of(reader: Reader, party: str, at: datetime, point: str | None = None) -> tuple[KnownPoint, ...]:
    """Return the control points of *party*, or the one called *point*, as they stood at *at*."""
    latest: dict[str, making.ControlPointDeclared] = {}
    for row in _POINTS.rows(reader.connection, party=party):
        if point in (None, row.point):
            told = cast(making.ControlPointDeclared, _told(reader, row.entry))
            if told.at <= at and (row.point not in latest or latest[row.point].at <= told.at):
                latest[row.point] = told
    return tuple(
        KnownPoint(told, told.at, _measured_at(reader.connection, party, name, at))
        for name, told in sorted(latest.items())
    )


def _measured_at(connection: Connection, party: str, point: str, at: datetime) -> datetime | None:
    found = _MEASURED.scalar(connection, party=party, point=point, at=instant_text(at))
    return None if found is None else instant_of(found)


def _blanches(event: processing.Processed, points: Iterable[KnownPoint]) -> bool:
    is_asked = any(each.declared.parameter == "harvest-to-blanch" for each in points)
    steps = {event.process, *(each.process for each in event.steps)}
    return is_asked and "blanching" in steps


def _harvested(connection: Connection, event: processing.Processed) -> dict[str, datetime]:
    """Return the earliest harvest behind each lot that went in, where one is known."""
    found: dict[str, datetime] = {}
    for part in event.inputs:
        for some in portions(sorted(goods.ancestors(connection, part.lot) | {part.lot})):
            at = connection.execute(_HARVESTED, {"lots": some}).scalar()
            if at is not None:
                found[part.lot] = min(found.get(part.lot, instant_of(at)), instant_of(at))
    return found
