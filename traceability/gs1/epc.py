"""EPC URNs, the older names of GS1 codes, read as the elements they stand for.

    urn:epc:class:lgtin:6901234.056001.JL26-0917A      company . indicator and item . lot
                        |||||||  ||||| |
    (01) 0 6901234 56001 5                  (10) JL26-0917A

EPC Tag Data Standard 2.0, chapters 6 and 7: digits of company and reference have a fixed sum, and the check
digit, which a URN leaves out, is computed.
"""

import re
from collections.abc import Callable

from traceability.gs1.check import check_digit
from traceability.gs1.link import Link, Pair, link_of, percent_decode, wrong

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):((?:[A-Za-z0-9!'()*+,\-:;=_.]|%[0-9A-F]{2})+)")


def _digits(total: int, *parts: str) -> str:
    """Join *parts* of digits, or refuse them: they must have *total* digits together."""
    joined = "".join(parts)
    if len(joined) != total or not joined.isdecimal() or not 6 <= len(parts[0]) <= 12:
        raise wrong("not-a-code", value=joined[:80])
    return joined


def _checked(total: int, *parts: str) -> str:
    joined = _digits(total, *parts)
    return joined + check_digit(joined)


def _gtin(company: str, item: str) -> str:
    # The indicator digit stands first in a GTIN, but after the company in a URN.
    joined = item[:1] + _digits(13, company, item).replace(company + item[:1], company, 1)
    return joined + check_digit(joined)


def _sscc(company: str, reference: str) -> str:
    joined = reference[:1] + company + reference[1:]
    _digits(17, company, reference)
    return joined + check_digit(joined)


def _optional(ai: str, value: str) -> list[Pair]:
    return [(ai, value)] if value else []


def _place(company: str, place: str, extension: str) -> list[Pair]:
    # Extension "0" means: none (Tag Data Standard 7.4).
    return [("414", _checked(12, company, place)), *_optional("254", "" if extension == "0" else extension)]


def _itip(company: str, item: str, piece: str, total: str, serial: str) -> list[Pair]:
    return [("8006", _gtin(company, item) + piece + total), *_optional("21", serial)]


_SCHEMES: dict[str, Callable[..., list[Pair]]] = {
    "sgtin": lambda company, item, serial: [("01", _gtin(company, item)), *_optional("21", serial)],
    "lgtin": lambda company, item, lot: [("01", _gtin(company, item)), *_optional("10", lot)],
    "upui": lambda company, item, serial: [("01", _gtin(company, item)), *_optional("235", serial)],
    "itip": _itip,
    "sscc": lambda company, reference: [("00", _sscc(company, reference))],
    "sgln": _place,
    "pgln": lambda company, party: [("417", _checked(12, company, party))],
    "grai": lambda company, kind, serial: [("8003", "0" + _checked(12, company, kind) + serial)],
    "giai": lambda company, asset: [("8004", company + asset)],
    "gsrn": lambda company, reference: [("8018", _checked(17, company, reference))],
    "gsrnp": lambda company, reference: [("8017", _checked(17, company, reference))],
    "gdti": lambda company, kind, serial: [("253", _checked(12, company, kind) + serial)],
    "sgcn": lambda company, kind, serial: [("255", _checked(12, company, kind) + serial)],
    "cpi": lambda company, part, serial: [("8010", company + part), *_optional("8011", serial)],
    "ginc": lambda company, reference: [("401", company + reference)],
    "gsin": lambda company, reference: [("402", _checked(16, company, reference))],
}
_PARTS = {"sscc": 2, "pgln": 2, "giai": 2, "gsrn": 2, "gsrnp": 2, "ginc": 2, "gsin": 2, "itip": 5}
_PATTERNS = frozenset({"sgtin", "grai", "gdti", "sgcn", "cpi", "itip", "upui"})


def parse_urn(text: str) -> Link:
    """Read an EPC URN; a pattern ("….*") stands for the kind without its serial."""
    found = _URN.fullmatch(text)
    if found is None or not _is_scheme(found[1], found[2]):
        raise wrong("not-a-code", value=text[:80])
    form, scheme, body = found.groups()
    parts = _split(body, _PARTS.get(scheme, 3))
    if form == "idpat":
        if parts[-1] != "*":
            raise wrong("not-a-code", value=text[:80])
        parts[-1] = ""
    elif parts[-1] == "" and scheme != "pgln":
        raise wrong("not-a-code", value=text[:80])
    return link_of(_SCHEMES[scheme](*(percent_decode(part) for part in parts)))


def _is_scheme(form: str, scheme: str) -> bool:
    if form == "class":
        return scheme == "lgtin"
    if form == "idpat":
        return scheme in _PATTERNS
    return scheme in _SCHEMES and scheme != "lgtin"


def _split(body: str, many: int) -> list[str]:
    """Split *body* at its first points: a serial may hold more of them."""
    parts = body.split(".", many - 1)
    if len(parts) != many or not parts[0].isdecimal():
        raise wrong("not-a-code", value=body[:80])
    return parts
