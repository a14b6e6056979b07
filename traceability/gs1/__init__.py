"""Names of lots, packs, pallets, products and places, and the one spelling of each.

https://any.host/01/06901234560015/10/JL26-0917A     a web address with GS1's numbers, by any host
/01/06901234560015/10/JL26-0917A                     its path
(01)06901234560015(10)JL26-0917A                     as printed below a bar code
urn:epc:class:lgtin:6901234.056001.JL26-0917A        as older EPCIS events have it
        → https://id.gs1.org/01/06901234560015/10/JL26-0917A

{our address}/lot/{party}/{product}/{lot}[/{serial}] for who has no licence of a GS1 prefix
        → /lot/{party}/{product}/{lot}[/{serial}]
"""

import re
from dataclasses import dataclass
from typing import Literal

from traceability.errors import Invalid
from traceability.gs1.check import check_digit, check_digit_holds
from traceability.gs1.epc import parse_urn
from traceability.gs1.link import Link, parse_address, parse_element_string, parse_path, wrong

__all__ = [
    "Identifier",
    "Invalid",
    "Kind",
    "address",
    "canonical",
    "check_digit",
    "check_digit_holds",
    "lot_of",
    "own_lot",
    "parse",
]

Kind = Literal["lot", "serial", "container", "place", "product", "own-lot", "other"]

LONGEST = 2000

_PARTY = r"(?=[a-z0-9-]{1,30}(?:/|$))[a-z0-9](?:-?[a-z0-9])*"
# A lot of points only would be eaten by whoever tidies paths (RFC 3986, 5.2.4).
_LOT = r"(?!\.+(?:/|$))[A-Za-z0-9._-]{1,20}"
_OWN_LOT = re.compile(rf"/lot/({_PARTY})/({_PARTY})/({_LOT})(?:/({_LOT}))?")
_OWN_PLACE = re.compile(r"/place/[a-z0-9](?:-?[a-z0-9]){0,39}")

_KINDS: dict[str, Kind] = {"00": "container", "8003": "container", "414": "place"}


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a code names. *uri* is its one spelling; one of our own starts with "/"."""

    kind: Kind
    uri: str
    gtin: str | None = None
    party: str | None = None
    product: str | None = None
    lot: str | None = None
    serial: str | None = None
    link: Link | None = None

    @property
    def lot_uri(self) -> str | None:
        """The lot itself, where this is a lot or a pack of one."""
        if self.lot is None:
            return None
        if self.gtin is None:
            return own_lot(self.party or "", self.product or "", self.lot)
        return Link((("01", self.gtin), ("10", self.lot))).uri


def parse(text: str, base_url: str | None = None) -> Identifier:
    """Read *text* as a code, or raise `Invalid`. *base_url* is our own public address, "https://host[/path]"."""
    if len(text) > LONGEST:
        raise wrong("not-a-code", value=text[:80])
    if text.startswith("("):
        return _of_link(parse_element_string(text))
    if text.startswith("urn:"):
        return _of_link(parse_urn(text))
    if text.startswith("/"):
        return _of_path(text)
    path = _own_path(text, base_url)
    return _of_link(parse_address(text)) if path is None else _of_path(path)


def _own_path(text: str, base_url: str | None) -> str | None:
    """Return what follows *base_url* in *text*, if that is one of our own names; hosts ignore case."""
    if base_url is None:
        return None
    base = base_url.rstrip("/")
    path = text[len(base) :]
    is_ours = text[: len(base)].casefold() == base.casefold() and path.startswith(("/lot/", "/place/"))
    return path if is_ours else None


def _of_path(text: str) -> Identifier:
    path, query = (text.partition("#")[0] + "?").split("?")[:2]
    if (own := _OWN_LOT.fullmatch(path)) is not None:
        party, product, lot, serial = own.groups()
        kind: Kind = "own-lot" if serial is None else "serial"
        return Identifier(kind, path, party=party, product=product, lot=lot, serial=serial)
    if _OWN_PLACE.fullmatch(path):
        return Identifier("place", path)
    return _of_link(parse_path(path, query, from_start=True))


def _of_link(link: Link) -> Identifier:
    values = dict(link.path)
    gtin, lot, serial = values.get("01"), values.get("10"), values.get("21")
    return Identifier(
        _kind(link.path[0][0], lot=lot, serial=serial, extension=values.get("235")),
        link.uri,
        gtin=gtin,
        lot=lot if gtin else None,
        serial=serial,
        link=link,
    )


def _kind(key: str, *, lot: str | None, serial: str | None, extension: str | None) -> Kind:
    if key not in {"01", "8006"}:
        return _KINDS.get(key, "other")
    if serial or extension:
        return "serial"
    return "lot" if lot else "product"


def own_lot(party: str, product: str, lot: str) -> str:
    """Return the name of a lot without GTIN."""
    return f"/lot/{party}/{product}/{lot}"


def canonical(uri: str, base_url: str | None = None) -> str:
    """Return the one spelling of *uri* if it is a code, else *uri*: partners have names of their own."""
    try:
        return parse(uri, base_url).uri
    except Invalid:
        return uri


def lot_of(uri: str) -> str:
    """Return the lot that *uri* is a pack of, else *uri* itself."""
    try:
        return parse(uri).lot_uri or uri
    except Invalid:
        return uri


def address(uri: str, base_url: str) -> str:
    """Return *uri* as an answer tells it: our own names under *base_url*, GS1's under id.gs1.org."""
    return base_url.rstrip("/") + uri if uri.startswith("/") else uri
