"""Who handed what to whom.

A shipment names its receiver only in sealed fields. Whoever holds the secret *token* of the delivery
note may receive it: the log has its SHA-256 from the sender and the token itself from the receiver.
"""

from dataclasses import dataclass
from typing import ClassVar

from traceability.events.fact import Event, Private, private
from traceability.events.processing import Part
from traceability.quantity import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped(Event):
    """Lots left their holder for another party, inside or outside the system."""

    kind: ClassVar[str] = "shipped"

    parts: tuple[Part, ...]
    containers: tuple[str, ...] = ()
    handover: str
    to: Private = private()
    destination: Private = private()
    vehicle: Private = private()
    document: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.parts and not self.containers:
            raise ValueError("a shipment holds something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """The receiver confirms a shipment, with the amounts that it weighed itself."""

    kind: ClassVar[str] = "received"

    shipment: str
    token: str
    parts: tuple[Part, ...]
    containers: tuple[str, ...] = ()
    difference: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retailed(Event):
    """Part of a lot was sold to shoppers."""

    kind: ClassVar[str] = "retailed"

    lot: str
    amount: Amount
    place: Private = private()
