"""Where shipments are between their sender and their receiver: who took them over, and who has them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from ledger.canonical import instant_of
from traceability import tables
from traceability.errors import NotAllowed, Unknown
from traceability.events.followup import told_by
from traceability.events.movement import Shipped
from traceability.reading import Reader
from traceability.tables import moving as moving_tables

MOST = 200


@dataclass(frozen=True, slots=True)
class Journey:
    """A shipment as a carrier sees it: what is in it, when it took it over, and when it set it down."""

    shipment: str
    sender: str
    event: Shipped
    taken_over: datetime | None = None
    delivered: datetime | None = None

    @property
    def lots(self) -> tuple[str, ...]:
        """Return the lots of the shipment, each once."""
        return tuple(dict.fromkeys(part.lot for part in self.event.parts))


def of_carrier(reader: Reader, carrier: str) -> list[Journey]:
    """Return the journeys of *carrier*, the last taken over first."""
    table = moving_tables.carriage
    query = tables.standing(table, table.c.by == carrier).order_by(None).order_by(table.c.entry.desc())
    rows = reader.connection.execute(query.limit(MOST * 2)).all()
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.shipment, []).append(row)
    journeys = (_journey(reader, digest, legs) for digest, legs in found.items())
    return [each for each in journeys if each is not None]


def one(reader: Reader, carrier: str, digest: str) -> Journey:
    """Return one journey of *carrier*; raises `Unknown`, or `NotAllowed` where it took nothing over."""
    table = moving_tables.carriage
    legs = reader.connection.execute(
        tables.standing(table, table.c.by == carrier, table.c.shipment == digest)
    ).all()
    found = _journey(reader, digest, list(reversed(legs)))
    if found is None:
        raise Unknown("statement", digest)
    if not legs:
        raise NotAllowed("other-party", party=found.sender)
    return found


def by_word(reader: Reader, digest_of_word: str) -> Journey | None:
    """Return the shipment whose carriage word has this SHA-256."""
    table = moving_tables.journey
    row = reader.connection.execute(tables.standing(table, table.c.carriage == digest_of_word)).first()
    return None if row is None else _journey(reader, str(row.shipment), [])


def _journey(reader: Reader, digest: str, legs: Sequence[Any]) -> Journey | None:
    table = tables.shipment
    row = reader.connection.execute(tables.standing(table, table.c.digest == digest)).first()
    if row is None:
        return None
    event: Any = reader.statement(row.entry).event
    told = cast(Shipped, told_by(event))
    times = {each.stage: instant_of(each.at) for each in reversed(legs)}
    taken, down = times.get("taken-over"), times.get("delivered")
    return Journey(digest, str(row.by), told, taken, down)
