"""What statements of marks, licences, bases, rights and honours are about.

urn:jizihao:…    mark:<id>, licence:<id>, base:<id>, gi:<name, percent-encoded>,
                 credential:<id>
"""

from collections.abc import Iterator

from traceability.events import bases, brands, credentials
from traceability.gs1.link import percent_encode
from traceability.subjects.naming import party, plot, product, referred, statement, touched


def mark(mark_id: str) -> str:
    """Return the subject of a mark."""
    return f"urn:jizihao:mark:{mark_id}"


def licence(licence_id: str) -> str:
    """Return the subject of a licence."""
    return f"urn:jizihao:licence:{licence_id}"


def base(base_id: str) -> str:
    """Return the subject of a certified base."""
    return f"urn:jizihao:base:{base_id}"


def indication(name: str) -> str:
    """Return the subject of a geographical indication."""
    return f"urn:jizihao:gi:{percent_encode(name)}"


def credential(credential_id: str) -> str:
    """Return the subject of an honour."""
    return f"urn:jizihao:credential:{credential_id}"


@touched.register(brands.MarkRegistered)
@touched.register(brands.MarkRetired)
@touched.register(brands.SeasonBasisSet)
def _(event: brands.MarkRegistered | brands.MarkRetired | brands.SeasonBasisSet, by: str) -> Iterator[str]:
    yield mark(event.mark)


@touched.register
def _(event: brands.AdmissionAssessed, by: str) -> Iterator[str]:
    yield product(event.party, event.product)


@touched.register(brands.LicenceGranted)
@touched.register(brands.LicenceSuspended)
@touched.register(brands.LicenceResumed)
@touched.register(brands.LicenceRevoked)
def _(
    event: brands.LicenceGranted | brands.LicenceSuspended | brands.LicenceResumed | brands.LicenceRevoked,
    by: str,
) -> Iterator[str]:
    yield licence(event.licence)


@touched.register
def _(event: brands.MarkApplied, by: str) -> Iterator[str]:
    yield event.lot
    # A licence's newest use is its newest entry: whoever holds it sees any use before it.
    yield licence(event.licence)
    yield from (base(each.base) for each in event.bases)


@touched.register(bases.BaseCertified)
@touched.register(bases.BaseTested)
@touched.register(bases.BaseWithdrawn)
def _(event: bases.BaseCertified | bases.BaseTested | bases.BaseWithdrawn, by: str) -> Iterator[str]:
    yield base(event.base)


@touched.register(credentials.GiUserAuthorised)
@touched.register(credentials.GiUserWithdrawn)
def _(event: credentials.GiUserAuthorised | credentials.GiUserWithdrawn, by: str) -> Iterator[str]:
    yield indication(event.gi)
    yield party(event.party)


@touched.register
def _(event: credentials.CredentialRecorded, by: str) -> Iterator[str]:
    yield credential(event.credential)
    yield party(event.party) if event.product is None else product(event.party, event.product)


@touched.register
def _(event: credentials.CredentialWithdrawn, by: str) -> Iterator[str]:
    yield credential(event.credential)


@touched.register
def _(event: credentials.StoryTold, by: str) -> Iterator[str]:
    if event.product is not None:
        yield product(by, event.product)
    else:
        yield party(by) if event.mark is None else mark(event.mark)


@referred.register
def _(event: brands.MarkRegistered, by: str) -> Iterator[str]:
    yield party(event.owner)
    if event.above is not None:
        yield mark(event.above)


@referred.register
def _(event: brands.AdmissionAssessed, by: str) -> Iterator[str]:
    yield mark(event.mark)


@referred.register
def _(event: brands.LicenceGranted, by: str) -> Iterator[str]:
    yield mark(event.mark)
    yield party(event.party)
    yield from (product(event.party, each) for each in event.products)
    if event.under is not None:
        yield licence(event.under)
    if event.assessment is not None:
        yield statement(event.assessment)


@referred.register
def _(event: brands.MarkApplied, by: str) -> Iterator[str]:
    yield mark(event.mark)


@referred.register
def _(event: bases.BaseCertified, by: str) -> Iterator[str]:
    yield mark(event.mark)
    yield party(event.party)
    yield from (plot(each) for each in event.plots)
