"""A statement that its author signed elsewhere, with the author's own key, as it comes to the API.

    {"statement": {"by": …, "event": {…}, "id": "urn:uuid:…", "log": …, "v": 1},
     "sigs": [{"key": "<base64>", "sig": "<base64>"}],
     "sealed": {"/destination": {"salt": "<base64>", "value": "…"}}}

What is sealed is opened here and read once more as words from outside, so that an author with a key may say
nothing that a form would not take. Every problem names its field. Keys and their grants stand here as well.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from ledger import canonical
from ledger.authorship import REASONS
from ledger.errors import Malformed
from ledger.spelling import base64_bytes
from traceability import disclosure, schema
from traceability.disclosure import SealedValue
from traceability.errors import Invalid, Problem
from traceability.events.registry import Role
from traceability.statement import Signed, Statement

Json = Any

MOST_SIGNATURES = 8
STATEMENT_ID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PARTY_ID = re.compile(r"(?=.{1,30}\Z)[a-z0-9](?:-?[a-z0-9])*")


def wrong(where: str, why: str) -> Invalid:
    """Return the error for a member that is not in the form of the log; *why* is plain English."""
    return Invalid(Problem(where, "not-the-form", (("found", why[:200]),)))


def exactly(found: Json, where: str, *names: str, optional: tuple[str, ...] = ()) -> dict[str, Json]:
    """Return the object *found*, or raise `Invalid` unless it has just these members."""
    if not isinstance(found, dict):
        raise Invalid(Problem(where, "not-an-object"))
    stray = sorted(set(found) - {*names, *optional})
    missing = [name for name in names if name not in found]
    problems = [Problem(_path(where, name), "unknown-field") for name in stray]
    problems += [Problem(_path(where, name), "missing") for name in missing]
    if problems:
        raise Invalid(*problems)
    return found


def text(found: Mapping[str, Json], where: str, name: str, form: re.Pattern[str] | None = None) -> str:
    """Return the text member *name*, or raise `Invalid` where it is none or not of *form*."""
    value = found[name]
    if not isinstance(value, str):
        raise Invalid(Problem(_path(where, name), "not-text"))
    if not value or (form is not None and not form.fullmatch(value)):
        raise wrong(_path(where, name), "not in the form that docs/formats.md gives")
    return value


def _path(where: str, name: str) -> str:
    return f"{where}.{name}".lstrip(".")


def of_bytes(found: Mapping[str, Json], where: str, name: str, length: int) -> bytes:
    """Return the member *name*, base64 of *length* bytes."""
    spelled = text(found, where, name)
    try:
        raw = base64_bytes(spelled)
    except Malformed as error:
        raise wrong(_path(where, name), error.reason) from error
    if len(raw) != length:
        raise wrong(_path(where, name), f"{len(raw)} bytes instead of {length}")
    return raw


def read(body: Json) -> Signed:
    """Return the signed statement that *body* spells, or raise `Invalid`; whose it is, others ask."""
    parts = exactly(body, "", "statement", "sigs", optional=("sealed",))
    statement = _statement(parts["statement"])
    opened = tuple(_opened(parts.get("sealed", {}), statement))
    _check_words(statement, opened)
    return Signed(statement, signatures(parts["sigs"]), opened)


def _statement(found: Json) -> Statement:
    body = exactly(found, "statement", "by", "event", "id", "log", "v", optional=("claimed_by",))
    text(body, "statement", "by", PARTY_ID)
    text(body, "statement", "id", STATEMENT_ID)
    text(body, "statement", "log")
    if "claimed_by" in body:
        text(body, "statement", "claimed_by", PARTY_ID)
    if type(body["v"]) is not int or body["v"] != 1:
        raise wrong("statement.v", "this version is not known")
    try:
        canonical.dumps(body)
    except Malformed as error:
        raise wrong("statement" + _dotted(error.facts.get("pointer", "")), error.reason) from error
    try:
        return Statement.parse(body)
    except Malformed as error:
        raise wrong("statement.event" + _dotted(error.facts.get("where", "")), error.reason) from error


def _dotted(pointer: str | int) -> str:
    return str(pointer).rstrip("/").replace("/", ".")


def signatures(found: Json, *, where: str = "sigs") -> tuple[dict[str, str], ...]:
    """Return signatures in their form: each by another key, eight at most."""
    if not isinstance(found, list):
        raise Invalid(Problem(where, "not-a-list"))
    if not 1 <= len(found) <= MOST_SIGNATURES:
        raise wrong(where, f"1 to {MOST_SIGNATURES} signatures")
    for position, each in enumerate(found):
        here = f"{where}.{position}"
        exactly(each, here, "key", "sig")
        of_bytes(each, here, "key", 32)
        of_bytes(each, here, "sig", 64)
    if len({each["key"] for each in found}) < len(found):
        raise Invalid(Problem(where, "item-twice"))
    return tuple(found)


def _opened(found: Json, statement: Statement) -> Iterator[SealedValue]:
    if not isinstance(found, dict):
        raise Invalid(Problem("sealed", "not-an-object"))
    fields = disclosure.sealed_fields(statement.event)
    if found.keys() != fields.keys():
        raise Invalid(
            *(Problem(f"sealed.{each}", "sealed-values-missing") for each in sorted(fields.keys() - found)),
            *(Problem(f"sealed.{each}", "unknown-field") for each in sorted(found.keys() - fields)),
        )
    for pointer, told in sorted(found.items()):
        here = f"sealed.{pointer}"
        exactly(told, here, "salt", "value")
        salt, value = of_bytes(told, here, "salt", 32), text(told, here, "value")
        opened = SealedValue(statement.id, pointer, salt, value)
        if opened.digest != fields[pointer].digest:
            raise Invalid(Problem(here, "sealed-for-another-statement"))
        yield opened


def _check_words(statement: Statement, opened: tuple[SealedValue, ...]) -> None:
    """Raise `Invalid` unless the event, its private words in the clear, is one that a form would take."""
    event = copy.deepcopy(statement.body["event"])
    for each in opened:
        *way, last = each.pointer.lstrip("/").split("/")
        part: Any = event
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part[step]
        part[last] = each.value
    kind = event.pop("kind")
    try:
        schema.load(kind, event)
    except Invalid as error:
        problems = (
            Problem(_path("statement.event", each.where).rstrip("."), each.code, each.facts)
            for each in error.problems
        )
        raise Invalid(*problems) from error


def grant(body: Json, origin: str) -> tuple[dict[str, Json], tuple[dict[str, str], ...]]:
    """Return the grant of an author's key, and who signed it; raise `Invalid` where it is malformed."""
    parts = exactly(body, "", "grant", "sigs")
    names = ("custody", "key", "log", "party", "role", "v")
    found = exactly(parts["grant"], "grant", *names, optional=("replaces",))
    of_bytes(found, "grant", "key", 32)
    text(found, "grant", "party", PARTY_ID)
    if "replaces" in found:
        of_bytes(found, "grant", "replaces", 32)
    if text(found, "grant", "log") != origin:
        raise wrong("grant.log", "signed for another log")
    if text(found, "grant", "role") not in get_args(Role):
        raise Invalid(Problem("grant.role", "not-in-list", (("found", found["role"][:40]),)))
    if found["custody"] != "author":
        raise wrong("grant.custody", "a key that comes from outside is in its author's custody")
    if type(found["v"]) is not int or found["v"] != 1:
        raise wrong("grant.v", "this version is not known")
    return found, signatures(parts["sigs"])


def revocation(body: Json) -> dict[str, str]:
    """Return which key of which party is to end, and why."""
    found = exactly(body, "", "key", "party", "reason")
    of_bytes(found, "", "key", 32)
    text(found, "", "party", PARTY_ID)
    if text(found, "", "reason") not in REASONS:
        raise Invalid(Problem("reason", "not-in-list", (("found", found["reason"][:40]),)))
    return cast(dict[str, str], found)
