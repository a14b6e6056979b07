"""Labels printed before the goods (先赋码再出证): each blank code comes to stand on one pack of goods."""

from collections.abc import Iterator

from traceability import gs1
from traceability.errors import Breach, Invalid
from traceability.events import Event, processing, release
from traceability.limits import RuleSet
from traceability.past import KnownLot, KnownProduct, Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(release.CodesPrepared, processing.CodesIssued)
def wrongly_bound(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for rolls of others' numbers, and for blank codes bound twice or to other goods."""
    match event:
        case release.CodesPrepared():
            yield from _prepared(event, past)
        case processing.CodesIssued():
            yield from _bound(event, past)


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _prepared(event: release.CodesPrepared, past: Past) -> Iterator[Breach]:
    product, roll = past.release.product, past.release.roll
    if product is None:
        yield _breach("unknown-product", ("product", event.product))
    elif not _is_number_of(event.roll, product):
        yield _breach("not-your-number", ("lot", event.roll), ("product", product.product))
    # Whoever lends a lot's name to a roll would have two packs under one code.
    if past.release.is_lot:
        yield _breach("lot-exists", ("lot", event.roll))
    if roll is not None and (roll.party, roll.product) != (past.by, event.product):
        yield _breach("roll-of-other-goods", ("roll", event.roll))
    following = 0 if roll is None else roll.following
    if event.first != following:
        facts = (("lot", event.roll), ("first", str(event.first)), ("next", str(following)))
        yield _breach("codes-out-of-row", *facts)


def _is_number_of(roll: str, product: KnownProduct) -> bool:
    try:
        name = gs1.parse(roll)
    except Invalid:
        return False
    if name.uri != roll:
        return False
    if name.kind == "lot":
        return name.gtin == product.gtin
    return name.kind == "own-lot" and (name.party, name.product) == (product.party, product.product)


def _bound(event: processing.CodesIssued, past: Past) -> Iterator[Breach]:
    known, lot = past.release, past.lots.get(event.lot)
    if event.roll is None or event.roll_first is None:
        if known.is_roll:
            yield _breach("number-of-a-roll", ("lot", event.lot))
        return
    facts = (("roll", event.roll), ("first", str(event.roll_first)), ("count", str(event.count)))
    if known.is_roll and (event.roll, event.roll_first) != (event.lot, event.first):
        yield _breach("number-of-a-roll", ("lot", event.lot))
    if known.roll is None or not _covers(event, known.roll.printed):
        yield _breach("codes-not-printed", *facts)
    elif lot is not None and not _is_of(lot, known.roll.party, known.roll.product, past):
        yield _breach("roll-of-other-goods", ("roll", event.roll))
    if known.bound:
        yield _breach("codes-bound-already", *facts)


def _covers(event: processing.CodesIssued, printed: tuple[tuple[int, int], ...]) -> bool:
    first = event.roll_first or 0
    end = first + event.count
    for start, count in sorted(printed):
        if start <= first:
            first = max(first, start + count)
    return first >= end


def _is_of(lot: KnownLot, party: str, product: str, past: Past) -> bool:
    return (
        past.by == party
        and lot.product is not None
        and (lot.product.party, lot.product.product) == (party, product)
    )
