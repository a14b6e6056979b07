"""What is touched by what a grower plans and does on a plot."""

from collections.abc import Iterator

from traceability.events import growing
from traceability.subjects.naming import plot, product, referred, touched


def protocols_of(party_id: str) -> str:
    """Return the name under which the protocols of a party are found."""
    return f"urn:jizihao:protocols:{party_id}"


@touched.register
def _(event: growing.ProtocolAdopted, by: str) -> Iterator[str]:
    yield protocols_of(by)
    yield from (plot(each) for each in event.plots)


@referred.register
def _(event: growing.ProtocolAdopted, by: str) -> Iterator[str]:
    if event.product is not None:
        yield product(by, event.product)


@touched.register
def _(event: growing.FieldWorked, by: str) -> Iterator[str]:
    yield plot(event.plot)
