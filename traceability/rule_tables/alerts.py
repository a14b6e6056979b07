"""What raises an alert: how grave it is, whose desk it comes to, and how soon somebody has to act (风险预警).

    risk_rules.csv    alert, given_by, severity, days, owner

    given_by  flag     a rule's flag of the same name       test      a sample that failed
              warning  somebody's `alert-raised`            clock     a term of a case, task, recall is over
              scan     scans of a code look like those of a copy

*days* are calendar days; *owner* is the level of the office whose queue it stands in first.
"""

from dataclasses import dataclass
from typing import Literal, cast

from traceability.events.supervising import Severity
from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance

GivenBy = Literal["flag", "test", "warning", "clock", "scan"]
Owner = Literal["county", "prefecture", "province"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow(Sourced):
    """One alert: the name of the flag that gives it, or what else does."""

    alert: str
    given_by: GivenBy
    severity: Severity
    days: int
    owner: Owner


def risks_of(content: bytes, _known: Commodities) -> tuple[RiskRow, ...]:
    """Read `risk_rules.csv`; each alert stands once."""
    found: dict[str, RiskRow] = {}
    for row in rows_of("risk_rules.csv", content, "alert", "given_by", "severity", "days", "owner"):
        if (each := _risk(row)).alert in found:
            raise row.wrong("alert", "row-stands-twice")
        found[each.alert] = each
    return tuple(found.values())


def _risk(row: Row) -> RiskRow:
    return RiskRow(
        alert=row.text("alert"),
        given_by=cast(GivenBy, row.choice("given_by", "flag", "test", "warning", "clock", "scan")),
        severity=cast(Severity, row.choice("severity", "low", "medium", "high", "critical")),
        days=row.whole("days"),
        owner=cast(Owner, row.choice("owner", "county", "prefecture", "province")),
        **provenance(row),
    )


RISK_RULES = RuleTable("risk_rules.csv", risks_of)
