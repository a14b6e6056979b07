"""What a market has: its stalls, and what it let in or turned away at the gate, day by day.

stalls              those that are open, with their vendors
seen                a lot as the gate sees it before it decides
of_day, of_stall    the checks of a day, or of a stall, the newest first
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from traceability import goods, own_records, tables
from traceability.errors import Unknown
from traceability.events.followup import told_by
from traceability.events.selling import CertificateState
from traceability.kept import SealedValues
from traceability.limits import RuleSet
from traceability.past import KnownLot
from traceability.quantity import Amount
from traceability.reading import Reader
from traceability.rules.gate import expected_state
from traceability.tables import selling as selling_tables


@dataclass(frozen=True, slots=True)
class Stall:
    """A stall with somebody who sells there; *holder* is opened for the market alone."""

    stall: str
    vendor: str | None
    holder: str | None
    entry: int


@dataclass(frozen=True, slots=True)
class Check:
    """One check at the gate."""

    entry: int
    at: str
    stall: str
    lot: str | None
    commodity: str | None
    amount: Amount
    unit: str
    certificate: str
    rapid_test: str | None
    decision: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A lot at the gate: what the ledger knows of it, and the state of its certificate."""

    known: KnownLot
    certificate: CertificateState

    @property
    def may_come_in(self) -> bool:
        """Whether nothing in the ledger stands against it."""
        return not (self.known.recalled or self.known.failed or self.known.holds)


def stalls(reader: Reader, sealed: SealedValues, market: str) -> list[Stall]:
    """Return the open stalls of *market*, by name."""
    table, ends = selling_tables.stall, selling_tables.stall_end
    opened = {row.stall: row for row in _rows(reader, table, table.c.market == market)}
    ended = {row.stall: row.entry for row in _rows(reader, ends, ends.c.market == market)}
    return [
        Stall(name, row.vendor, _holder(reader, sealed, row.entry), row.entry)
        for name, row in sorted(opened.items())
        if ended.get(name, -1) < row.entry
    ]


def _rows(reader: Reader, table: Any, *conditions: Any) -> list[Any]:
    return list(reader.connection.execute(tables.standing(table, *conditions)))


def _holder(reader: Reader, sealed: SealedValues, entry: int) -> str | None:
    told: Any = told_by(own_records.opened(reader, sealed, reader.statement(entry)))
    return told.holder if isinstance(told.holder, str) else None


def seen(reader: Reader, lot: str, rules: RuleSet, on: date) -> Seen:
    """Return *lot* as the gate sees it on that day, or raise `Unknown`."""
    known = goods.known_lot(reader.connection, lot)
    if known is None:
        raise Unknown("lot", lot)
    table = tables.certificate
    certified = bool(_rows(reader, table, table.c.lot == lot))
    return Seen(known, expected_state(None, known, on, rules, certified=certified))


def of_day(reader: Reader, market: str, day: date) -> list[Check]:
    """Return the checks of *market* on that day, the newest first."""
    table = selling_tables.entry_check
    found = _rows(reader, table, table.c.market == market, table.c.day == day.isoformat())
    return [_check(reader, row) for row in reversed(found)]


def of_stall(reader: Reader, market: str, stall: str, *, limit: int = 50) -> list[Check]:
    """Return the last checks of one stall, the newest first."""
    table = selling_tables.entry_check
    query = tables.standing(table, table.c.market == market, table.c.stall == stall)
    rows = reader.connection.execute(query.order_by(None).order_by(table.c.entry.desc()).limit(limit))
    return [_check(reader, row) for row in rows]


def _check(reader: Reader, row: Any) -> Check:
    amount = Amount(kg=Decimal(row.amount)) if row.amount else Amount(pieces=int(row.pieces))
    return Check(
        row.entry,
        row.at,
        row.stall,
        row.lot,
        row.commodity,
        amount,
        "piece" if row.lot is None else goods.piece_of(reader.connection, row.lot),
        row.certificate,
        row.rapid_test,
        row.decision,
        tuple(row.refusal_reasons.split()),
    )
