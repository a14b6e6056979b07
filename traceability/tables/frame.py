"""What every derived table is made with, and the table of statements that all of them lean on.

    licence = Table("licence", metadata, entry(), Column("mark", Text, nullable=False, index=True))

`entry` is the index of the entry that gave the row, `ordinal` its number among those of one entry.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    select,
    text,
)

metadata = MetaData()

# SQLite gives an INTEGER 64 bits, PostgreSQL needs to be asked.
Position = BigInteger().with_variant(Integer, "sqlite")


def entry(name: str = "entry", *, primary_key: bool = True) -> Column[int]:
    """Return a column for the index of an entry; the key of its table unless told otherwise."""
    return Column(name, Position, primary_key=primary_key, autoincrement=False, nullable=not primary_key)


def ordinal() -> Column[int]:
    """Return the column that numbers the rows of one entry from 0."""
    return Column("ordinal", Integer, primary_key=True, autoincrement=False)


_CLAIMED = text("event_id IS NOT NULL")

statement = Table(
    "statement",
    metadata,
    entry(),
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
    entry("void_by", primary_key=False),
    Index("statement_once", "by", "statement_id", unique=True),
    # Only partners' claims have one, so only theirs are in the index.
    Index("statement_event_id", "event_id", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
    Index("statement_kind", "effective_kind"),
)


def standing(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the rows of *table* whose entries no later one made void, oldest first."""
    return (
        select(table)
        .join(statement, statement.c.entry == table.c.entry)
        .where(statement.c.void_by.is_(None), *conditions)
        .order_by(table.c.entry)
    )
