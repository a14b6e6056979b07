"""What was made out for a lot: ranges of pack codes, and certificates."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ledger.canonical import instant_of
from traceability import tables
from traceability.reading import Reader


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Pack codes that were issued together, or voided together (then they have no pack)."""

    entry: int
    first: int
    count: int
    pack: Decimal | None
    recorded_at: datetime


def issues(reader: Reader, name: str) -> list[CodeRange]:
    """Return the standing issues of pack codes of a lot, the newest first."""
    return _ranges(reader, tables.code_issue, name)


def voids(reader: Reader, name: str) -> list[CodeRange]:
    """Return what was voided of the codes of a lot, the newest first."""
    return _ranges(reader, tables.code_void, name)


def _ranges(reader: Reader, table: Any, name: str) -> list[CodeRange]:
    said = tables.statement
    rows = reader.connection.execute(
        tables.standing(table, table.c.lot == name).add_columns(said.c.recorded_at)
    ).all()
    return [
        CodeRange(
            row.entry,
            row.first,
            row.packs,
            Decimal(row.pack) if "pack" in row._mapping else None,
            instant_of(row.recorded_at),
        )
        for row in reversed(rows)
    ]


def certificates(reader: Reader, name: str) -> list[int]:
    """Return the entries of the standing certificates of a lot, the newest first."""
    table = tables.certificate
    rows = reader.connection.execute(tables.standing(table, table.c.lot == name)).all()
    return [row.entry for row in reversed(rows)]
