"""What an event did to goods, whoever told it and in whatever words: all that tracing needs to know.

    birth            a lot is there for the first time
    transformation   lots went in, other lots came out
    add, delete      goods went into a container, or came out of it
    other            goods were seen, shipped, received or sold

Our own events and a partner's claims come to the same form here. Whether an event still stands is for the
caller to say: a void one is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from traceability import gs1
from traceability.events import Event
from traceability.events.fact import Private, Sealed
from traceability.events.field import Harvested
from traceability.events.followup import told_by
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.partner import Item, PartnerClaimed
from traceability.events.processing import Packed, Part, Processed, Product, Unpacked, UntracedReceived
from traceability.quantity import Amount

Kind = Literal["birth", "transformation", "add", "other", "delete"]
RANKS: Mapping[str, int] = {"birth": 0, "transformation": 1, "add": 2, "other": 3, "delete": 4}
"""Events of one instant are taken in this order."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event as tracing sees it.

    *objects* are what was born, packed, shipped or seen; *parent* is the container of an add or delete.
    *transformation* joins events that tell inputs and outputs of one process apart. *added_kg* is water.
    """

    event_id: str
    at: datetime
    kind: Kind
    shipping: bool = False
    step: str | None = None
    inputs: tuple[Item, ...] = ()
    outputs: tuple[Item, ...] = ()
    objects: tuple[Item, ...] = ()
    parent: str | None = None
    destinations: tuple[str, ...] = ()
    index: int = 0
    transformation: str | None = None
    added_kg: Decimal = Decimal(0)


Places = Mapping[bytes, str]
"""What sealed values of places say, by digest, as far as they are kept."""


def in_order(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Sort *occurrences* by claimed time, then by kind: the order they were told in plays no part."""
    return sorted(occurrences, key=lambda each: (each.at, RANKS[each.kind], each.event_id))


def occurrence_of(
    event: Event, *, event_id: str | None = None, index: int = 0, places: Places | None = None
) -> Occurrence | None:
    """Return what *event* did to goods, or None if it did nothing to any.

    *event_id* is how answers name the event (a partner's claim has its own). A correction does what it puts
    in place of the event it voids. Places that are sealed and no longer kept are left out.
    """
    event = told_by(event)
    told = _TELL.get(type(event))
    if told is None:
        return None
    name = event_id or (event.event_id if isinstance(event, PartnerClaimed) else "")
    found: Occurrence | None = told(event, name, places or {})
    return None if found is None else replace(found, index=index)


def standing(claims: Iterable[PartnerClaimed]) -> list[Occurrence]:
    """Return what the *claims* of one partner did to goods, without those that it declares void anywhere."""
    told = list(claims)
    void = {claim.event_id for claim in told if claim.error is not None}
    found = (
        occurrence_of(claim, index=index) for index, claim in enumerate(told) if claim.event_id not in void
    )
    return [occurrence for occurrence in found if occurrence is not None]


def opened(place: Private, places: Places) -> str | None:
    """Return what *place* says, if it is in the clear or still kept, with the one spelling of a GS1 code."""
    found = places.get(place.digest) if isinstance(place, Sealed) else place
    return None if found is None else gs1.canonical(found)


def _item(uri: str, amount: Amount) -> Item:
    # EPCIS has a count of pieces where no unit is told.
    if amount.kg is not None:
        return Item(uri, amount.kg, "KGM")
    return Item(uri, Decimal(amount.pieces or 0))


def _items(parts: Iterable[Part | Product], containers: Iterable[str] = ()) -> tuple[Item, ...]:
    return (*(Item(each) for each in containers), *(_item(part.lot, part.amount) for part in parts))


def _born(event: Harvested | UntracedReceived, name: str, _places: Places) -> Occurrence:
    step = "creating_class_instance" if isinstance(event, Harvested) else "receiving"
    return Occurrence(name, event.at, "birth", step=step, objects=(_item(event.lot, event.amount),))


def _processed(event: Processed, name: str, _places: Places) -> Occurrence:
    return Occurrence(
        name,
        event.at,
        "transformation",
        step="creating_class_instance",
        inputs=_items(event.inputs),
        outputs=_items(event.outputs),
        added_kg=event.water_kg,
    )


def _packed(event: Packed | Unpacked, name: str, _places: Places) -> Occurrence:
    kind: Kind = "add" if isinstance(event, Packed) else "delete"
    step = "packing" if kind == "add" else "unpacking"
    goods = _items(event.parts, event.containers)
    return Occurrence(name, event.at, kind, step=step, objects=goods, parent=event.container)


def _shipped(event: Shipped, name: str, places: Places) -> Occurrence:
    place, party = opened(event.destination, places), opened(event.to, places)
    # Whoever ships may name the place, or only who gets it.
    destination = place or (party and f"urn:jizihao:party:{party}")
    return Occurrence(
        name,
        event.at,
        "other",
        shipping=True,
        step="shipping",
        objects=_items(event.parts, event.containers),
        destinations=(destination,) if destination else (),
    )


def _received(event: Received, name: str, _places: Places) -> Occurrence:
    goods = _items(event.parts, event.containers)
    return Occurrence(name, event.at, "other", step="receiving", objects=goods)


def _retailed(event: Retailed, name: str, _places: Places) -> Occurrence:
    goods = (_item(event.lot, event.amount),)
    return Occurrence(name, event.at, "other", step="retail_selling", objects=goods)


def _kind_of(claim: PartnerClaimed) -> Kind:
    if claim.type == "TransformationEvent":
        return "transformation"
    if claim.type == "ObjectEvent" and claim.action == "ADD":
        return "birth"
    if claim.type == "AggregationEvent" and claim.action != "OBSERVE":
        return "add" if claim.action == "ADD" else "delete"
    return "other"


def _claimed(claim: PartnerClaimed, name: str, places: Places) -> Occurrence | None:
    if claim.error is not None:
        return None
    goods = claim.objects or claim.children
    if claim.type == "TransactionEvent" and claim.parent is not None:
        goods = (*goods, Item(claim.parent))
    told = (opened(place.place, places) for place in claim.places if place.part == "destination-location")
    return Occurrence(
        name,
        claim.at,
        _kind_of(claim),
        shipping=claim.step == "shipping",
        step=claim.step,
        inputs=claim.inputs,
        outputs=claim.outputs,
        objects=goods,
        parent=claim.parent,
        destinations=tuple(place for place in told if place is not None),
        transformation=claim.transformation,
    )


_TELL: Mapping[type[Event], Callable[[Any, str, Places], Occurrence | None]] = {
    Harvested: _born,
    UntracedReceived: _born,
    Processed: _processed,
    Packed: _packed,
    Unpacked: _packed,
    Shipped: _shipped,
    Received: _received,
    Retailed: _retailed,
    PartnerClaimed: _claimed,
}
