"""What samplings, results, objections, accreditations and instruments are about."""

from collections.abc import Iterator
from urllib.parse import quote

from traceability.events import quality, testing
from traceability.subjects.naming import party, referred, statement, touched


def instrument(party_id: str, name: str) -> str:
    """Return the subject of a party's instrument, whatever it is called."""
    return f"urn:jizihao:instrument:{party_id}:{quote(name, safe='')}"


@touched.register
def _(event: testing.Sampled, by: str) -> Iterator[str]:
    yield event.lot


@referred.register
def _(event: quality.Inspected, by: str) -> Iterator[str]:
    if event.retest_of is not None:
        yield statement(event.retest_of)


@touched.register(testing.ResultNotified)
@touched.register(testing.Objected)
def _(event: testing.ResultNotified | testing.Objected, by: str) -> Iterator[str]:
    yield statement(event.inspection)


@referred.register
def _(event: testing.ResultNotified, by: str) -> Iterator[str]:
    yield party(event.party)


@touched.register
def _(event: testing.RetestOrdered, by: str) -> Iterator[str]:
    yield statement(event.objection)


@touched.register
def _(event: testing.LaboratoryAccredited, by: str) -> Iterator[str]:
    yield party(event.party)


@touched.register
def _(event: testing.AccreditationChanged, by: str) -> Iterator[str]:
    yield statement(event.accreditation)


@touched.register(testing.InstrumentRegistered)
@touched.register(testing.Calibrated)
def _(event: testing.InstrumentRegistered | testing.Calibrated, by: str) -> Iterator[str]:
    yield instrument(by, event.instrument)
