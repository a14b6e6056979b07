"""What lies on a party's shelf of inputs, and what the labels of its purchases say.

on hand = bought + adjusted - used        in kilograms, litres, or a unit of its own
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from traceability import running, tables
from traceability.input_moves import account_of, product_of
from traceability.past.inputs import Account
from traceability.question import Question
from traceability.tables import inputs as input_tables

_PURCHASE, _MOVE = input_tables.purchase, input_tables.input_move


def _newest_purchase(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_PURCHASE)
        .join(tables.statement, tables.statement.c.entry == _PURCHASE.c.entry)
        .where(tables.statement.c.void_by.is_(None), _PURCHASE.c.party == bindparam("party"), *conditions)
        .order_by(_PURCHASE.c.entry.desc())
        .limit(1)
    )


_NEWEST = Question(_newest_purchase(_PURCHASE.c.product == bindparam("product")))
_CODED = Question(_newest_purchase(_PURCHASE.c.label_code == bindparam("code")))


def account(connection: Connection, party: str, product: str, unit: str) -> Account:
    """Return what *party* bought, used and adjusted of a product, in one unit."""
    bought, used, adjusted = (
        running.total(connection, account_of(party, product, unit, why))
        for why in ("bought", "used", "adjusted")
    )
    return Account(unit, bought, used, adjusted)


@dataclass(frozen=True, slots=True)
class Label:
    """What the newest purchase of a product says of its label, so that nobody types it twice."""

    name: str
    category: str
    registration: str | None
    maker: str | None
    label_code: str | None
    batch: str | None
    expiry: date | None
    substances: tuple[str, ...]
    interval_days: int | None
    dose_most: Decimal | None
    dose_unit: str | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One product on a party's shelf, in one unit, with its newest label."""

    product: str
    name: str
    category: str
    account: Account
    label: Label | None

    def is_over(self, on: date) -> bool:
        """Tell whether its newest label ran out before the day *on*."""
        return self.label is not None and self.label.expiry is not None and self.label.expiry < on


def shelves(connection: Connection, party: str) -> list[Shelf]:
    """Return what *party* has or had, product by product."""
    newest = (
        select(func.max(_MOVE.c.entry).label("entry"))
        .join(tables.statement, tables.statement.c.entry == _MOVE.c.entry)
        .where(_MOVE.c.party == party, tables.statement.c.void_by.is_(None))
        .group_by(_MOVE.c.product, _MOVE.c.unit)
    )
    rows = connection.execute(
        select(_MOVE).where(_MOVE.c.entry.in_(newest)).order_by(_MOVE.c.product, _MOVE.c.unit)
    )
    return [_shelf(connection, row) for row in rows]


def _shelf(connection: Connection, row: Any) -> Shelf:
    return Shelf(
        product=row.product,
        name=row.name,
        category=row.category,
        account=account(connection, row.party, row.product, row.unit),
        label=label_of(connection, row.party, row.name),
    )


def label_of(connection: Connection, party: str, name: str) -> Label | None:
    """Return the newest label that *party* bought under this name and did not take back."""
    row = _NEWEST.first(connection, party=party, product=product_of(name))
    return None if row is None else _label(row)


def label_under(connection: Connection, party: str, code: str) -> Label | None:
    """Return the label that *party* bought under this code."""
    row = _CODED.first(connection, party=party, code=code)
    return None if row is None else _label(row)


def _label(row: Any) -> Label:
    return Label(
        name=row.name,
        category=row.category,
        registration=row.registration,
        maker=row.maker,
        label_code=row.label_code,
        batch=row.batch,
        expiry=None if row.expiry is None else date.fromisoformat(row.expiry),
        substances=tuple(json.loads(row.substances)),
        interval_days=row.interval_days,
        dose_most=None if row.dose_most is None else Decimal(row.dose_most),
        dose_unit=row.dose_unit,
    )
