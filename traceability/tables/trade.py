"""Who there is, which goods there are and where they went: the tables that every lot is found by."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text

from traceability.tables.frame import Position, entry, metadata, ordinal

subject = Table(
    "subject",
    metadata,
    Column("subject", Text, primary_key=True),
    entry(),
    Column("leaf", LargeBinary, nullable=False),
    Index("subject_entry", "entry"),
)

party = Table(
    "party",
    metadata,
    entry(),
    Column("party", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("division", Text, nullable=False, index=True),
    Column("name", Text),
    Column("uscc", Text),
)

party_key = Table(
    "party_key",
    metadata,
    entry(),
    Column("key_id", Text, nullable=False, unique=True),
    Column("party", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("custody", Text, nullable=False),
    Column("public", LargeBinary, nullable=False),
    entry("revoked_by", primary_key=False),
)

key_record = Table(
    "key_record",
    metadata,
    entry(),
    Column("kind", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

prefix = Table(
    "prefix",
    metadata,
    entry(),
    Column("prefix", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
)

product = Table(
    "product",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("commodity", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("piece", Text),
    Column("piece_kg", Text),
    Column("gtin", Text, index=True),
    Index("product_name", "party", "product"),
)

member = Table(
    "member",
    metadata,
    entry(),
    Column("member", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
)

plot = Table(
    "plot",
    metadata,
    entry(),
    Column("plot", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("member", Text),
    Column("commodity", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("area_ha", Text),
    Column("bags", Integer),
    Column("planted", Integer),
    Column("gi", Text),
    Column("high_standard", Boolean),
    Column("cultivation", Text),
    Column("township", Text, index=True),
)

treatment = Table(
    "treatment",
    metadata,
    entry(),
    Column("plot", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("substances", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("interval_days", Integer),
    Column("registration", Text),
    Index("treatment_plot_day", "plot", "day"),
)

harvest = Table(
    "harvest",
    metadata,
    entry(),
    ordinal(),
    Column("plot", Text, nullable=False),
    Column("lot", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Index("harvest_plot_day", "plot", "day"),
)


def reaped_account(plot: str, year: int, measure: str) -> str:
    """Return the running total of what a plot gave in a calendar year, of lots of this measure."""
    return f"reaped:{plot}:{year}:{measure}"


lot = Table(
    "lot",
    metadata,
    entry(),
    ordinal(),
    Column("lot", Text, nullable=False, index=True),
    Column("maker", Text, nullable=False, index=True),
    Column("product_party", Text),
    Column("product", Text),
    Column("measure", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("by_product", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    Column("hash", Text, nullable=False, index=True),
)

stock = Table(
    "stock",
    metadata,
    entry(),
    ordinal(),
    Column("lot", Text, nullable=False),
    Column("party", Text, nullable=False, index=True),
    Column("why", Text, nullable=False),
    Column("change", Text, nullable=False),
    Index("stock_lot_party", "lot", "party"),
)

item = Table(
    "item",
    metadata,
    entry(),
    ordinal(),
    Column("part", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Index("item_lot", "lot", "part"),
)

code_issue = Table(
    "code_issue",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("first", Position, nullable=False),
    Column("packs", Position, nullable=False),
    Column("pack", Text, nullable=False),
)

code_void = Table(
    "code_void",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("first", Position, nullable=False),
    Column("packs", Position, nullable=False),
)

shipment = Table(
    "shipment",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("handover", Text, nullable=False, index=True),
)

receipt = Table(
    "receipt",
    metadata,
    entry(),
    Column("shipment", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
)

inspection = Table(
    "inspection",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sampled_on", Text, nullable=False),
    Column("verdict", Text, nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("number", Text, nullable=False),
)

recall = Table(
    "recall",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("level", Integer, nullable=False),
    Column("cause", Text, nullable=False),
)

flag = Table(
    "flag",
    metadata,
    entry(),
    ordinal(),
    Column("rule", Text, nullable=False, index=True),
    Column("level", Text, nullable=False),
    Column("lot", Text, index=True),
    Column("told", Text, nullable=False),
)

confirmation = Table(
    "confirmation",
    metadata,
    entry(),
    Column("target", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
)
"""Who bears out the statement whose digest is *target*."""

resolution = Table(
    "resolution",
    metadata,
    entry(),
    Column("target", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
)

erasure = Table(
    "erasure",
    metadata,
    entry(),
    ordinal(),
    Column("target", Text, nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("done", Text, nullable=False),
)

declaration = Table(
    "declaration",
    metadata,
    entry(),
    Column("by", Text, nullable=False),
    Column("claimed_by", Text),
    Column("event_id", Text, nullable=False, index=True),
)

rule_set = Table(
    "rule_set",
    metadata,
    entry(),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
