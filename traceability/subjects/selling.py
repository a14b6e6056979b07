"""What a record of a market, a listing or an export is about."""

from collections.abc import Iterator
from urllib.parse import quote

from traceability.events import selling
from traceability.subjects.naming import party, referred, touched


def stall(market: str, name: str) -> str:
    """Return the subject of a stall of a market."""
    return f"urn:jizihao:stall:{market}:{quote(name, safe='')}"


def listing(name: str) -> str:
    """Return the subject of a listing in a shop on the web, by its random id."""
    return f"urn:jizihao:listing:{name}"


@touched.register(selling.StallRegistered)
@touched.register(selling.StallEnded)
def _(event: selling.StallRegistered | selling.StallEnded, by: str) -> Iterator[str]:
    yield stall(by, event.stall)


@touched.register(selling.EntryChecked)
@touched.register(selling.SpotChecked)
def _(event: selling.EntryChecked | selling.SpotChecked, by: str) -> Iterator[str]:
    yield stall(by, event.stall)
    if event.lot is not None:
        yield event.lot


@touched.register
def _(event: selling.OnlineListed, by: str) -> Iterator[str]:
    yield listing(event.listing)
    yield event.lot


@touched.register
def _(event: selling.ListingEnded, by: str) -> Iterator[str]:
    yield listing(event.listing)


@touched.register
def _(event: selling.ExportDeclared, by: str) -> Iterator[str]:
    yield event.lot


@referred.register
def _(event: selling.ExportDeclared, by: str) -> Iterator[str]:
    if event.domestic_lot is not None:
        yield event.domestic_lot


@referred.register
def _(event: selling.StallRegistered, by: str) -> Iterator[str]:
    if event.vendor is not None:
        yield party(event.vendor)
