"""Markets and sales: stalls, what came to the gate, spot checks, listings on the web, and exports."""

from sqlalchemy import Boolean, Column, Index, Table, Text

from traceability.tables.frame import entry, metadata

stall = Table(
    "stall",
    metadata,
    entry(),
    Column("market", Text, nullable=False),
    Column("stall", Text, nullable=False),
    Column("vendor", Text, index=True),
    Index("stall_name", "market", "stall"),
)

stall_end = Table(
    "stall_end",
    metadata,
    entry(),
    Column("market", Text, nullable=False),
    Column("stall", Text, nullable=False),
    Column("end_cause", Text, nullable=False),
    Index("stall_end_name", "market", "stall"),
)

entry_check = Table(
    "entry_check",
    metadata,
    entry(),
    Column("market", Text, nullable=False),
    Column("stall", Text, nullable=False),
    Column("lot", Text),
    Column("commodity", Text),
    Column("origin_division", Text),
    Column("amount", Text),
    Column("pieces", Text),
    Column("presented", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("rapid_test", Text),
    Column("decision", Text, nullable=False),
    Column("refusal_reasons", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("entry_check_lot", "market", "lot"),
    Index("entry_check_day", "market", "day"),
    Index("entry_check_stall", "market", "stall"),
)

spot_check = Table(
    "spot_check",
    metadata,
    entry(),
    Column("market", Text, nullable=False),
    Column("stall", Text, nullable=False),
    Column("sample", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("lot", Text, index=True),
    Column("commodity", Text),
    Column("passed", Boolean, nullable=False),
    Column("day", Text, nullable=False),
    Index("spot_check_day", "market", "day"),
)

listing = Table(
    "listing",
    metadata,
    entry(),
    Column("listing", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("platform", Text, nullable=False),
)

listing_end = Table(
    "listing_end",
    metadata,
    entry(),
    Column("listing", Text, nullable=False, index=True),
    Column("end_cause", Text, nullable=False),
)


def export_account(lot: str) -> str:
    """Return the running total of what of *lot* was declared as an export."""
    return f"export:{lot}"


export = Table(
    "export",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("country", Text, nullable=False, index=True),
    Column("amount", Text, nullable=False),
    Column("domestic_lot", Text),
    Column("day", Text, nullable=False),
)
