"""What a party makes and has: its products, and its lots with what is here of each."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import or_, select

from ledger.canonical import instant_of
from traceability import goods, gs1, tables
from traceability.errors import NotAllowed, Unknown
from traceability.events.fact import legal_day
from traceability.gs1.link import CANONICAL, percent_encode
from traceability.past import KnownLot
from traceability.quantity import Amount
from traceability.reading import Reader

NOTHING = Decimal(0)


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


def in_stock(reader: Reader, party: str) -> list[Lot]:
    """Return the lots of which *party* has something, the newest first."""
    return [each for each in lots(reader, party) if each.stock > 0]


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


def counties(reader: Reader, name: str) -> list[str]:
    """Return the divisions of the plots that a lot and all it was made of grew on, sorted."""
    lineage = goods.ancestors(reader.connection, name) | {name}
    harvest, land = tables.harvest, tables.plot
    rows = reader.connection.execute(tables.standing(harvest, harvest.c.lot.in_(sorted(lineage))))
    grown_on = {row.plot for row in rows}
    found = reader.connection.execute(tables.standing(land, land.c.plot.in_(sorted(grown_on))))
    return sorted({row.division for row in found})
