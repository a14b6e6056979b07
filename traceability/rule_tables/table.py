"""A reference table that travels with the rule set: its file, and how its bytes become rows.

MARKS = RuleTable("marks.csv", marks_of)         rules.rows(MARKS)  →  the rows, in the order of the file
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from traceability.reference import Row
from traceability.vocabulary import Commodity

R = TypeVar("R")

Commodities = Mapping[str, Commodity]
"""The kinds of goods that the same rule set lists, by their codes."""


def provenance(row: Row) -> dict[str, Any]:
    """Return where *row* comes from, as the members that a class below `Sourced` takes."""
    return asdict(row.sourced())


@dataclass(frozen=True, slots=True)
class RuleTable(Generic[R]):
    """One file of a rule set; *read* raises `Invalid` with file, line and column of what is wrong."""

    file: str
    read: Callable[[bytes, Commodities], tuple[R, ...]]
