"""Events as the JSON of an entry, and back; nothing is guessed on the way.

    {"amount": {"kg": "3090"}, "at": "2026-09-21T00:00:00.000000Z", "kind": "harvested", "lot": …}

Members are the fields of the event's class. What equals its default is absent, so that one event has
one spelling. A private field is `{"sealed": "<base64>"}`; in the clear it has no place in an entry.
"""

import types
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from ledger.canonical import decimal_of, decimal_text, instant_of, instant_text
from ledger.errors import Malformed
from traceability.events import KINDS
from traceability.events.fact import Event, Sealed

Json = Any
Write = Callable[[Any], Json]
Read = Callable[[Json, str], Any]


@dataclass(frozen=True, slots=True)
class Member:
    """How one field of a class is written and read."""

    name: str
    default: Any
    is_private: bool
    write: Write
    read: Read

    @property
    def is_required(self) -> bool:
        """Whether the field has no default."""
        return self.default is MISSING


def to_json(event: Event) -> dict[str, Json]:
    """Return the JSON object of *event*; every private field of it is sealed or absent.

    Raises `Malformed` where a private value is still in the clear.
    """
    return _write_object(event)


def from_json(found: Json) -> Event:
    """Return the event that the JSON object *found* spells.

    Raises `Malformed` for an unknown kind or member, a missing one, a value of another form, or a second
    spelling.
    """
    event = _read_event(found, "")
    if to_json(event) != found:
        raise Malformed("an event has one spelling only", facts={"kind": event.kind})
    return event


def _write_object(value: Any) -> dict[str, Json]:
    written = {"kind": value.kind} if isinstance(value, Event) else {}
    for member in members(type(value)):
        content = getattr(value, member.name)
        if content is not None and content != member.default:
            written[member.name] = member.write(content)
    return written


def _read_event(found: Json, where: str) -> Event:
    kind = found.get("kind") if isinstance(found, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise Malformed("not an event of a known kind", facts={"where": where or "/"})
    content = {name: value for name, value in found.items() if name != "kind"}
    return cast(Event, _read_object(KINDS[kind], content, where))


def _read_object(of: type[Any], found: Json, where: str) -> Any:
    if not isinstance(found, Mapping):
        raise Malformed("not an object", facts={"where": where})
    known = {member.name: member for member in members(of)}
    if stray := sorted(set(found) - set(known)):
        raise Malformed("a member that the event does not have", facts={"where": f"{where}/{stray[0]}"})
    for member in known.values():
        if member.is_required and member.name not in found:
            raise Malformed("a member is missing", facts={"where": f"{where}/{member.name}"})
    try:
        return of(**{name: known[name].read(value, f"{where}/{name}") for name, value in found.items()})
    except ValueError as error:
        raise Malformed(str(error), facts={"where": where}) from error


_MEMBERS: dict[Any, tuple[Member, ...]] = {}


def members(of: type[Any]) -> tuple[Member, ...]:
    """Return how each field of the class *of* is written and read, in the order of the class."""
    if of not in _MEMBERS:
        hints = get_type_hints(of)
        _MEMBERS[of] = tuple(_member(each, hints[each.name]) for each in fields(of))
    return _MEMBERS[of]


_SEALING: dict[Any, tuple[Member, ...]] = {}


def sealing(of: type[Any]) -> tuple[Member, ...]:
    """Return the members of the class *of* that are private, or hold objects that have private ones."""
    if of not in _SEALING:
        hints = get_type_hints(of)
        _SEALING[of] = tuple(each for each in members(of) if each.is_private or _may_seal(hints[each.name]))
    return _SEALING[of]


def _may_seal(hint: Any) -> bool:
    if hint is Event:
        return True
    if isinstance(hint, type) and is_dataclass(hint):
        return bool(sealing(hint))
    return get_origin(hint) is not Literal and any(map(_may_seal, get_args(hint)))


def _member(each: Field[Any], hint: Any) -> Member:
    is_private = bool(each.metadata.get("private"))
    write, read = (_write_sealed, _read_sealed) if is_private else _form(hint)
    return Member(each.name, each.default, is_private, write, read)


def _write_sealed(value: Any) -> Json:
    if not isinstance(value, Sealed):
        raise Malformed("a private value must be sealed before it is written")
    return {"sealed": b64encode(value.digest).decode()}


def _read_sealed(found: Json, where: str) -> Sealed:
    if not isinstance(found, dict) or set(found) != {"sealed"} or not isinstance(found["sealed"], str):
        raise Malformed("not a sealed value", facts={"where": where})
    try:
        return Sealed(b64decode(found["sealed"], validate=True))
    except ValueError as error:
        raise Malformed("not a sealed value", facts={"where": where}) from error


def _form(hint: Any) -> tuple[Write, Read]:
    """Return writer and reader of a value of the type *hint*."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _form(next(part for part in get_args(hint) if part is not type(None)))
    if origin is Literal:
        return _as_is, _one_of(get_args(hint))
    if origin is tuple:
        return _array(*_form(get_args(hint)[0]))
    if hint is Event:
        return _write_object, _read_event
    if is_dataclass(hint):
        return _write_object, lambda found, where: _read_object(cast(type[Any], hint), found, where)
    return _SIMPLE[hint]


def _as_is(value: Any) -> Json:
    return value


def _one_of(words: tuple[Any, ...]) -> Read:
    def read(found: Json, where: str) -> Any:
        if found not in words or isinstance(found, bool):
            raise Malformed("not one of the words for this member", facts={"where": where})
        return found

    return read


def _array(write: Write, read: Read) -> tuple[Write, Read]:
    def write_all(values: Any) -> Json:
        return [write(value) for value in values]

    def read_all(found: Json, where: str) -> Any:
        if not isinstance(found, list):
            raise Malformed("not an array", facts={"where": where})
        return tuple(read(value, f"{where}/{position}") for position, value in enumerate(found))

    return write_all, read_all


def _exactly(kind: type, convert: Callable[[Any], Any] = _as_is) -> Read:
    def read(found: Json, where: str) -> Any:
        if type(found) is not kind:
            raise Malformed(f"not a JSON {kind.__name__}", facts={"where": where})
        try:
            return convert(found)
        except (ValueError, Malformed) as error:
            raise Malformed(str(error), facts={"where": where}) from error

    return read


_SIMPLE: dict[Any, tuple[Write, Read]] = {
    str: (_as_is, _exactly(str)),
    int: (_as_is, _exactly(int)),
    bool: (_as_is, _exactly(bool)),
    Decimal: (decimal_text, _exactly(str, decimal_of)),
    date: (date.isoformat, _exactly(str, date.fromisoformat)),
    datetime: (instant_text, _exactly(str, instant_of)),
}
