"""The searchable copy of the log: every row can be rebuilt from entries.

Three classes of tables, and no table belongs to none:

    log       ledger.store      hashes guard it
    derived   here              rebuilt from entries and compared; never read as input by an audit
    kept      traceability.kept and web.access: accounts, keys, sealed values; each row has an HMAC

Every derived row carries, as `entry`, the index of the entry that gave it. Amounts are decimal text, for
SQL's numbers would round them. What a later entry made void stays, with `statement.void_by` naming it.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    select,
)

metadata = MetaData()

# SQLite gives an INTEGER 64 bits, PostgreSQL needs to be asked.
Position = BigInteger().with_variant(Integer, "sqlite")


def _entry(name: str = "entry", *, primary_key: bool = True) -> Column[int]:
    return Column(name, Position, primary_key=primary_key, autoincrement=False, nullable=not primary_key)


def _ordinal() -> Column[int]:
    return Column("ordinal", Integer, primary_key=True, autoincrement=False)


statement = Table(
    "statement",
    metadata,
    _entry(),
    Column("by", Text, nullable=False),
    Column("claimed_by", Text),
    Column("statement_id", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("effective_kind", Text),
    Column("source", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("event_id", Text),
    Column("target", Text),
    _entry("void_by", primary_key=False),
    Index("statement_once", "by", "statement_id", unique=True),
    Index("statement_event_id", "event_id"),
    Index("statement_kind", "effective_kind"),
)

subject = Table(
    "subject",
    metadata,
    Column("subject", Text, primary_key=True),
    _entry(),
    Column("leaf", LargeBinary, nullable=False),
    Index("subject_entry", "entry"),
)

party = Table(
    "party",
    metadata,
    _entry(),
    Column("party", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("division", Text, nullable=False, index=True),
    Column("name", Text),
    Column("uscc", Text),
)

party_key = Table(
    "party_key",
    metadata,
    _entry(),
    Column("key_id", Text, nullable=False, unique=True),
    Column("party", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("custody", Text, nullable=False),
    Column("public", LargeBinary, nullable=False),
    _entry("revoked_by", primary_key=False),
)

key_record = Table(
    "key_record",
    metadata,
    _entry(),
    Column("kind", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

prefix = Table(
    "prefix",
    metadata,
    _entry(),
    Column("prefix", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
)

product = Table(
    "product",
    metadata,
    _entry(),
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
    _entry(),
    Column("member", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
)

plot = Table(
    "plot",
    metadata,
    _entry(),
    Column("plot", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("member", Text),
    Column("commodity", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("area_ha", Text),
    Column("bags", Integer),
    Column("planted", Integer),
)

treatment = Table(
    "treatment",
    metadata,
    _entry(),
    Column("plot", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("substances", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("interval_days", Integer),
    Column("registration", Text),
)

harvest = Table(
    "harvest",
    metadata,
    _entry(),
    _ordinal(),
    Column("plot", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
    Column("amount", Text, nullable=False),
)

lot = Table(
    "lot",
    metadata,
    _entry(),
    _ordinal(),
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
    _entry(),
    _ordinal(),
    Column("lot", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("why", Text, nullable=False),
    Column("change", Text, nullable=False),
)

item = Table(
    "item",
    metadata,
    _entry(),
    _ordinal(),
    Column("part", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Index("item_uri", "uri", "part"),
)

code_issue = Table(
    "code_issue",
    metadata,
    _entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("first", Position, nullable=False),
    Column("packs", Position, nullable=False),
    Column("pack", Text, nullable=False),
)

code_void = Table(
    "code_void",
    metadata,
    _entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("first", Position, nullable=False),
    Column("packs", Position, nullable=False),
)

shipment = Table(
    "shipment",
    metadata,
    _entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("handover", Text, nullable=False, index=True),
)

receipt = Table(
    "receipt",
    metadata,
    _entry(),
    Column("shipment", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
)

inspection = Table(
    "inspection",
    metadata,
    _entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sampled_on", Text, nullable=False),
    Column("verdict", Text, nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    _entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("number", Text, nullable=False),
)

recall = Table(
    "recall",
    metadata,
    _entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("level", Integer, nullable=False),
    Column("cause", Text, nullable=False),
)

flag = Table(
    "flag",
    metadata,
    _entry(),
    _ordinal(),
    Column("rule", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("lot", Text, index=True),
    Column("told", Text, nullable=False),
)

resolution = Table(
    "resolution",
    metadata,
    _entry(),
    Column("target", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
)

erasure = Table(
    "erasure",
    metadata,
    _entry(),
    _ordinal(),
    Column("target", Text, nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("done", Text, nullable=False),
)

declaration = Table(
    "declaration",
    metadata,
    _entry(),
    Column("by", Text, nullable=False),
    Column("claimed_by", Text),
    Column("event_id", Text, nullable=False, index=True),
)

rule_set = Table(
    "rule_set",
    metadata,
    _entry(),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
)


def standing(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the rows of *table* whose entries no later one made void, oldest first."""
    return (
        select(table)
        .join(statement, statement.c.entry == table.c.entry)
        .where(statement.c.void_by.is_(None), *conditions)
        .order_by(table.c.entry)
    )
