"""What every rule may know: who speaks, and the parties, plots, lots and shipments of the event."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, bindparam, select

from traceability import goods, gs1, tables
from traceability.errors import Invalid
from traceability.events import (
    Event,
    field,
    followup,
    growing,
    making,
    movement,
    partner,
    processing,
    registry,
)
from traceability.limits import RuleSet
from traceability.past import (
    KnownLot,
    KnownParty,
    KnownProduct,
    Past,
    PastShipment,
    PastStatement,
)
from traceability.past.parties import PartiesPast
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection.plots import known_plots

_PARTY, _PREFIXES = (
    Question(tables.standing(table, table.c.party == bindparam("party")))
    for table in (tables.party, tables.prefix)
)
_ROLE_OF_KEY = Question(
    select(tables.party_key.c.role)
    .where(tables.party_key.c.party == bindparam("party"), tables.party_key.c.revoked_by.is_(None))
    .order_by(tables.party_key.c.entry.desc())
    .limit(1)
)
_MEMBER = Question(
    tables.standing(
        tables.member,
        tables.member.c.party == bindparam("party"),
        tables.member.c.member == bindparam("member"),
    )
)
_STATEMENT = Question(select(tables.statement).where(tables.statement.c.digest == bindparam("digest")))
_FLAGS = Question(
    select(tables.flag.c.rule)
    .where(tables.flag.c.entry == bindparam("entry"))
    .order_by(tables.flag.c.ordinal)
)
_SHIPMENT_EVER = Question(select(tables.shipment).where(tables.shipment.c.digest == bindparam("digest")))
_SHIPMENT = Question(tables.standing(tables.shipment, tables.shipment.c.digest == bindparam("digest")))
_SHIPPED = Question(
    select(tables.stock).where(tables.stock.c.entry == bindparam("entry"), tables.stock.c.why == "shipped")
)
_RECEIPT = Question(tables.standing(tables.receipt, tables.receipt.c.shipment == bindparam("digest")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about the past: which event, told by whom, in the entry at which index, by which rules.

    *event* is what counts: of a correction, what it puts in place. *told* is the event as it was stated.
    """

    reader: Reader
    told: Event
    by: str
    claimed_by: str | None
    index: int
    recorded_at: datetime
    rule_set: RuleSet

    @property
    def event(self) -> Event | None:
        """The event that counts; a correction that withdraws counts for none."""
        return self.told.replacement if isinstance(self.told, followup.Corrected) else self.told

    @property
    def connection(self) -> Connection:
        """The connection to the derived tables."""
        return self.reader.connection


def recollect(asked: Asked, register: PartiesPast) -> Past:
    """Return what every rule may know: who speaks, and the goods that the event is about."""
    reader, told, connection = asked.reader, asked.event, asked.connection
    target = _target(reader, asked.told, asked.index)
    lots = set(_lots(told)) | (set() if target is None else set(_lots(target.event)))
    names = _names(connection, told, asked.by, asked.claimed_by)
    past = Past(
        by=asked.by,
        claimed_by=asked.claimed_by,
        recorded_at=asked.recorded_at,
        parties={each.party: each for each in _parties(connection, names, told)},
        products={
            (each.party, each.product): each
            for each in _known_products(connection, set(_products(told, asked.by)))
        },
        plots=known_plots(connection, told),
        members=_members(connection, asked.by, told),
        lots=_known_lots(connection, lots, _holders(asked), issues=isinstance(told, processing.CodesVoided)),
        target=target,
        register=register,
    )
    return _of_its_kind(asked, past)


def _of_its_kind(asked: Asked, past: Past) -> Past:
    """Return *past* with what only this kind of event is judged by."""
    reader, told, event, target = asked.reader, asked.event, asked.told, past.target
    if isinstance(told, registry.ProductRegistered) and told.gtin is not None:
        past = replace(past, gtins=_gtins(asked.connection, told.gtin))
    if isinstance(told, movement.Received):
        past = replace(past, shipment=_shipment(reader, told.shipment))
    if isinstance(event, followup.Corrected) and isinstance(getattr(target, "event", None), movement.Shipped):
        # Void already, in this transaction; the rules ask whether somebody has received it.
        past = replace(past, shipment=_shipment(reader, event.target, even_void=True))
    if isinstance(told, partner.PartnerClaimed):
        past = _past_of_claim(asked.connection, past, told)
    return past


def _holders(asked: Asked) -> frozenset[str] | None:
    """Return whose stock the rules look at: the holder's, but everybody's for what was done before."""
    if isinstance(asked.told, followup.Corrected | partner.PartnerClaimed):
        return None
    return frozenset({asked.by, asked.claimed_by or asked.by})


def _known_lots(
    connection: Connection, lots: Iterable[str], holders: frozenset[str] | None, *, issues: bool
) -> dict[str, KnownLot]:
    found = ((lot, goods.known_lot(connection, lot, holders=holders, issues=issues)) for lot in sorted(lots))
    return {lot: known for lot, known in found if known is not None}


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
        case making.ControlMeasured() | making.CorrectiveActionTaken():
            yield from event.lots
        case _ if getattr(event, "lot", None) is not None:
            yield cast(Any, event).lot


def _products(event: Event | None, by: str) -> Iterable[tuple[str, str]]:
    if isinstance(event, field.Harvested | processing.UntracedReceived | registry.ProductRegistered):
        yield (by, event.product)
    elif isinstance(event, processing.Processed):
        yield from ((by, made.product) for made in event.outputs)
    elif isinstance(event, growing.ProtocolAdopted) and event.product is not None:
        yield (by, event.product)


def _names(connection: Connection, event: Event | None, by: str, claimed_by: str | None) -> set[str]:
    """Return the parties that an event is about; for a prefix, also those who hold a part of it."""
    named = {by} if claimed_by is None else {by, claimed_by}
    if isinstance(event, registry.PartyRegistered | registry.PrefixLicensed):
        named.add(event.party)
    if isinstance(event, registry.PrefixLicensed):
        held, whole = tables.prefix, event.prefix
        shorter = held.c.prefix.in_([whole[:length] for length in range(1, len(whole) + 1)])
        alike = tables.standing(held, shorter | held.c.prefix.startswith(whole, autoescape=True))
        named |= {row.party for row in connection.execute(alike)}
    return named


def _parties(connection: Connection, names: set[str], event: Event | None) -> Iterable[KnownParty]:
    # Whose numbers are whose is asked where numbers are given out, and nowhere else.
    is_numbered = isinstance(event, registry.PrefixLicensed | registry.ProductRegistered)
    for name in sorted(names):
        row = _PARTY.rows(connection, party=name)
        if row:
            prefixes = _prefixes(connection, name) if is_numbered else ()
            yield KnownParty(name, row[-1].role, row[-1].division, prefixes)
        elif (role := _role_of_key(connection, name)) is not None:
            # Who has a key and is not registered yet is known by its key's role alone.
            yield KnownParty(name, role, "")


def _prefixes(connection: Connection, party: str) -> tuple[str, ...]:
    return tuple(sorted({row.prefix for row in _PREFIXES.rows(connection, party=party)}))


def _role_of_key(connection: Connection, party: str) -> str | None:
    return cast("str | None", _ROLE_OF_KEY.scalar(connection, party=party))


def _known_products(connection: Connection, names: set[tuple[str, str]]) -> Iterable[KnownProduct]:
    for party, product in sorted(names):
        if (known := goods.known_product(connection, party, product)) is not None:
            yield known


def _gtins(connection: Connection, gtin: str) -> dict[str, KnownProduct]:
    rows = connection.execute(tables.standing(tables.product, tables.product.c.gtin == gtin))
    return {row.gtin: goods.product_of(row) for row in rows}


def _members(connection: Connection, by: str, event: Event | None) -> frozenset[str]:
    if event is None or event.member is None:
        return frozenset()
    found = _MEMBER.rows(connection, party=by, member=event.member)
    return frozenset(row.member for row in found)


def _shipment(reader: Reader, digest: str, *, even_void: bool = False) -> PastShipment | None:
    query = _SHIPMENT_EVER if even_void else _SHIPMENT
    row = query.first(reader.connection, digest=digest)
    if row is None:
        return None
    moves = _SHIPPED.rows(reader.connection, entry=row.entry)
    receipt = _RECEIPT.first(reader.connection, digest=digest)
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
    row = _STATEMENT.first(reader.connection, digest=digest)
    if row is None:
        return None
    flags = _FLAGS.rows(reader.connection, entry=row.entry)
    return PastStatement(
        digest=digest,
        index=row.entry,
        by=row.by,
        event=reader.statement(row.entry).event,
        void=row.void_by not in (None, before),
        claimed_by=row.claimed_by,
        flags=tuple(each.rule for each in flags),
    )
