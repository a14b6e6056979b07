"""Which lot came from which, and in what share: a pure graph over what is recorded and not void.

    F1 ─┐
        ├─ milling ─ P1 ─┐
    F2 ─┘          └ B1  ├─ blending ─ M1        back from M1:    F1 F2 P1 P2
    F3 ─── drying ── P2 ─┘                       forward from F3: M1 P2

Only processes make edges: packing, shipping and shared containers do not. By-products (B1) are lots like
others. Answers depend on the set of events, never on their order.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from traceability.containers import Goods, contents
from traceability.events.partner import Item
from traceability.occurrence import Occurrence
from traceability.unit import EXACT, kg_of

__all__ = [
    "BalanceRow",
    "Genealogy",
    "Occurrence",
    "balance",
    "contents",
    "shares",
    "trace_back",
    "trace_forward",
]


@dataclass(slots=True)
class _Process:
    """One process: the lots that went in and came out, each with its kilograms (None: unknown)."""

    inputs: dict[str, Decimal | None] = field(default_factory=dict)
    outputs: dict[str, Decimal | None] = field(default_factory=dict)


class Genealogy:
    """The graph of one set of occurrences, built once and asked often."""

    def __init__(self, occurrences: Iterable[Occurrence]) -> None:
        told = list(occurrences)
        self._goods = Goods(told)
        self._births: dict[str, Decimal | None] = {}
        self._makers: defaultdict[str, list[_Process]] = defaultdict(list)
        self._users: defaultdict[str, list[_Process]] = defaultdict(list)
        self._known: set[str] = set()
        processes: dict[str, _Process] = {}
        for occurrence in told:
            self._take_in(occurrence, processes)
        for process in processes.values():
            for lot in process.outputs:
                self._makers[lot].append(process)
            for lot in process.inputs:
                self._users[lot].append(process)

    def _take_in(self, occurrence: Occurrence, processes: dict[str, _Process]) -> None:
        for item in (*occurrence.inputs, *occurrence.outputs, *occurrence.objects):
            self._known.add(self._goods.lot(item.uri))
        if occurrence.kind == "birth":
            self._weigh(self._births, occurrence.objects)
        if occurrence.kind == "transformation":
            # Events of one transformation id are one process told in parts (EPCIS 2.0, 7.4.6).
            name = f"id {occurrence.transformation}" if occurrence.transformation else f"nr {len(processes)}"
            process = processes.setdefault(name, _Process())
            self._weigh(process.inputs, occurrence.inputs)
            self._weigh(process.outputs, occurrence.outputs)

    def _weigh(self, sums: dict[str, Decimal | None], items: Iterable[Item]) -> None:
        for item in items:
            lot, kg = self._goods.lot(item.uri), kg_of(item.quantity, item.unit)
            before = sums.get(lot, Decimal(0))
            sums[lot] = None if kg is None or before is None else EXACT.add(before, kg)

    def knows(self, lot: str) -> bool:
        """Tell whether any event names *lot* or a pack of it."""
        return self._goods.lot(lot) in self._known

    def back(self, lot: str) -> list[str]:
        """Return all that *lot* was made from, at any depth, sorted, without itself."""
        return self._answer(lot, self._reachable(self._goods.lot(lot), back=True))

    def forward(self, lot: str) -> list[str]:
        """Return all that was made from *lot*, at any depth, sorted, without itself."""
        return self._answer(lot, self._reachable(self._goods.lot(lot), back=False))

    def _answer(self, lot: str, found: set[str]) -> list[str]:
        return sorted(each for each in found - {self._goods.lot(lot)} if self._goods.is_lot(each))

    def _reachable(self, start: str, *, back: bool) -> set[str]:
        processes = self._makers if back else self._users
        found = {start}
        waiting = [start]
        while waiting:
            for process in processes.get(waiting.pop(), ()):
                fresh = (process.inputs if back else process.outputs).keys() - found
                found |= fresh
                waiting.extend(fresh)
        return found

    def edges(self, lot: str, *, back: bool) -> list[tuple[str, str]]:
        """Return the pairs (from, to) of one process each that lead to *lot* or on from it, sorted."""
        reached = self._reachable(self._goods.lot(lot), back=back)
        pairs = {
            (source, made)
            for each in reached
            for process in (self._makers if back else self._users).get(each, ())
            for source in (process.inputs if back else [each])
            for made in ([each] if back else process.outputs)
        }
        return sorted(pair for pair in pairs if all(self._goods.is_lot(end) for end in pair))

    def shares(self, lot: str) -> dict[str, Fraction]:
        """Return how much of *lot* comes from each origin, exactly; they add up to one.

        Inputs of a process flow into each of its outputs in proportion to their kilograms. An origin is a lot
        that no process made. The answer is empty where a mass that it depends on is unknown, or where
        claims make a lot its own ancestor.
        """
        start = self._goods.lot(lot)
        reached = self._reachable(start, back=True)
        sources = {each: self._sources(each) for each in reached}
        order = _downhill(start, sources)
        if len(order) < len(reached) or None in sources.values():
            return {}
        weights: defaultdict[str, Fraction] = defaultdict(Fraction, {start: Fraction(1)})
        origins: dict[str, Fraction] = {}
        for each in order:
            weight = weights.pop(each)
            for source, part in (sources[each] or {}).items():
                if source == each:
                    origins[each] = weight * part
                else:
                    weights[source] += weight * part
        return dict(sorted(origins.items()))

    def _sources(self, lot: str) -> dict[str, Fraction] | None:
        """Return the share of each direct source of *lot* (itself: what was born so), or None if unknown."""
        # A process that takes the lot alone only repacks it.
        makers = [each for each in self._makers.get(lot, ()) if each.inputs.keys() - {lot}]
        if not makers:
            return {lot: Fraction(1)}
        # How much of the lot was there before something was added to it, nobody told.
        if any(lot in each.inputs for each in makers):
            return None
        made: list[tuple[dict[str, Decimal | None], Decimal | None]] = [
            (process.inputs, process.outputs[lot]) for process in makers
        ]
        if lot in self._births:
            made.append(({lot: Decimal(1)}, self._births[lot]))
        parts = _proportions([kg for _, kg in made])
        found: defaultdict[str, Fraction] = defaultdict(Fraction)
        for (inputs, _), part in zip(made, parts or (), strict=parts is not None):
            within = _proportions(list(inputs.values()))
            if within is None:
                return None
            for source, share in zip(inputs, within, strict=True):
                found[source] += part * share
        return dict(found) or None


def _proportions(masses: list[Decimal | None]) -> list[Fraction] | None:
    """Return each of *masses* as a part of their sum, or None if one is unknown; one alone is the whole."""
    if len(masses) == 1:
        return [Fraction(1)]
    known = [Fraction(mass) for mass in masses if mass is not None and mass >= 0]
    total = sum(known, Fraction(0))
    if len(known) < len(masses) or total == 0:
        return None
    return [mass / total for mass in known]


def _downhill(start: str, sources: dict[str, dict[str, Fraction] | None]) -> list[str]:
    """Return lots so that each stands before its sources; those in and beyond a circle are missing."""
    waiting_for: defaultdict[str, int] = defaultdict(int)
    for lot, parts in sources.items():
        for source in (parts or {}).keys() - {lot}:
            waiting_for[source] += 1
    ready = [start] if not waiting_for[start] else []
    order: list[str] = []
    while ready:
        lot = ready.pop()
        order.append(lot)
        for source in (sources[lot] or {}).keys() - {lot}:
            waiting_for[source] -= 1
            if not waiting_for[source]:
                ready.append(source)
    return order


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """The masses of one process event: kilograms in and out, None where a unit is no mass."""

    event_id: str
    input_kg: Decimal | None
    output_kg: Decimal | None

    @property
    def violation(self) -> bool:
        """Whether more came out than went in; there is no tolerance."""
        return self.input_kg is not None and self.output_kg is not None and self.output_kg > self.input_kg

    def json(self) -> dict[str, str | float | bool | None]:
        """Return the row as `jizihao balance` tells it."""
        return {
            "eventID": self.event_id,
            "input_kg": None if self.input_kg is None else float(self.input_kg),
            "output_kg": None if self.output_kg is None else float(self.output_kg),
            "violation": self.violation,
        }


def balance(occurrences: Iterable[Occurrence]) -> list[BalanceRow]:
    """Return a row for each process event, in order of event time; added water counts as an input."""
    rows = [
        (each.at, BalanceRow(each.event_id, _total(each.inputs, each.added_kg), _total(each.outputs)))
        for each in occurrences
        if each.kind == "transformation"
    ]
    # The masses come last: one event id may stand for two events, and their order in a file must not show.
    rows.sort(key=lambda pair: (pair[0], pair[1].event_id, str(pair[1].input_kg), str(pair[1].output_kg)))
    return [row for _, row in rows]


def _total(items: tuple[Item, ...], added_kg: Decimal = Decimal(0)) -> Decimal | None:
    """Return the kilograms of *items* and *added_kg*, or None unless there are items, and all are masses."""
    masses = [kg_of(item.quantity, item.unit) for item in items]
    known = [mass for mass in masses if mass is not None]
    if not masses or len(known) < len(masses):
        return None
    return reduce(EXACT.add, known, added_kg)


def trace_back(lot: str, occurrences: Iterable[Occurrence]) -> list[str]:
    """Return all lots that *lot* was made from, at any depth, sorted, without itself."""
    return Genealogy(occurrences).back(lot)


def trace_forward(lot: str, occurrences: Iterable[Occurrence]) -> list[str]:
    """Return all lots that were made from *lot*, at any depth, sorted, without itself."""
    return Genealogy(occurrences).forward(lot)


def shares(lot: str, occurrences: Iterable[Occurrence]) -> dict[str, Fraction]:
    """Return how much of *lot* comes from each origin, exactly; see `Genealogy.shares`."""
    return Genealogy(occurrences).shares(lot)
