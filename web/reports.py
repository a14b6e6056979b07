"""What shoppers report of a lot (质量举报): kept beside the log, for the county's regulator to read.

A report names nobody: whoever sent it asks after it by its number. The table is *kept*: each row has a seal.
"""

import re
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Engine, LargeBinary, MetaData, Table, Text, select

from ledger import store
from ledger.canonical import instant_text
from traceability import kept
from traceability.errors import Invalid, Problem

metadata = MetaData()

consumer_report = Table(
    "consumer_report",
    metadata,
    Column("number", Text, primary_key=True),
    Column("lot", Text, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

LONGEST = 1000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def keep(engine: Engine, kept_key: bytes, *, lot: str, text: str, at: datetime) -> str:
    """Keep what was reported of *lot* and return its number; raise `Invalid` for words that will not do."""
    words = text.strip()
    if not words:
        raise Invalid(Problem("text", "missing"))
    if len(words) > LONGEST:
        raise Invalid(Problem("text", "too-long", (("found", str(LONGEST)),)))
    if _UNSEEN.search(words):
        raise Invalid(Problem("text", "unseen-characters"))
    number = f"R{secrets.randbelow(10**12):012d}"
    row = {"number": number, "lot": lot, "text": words, "at": instant_text(at)}
    sealed = kept.sealed_row(kept_key, consumer_report.name, row)
    with store.writing(engine) as connection:
        connection.execute(consumer_report.insert().values(**sealed))
    return number


def of_lots(connection: Connection, lots: set[str]) -> list[Any]:
    """Return the reports of these lots, the newest first."""
    table = consumer_report
    rows = connection.execute(select(table).order_by(table.c.at.desc()))
    return [row for row in rows if row.lot in lots]
