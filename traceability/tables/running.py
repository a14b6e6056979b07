"""What earlier entries add up to, so that no question about a lot grows with the lot's past.

    lot_total   how much of a lot was born, used up and coded, and when something last happened to it
    holding     how much of a lot a party has
    flow        which lots went into a process, and which came out of it: the edges of genealogy;
                what was born came out of nothing (its process is "born" and the entry)
    burden      why a lot may not move on, or was not traced: its own reasons, and those of all it was made of
    tally       changes of any other account: what a grower has of an input, what is left of a licence
    account     what the changes of each account add up to

Unlike the other derived tables these hold only what stands (`tally` alone keeps its rows): `running` takes
out again what a later entry makes void. Amounts are in the measure of the lot.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from traceability.tables.frame import Position, entry, metadata, ordinal

lot_total = Table(
    "lot_total",
    metadata,
    Column("lot", Text, primary_key=True),
    Column("born", Text, nullable=False),
    Column("consumed", Text, nullable=False),
    Column("coded", Text, nullable=False),
    Column("next_code", Position, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("last", Text),
)

holding = Table(
    "holding",
    metadata,
    Column("lot", Text, primary_key=True),
    Column("party", Text, primary_key=True),
    Column("amount", Text, nullable=False),
    Index("holding_party", "party"),
)

flow = Table(
    "flow",
    metadata,
    entry(),
    ordinal(),
    Column("process", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("goes_in", Boolean, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("kg", Text),
    Index("flow_lot", "lot", "goes_in", "process"),
    Index("flow_process", "process", "goes_in", "lot"),
)

burden = Table(
    "burden",
    metadata,
    Column("lot", Text, primary_key=True),
    Column("what", Text, primary_key=True),
)

tally = Table(
    "tally",
    metadata,
    entry(),
    ordinal(),
    Column("account", Text, nullable=False),
    Column("change", Text, nullable=False),
)

account = Table(
    "tally_total",
    metadata,
    Column("account", Text, primary_key=True),
    Column("total", Text, nullable=False),
)
