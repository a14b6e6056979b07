"""Who handed what to whom.

A shipment names its receiver only in sealed fields. Whoever holds the secret *token* of the delivery
note may receive it: the log has its SHA-256 from the sender and the token itself from the receiver.
"""

from dataclasses import dataclass
from typing import ClassVar

from traceability.events.fact import Event, Private, private
from traceability.events.moving import CounterpartyKind, Difference, check_country, check_division
from traceability.events.processing import Part
from traceability.events.roles import TRADERS
from traceability.quantity import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped(Event):
    """Lots left their holder for another party, inside or outside the system.

    Of who gets them only the kind and the division (or country) are public, for statistics of where goods
    go. *carriage* is the SHA-256 of the word by which a carrier shows that it was given the goods.
    """

    kind: ClassVar[str] = "shipped"

    parts: tuple[Part, ...]
    containers: tuple[str, ...] = ()
    handover: str
    to: Private = private()
    destination: Private = private()
    vehicle: Private = private()
    document: Private = private()
    carriage: str | None = None
    receiver_kind: CounterpartyKind | None = None
    destination_division: str | None = None
    destination_country: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_division(self.destination_division)
        check_country(self.destination_country)
        if not self.parts and not self.containers:
            raise ValueError("a shipment holds something")
        if self.destination_division is not None and self.destination_country is not None:
            raise ValueError("goods go to a division or to another country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """The receiver confirms a shipment, with the amounts that it weighed itself.

    *parts* is what it took in; *differences* say what of the shipment did not come or came spoilt, and what
    came beyond it. Who bears them is for the two to settle.
    """

    kind: ClassVar[str] = "received"

    shipment: str
    token: str
    parts: tuple[Part, ...]
    containers: tuple[str, ...] = ()
    difference: Private = private()
    differences: tuple[Difference, ...] = ()
    instrument: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retailed(Event):
    """Part of a lot was sold to shoppers."""

    kind: ClassVar[str] = "retailed"

    lot: str
    amount: Amount
    place: Private = private()


KINDS: tuple[type[Event], ...] = (Shipped, Received, Retailed)

MAY_STATE: dict[str, frozenset[str]] = {
    Shipped.kind: TRADERS,
    Received.kind: TRADERS,
    Retailed.kind: TRADERS,
}
