"""At the gate of a market: who sells there, what may come in, and that what was refused stays out."""

from collections.abc import Iterator
from datetime import date

from traceability.errors import Breach
from traceability.events import Event, movement, selling
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.rules.about import about
from traceability.rules.clauses import CERTIFICATE, FAILED, HOUSE, SPOT_CHECK

_POSSIBLE = {
    "attached": frozenset({"attached"}),
    "missing": frozenset({"missing", "attached"}),
    "not-required": frozenset({"not-required", "attached"}),
    "unknown": frozenset({"unknown", "attached"}),
}
"""What a market may tell of a certificate, by what is known here: it may be shown a paper."""


@about(
    selling.StallRegistered,
    selling.StallEnded,
    selling.EntryChecked,
    selling.SpotChecked,
    movement.Received,
    movement.Retailed,
)
def wrongly_let_in(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for what a market tells of its stalls and its gate that cannot be, or may not be."""
    match event:
        case selling.StallRegistered() if past.selling.stall_open:
            yield Breach("stall-taken", HOUSE, (("stall", event.stall),))
        case selling.StallEnded() if not past.selling.stall_open:
            yield Breach("unknown-stall", HOUSE, (("stall", event.stall),))
        case selling.EntryChecked() | selling.SpotChecked():
            yield from _goods(event, past, rules)
            if isinstance(event, selling.EntryChecked):
                yield from _entry(event, past, rules)
            elif not event.passed:
                lots = () if event.lot is None else (event.lot,)
                facts = (("sample", event.sample), ("item", event.item))
                yield Breach("spot-check-failed", SPOT_CHECK, facts, level="hold", lots=lots)
        case movement.Received() | movement.Retailed():
            yield from _came_in(past)


def _goods(event: selling.EntryChecked | selling.SpotChecked, past: Past, rules: RuleSet) -> Iterator[Breach]:
    if not past.selling.stall_open:
        yield Breach("unknown-stall", HOUSE, (("stall", event.stall),))
    if event.lot is not None and event.lot not in past.lots:
        yield Breach("unknown-lot", HOUSE, (("lot", event.lot),))
    if event.commodity is not None and event.commodity not in rules.commodities:
        yield Breach("unknown-commodity", HOUSE, (("commodity", event.commodity),))


def _entry(event: selling.EntryChecked, past: Past, rules: RuleSet) -> Iterator[Breach]:
    lot = past.lots.get(event.lot) if event.lot is not None else None
    known = expected_state(event.commodity, lot, event.day, rules, certified=past.selling.certified)
    if event.certificate_state not in _POSSIBLE[known]:
        facts = (("certificate", event.certificate_state), ("expected", known))
        yield Breach("certificate-state-differs", HOUSE, facts)
    if "no-certificate" in event.refusal_reasons and known == "not-required":
        # Goods that need no certificate are not turned away for having none.
        yield Breach("reason-does-not-hold", HOUSE, (("reason", "no-certificate"), ("expected", known)))
    if event.decision == "accepted":
        yield from _accepted(event)


def expected_state(
    commodity: str | None, lot: KnownLot | None, day: date, rules: RuleSet, *, certified: bool
) -> selling.CertificateState:
    """Return what the ledger and the rules know of the certificate of goods that are at the gate on *day*.

    A lot needs what was asked for when it was born; milled rice needs none, and is never without one.
    """
    if certified:
        return "attached"
    if lot is not None:
        commodity = None if lot.product is None else lot.product.commodity
        day = day if lot.born_at is None else legal_day(lot.born_at)
    needed = None if commodity is None else rules.requires_certificate(commodity, day)
    if needed is None:
        return "unknown"
    return "missing" if needed else "not-required"


def _accepted(event: selling.EntryChecked) -> Iterator[Breach]:
    if event.rapid_test == "failed":
        yield Breach("entry-of-failed-goods", FAILED, (("stall", event.stall),))
    if event.certificate_state == "missing":
        lots = () if event.lot is None else (event.lot,)
        facts = (("stall", event.stall),)
        tested = event.rapid_test == "passed"
        yield Breach(
            "entry-without-certificate", CERTIFICATE, facts, level="warn" if tested else "hold", lots=lots
        )


def _came_in(past: Past) -> Iterator[Breach]:
    for market, lot in sorted(past.selling.refused_at):
        # A vendor may sell elsewhere what its market did not let in.
        facts = (("lot", lot), ("market", market))
        yield Breach("refused-at-the-gate", HOUSE, facts, level="refuse" if market == past.by else "warn")
