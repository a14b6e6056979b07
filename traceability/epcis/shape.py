"""What a member of an EPCIS document may be: small checks, which `form` puts together as the standard does.

A check looks at a value and yields what is wrong with it; *where* is the path:

    epcisBody.eventList[3].eventTime
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from traceability.epcis.strictjson import Json, dumps
from traceability.errors import Problem

Check = Callable[[Json, str], Iterator[Problem]]

# RFC 3986, with a scheme. Brackets are for IP literals, and only there.
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:"
    r"(?://(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2}|\[[0-9A-Fa-f:.]+\])*(?=[/?#]|$))?"
    r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*"
    r"(?:\?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?"
)
# RFC 3339.
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_OLD_WORDS = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_WEB_WORDS = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")


def shown(value: Json) -> str:
    """Return *value* as an error tells it."""
    return (str(value) if isinstance(value, str | Decimal) else dumps(value))[:80]


def _not(code: str, value: Json, where: str) -> Iterator[Problem]:
    yield Problem(where, code, (("value", shown(value)),))


def is_uri(value: Json) -> bool:
    """Tell whether *value* is a URI with a scheme; a CURIE has the same form."""
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def moment(text: str) -> datetime:
    """Return the instant that *text* names, with its offset; beyond a millionth of a second it is cut."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time with its zone: {text}")
    return datetime.fromisoformat(text.upper())


def anything(_value: Json, _where: str) -> Iterator[Problem]:
    """Accept any value."""
    return iter(())


def text(value: Json, where: str) -> Iterator[Problem]:
    """Want a string."""
    return iter(()) if isinstance(value, str) else _not("not-text", value, where)


def number(value: Json, where: str) -> Iterator[Problem]:
    """Want a number, not a string of digits."""
    right = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return iter(()) if right else _not("not-a-number", value, where)


def boolean(value: Json, where: str) -> Iterator[Problem]:
    """Want true or false."""
    return iter(()) if isinstance(value, bool) else _not("not-true-or-false", value, where)


def uri(value: Json, where: str) -> Iterator[Problem]:
    """Want a URI."""
    return iter(()) if is_uri(value) else _not("not-a-uri", value, where)


def time(value: Json, where: str) -> Iterator[Problem]:
    """Want a date and time with its zone."""
    try:
        moment(value if isinstance(value, str) else "").astimezone(UTC)
    except (ValueError, OverflowError):
        yield from _not("not-a-time", value, where)


def pattern(expression: str, code: str) -> Check:
    """Want text of a certain form."""
    compiled = re.compile(expression)

    def check(value: Json, where: str) -> Iterator[Problem]:
        right = isinstance(value, str) and compiled.fullmatch(value)
        return iter(()) if right else _not(code, value, where)

    return check


def word(words: Collection[str], barred: re.Pattern[str] = _OLD_WORDS) -> Check:
    """Want one of the bare *words*, or a URI that is not an older spelling of one."""

    def check(value: Json, where: str) -> Iterator[Problem]:
        if isinstance(value, str) and (value in words or (is_uri(value) and not barred.match(value))):
            return iter(())
        return _not("unknown-word", value, where)

    return check


def web_word(words: Collection[str]) -> Check:
    """Want one of the bare *words*, or a URI that is not of GS1's web vocabulary."""
    return word(words, _WEB_WORDS)


def many(check_one: Check, *, least: int = 0, unique: bool = False) -> Check:
    """Want a list of things that pass *check_one*."""

    def check(value: Json, where: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield from _not("not-a-list", value, where)
            return
        if len(value) < least:
            yield Problem(where, "too-few", (("least", str(least)),))
        if unique and len({dumps(each) for each in value}) < len(value):
            yield Problem(where, "item-twice")
        for position, each in enumerate(value):
            yield from check_one(each, f"{where}[{position}]")

    return check


def either(*checks: Check) -> Check:
    """Want what passes one of *checks*; the problems told are those of the first."""

    def check(value: Json, where: str) -> Iterator[Problem]:
        found = [list(each(value, where)) for each in checks]
        return iter(()) if [] in found else iter(found[0])

    return check


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its members, those it must have, and whether others may stand beside them.

    *others* "uri": names that are URIs or CURIEs (extensions); "any": any name; "none".
    """

    members: Mapping[str, Check]
    required: tuple[str, ...] = ()
    others: str = "uri"

    def __call__(self, value: Json, where: str) -> Iterator[Problem]:
        """Want such an object."""
        if not isinstance(value, dict):
            yield from _not("not-an-object", value, where)
            return
        for name in self.required:
            if name not in value:
                yield Problem(joined(where, name), "missing")
        for name, each in value.items():
            if name in self.members:
                yield from self.members[name](each, joined(where, name))
            elif self.others == "none" or (self.others == "uri" and not is_uri(name)):
                yield Problem(joined(where, name), "unknown-member")


def joined(where: str, name: str) -> str:
    """Return the path of the member *name* of what stands at *where*."""
    return f"{where}.{name}" if where else name
