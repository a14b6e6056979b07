"""What a partner's EPCIS 2.0 document claims, in the clear words that rules and genealogy read.

The document itself is kept outside the log; the event names it by sealed digest and position.
Places are counterparties of trade, and sealed.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import ALL

EpcisType = Literal[
    "ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent", "TransformationEvent"
]
Action = Literal["ADD", "OBSERVE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Item:
    """A lot, container or thing by its canonical URI, how much of it, and the unit (UN/CEFACT Rec 20)."""

    uri: str
    quantity: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place and its part in the event: read-point, location, source-… or destination-…."""

    part: str
    place: Private = private()


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """The partner declares the event of this id void (EPCIS 2.0, 7.4.1.4)."""

    at: datetime
    reason: str | None = None
    corrected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerClaimed(Event):
    """One event of a partner's EPCIS document, recorded as that partner's claim."""

    kind: ClassVar[str] = "partner-claimed"

    document: Private = private()
    position: int
    event_id: str
    type: EpcisType
    action: Action | None = None
    step: str | None = None
    disposition: str | None = None
    parent: str | None = None
    objects: tuple[Item, ...] = ()
    children: tuple[Item, ...] = ()
    inputs: tuple[Item, ...] = ()
    outputs: tuple[Item, ...] = ()
    transformation: str | None = None
    places: tuple[Place, ...] = ()
    error: ErrorDeclaration | None = None


KINDS: tuple[type[Event], ...] = (PartnerClaimed,)

MAY_STATE: dict[str, frozenset[str]] = {
    PartnerClaimed.kind: ALL,
}
