"""What is offered on the web is there, may be sold, and shows its certificate where it needs one."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, selling
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.rules.about import about
from traceability.rules.amounts import held, holder
from traceability.rules.clauses import CERTIFICATE, HOUSE


@about(selling.OnlineListed, selling.ListingEnded)
def wrongly_listed(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a listing of goods that are not the lister's, or lack a certificate they need."""
    listing = past.selling.listing
    if isinstance(event, selling.OnlineListed):
        if listing is not None:
            yield Breach("listing-exists", HOUSE, (("listing", event.listing),))
        yield from _offered(event, past, rules)
    elif isinstance(event, selling.ListingEnded):
        if listing is None or listing.ended:
            yield Breach("unknown-listing", HOUSE, (("listing", event.listing),))
        elif listing.by != holder(past):
            yield Breach("not-your-listing", HOUSE, (("listing", event.listing),))


def _offered(event: selling.OnlineListed, past: Past, rules: RuleSet) -> Iterator[Breach]:
    lot = past.lots.get(event.lot)
    if lot is None:
        yield Breach("unknown-lot", HOUSE, (("lot", event.lot),))
        return
    if held(lot, past) <= 0:
        yield Breach("not-held", HOUSE, (("lot", lot.lot),))
    if not past.selling.certified and _needs_certificate(lot, event, rules):
        yield Breach("listed-without-certificate", CERTIFICATE, (("lot", lot.lot),))


def _needs_certificate(lot: KnownLot, event: Event, rules: RuleSet) -> bool:
    if lot.product is None:
        return False
    day = event.day if lot.born_at is None else legal_day(lot.born_at)
    return rules.requires_certificate(lot.product.commodity, day) is True
