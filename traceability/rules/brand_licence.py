"""A licence is granted by who answers for the mark, never longer or wider than the licence it leans on."""

from collections.abc import Iterator
from datetime import timedelta

from traceability.answering import answers_for
from traceability.errors import Breach
from traceability.events import Event, brands
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.brands import KnownLicence, KnownMark
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE, QUALITY_MARKS

ASSESSED_WITHIN = timedelta(days=366)
"""An assessment admits for a year; what was measured longer ago says nothing of today's goods."""


@about(
    brands.AdmissionAssessed,
    brands.LicenceGranted,
    brands.LicenceSuspended,
    brands.LicenceResumed,
    brands.LicenceRevoked,
)
def licence_unsound(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a licence that cannot be granted so, or changed so."""
    if isinstance(event, brands.AdmissionAssessed):
        yield from _assessed(event, past)
    elif isinstance(event, brands.LicenceGranted):
        yield from _granted(event, past)
    elif isinstance(event, brands.LicenceSuspended | brands.LicenceResumed | brands.LicenceRevoked):
        yield from _changed(event, past)


def _assessed(event: brands.AdmissionAssessed, past: Past) -> Iterator[Breach]:
    mark = past.brands.marks.get(event.mark)
    if mark is None:
        yield Breach("mark-unknown", HOUSE, (("mark", event.mark),))
    elif not answers_for(mark.owner, mark.divisions, past):
        yield Breach("mark-not-yours", HOUSE, (("mark", event.mark),))
    if past.brands.commodities.get(event.product) is None:
        yield Breach("licence-product-unknown", HOUSE, (("product", event.product),))


def _granted(event: brands.LicenceGranted, past: Past) -> Iterator[Breach]:
    mark = past.brands.marks.get(event.mark)
    if event.licence in past.brands.licences:
        yield Breach("licence-taken", HOUSE, (("licence", event.licence),))
    if event.party not in past.brands.party_divisions:
        yield Breach("licence-party-unknown", HOUSE, (("party", event.party),))
    if mark is None:
        yield Breach("mark-unknown", HOUSE, (("mark", event.mark),))
        return
    if not answers_for(mark.owner, mark.divisions, past):
        yield Breach("licence-not-yours", HOUSE, (("mark", event.mark),))
    if mark.is_retired(event.since):
        yield Breach("mark-retired", HOUSE, (("mark", event.mark),))
    yield from _products(event, mark, past)
    yield from _leaning(event, mark, past)
    if mark.threshold is not None:
        yield from _admitted(event, mark, past)


def _products(event: brands.LicenceGranted, mark: KnownMark, past: Past) -> Iterator[Breach]:
    for product in event.products:
        commodity = past.brands.commodities.get(product)
        if commodity is None:
            yield Breach("licence-product-unknown", HOUSE, (("product", product),))
        elif commodity not in mark.commodities:
            facts = (("product", product), ("commodity", commodity), ("mark", mark.mark))
            yield Breach("mark-commodity-outside", QUALITY_MARKS, facts)


def _leaning(event: brands.LicenceGranted, mark: KnownMark, past: Past) -> Iterator[Breach]:
    if mark.above is None:
        if event.under is not None:
            yield Breach("licence-parent-other", HOUSE, (("licence", event.under),))
        return
    parent = past.brands.licences.get(event.under or "")
    if parent is None:
        yield Breach("licence-without-parent", HOUSE, (("mark", mark.above),))
        return
    # The owner of the mark below bears the mark above for all that it licenses, or the holder does itself.
    if parent.mark != mark.above or parent.party not in {mark.owner, event.party}:
        yield Breach("licence-parent-other", HOUSE, (("licence", parent.licence),))
    stop = parent.stopped(max(event.day, event.since))
    if stop is not None:
        yield Breach("licence-stopped", QUALITY_MARKS, (("licence", parent.licence), ("stop", stop)))
    yield from _beyond(event, parent)


def _beyond(event: brands.LicenceGranted, parent: KnownLicence) -> Iterator[Breach]:
    if event.since < parent.since or event.until > parent.until:
        facts = (("since", parent.since.isoformat()), ("until", parent.until.isoformat()))
        yield Breach("licence-longer", HOUSE, (("licence", parent.licence), *facts))
    over = event.quota_t * 1000 > parent.quota_kg
    same = parent.party == event.party and bool(parent.products)
    if over or (same and not (event.products and parent.products.issuperset(event.products))):
        yield Breach("licence-wider", HOUSE, (("licence", parent.licence),))


def _admitted(event: brands.LicenceGranted, mark: KnownMark, past: Past) -> Iterator[Breach]:
    found = past.brands.admission
    facts = (("mark", mark.mark), ("party", event.party))
    if found is None:
        yield Breach("admission-missing", HOUSE, facts)
        return
    if (found.mark, found.party, (found.product,)) != (event.mark, event.party, event.products):
        yield Breach("admission-other", HOUSE, facts)
    if event.day - found.day > ASSESSED_WITHIN:
        yield Breach("admission-stale", HOUSE, (*facts, ("day", found.day.isoformat())))
    if not mark.admits(found.scores):
        total = mark.total(found.scores)
        told = (("total", "" if total is None else format(total, "f")), ("threshold", str(mark.threshold)))
        yield Breach("admission-failed", HOUSE, (*facts, *told))


def _changed(
    event: brands.LicenceSuspended | brands.LicenceResumed | brands.LicenceRevoked, past: Past
) -> Iterator[Breach]:
    licence = past.brands.licences.get(event.licence)
    facts = (("licence", event.licence),)
    if licence is None:
        yield Breach("licence-unknown", HOUSE, facts)
        return
    mark = past.brands.marks.get(licence.mark)
    if mark is None or not answers_for(mark.owner, mark.divisions, past):
        yield Breach("licence-not-yours", HOUSE, (("mark", licence.mark),))
    stop = licence.stopped(event.day)
    if stop == "revoked":
        yield Breach("licence-ended", HOUSE, facts)
    elif isinstance(event, brands.LicenceResumed) and stop != "suspended":
        yield Breach("licence-not-suspended", HOUSE, facts)
