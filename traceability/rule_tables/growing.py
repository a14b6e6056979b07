"""What is usual of a crop: its age at harvest, its yield, and the order of work of a season.

crop_ages.csv        how many years a crop is to stand, and for what it may be sold
yield_bounds.csv     what a plot gives in a good year; the cap beyond it stands in yield_caps.csv
protocols.csv        the protocols (技术规程) that a grower may adopt
protocol_steps.csv   their steps in order, each with its window in the year of the harvest
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar, cast

from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.areas import AREAS, AreaRow
from traceability.rule_tables.table import Commodities, RuleTable, provenance

__all__ = [
    "AGES",
    "AREAS",
    "BOUNDS",
    "PROTOCOLS",
    "PROTOCOL_STEPS",
    "AgeRow",
    "AreaRow",
    "BoundRow",
    "ProtocolRow",
    "StepRow",
]

T = TypeVar("T")

StepKind = Literal["field-worked", "input-applied", "treated", "harvested"]
_WINDOW = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow(Sourced):
    """How many years old a crop is to be, at least or at most; empty members hold for every harvest."""

    commodity: str
    cultivation: str | None
    sold_as: str | None
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundRow(Sourced):
    """What a hectare or a bag gives in a good year."""

    commodity: str
    usual: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolRow(Sourced):
    """A protocol that a grower may adopt."""

    protocol: str
    name_zh: str
    name_en: str
    commodity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow(Sourced):
    """One step of a protocol: its place in the order, what is told of it, and its window (MM-DD)."""

    protocol: str
    place: int
    kind: StepKind
    what: str | None
    opens: str
    closes: str
    required: bool


def rows_once(
    file: str, content: bytes, columns: tuple[str, ...], key: tuple[str, ...], read: Callable[[Row], T]
) -> tuple[T, ...]:
    """Read a table in which each *key* stands once."""
    found: dict[tuple[str, ...], T] = {}
    for row in rows_of(file, content, *columns):
        name = (*(row.cells[each] for each in key), row.cells["from"])
        if name in found:
            raise row.wrong(key[0], "row-stands-twice")
        found[name] = read(row)
    return tuple(found.values())


def known_commodity(row: Row, column: str, known: Commodities) -> str:
    """Return a cell that names a kind of goods of the same rule set."""
    if row.cells[column] not in known:
        raise row.wrong(column, "commodity-unknown")
    return row.cells[column]


def _whole(row: Row, column: str) -> int | None:
    return row.whole(column) if row.cells[column] else None


def ages_of(content: bytes, known: Commodities) -> tuple[AgeRow, ...]:
    """Read `crop_ages.csv`."""
    columns = ("commodity", "cultivation", "sold_as", "least", "most")

    def read(row: Row) -> AgeRow:
        row.choice("cultivation", "", "garden", "forest")
        row.choice("sold_as", "", "food", "medicine")
        return AgeRow(
            commodity=known_commodity(row, "commodity", known),
            cultivation=row.optional("cultivation"),
            sold_as=row.optional("sold_as"),
            least=_whole(row, "least"),
            most=_whole(row, "most"),
            **provenance(row),
        )

    return rows_once("crop_ages.csv", content, columns, columns[:3], read)


def bounds_of(content: bytes, known: Commodities) -> tuple[BoundRow, ...]:
    """Read `yield_bounds.csv`."""

    def read(row: Row) -> BoundRow:
        return BoundRow(
            commodity=known_commodity(row, "commodity", known),
            usual=row.number("usual"),
            unit=row.choice("unit", "kg/ha", "kg/bag", "pieces/ha"),
            **provenance(row),
        )

    return rows_once("yield_bounds.csv", content, ("commodity", "usual", "unit"), ("commodity",), read)


def protocols_of(content: bytes, known: Commodities) -> tuple[ProtocolRow, ...]:
    """Read `protocols.csv`."""

    def read(row: Row) -> ProtocolRow:
        return ProtocolRow(
            protocol=row.text("protocol"),
            name_zh=row.text("name_zh"),
            name_en=row.text("name_en"),
            commodity=known_commodity(row, "commodity", known),
            **provenance(row),
        )

    columns = ("protocol", "name_zh", "name_en", "commodity")
    return rows_once("protocols.csv", content, columns, ("protocol",), read)


def steps_of(content: bytes, _known: Commodities) -> tuple[StepRow, ...]:
    """Read `protocol_steps.csv`."""

    def read(row: Row) -> StepRow:
        for column in ("opens", "closes"):
            if not _WINDOW.fullmatch(row.cells[column]):
                raise row.wrong(column, "cell-not-a-date")
        if row.cells["closes"] < row.cells["opens"]:
            raise row.wrong("closes", "cell-before-from")
        return StepRow(
            protocol=row.text("protocol"),
            place=row.whole("place"),
            kind=cast(StepKind, row.choice("kind", "field-worked", "input-applied", "treated", "harvested")),
            what=row.optional("what"),
            opens=row.cells["opens"],
            closes=row.cells["closes"],
            required=row.choice("required", "yes", "no") == "yes",
            **provenance(row),
        )

    columns = ("protocol", "place", "kind", "what", "opens", "closes", "required")
    return rows_once("protocol_steps.csv", content, columns, ("protocol", "place"), read)


AGES = RuleTable("crop_ages.csv", ages_of)
BOUNDS = RuleTable("yield_bounds.csv", bounds_of)
PROTOCOLS = RuleTable("protocols.csv", protocols_of)
PROTOCOL_STEPS = RuleTable("protocol_steps.csv", steps_of)
