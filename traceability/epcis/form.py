"""What EPCIS 2.0 events and documents look like in JSON, field by field.

    EPCISDocument       @context type schemaVersion creationDate epcisBody{eventList[…]}
    EPCISQueryDocument  @context type epcisBody{queryResults{queryName resultsBody{eventList[…]}}}
    ObjectEvent         action, and goods: epcList or quantityList, or a sensor at a read point
    AggregationEvent, AssociationEvent    action, children unless DELETE
    TransactionEvent    action, bizTransactionList, goods unless DELETE
    TransformationEvent inputs and outputs, or a transformationID with some of them

It judges as GS1's JSON schema 2.0.0 does; other members must bear a prefix or be URIs.
"""

from collections.abc import Callable, Iterator, Mapping

from traceability.epcis import words
from traceability.epcis.shape import (
    Check,
    Shape,
    anything,
    boolean,
    either,
    is_uri,
    many,
    number,
    pattern,
    text,
    time,
    uri,
    web_word,
    word,
)
from traceability.epcis.strictjson import Json
from traceability.errors import Problem

_opened = Shape({}, others="any")
context = either(uri, _opened, many(either(uri, _opened), unique=True))

quantity = Shape(
    {"epcClass": uri, "quantity": number, "uom": pattern("[A-Z0-9]{2,3}", "not-a-unit")},
    ("epcClass",),
    "none",
)
_place = Shape({"id": uri}, ("id",), "any")
_transaction = Shape({"type": word(words.TRANSACTIONS), "bizTransaction": uri}, ("bizTransaction",), "none")
_end = word(words.ENDS)
_source = Shape({"type": _end, "source": uri}, ("type", "source"), "none")
_destination = Shape({"type": _end, "destination": uri}, ("type", "destination"), "none")
_set = many(word(words.DISPOSITIONS), least=1, unique=True)

_device: Mapping[str, Check] = dict.fromkeys(
    ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), uri
)
_report = Shape(
    {
        **_device,
        **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), uri),
        **dict.fromkeys(
            ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), number
        ),
        "type": web_word(words.MEASUREMENTS),
        "exception": web_word(words.ALERTS),
        "time": time,
        "component": word(words.COMPONENTS),
        "stringValue": text,
        "booleanValue": boolean,
        "hexBinaryValue": pattern("[A-Fa-f0-9]+", "not-text"),
        "uom": text,
    },
    ("type",),
)
_sensor = Shape(
    {
        "sensorMetadata": Shape({**_device, "time": time, "startTime": time, "endTime": time}),
        "sensorReport": many(_report, least=1),
    },
    ("sensorReport",),
)
_error = Shape(
    {"declarationTime": time, "reason": word(words.REASONS), "correctiveEventIDs": many(uri)},
    ("declarationTime",),
)

_of_all: Mapping[str, Check] = {
    "@context": context,
    "type": text,
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": pattern(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)", "not-an-offset"),
    "eventID": uri,
    "certificationInfo": either(uri, many(uri)),
    "errorDeclaration": _error,
}
_of_most: Mapping[str, Check] = {
    **_of_all,
    "bizStep": word(words.STEPS),
    "disposition": word(words.DISPOSITIONS),
    # The schema leaves this member unchecked but in object and transformation events.
    "persistentDisposition": anything,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": many(_transaction),
    "sourceList": many(_source),
    "destinationList": many(_destination),
    "sensorElementList": many(_sensor),
}
_action: Mapping[str, Check] = {"action": pattern("ADD|OBSERVE|DELETE", "unknown-word")}
_ilmd = Shape({})
_always = ("eventTime", "eventTimeZoneOffset")


def _persistent(value: Json, where: str) -> Iterator[Problem]:
    yield from Shape({"set": _set, "unset": _set}, (), "none")(value, where)
    if isinstance(value, dict) and not value.keys() & {"set", "unset"}:
        yield Problem(where, "missing", (("value", "set"),))


_children = {"parentID": uri, "childEPCs": many(uri), "childQuantityList": many(quantity)}

EVENTS: Mapping[str, Shape] = {
    "ObjectEvent": Shape(
        {
            **_of_most,
            **_action,
            "persistentDisposition": _persistent,
            "epcList": many(uri, unique=True),
            "quantityList": many(quantity),
            "ilmd": _ilmd,
        },
        (*_always, "action"),
    ),
    "AggregationEvent": Shape({**_of_most, **_action, **_children}, (*_always, "action")),
    "AssociationEvent": Shape({**_of_most, **_action, **_children}, (*_always, "action", "parentID")),
    "TransactionEvent": Shape(
        {
            **_of_most,
            **_action,
            "bizTransactionList": many(_transaction, least=1),
            "parentID": uri,
            "epcList": many(uri),
            "quantityList": many(quantity),
        },
        (*_always, "action", "bizTransactionList"),
    ),
    "TransformationEvent": Shape(
        {
            **_of_most,
            "persistentDisposition": _persistent,
            "transformationID": uri,
            "inputEPCList": many(uri, unique=True),
            "inputQuantityList": many(quantity),
            "outputEPCList": many(uri, unique=True),
            "outputQuantityList": many(quantity),
            "ilmd": _ilmd,
        },
        _always,
    ),
}


def _some(event: dict[str, Json], *names: str) -> bool:
    return any(event.get(name) for name in names)


def _object_whole(event: dict[str, Json], where: str) -> Iterator[Problem]:
    sensed = _some(event, "sensorElementList") and "readPoint" in event
    if not ("epcList" in event or _some(event, "quantityList") or sensed):
        yield Problem(where, "no-goods")
    if "ilmd" in event and event.get("action") != "ADD":
        yield Problem(f"{where}.ilmd".lstrip("."), "only-with-add")


def _children_whole(event: dict[str, Json], where: str) -> Iterator[Problem]:
    if event.get("action") != "DELETE" and not _some(event, "childEPCs", "childQuantityList"):
        yield Problem(where, "no-goods")


def _transaction_whole(event: dict[str, Json], where: str) -> Iterator[Problem]:
    if event.get("action") != "DELETE" and not ("epcList" in event or _some(event, "quantityList")):
        yield Problem(where, "no-goods")


def _transformation_whole(event: dict[str, Json], where: str) -> Iterator[Problem]:
    went_in = _some(event, "inputEPCList", "inputQuantityList")
    came_out = _some(event, "outputEPCList", "outputQuantityList")
    if not ((went_in and came_out) or ("transformationID" in event and (went_in or came_out))):
        yield Problem(where, "no-goods")


_WHOLE: Mapping[str, Callable[[dict[str, Json], str], Iterator[Problem]]] = {
    "ObjectEvent": _object_whole,
    "AggregationEvent": _children_whole,
    "AssociationEvent": _children_whole,
    "TransactionEvent": _transaction_whole,
    "TransformationEvent": _transformation_whole,
}


def event(value: Json, where: str) -> Iterator[Problem]:
    """Want an event of one of the five types."""
    kind = value.get("type") if isinstance(value, dict) else None
    shape = EVENTS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        yield from _no_event(value, where)
        return
    problems = [*shape(value, where), *_WHOLE[str(kind)](value, where)]
    yield from problems


def _no_event(value: Json, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(where, "not-an-object")
        return
    if "type" not in value:
        yield Problem(f"{where}.type".lstrip("."), "missing")
        return
    # A URI here is an extension of EPCIS by somebody else: right in form, but nothing that we could trace.
    code = "event-type-unknown-here" if is_uri(value["type"]) else "event-type"
    yield Problem(f"{where}.type".lstrip("."), code, (("value", str(value["type"])[:80]),))


_attribute = Shape({"id": uri, "attribute": either(text, number, _opened)}, ("id",), "any")
_vocabularies = many(
    Shape(
        {
            "type": uri,
            "vocabularyElementList": many(
                Shape({"id": uri, "attributes": many(_attribute), "children": many(uri)}, ("id",), "any")
            ),
        },
        ("type",),
        "any",
    )
)
_head = {"@context": context, "id": uri, "type": text, "creationDate": time}
_version = pattern(r"[0-9]+(?:\.[0-9]+)*", "not-a-version")

DOCUMENTS: Mapping[str, Shape] = {
    "EPCISDocument": Shape(
        {
            **_head,
            "schemaVersion": _version,
            **dict.fromkeys(("instanceIdentifier", "sender", "receiver"), text),
            "epcisHeader": Shape(
                {"epcisMasterData": Shape({"vocabularyList": _vocabularies}, (), "any")},
            ),
            "epcisBody": Shape({"eventList": many(event)}, ("eventList",), "any"),
        },
        ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
    ),
    "EPCISQueryDocument": Shape(
        {
            **_head,
            "schemaVersion": _version,
            "epcisBody": Shape(
                {
                    "queryResults": Shape(
                        {
                            "queryName": text,
                            "subscriptionID": text,
                            "resultsBody": Shape(
                                {"eventList": many(event), "vocabularyList": _vocabularies}, ("eventList",)
                            ),
                        },
                        ("queryName", "resultsBody"),
                    )
                },
                ("queryResults",),
            ),
        },
        ("@context", "type", "epcisBody"),
    ),
}


def document(value: Json, where: str = "") -> Iterator[Problem]:
    """Want a document of either kind, or one event with its own context."""
    kind = value.get("type") if isinstance(value, dict) else None
    if isinstance(kind, str) and kind in DOCUMENTS:
        yield from DOCUMENTS[kind](value, where)
        return
    yield from event(value, where)
    if isinstance(value, dict) and "@context" not in value:
        yield Problem("@context", "missing")
