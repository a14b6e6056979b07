"""What shoppers tell: the number of a report, which only its shopper has, and the taps of one to five.

    R4T8-2KQ7-9XNC-5HVM     eighty random bits, in letters that are not mistaken for each other

A report enters the log at once (`shopper_says`); its number is kept nowhere. Ratings wait here until their
day is over, then the log has their count and the rows go. No row says who tapped. The table is *kept*: each
row has a seal.
"""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, Table, Text, delete, select

from qr.code import ALPHABET
from traceability import kept

metadata = MetaData()

rating = Table(
    "kept_rating",
    metadata,
    Column("number", Text, primary_key=True),
    Column("day", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

LONGEST = 1000
SCORES = (1, 2, 3, 4, 5)
_LETTERS = 16


def draw_number() -> str:
    """Return a new number of a report, without its strokes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))


def spelt_number(number: str) -> str:
    """Return a number as it is shown to its shopper, in groups of four."""
    return "-".join(number[start : start + 4] for start in range(0, len(number), 4))


def keep_rating(connection: Connection, kept_key: bytes, *, lot: str, score: int, day: date) -> None:
    """Keep one tap until its day is over."""
    row = {"number": secrets.token_hex(16), "day": day.isoformat(), "lot": lot, "score": score}
    connection.execute(rating.insert().values(**kept.sealed_row(kept_key, rating.name, row)))


def days_before(connection: Connection, today: date) -> list[date]:
    """Return the days before *today* that have taps which are not counted yet."""
    found = select(rating.c.day).where(rating.c.day < today.isoformat()).distinct().order_by(rating.c.day)
    return [date.fromisoformat(row.day) for row in connection.execute(found)]


def taps_of(connection: Connection, kept_key: bytes, day: date) -> list[tuple[str, int]]:
    """Return lot and score of each tap of *day*; a row that was edited counts for none."""
    rows: Iterable[Any] = connection.execute(select(rating).where(rating.c.day == day.isoformat()))
    return [(row.lot, row.score) for row in rows if kept.row_holds(kept_key, rating.name, row._asdict())]


def forget_day(connection: Connection, day: date) -> None:
    """Delete the taps of *day*: the log has their count."""
    connection.execute(delete(rating).where(rating.c.day == day.isoformat()))
