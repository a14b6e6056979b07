"""What the life of pack codes is about: the lot whose codes they are, and the roll of their labels."""

from collections.abc import Iterator

from traceability.events import processing, release
from traceability.subjects.naming import product, referred, touched

SCANS = "urn:jizihao:scans"


@touched.register
def _(event: processing.CodesIssued, by: str) -> Iterator[str]:
    yield event.lot
    if event.roll is not None:
        yield event.roll


@touched.register
def _(event: release.CodesPrepared, by: str) -> Iterator[str]:
    yield event.roll


@touched.register(release.CodesActivated)
@touched.register(release.CodesSold)
@touched.register(release.CodesRecalled)
def _(event: release.CodesActivated | release.CodesSold | release.CodesRecalled, by: str) -> Iterator[str]:
    yield event.lot


@touched.register
def _(event: release.ScansCounted, by: str) -> Iterator[str]:
    yield SCANS


@referred.register
def _(event: release.CodesPrepared, by: str) -> Iterator[str]:
    yield product(by, event.product)
