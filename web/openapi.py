"""What the API takes and gives, for those who write programs: OpenAPI 3.1, made from the classes of events.

    an event as it is told      POST /api/v1/events        times with any offset, private words in the clear
    an event as it is signed    POST /api/v1/statements    the spelling of the log, private words sealed

The classes in `traceability.events` are the one description of an event; nothing of them is written twice.
"""

from dataclasses import dataclass
from typing import get_args

from ledger.authorship import REASONS
from traceability.events.registry import Role
from web import event_schemas
from web.event_schemas import Json, array_schema, object_schema, reference

BYTES_32 = {"type": "string", "contentEncoding": "base64", "minLength": 44, "maxLength": 44}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API does: *takes* and *gives* name schemas; *query* and *path* name parameters."""

    method: str
    address: str
    name: str
    summary: str
    gives: str = ""
    takes: str = ""
    query: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    is_public: bool = False


OPERATIONS = (
    Operation(
        "post",
        "/api/v1/events",
        "recordEvent",
        "State an event for your own party, signed with its key in the platform's custody.",
        gives="Receipt",
        takes="Event",
    ),
    Operation(
        "post",
        "/api/v1/statements",
        "recordStatement",
        "Record a statement that your party signed with its own key.",
        gives="Receipt",
        takes="SignedStatement",
    ),
    Operation(
        "get",
        "/api/v1/entries",
        "listEntries",
        "List entries in the order of the log, all or those of one lot.",
        gives="Entries",
        query=("lot", "from", "limit"),
    ),
    Operation(
        "get",
        "/api/v1/entries/{index}",
        "readEntry",
        "Return the bytes of one entry, with the proof that they stand in the log.",
        gives="ProvenEntry",
        path=("index",),
    ),
    Operation(
        "get",
        "/api/v1/lots/{lot}/trace",
        "traceLot",
        "Tell which lots a lot was made from, or which were made of it.",
        gives="Trace",
        query=("direction",),
        path=("lot",),
    ),
    Operation(
        "get",
        "/api/v1/lots/{lot}/results",
        "listResults",
        "List the tests of one lot, and which of them a re-test has replaced.",
        gives="Results",
        path=("lot",),
    ),
    Operation(
        "get",
        "/api/v1/lots/{lot}/certificates",
        "lotCertificates",
        "Tell how a lot stands: its own certificates, what it was sold under, recalls, failed tests, holds.",
        gives="Certificates",
        path=("lot",),
    ),
    Operation(
        "get",
        "/api/v1/open/results",
        "openResults",
        "Count test results by month, county, goods and purpose; they name nobody.",
        gives="OpenResults",
        query=("since", "until"),
        is_public=True,
    ),
    Operation(
        "get",
        "/api/v1/open/results.csv",
        "openResultsFile",
        "The same counts as a comma-separated file.",
        query=("since", "until"),
        is_public=True,
    ),
    Operation(
        "get",
        "/api/v1/keys/{party}",
        "listKeys",
        "List the keys that the log has granted to a party, valid and ended.",
        gives="Keys",
        path=("party",),
    ),
    Operation(
        "post",
        "/api/v1/keys",
        "grantKey",
        "Grant a party a key in its own custody (operator only). The key's holder has signed the grant.",
        gives="KeyReceipt",
        takes="SignedGrant",
    ),
    Operation(
        "post",
        "/api/v1/keys/revocations",
        "revokeKey",
        "End a key (operator only). Entries before stay as they are.",
        gives="KeyReceipt",
        takes="Revocation",
    ),
    Operation("get", "/api/v1/openapi.json", "describe", "Return this description.", is_public=True),
)

DAY: Json = {"type": "string", "format": "date"}

PARAMETERS: dict[str, Json] = {
    "lot": {"description": "A lot: its web address, its path, or (01)…(10)….", "schema": {"type": "string"}},
    "from": {
        "description": "The first index to list.",
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    "limit": {
        "description": "How many entries at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
    },
    "direction": {
        "description": "back: what it was made from. forward: what was made of it.",
        "required": True,
        "schema": {"enum": ["back", "forward"]},
    },
    "index": {"description": "The place in the log.", "schema": {"type": "integer", "minimum": 0}},
    "party": {"description": "The party's id.", "schema": {"type": "string"}},
    "since": {"description": "The first legal day of sampling; by default a year ago.", "schema": DAY},
    "until": {"description": "The last legal day of sampling, at most 366 days later.", "schema": DAY},
}


def document(base_url: str) -> Json:
    """Return the OpenAPI 3.1 document of the API at *base_url*."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.address, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "吉账 jizihao",
            "version": "1",
            "description": "A traceability ledger. A proof can be checked without this server.",
        },
        "servers": [{"url": base_url}],
        "security": [{"basic": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted((_fixed() | dict(event_schemas.of_events())).items())),
            "securitySchemes": _security(),
        },
    }


def _security() -> Json:
    return {
        "basic": {"type": "http", "scheme": "basic", "description": "An account of your party."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "A browser that has signed in; what it sends bears X-CSRFToken.",
        },
    }


def _operation(operation: Operation) -> Json:
    said: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": _responses(operation),
    }
    parameters = [_parameter(name, "path") for name in operation.path]
    parameters += [_parameter(name, "query") for name in operation.query]
    if operation.takes:
        parameters.append(_once())
        said["requestBody"] = {"required": True, "content": _content(operation.takes)}
    if parameters:
        said["parameters"] = parameters
    if operation.is_public:
        said["security"] = []
    return said


def _parameter(name: str, place: str) -> Json:
    return {"name": name, "in": place, **PARAMETERS[name], **({"required": True} if place == "path" else {})}


def _once() -> Json:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Up to 200 visible ASCII characters. The same key with the same body, within "
        "thirty days, is done once and answered again; with another body it is refused.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    }


def _content(name: str, kind: str = "application/json") -> Json:
    return {kind: {"schema": reference(name)}}


def _later(why: str) -> Json:
    seconds = {"description": "After how many seconds to ask again.", "schema": PLACE, "required": True}
    return {
        "description": why,
        "headers": {"Retry-After": seconds},
        "content": _content("Problem", "application/problem+json"),
    }


def _responses(operation: Operation) -> Json:
    problem = {
        "description": "What is wrong, in which field.",
        "content": _content("Problem", "application/problem+json"),
    }
    if not operation.gives:
        return {"200": {"description": "The description."}}
    answer = {"description": "The answer.", "content": _content(operation.gives)}
    given: Json = {"200": answer, "4XX": problem, "5XX": problem}
    if operation.takes:
        given["429"] = _later("Too much is waiting; nothing was written. Ask again with the same body.")
        given["201"] = {"description": "Recorded.", "content": _content(operation.gives)}
    return dict(sorted(given.items()))


TEXT: Json = {"type": "string"}
PLACE: Json = {"type": "integer", "minimum": 0}
SIGNATURE: Json = {"type": "string", "contentEncoding": "base64", "minLength": 88, "maxLength": 88}
PROOF: dict[str, Json] = {
    "checkpoint": TEXT,
    "leaf": BYTES_32,
    "proof": array_schema(BYTES_32),
    "witnesses": PLACE,
}


def _fixed() -> dict[str, Json]:
    """Return the schemas of what stands around events."""
    return _sent() | _answered()


def _sent() -> dict[str, Json]:
    signatures = array_schema(object_schema(key=BYTES_32, sig=SIGNATURE), minItems=1, maxItems=8)
    version: Json = {"const": 1}
    statement = object_schema(
        "claimed_by", by=TEXT, event=reference("SignedEvent"), id=TEXT, log=TEXT, v=version, claimed_by=TEXT
    )
    grant = object_schema(
        "replaces",
        custody={"const": "author"},
        key=BYTES_32,
        log=TEXT,
        party=TEXT,
        role=reference("Role"),
        v=version,
        replaces=BYTES_32,
    )
    opening = {"type": "object", "additionalProperties": object_schema(salt=BYTES_32, value=TEXT)}
    return {
        "Revocation": object_schema(key=BYTES_32, party=TEXT, reason={"enum": list(REASONS)}),
        "Role": {"enum": list(get_args(Role))},
        "Sealed": {"description": "SHA-256 of a salted value.", **object_schema(sealed=BYTES_32)},
        "SignedGrant": object_schema(grant=grant, sigs=signatures),
        "SignedStatement": object_schema("sealed", statement=statement, sigs=signatures, sealed=opening),
    }


def _answered() -> dict[str, Json]:
    either: Json = {"type": ["string", "null"]}
    row = object_schema(
        "lots",
        "flags",
        index=PLACE,
        at=TEXT,
        kind=TEXT,
        by=either,
        lot=either,
        lots=array_schema(TEXT),
        flags=array_schema(TEXT),
    )
    key = object_schema(
        id=BYTES_32,
        key=BYTES_32,
        party=TEXT,
        role=TEXT,
        custody=TEXT,
        granted=PLACE,
        ended={"type": ["integer", "null"]},
    )
    trace = object_schema(
        "shares",
        lot=TEXT,
        direction={"enum": ["back", "forward"]},
        lots=array_schema(TEXT),
        edges=array_schema(array_schema(TEXT, minItems=2, maxItems=2)),
        shares={"type": "object", "additionalProperties": TEXT},
    )
    receipt = object_schema(
        index=PLACE, digest=TEXT, flags=array_schema(reference("Flag")), is_new={"type": "boolean"}, **PROOF
    )
    return {
        **_tested(),
        "Entries": object_schema(size=PLACE, entries=array_schema(row)),
        "Flag": {"type": "object", "description": "A rule that was broken without being refused."},
        "KeyReceipt": object_schema(index=PLACE, key=BYTES_32, party=TEXT, **PROOF),
        "Keys": object_schema(party=TEXT, keys=array_schema(key)),
        "Problem": _problem(),
        "ProvenEntry": object_schema(index=PLACE, entry=TEXT, **PROOF),
        "Receipt": receipt,
        "Trace": trace,
    }


def _tested() -> dict[str, Json]:
    """Return the schemas of test results and certificates."""
    later: Json = {"type": ["integer", "null"]}
    count = object_schema(
        sampled_month=TEXT,
        division=TEXT,
        commodity=TEXT,
        purpose=TEXT,
        product_class=TEXT,
        official={"enum": ["yes", "no"]},
        samples=PLACE,
        passed=PLACE,
    )
    told = ("sample", "purpose", "sampled_on", "verdict", "analytes")
    result = object_schema(
        *told,
        index=PLACE,
        statement=TEXT,
        laboratory=TEXT,
        sample=TEXT,
        purpose=TEXT,
        sampled_on=DAY,
        verdict=TEXT,
        analytes=array_schema(TEXT),
        replaced_by=later,
    )
    certificate = object_schema(index=PLACE, number=TEXT, by=TEXT, division=TEXT, superseded_by=later)
    scheme = object_schema(index=PLACE, scheme=TEXT, number=TEXT, holder=TEXT, until=DAY, state=TEXT)
    return {
        "Certificates": object_schema(
            lot=TEXT,
            state={"enum": ["attached", "required", "not-required", "unknown"]},
            certificates=array_schema(certificate),
            schemes=array_schema(scheme),
            recalled={"type": "boolean"},
            failed={"type": "boolean"},
            held=array_schema(TEXT),
        ),
        "OpenResults": object_schema(results=array_schema(count)),
        "Results": object_schema(lot=TEXT, results=array_schema(result)),
    }


def _problem() -> Json:
    error = object_schema("clause", "level", where=TEXT, code=TEXT, detail=TEXT, clause=TEXT, level=TEXT)
    said = object_schema(
        "errors", "instance",
        type=TEXT, title=TEXT, status=PLACE, detail=TEXT, instance=TEXT, errors=array_schema(error),
    )  # fmt: skip
    return {"description": "RFC 9457.", **said}
