"""How goods are kept on their way, how much may be lost on it, and how long each record is to be kept.

cold_chain.csv             commodity, form, lowest, highest (degrees Celsius), tolerated_minutes
delivery_tolerances.csv    commodity (empty: any), per_cent
retention.csv              kinds, roles (empty: any), counted_from, months, months_without, clause
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance

CountedFrom = Literal["record", "shelf-life"]

_DEGREES = re.compile(r"-?(0|[1-9][0-9]?)(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdChainRow(Sourced):
    """The temperatures at which a kind of goods is kept in one form."""

    commodity: str
    form: str
    lowest: Decimal | None
    highest: Decimal | None
    tolerated_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToleranceRow(Sourced):
    """How much of a delivery may be missing before it is called short; no commodity: any."""

    commodity: str | None
    per_cent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRow(Sourced):
    """How many months records of some kinds are kept, and what the clock starts from.

    *months_without* counts from the record where a shelf life would count and none is known.
    """

    kinds: frozenset[str]
    roles: frozenset[str]
    counted_from: CountedFrom
    months: int
    months_without: int
    clause: str


def cold_chain_of(content: bytes, known: Commodities) -> tuple[ColdChainRow, ...]:
    """Read `cold_chain.csv`."""
    columns = ("commodity", "form", "lowest", "highest", "tolerated_minutes")
    return tuple(_cold_chain(row, known) for row in rows_of("cold_chain.csv", content, *columns))


def _cold_chain(row: Row, known: Commodities) -> ColdChainRow:
    lowest, highest = _degrees(row, "lowest"), _degrees(row, "highest")
    if lowest is None and highest is None:
        raise row.wrong("highest", "cell-empty")
    return ColdChainRow(
        commodity=_commodity(row, known),
        form=row.choice("form", "ambient", "chilled", "frozen"),
        lowest=lowest,
        highest=highest,
        tolerated_minutes=row.whole("tolerated_minutes"),
        **provenance(row),
    )


def _degrees(row: Row, column: str) -> Decimal | None:
    if not row.cells[column]:
        return None
    if not _DEGREES.fullmatch(row.cells[column]):
        raise row.wrong(column, "cell-not-a-decimal")
    return Decimal(row.cells[column])


def _commodity(row: Row, known: Commodities) -> str:
    if row.cells["commodity"] not in known:
        raise row.wrong("commodity", "commodity-unknown")
    return row.cells["commodity"]


def tolerances_of(content: bytes, known: Commodities) -> tuple[ToleranceRow, ...]:
    """Read `delivery_tolerances.csv`."""
    return tuple(
        ToleranceRow(
            commodity=_commodity(row, known) if row.cells["commodity"] else None,
            per_cent=row.number("per_cent"),
            **provenance(row),
        )
        for row in rows_of("delivery_tolerances.csv", content, "commodity", "per_cent")
    )


def retentions_of(content: bytes, _known: Commodities) -> tuple[RetentionRow, ...]:
    """Read `retention.csv`."""
    columns = ("kinds", "roles", "counted_from", "months", "months_without", "clause")
    return tuple(_retention(row) for row in rows_of("retention.csv", content, *columns))


def _retention(row: Row) -> RetentionRow:
    kinds = frozenset(row.several("kinds"))
    if not kinds:
        raise row.wrong("kinds", "cell-empty")
    return RetentionRow(
        kinds=kinds,
        roles=frozenset(row.several("roles")),
        counted_from=cast(CountedFrom, row.choice("counted_from", "record", "shelf-life")),
        months=row.whole("months"),
        months_without=row.whole("months_without"),
        clause=row.text("clause"),
        **provenance(row),
    )


COLD_CHAIN = RuleTable("cold_chain.csv", cold_chain_of)
TOLERANCES = RuleTable("delivery_tolerances.csv", tolerances_of)
RETENTION = RuleTable("retention.csv", retentions_of)
