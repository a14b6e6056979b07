"""What the rules of moving may know: the journey of a shipment, how goods are kept, how long a record is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, bindparam

from ledger.canonical import instant_of
from traceability import goods, tables
from traceability.events import Event, followup, movement, moving
from traceability.events.fact import legal_day
from traceability.events.followup import told_by
from traceability.past import Past
from traceability.past.moving import KeptGoods, MovingPast, PastJourney, PastKeeping, PastLeg, PastRecord
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection.trade import Asked
from traceability.tables import moving as moving_tables

_SHIPMENT = Question(tables.standing(tables.shipment, tables.shipment.c.digest == bindparam("digest")))
_RECEIPT = Question(tables.standing(tables.receipt, tables.receipt.c.shipment == bindparam("digest")))
_LEGS = Question(
    tables.standing(moving_tables.carriage, moving_tables.carriage.c.shipment == bindparam("digest"))
)
_BIRTH = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("lot")).limit(1))
_HELD = Question(
    tables.standing(
        tables.stock, tables.stock.c.lot == bindparam("lot"), tables.stock.c.party == bindparam("party")
    ).limit(1)
)
_KEEPINGS = Question(
    tables.standing(
        moving_tables.keeping,
        moving_tables.keeping.c.party == bindparam("party"),
        moving_tables.keeping.c.product == bindparam("product"),
    )
)
_COUNTERPARTY = Question(
    tables.standing(
        moving_tables.counterparty,
        moving_tables.counterparty.c.counterparty == bindparam("counterparty"),
    )
    .with_only_columns(moving_tables.counterparty.c.party)
    .limit(1)
)
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of moving need for this kind of event."""
    match asked.event:
        case moving.Carried() | moving.TemperatureLogged():
            return replace(past, moving=_on_the_way(asked, asked.event))
        case moving.KeepingDeclared():
            known = goods.known_product(asked.connection, asked.by, asked.event.product)
            products = {} if known is None else {(asked.by, asked.event.product): known}
            return replace(past, products={**past.products, **products})
        case moving.CounterpartyNoted():
            first = _COUNTERPARTY.scalar(asked.connection, counterparty=asked.event.counterparty)
            return replace(past, moving=MovingPast(counterparty_of=first))
        case movement.Received():
            return _with_differences(asked.connection, past, asked.event)
        case followup.Erased():
            return replace(past, moving=MovingPast(record=_record(asked.connection, past)))
        case _:
            return past


def _on_the_way(asked: Asked, event: moving.Carried | moving.TemperatureLogged) -> MovingPast:
    journey = None if event.shipment is None else _journey(asked.reader, event.shipment)
    if isinstance(event, moving.Carried):
        return MovingPast(journey=journey)
    return MovingPast(journey=journey, goods=dict(_goods(asked, event.lots)))


def _journey(reader: Reader, digest: str) -> PastJourney | None:
    connection = reader.connection
    row = _SHIPMENT.first(connection, digest=digest)
    if row is None:
        return None
    told = reader.statement(row.entry).event
    shipped = cast(Any, told_by(told))
    legs = (
        PastLeg(each.by, each.stage, instant_of(each.at)) for each in _LEGS.rows(connection, digest=digest)
    )
    receipt = _RECEIPT.first(connection, digest=digest)
    return PastJourney(
        shipment=digest,
        by=row.by,
        at=shipped.at,
        carriage=shipped.carriage,
        lots=tuple(dict.fromkeys(part.lot for part in shipped.parts)),
        legs=tuple(legs),
        received_by=None if receipt is None else receipt.by,
    )


def _goods(asked: Asked, lots: Iterable[str]) -> Iterable[tuple[str, KeptGoods]]:
    connection, speaker = asked.connection, asked.claimed_by or asked.by
    for lot in lots:
        birth = _BIRTH.first(connection, lot=lot)
        if birth is None:
            continue
        # A lot may have been in a thousand shops; who speaks is all that is asked about.
        holders = frozenset(
            each for each in {asked.by, speaker} if _HELD.first(connection, lot=lot, party=each) is not None
        )
        if birth.product is None:
            yield lot, KeptGoods(lot, None, holders)
            continue
        product = goods.known_product(connection, birth.product_party, birth.product)
        found = _KEEPINGS.rows(connection, party=birth.product_party, product=birth.product)
        commodity = None if product is None else product.commodity
        yield lot, KeptGoods(lot, commodity, holders, _latest(found))


def _latest(rows: Iterable[Any]) -> tuple[PastKeeping, ...]:
    """Return the last declaration for each form that says something of temperatures."""
    found: dict[str, PastKeeping] = {}
    for row in rows:
        if row.lowest is not None or row.highest is not None:
            found[row.form] = PastKeeping(
                row.form,
                None if row.lowest is None else Decimal(row.lowest),
                None if row.highest is None else Decimal(row.highest),
                row.tolerated_minutes,
            )
    return tuple(found.values())


def _with_differences(connection: Connection, past: Past, event: movement.Received) -> Past:
    """Return *past* with the lots of a shipment of which nothing was received at all."""
    missing = sorted({each.lot for each in event.differences} - set(past.lots))
    found = ((lot, goods.known_lot(connection, lot)) for lot in missing)
    return replace(past, lots={**past.lots, **{lot: known for lot, known in found if known is not None}})


def _record(connection: Connection, past: Past) -> PastRecord | None:
    if past.target is None:
        return None
    row = _PARTY.rows(connection, party=past.target.by)
    role = row[-1].role if row else None
    return PastRecord(role, shelf_ends(connection, past.target.event))


def shelf_ends(connection: Connection, event: Event) -> date | None:
    """Return the last day of the shelf life of the goods that *event* names; None where it is not known.

    Of several lots the one that keeps longest counts, and all of them must be known.
    """
    told: Any = told_by(event)
    parts = getattr(told, "parts", ())
    lots = {part.lot for part in parts} or ({told.lot} if getattr(told, "lot", None) else set())
    ends = [shelf_end(connection, lot) for lot in sorted(lots)]
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) else None


def shelf_end(connection: Connection, lot: str) -> date | None:
    """Return the last day of the shelf life of one lot, as its maker last declared it; None: not known."""
    birth = _BIRTH.first(connection, lot=lot)
    if birth is None or birth.product is None:
        return None
    declared = _KEEPINGS.rows(connection, party=birth.product_party, product=birth.product)
    days = [row.shelf_life_days for row in declared if row.shelf_life_days is not None]
    return legal_day(instant_of(birth.at)) + timedelta(days=days[-1]) if days else None
