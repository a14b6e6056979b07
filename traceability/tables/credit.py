"""What is said of parties' reliability, and what was drawn by lot, as entries tell it."""

from sqlalchemy import Boolean, Column, Integer, Table, Text

from traceability.tables.frame import Position, entry, metadata, ordinal

objection = Table(
    "credit_objection",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("target", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
)

objection_decision = Table(
    "credit_objection_decision",
    metadata,
    entry(),
    Column("target", Text, nullable=False, index=True),
    Column("upheld", Boolean, nullable=False),
    Column("day", Text, nullable=False),
)

repair = Table(
    "credit_repair",
    metadata,
    entry(),
    Column("target", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
)

dishonesty = Table(
    "dishonesty",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("basis", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("excludes", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False, index=True),
)
"""*facts* and *excludes* are JSON arrays; both days of the term are included."""

dishonesty_end = Table(
    "dishonesty_end",
    metadata,
    entry(),
    Column("target", Text, nullable=False, index=True),
    Column("how", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("told", Text, nullable=False),
)
"""*how*: repaired, lifted; *day*: the first on which the party is not listed; *told*: basis or cause."""

draw = Table(
    "draw",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("division", Text, nullable=False, index=True),
    Column("candidates", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("seed_size", Position, nullable=False),
)

draw_made = Table(
    "draw_made",
    metadata,
    entry(),
    Column("target", Text, nullable=False, index=True),
    Column("size", Position, nullable=False),
    Column("root", Text, nullable=False),
)

drawn = Table(
    "drawn",
    metadata,
    entry(),
    ordinal(),
    Column("party", Text, nullable=False, index=True),
    Column("inspectors", Text, nullable=False),
)
"""*inspectors* is a JSON array."""
