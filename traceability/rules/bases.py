"""Goods of some marks are made of what certified bases grew, and of nothing else (长白山人参 brand)."""

from collections.abc import Iterator
from decimal import Decimal

from traceability.answering import answers_for, reaches
from traceability.errors import Breach
from traceability.events import Event, bases, brands
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.amounts import in_kg, text
from traceability.rules.clauses import HOUSE


@about(bases.BaseCertified, bases.BaseTested, bases.BaseWithdrawn, brands.MarkApplied)
def base_misused(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a base that cannot be certified so, or goods that did not come from their bases."""
    if isinstance(event, bases.BaseCertified):
        yield from _certified(event, past)
    elif isinstance(event, bases.BaseTested | bases.BaseWithdrawn):
        yield from _changed(event, past)
    elif isinstance(event, brands.MarkApplied):
        yield from _used(event, past)


def _certified(event: bases.BaseCertified, past: Past) -> Iterator[Breach]:
    mark = past.brands.marks.get(event.mark)
    known = past.brands.bases.get(event.base)
    if mark is None or not mark.from_bases:
        yield Breach("base-mark-unknown", HOUSE, (("mark", event.mark),))
        return
    if not answers_for(mark.owner, mark.divisions, past):
        yield Breach("base-not-yours", HOUSE, (("base", event.base),))
    if known is not None and (known.mark, known.party) != (event.mark, event.party):
        yield Breach("base-taken", HOUSE, (("base", event.base),))
    if event.party not in past.brands.party_divisions:
        yield Breach("licence-party-unknown", HOUSE, (("party", event.party),))
    if not reaches(mark.divisions, event.division):
        yield Breach("base-outside", HOUSE, (("base", event.base), ("division", event.division)))


def _changed(event: bases.BaseTested | bases.BaseWithdrawn, past: Past) -> Iterator[Breach]:
    known = past.brands.bases.get(event.base)
    if known is None:
        yield Breach("base-unknown", HOUSE, (("base", event.base),))
        return
    mark = past.brands.marks.get(known.mark)
    author = past.parties.get(past.by)
    # A laboratory tells what it found, wherever it is; a title is taken by who gave it.
    tests = isinstance(event, bases.BaseTested) and author is not None and author.role == "laboratory"
    if not tests and (mark is None or not answers_for(mark.owner, mark.divisions, past)):
        yield Breach("base-not-yours", HOUSE, (("base", event.base),))


def _used(event: brands.MarkApplied, past: Past) -> Iterator[Breach]:
    mark = past.brands.marks.get(event.mark)
    lot = past.lots.get(event.lot)
    if mark is None or not mark.from_bases or lot is None:
        return
    for share in event.bases:
        yield from _share(share, event, past)
    yield from _origins(event, past)
    raw = sum((each.raw_kg for each in event.bases), Decimal(0))
    kg = in_kg(event.amount, lot.product)
    # Ginseng only loses weight on its way; more goods than roots came from somewhere else.
    if kg is not None and event.bases and kg > raw:
        yield Breach("base-too-little", HOUSE, (("lot", event.lot), ("raw_kg", text(raw)), ("kg", text(kg))))


def _share(share: brands.BaseShare, event: brands.MarkApplied, past: Past) -> Iterator[Breach]:
    known = past.brands.bases.get(share.base)
    if known is None or known.mark != event.mark:
        yield Breach("base-unknown", HOUSE, (("base", share.base),))
        return
    stop = known.stopped(event.day)
    if stop is not None:
        yield Breach("base-stopped", HOUSE, (("base", share.base), ("stop", stop)))
    left = known.capacity_kg - known.used_kg
    if share.raw_kg > left:
        facts = (("base", share.base), ("left_kg", text(max(left, Decimal(0)))))
        yield Breach("base-overdrawn", HOUSE, facts)


def _origins(event: brands.MarkApplied, past: Past) -> Iterator[Breach]:
    named = {each.base for each in event.bases}
    for part in past.brands.origins:
        bases_here = past.brands.base_of_plot.get(part.plot or "", frozenset())
        if not named & bases_here:
            yield Breach("base-not-origin", HOUSE, (("lot", part.lot), ("bases", " ".join(sorted(named)))))
    if not past.brands.origins or not named:
        yield Breach("base-missing", HOUSE, (("lot", event.lot),))
