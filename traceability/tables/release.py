"""The life of pack codes in tables: blank, bound, asleep, active, sold, called back, and how often scanned.

    code_blank         blank codes of a roll that were printed
    code_binding       which codes of a roll stand on which codes of a lot
    code_sleep         issued codes that count only once they are activated
    code_activation    … and their activation: by whom, on what ground
    code_sale          codes that were sold to shoppers
    code_recall        codes that are called back without the rest of their lot
    scan_digest        the root of each day's scans

Ranges are a first index and a number of packs.
"""

from typing import Any

from sqlalchemy import Column, Integer, Table, Text

from traceability.tables.frame import Position, entry, metadata


def _span(first: str = "first") -> tuple[Column[Any], Column[Any]]:
    return Column(first, Position, nullable=False), Column("packs", Position, nullable=False)


code_blank = Table(
    "code_blank",
    metadata,
    entry(),
    Column("roll", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("product", Text, nullable=False),
    Column("hash", Text, nullable=False, index=True),
    *_span(),
)

code_binding = Table(
    "code_binding",
    metadata,
    entry(),
    Column("roll", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("lot_first", Position, nullable=False),
    *_span(),
)

code_sleep = Table("code_sleep", metadata, entry(), Column("lot", Text, nullable=False, index=True), *_span())

code_activation = Table(
    "code_activation",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("ground", Text, nullable=False),
    *_span(),
)

code_sale = Table(
    "code_sale",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    *_span(),
)

code_recall = Table(
    "code_recall",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("level", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    *_span(),
)

scan_digest = Table(
    "scan_digest",
    metadata,
    entry(),
    Column("day", Text, nullable=False, index=True),
    Column("scans", Position, nullable=False),
    Column("root", Text, nullable=False),
)
