"""Marks, licences and what bears them; bases and what they gave; rights, honours and stories.

How much of a licence or a base is used in a season is an account of `running`, so that it costs the same in
the first week of a season and in the last; the rows here say on which lots.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from traceability.tables.frame import entry, metadata, ordinal

mark = Table(
    "mark",
    metadata,
    entry(),
    Column("mark", Text, nullable=False, index=True),
    Column("tier", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("owner", Text, nullable=False, index=True),
    Column("above", Text, index=True),
    Column("commodities", Text, nullable=False),
    Column("divisions", Text, nullable=False),
    Column("criteria", Text, nullable=False),
    Column("threshold", Integer),
    Column("season_month", Integer, nullable=False),
    Column("from_bases", Boolean, nullable=False),
    Column("gi", Text),
    Column("trademarks", Text, nullable=False),
)

mark_end = Table(
    "mark_end",
    metadata,
    entry(),
    Column("mark", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
    Column("ground", Text, nullable=False),
)

assessment = Table(
    "assessment",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("mark", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("product", Text, nullable=False),
    Column("scores", Text, nullable=False),
    Column("day", Text, nullable=False),
)

licence = Table(
    "licence",
    metadata,
    entry(),
    Column("licence", Text, nullable=False, index=True),
    Column("mark", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("products", Text, nullable=False),
    Column("quota_kg", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("under", Text, index=True),
)

licence_change = Table(
    "licence_change",
    metadata,
    entry(),
    Column("licence", Text, nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("ground", Text, nullable=False),
)

mark_use = Table(
    "mark_use",
    metadata,
    entry(),
    ordinal(),
    Column("lot", Text, nullable=False, index=True),
    Column("mark", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("applied", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("season", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("kg", Text, nullable=False),
    Index("mark_use_of_mark", "mark", "season"),
)

season_basis = Table(
    "season_basis",
    metadata,
    entry(),
    Column("mark", Text, nullable=False),
    Column("season", Integer, nullable=False),
    Column("commodity", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("area_ha", Text, nullable=False),
    Column("yield_kg_ha", Text, nullable=False),
    Column("outturn_percent", Text, nullable=False),
    Index("season_basis_of_mark", "mark", "season"),
)

base = Table(
    "base",
    metadata,
    entry(),
    Column("base", Text, nullable=False, index=True),
    Column("mark", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("division", Text, nullable=False),
    Column("commodity", Text, nullable=False),
    Column("area_ha", Text, nullable=False),
    Column("capacity_kg", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
)

base_plot = Table(
    "base_plot",
    metadata,
    entry(),
    ordinal(),
    Column("base", Text, nullable=False, index=True),
    Column("plot", Text, nullable=False, index=True),
)

base_test = Table(
    "base_test",
    metadata,
    entry(),
    Column("base", Text, nullable=False, index=True),
    Column("specimen", Text, nullable=False),
    Column("sampled_on", Text, nullable=False),
    Column("verdict", Text, nullable=False),
)

base_end = Table(
    "base_end",
    metadata,
    entry(),
    Column("base", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
    Column("ground", Text, nullable=False),
)

base_use = Table(
    "base_use",
    metadata,
    entry(),
    ordinal(),
    Column("base", Text, nullable=False),
    Column("season", Integer, nullable=False),
    Column("lot", Text, nullable=False, index=True),
    Column("kg", Text, nullable=False),
    Index("base_use_of_base", "base", "season"),
)

gi_user = Table(
    "gi_user",
    metadata,
    entry(),
    Column("gi", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("products", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
)

gi_user_end = Table(
    "gi_user_end",
    metadata,
    entry(),
    Column("gi", Text, nullable=False),
    Column("party", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
    Column("ground", Text, nullable=False),
)

credential = Table(
    "credential",
    metadata,
    entry(),
    Column("credential", Text, nullable=False, index=True),
    Column("honour", Text, nullable=False),
    Column("party", Text, nullable=False, index=True),
    Column("product", Text),
    Column("authority", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("until", Text),
)

credential_end = Table(
    "credential_end",
    metadata,
    entry(),
    Column("credential", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
)

story = Table(
    "story",
    metadata,
    entry(),
    Column("party", Text, nullable=False, index=True),
    Column("product", Text),
    Column("mark", Text, index=True),
    Column("tongue", Text, nullable=False),
    Column("published", Boolean, nullable=False),
)
