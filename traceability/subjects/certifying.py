"""What certificates are about: the lot, the party, and the certificate that a later word changes."""

from collections.abc import Iterator

from traceability.events import certifying, quality
from traceability.subjects.naming import party, plot, referred, statement, touched


@touched.register(certifying.CertificateCollected)
@touched.register(certifying.CertificateReported)
def _(event: certifying.CertificateCollected | certifying.CertificateReported, by: str) -> Iterator[str]:
    yield event.lot


@referred.register(certifying.CertificateCollected)
@referred.register(certifying.CertificateReported)
def _(event: certifying.CertificateCollected | certifying.CertificateReported, by: str) -> Iterator[str]:
    yield statement(event.certificate)


@referred.register
def _(event: quality.CertificateIssued, by: str) -> Iterator[str]:
    yield from (statement(each) for each in event.tests)
    if event.supersedes is not None:
        yield statement(event.supersedes)


@touched.register
def _(event: certifying.SchemeCertified, by: str) -> Iterator[str]:
    yield party(event.grantee)


@touched.register(certifying.SchemeChanged)
@touched.register(certifying.SchemeBaseRegistered)
def _(event: certifying.SchemeChanged | certifying.SchemeBaseRegistered, by: str) -> Iterator[str]:
    yield statement(event.certificate)


@referred.register
def _(event: certifying.SchemeBaseRegistered, by: str) -> Iterator[str]:
    yield from (plot(each.plot) for each in event.plots)


@touched.register
def _(event: certifying.SchemeUsed, by: str) -> Iterator[str]:
    yield event.lot
    yield statement(event.certificate)
