"""What the offices of the province are called now, and which of them a name from before 2018 means.

    renamed("省粮食局")   → 粮食和物资储备局
    renamed("省食药监局") → 市场监督管理厅, 药品监督管理局

No official list was read, so that the names help to find an office and prove nothing.
"""

from traceability.limits import RuleSet
from traceability.reference import plain_name
from traceability.rule_tables.parties import DEPARTMENTS, DepartmentRow


def departments(rules: RuleSet) -> dict[str, DepartmentRow]:
    """Return each department by its code, in the order of the table."""
    return {row.department: row for row in rules.rows(DEPARTMENTS)}


def renamed(old_name: str, rules: RuleSet) -> list[DepartmentRow]:
    """Return the departments that *old_name* means today; those of that very name, if it is no old one."""
    wanted = plain_name(old_name)
    rows = rules.rows(DEPARTMENTS)
    found = [row for row in rows if wanted in map(plain_name, row.old_names)]
    return found or [row for row in rows if plain_name(row.name_zh) in (wanted, wanted.removeprefix("省"))]
