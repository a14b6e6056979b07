"""What the label of an input says, and what is on record of it, for the kinds that buy and use."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from traceability import tables
from traceability.events import field
from traceability.input_moves import moves_of, product_of
from traceability.input_stock import account
from traceability.past import Past
from traceability.past.inputs import Account, InputsPast, PastPurchase
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.tables import inputs as input_tables

_PURCHASE, _STATEMENT = input_tables.purchase, tables.statement

_OF_PRODUCT = (
    select(_PURCHASE)
    .join(_STATEMENT, _STATEMENT.c.entry == _PURCHASE.c.entry)
    .where(
        _STATEMENT.c.void_by.is_(None),
        _PURCHASE.c.party == bindparam("party"),
        _PURCHASE.c.product == bindparam("product"),
    )
    .order_by(_PURCHASE.c.entry.desc())
    .limit(1)
)
_NEWEST = Question(_OF_PRODUCT)
_DOSED = Question(_OF_PRODUCT.where(_PURCHASE.c.dose_most.is_not(None)))
_COPIED = Question(
    select(_PURCHASE)
    .join(_STATEMENT, _STATEMENT.c.entry == _PURCHASE.c.entry)
    .where(
        _STATEMENT.c.void_by.is_(None),
        _PURCHASE.c.label_code == bindparam("code"),
        (_PURCHASE.c.party != bindparam("party")) | (_PURCHASE.c.product != bindparam("product")),
    )
    .order_by(_PURCHASE.c.entry)
    .limit(1)
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with the label and the account of the input that the event buys or uses."""
    event = asked.event
    match event:
        case field.InputBought():
            return replace(past, inputs=InputsPast(copied=_copied(asked, event)))
        case field.Treated():
            named = {"party": asked.by, "product": product_of(event.name)}
            return replace(
                past,
                inputs=InputsPast(
                    account=_account(asked, event),
                    newest=_purchase(_NEWEST.first(asked.connection, **named)),
                    dosed=_purchase(_DOSED.first(asked.connection, **named)),
                ),
            )
        case field.InputApplied():
            return replace(past, inputs=InputsPast(account=_account(asked, event)))
    return past


def _copied(asked: Asked, event: field.InputBought) -> PastPurchase | None:
    if event.label_code is None:
        return None
    named = {"code": event.label_code, "party": asked.by, "product": product_of(event.name)}
    return _purchase(_COPIED.first(asked.connection, **named))


def _account(asked: Asked, event: field.Treated | field.InputApplied) -> Account | None:
    move = next(moves_of(event), None)
    return None if move is None else account(asked.connection, asked.by, move.product, move.unit)


def _purchase(row: Any) -> PastPurchase | None:
    if row is None:
        return None
    return PastPurchase(
        index=row.entry,
        party=row.party,
        name=row.name,
        day=date.fromisoformat(row.day),
        label_code=row.label_code,
        expiry=None if row.expiry is None else date.fromisoformat(row.expiry),
        dose_most=None if row.dose_most is None else Decimal(row.dose_most),
        dose_unit=row.dose_unit,
    )
