"""Where goods go and how they are kept: destinations, differences, journeys, temperatures, and outsiders."""

from sqlalchemy import Column, Index, Integer, Table, Text

from traceability.tables.frame import entry, metadata, ordinal

counterparty = Table(
    "counterparty",
    metadata,
    entry(),
    Column("counterparty", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("counterparty_kind", Text, nullable=False),
    Column("division", Text),
    Column("country", Text),
)

keeping = Table(
    "keeping",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("lowest", Text),
    Column("highest", Text),
    Column("tolerated_minutes", Integer, nullable=False),
    Column("shelf_life_days", Integer),
    Column("day", Text, nullable=False),
    Index("keeping_product", "party", "product"),
)

journey = Table(
    "journey",
    metadata,
    entry(),
    Column("shipment", Text, nullable=False, index=True),
    Column("carriage", Text, nullable=False, index=True),
)
"""Which shipment a carriage word opens: its SHA-256, as the sender gave it."""

carriage = Table(
    "carriage",
    metadata,
    entry(),
    Column("shipment", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("at", Text, nullable=False),
)

temperature = Table(
    "temperature",
    metadata,
    entry(),
    ordinal(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("shipment", Text, index=True),
    Column("form", Text, nullable=False),
    Column("start", Text, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("minimum", Text, nullable=False),
    Column("maximum", Text, nullable=False),
)

destination = Table(
    "destination",
    metadata,
    entry(),
    ordinal(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("receiver_kind", Text),
    Column("division", Text, index=True),
    Column("country", Text),
    Column("amount", Text, nullable=False),
    Column("day", Text, nullable=False),
)
"""One row for each lot of a shipment that says where it goes; *amount* is in the lot's measure."""

difference = Table(
    "difference",
    metadata,
    entry(),
    ordinal(),
    Column("shipment", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("how", Text, nullable=False),
    Column("amount", Text, nullable=False),
)
