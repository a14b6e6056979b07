"""The rows of inputs: purchases with what their labels say, and what came to and went from each shelf."""

import json

from ledger.canonical import decimal_text
from traceability.events import Event, field, inputs
from traceability.input_moves import account_of, moves_of, product_of
from traceability.rows.writing import Rows, add_own
from traceability.tables import inputs as input_tables


@add_own.register
def _(event: field.InputBought, rows: Rows) -> None:
    add_moves(event, rows)
    rows.add(
        input_tables.purchase,
        party=rows.statement.by,
        product=product_of(event.name),
        name=event.name,
        category=event.category,
        day=event.day.isoformat(),
        registration=event.registration,
        maker=event.maker,
        label_code=event.label_code,
        batch=event.batch,
        expiry=None if event.expiry is None else event.expiry.isoformat(),
        substances=json.dumps(event.substances, ensure_ascii=False),
        interval_days=event.interval_days,
        dose_most=None if event.dose_most is None else decimal_text(event.dose_most),
        dose_unit=event.dose_unit,
        licensed_dealer=event.licensed_dealer,
    )


@add_own.register(field.InputApplied)
@add_own.register(inputs.InputAdjusted)
def _(event: field.InputApplied | inputs.InputAdjusted, rows: Rows) -> None:
    add_moves(event, rows)


def add_moves(event: Event, rows: Rows) -> None:
    """Add what *event* bought, used up or adjusted, and count it in the party's account of the product."""
    for move in moves_of(event):
        rows.count(account_of(rows.statement.by, move.product, move.unit, move.why), move.change)
        rows.add(
            input_tables.input_move,
            party=rows.statement.by,
            product=move.product,
            unit=move.unit,
            name=move.name,
            category=move.category,
            why=move.why,
            change=decimal_text(move.change),
        )
