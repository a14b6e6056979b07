from datetime import date

import pytest

from traceability import consequences
from traceability.departments import departments, renamed
from traceability.limits import shipped_rules

RULES = shipped_rules()


@pytest.mark.parametrize(
    ("role", "kind", "day", "clauses"),
    [
        ("farm", "treated", "2026-07-01", ["农产品质量安全法 art. 70", "农产品质量安全法 art. 71"]),
        ("farm", "treated", "2022-12-31", []),
        ("cooperative", "input-applied", "2026-07-01", ["农产品质量安全法 art. 69"]),
        ("retailer", "treated", "2026-07-01", []),
    ],
)
def test_a_party_is_told_what_the_law_says_to_it(role: str, kind: str, day: str, clauses: list[str]) -> None:
    found = consequences.told_to(role, kind, date.fromisoformat(day))

    assert [each.clause for each in found] == clauses


def test_every_consequence_that_is_told_was_read_in_the_law() -> None:
    assert {each.sourced.sure for each in consequences.consequences()} == {True}


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("省粮食局", ["粮食和物资储备局"]),
        ("省食药监局", ["市场监督管理厅", "药品监督管理局"]),
        ("省农业农村厅", ["农业农村厅"]),
        ("省教育厅", []),
    ],
)
def test_an_office_is_found_by_its_name_from_before_the_reform(old: str, now: list[str]) -> None:
    assert [row.name_zh for row in renamed(old, RULES)] == now


def test_no_department_is_sure_for_no_official_list_was_read() -> None:
    assert {row.sure for row in departments(RULES).values()} == {False}
