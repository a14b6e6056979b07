"""What is in which container: packing and unpacking replayed in order of time.

    09:00  ADD     pallet ← 20 kg of lot A, box          box holds lot B
    10:00  ship    pallet                                it carries A and B
    11:00  DELETE  pallet → 20 kg of lot A               B is left in it

A lot stays in while more than nothing of it remains; taking out without an amount takes all of it; taking out
without saying what empties the container. Shipping and receiving change nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from traceability import gs1
from traceability.errors import Invalid
from traceability.events.partner import Item
from traceability.occurrence import Occurrence, in_order
from traceability.unit import EXACT, PIECES, kg_of

_NO_GOODS = frozenset({"container", "place"})


@dataclass(slots=True)
class _Load:
    """How much of one thing is in a container: amounts by unit, and whether some came in unweighed."""

    amounts: dict[str | None, Decimal] = field(default_factory=dict)
    some: bool = False

    def put(self, item: Item) -> None:
        if item.quantity is None:
            self.some = True
            return
        unit, amount = _measured(item)
        # Less than nothing cannot be put in, whatever a partner writes.
        self.amounts[unit] = EXACT.add(self.amounts.get(unit, Decimal(0)), max(amount, Decimal(0)))

    def take(self, item: Item) -> None:
        if item.quantity is None:
            self.amounts.clear()
            self.some = False
            return
        unit, amount = _measured(item)
        left = EXACT.subtract(self.amounts.get(unit, Decimal(0)), max(amount, Decimal(0)))
        self.amounts[unit] = max(left, Decimal(0))

    @property
    def is_there(self) -> bool:
        return self.some or any(self.amounts.values())


def _measured(item: Item) -> tuple[str | None, Decimal]:
    """Return the amount in kilograms if it is a mass, else in its own unit (None: pieces)."""
    quantity = item.quantity or Decimal(0)
    kg = kg_of(quantity, item.unit)
    if kg is not None:
        return "KGM", kg
    return (None if item.unit in PIECES else item.unit), quantity


class Goods:
    """Tells goods from what carries them: containers and places are never listed, a pack is its lot."""

    def __init__(self, occurrences: Iterable[Occurrence]) -> None:
        packings = (each for each in occurrences if each.kind in {"add", "delete"})
        self._carriers = {each.parent for each in packings if each.parent is not None}
        self._lots: dict[str, str] = {}
        self._listed: dict[str, bool] = {}

    def lot(self, uri: str) -> str:
        """Return the lot that *uri* is of, or *uri* itself."""
        if uri not in self._lots:
            self._lots[uri] = gs1.lot_of(uri)
        return self._lots[uri]

    def is_lot(self, uri: str) -> bool:
        """Tell whether *uri* may stand in a list of lots."""
        if uri not in self._listed:
            self._listed[uri] = self._judge(uri)
        return self._listed[uri]

    def _judge(self, uri: str) -> bool:
        try:
            kind = gs1.parse(uri).kind
        except Invalid:
            return uri not in self._carriers
        return kind in {"lot", "own-lot"} or (kind not in _NO_GOODS and uri not in self._carriers)


class Containers:
    """The state of all containers at one moment of the replay."""

    def __init__(self, goods: Goods) -> None:
        self._goods = goods
        self._loads: dict[str, dict[str, _Load]] = {}

    def apply(self, occurrence: Occurrence) -> None:
        """Take in one event; the events come in order of time."""
        if occurrence.parent is None or occurrence.kind not in {"add", "delete"}:
            return
        loads = self._loads.setdefault(occurrence.parent, {})
        if occurrence.kind == "add":
            for item in occurrence.objects:
                loads.setdefault(item.uri, _Load()).put(item)
        elif not occurrence.objects:
            loads.clear()
        else:
            for item in occurrence.objects:
                loads.get(item.uri, _Load()).take(item)

    def lots(self, things: Iterable[str]) -> frozenset[str]:
        """Return the lots that *things* are or hold, through containers inside containers."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = list(things)
        while waiting:
            thing = waiting.pop()
            if thing in seen:
                continue
            seen.add(thing)
            lot = self._goods.lot(thing)
            if self._goods.is_lot(lot):
                found.add(lot)
            waiting.extend(uri for uri, load in self._loads.get(thing, {}).items() if load.is_there)
        return frozenset(found)

    def contents(self, container: str) -> list[str]:
        """Return the lots in *container*, sorted."""
        return sorted(self.lots([container]) - {self._goods.lot(container)})


def contents(container: str, occurrences: Iterable[Occurrence], at: datetime | None = None) -> list[str]:
    """Return the lots in *container* after all *occurrences*, or after those up to *at*, sorted."""
    told = in_order(occurrences)
    state = Containers(Goods(told))
    for occurrence in told:
        if at is None or occurrence.at <= at:
            state.apply(occurrence)
    return state.contents(container)
