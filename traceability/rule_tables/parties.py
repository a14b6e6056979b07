"""Which offices there are, what each answers for, and what it was called before the reform of 2018.

departments.csv    department, name_zh, name_en, old_names, crops (empty: all)
"""

from dataclasses import dataclass

from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow(Sourced):
    """One department of the province, and the plants that it answers for; none told: all of them."""

    department: str
    name_zh: str
    name_en: str
    old_names: tuple[str, ...]
    crops: frozenset[str]


def departments_of(content: bytes, known: Commodities) -> tuple[DepartmentRow, ...]:
    """Read `departments.csv`; each code stands once."""
    found: dict[str, DepartmentRow] = {}
    columns = ("department", "name_zh", "name_en", "old_names", "crops")
    for row in rows_of("departments.csv", content, *columns):
        each = _department(row, known)
        if each.department in found:
            raise row.wrong("department", "row-stands-twice")
        found[each.department] = each
    return tuple(found.values())


def _department(row: Row, known: Commodities) -> DepartmentRow:
    crops = frozenset(row.several("crops"))
    if not crops <= {each.crop for each in known.values()}:
        raise row.wrong("crops", "cell-not-allowed")
    return DepartmentRow(
        department=row.text("department"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        old_names=row.several("old_names"),
        crops=crops,
        **provenance(row),
    )


DEPARTMENTS = RuleTable("departments.csv", departments_of)
