"""A GS1 Digital Link: the elements of a code written as a web address, by any host.

    https://any.host/leading/path / 01/06901234560015 / 10/JL26-0917A ? 17=271001 & lang=zh
                                    key               qualifiers        attributes  not GS1's: ignored

GS1 Digital Link URI Syntax 1.6.0. The canonical form stands under https://id.gs1.org. Shortened GTINs,
names in place of numbers ("gtin", "lot") and trailing slashes, which older editions allowed, are refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from traceability.errors import Invalid, Problem
from traceability.gs1.element import ELEMENTS, KEYS, PATH_ONLY, has_preset_length

CANONICAL = "https://id.gs1.org"

Pair = tuple[str, str]

_ADDRESS = re.compile(
    r"(?:https?|HTTPS?)://[A-Za-z0-9._-]+(?::[0-9]{1,5})?(/[^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL
)
# RFC 3986 leaves these to nobody: an address that holds one is no address.
_NO_ADDRESS = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_RESERVED = re.compile(r"[^A-Za-z0-9\-._~]")
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^(]+)")


def wrong(code: str, **facts: str) -> Invalid:
    """Return the error that says why a code is none."""
    return Invalid(Problem("lot", code, tuple(sorted(facts.items()))))


@dataclass(frozen=True, slots=True)
class Link:
    """A key, its qualifiers in order, and attributes that describe but do not identify."""

    path: tuple[Pair, ...]
    attributes: tuple[Pair, ...] = ()

    @property
    def uri(self) -> str:
        """The canonical address of the thing itself, without attributes."""
        return CANONICAL + "".join(f"/{ai}/{percent_encode(value)}" for ai, value in self.path)

    @property
    def full(self) -> str:
        """The canonical address with its attributes, those of a preset length first."""
        ordered = sorted(self.attributes, key=lambda pair: not has_preset_length(pair[0]))
        query = "&".join(f"{ai}={percent_encode(value, query=True)}" for ai, value in ordered)
        return f"{self.uri}?{query}" if query else self.uri


def percent_encode(text: str, *, query: bool = False) -> str:
    """Write *text* with all but RFC 3986's unreserved characters escaped."""
    escaped = _RESERVED.sub(lambda found: f"%{ord(found[0]):02X}", text)
    return escaped.replace("%20", "+") if query else escaped


def percent_decode(text: str, *, query: bool = False) -> str:
    """Read escapes as single bytes; what only looks like an escape stands for itself."""
    spaced = text.replace("+", " ") if query else text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), spaced)


def parse_address(text: str) -> Link:
    """Read a web address of any host."""
    found = _ADDRESS.fullmatch(text)
    if found is None or _NO_ADDRESS.search(text):
        raise wrong("not-a-code", value=text[:80])
    return parse_path(found[1], found[2] or "")


def parse_path(path: str, query: str = "", *, from_start: bool = False) -> Link:
    """Read the path and query of an address; with *from_start* nothing stands before the key."""
    pairs = _pairs_from_key(path, from_start=from_start)
    qualifiers = tuple((ai, percent_decode(value)) for ai, value in pairs)
    attributes = tuple(_attributes(query))
    return link_of(qualifiers, attributes)


def _pairs_from_key(path: str, *, from_start: bool) -> list[Pair]:
    """Walk back from the end over identifiers to a key: what stands before it is the host's affair."""
    segments = path.split("/")[1:]
    pairs: list[Pair] = []
    while len(segments) >= 2 and segments[-2] in ELEMENTS:
        *segments, ai, value = segments
        if value == "":
            raise wrong("gs1-value", ai=ai, value="")
        pairs.insert(0, (ai, value))
        if ai in KEYS:
            if from_start and segments:
                break
            return pairs
    raise wrong("not-a-code", value=path[:80])


def _attributes(query: str) -> Iterable[Pair]:
    for part in query.split("&"):
        ai, _, value = part.partition("=")
        if not ai.isdecimal():
            continue
        if ai not in ELEMENTS or ai in PATH_ONLY:
            raise wrong("gs1-element", ai=ai)
        yield ai, percent_decode(value, query=True)


def parse_element_string(text: str) -> Link:
    """Read "(01)06901234560015(10)JL26-0917A", in any order; one element may be told twice alike."""
    pairs = list(dict.fromkeys(_bracketed(text)))
    key = next((ai for ai, _ in pairs if ai in KEYS), None)
    if key is None:
        raise wrong("gs1-key", value=text[:80])
    values = dict(pairs)
    sequence = max(KEYS[key], key=lambda names: sum(name in values for name in names))
    path = [(key, values[key]), *((name, values[name]) for name in sequence if name in values)]
    return link_of(path, [pair for pair in pairs if pair not in path])


def _bracketed(text: str) -> Iterable[Pair]:
    at = 0
    for found in _ELEMENT.finditer(text):
        if found.start() != at:
            break
        yield found[1], found[2]
        at = found.end()
    if at != len(text):
        raise wrong("not-a-code", value=text[:80])


def link_of(path: Sequence[Pair], attributes: Sequence[Pair] = ()) -> Link:
    """Return the link of *path* (key first) and *attributes*, each value fit, all of them fit together."""
    told = [*path, *attributes]
    for ai, value in told:
        if ai not in ELEMENTS or (ai in PATH_ONLY and (ai, value) not in path):
            raise wrong("gs1-element", ai=ai)
        if not ELEMENTS[ai].fits(value):
            raise wrong("gs1-value", ai=ai, value=value[:90])
    names = [ai for ai, _ in told]
    if len(set(names)) != len(names):
        raise wrong("gs1-twice", ai=next(ai for ai in names if names.count(ai) > 1))
    _check_order([ai for ai, _ in path], [ai for ai, _ in attributes])
    _check_company(dict(told))
    return Link(tuple(path), tuple(attributes))


def _stands(sequence: Sequence[str], names: Sequence[str]) -> bool:
    return list(names) == [name for name in sequence if name in names]


def _check_order(path: Sequence[str], attributes: Sequence[str]) -> None:
    """Qualifiers stand in order, and what could stand in the path does not stand in the query."""
    key, *qualifiers = path
    sequences = [sequence for sequence in KEYS[key] if _stands(sequence, qualifiers)]
    if not sequences:
        raise wrong("gs1-order", value="/".join(path))
    for ai in attributes:
        if any(ai in sequence for sequence in sequences):
            raise wrong("gs1-order", ai=ai)


def _check_company(values: dict[str, str]) -> None:
    """Each element has the others that it needs, and none that it bars."""
    for ai in values:
        element = ELEMENTS[ai]
        if element.needs and not any(group <= values.keys() for group in element.needs):
            raise wrong(
                "gs1-company", ai=ai, needs=" ".join(sorted("+".join(sorted(g)) for g in element.needs))
            )
        for barred in sorted(element.bars & values.keys()):
            raise wrong("gs1-company", ai=ai, bars=barred)
    # A signature covers one thing, not a kind of thing: the serial part must be there (AI 8030).
    kinds = {"253": 13, "255": 13, "8003": 14}
    if "8030" in values and any(len(values.get(ai, "")) == length for ai, length in kinds.items()):
        raise wrong("gs1-company", ai="8030", needs="serial")
