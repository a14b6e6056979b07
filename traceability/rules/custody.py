"""Only who holds goods can move them, and only who has the delivery note can receive them."""

import hashlib
from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, movement
from traceability.limits import RuleSet
from traceability.past import Past, PastShipment
from traceability.rules.amounts import held, lots_of, movings
from traceability.rules.clauses import HOUSE


def not_held(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for each lot that its mover does not hold, and for a receipt without its delivery."""
    for name in lots_of(movings(event)):
        lot = past.lots.get(name)
        if lot is not None and held(lot, past) <= 0:
            yield Breach("not-held", HOUSE, (("lot", name),))
    if isinstance(event, movement.Received):
        yield from _received(event, past.shipment)


def _received(event: movement.Received, shipment: PastShipment | None) -> Iterator[Breach]:
    if shipment is None or shipment.statement != event.shipment:
        yield Breach("unknown-shipment", HOUSE, (("shipment", event.shipment),))
        return
    if hashlib.sha256(event.token.encode()).hexdigest() != shipment.handover:
        yield Breach("wrong-token", HOUSE, (("shipment", event.shipment),))
    if shipment.received_by is not None:
        facts = (("shipment", event.shipment), ("by", shipment.received_by))
        yield Breach("received-already", HOUSE, facts)
