"""How makers mean to work: templates, control points and what they showed, capacities and what went through.

`throughput` has a row for each process, so that the sum of one day is found by its index.
"""

from sqlalchemy import Column, Index, Table, Text

from traceability.tables.frame import Position, entry, metadata

template = Table(
    "template",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("template", Text, nullable=False),
    Index("template_party", "template", "party"),
)

control_point = Table(
    "control_point",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("point", Text, nullable=False),
    Column("process", Text, nullable=False),
    Index("control_point_party", "party", "point"),
)

control_measure = Table(
    "control_measure",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("point", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("control_measure_point", "party", "point", "at"),
)

remedy = Table(
    "remedy",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("measurement", Text, nullable=False, index=True),
)

capacity = Table(
    "capacity",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("kg_a_day", Text, nullable=False),
    Index("capacity_party", "party", "process"),
)

throughput = Table(
    "throughput",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("grams", Position, nullable=False),
    Index("throughput_day", "party", "process", "day"),
)
