from decimal import Decimal

import pytest

from traceability.input_moves import product_of
from traceability.input_units import Dose, counted, dose


@pytest.mark.parametrize(
    ("amount", "unit", "found"),
    [
        ("500", "克", ("0.5", "kg")),
        ("500", "ｇ", ("0.5", "kg")),
        ("3", "斤", ("1.5", "kg")),
        ("2", "吨", ("2000", "kg")),
        ("200", "mL", ("0.2", "L")),
        ("3", "瓶", ("3", "瓶")),
    ],
)
def test_amounts_of_one_measure_meet_in_one_unit(amount: str, unit: str, found: tuple[str, str]) -> None:
    number, base = counted(Decimal(amount), unit)

    assert (number, base) == (Decimal(found[0]), found[1])


@pytest.mark.parametrize(
    ("amount", "unit", "found"),
    [
        ("20", "克/亩", Dose(Decimal("0.3"), "kg/ha")),
        ("300", "g/ha", Dose(Decimal("0.3"), "kg/ha")),
        ("10", "毫升/亩", Dose(Decimal("0.15"), "L/ha")),
        ("1500", "倍液", Dose(Decimal(1500), "times")),
        ("2", "粒/穴", Dose(Decimal(2), "粒/穴")),
    ],
)
def test_doses_of_one_measure_meet_in_one_unit(amount: str, unit: str, found: Dose) -> None:
    assert dose(Decimal(amount), unit) == found


@pytest.mark.parametrize(
    ("used", "most", "exceeds"),
    [
        (("20", "克/亩"), ("300", "g/ha"), False),
        (("20.001", "克/亩"), ("300", "g/ha"), True),
        (("1500", "倍液"), ("1500", "倍"), False),
        (("1499", "倍液"), ("1500", "倍"), True),
        (("1500", "倍液"), ("20", "克/亩"), None),
    ],
)
def test_a_stronger_dose_exceeds_a_weaker_one(
    used: tuple[str, str], most: tuple[str, str], exceeds: bool | None
) -> None:
    assert dose(Decimal(used[0]), used[1]).exceeds(dose(Decimal(most[0]), most[1])) is exceeds


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("虚构复合肥 15-15-15（基肥）", "虚构复合肥 15-15-15"),
        ("虚构复合肥（15-15-15）", "虚构复合肥(15-15-15)"),
        ("Ｕｒｅａ  (spring)", "urea"),
        ("（基肥）", "(基肥)"),
    ],
)
def test_a_remark_on_the_use_is_no_part_of_the_product(name: str, product: str) -> None:
    assert product_of(name) == product
