"""What the entries so far say of a product and of a lot: what is left of it, who holds it, what stops it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Table, Text, literal, select
from sqlalchemy import cast as cast_to

from ledger.canonical import instant_of
from traceability import tables
from traceability.past import KnownLot, KnownProduct
from traceability.quantity import Measure


def known_product(connection: Connection, party: str, product: str) -> KnownProduct | None:
    """Return the product as it was last registered."""
    named = (tables.product.c.party == party, tables.product.c.product == product)
    rows = connection.execute(tables.standing(tables.product, *named)).all()
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


def known_lot(connection: Connection, lot: str) -> KnownLot | None:
    """Return what the entries so far say of *lot*; None where none of them bears or moves it."""
    births = connection.execute(tables.standing(tables.lot, tables.lot.c.lot == lot)).all()
    moves = connection.execute(tables.standing(tables.stock, tables.stock.c.lot == lot)).all()
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
            for row in connection.execute(tables.standing(tables.inspection, tables.inspection.c.lot == lot))
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
    issued = connection.execute(tables.standing(tables.code_issue, tables.code_issue.c.lot == lot)).all()
    voided = connection.execute(tables.standing(tables.code_void, tables.code_void.c.lot == lot)).all()
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
    return connection.execute(tables.standing(tables.resolution, named)).first() is not None


def _any(connection: Connection, table: Table, lots: set[str]) -> bool:
    return any(
        connection.execute(tables.standing(table, table.c.lot.in_(some)).limit(1)).first() is not None
        for some in _chunks(sorted(lots))
    )


def _untraced(connection: Connection, lots: set[str]) -> bool:
    return any(
        connection.execute(
            tables.standing(tables.lot, tables.lot.c.lot.in_(some), tables.lot.c.how == "untraced").limit(1)
        ).first()
        is not None
        for some in _chunks(sorted(lots))
    )
