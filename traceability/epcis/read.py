"""A partner's EPCIS 2.0 document, read as what that partner claims.

    EPCISDocument, EPCISQueryDocument or one bare event  →  Claim(position, PartnerClaimed, …) for each event

Only what is malformed is refused, with the path of each field; whether a claim can be true is for the rules.
GS1 codes get their one spelling, other URIs stay; times become UTC, the zone beside them. An event with an
errorDeclaration says that the event of its eventID is void. An event without eventID gets one made of its
content (urn:uuid, version 5), the same whenever the same event is read.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from itertools import islice
from uuid import NAMESPACE_URL, uuid5

from traceability import gs1
from traceability.epcis import form
from traceability.epcis.shape import moment
from traceability.epcis.strictjson import LARGEST, Json, dumps, loads
from traceability.epcis.words import bare
from traceability.errors import Invalid
from traceability.events.partner import ErrorDeclaration, Item, PartnerClaimed, Place

MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """One event of a document.

    *voided*: this document declares the event's id void. *digest* is SHA-256 (hex) over the event's content:
    the same event told again has the same, and a declaration that voids it has another.
    """

    position: int
    where: str
    event: PartnerClaimed
    voided: bool
    digest: str


def read(written: bytes, *, base_url: str | None = None, largest: int = LARGEST) -> list[Claim]:
    """Return the claims of a document in its order, or raise `Invalid` with every field that is wrong."""
    told = loads(written, largest=largest)
    problems = list(islice(form.document(told), MOST_PROBLEMS))
    if problems:
        raise Invalid(*problems)
    digest = hashlib.sha256(written).hexdigest()
    reader = _Reader(base_url, digest)
    events = [
        (where, reader.claimed(position, event), event)
        for position, (where, event) in enumerate(_events(told))
    ]
    void = {claimed.event_id for _, claimed, _ in events if claimed.error is not None}
    return [
        Claim(claimed.position, where, claimed, claimed.event_id in void, _digest(event))
        for where, claimed, event in events
    ]


def _events(told: Json) -> Iterator[tuple[str, Json]]:
    kind = told["type"]
    if kind == "EPCISDocument":
        where, events = "epcisBody.eventList", told["epcisBody"]["eventList"]
    elif kind == "EPCISQueryDocument":
        where = "epcisBody.queryResults.resultsBody.eventList"
        events = told["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    else:
        yield "", told
        return
    for position, event in enumerate(events):
        yield f"{where}[{position}]", event


def _digest(event: Json) -> str:
    content = {name: value for name, value in event.items() if name not in {"@context", "recordTime"}}
    return hashlib.sha256(dumps(content).encode()).hexdigest()


def event_id_of(event: Json) -> str:
    """Return the eventID of *event*, or one made of its content."""
    if "eventID" in event:
        return str(event["eventID"])
    # A copy that declares the event void must come to the same id as the event.
    left_out = {"@context", "recordTime", "errorDeclaration"}
    content = {name: value for name, value in event.items() if name not in left_out}
    return f"urn:uuid:{uuid5(NAMESPACE_URL, dumps(content))}"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns checked events into claims."""

    base_url: str | None
    document: str

    def claimed(self, position: int, event: Json) -> PartnerClaimed:
        return PartnerClaimed(
            at=moment(event["eventTime"]).astimezone(UTC),
            zone=event["eventTimeZoneOffset"],
            document=self.document,
            position=position,
            event_id=event_id_of(event),
            type=event["type"],
            action=event.get("action"),
            step=_word(event, "bizStep"),
            disposition=_word(event, "disposition"),
            parent=self._uri(event["parentID"]) if "parentID" in event else None,
            objects=self._items(event, "epcList", "quantityList"),
            children=self._items(event, "childEPCs", "childQuantityList"),
            inputs=self._items(event, "inputEPCList", "inputQuantityList"),
            outputs=self._items(event, "outputEPCList", "outputQuantityList"),
            transformation=event.get("transformationID"),
            places=tuple(self._places(event)),
            error=_error(event.get("errorDeclaration")),
        )

    def _uri(self, uri: str) -> str:
        return gs1.canonical(uri, self.base_url)

    def _items(self, event: Json, things: str, classes: str) -> tuple[Item, ...]:
        return (
            *(Item(self._uri(uri)) for uri in event.get(things, ())),
            *(
                Item(self._uri(each["epcClass"]), _quantity(each), each.get("uom"))
                for each in event.get(classes, ())
            ),
        )

    def _places(self, event: Json) -> Iterable[Place]:
        for name, part in (("readPoint", "read-point"), ("bizLocation", "location")):
            if name in event:
                yield Place(part, self._uri(event[name]["id"]))
        for name in ("source", "destination"):
            for each in event.get(f"{name}List", ()):
                yield Place(f"{name}-{bare(each['type'])}", self._uri(each[name]))


def _word(event: Json, name: str) -> str | None:
    return bare(event[name]) if name in event else None


def _quantity(element: Json) -> Decimal | None:
    return Decimal(element["quantity"]) if "quantity" in element else None


def _error(declared: Json) -> ErrorDeclaration | None:
    if declared is None:
        return None
    reason = declared.get("reason")
    return ErrorDeclaration(
        at=moment(declared["declarationTime"]).astimezone(UTC),
        reason=None if reason is None else bare(reason),
        corrected_by=tuple(declared.get("correctiveEventIDs", ())),
    )
