"""What registrations, crops, goods and moves are about, and what later facts say of them."""

from collections.abc import Iterator

from traceability.events import field, followup, movement, partner, processing, quality, registry
from traceability.subjects.naming import member, party, plot, product, referred, statement, touched


@touched.register
def _(event: registry.PartyRegistered, by: str) -> Iterator[str]:
    yield party(event.party)


@touched.register
def _(event: registry.PrefixLicensed, by: str) -> Iterator[str]:
    yield party(event.party)


@touched.register
def _(event: registry.ProductRegistered, by: str) -> Iterator[str]:
    yield product(by, event.product)


@touched.register
def _(event: registry.MemberRegistered, by: str) -> Iterator[str]:
    if event.member is not None:
        yield member(event.member)


@touched.register
def _(event: registry.RulesAdopted, by: str) -> Iterator[str]:
    yield "urn:jizihao:rules"


@touched.register
def _(event: field.InputBought, by: str) -> Iterator[str]:
    yield f"urn:jizihao:inputs:{by}"


@touched.register(registry.PlotRegistered)
@touched.register(field.Treated)
@touched.register(field.InputApplied)
def _(event: registry.PlotRegistered | field.Treated | field.InputApplied, by: str) -> Iterator[str]:
    yield plot(event.plot)


@touched.register
def _(event: processing.Processed, by: str) -> Iterator[str]:
    yield from (part.lot for part in event.inputs)
    yield from (made.lot for made in event.outputs)


@touched.register(processing.Packed)
@touched.register(processing.Unpacked)
def _(event: processing.Packed | processing.Unpacked, by: str) -> Iterator[str]:
    yield event.container
    yield from event.containers
    yield from (part.lot for part in event.parts)


@touched.register
def _(event: movement.Shipped, by: str) -> Iterator[str]:
    yield from (part.lot for part in event.parts)
    yield from event.containers


@touched.register
def _(event: movement.Received, by: str) -> Iterator[str]:
    yield statement(event.shipment)
    yield from (part.lot for part in event.parts)
    yield from event.containers


@touched.register(field.Harvested)
@touched.register(processing.UntracedReceived)
@touched.register(processing.CodesVoided)
@touched.register(movement.Retailed)
@touched.register(quality.Inspected)
@touched.register(quality.CertificateIssued)
@touched.register(followup.Recalled)
def _(
    event: field.Harvested
    | processing.UntracedReceived
    | processing.CodesVoided
    | movement.Retailed
    | quality.Inspected
    | quality.CertificateIssued
    | followup.Recalled,
    by: str,
) -> Iterator[str]:
    yield event.lot


@touched.register
def _(event: followup.Corrected, by: str) -> Iterator[str]:
    yield statement(event.target)
    if event.replacement is not None:
        yield from touched(event.replacement, by)


@touched.register(followup.Confirmed)
@touched.register(followup.HoldResolved)
@touched.register(followup.Erased)
def _(event: followup.Confirmed | followup.HoldResolved | followup.Erased, by: str) -> Iterator[str]:
    yield statement(event.target)


@touched.register
def _(event: partner.PartnerClaimed, by: str) -> Iterator[str]:
    yield f"urn:jizihao:event:{event.event_id}"
    if event.parent is not None:
        yield event.parent
    for items in (event.objects, event.children, event.inputs, event.outputs):
        yield from (item.uri for item in items)


@referred.register
def _(event: field.Harvested, by: str) -> Iterator[str]:
    yield product(by, event.product)
    yield from (plot(share.plot) for share in event.plots)


@referred.register
def _(event: processing.UntracedReceived, by: str) -> Iterator[str]:
    yield product(by, event.product)


@referred.register
def _(event: processing.Processed, by: str) -> Iterator[str]:
    yield from (product(by, made.product) for made in event.outputs)


@referred.register
def _(event: followup.Corrected, by: str) -> Iterator[str]:
    if event.replacement is not None:
        yield from referred(event.replacement, by)
