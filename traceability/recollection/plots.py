"""The plots of an event, with as much of their past as rules about the event look at."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam

from traceability import running, tables
from traceability.events import Event, field, growing, registry
from traceability.events.field import LONGEST_DAYS
from traceability.past import KnownPlot, PastHarvest, PastTreatment
from traceability.quantity import Measure
from traceability.question import Question
from traceability.tables.trade import reaped_account

Span = tuple[date, date]
"""The first and the last of some days."""

EVER: Span = (date.min, date.max)
NEVER: Span = (date.max, date.min)

_PLOT = Question(tables.standing(tables.plot, tables.plot.c.plot == bindparam("plot")))
_TREATMENTS, _HARVESTS = (
    Question(
        tables.standing(
            table,
            table.c.plot == bindparam("plot"),
            table.c.day >= bindparam("since"),
            table.c.day <= bindparam("until"),
        )
    )
    for table in (tables.treatment, tables.harvest)
)


def known_plots(connection: Connection, told: Event | None) -> dict[str, KnownPlot]:
    """Return the plots of an event by name, with as much of their past as rules about the event look at."""
    treated, harvested, year = NEVER, NEVER, None
    if isinstance(told, field.Harvested):
        # No interval is longer.
        treated, year = (_shifted(told.day, -LONGEST_DAYS), told.day), told.day.year
    elif isinstance(told, field.Treated):
        harvested = (told.day, _shifted(told.day, LONGEST_DAYS))
    spans = {"treated": treated, "harvested": harvested}
    found = (known_plot(connection, each, **spans, reaped_in=year) for each in _named(told))
    return {each.plot: each for each in found if each is not None}


def _shifted(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def known_plot(
    connection: Connection,
    plot: str,
    *,
    treated: Span = EVER,
    harvested: Span = EVER,
    reaped_in: int | None = None,
) -> KnownPlot | None:
    """Return the plot with its treatments and harvests of these days that are not void."""
    rows = _PLOT.rows(connection, plot=plot)
    if not rows:
        return None
    row = rows[-1]
    return KnownPlot(
        plot=plot,
        party=row.party,
        commodity=row.commodity,
        division=row.division,
        area_ha=None if row.area_ha is None else Decimal(row.area_ha),
        bags=row.bags,
        planted=row.planted,
        treatments=tuple(_treatments(connection, plot, treated)),
        harvests=tuple(
            PastHarvest(each.entry, each.lot, date.fromisoformat(each.day), Decimal(each.amount))
            for each in _in(_HARVESTS, connection, plot, harvested)
        ),
        cultivation=row.cultivation,
        reaped={} if reaped_in is None else _reaped(connection, plot, reaped_in),
    )


def _reaped(connection: Connection, plot: str, year: int) -> dict[Measure, Decimal]:
    measures: tuple[Measure, ...] = ("mass", "pieces")
    return {each: running.total(connection, reaped_account(plot, year, each)) for each in measures}


def _in(question: Question, connection: Connection, plot: str, span: Span) -> list[Any]:
    if span == NEVER:
        return []
    return question.rows(connection, plot=plot, since=span[0].isoformat(), until=span[1].isoformat())


def _treatments(connection: Connection, plot: str, span: Span) -> Iterable[PastTreatment]:
    for row in _in(_TREATMENTS, connection, plot, span):
        yield PastTreatment(
            index=row.entry,
            plot=plot,
            name=row.name,
            substances=tuple(json.loads(row.substances)),
            day=date.fromisoformat(row.day),
            interval_days=row.interval_days,
            registration=row.registration,
        )


def _named(event: Event | None) -> Iterable[str]:
    if isinstance(event, field.Harvested):
        yield from (share.plot for share in event.plots)
    elif isinstance(
        event, field.Treated | field.InputApplied | registry.PlotRegistered | growing.FieldWorked
    ):
        yield event.plot
    elif isinstance(event, growing.ProtocolAdopted):
        yield from event.plots
