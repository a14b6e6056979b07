"""Which rules a rule set asks: a rule that was written later does not judge what was recorded before it.

rules_asked.csv     rule, and where it comes from
"""

from dataclasses import dataclass

from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow(Sourced):
    """One rule, by the name of its function."""

    rule: str


def asked_of(content: bytes, _known: Commodities) -> tuple[AskedRow, ...]:
    """Read `rules_asked.csv`; each rule stands once."""
    found: dict[str, AskedRow] = {}
    for row in rows_of("rules_asked.csv", content, "rule"):
        if (each := _asked(row)).rule in found:
            raise row.wrong("rule", "row-stands-twice")
        found[each.rule] = each
    return tuple(found.values())


def _asked(row: Row) -> AskedRow:
    return AskedRow(rule=row.text("rule"), **provenance(row))


ASKED = RuleTable("rules_asked.csv", asked_of)
