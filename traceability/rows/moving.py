"""The rows of journeys, temperatures, destinations and differences."""

from ledger.canonical import decimal_text, instant_text
from traceability.events import movement, moving
from traceability.rows.writing import Rows, add_own
from traceability.tables import moving as moving_tables


@add_own.register
def _(event: moving.CounterpartyNoted, rows: Rows) -> None:
    rows.add(
        moving_tables.counterparty,
        counterparty=event.counterparty,
        party=rows.statement.by,
        counterparty_kind=event.counterparty_kind,
        division=event.division,
        country=event.country,
    )


@add_own.register
def _(event: moving.KeepingDeclared, rows: Rows) -> None:
    rows.add(
        moving_tables.keeping,
        party=rows.statement.by,
        product=event.product,
        form=event.form,
        lowest=None if event.lowest is None else decimal_text(event.lowest),
        highest=None if event.highest is None else decimal_text(event.highest),
        tolerated_minutes=event.tolerated_minutes,
        shelf_life_days=event.shelf_life_days,
        day=event.day.isoformat(),
    )


@add_own.register
def _(event: moving.Carried, rows: Rows) -> None:
    rows.add(
        moving_tables.carriage,
        shipment=event.shipment,
        by=rows.holder,
        stage=event.stage,
        at=instant_text(event.at),
    )


@add_own.register
def _(event: moving.TemperatureLogged, rows: Rows) -> None:
    lowest = min(event.readings) if event.readings else event.minimum
    highest = max(event.readings) if event.readings else event.maximum
    if lowest is None or highest is None:
        return
    for lot in event.lots:
        rows.add(
            moving_tables.temperature,
            lot=lot,
            by=rows.holder,
            shipment=event.shipment,
            form=event.form,
            start=instant_text(event.start),
            readings=event.length,
            minimum=decimal_text(lowest),
            maximum=decimal_text(highest),
        )


def add_journey(event: movement.Shipped, rows: Rows) -> None:
    """Add how a carrier finds a shipment, and where each of its lots goes as far as the shipment says so."""
    if event.carriage is not None:
        rows.add(moving_tables.journey, shipment=rows.statement.digest, carriage=event.carriage)
    told = (event.receiver_kind, event.destination_division, event.destination_country)
    if told == (None, None, None):
        return
    for part in event.parts:
        rows.add(
            moving_tables.destination,
            lot=part.lot,
            by=rows.holder,
            receiver_kind=event.receiver_kind,
            division=event.destination_division,
            country=event.destination_country,
            amount=decimal_text(rows.amount(part.lot, part.amount)),
            day=event.day.isoformat(),
        )


def add_differences(event: movement.Received, rows: Rows) -> None:
    """Add what a receiver found short, damaged or over."""
    for each in event.differences:
        rows.add(
            moving_tables.difference,
            shipment=event.shipment,
            by=rows.holder,
            lot=each.lot,
            how=each.how,
            amount=decimal_text(rows.amount(each.lot, each.amount)),
        )
