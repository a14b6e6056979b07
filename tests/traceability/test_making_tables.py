"""The tables of growing and making: each shipped row fits the others, and a wrong cell is named."""

import pytest

from traceability.errors import Invalid
from traceability.limits import shipped_rules
from traceability.reference import shipped
from traceability.rule_tables import TABLES
from traceability.rule_tables.areas import AREAS
from traceability.rule_tables.growing import PROTOCOL_STEPS, PROTOCOLS
from traceability.rule_tables.making import COMPLETENESS, OUTTURNS, PROCESS_STEPS, TEMPLATES
from traceability.vocabulary import commodities, geographical_indications

RULES = shipped_rules()
BY_FILE = {table.file: table for table in TABLES}


def test_every_area_is_of_an_indication_that_is_listed() -> None:
    listed = {each.name_zh for each in geographical_indications()}

    assert {row.gi for row in RULES.rows(AREAS)} <= listed


def test_every_step_is_of_a_protocol_or_template_that_is_listed() -> None:
    protocols = {row.protocol for row in RULES.rows(PROTOCOLS)}
    templates = {row.template for row in RULES.rows(TEMPLATES)}

    assert {row.protocol for row in RULES.rows(PROTOCOL_STEPS)} == protocols
    assert {row.template for row in RULES.rows(PROCESS_STEPS)} == templates


def test_the_weights_of_a_whole_chain_are_a_hundred() -> None:
    assert sum(row.weight for row in RULES.rows(COMPLETENESS)) == 100


def test_no_outturn_that_nobody_checked_refuses() -> None:
    assert [row for row in RULES.rows(OUTTURNS) if row.sure and row.kind != "reference"] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("gi_areas.csv", "220581", "330000", "gi_areas.csv:6 division"),
        ("gi_areas.csv", "paddy|brown-rice|milled-rice,220581", "gold,220581", "gi_areas.csv:6 commodities"),
        ("crop_ages.csv", "garden", "greenhouse", "crop_ages.csv:2 cultivation"),
        ("yield_bounds.csv", "9500", "much", "yield_bounds.csv:2 usual"),
        ("protocol_steps.csv", "04-01,05-05", "05-05,04-01", "protocol_steps.csv:2 closes"),
        ("protocol_steps.csv", "04-01", "13-01", "protocol_steps.csv:2 opens"),
        ("process_templates.csv", "rice-husk", "gold", "process_templates.csv:2 by_products"),
        ("process_steps.csv", "cleaning", "dancing", "process_steps.csv:2 process"),
        ("outturn_caps.csv", "reference", "sometimes", "outturn_caps.csv:2 kind"),
        ("making_tolerances.csv", "scale,1", "scale,-1", "making_tolerances.csv:2 value"),
        ("completeness_weights.csv", "plot,", "traced,", "completeness_weights.csv:3 item"),
    ],
)
def test_a_wrong_cell_is_named(file: str, old: str, new: str, where: str) -> None:
    content = shipped(file).decode().replace(old, new, 1).encode()

    with pytest.raises(Invalid) as raised:
        BY_FILE[file].read(content, commodities())

    assert [problem.where for problem in raised.value.problems] == [where]
