"""What is derived of inputs: what each purchase says of its label, and what came to and left each shelf."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from traceability.tables.frame import entry, metadata

purchase = Table(
    "purchase",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("registration", Text),
    Column("maker", Text),
    Column("label_code", Text, index=True),
    Column("batch", Text),
    Column("expiry", Text),
    Column("substances", Text, nullable=False),
    Column("interval_days", Integer),
    Column("dose_most", Text),
    Column("dose_unit", Text),
    Column("licensed_dealer", Boolean, nullable=False),
    Index("purchase_of", "party", "product", "entry"),
)

input_move = Table(
    "input_move",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("change", Text, nullable=False),
    Index("input_move_of", "party", "product", "unit", "entry"),
)
"""*why* is bought, used or adjusted; what they add up to stands in `running.account`."""
