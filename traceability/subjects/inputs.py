"""What a change of the shelf is about: the party's inputs, like a purchase."""

from collections.abc import Iterator

from traceability.events import inputs
from traceability.subjects.naming import touched


@touched.register
def _(event: inputs.InputAdjusted, by: str) -> Iterator[str]:
    yield f"urn:jizihao:inputs:{by}"
