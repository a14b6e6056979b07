"""Recalls and holds, cases and tasks, alerts, shoppers' reports and ratings: each step as its entry tells it.

A row of a step names what it is a step of by the digest of the statement that began it. Where a thing stands
is not stored: it is what its standing steps add up to.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from traceability.tables.frame import entry, metadata, ordinal

recall_step = Table(
    "recall_step",
    metadata,
    entry(),
    ordinal(),
    Column("recall", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("lot", Text),
    Column("amount", Text),
    Column("why", Text),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("recall_step_of", "recall", "lot"),
)
"""*step*: started, recovered, disposed, missing, completed; *amount* in the measure of the lot."""


def recall_account(what: str, recall: str, lot: str) -> str:
    """Return the running total of what was recovered of *lot* in one recall, or disposed of.

    What was disposed of from somebody's booked stock is not in it: that stock is lower by as much.
    """
    return f"{what}:{recall}:{lot}"


notice = Table(
    "notice",
    metadata,
    entry(),
    Column("digest", Text, nullable=False),
    Column("about", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False),
    Column("amount", Text),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    entry(),
    Column("about", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("amount", Text),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("acknowledgement_of", "about", "by"),
)

placed_hold = Table(
    "placed_hold",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("cause", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)

case = Table(
    "case_file",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("respondent", Text, nullable=False, index=True),
    Column("lot", Text, index=True),
    Column("cause", Text, nullable=False),
    Column("inspection", Text),
    Column("source", Text, index=True),
    Column("day", Text, nullable=False),
)

case_step = Table(
    "case_step",
    metadata,
    entry(),
    Column("case", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("until", Text),
    Column("passed", Boolean),
    Column("outcome", Text),
    Index("case_step_of", "case", "step"),
)
"""*step*: ordered, reported, reinspected, closed."""

task = Table(
    "task",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("office", Text, nullable=False, index=True),
    Column("division", Text, nullable=False, index=True),
    Column("topic", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("parent", Text, index=True),
    Column("draw", Text, index=True),
    Column("day", Text, nullable=False),
)

task_party = Table(
    "task_party",
    metadata,
    entry(),
    ordinal(),
    Column("task", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
)

finding = Table(
    "finding",
    metadata,
    entry(),
    ordinal(),
    Column("digest", Text, nullable=False, index=True),
    Column("task", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("aspect", Text, nullable=False),
    Column("in_order", Boolean, nullable=False),
    Column("day", Text, nullable=False),
)

task_report = Table(
    "task_report",
    metadata,
    entry(),
    Column("task", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("severity", Text, nullable=False, index=True),
    Column("division", Text, nullable=False, index=True),
    Column("lot", Text),
    Column("party", Text),
    Column("until", Text),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)

alert_step = Table(
    "alert_step",
    metadata,
    entry(),
    Column("source", Text, nullable=False),
    Column("alert", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("outcome", Text),
    Column("case", Text),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Index("alert_step_of", "source", "alert", "step"),
)
"""*step*: acknowledged, done."""

report = Table(
    "shopper_report",
    metadata,
    entry(),
    Column("digest", Text, nullable=False, index=True),
    Column("receipt", Text, nullable=False, index=True),
    Column("complaint", Text, nullable=False),
    Column("lot", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
)

report_step = Table(
    "shopper_report_step",
    metadata,
    entry(),
    Column("report", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("case", Text),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Index("shopper_report_step_of", "report", "step"),
)
"""*step*: accepted, investigating, confirmed, unfounded, rewarded, paid."""

rating = Table(
    "rating",
    metadata,
    entry(),
    ordinal(),
    Column("day", Text, nullable=False, index=True),
    Column("division", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    *(Column(name, Integer, nullable=False) for name in ("ones", "twos", "threes", "fours", "fives")),
)
