"""What is touched by what is said of parties' reliability: the statement it is about, and the party."""

from collections.abc import Iterator

from traceability.events import credit
from traceability.subjects.naming import party, referred, statement, touched


@touched.register(credit.CreditObjected)
@touched.register(credit.CreditObjectionDecided)
@touched.register(credit.DishonestyRepaired)
@touched.register(credit.DishonestyLifted)
@touched.register(credit.DrawMade)
def _(
    event: (
        credit.CreditObjected
        | credit.CreditObjectionDecided
        | credit.DishonestyRepaired
        | credit.DishonestyLifted
        | credit.DrawMade
    ),
    by: str,
) -> Iterator[str]:
    yield statement(event.target)


@touched.register
def _(event: credit.CreditRepaired, by: str) -> Iterator[str]:
    yield statement(event.target)
    yield party(event.party)


@touched.register
def _(event: credit.DishonestyListed, by: str) -> Iterator[str]:
    yield party(event.party)


@referred.register
def _(event: credit.DishonestyListed, by: str) -> Iterator[str]:
    yield from (statement(each) for each in event.facts)


@touched.register
def _(event: credit.DrawAnnounced, by: str) -> Iterator[str]:
    yield f"urn:jizihao:draws:{event.division}"
