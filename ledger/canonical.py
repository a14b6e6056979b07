"""The one spelling of a JSON value, so that everybody who signs or hashes a fact sees the same bytes.

The spelling is RFC 8785, over fewer values than JSON has:

    names      [A-Za-z][A-Za-z0-9_]*; directly under a member called "links" also any URI
    numbers    integers between -2^53 and 2^53, exclusive; anything finer travels as a string
    strings    NFC, without control characters, bidirectional overrides and lone surrogates
    true false [lists] {objects}, at most sixteen deep; never null: what is unknown is absent

Two ordinary kinds of string have one spelling as well:

    decimal    -?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?       "-12.5", never "-0" or "1.0"
    instant    YYYY-MM-DDTHH:MM:SS.ffffffZ              always UTC, always six digits
"""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from ledger.errors import Malformed

Json = Any
"""A value of the profile above: dict, list, str, int or bool. Its shape is for the caller to check."""

DEEPEST = 16
BEYOND = 2**53

# Printable ASCII needs no escape but for the quotation mark and the backslash, and sorts alike everywhere.
_LINK = re.compile(r"[!#-\[\]-~]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

# The way to a value: None at the top, else the way to what holds it and its name or position there.
_Way = tuple[Any, str | int] | None


def dumps(value: Json) -> bytes:
    """Spell *value* as RFC 8785 does; `Malformed` with the JSON pointer of what the profile refuses."""
    _check(value, None, 1)
    return respelt(value)


def respelt(value: Json) -> bytes:
    """Spell again what `loads` has read, or a part of it: it has been checked, and nobody changed it."""
    # Under the profile the fast library and RFC 8785 agree: no floats, and ASCII names sort alike everywhere.
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def loads(spelt: bytes) -> Json:
    """Read what `dumps` wrote, or raise `Malformed`: every second spelling of a value is refused."""
    try:
        value = orjson.loads(spelt)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON", facts={"position": error.pos}) from None
    # Spaces, escapes, another order, -0 and members that stand twice all show when it is written again.
    if dumps(value) != spelt:
        raise Malformed("JSON, but not in its one spelling")
    return value


def _check(value: Json, way: _Way, depth: int) -> None:
    kind = type(value)
    if kind is str:
        _check_string(value, way)
    elif kind is int:
        if not -BEYOND < value < BEYOND:
            raise _refusal("the integer is too large: write it as a string", way)
    elif kind is dict or kind is list:
        _check_members(value, way, depth)
    elif kind is not bool:
        raise _refusal(f"a value of this kind has no place here: {kind.__name__}", way)


def _check_members(members: Json, way: _Way, depth: int) -> None:
    if depth > DEEPEST:
        raise _refusal("nested more than sixteen deep", way)
    if type(members) is list:
        for position, item in enumerate(members):
            _check(item, (way, position), depth + 1)
        return
    is_allowed = _is_link if way is not None and way[1] == "links" else _is_name
    for name, member in members.items():
        if type(name) is not str or not is_allowed(name):
            raise _refusal("a name that is not allowed", (way, str(name)))
        # Nearly every member is such a string: two quick questions in the place of a search.
        if type(member) is not str or not member.isascii() or not member.isprintable():
            _check(member, (way, name), depth + 1)


def _is_link(text: str) -> bool:
    return _LINK.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _is_name(text: str) -> bool:
    """Whether *text* is [A-Za-z][A-Za-z0-9_]*; the names of a log are few, and come again and again."""
    return text.isascii() and text.isidentifier() and text[0] != "_"


def _check_string(text: str, way: _Way) -> None:
    if _UNSEEN.search(text):
        raise _refusal("a control character, a bidirectional override or a lone surrogate", way)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise _refusal("the text is not in Unicode normal form C", way)


def _refusal(reason: str, way: _Way) -> Malformed:
    return Malformed(reason, facts={"pointer": _pointer(way)})


def _pointer(way: _Way) -> str:
    """Spell the way to a value as a JSON pointer, RFC 6901."""
    steps: list[str] = []
    while way is not None:
        way, step = way
        steps.append(
            str(step).encode("ascii", "backslashreplace").decode().replace("~", "~0").replace("/", "~1")
        )
    return "".join(f"/{step}" for step in reversed(steps))


def decimal_text(number: Decimal) -> str:
    """Spell *number* without exponent and without zeros that say nothing."""
    if not number.is_finite():
        raise Malformed("not a finite number")
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_of(text: str) -> Decimal:
    """Read what `decimal_text` wrote."""
    if not _DECIMAL.fullmatch(text) or text == "-0":
        raise Malformed("not a decimal in its one spelling")
    return Decimal(text)


def instant_text(moment: datetime) -> str:
    """Spell an aware *moment* in UTC, with six digits after the second."""
    if moment.tzinfo is None:
        raise Malformed("a moment without its zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant_of(text: str) -> datetime:
    """Read what `instant_text` wrote."""
    if not _INSTANT.fullmatch(text):
        raise Malformed("not an instant in its one spelling")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("no such instant") from None
