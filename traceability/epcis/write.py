"""Our events, and partners' claims, as EPCIS 2.0 events in JSON-LD.

    harvested, untraced-received    ObjectEvent ADD, creating_class_instance or receiving; plots in ilmd
    inspected                       ObjectEvent OBSERVE, inspecting, conformant or non_conformant, a testres
    processed                       TransformationEvent
    packed, unpacked                AggregationEvent ADD, DELETE
    shipped, received, retailed     ObjectEvent OBSERVE, shipping, receiving, retail_selling
    recalled                        ObjectEvent OBSERVE, holding, recalled
    partner-claimed                 as it was claimed

What EPCIS has no word for stands under our own prefix, "jizihao:". Secrets (a delivery's token) and sealed
values that are not kept do not appear. Other kinds of event have no EPCIS form.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from traceability import gs1
from traceability.epcis.strictjson import Json
from traceability.events import Event
from traceability.events.field import Harvested
from traceability.events.followup import Corrected, Recalled
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.partner import Item, PartnerClaimed
from traceability.events.processing import Packed, Part, Processed, Product, Unpacked, UntracedReceived
from traceability.events.quality import Inspected, Result
from traceability.occurrence import Places, opened
from traceability.quantity import Amount

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
REASONS = {"did-not-occur": "did_not_occur", "incorrect": "incorrect_data"}
# UN/CEFACT Recommendation 20 has codes for the units that laboratories write.
_LABORATORY_UNITS = {"mg/kg": "NA", "μg/kg": "J33", "µg/kg": "J33", "%": "P1"}

_Members = dict[str, Json]


def document(events: Iterable[_Members], *, base_url: str, created: datetime) -> _Members:
    """Return an EPCISDocument of *events* as `event_of` and `void` make them."""
    return {
        "@context": _context(base_url),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(created, "+00:00"),
        "epcisBody": {"eventList": list(events)},
    }


def _context(base_url: str) -> Json:
    return [CONTEXT, {"jizihao": f"{base_url.rstrip('/')}/voc/"}]


def alone(event: _Members, *, base_url: str) -> _Members:
    """Return *event* as a bare event, with the context that it then needs."""
    return {"@context": _context(base_url), **event}


def event_of(event: Event, *, event_id: str, base_url: str, places: Places | None = None) -> _Members | None:
    """Return *event* in EPCIS form, or None if its kind has none. *places* opens sealed values by digest."""
    if isinstance(event, Corrected) and event.replacement is not None:
        event = event.replacement
    made = _MAKE.get(type(event))
    if made is None:
        return None
    head = {
        "eventTime": _instant(event.at, event.zone),
        "eventTimeZoneOffset": event.zone,
        "eventID": event_id,
    }
    members = made(event, _Writer(base_url, places or {}, event_id))
    told = {"type": members.pop("type"), **head, **members}
    return {name: value for name, value in told.items() if value is not None}


def void(event: _Members, *, at: datetime, reason: str, corrected_by: Iterable[str] = ()) -> _Members:
    """Return the copy of an EPCIS *event* that declares it void."""
    declared: _Members = {"declarationTime": _instant(at, "+00:00")}
    if reason in REASONS:
        declared["reason"] = REASONS[reason]
    if ids := list(corrected_by):
        declared["correctiveEventIDs"] = ids
    return {**event, "errorDeclaration": declared}


def _instant(at: datetime, zone: str) -> str:
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone.startswith("-") else 1)
    return at.astimezone(timezone(offset) if offset else UTC).isoformat().replace("+00:00", "Z")


def _number(quantity: Decimal) -> int | float:
    """Return a JSON number: whole ones exactly, others as the nearest double (exact to 15 digits)."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


@dataclass(frozen=True, slots=True)
class _Writer:
    base_url: str
    places: Places
    event_id: str

    def uri(self, uri: str) -> str:
        return gs1.address(uri, self.base_url)

    def amount(self, lot: str, amount: Amount) -> _Members:
        if amount.kg is not None:
            return {"epcClass": self.uri(lot), "quantity": _number(amount.kg), "uom": "KGM"}
        return {"epcClass": self.uri(lot), "quantity": amount.pieces}

    def parts(self, parts: Iterable[Part | Product]) -> list[_Members] | None:
        return [self.amount(part.lot, part.amount) for part in parts] or None

    def things(self, uris: Iterable[str]) -> list[str] | None:
        return [self.uri(uri) for uri in uris] or None

    def destination(self, event: Shipped) -> list[_Members] | None:
        place = opened(event.destination, self.places)
        return None if place is None else [{"type": "location", "destination": self.uri(place)}]


def _observed(step: str, disposition: str | None) -> _Members:
    return {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": step, "disposition": disposition}


def _harvested(event: Harvested, writer: _Writer) -> _Members:
    ilmd: _Members = {"jizihao:plot": [share.plot for share in event.plots]}
    if event.variety is not None:
        ilmd["jizihao:variety"] = event.variety
    return {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "creating_class_instance",
        "disposition": "active",
        "quantityList": [writer.amount(event.lot, event.amount)],
        "ilmd": ilmd,
    }


def _untraced(event: UntracedReceived, writer: _Writer) -> _Members:
    return {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "receiving",
        "disposition": "no_pedigree_match",
        "quantityList": [writer.amount(event.lot, event.amount)],
    }


def _inspected(event: Inspected, writer: _Writer) -> _Members:
    return {
        **_observed("inspecting", event.verdict.replace("-", "_")),
        "quantityList": [{"epcClass": writer.uri(event.lot)}],
        "bizTransactionList": [{"type": "testres", "bizTransaction": writer.event_id}],
        "sensorElementList": [{"sensorReport": [_report(result) for result in event.results]}],
    }


def _report(result: Result) -> _Members:
    # A part of mass in mass is no measurement type of the vocabulary.
    told: _Members = {
        "type": "jizihao:MassFraction",
        "chemicalSubstance": f"urn:jizihao:analyte:{quote(result.analyte, safe='')}",
        "uom": _LABORATORY_UNITS.get(result.unit, result.unit),
        "jizihao:passed": result.passed,
    }
    if result.value is not None:
        told["value"] = _number(result.value)
    if result.detection_limit is not None:
        told["jizihao:detectionLimit"] = _number(result.detection_limit)
    return told


def _processed(event: Processed, writer: _Writer) -> _Members:
    return {
        "type": "TransformationEvent",
        "bizStep": "creating_class_instance",
        "disposition": "in_progress",
        "inputQuantityList": writer.parts(event.inputs),
        "outputQuantityList": writer.parts(event.outputs),
        "jizihao:process": event.process,
        "jizihao:lossKg": _number(event.loss_kg) if event.loss_kg else None,
        "jizihao:waterKg": _number(event.water_kg) if event.water_kg else None,
    }


def _packed(event: Packed | Unpacked, writer: _Writer) -> _Members:
    is_in = isinstance(event, Packed)
    return {
        "type": "AggregationEvent",
        "action": "ADD" if is_in else "DELETE",
        "bizStep": "packing" if is_in else "unpacking",
        "disposition": "in_progress",
        "parentID": writer.uri(event.container),
        "childEPCs": writer.things(event.containers),
        "childQuantityList": writer.parts(event.parts),
    }


def _shipped(event: Shipped, writer: _Writer) -> _Members:
    return {
        **_observed("shipping", "in_transit"),
        "epcList": writer.things(event.containers),
        "quantityList": writer.parts(event.parts),
        "bizTransactionList": [
            {"type": "desadv", "bizTransaction": f"urn:jizihao:handover:{event.handover}"}
        ],
        "destinationList": writer.destination(event),
    }


def _received(event: Received, writer: _Writer) -> _Members:
    shipment = f"urn:jizihao:statement:{event.shipment}"
    return {
        **_observed("receiving", "in_progress"),
        # An event without goods says so with an empty list.
        "epcList": writer.things(event.containers) or (None if event.parts else []),
        "quantityList": writer.parts(event.parts),
        "bizTransactionList": [{"type": "desadv", "bizTransaction": shipment}],
    }


def _retailed(event: Retailed, writer: _Writer) -> _Members:
    return {
        **_observed("retail_selling", "retail_sold"),
        "quantityList": [writer.amount(event.lot, event.amount)],
    }


def _recalled(event: Recalled, writer: _Writer) -> _Members:
    return {
        **_observed("holding", "recalled"),
        "persistentDisposition": {"set": ["recalled"]},
        "quantityList": [{"epcClass": writer.uri(event.lot)}],
        "jizihao:recallLevel": event.level,
        "jizihao:recallCause": event.cause,
    }


_GOODS = {
    "ObjectEvent": "epcList quantityList",
    "TransactionEvent": "epcList quantityList",
    "AggregationEvent": "childEPCs childQuantityList",
    "AssociationEvent": "childEPCs childQuantityList",
}


def _claimed(claim: PartnerClaimed, writer: _Writer) -> _Members:
    told: _Members = {
        "type": claim.type,
        "action": claim.action,
        "bizStep": claim.step,
        "disposition": claim.disposition,
        "parentID": None if claim.parent is None else writer.uri(claim.parent),
        "transformationID": claim.transformation,
        **_claimed_places(claim, writer),
    }
    if claim.type == "TransformationEvent":
        told |= _claimed_goods("inputEPCList inputQuantityList", claim.inputs, writer)
        told |= _claimed_goods("outputEPCList outputQuantityList", claim.outputs, writer)
    else:
        told |= _claimed_goods(_GOODS[claim.type], claim.objects or claim.children, writer)
    if claim.type in {"ObjectEvent", "TransactionEvent"} and not claim.objects:
        told["epcList"] = []
    if claim.type == "TransactionEvent":
        # Which business it was is not among what the claim keeps: the event's own name stands for it.
        told["bizTransactionList"] = [{"bizTransaction": claim.event_id}]
    return _declared(told, claim)


def _declared(told: _Members, claim: PartnerClaimed) -> _Members:
    if claim.error is None:
        return told
    declared: _Members = {"declarationTime": _instant(claim.error.at, "+00:00")}
    if claim.error.reason is not None:
        declared["reason"] = claim.error.reason
    if claim.error.corrected_by:
        declared["correctiveEventIDs"] = list(claim.error.corrected_by)
    return {**told, "errorDeclaration": declared}


def _claimed_goods(names: str, items: Iterable[Item], writer: _Writer) -> _Members:
    """Tell what is measured, or of a class, in the second list, and single things in the first."""
    things, classes = names.split()
    told: _Members = {things: [], classes: []}
    for item in items:
        if item.quantity is None and not _is_class(item.uri):
            told[things].append(writer.uri(item.uri))
            continue
        element: _Members = {"epcClass": writer.uri(item.uri)}
        if item.quantity is not None:
            element["quantity"] = _number(item.quantity)
        if item.unit is not None:
            element["uom"] = item.unit
        told[classes].append(element)
    return {name: value or None for name, value in told.items()}


def _is_class(uri: str) -> bool:
    try:
        return gs1.parse(uri).kind in {"lot", "own-lot", "product"}
    except gs1.Invalid:
        return False


def _claimed_places(claim: PartnerClaimed, writer: _Writer) -> _Members:
    told: dict[str, Any] = {"readPoint": None, "bizLocation": None, "sourceList": [], "destinationList": []}
    for place in claim.places:
        uri = opened(place.place, writer.places)
        if uri is None:
            continue
        part, _, kind = place.part.partition("-")
        if place.part == "read-point":
            told["readPoint"] = {"id": writer.uri(uri)}
        elif place.part == "location":
            told["bizLocation"] = {"id": writer.uri(uri)}
        else:
            told[f"{part}List"].append({"type": kind, part: writer.uri(uri)})
    return {name: value or None for name, value in told.items()}


_MAKE: Mapping[type[Event], Callable[[Any, _Writer], _Members]] = {
    Harvested: _harvested,
    UntracedReceived: _untraced,
    Inspected: _inspected,
    Processed: _processed,
    Packed: _packed,
    Unpacked: _packed,
    Shipped: _shipped,
    Received: _received,
    Retailed: _retailed,
    Recalled: _recalled,
    PartnerClaimed: _claimed,
}
