"""A lot that is recalled, failed a test, or is held for a second look does not move on."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, selling
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.rules.amounts import lots_of, movings
from traceability.rules.clauses import FAILED, HOUSE, RECALLED


def held_back(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for each reason for which a lot may not be processed, packed, coded, certified or sold.

    食品安全法 art. 63 for a recall, 农产品质量安全法 art. 36 for a failed test.
    """
    # A correction of how a lot moved does not move it again.
    moved_before = set(lots_of(movings(past.target.event))) if past.target is not None else set()
    for name in (*lots_of(movings(event)), *_offered(event)):
        lot = past.lots.get(name)
        if lot is not None and name not in moved_before:
            yield from _reasons(lot)


def _offered(event: Event) -> tuple[str, ...]:
    """Return the lot that is offered on the web, or let into a market."""
    match event:
        case selling.OnlineListed():
            return (event.lot,)
        case selling.EntryChecked() if event.decision == "accepted" and event.lot is not None:
            return (event.lot,)
        case _:
            return ()


def _reasons(lot: KnownLot) -> Iterator[Breach]:
    if lot.recalled:
        yield Breach("lot-recalled", RECALLED, (("lot", lot.lot),))
    if lot.failed:
        yield Breach("lot-failed", FAILED, (("lot", lot.lot),))
    if lot.holds:
        yield Breach("lot-on-hold", HOUSE, (("lot", lot.lot), ("reasons", " ".join(sorted(lot.holds)))))
