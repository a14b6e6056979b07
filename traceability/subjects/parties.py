"""Who a step of the register is about: the party, so that whoever follows it meets the step."""

from collections.abc import Iterator

from traceability.events import parties
from traceability.subjects.naming import party, touched


@touched.register(parties.PartyVerified)
@touched.register(parties.PartySuspended)
@touched.register(parties.PartyResumed)
@touched.register(parties.PartyEnded)
def _(
    event: parties.PartyVerified | parties.PartySuspended | parties.PartyResumed | parties.PartyEnded, by: str
) -> Iterator[str]:
    yield party(event.party)
