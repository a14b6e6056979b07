"""What a record is about: the names under which its entry is found again, and linked to what came before.

An entry *touches* a subject when it becomes the newest entry of that subject; it *refers* to one when it
relies on the subject's newest entry without becoming it. Both are links; so a harvest is bound to every
treatment of its plot, and a statement to its key not having been revoked before it.

    https://id.gs1.org/01/…/10/…      a lot under a licensed GTIN
    /lot/<party>/<product>/<lot>      another lot
    https://id.gs1.org/00/…           a container
    urn:jizihao:…                     party:<id>, product:<party>:<id>, member:<id>, plot:<id>,
                                      key:<hex SHA-256>, statement:<hex digest>
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from traceability.events import Event, field, followup, movement, partner, processing, quality, registry


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects that one record touches, and those that it refers to."""

    touched: frozenset[str]
    referred: frozenset[str]


def key(key_id: str) -> str:
    """Return the subject of the key with this id (base64 of SHA-256)."""
    return f"urn:jizihao:key:{b64decode(key_id).hex()}"


def statement(digest: str) -> str:
    """Return the subject of the statement with this digest (hex)."""
    return f"urn:jizihao:statement:{digest}"


def plot(plot_id: str) -> str:
    """Return the subject of a plot."""
    return f"urn:jizihao:plot:{plot_id}"


def party(party_id: str) -> str:
    """Return the subject of a party."""
    return f"urn:jizihao:party:{party_id}"


def product(party_id: str, product_id: str) -> str:
    """Return the subject of a party's product."""
    return f"urn:jizihao:product:{party_id}:{product_id}"


def member(member_id: str) -> str:
    """Return the subject of a cooperative's member."""
    return f"urn:jizihao:member:{member_id}"


def of_statement(
    by: str, event: Event, key_ids: tuple[str, ...], target: tuple[str, Event] | None = None
) -> Subjects:
    """Return the subjects of a statement by *by*, signed with the keys *key_ids*.

    *target* is the author and event of the statement that this one is about: a correction touches the lots
    of what it corrects, so that whoever follows a lot meets it.
    """
    touched = set(_touched(event, by))
    if target is not None:
        touched |= set(_touched(target[1], target[0]))
    referred = {key(each) for each in key_ids} | {party(by)} | set(_referred(event, by))
    if event.member is not None:
        referred.add(member(event.member))
    return Subjects(frozenset(touched), frozenset(referred - touched))


@singledispatch
def _touched(event: Event, by: str) -> Iterator[str]:
    raise NotImplementedError(event.kind)


@_touched.register
def _(event: registry.PartyRegistered, by: str) -> Iterator[str]:
    yield party(event.party)


@_touched.register
def _(event: registry.PrefixLicensed, by: str) -> Iterator[str]:
    yield party(event.party)


@_touched.register
def _(event: registry.ProductRegistered, by: str) -> Iterator[str]:
    yield product(by, event.product)


@_touched.register
def _(event: registry.MemberRegistered, by: str) -> Iterator[str]:
    if event.member is not None:
        yield member(event.member)


@_touched.register
def _(event: registry.RulesAdopted, by: str) -> Iterator[str]:
    yield "urn:jizihao:rules"


@_touched.register
def _(event: field.InputBought, by: str) -> Iterator[str]:
    yield f"urn:jizihao:inputs:{by}"


@_touched.register(registry.PlotRegistered)
@_touched.register(field.Treated)
@_touched.register(field.InputApplied)
def _(event: registry.PlotRegistered | field.Treated | field.InputApplied, by: str) -> Iterator[str]:
    yield plot(event.plot)


@_touched.register
def _(event: processing.Processed, by: str) -> Iterator[str]:
    yield from (part.lot for part in event.inputs)
    yield from (made.lot for made in event.outputs)


@_touched.register(processing.Packed)
@_touched.register(processing.Unpacked)
def _(event: processing.Packed | processing.Unpacked, by: str) -> Iterator[str]:
    yield event.container
    yield from event.containers
    yield from (part.lot for part in event.parts)


@_touched.register
def _(event: movement.Shipped, by: str) -> Iterator[str]:
    yield from (part.lot for part in event.parts)
    yield from event.containers


@_touched.register
def _(event: movement.Received, by: str) -> Iterator[str]:
    yield statement(event.shipment)
    yield from (part.lot for part in event.parts)
    yield from event.containers


@_touched.register(field.Harvested)
@_touched.register(processing.UntracedReceived)
@_touched.register(processing.CodesIssued)
@_touched.register(processing.CodesVoided)
@_touched.register(movement.Retailed)
@_touched.register(quality.Inspected)
@_touched.register(quality.CertificateIssued)
@_touched.register(followup.Recalled)
def _(
    event: field.Harvested
    | processing.UntracedReceived
    | processing.CodesIssued
    | processing.CodesVoided
    | movement.Retailed
    | quality.Inspected
    | quality.CertificateIssued
    | followup.Recalled,
    by: str,
) -> Iterator[str]:
    yield event.lot


@_touched.register
def _(event: followup.Corrected, by: str) -> Iterator[str]:
    yield statement(event.target)
    if event.replacement is not None:
        yield from _touched(event.replacement, by)


@_touched.register(followup.Confirmed)
@_touched.register(followup.HoldResolved)
@_touched.register(followup.Erased)
def _(event: followup.Confirmed | followup.HoldResolved | followup.Erased, by: str) -> Iterator[str]:
    yield statement(event.target)


@_touched.register
def _(event: partner.PartnerClaimed, by: str) -> Iterator[str]:
    yield f"urn:jizihao:event:{event.event_id}"
    if event.parent is not None:
        yield event.parent
    for items in (event.objects, event.children, event.inputs, event.outputs):
        yield from (item.uri for item in items)


def _referred(event: Event, by: str) -> Iterator[str]:
    """Yield what the event relies on without changing it."""
    if isinstance(event, field.Harvested):
        yield product(by, event.product)
        yield from (plot(share.plot) for share in event.plots)
    elif isinstance(event, processing.UntracedReceived):
        yield product(by, event.product)
    elif isinstance(event, processing.Processed):
        yield from (product(by, made.product) for made in event.outputs)
    elif isinstance(event, followup.Corrected) and event.replacement is not None:
        yield from _referred(event.replacement, by)
