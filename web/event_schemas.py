"""Events as JSON Schema, made from their classes by reflection: as they are told, and as they are signed.

told      times with any offset, decimals as people write them, private words in the clear
signed    the one spelling of the log, private words sealed (docs/formats.md)
"""

import inspect
import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from traceability.events import KINDS, Event
from traceability.schema import LONGEST_TEXT

Json = dict[str, Any]
Form = Literal["told", "signed"]
FORMS: tuple[Form, Form] = ("told", "signed")
TOLD_DECIMAL = r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$"
SIGNED_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"
SIGNED_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"


def object_schema(*optional: str, **members: Json) -> Json:
    """Return the schema of an object with just these members, all but the *optional* ones required."""
    return {
        "type": "object",
        "properties": members,
        "required": [name for name in members if name not in optional],
        "additionalProperties": False,
    }


def array_schema(of: Json, **bounds: int) -> Json:
    """Return the schema of an array."""
    return {"type": "array", "items": of, **bounds}


def reference(name: str) -> Json:
    """Return what stands for the schema called *name*."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_events() -> Iterator[tuple[str, Json]]:
    """Yield name and schema of every kind of event, and of what stands inside, in both forms."""
    for form in FORMS:
        names = {kind: _named(of, form) for kind, of in sorted(KINDS.items())}
        mapping = {kind: f"#/components/schemas/{name}" for kind, name in names.items()}
        yield (
            _named(Event, form),
            {
                "oneOf": [reference(name) for name in names.values()],
                "discriminator": {"propertyName": "kind", "mapping": mapping},
            },
        )
        waiting: list[type[Any]] = list(KINDS.values())
        seen: set[type[Any]] = set()
        while waiting:
            of = waiting.pop()
            if of not in seen:
                seen.add(of)
                yield _named(of, form), _class(of, form)
                waiting += [each for hint in get_type_hints(of).values() for each in _nested(hint)]


def _named(of: type[Any], form: Form) -> str:
    return of.__name__ if form == "told" else f"Signed{of.__name__}"


def _nested(hint: Any) -> Iterator[type[Any]]:
    """Yield the classes of values inside a field; an event inside an event stands among the kinds already."""
    if isinstance(hint, type) and is_dataclass(hint) and hint is not Event and hint.__name__ != "Sealed":
        yield hint
    for part in get_args(hint):
        yield from _nested(part)


def _class(of: type[Any], form: Form) -> Json:
    hints = get_type_hints(of)
    members = {each.name: _member(each, hints[each.name], form) for each in fields(of)}
    optional = tuple(each.name for each in fields(of) if each.default is not MISSING)
    kind = {"kind": {"const": of.kind}} if issubclass(of, Event) else {}
    return {"description": inspect.cleandoc(of.__doc__ or ""), **object_schema(*optional, **kind, **members)}


def _member(each: Field[Any], hint: Any, form: Form) -> Json:
    if each.metadata.get("private"):
        words = {"type": "string", "maxLength": LONGEST_TEXT, "description": "Private: sealed in the log."}
        return words if form == "told" else reference("Sealed")
    return _value(hint, form)


def _value(hint: Any, form: Form) -> Json:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _value(next(part for part in get_args(hint) if part is not type(None)), form)
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is tuple:
        return array_schema(_value(get_args(hint)[0], form))
    if is_dataclass(hint):
        return reference(_named(hint, form) if isinstance(hint, type) else "")
    return dict(_SIMPLE[hint][form])


_SIMPLE: dict[Any, dict[Form, Json]] = {
    str: {form: {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT} for form in FORMS},
    int: {form: {"type": "integer"} for form in FORMS},
    bool: {form: {"type": "boolean"} for form in FORMS},
    date: {form: {"type": "string", "format": "date"} for form in FORMS},
    Decimal: {
        "told": {"type": ["string", "integer"], "pattern": TOLD_DECIMAL},
        "signed": {"type": "string", "pattern": SIGNED_DECIMAL},
    },
    datetime: {
        "told": {"type": "string", "format": "date-time"},
        "signed": {"type": "string", "pattern": SIGNED_INSTANT},
    },
}
