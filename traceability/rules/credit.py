"""Whoever is put on the list of serious dishonesty, or leaves it, is so for facts and for a term."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, credit
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE
from traceability.scope import covers


@about(
    credit.DishonestyListed,
    credit.DishonestyRepaired,
    credit.DishonestyLifted,
    credit.CreditObjected,
    credit.CreditRepaired,
    credit.CreditObjectionDecided,
)
def unfounded(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a word on somebody's credit that rests on nothing, or on nothing that stands."""
    match event:
        case credit.DishonestyListed():
            yield from _listed(event, past)
        case credit.DishonestyRepaired() | credit.DishonestyLifted():
            yield from _ended(event, past)
        case credit.CreditObjected():
            yield from _about((event.target,), past)
        case credit.CreditRepaired():
            yield from _about((event.target,), past)
            yield from _elsewhere(event.party, past)
        case credit.CreditObjectionDecided():
            yield from _decided(event, past)


def _about(targets: tuple[str, ...], past: Past) -> Iterator[Breach]:
    for target in targets:
        known = past.credit.about.get(target)
        if known is None:
            yield Breach("unknown-statement", HOUSE, (("target", target),))
        elif known.void:
            yield Breach("already-void", HOUSE, (("target", target),))


def _elsewhere(party: str, past: Past) -> Iterator[Breach]:
    """Yield a breach where the party of whose credit an office speaks is another division's."""
    division, office = past.credit.division, past.parties.get(past.by)
    if division is not None and office is not None and not covers(office.division, division):
        yield Breach("another-division", HOUSE, (("party", party), ("division", division)))


def _listed(event: credit.DishonestyListed, past: Past) -> Iterator[Breach]:
    if past.credit.division is None:
        yield Breach("unknown-party", HOUSE, (("party", event.party),))
    yield from _elsewhere(event.party, past)
    if past.credit.listed:
        yield Breach("already-listed", HOUSE, (("party", event.party),))
    yield from _about(event.facts, past)


def _ended(event: credit.DishonestyRepaired | credit.DishonestyLifted, past: Past) -> Iterator[Breach]:
    known, listing = past.credit.about.get(event.target), past.credit.listing
    if known is None or listing is None:
        yield Breach("not-a-listing", HOUSE, (("target", event.target),))
        return
    yield from _about((event.target,), past)
    yield from _elsewhere(listing.party, past)
    if past.credit.ended:
        yield Breach("listing-has-ended", HOUSE, (("target", event.target),))
    last = event.since if isinstance(event, credit.DishonestyRepaired) else event.day
    if not listing.since <= last <= listing.until:
        facts = (("since", listing.since.isoformat()), ("until", listing.until.isoformat()))
        yield Breach("outside-the-term", HOUSE, facts)


def _decided(event: credit.CreditObjectionDecided, past: Past) -> Iterator[Breach]:
    known = past.credit.about.get(event.target)
    if known is None or not isinstance(known.event, credit.CreditObjected):
        yield Breach("not-an-objection", HOUSE, (("target", event.target),))
        return
    yield from _about((event.target,), past)
    yield from _elsewhere(known.by, past)
    if past.credit.decided:
        yield Breach("objection-has-its-answer", HOUSE, (("target", event.target),))
    if known.by == past.by:
        yield Breach("own-statement", HOUSE, (("by", past.by),))
