"""JSON from outside to events, field by field; what is wrong is told for every field at once.

The classes in `events` are the one description of an event; the fields here are made from them. From outside
a time may carry any offset, a decimal may be written "3090.50", and a private field is plain text, which is
sealed only when the statement is signed.
"""

import re
import types
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import marshmallow as ma

from ledger.canonical import instant_text
from traceability.errors import Invalid, Problem
from traceability.events import KINDS
from traceability.events.fact import Event

LONGEST_TEXT = 2000

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def load(kind: str, given: Mapping[str, Any]) -> Event:
    """Return the event of *kind* that *given* describes.

    Raises `Invalid` with a problem for each field: `where` is its path, "plots.0.amount.kg".
    """
    if kind not in KINDS:
        raise Invalid(Problem("kind", "unknown-kind", (("kind", str(kind)),)))
    try:
        loaded = schema_of(KINDS[kind])().load(dict(given))
    except ma.ValidationError as error:
        raise Invalid(*_problems(error.messages, "")) from error
    return cast(Event, loaded)


def _problems(messages: Any, where: str) -> Iterator[Problem]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            here = where if name == "_schema" else f"{where}.{name}".lstrip(".")
            yield from _problems(inner, here)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        code, _, facts = str(message).partition(": ")
        yield Problem(where, code, (("found", facts),) if facts else ())


class Told(ma.Schema):
    """The schema of one class: unknown members are refused, and the class itself has the last word."""

    of: type[Any]

    class Meta:
        """How every schema here treats what it does not know."""

        unknown = ma.RAISE

    error_messages = {"unknown": "unknown-field", "type": "not-an-object"}  # noqa: RUF012 -- marshmallow's own form

    @ma.post_load
    def make(self, found: dict[str, Any], **_: Any) -> Any:
        """Return the frozen value, or say why it cannot exist."""
        if issubclass(self.of, Event) and isinstance(found.get("at"), tuple):
            found["at"], zone = found["at"]
            found.setdefault("zone", zone)
        # Only the time of the event itself keeps the clock it was read from.
        found |= {name: value[0] for name, value in found.items() if _is_read(value)}
        try:
            return self.of(**found)
        except ValueError as error:
            raise ma.ValidationError(f"impossible: {error}") from error


def _is_read(value: Any) -> bool:
    """Tell whether *value* is an instant with its zone, as `Instant` reads one."""
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], datetime)


_SCHEMAS: dict[type[Any], type[Told]] = {}


def schema_of(of: type[Any]) -> type[Told]:
    """Return the schema of a class of `events`; made once."""
    if of not in _SCHEMAS:
        hints = get_type_hints(of)
        told: dict[str, Any] = {"of": of}
        for each in fields(of):
            required = each.default is MISSING
            field = Text() if each.metadata.get("private") else _field(hints[each.name])
            field.required = required
            field.error_messages |= {"required": "missing", "null": "missing"}
            told[each.name] = field
        _SCHEMAS[of] = cast(type[Told], type(f"{of.__name__}Schema", (Told,), told))
    return _SCHEMAS[of]


def _field(hint: Any) -> ma.fields.Field[Any]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _field(next(part for part in get_args(hint) if part is not type(None)))
    if origin is Literal:
        return OneOf(get_args(hint))
    if origin is tuple:
        return Array(_field(get_args(hint)[0]))
    if hint is Event:
        return Replacement()
    if is_dataclass(hint):
        return ma.fields.Nested(schema_of(cast(type[Any], hint)), error_messages={"type": "not-an-object"})
    return _SIMPLE[hint]()


class Text(ma.fields.Field[str]):
    """Words that a person typed: trimmed, in NFC, without control and direction characters."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise ma.ValidationError("not-text")
        text = unicodedata.normalize("NFC", value).strip()
        if not text:
            raise ma.ValidationError("missing")
        if len(text) > LONGEST_TEXT:
            raise ma.ValidationError(f"too-long: {LONGEST_TEXT}")
        if _UNSEEN.search(text):
            raise ma.ValidationError("unseen-characters")
        return text


class Number(ma.fields.Field[Decimal]):
    """A decimal written as text, or a whole JSON number; never a float, which would round it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value.strip()):
            raise ma.ValidationError(f"not-a-number: {value}"[:80])
        try:
            return Decimal(value.strip())
        except InvalidOperation as error:  # the pattern is narrower than Decimal's own
            raise ma.ValidationError("not-a-number") from error


class Whole(ma.fields.Field[int]):
    """A whole number, as a JSON number or as digits."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
            return value
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        raise ma.ValidationError(f"not-a-whole-number: {value}"[:80])


class Truth(ma.fields.Field[bool]):
    """True or false, as JSON has them or as a form spells them, and nothing that only resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if value is True or value == "true":
            return True
        if value is False or value == "false":
            return False
        raise ma.ValidationError("not-true-or-false")


class Day(ma.fields.Field[date]):
    """A calendar date, YYYY-MM-DD."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        try:
            found = date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise ma.ValidationError(f"not-a-date: {value}"[:80]) from error
        if found.isoformat() != value:
            raise ma.ValidationError(f"not-a-date: {value}"[:80])
        return found


class Instant(ma.fields.Field[Any]):
    """A time with its offset (RFC 3339); the offset is kept as the zone its author read."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[datetime, str]:
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise ma.ValidationError(f"not-a-time: {value}"[:80]) from error
        offset = found.strftime("%z")
        if not offset:
            raise ma.ValidationError("no-zone")
        try:
            instant = found.astimezone(UTC)
        except OverflowError as error:
            # The first day of the year 1 in China began in a year that does not exist.
            raise ma.ValidationError(f"not-a-time: {value}"[:80]) from error
        instant_text(instant)
        return instant, f"{offset[:3]}:{offset[3:5]}"


class OneOf(ma.fields.Field[Any]):
    """One word of a short list."""

    def __init__(self, words: tuple[Any, ...]) -> None:
        super().__init__()
        self.words = words

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        for word in self.words:
            if value == word or (isinstance(word, int) and value == str(word)):
                return word
        raise ma.ValidationError(f"not-in-list: {value}"[:80])


class Array(ma.fields.List[Any]):
    """A list, kept as a tuple."""

    default_error_messages = {"invalid": "not-a-list"}  # noqa: RUF012 -- marshmallow's own form

    def _deserialize(self, value: Any, *arguments: Any, **named: Any) -> Any:
        return tuple(super()._deserialize(value, *arguments, **named) or ())


class Replacement(ma.fields.Field[Event]):
    """An event inside a correction, with a kind of its own."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Event:
        kind = value.get("kind") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in KINDS:
            raise ma.ValidationError({"kind": ["unknown-kind"]})
        inner = {name: content for name, content in value.items() if name != "kind"}
        return cast(Event, schema_of(KINDS[kind])().load(inner))


_SIMPLE: dict[Any, Callable[[], ma.fields.Field[Any]]] = {
    str: Text,
    int: Whole,
    bool: Truth,
    Decimal: Number,
    date: Day,
    datetime: Instant,
}
