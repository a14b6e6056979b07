from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, LAB, LOT, lot, past
from traceability.errors import Breach
from traceability.events.quality import Inspected, Result
from traceability.limits import RULE_FILES, RuleSet, shipped_rules
from traceability.reference import shipped
from traceability.rules.clauses import FAILED
from traceability.rules.residues import over_limit

RULES = shipped_rules()
LEAST = "paddy,稻谷,paddy rice,香,aroma,,min,0.3,%,GB 9,,,,text,sure\n".encode()
WITH_LEAST = RuleSet.load(
    {name: shipped(name) + (LEAST if name == "limits.csv" else b"") for name in RULE_FILES}
)


def inspected(
    value: str | None, *, analyte: str = "镉", unit: str = "mg/kg", passed: bool = True, **told: Any
) -> Inspected:
    found = None if value is None else Decimal(value)
    result = Result(analyte=analyte, unit=unit, passed=passed, value=found, **told)
    return Inspected(
        at=AUTUMN,
        lot=LOT,
        sample="S1",
        purpose="routine",
        sampled_on=date(2026, 9, 18),
        results=(result,),
        verdict="conformant" if passed else "non-conformant",
    )


@pytest.mark.parametrize(
    ("value", "unit", "refused"),
    [
        ("0.2", "mg/kg", False),
        ("0.2000000000000000000000000000000000001", "mg/kg", True),
        ("200", "ug/kg", False),
        ("200.1", "µg/kg", True),
        ("200.1", "μg/kg", True),
        (None, "mg/kg", False),
        ("9000", "mg/L", False),
    ],
)
def test_what_is_called_passed_is_within_the_limit(value: str | None, unit: str, refused: bool) -> None:
    breaches = list(over_limit(inspected(value, unit=unit), past(LAB, lot()), RULES))

    assert [breach.rule for breach in breaches] == (["residue-limit"] if refused else [])


def test_the_breach_names_standard_limit_and_value() -> None:
    breaches = list(over_limit(inspected("0.3"), past(LAB, lot()), RULES))

    facts = (
        ("analyte", "镉"),
        ("limit", "0.2"),
        ("unit", "mg/kg"),
        ("kind", "max"),
        ("source", "cgets.net bbs tid-4481 (GB 2762-2012 table)"),
        ("value", "0.3"),
        ("found_in", "mg/kg"),
    )
    assert breaches == [Breach("residue-limit", "GB 2762-2022 (unchanged since 2012)", facts)]


def test_a_limit_of_micrograms_is_compared_with_milligrams() -> None:
    found = [
        [breach.rule for breach in over_limit(inspected(value, analyte="AFB1"), past(LAB, lot()), RULES)]
        for value in ("0.01", "0.0101")
    ]

    assert found == [[], ["residue-limit"]]


@pytest.mark.parametrize(
    ("value", "refused"), [("0.3", False), ("0.2999", True), (None, True)], ids=["just", "less", "none"]
)
def test_of_some_things_there_must_be_enough(value: str | None, refused: bool) -> None:
    breaches = list(over_limit(inspected(value, analyte="aroma", unit="%"), past(LAB, lot()), WITH_LEAST))

    assert [breach.rule for breach in breaches] == (["residue-limit"] if refused else [])


@pytest.mark.parametrize("value", ["0.1", "0.3"])
def test_a_failed_test_is_recorded_and_holds_its_lot(value: str) -> None:
    breaches = list(over_limit(inspected(value, passed=False), past(LAB, lot()), RULES))

    facts = (("lot", LOT), ("sample", "S1"), ("analytes", "镉"))
    assert breaches == [Breach("failed-test", FAILED, facts, "hold", (LOT,))]


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ({"limit": Decimal("0.2")}, []),
        ({"limit": Decimal("0.20001")}, ["limit-differs"]),
        ({"standard": "GB 2762-2022"}, []),
        ({"standard": "gb2762"}, []),
        ({"standard": "GB 2762-2017"}, ["standard-differs"]),
        ({"standard": "GB 2763-2021"}, ["standard-differs"]),
        ({"standard": "our own"}, []),
        ({"limit": Decimal(1), "standard": "DB22/T 1"}, ["limit-differs", "standard-differs"]),
        ({"limit": Decimal(1), "standard": "NY/T 1"}, ["limit-differs", "standard-differs"]),
    ],
)
def test_another_limit_than_the_sure_one_leaves_a_mark(told: dict[str, Any], rules: list[str]) -> None:
    breaches = list(over_limit(inspected("0.1", **told), past(LAB, lot()), RULES))

    assert [(breach.rule, breach.level) for breach in breaches] == [(rule, "warn") for rule in rules]


@pytest.mark.parametrize("known", [[], [lot(of=None)]])
def test_of_unknown_goods_no_limit_is_known(known: list[Any]) -> None:
    assert list(over_limit(inspected("99"), past(LAB, *known), RULES)) == []
