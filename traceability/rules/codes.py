"""Pack codes are counted: each index once, and never more packs than there are goods."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, processing
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, held, holder, measured_as, text
from traceability.rules.clauses import HOUSE


@about(processing.CodesIssued, processing.CodesVoided)
def miscounted(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for codes out of their row, for more than the lot holds, and for voids of no issue."""
    lot = (
        past.lots.get(event.lot)
        if isinstance(event, processing.CodesIssued | processing.CodesVoided)
        else None
    )
    if lot is None:
        return
    if isinstance(event, processing.CodesIssued):
        yield from _issued(event, lot, past)
    elif isinstance(event, processing.CodesVoided):
        yield from _voided(event, lot, past)


def _issued(event: processing.CodesIssued, lot: KnownLot, past: Past) -> Iterator[Breach]:
    if event.first != lot.next_code:
        facts = (("lot", lot.lot), ("first", str(event.first)), ("next", str(lot.next_code)))
        yield Breach("codes-out-of-row", HOUSE, facts)
    pack = measured_as(event.pack, lot)
    if pack is None:
        return
    wanted = event.count * pack
    free = min(lot.born - lot.consumed - lot.coded, held(lot, past))
    if wanted > free:
        facts = (("lot", lot.lot), ("wanted", text(wanted)), ("free", text(max(free, NOTHING))))
        yield Breach("codes-beyond-the-lot", HOUSE, facts)


def _voided(event: processing.CodesVoided, lot: KnownLot, past: Past) -> Iterator[Breach]:
    if not _covered(event.first, event.first + event.count, lot.issues):
        facts = (("lot", lot.lot), ("first", str(event.first)), ("count", str(event.count)))
        yield Breach("codes-not-issued", HOUSE, facts)
    party = past.parties.get(past.by)
    is_regulator = party is not None and party.role == "regulator"
    if lot.maker != holder(past) and held(lot, past) <= 0 and not is_regulator:
        yield Breach("not-held", HOUSE, (("lot", lot.lot),))


def _covered(first: int, end: int, issues: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether the ranges (first, count) of *issues* hold every index from *first* up to *end*."""
    for start, count in sorted(issues):
        if start <= first:
            first = max(first, start + count)
    return first >= end
