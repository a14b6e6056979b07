"""What the law says follows where a duty is neglected, told to whoever has the duty.

    consequences.csv    duty, kinds (of records), roles, text_zh, text_en, clause

Only rows that somebody read in the law are told; the others wait to be checked.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from traceability.reference import Row, Sourced, rows_of, shipped


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for parties of *roles* who neglect the duty behind records of *kinds*."""

    duty: str
    kinds: frozenset[str]
    roles: frozenset[str]
    text_zh: str
    text_en: str
    clause: str
    sourced: Sourced


@cache
def consequences() -> tuple[Consequence, ...]:
    """Return every row of the table."""
    columns = ("duty", "kinds", "roles", "text_zh", "text_en", "clause")
    return tuple(_row(row) for row in rows_of("consequences.csv", shipped("consequences.csv"), *columns))


def _row(row: Row) -> Consequence:
    return Consequence(
        row.text("duty"),
        frozenset(row.several("kinds")),
        frozenset(row.several("roles")),
        row.text("text_zh"),
        row.text("text_en"),
        row.text("clause"),
        row.sourced(),
    )


def told_to(role: str, kind: str, on: date) -> list[Consequence]:
    """Return what a party of *role* should know when it records an event of *kind*: sure rows in force."""
    return [
        each
        for each in consequences()
        if kind in each.kinds and role in each.roles and each.sourced.sure and each.sourced.in_force(on)
    ]
