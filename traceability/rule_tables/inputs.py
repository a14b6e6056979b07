"""The most of a pesticide that may be used at once, as a registered label has it.

doses.csv    substance_zh, substance_en, aliases, commodity, registration (empty: any), most, unit
"""

from dataclasses import dataclass
from decimal import Decimal

from traceability.reference import Row, Sourced, plain_name, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow(Sourced):
    """The most of one substance on one commodity, under one registration or any."""

    substance: str
    names: frozenset[str]
    commodity: str
    registration: str | None
    most: Decimal
    unit: str


def doses_of(content: bytes, known: Commodities) -> tuple[DoseRow, ...]:
    """Read `doses.csv`; each substance, commodity and registration stands once from one day on."""
    found: dict[object, DoseRow] = {}
    columns = ("substance_zh", "substance_en", "aliases", "commodity", "registration", "most", "unit")
    for row in rows_of("doses.csv", content, *columns):
        each = _dose(row, known)
        key = (each.substance, each.commodity, each.registration, each.since)
        if key in found:
            raise row.wrong("substance_zh", "row-stands-twice")
        found[key] = each
    return tuple(found.values())


def _dose(row: Row, known: Commodities) -> DoseRow:
    if row.cells["commodity"] not in known:
        raise row.wrong("commodity", "commodity-unknown")
    told = (row.text("substance_zh"), row.text("substance_en"), *row.several("aliases"))
    return DoseRow(
        substance=row.text("substance_zh"),
        names=frozenset(plain_name(each) for each in told),
        commodity=row.cells["commodity"],
        registration=row.optional("registration"),
        most=row.number("most"),
        unit=row.text("unit"),
        **provenance(row),
    )


DOSES = RuleTable("doses.csv", doses_of)
