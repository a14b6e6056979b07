"""The reference tables of the topics of the trade: files of the rule set, each read by its topic.

A rule set from before a table existed has no rows of it; what nobody checked (a row that is not `sure`)
never refuses.
"""

from typing import Any

from traceability.rule_tables.alerts import RISK_RULES
from traceability.rule_tables.areas import AREAS
from traceability.rule_tables.asked import ASKED
from traceability.rule_tables.credit import FREQUENCIES, GRADES, RISKS, WEIGHTS
from traceability.rule_tables.growing import AGES, BOUNDS, PROTOCOL_STEPS, PROTOCOLS
from traceability.rule_tables.inputs import DOSES
from traceability.rule_tables.making import (
    COMPLETENESS,
    MAKING_TOLERANCES,
    OUTTURNS,
    PROCESS_STEPS,
    TEMPLATES,
)
from traceability.rule_tables.moving import COLD_CHAIN, RETENTION, TOLERANCES
from traceability.rule_tables.parties import DEPARTMENTS
from traceability.rule_tables.release import CLONE_SIGNS, RELEASE
from traceability.rule_tables.report import EVALUATION_WEIGHTS, TARGETS
from traceability.rule_tables.table import Commodities, RuleTable, provenance

__all__ = ["AREAS", "ASKED", "TABLES", "Commodities", "RuleTable", "provenance"]

TABLES: tuple[RuleTable[Any], ...] = (
    ASKED,
    AREAS,
    AGES,
    BOUNDS,
    PROTOCOLS,
    PROTOCOL_STEPS,
    TEMPLATES,
    PROCESS_STEPS,
    OUTTURNS,
    MAKING_TOLERANCES,
    COMPLETENESS,
    WEIGHTS,
    GRADES,
    FREQUENCIES,
    RISKS,
    TARGETS,
    EVALUATION_WEIGHTS,
    COLD_CHAIN,
    TOLERANCES,
    RETENTION,
    RISK_RULES,
    DEPARTMENTS,
    DOSES,
    RELEASE,
    CLONE_SIGNS,
)
"""Every table, in the order of the topics."""
