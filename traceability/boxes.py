"""Boxes and pallets that a party has: what it packed or received, and has neither emptied nor sent on.

What is in a box is replayed from what was put in and taken out, in order of time; taking out without saying
what empties it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from traceability import tables
from traceability.chronicle import Chronicle, Record, told_events, voids
from traceability.events import Event
from traceability.events.movement import Received, Shipped
from traceability.events.processing import Packed, Part, Unpacked
from traceability.quantity import Amount
from traceability.reading import Reader

MOST = 100
"""Of so many boxes that were last handled, those at hand are told."""


@dataclass(frozen=True, slots=True)
class Box:
    """A container that is at hand, and what is in it, boxes inside boxes included.

    *loose* lies in it by itself, and *boxed* are the boxes that stand in it: so much can be taken out of it.
    """

    container: str
    parts: tuple[Part, ...]
    loose: tuple[Part, ...] = ()
    boxed: tuple[str, ...] = ()


def boxes(reader: Reader, party: str) -> list[Box]:
    """Return the containers that *party* has, the last handled first; empty ones are left out."""
    item, said = tables.item, tables.statement
    named = (
        select(item.c.uri)
        .join(said, said.c.entry == item.c.entry)
        .where(said.c.by == party, said.c.void_by.is_(None), item.c.part.in_(("parent", "object")))
        .where(said.c.effective_kind.in_(("packed", "received")))
        .order_by(item.c.entry.desc())
        .limit(MOST * 4)
    )
    lots = tables.lot
    chronicle = Chronicle(reader)
    found: list[Box] = []
    for name in dict.fromkeys(reader.connection.execute(named).scalars()):
        is_lot = reader.connection.execute(select(lots.c.entry).where(lots.c.lot == name).limit(1)).first()
        if is_lot is None and len(found) < MOST and _is_here(chronicle, name, party):
            parts = contents_of(chronicle, name)
            if parts:
                loose, boxed = _inside(chronicle, name)
                found.append(Box(name, parts, _summed(loose), tuple(boxed)))
    return found


def _standing(chronicle: Chronicle, name: str) -> list[tuple[Record, Event]]:
    """Return what still stands of a thing, in order of claimed time."""
    records = [chronicle.at(index) for index in chronicle.about(name)]
    void = voids(records)
    told = [
        (record, event) for record in records if record.index not in void for event in told_events(record)
    ]
    return sorted(told, key=lambda each: (each[1].at, each[0].index))


def _is_here(chronicle: Chronicle, name: str, party: str) -> bool:
    """Tell whether *party* was the last to handle a container, and did not send it on."""
    handled = [
        (record, event)
        for record, event in _standing(chronicle, name)
        if isinstance(event, Packed | Unpacked | Received | Shipped)
    ]
    if not handled:
        return False
    record, event = handled[-1]
    return record.statement is not None and record.statement.by == party and not isinstance(event, Shipped)


def contents_of(chronicle: Chronicle, container: str) -> tuple[Part, ...]:
    """Return how much of each lot is in *container*, through boxes inside boxes."""
    return _summed(_parts(chronicle, container, frozenset()))


def _parts(chronicle: Chronicle, container: str, seen: frozenset[str]) -> Iterator[Part]:
    inside, boxed = _inside(chronicle, container)
    yield from inside
    for each in boxed:
        if each not in seen:
            yield from _parts(chronicle, each, seen | {container})


def _inside(chronicle: Chronicle, container: str) -> tuple[list[Part], list[str]]:
    """Return what lies in *container* itself, and the boxes that stand in it."""
    inside: list[Part] = []
    boxed: list[str] = []
    for _, event in _standing(chronicle, container):
        if isinstance(event, Packed) and event.container == container:
            inside += event.parts
            boxed += event.containers
        elif isinstance(event, Unpacked) and event.container == container:
            if not event.parts and not event.containers:
                inside, boxed = [], []
            inside = _without(inside, event.parts)
            boxed = [each for each in boxed if each not in event.containers]
    return inside, boxed


def _without(inside: Iterable[Part], taken: Iterable[Part]) -> list[Part]:
    """Return what is left of *inside* once *taken* is out; no more is taken than there is."""
    left = {part.lot: part.amount for part in _summed(inside)}
    for part in taken:
        if part.lot in left:
            left[part.lot] = _less(left[part.lot], part.amount)
    return [Part(lot, amount) for lot, amount in left.items() if not amount.is_nothing]


def _less(whole: Amount, part: Amount) -> Amount:
    if whole.kg is not None and part.kg is not None:
        return Amount(kg=max(whole.kg - part.kg, whole.kg * 0))
    if whole.pieces is not None and part.pieces is not None:
        return Amount(pieces=max(whole.pieces - part.pieces, 0))
    return whole


def _summed(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return one part for each lot; what one counts and another weighs stays apart."""
    sums: dict[tuple[str, bool], Amount] = {}
    for part in parts:
        key = (part.lot, part.amount.kg is not None)
        sums[key] = _more(sums[key], part.amount) if key in sums else part.amount
    return tuple(Part(lot, amount) for (lot, _), amount in sums.items())


def _more(one: Amount, other: Amount) -> Amount:
    if one.kg is not None and other.kg is not None:
        return Amount(kg=one.kg + other.kg)
    return Amount(pieces=(one.pieces or 0) + (other.pieces or 0))
