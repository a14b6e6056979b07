"""Whom a party trades with outside this ledger: its own address book, opened for itself alone."""

from dataclasses import dataclass
from typing import cast

from traceability import own_records, tables
from traceability.events.fact import Private
from traceability.events.followup import told_by
from traceability.events.moving import CounterpartyNoted
from traceability.kept import SealedValues
from traceability.reading import Reader
from traceability.tables import moving as moving_tables


@dataclass(frozen=True, slots=True)
class Counterparty:
    """Somebody outside: what is public of it, and what its own partner noted."""

    counterparty: str
    kind: str
    division: str | None
    country: str | None
    name: str | None
    address: str | None
    contact: str | None


def of_party(reader: Reader, sealed: SealedValues, party: str) -> list[Counterparty]:
    """Return the outsiders that *party* noted, as it last noted each, the newest first."""
    table = moving_tables.counterparty
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    latest = {row.counterparty: row.entry for row in rows}
    return [_opened(reader, sealed, entry) for entry in sorted(latest.values(), reverse=True)]


def _opened(reader: Reader, sealed: SealedValues, entry: int) -> Counterparty:
    event = own_records.opened(reader, sealed, reader.statement(entry))
    told = cast(CounterpartyNoted, told_by(event))
    return Counterparty(
        told.counterparty,
        told.counterparty_kind,
        told.division,
        told.country,
        _text(told.name),
        _text(told.address),
        _text(told.contact),
    )


def _text(value: Private) -> str | None:
    return value if isinstance(value, str) else None
