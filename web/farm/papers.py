"""What the form of one kind of record asks for, and how it becomes an event; each kind is one `Paper`.

start     what the fields show before anybody typed: defaults, and what the address asked for
read      the event that was typed
fill      an earlier event as it would have been typed, to be put right
choices   what lists offer, and what else the fields show
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from traceability.events import Event
from traceability.events.fact import SHANGHAI
from traceability.quantity import Amount
from web.farm.drafts import Draft
from web.farm.room import Desk

Values = dict[str, str]
Choices = dict[str, Any]


def nothing_more(_desk: Desk, _values: Values) -> Choices:
    """Offer no lists."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The form of one kind of record; *title*, *sign*, *public* and *sealed* are sentences to translate."""

    kind: str
    title: str
    sign: str
    public: str
    sealed: str
    start: Callable[[Desk, Mapping[str, str]], Values]
    read: Callable[[Desk, Draft], Event]
    fill: Callable[[Desk, Any], Values]
    choices: Callable[[Desk, Values], Choices] = nothing_more
    rows: str = ""
    """The table of which a form may show further rows."""

    @property
    def fields(self) -> str:
        """Return the template of the fields."""
        return f"farm/fields/{self.kind}.html"


def common(desk: Desk, draft: Draft) -> dict[str, Any]:
    """Return what every event has: when it happened, and who typed it."""
    return {"at": draft.instant(), "clerk": desk.account.name}


def when(desk: Desk, typed: Mapping[str, str]) -> Values:
    """Return the time that a form shows at first: now."""
    return {"at": typed.get("at") or desk.clock_text}


def filled(**values: Any) -> Values:
    """Return the values of an event as they would have been typed; what is absent or erased is left empty."""
    return {name: text for name, value in values.items() if (text := _typed(value)) is not None}


def _typed(value: Any) -> str | None:
    match value:
        case datetime():
            return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}"
        case date():
            return value.isoformat()
        case Decimal():
            return figures(value)
        case str() | int():
            return str(value)
        case tuple():
            return "、".join(str(each) for each in value)
    return None


def figures(value: Decimal) -> str:
    """Return a decimal as a person types it."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def filled_amount(amount: Amount) -> str:
    """Return the figures of an amount, in kilograms or pieces."""
    return figures(amount.kg) if amount.kg is not None else str(amount.pieces)
