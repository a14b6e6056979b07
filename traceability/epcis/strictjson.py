"""JSON without its ambiguities: one meaning for every reader, and numbers as they are written.

Refused: members that stand twice, NaN and Infinity, lone surrogates, more than 64 levels, numbers of more
than 40 digits or beyond 10^±40, documents over a limit, bytes that are not UTF-8. Numbers with a point become
`Decimal`.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from traceability.errors import Invalid, Problem

Json = Any
"""dict, list, str, int, Decimal, bool or None. Its shape is for the caller to check."""

DEEPEST = 64
LONGEST = 40
LARGEST = 16 * 1024 * 1024


def wrong(code: str, where: str = "", **facts: str) -> Invalid:
    """Return the error for one place of a document."""
    return Invalid(Problem(where, code, tuple(sorted((name, text[:80]) for name, text in facts.items()))))


def loads(written: bytes, *, largest: int = LARGEST) -> Json:
    """Read *written*, or raise `Invalid`."""
    if len(written) > largest:
        raise wrong("too-large", most=str(largest))
    try:
        value = json.loads(
            written.decode("utf-8-sig"),
            object_pairs_hook=_members,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise wrong("not-json", position=str(error.start)) from None
    except json.JSONDecodeError as error:
        raise wrong("not-json", position=str(error.pos)) from None
    except RecursionError:
        raise wrong("too-deep", most=str(DEEPEST)) from None
    _check(value)
    return value


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise wrong("member-twice", next(name for name in names if names.count(name) > 1))
    return found


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise wrong("number-too-long", value=text) from None
    if len(number.as_tuple().digits) > LONGEST or not -LONGEST <= number.adjusted() <= LONGEST:
        raise wrong("number-too-long", value=text)
    return number


def _integer(text: str) -> int:
    if len(text) > LONGEST:
        raise wrong("number-too-long", value=text)
    return int(text)


def _constant(text: str) -> None:
    raise wrong("not-json", value=text)


def _check(value: Json) -> None:
    """Refuse lone surrogates and what is too deep, without recursion."""
    waiting: list[tuple[Json, int]] = [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        if isinstance(each, str):
            _check_text(each)
        elif isinstance(each, dict | list):
            if depth > DEEPEST:
                raise wrong("too-deep", most=str(DEEPEST))
            inner = [*each.keys(), *each.values()] if isinstance(each, dict) else each
            waiting.extend((part, depth + 1) for part in inner)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise wrong("lone-surrogate", value=text.encode("ascii", "backslashreplace").decode()) from None


def dumps(value: Json) -> str:
    """Spell *value* so that equal values are spelt alike: names sorted, 5 and 5.0 the same."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        # A number must not be spelt like the text of it.
        return {"#": format(value.normalize(), "f")}
    return value
