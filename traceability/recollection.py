"""The past as the rules may see it, read from the derived tables: the reading half of `tables`."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, literal, select
from sqlalchemy import cast as cast_to

from ledger.canonical import instant_of
from traceability import gs1, tables
from traceability.errors import Invalid
from traceability.events import Event, field, followup, movement, partner, processing, registry
from traceability.past import (
    KnownLot,
    KnownParty,
    KnownPlot,
    KnownProduct,
    Past,
    PastHarvest,
    PastShipment,
    PastStatement,
    PastTreatment,
)
from traceability.quantity import Measure
from traceability.reading import Reader


def past_of(
    reader: Reader, event: Event, *, by: str, claimed_by: str | None, index: int, recorded_at: datetime
) -> Past:
    """Return what the rules for *event*, stated by *by* in the entry at *index*, may know of the past.

    It is read from rows of entries before this one alone, so that an audit finds the same.
    """
    told = event.replacement if isinstance(event, followup.Corrected) else event
    target = _target(reader, event, index)
    lots = set(_lots(told)) | (set() if target is None else set(_lots(target.event)))
    products = set(_products(told, by))
    connection = reader.connection
    past = Past(
        by=by,
        claimed_by=claimed_by,
        recorded_at=recorded_at,
        parties={each.party: each for each in _parties(connection, _names(connection, told, by, claimed_by))},
        products={(each.party, each.product): each for each in _known_products(connection, products)},
        plots={each: plot for each in _plots(told) if (plot := known_plot(connection, each)) is not None},
        members=_members(connection, by, told),
        lots={each: known for each in sorted(lots) if (known := known_lot(connection, each)) is not None},
        target=target,
    )
    if isinstance(told, registry.ProductRegistered) and told.gtin is not None:
        past = replace(past, gtins=_gtins(connection, told.gtin))
    if isinstance(told, movement.Received):
        past = replace(past, shipment=_shipment(reader, told.shipment))
    if isinstance(event, followup.Corrected) and isinstance(getattr(target, "event", None), movement.Shipped):
        # Void already, in this transaction; the rules ask whether somebody has received it.
        past = replace(past, shipment=_shipment(reader, event.target, even_void=True))
    if isinstance(told, partner.PartnerClaimed):
        past = _past_of_claim(connection, past, told)
    return past


def _past_of_claim(connection: Connection, past: Past, told: partner.PartnerClaimed) -> Past:
    """Return *past* with whose numbers the lots that are born in a claim bear."""
    names = [_name_of(item.uri) for item in (*told.objects, *told.outputs)]
    gtins = sorted({name.gtin for name in names if name is not None and name.gtin is not None})
    own = {(each.party, each.product) for each in names if each is not None and each.party and each.product}
    registered: dict[str, KnownProduct] = {}
    for gtin in gtins:
        registered |= _gtins(connection, gtin)
    products = {(each.party, each.product): each for each in _known_products(connection, own)}
    return replace(past, gtins=registered, products=products, retold=_retold(connection, past, told))


def _name_of(uri: str) -> gs1.Identifier | None:
    try:
        return gs1.parse(uri)
    except Invalid:
        return None


def _retold(connection: Connection, past: Past, told: partner.PartnerClaimed) -> bool:
    """Tell whether the same author's claim of the same eventID stands: the same one is not told twice."""
    table = tables.statement
    found = connection.execute(
        select(table.c.entry).where(
            table.c.event_id == told.event_id,
            table.c.by == past.by,
            table.c.claimed_by.is_not_distinct_from(past.claimed_by),
            table.c.void_by.is_(None),
        )
    )
    return found.first() is not None


def standing(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the rows of *table* whose entries no later one made void, oldest first."""
    return (
        select(table)
        .join(tables.statement, tables.statement.c.entry == table.c.entry)
        .where(tables.statement.c.void_by.is_(None), *conditions)
        .order_by(table.c.entry)
    )


def _lots(event: Event | None) -> Iterable[str]:
    match event:
        case processing.Processed():
            yield from (part.lot for part in event.inputs)
            yield from (made.lot for made in event.outputs)
        case processing.Packed() | processing.Unpacked() | movement.Shipped() | movement.Received():
            yield from (part.lot for part in event.parts)
        case partner.PartnerClaimed():
            for items in (event.objects, event.children, event.inputs, event.outputs):
                yield from (item.uri for item in items)
        case _ if hasattr(event, "lot"):
            yield cast(Any, event).lot


def _products(event: Event | None, by: str) -> Iterable[tuple[str, str]]:
    if isinstance(event, field.Harvested | processing.UntracedReceived | registry.ProductRegistered):
        yield (by, event.product)
    elif isinstance(event, processing.Processed):
        yield from ((by, made.product) for made in event.outputs)


def _plots(event: Event | None) -> Iterable[str]:
    if isinstance(event, field.Harvested):
        yield from (share.plot for share in event.plots)
    elif isinstance(event, field.Treated | field.InputApplied | registry.PlotRegistered):
        yield event.plot


def _names(connection: Connection, event: Event | None, by: str, claimed_by: str | None) -> set[str]:
    """Return the parties that an event is about; for a prefix, also those who hold a part of it."""
    named = {by} if claimed_by is None else {by, claimed_by}
    if isinstance(event, registry.PartyRegistered | registry.PrefixLicensed):
        named.add(event.party)
    if isinstance(event, registry.PrefixLicensed):
        held, whole = tables.prefix, event.prefix
        shorter = held.c.prefix.in_([whole[:length] for length in range(1, len(whole) + 1)])
        alike = standing(held, shorter | held.c.prefix.startswith(whole, autoescape=True))
        named |= {row.party for row in connection.execute(alike)}
    return named


def _parties(connection: Connection, names: set[str]) -> Iterable[KnownParty]:
    for name in sorted(names):
        row = connection.execute(standing(tables.party, tables.party.c.party == name)).all()
        if row:
            held = connection.execute(standing(tables.prefix, tables.prefix.c.party == name))
            prefixes = tuple(sorted({each.prefix for each in held}))
            yield KnownParty(name, row[-1].role, row[-1].division, prefixes)
        elif (role := _role_of_key(connection, name)) is not None:
            # Who has a key and is not registered yet is known by its key's role alone.
            yield KnownParty(name, role, "")


def _role_of_key(connection: Connection, party: str) -> str | None:
    key = tables.party_key
    valid = select(key.c.role).where(key.c.party == party, key.c.revoked_by.is_(None))
    return connection.execute(valid.order_by(key.c.entry.desc()).limit(1)).scalar()


def _known_products(connection: Connection, names: set[tuple[str, str]]) -> Iterable[KnownProduct]:
    for party, product in sorted(names):
        if (known := known_product(connection, party, product)) is not None:
            yield known


def known_product(connection: Connection, party: str, product: str) -> KnownProduct | None:
    """Return the product as it was last registered."""
    named = (tables.product.c.party == party, tables.product.c.product == product)
    rows = connection.execute(standing(tables.product, *named)).all()
    return _product(rows[-1]) if rows else None


def _product(row: Any) -> KnownProduct:
    return KnownProduct(
        row.party,
        row.product,
        row.commodity,
        row.measure,
        None if row.piece_kg is None else Decimal(row.piece_kg),
        row.gtin,
    )


def _gtins(connection: Connection, gtin: str) -> dict[str, KnownProduct]:
    rows = connection.execute(standing(tables.product, tables.product.c.gtin == gtin))
    return {row.gtin: _product(row) for row in rows}


def _members(connection: Connection, by: str, event: Event | None) -> frozenset[str]:
    if event is None or event.member is None:
        return frozenset()
    named = (tables.member.c.party == by, tables.member.c.member == event.member)
    return frozenset(row.member for row in connection.execute(standing(tables.member, *named)))


def known_plot(connection: Connection, plot: str) -> KnownPlot | None:
    """Return the plot with its treatments and harvests that are not void."""
    rows = connection.execute(standing(tables.plot, tables.plot.c.plot == plot)).all()
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
        treatments=tuple(_treatments(connection, plot)),
        harvests=tuple(
            PastHarvest(each.entry, each.lot, date.fromisoformat(each.day), Decimal(each.amount))
            for each in connection.execute(standing(tables.harvest, tables.harvest.c.plot == plot))
        ),
    )


def _treatments(connection: Connection, plot: str) -> Iterable[PastTreatment]:
    for row in connection.execute(standing(tables.treatment, tables.treatment.c.plot == plot)):
        yield PastTreatment(
            index=row.entry,
            plot=plot,
            name=row.name,
            substances=tuple(json.loads(row.substances)),
            day=date.fromisoformat(row.day),
            interval_days=row.interval_days,
            registration=row.registration,
        )


def known_lot(connection: Connection, lot: str) -> KnownLot | None:
    """Return what the entries so far say of *lot*; None where none of them bears or moves it."""
    births = connection.execute(standing(tables.lot, tables.lot.c.lot == lot)).all()
    moves = connection.execute(standing(tables.stock, tables.stock.c.lot == lot)).all()
    if not births and not moves:
        return None
    birth = births[0] if births else None
    product = None
    if birth is not None and birth.product is not None:
        product = known_product(connection, birth.product_party, birth.product)
    lineage = ancestors(connection, lot) | {lot}
    issues, coded, next_code = _codes(connection, lot)
    return KnownLot(
        lot=lot,
        product=product,
        maker=None if birth is None else birth.maker,
        born=_sum(moves, "born"),
        consumed=-_sum(moves, "consumed"),
        coded=coded,
        stock=_stock(moves),
        born_at=None if birth is None else min(instant_of(each.at) for each in births),
        last=_last(connection, lot),
        holds=holds(connection, lineage),
        recalled=_any(connection, tables.recall, lineage),
        failed=any(
            row.verdict == "non-conformant"
            for row in connection.execute(standing(tables.inspection, tables.inspection.c.lot == lot))
        ),
        untraced=_untraced(connection, lineage),
        next_code=next_code,
        issues=issues,
        measure=None if birth is None else cast(Measure, birth.measure),
    )


def _sum(moves: Iterable[Any], why: str) -> Decimal:
    return sum((Decimal(row.change) for row in moves if row.why == why), Decimal(0))


def _stock(moves: Iterable[Any]) -> dict[str, Decimal]:
    stock: dict[str, Decimal] = {}
    for row in moves:
        stock[row.party] = stock.get(row.party, Decimal(0)) + Decimal(row.change)
    return stock


def _last(connection: Connection, lot: str) -> datetime | None:
    statement = tables.statement
    latest = connection.execute(
        select(statement.c.at)
        .join(tables.subject, tables.subject.c.entry == statement.c.entry)
        .where(tables.subject.c.subject == lot, statement.c.void_by.is_(None))
        .order_by(statement.c.at.desc())
        .limit(1)
    ).scalar()
    return None if latest is None else instant_of(latest)


def _codes(connection: Connection, lot: str) -> tuple[tuple[tuple[int, int], ...], Decimal, int]:
    """Return the issued ranges, the amount that live codes stand for, and the next index to issue."""
    issued = connection.execute(standing(tables.code_issue, tables.code_issue.c.lot == lot)).all()
    voided = connection.execute(standing(tables.code_void, tables.code_void.c.lot == lot)).all()
    gone = [(row.first, row.first + row.packs) for row in voided]
    live = [(span, Decimal(row.pack)) for row in issued for span in _without(row.first, row.packs, gone)]
    coded = sum((count * pack for (_, count), pack in live), Decimal(0))
    # An index is never used twice, not even one whose issue was later found void.
    ever = connection.execute(select(tables.code_issue).where(tables.code_issue.c.lot == lot)).all()
    following = max((row.first + row.packs for row in ever), default=0)
    return tuple(span for span, _ in live), coded, following


def _without(first: int, count: int, gone: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Yield first index and length of what remains of a range without the *gone* ones (start, end)."""
    start = first
    for cut, end in sorted(gone):
        if cut > start:
            yield from _span(start, min(cut, first + count))
        start = max(start, end)
    yield from _span(start, first + count)


def _span(start: int, end: int) -> Iterable[tuple[int, int]]:
    if start < end:
        yield (start, end - start)


def ancestors(connection: Connection, lot: str) -> set[str]:
    """Return every lot that *lot* was made of, however many steps back, itself left out."""
    return _reach(connection, lot, "output", "input")


def descendants(connection: Connection, lot: str) -> set[str]:
    """Return every lot that was made of *lot*, however many steps on, itself left out."""
    return _reach(connection, lot, "input", "output")


def _reach(connection: Connection, lot: str, near: str, far: str) -> set[str]:
    here, there = tables.item.alias("here"), tables.item.alias("there")
    reached = select(cast_to(literal(lot), Text).label("uri")).cte("reached", recursive=True)
    # UNION keeps each lot once, so that claims which go in a circle come to an end.
    reached = reached.union(
        select(there.c.uri)
        .select_from(reached)
        .join(here, (here.c.uri == reached.c.uri) & (here.c.part == near))
        .join(there, (there.c.entry == here.c.entry) & (there.c.part == far))
        .join(tables.statement, tables.statement.c.entry == here.c.entry)
        .where(tables.statement.c.void_by.is_(None))
    )
    return set(connection.execute(select(reached.c.uri)).scalars()) - {lot}


def _chunks(names: list[str], size: int = 500) -> Iterable[list[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def holds(connection: Connection, lots: set[str]) -> tuple[str, ...]:
    """Return the rules whose flags hold *lots*, and that no second party has resolved."""
    found: set[str] = set()
    for some in _chunks(sorted(lots)):
        rows = connection.execute(
            select(tables.flag.c.rule, tables.statement.c.digest)
            .join(tables.statement, tables.statement.c.entry == tables.flag.c.entry)
            .where(tables.flag.c.lot.in_(some), tables.flag.c.level == "hold")
            .where(tables.statement.c.void_by.is_(None))
        ).all()
        found |= {row.rule for row in rows if not _resolved(connection, row.digest)}
    return tuple(sorted(found))


def _resolved(connection: Connection, digest: str) -> bool:
    named = tables.resolution.c.target == digest
    return connection.execute(standing(tables.resolution, named)).first() is not None


def _any(connection: Connection, table: Table, lots: set[str]) -> bool:
    return any(
        connection.execute(standing(table, table.c.lot.in_(some)).limit(1)).first() is not None
        for some in _chunks(sorted(lots))
    )


def _untraced(connection: Connection, lots: set[str]) -> bool:
    return any(
        connection.execute(
            standing(tables.lot, tables.lot.c.lot.in_(some), tables.lot.c.how == "untraced").limit(1)
        ).first()
        is not None
        for some in _chunks(sorted(lots))
    )


def _shipment(reader: Reader, digest: str, *, even_void: bool = False) -> PastShipment | None:
    named = tables.shipment.c.digest == digest
    query = select(tables.shipment).where(named) if even_void else standing(tables.shipment, named)
    row = reader.connection.execute(query).first()
    if row is None:
        return None
    moves = reader.connection.execute(
        select(tables.stock).where(tables.stock.c.entry == row.entry, tables.stock.c.why == "shipped")
    )
    receipt = reader.connection.execute(standing(tables.receipt, tables.receipt.c.shipment == digest)).first()
    return PastShipment(
        statement=digest,
        by=row.by,
        at=reader.statement(row.entry).event.at,
        handover=row.handover,
        parts=tuple((each.lot, -Decimal(each.change)) for each in moves),
        received_by=None if receipt is None else receipt.by,
    )


def _target(reader: Reader, event: Event, index: int) -> PastStatement | None:
    match event:
        case followup.Corrected() | followup.Confirmed() | followup.HoldResolved() | followup.Erased():
            return past_statement(reader, event.target, before=index)
        case _:
            return None


def past_statement(reader: Reader, digest: str, *, before: int | None = None) -> PastStatement | None:
    """Return the statement with this digest; what the entry *before* makes void is not void yet."""
    table = tables.statement
    row = reader.connection.execute(select(table).where(table.c.digest == digest)).first()
    if row is None:
        return None
    flags = reader.connection.execute(
        select(tables.flag.c.rule).where(tables.flag.c.entry == row.entry).order_by(tables.flag.c.ordinal)
    )
    return PastStatement(
        digest=digest,
        index=row.entry,
        by=row.by,
        event=reader.statement(row.entry).event,
        void=row.void_by not in (None, before),
        claimed_by=row.claimed_by,
        flags=tuple(each.rule for each in flags),
    )
