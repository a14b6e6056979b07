"""What a record of a journey, a temperature or an outsider is about."""

from collections.abc import Iterator

from traceability.events import moving
from traceability.subjects.naming import product, referred, statement, touched


def counterparty(name: str) -> str:
    """Return the subject of somebody outside the ledger, by its random id."""
    return f"urn:jizihao:counterparty:{name}"


@touched.register
def _(event: moving.CounterpartyNoted, by: str) -> Iterator[str]:
    yield counterparty(event.counterparty)


@touched.register
def _(event: moving.KeepingDeclared, by: str) -> Iterator[str]:
    yield product(by, event.product)


@touched.register
def _(event: moving.Carried, by: str) -> Iterator[str]:
    yield statement(event.shipment)
    yield from event.lots


@touched.register
def _(event: moving.TemperatureLogged, by: str) -> Iterator[str]:
    yield from event.lots


@referred.register
def _(event: moving.TemperatureLogged, by: str) -> Iterator[str]:
    if event.shipment is not None:
        yield statement(event.shipment)
