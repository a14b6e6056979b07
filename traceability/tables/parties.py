"""What is derived of the register: how each party came in and went out, and what it says of itself."""

from sqlalchemy import Boolean, Column, Index, Table, Text

from traceability.tables.frame import entry, metadata

party_step = Table(
    "party_step",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("ground", Text),
    Column("until", Text),
    Index("party_step_of", "party", "entry"),
)
"""One step of a party's way: proposed, registered, verified, suspended, resumed, ended."""

party_detail = Table(
    "party_detail",
    metadata,
    entry(),
    Column("party", Text, nullable=False, index=True),
    Column("township", Text),
    Column("department", Text),
    Column("commodities", Text, nullable=False),
    Column("market", Text, index=True),
    Column("restricted", Boolean, nullable=False),
)
"""What a registration says beside name, role and division; *commodities* as a JSON list."""
