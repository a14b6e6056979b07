"""The rows that one event gives: what each kind of event means to those who search for it.

writing    how rows are collected, numbered and written
trade      the way of the goods
the rest   one module for each topic of the trade: `@add_own.register` for each of its kinds
"""

from traceability.rows import (
    brands,
    cases,
    certifying,
    credit,
    inputs,
    making,
    moving,
    parties,
    release,
    selling,
    testing,
    trade,
)
from traceability.rows.trade import EXTERNAL
from traceability.rows.writing import Rows, add_flags, add_items, add_own, is_named, lots_of

__all__ = [
    "EXTERNAL",
    "Rows",
    "add_flags",
    "add_items",
    "add_own",
    "brands",
    "cases",
    "certifying",
    "credit",
    "inputs",
    "is_named",
    "lot_hash",
    "lots_of",
    "making",
    "moving",
    "parties",
    "release",
    "selling",
    "testing",
    "trade",
]
