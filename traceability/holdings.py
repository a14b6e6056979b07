"""What one party has: its land, its people, its goods and what is on its way.

    plots, members, products      what it registered and nobody made void
    lots                          what it made or holds, with stock, and what stands in its way
    sent, coming                  shipments without a receipt, by their sender and by their receiver

Read from the searchable copy through a `Reader`; nothing here writes. What a party sealed is opened for the
party itself: each function that does so takes the kept `SealedValues`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import or_, select

from ledger.canonical import instant_of
from traceability import goods, gs1, kept, own_records, recollection, tables
from traceability.errors import NotAllowed, Unknown
from traceability.events.fact import legal_day
from traceability.events.field import LONGEST_DAYS
from traceability.events.processing import Part
from traceability.gs1.link import CANONICAL, percent_encode
from traceability.kept import SealedValues
from traceability.limits import RuleSet
from traceability.past import KnownLot, KnownPlot, PastTreatment
from traceability.quantity import Amount
from traceability.reading import Reader
from traceability.rules.interval import days_of
from traceability.statement import Statement

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Partner:
    """A registered organisation that one may trade with; a sealed name is absent."""

    party: str
    role: str
    division: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a cooperative; the name is absent once it was erased."""

    member: str
    name: str | None
    entry: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A product that a party makes, as it was last registered."""

    party: str
    product: str
    name: str
    name_en: str | None
    commodity: str
    measure: str
    piece: str | None
    piece_kg: Decimal | None
    gtin: str | None
    entry: int

    def lot(self, number: str) -> str:
        """Return the identifier of the lot that bears *number*."""
        if self.gtin is None:
            return gs1.own_lot(self.party, self.product, number)
        return f"{CANONICAL}/01/{self.gtin}/10/{percent_encode(number)}"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a plot is not to be harvested after a spray; no day where the interval is not known."""

    treatment: PastTreatment
    days: int | None
    earliest: date | None


@dataclass(frozen=True, slots=True)
class Land:
    """A plot, where it lies if that is still kept, and what its next harvest waits for."""

    known: KnownPlot
    member: str | None
    place: str | None
    entry: int
    wait: Wait | None

    @property
    def last(self) -> PastTreatment | None:
        """Return the latest spray."""
        return max(self.known.treatments, key=lambda each: (each.day, each.index), default=None)


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot that a party made or holds: how much of it is here, and what stands in its way."""

    known: KnownLot
    goods: Goods | None
    stock: Decimal
    entry: int
    at: datetime
    how: str

    @property
    def lot(self) -> str:
        """Return the lot's identifier."""
        return self.known.lot

    @property
    def amount(self) -> Amount:
        """Return what is here, in the lot's own measure."""
        return self.of(self.stock)

    @property
    def unit(self) -> str:
        """Return what a piece of it is called."""
        return (self.goods.piece if self.goods is not None else None) or "piece"

    @property
    def measure(self) -> str:
        """Return how it is counted: "mass" or "pieces"."""
        return self.goods.measure if self.goods is not None else self.known.measure or "mass"

    @property
    def codable(self) -> Decimal:
        """Return how much of it may yet get pack codes, as the rule of codes counts."""
        left = self.known.born - self.known.consumed - self.known.coded
        return max(NOTHING, min(left, self.stock))

    @property
    def may_move(self) -> bool:
        """Whether nothing forbids it to be packed, shipped, labelled or sold."""
        return not (self.known.recalled or self.known.failed or self.known.holds)

    def of(self, amount: Decimal) -> Amount:
        """Return *amount* of this lot, in its own measure."""
        return Amount(kg=amount) if self.measure == "mass" else Amount(pieces=int(amount))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A shipment: who sent what, to whom as far as that is kept, and who received it."""

    digest: str
    entry: int
    statement_id: str
    by: str
    at: datetime
    parts: tuple[Part, ...]
    handover: str
    to: str | None
    received_by: str | None


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Pack codes that were issued together, or voided together (then they have no pack)."""

    entry: int
    first: int
    count: int
    pack: Decimal | None
    recorded_at: datetime


def partners(reader: Reader) -> list[Partner]:
    """Return every registered organisation, by its id."""
    table = tables.party
    found = {row.party: row for row in reader.connection.execute(tables.standing(table))}
    return [Partner(row.party, row.role, row.division, row.name) for _, row in sorted(found.items())]


def partner(reader: Reader, party: str) -> Partner:
    """Return one organisation, or raise `Unknown`."""
    table = tables.party
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    if not rows:
        raise Unknown("party", party)
    return Partner(rows[-1].party, rows[-1].role, rows[-1].division, rows[-1].name)


def party_name(reader: Reader, sealed: SealedValues, party: str) -> str | None:
    """Return the name of *party*, a sealed one opened: for the party itself and for its own labels."""
    table = tables.party
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    if not rows:
        return None
    return rows[-1].name or _opened_field(reader, sealed, rows[-1].entry, "private_name")


def members(reader: Reader, sealed: SealedValues, party: str) -> list[Member]:
    """Return the members of a cooperative, in the order in which they joined."""
    table = tables.member
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    found = {row.member: row.entry for row in rows}
    return [
        Member(name, _opened_field(reader, sealed, entry, "name"), entry) for name, entry in found.items()
    ]


def products(reader: Reader, party: str) -> list[Goods]:
    """Return the products of *party*, in the order of their registration."""
    table = tables.product
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    return list({row.product: _goods(row) for row in rows}.values())


def product(reader: Reader, party: str, name: str) -> Goods | None:
    """Return one product of *party*."""
    table = tables.product
    named = (table.c.party == party, table.c.product == name)
    rows = reader.connection.execute(tables.standing(table, *named)).all()
    return _goods(rows[-1]) if rows else None


def _goods(row: Any) -> Goods:
    weight = None if row.piece_kg is None else Decimal(row.piece_kg)
    return Goods(
        row.party,
        row.product,
        row.name,
        row.name_en,
        row.commodity,
        row.measure,
        row.piece,
        weight,
        row.gtin,
        row.entry,
    )


def plots(reader: Reader, sealed: SealedValues, party: str, *, rules: RuleSet, on: date) -> list[Land]:
    """Return the plots of *party* as they are on that day, in the order of their registration."""
    table = tables.plot
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    found = {row.plot: row for row in rows}
    return [_land(reader, sealed, row, rules, on) for row in found.values()]


def plot(reader: Reader, sealed: SealedValues, party: str, name: str, *, rules: RuleSet, on: date) -> Land:
    """Return one plot of *party*; raises `Unknown`, or `NotAllowed` for a plot of somebody else."""
    table = tables.plot
    rows = reader.connection.execute(tables.standing(table, table.c.plot == name)).all()
    if not rows:
        raise Unknown("plot", name)
    if rows[-1].party != party:
        raise NotAllowed("other-party", party=rows[-1].party)
    return _land(reader, sealed, rows[-1], rules, on)


def _land(reader: Reader, sealed: SealedValues, row: Any, rules: RuleSet, on: date) -> Land:
    known = cast(KnownPlot, recollection.known_plot(reader.connection, row.plot))
    place = _opened_field(reader, sealed, row.entry, "place")
    return Land(known, row.member, place, row.entry, wait_of(known, known.commodity, rules, on))


def wait_of(known: KnownPlot, commodity: str, rules: RuleSet, on: date) -> Wait | None:
    """Return what a harvest of *commodity* on that day waits for longest, as the rule of intervals counts.

    A spray whose interval nobody knows goes before all others: no day can be named. None: there is no
    spray to wait for.
    """
    recent = [each for each in known.treatments if each.day <= on < each.day + timedelta(days=LONGEST_DAYS)]
    waits = [_wait(each, commodity, rules) for each in recent]
    lasting = [each for each in waits if each.earliest is None or on < each.earliest]
    return max(lasting, key=lambda each: each.earliest or date.max, default=None)


def _wait(treatment: PastTreatment, commodity: str, rules: RuleSet) -> Wait:
    days = days_of(treatment, commodity, rules)
    return Wait(treatment, days, None if days is None else treatment.day + timedelta(days=days))


def lots(reader: Reader, party: str, *, limit: int = 200) -> list[Lot]:
    """Return the lots that *party* holds or made, the newest first."""
    stock, lot = tables.stock, tables.lot
    held = select(stock.c.lot).where(stock.c.party == party)
    rows = reader.connection.execute(
        tables.standing(lot, or_(lot.c.maker == party, lot.c.lot.in_(held)))
        .order_by(None)
        .order_by(lot.c.entry.desc(), lot.c.ordinal)
        .limit(limit)
    ).all()
    found: dict[str, Lot] = {}
    for row in rows:
        if row.lot not in found:
            found[row.lot] = _lot(reader, party, row)
    return list(found.values())


def lot(reader: Reader, party: str, name: str) -> Lot:
    """Return one lot of *party*; raises `Unknown`, or `NotAllowed` where it neither made nor ever held it."""
    table, stock = tables.lot, tables.stock
    row = reader.connection.execute(tables.standing(table, table.c.lot == name).limit(1)).first()
    if row is None:
        raise Unknown("lot", name)
    touched = reader.connection.execute(
        tables.standing(stock, stock.c.lot == name, stock.c.party == party).limit(1)
    ).first()
    if row.maker != party and touched is None:
        raise NotAllowed("other-party", party=row.maker)
    return _lot(reader, party, row)


def _lot(reader: Reader, party: str, row: Any) -> Lot:
    known = cast(KnownLot, goods.known_lot(reader.connection, row.lot))
    made = None if row.product is None else product(reader, row.product_party, row.product)
    stock = known.stock.get(party, NOTHING)
    return Lot(known, made, stock, row.entry, instant_of(row.at), row.how)


def free_number(reader: Reader, goods: Goods, at: datetime) -> str:
    """Return a lot number of the day that no lot of the product has: 260921-1, 260921-2, …"""
    day, table = f"{legal_day(at):%y%m%d}", tables.lot
    taken = set(
        reader.connection.execute(select(table.c.lot).where(table.c.lot.startswith(goods.lot(day)))).scalars()
    )
    return next(name for count in range(1, 10**6) if goods.lot(name := f"{day}-{count}") not in taken)


def sent(reader: Reader, sealed: SealedValues, party: str) -> list[Delivery]:
    """Return the shipments of *party*, the newest first."""
    table = tables.shipment
    rows = reader.connection.execute(tables.standing(table, table.c.by == party)).all()
    return [_delivery(reader, sealed, row) for row in reversed(rows)]


def coming(reader: Reader, sealed: SealedValues, party: str) -> list[Delivery]:
    """Return the shipments that name *party* as their receiver and that nobody received yet, newest first."""
    table, value, said = tables.shipment, kept.sealed_value, tables.statement
    addressed = (
        select(said.c.entry)
        .join(value, value.c.statement_id == said.c.statement_id)
        .where(value.c.pointer.in_(("/to", "/replacement/to")), value.c.value == party)
    )
    rows = reader.connection.execute(tables.standing(table, table.c.entry.in_(addressed))).all()
    found = [_delivery(reader, sealed, row) for row in reversed(rows)]
    return [each for each in found if each.received_by is None and each.to == party]


def delivery(reader: Reader, sealed: SealedValues, digest: str) -> Delivery:
    """Return the shipment with this digest, or raise `Unknown`."""
    table = tables.shipment
    row = reader.connection.execute(tables.standing(table, table.c.digest == digest)).first()
    if row is None:
        raise Unknown("statement", digest)
    return _delivery(reader, sealed, row)


def _delivery(reader: Reader, sealed: SealedValues, row: Any) -> Delivery:
    statement = reader.statement(row.entry)
    event = own_records.opened(reader, sealed, statement)
    told = cast(Any, getattr(event, "replacement", None) or event)
    table = tables.receipt
    receipt = reader.connection.execute(
        tables.standing(table, table.c.shipment == row.digest).limit(1)
    ).first()
    return Delivery(
        digest=row.digest,
        entry=row.entry,
        statement_id=_first_id(reader, statement),
        by=row.by,
        at=told.at,
        parts=told.parts,
        handover=row.handover,
        to=told.to if isinstance(told.to, str) else None,
        received_by=None if receipt is None else receipt.by,
    )


def _first_id(reader: Reader, statement: Statement) -> str:
    """Return the id under which a shipment was first told: putting it right changes no delivery note."""
    target = getattr(statement.event, "target", None)
    table = tables.statement
    row = reader.connection.execute(select(table).where(table.c.digest == target)).first()
    return statement.id if row is None else str(row.statement_id)


def issues(reader: Reader, name: str) -> list[CodeRange]:
    """Return the standing issues of pack codes of a lot, the newest first."""
    return _ranges(reader, tables.code_issue, name)


def voids(reader: Reader, name: str) -> list[CodeRange]:
    """Return what was voided of the codes of a lot, the newest first."""
    return _ranges(reader, tables.code_void, name)


def _ranges(reader: Reader, table: Any, name: str) -> list[CodeRange]:
    said = tables.statement
    rows = reader.connection.execute(
        tables.standing(table, table.c.lot == name).add_columns(said.c.recorded_at)
    ).all()
    return [
        CodeRange(
            row.entry,
            row.first,
            row.packs,
            Decimal(row.pack) if "pack" in row._mapping else None,
            instant_of(row.recorded_at),
        )
        for row in reversed(rows)
    ]


def certificates(reader: Reader, name: str) -> list[int]:
    """Return the entries of the standing certificates of a lot, the newest first."""
    table = tables.certificate
    rows = reader.connection.execute(tables.standing(table, table.c.lot == name)).all()
    return [row.entry for row in reversed(rows)]


def counties(reader: Reader, name: str) -> list[str]:
    """Return the divisions of the plots that a lot and all it was made of grew on, sorted."""
    lineage = goods.ancestors(reader.connection, name) | {name}
    harvest, land = tables.harvest, tables.plot
    rows = reader.connection.execute(tables.standing(harvest, harvest.c.lot.in_(sorted(lineage))))
    grown_on = {row.plot for row in rows}
    found = reader.connection.execute(tables.standing(land, land.c.plot.in_(sorted(grown_on))))
    return sorted({row.division for row in found})


def _opened_field(reader: Reader, sealed: SealedValues, index: int, name: str) -> str | None:
    """Return a private field of what the entry at *index* registers or puts in its place."""
    values = sealed.of_statement(reader.connection, reader.statement(index).id)
    found = values.get(f"/{name}") or values.get(f"/replacement/{name}")
    return None if found is None else found.value


def prefixes(reader: Reader, party: str) -> tuple[str, ...]:
    """Return the GS1 prefixes that *party* holds the licence of, sorted."""
    table = tables.prefix
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    return tuple(sorted({row.prefix for row in rows}))
