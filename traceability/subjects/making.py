"""What is touched by how makers mean to work, and by what their control points showed.

urn:jizihao:template:<party>:<template>         urn:jizihao:control-point:<party>:<point>
urn:jizihao:capacity:<party>:<process>
"""

from collections.abc import Iterator

from traceability.events import making
from traceability.subjects.naming import statement, touched


@touched.register
def _(event: making.TemplateDeclared, by: str) -> Iterator[str]:
    yield f"urn:jizihao:template:{by}:{event.template}"


@touched.register
def _(event: making.ControlPointDeclared, by: str) -> Iterator[str]:
    yield control_point(by, event.point)


@touched.register
def _(event: making.ControlMeasured, by: str) -> Iterator[str]:
    yield control_point(by, event.point)
    yield from event.lots


@touched.register
def _(event: making.CorrectiveActionTaken, by: str) -> Iterator[str]:
    yield statement(event.measurement)
    yield from event.lots


@touched.register
def _(event: making.CapacityDeclared, by: str) -> Iterator[str]:
    yield f"urn:jizihao:capacity:{by}:{event.process}"


def control_point(party: str, point: str) -> str:
    """Return the subject of a party's control point."""
    return f"urn:jizihao:control-point:{party}:{point}"
