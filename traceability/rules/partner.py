"""What a partner claims, held against what is known here of its lots, its numbers and itself.

    who      a partner that is not registered here       external, unverified: a mark, no hold
    number   a lot is born under a registered number     its owner alone may say so
    once     the same eventID told other things          both stand, until somebody looks
    lots     handled before they were born, taken by who has none, taken twice, or stopped

Places are sealed, so no rule can read them. Whoever is registered here is bound to its registered products.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from traceability import gs1
from traceability.errors import Breach, Invalid
from traceability.events import Event
from traceability.events.partner import Item, PartnerClaimed
from traceability.gs1 import Identifier
from traceability.limits import RuleSet
from traceability.past import KnownLot, KnownProduct, Past
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, holder, text
from traceability.rules.clauses import FAILED, HOUSE, RECALLED
from traceability.unit import KILOGRAMS

MOVING = frozenset({"shipping", "packing", "retail_selling"})
"""The business steps after which goods are nearer to somebody's table."""

OFFICES = frozenset({"operator", "regulator"})
"""Who states a claim for a partner that the document does not name, never for itself."""


@about(PartnerClaimed)
def unverified(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield what cannot be verified of a partner's claim, and what cannot be true."""
    if not isinstance(event, PartnerClaimed) or event.error is not None:
        return
    if _is_external(past):
        named = () if past.claimed_by is None else (("party", past.claimed_by),)
        yield Breach("external-unverified", HOUSE, named, level="warn")
    if past.retold:
        yield Breach("event-id-reused", HOUSE, (("event", event.event_id),))
    for item in _born(event):
        yield from _numbered(item, past)
        yield from _born_again(item, past)
    for item in _handled(event):
        if (lot := past.lots.get(item.uri)) is not None:
            yield from _too_soon(event, lot)
            yield from _stopped(event, lot)
            yield from _not_outside(event, item, lot, past)


def _is_external(past: Past) -> bool:
    """Tell whether nobody who is registered here answers for the claim."""
    if past.claimed_by is not None:
        return past.claimed_by not in past.parties
    author = past.parties.get(past.by)
    return author is None or author.role in OFFICES


def _born(event: PartnerClaimed) -> tuple[Item, ...]:
    adds = event.type == "ObjectEvent" and event.action == "ADD"
    return event.objects if adds else event.outputs


def _handled(event: PartnerClaimed) -> tuple[Item, ...]:
    seen = () if event.type == "ObjectEvent" and event.action == "ADD" else event.objects
    return (*event.inputs, *seen, *event.children)


def _numbered(item: Item, past: Past) -> Iterator[Breach]:
    try:
        name = gs1.parse(item.uri)
    except Invalid:
        return
    product = _product(name, past)
    if product is not None and product.party != holder(past):
        yield Breach("not-your-number", HOUSE, (("lot", item.uri), ("product", product.product)))
    elif product is None and name.lot is not None and not _is_external(past):
        yield Breach("unknown-product", HOUSE, (("product", name.gtin or name.product or item.uri),))


def _product(name: Identifier, past: Past) -> KnownProduct | None:
    if name.gtin is not None:
        return past.gtins.get(name.gtin)
    return past.products.get((name.party or "", name.product or ""))


def _born_again(item: Item, past: Past) -> Iterator[Breach]:
    lot = past.lots.get(item.uri)
    if lot is None:
        return
    if lot.product is not None and lot.born > 0:
        yield Breach("lot-exists", HOUSE, (("lot", lot.lot),))
        return
    # What was taken may have been told before the birth; then only now can the two be compared.
    born = lot.born + (_measured([item], lot) or NOTHING)
    if item.quantity is not None and lot.consumed > born:
        yield _overdrawn(lot, lot.consumed, born)


def _too_soon(event: PartnerClaimed, lot: KnownLot) -> Iterator[Breach]:
    if lot.born_at is not None and event.at < lot.born_at:
        yield Breach("before-its-lot", HOUSE, (("lot", lot.lot), ("born", lot.born_at.isoformat())))


def _stopped(event: PartnerClaimed, lot: KnownLot) -> Iterator[Breach]:
    if not event.inputs and event.step not in MOVING:
        return
    if lot.recalled:
        yield Breach("lot-recalled", RECALLED, (("lot", lot.lot),))
    if lot.failed:
        yield Breach("lot-failed", FAILED, (("lot", lot.lot),))


def _not_outside(event: PartnerClaimed, item: Item, lot: KnownLot, past: Past) -> Iterator[Breach]:
    """Yield a breach for goods that are in other hands, or were used up already."""
    left = lot.born - lot.consumed
    if lot.product is not None:
        left -= sum((kept for party, kept in lot.stock.items() if party != holder(past)), NOTHING)
        if left <= 0:
            yield Breach("not-held", HOUSE, (("lot", lot.lot),))
            return
    wanted = _measured([each for each in event.inputs if each.uri == item.uri], lot)
    if wanted is not None and lot.born > 0 and wanted > left:
        yield _overdrawn(lot, wanted, max(left, NOTHING))


def _overdrawn(lot: KnownLot, wanted: Decimal, held: Decimal) -> Breach:
    return Breach("mass-balance", HOUSE, (("lot", lot.lot), ("wanted", text(wanted)), ("held", text(held))))


def _measured(items: Iterable[Item], lot: KnownLot) -> Decimal | None:
    """Return how much *items* are in the measure of *lot*; None where none of them tells it."""
    told = [
        each.quantity * KILOGRAMS.get(each.unit or "", Decimal(1))
        for each in items
        if each.quantity is not None and (each.unit in KILOGRAMS) == (lot.measure == "mass")
    ]
    return sum(told, NOTHING) if told else None
