"""What the entries so far say of a product and of a lot: what is left of it, who holds it, what stops it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Select, Text, bindparam, select
from sqlalchemy import cast as cast_to

from ledger.canonical import instant_of
from traceability import tables
from traceability.past import KnownLot, KnownProduct
from traceability.quantity import Measure
from traceability.question import Question

_PRODUCT = Question(
    tables.standing(
        tables.product,
        tables.product.c.party == bindparam("party"),
        tables.product.c.product == bindparam("product"),
    )
)
_BIRTHS, _MOVES, _ISSUES, _VOIDED, _INSPECTIONS = (
    Question(tables.standing(table, table.c.lot == bindparam("lot")))
    for table in (tables.lot, tables.stock, tables.code_issue, tables.code_void, tables.inspection)
)
_EVER_ISSUED = Question(select(tables.code_issue).where(tables.code_issue.c.lot == bindparam("lot")))
_LAST = Question(
    select(tables.statement.c.at)
    .join(tables.subject, tables.subject.c.entry == tables.statement.c.entry)
    .where(tables.subject.c.subject == bindparam("lot"), tables.statement.c.void_by.is_(None))
    .order_by(tables.statement.c.at.desc())
    .limit(1)
)
_HOLDS = (
    select(tables.flag.c.rule, tables.statement.c.digest)
    .join(tables.statement, tables.statement.c.entry == tables.flag.c.entry)
    .where(tables.flag.c.lot.in_(bindparam("lots", expanding=True)), tables.flag.c.level == "hold")
    .where(tables.statement.c.void_by.is_(None))
)
_RESOLVED = Question(tables.standing(tables.resolution, tables.resolution.c.target == bindparam("digest")))
_RECALLED = tables.standing(tables.recall, tables.recall.c.lot.in_(bindparam("lots", expanding=True))).limit(
    1
)
_UNTRACED = tables.standing(
    tables.lot, tables.lot.c.lot.in_(bindparam("lots", expanding=True)), tables.lot.c.how == "untraced"
).limit(1)


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


def known_lot(connection: Connection, lot: str) -> KnownLot | None:
    """Return what the entries so far say of *lot*; None where none of them bears or moves it."""
    births = _BIRTHS.rows(connection, lot=lot)
    moves = _MOVES.rows(connection, lot=lot)
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
        recalled=_any(connection, _RECALLED, lineage),
        failed=any(row.verdict == "non-conformant" for row in _INSPECTIONS.rows(connection, lot=lot)),
        untraced=_any(connection, _UNTRACED, lineage),
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
    latest = _LAST.scalar(connection, lot=lot)
    return None if latest is None else instant_of(latest)


def _codes(connection: Connection, lot: str) -> tuple[tuple[tuple[int, int], ...], Decimal, int]:
    """Return the issued ranges, the amount that live codes stand for, and the next index to issue."""
    issued = _ISSUES.rows(connection, lot=lot)
    voided = _VOIDED.rows(connection, lot=lot)
    gone = [(row.first, row.first + row.packs) for row in voided]
    live = [(span, Decimal(row.pack)) for row in issued for span in _without(row.first, row.packs, gone)]
    coded = sum((count * pack for (_, count), pack in live), Decimal(0))
    # An index is never used twice, not even one whose issue was later found void.
    ever = _EVER_ISSUED.rows(connection, lot=lot)
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
    return {row.uri for row in _ANCESTORS.rows(connection, lot=lot)} - {lot}


def descendants(connection: Connection, lot: str) -> set[str]:
    """Return every lot that was made of *lot*, however many steps on, itself left out."""
    return {row.uri for row in _DESCENDANTS.rows(connection, lot=lot)} - {lot}


def _reach(near: str, far: str) -> Question:
    """Select every lot that is reached from the one called "lot", itself among them."""
    here, there = tables.item.alias("here"), tables.item.alias("there")
    reached = select(cast_to(bindparam("lot"), Text).label("uri")).cte("reached", recursive=True)
    # UNION keeps each lot once, so that claims which go in a circle come to an end.
    reached = reached.union(
        select(there.c.uri)
        .select_from(reached)
        .join(here, (here.c.uri == reached.c.uri) & (here.c.part == near))
        .join(there, (there.c.entry == here.c.entry) & (there.c.part == far))
        .join(tables.statement, tables.statement.c.entry == here.c.entry)
        .where(tables.statement.c.void_by.is_(None))
    )
    return Question(select(reached.c.uri))


_ANCESTORS = _reach("output", "input")
_DESCENDANTS = _reach("input", "output")


def _chunks(names: list[str], size: int = 500) -> Iterable[list[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def holds(connection: Connection, lots: set[str]) -> tuple[str, ...]:
    """Return the rules whose flags hold *lots*, and that no second party has resolved."""
    found: set[str] = set()
    for some in _chunks(sorted(lots)):
        rows = connection.execute(_HOLDS, {"lots": some}).all()
        found |= {row.rule for row in rows if not _resolved(connection, row.digest)}
    return tuple(sorted(found))


def _resolved(connection: Connection, digest: str) -> bool:
    return _RESOLVED.first(connection, digest=digest) is not None


def _any(connection: Connection, found: Select[Any], lots: set[str]) -> bool:
    """Tell whether *found*, which asks about "lots", finds a row for any of them."""
    return any(
        connection.execute(found, {"lots": some}).first() is not None for some in _chunks(sorted(lots))
    )
