"""Where a lot went, and all that was made of it: whom a recall must reach.

It is historical: a pallet that was shipped with an affected lot in it reached its destination, whatever was
unpacked or shipped on later, and whether or not anybody confirmed it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from traceability.containers import Containers, Goods
from traceability.genealogy import Genealogy
from traceability.occurrence import Occurrence, in_order


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipping event and the lots that its objects were or held at that time."""

    event_id: str
    at: datetime
    lots: frozenset[str]
    destinations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a recall of *lot* reaches. *deliveries* tells which affected lots each destination got."""

    lot: str
    affected_lots: tuple[str, ...]
    shipped_to: tuple[str, ...]
    deliveries: tuple[tuple[str, tuple[str, ...]], ...]


def shipments(occurrences: Iterable[Occurrence]) -> list[Shipment]:
    """Return all shipments in order of time, with what was in the containers when they left."""
    told = in_order(occurrences)
    state = Containers(Goods(told))
    found = []
    for occurrence in told:
        state.apply(occurrence)
        if occurrence.shipping:
            things = [item.uri for item in occurrence.objects]
            if occurrence.parent is not None:
                things.append(occurrence.parent)
            lots = state.lots(things)
            found.append(Shipment(occurrence.event_id, occurrence.at, lots, occurrence.destinations))
    return found


def reach(lot: str, occurrences: Iterable[Occurrence]) -> Reach:
    """Return the lots that a recall of *lot* affects, and every place they were shipped to."""
    told = list(occurrences)
    forward = Genealogy(told).forward(lot)
    affected = frozenset({Goods(told).lot(lot), *forward})
    got: dict[str, set[str]] = {}
    for shipment in shipments(told):
        if hit := shipment.lots & affected:
            for destination in shipment.destinations:
                got.setdefault(destination, set()).update(hit)
    deliveries = tuple((place, tuple(sorted(lots))) for place, lots in sorted(got.items()))
    return Reach(Goods(told).lot(lot), tuple(sorted(affected)), tuple(sorted(got)), deliveries)
