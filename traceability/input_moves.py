"""What each event brings to a grower's shelf of seed, fertiliser and pesticides, or takes from it.

Only what is told is counted: a spray that does not say how much of the product it took leaves the shelf as
it was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from traceability.events import Event, field, inputs
from traceability.input_units import counted
from traceability.reference import plain_name

_REMARK = re.compile(r"\s*\([^()0-9%]*\)$")


@dataclass(frozen=True, slots=True)
class Move:
    """What one event does to a party's shelf; *change* is added to what was bought, used or adjusted."""

    product: str
    unit: str
    name: str
    category: str
    why: str
    change: Decimal


def moves_of(event: Event | None) -> Iterator[Move]:
    """Yield what *event* bought, used up or adjusted."""
    match event:
        case field.InputBought():
            yield _move(event.name, event.amount, event.unit, event.category, "bought")
        case field.InputApplied():
            yield _move(event.name, event.amount, event.unit, event.category, "used")
        case field.Treated(amount=Decimal() as amount, unit=str() as unit):
            yield _move(event.name, amount, unit, "pesticide", "used")
        case inputs.InputAdjusted():
            yield _move(event.name, event.change, event.unit, event.category, "adjusted")


def product_of(name: str) -> str:
    """Return by which name a product is counted: "复合肥 15-15-15（基肥）" is 复合肥 15-15-15.

    A remark in brackets at its end says what it was used for; one with figures says which product it is.
    """
    return _REMARK.sub("", plain_name(name)) or plain_name(name)


def account_of(party: str, product: str, unit: str, why: str) -> str:
    """Return the name of the running account of what *party* bought, used or adjusted of a product."""
    return f"input:{party}:{why}:{unit}:{product}"


def _move(name: str, amount: Decimal, unit: str, category: str, why: str) -> Move:
    change, base = counted(amount, unit)
    return Move(product_of(name), base, name, category, why, change)
