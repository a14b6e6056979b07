"""Rights and honours are told by an office of the place; a story is told of one's own goods or mark."""

from collections.abc import Iterator

from traceability.answering import answers_for
from traceability.errors import Breach
from traceability.events import Event, credentials
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.areas import AREAS
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(
    credentials.GiUserAuthorised,
    credentials.GiUserWithdrawn,
    credentials.CredentialRecorded,
    credentials.CredentialWithdrawn,
    credentials.StoryTold,
)
def right_unfounded(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a right, an honour or a story that its author cannot speak of."""
    if isinstance(event, credentials.GiUserAuthorised | credentials.GiUserWithdrawn):
        yield from _office_of(event.party, past)
        # Which indications there are is reference data: one that it lacks is for somebody to look at.
        if event.gi not in {each.gi for each in rules.rows(AREAS)}:
            yield Breach("gi-unknown", HOUSE, (("gi", event.gi),), level="warn")
    elif isinstance(event, credentials.CredentialRecorded):
        yield from _recorded(event, past)
    elif isinstance(event, credentials.CredentialWithdrawn):
        if past.brands.credential_party is None:
            yield Breach("credential-unknown", HOUSE, (("credential", event.credential),))
        else:
            yield from _office_of(past.brands.credential_party, past)
    elif isinstance(event, credentials.StoryTold) and event.mark is not None:
        mark = past.brands.marks.get(event.mark)
        if mark is None or mark.owner != past.by:
            yield Breach("mark-not-yours", HOUSE, (("mark", event.mark),))


def _office_of(party: str, past: Past) -> Iterator[Breach]:
    division = past.brands.party_divisions.get(party)
    if division is None:
        yield Breach("licence-party-unknown", HOUSE, (("party", party),))
    elif not answers_for("", (division,), past):
        yield Breach("right-not-yours", HOUSE, (("party", party),))


def _recorded(event: credentials.CredentialRecorded, past: Past) -> Iterator[Breach]:
    yield from _office_of(event.party, past)
    if past.brands.credential_party not in {None, event.party}:
        yield Breach("credential-taken", HOUSE, (("credential", event.credential),))
    if event.year > event.day.year:
        yield Breach("credential-early", HOUSE, (("year", str(event.year)),))
    if event.product is not None and past.brands.commodities.get(event.product) is None:
        yield Breach("licence-product-unknown", HOUSE, (("product", event.product),))
