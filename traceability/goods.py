"""What the entries so far say of a product and of a lot: what is left of it, who holds it, what stops it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, bindparam

from ledger.canonical import instant_of
from traceability import gs1, running, tables, tracing
from traceability.codes_left import CodesLeft, codes_of
from traceability.past import KnownLot, KnownProduct
from traceability.quantity import Measure
from traceability.question import Question
from traceability.retesting import has_failed

_PRODUCT = Question(
    tables.standing(
        tables.product,
        tables.product.c.party == bindparam("party"),
        tables.product.c.product == bindparam("product"),
    )
)
_BIRTHS = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("lot")))


def known_product(connection: Connection, party: str, product: str) -> KnownProduct | None:
    """Return the product as it was last registered."""
    rows = _PRODUCT.rows(connection, party=party, product=product)
    return product_of(rows[-1]) if rows else None


def product_of(row: Any) -> KnownProduct:
    """Return the product that a row of its table tells."""
    return KnownProduct(
        row.party,
        row.product,
        row.commodity,
        row.measure,
        None if row.piece_kg is None else Decimal(row.piece_kg),
        row.gtin,
    )


def piece_of(connection: Connection, lot: str) -> str:
    """Return what a piece of *lot* is called; "piece" where its product does not say."""
    birth = next(iter(_BIRTHS.rows(connection, lot=lot)), None)
    if birth is None or birth.product is None:
        return "piece"
    rows = _PRODUCT.rows(connection, party=birth.product_party, product=birth.product)
    return (rows[-1].piece if rows else None) or "piece"


def known_lot(
    connection: Connection, lot: str, *, holders: Iterable[str] | None = None, issues: bool = True
) -> KnownLot | None:
    """Return what the entries so far say of *lot*; None where none of them bears or moves it.

    With *holders* its stock is told for these parties alone, for a lot may be in a thousand shops. Without
    *issues* its ranges of codes are left out, for they may be as many.
    """
    totals = running.total_of(connection, lot)
    births = _BIRTHS.rows(connection, lot=lot)
    if totals is None or (not births and not totals.moves):
        return None
    birth = births[0] if births else None
    product = None
    if birth is not None and birth.product is not None:
        product = known_product(connection, birth.product_party, birth.product)
    burdens = running.burdens(connection, lot)
    codes = codes_of(connection, lot) if issues and totals.next_code else CodesLeft()
    return KnownLot(
        lot=lot,
        product=product,
        maker=None if birth is None else birth.maker,
        born=Decimal(totals.born),
        consumed=Decimal(totals.consumed),
        coded=Decimal(totals.coded),
        stock=_stock(connection, lot, holders),
        born_at=None if birth is None else min(instant_of(each.at) for each in births),
        last=None if totals.last is None else instant_of(totals.last),
        holds=tuple(each.removeprefix(running.HOLD) for each in burdens if each.startswith(running.HOLD)),
        recalled=running.RECALLED in burdens,
        failed=has_failed(connection, lot),
        untraced=running.UNTRACED in burdens,
        next_code=totals.next_code,
        issues=codes.ranges,
        measure=None if birth is None else cast(Measure, birth.measure),
    )


def _stock(connection: Connection, lot: str, holders: Iterable[str] | None) -> dict[str, Decimal]:
    if holders is None:
        return running.holdings(connection, lot)
    return running.held_by(connection, lot, holders)


def ancestors(connection: Connection, lot: str) -> set[str]:
    """Return every lot that *lot* was made of, however many steps back, itself left out."""
    return tracing.reached(connection, lot, back=True) - {gs1.lot_of(lot)}


def descendants(connection: Connection, lot: str) -> set[str]:
    """Return every lot that was made of *lot*, however many steps on, itself left out."""
    return tracing.reached(connection, lot, back=False) - {gs1.lot_of(lot)}
