"""The 吉字号 marks that papers of the province name: offered for registration, registered by people alone.

    marks.csv    mark, name_zh, name_en, commodities, from_bases

Which marks there are is told by entries alone. A row that names no commodity of this ledger waits for one.
"""

from dataclasses import dataclass
from functools import cache

from traceability.reference import Row, Sourced, rows_of, shipped
from traceability.vocabulary import commodities

PROVINCE = "220000"


@dataclass(frozen=True, slots=True)
class MarkSeed:
    """One public mark of the province, and what may bear it."""

    mark: str
    name_zh: str
    name_en: str
    commodities: tuple[str, ...]
    from_bases: bool
    sourced: Sourced


@cache
def mark_seeds() -> tuple[MarkSeed, ...]:
    """Return every mark of the table, in its order."""
    return seeds_of(shipped("marks.csv"))


def seeds_of(content: bytes) -> tuple[MarkSeed, ...]:
    """Read `marks.csv`; each mark stands once, and names commodities that exist."""
    found: dict[str, MarkSeed] = {}
    for row in rows_of("marks.csv", content, "mark", "name_zh", "name_en", "commodities", "from_bases"):
        seed = _seed(row)
        if seed.mark in found:
            raise row.wrong("mark", "row-stands-twice")
        found[seed.mark] = seed
    return tuple(found.values())


def _seed(row: Row) -> MarkSeed:
    told = row.several("commodities")
    if not set(told) <= commodities().keys():
        raise row.wrong("commodities", "commodity-unknown")
    return MarkSeed(
        row.text("mark"),
        row.text("name_zh"),
        row.text("name_en"),
        told,
        row.choice("from_bases", "yes", "no") == "yes",
        row.sourced(),
    )
