"""Values that are too alike: each detector with its last quiet and its first told case."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.doubtful_results import doubts, is_round, values_mark
from traceability.events.quality import Result

ODD = [Decimal(f"0.{number}7") for number in range(11, 60)]


def result(analyte: str, value: str | None, unit: str = "mg/kg") -> Result:
    return Result(analyte, unit, passed=True, value=None if value is None else Decimal(value))


def names(values: list[Decimal]) -> list[str]:
    return [each.why for each in doubts("镉", values)]


@pytest.mark.parametrize(("count", "expected"), [(4, []), (5, ["constant"])])
def test_one_value_again_and_again(count: int, expected: list[str]) -> None:
    assert names([Decimal("0.117"), *[Decimal("0.053")] * count]) == expected


@pytest.mark.parametrize(
    ("round_ones", "others", "expected"),
    [(18, 2, []), (19, 1, ["round"]), (19, 0, []), (20, 0, ["round"])],
)
def test_nearly_all_round_figures(round_ones: int, others: int, expected: list[str]) -> None:
    values = [Decimal(number % 9 + 1) for number in range(round_ones)] + ODD[:others]

    assert names(values) == expected


def test_hardly_any_spread() -> None:
    close = [Decimal("1.001") if number % 2 else Decimal("0.999") for number in range(10)]
    apart = [Decimal("1.011") if number % 2 else Decimal("0.989") for number in range(10)]

    assert (names(close), names(close[:9]), names(apart)) == (["narrow"], [], [])


def test_an_honest_series_is_left_alone() -> None:
    assert names(ODD) == []


@pytest.mark.parametrize(
    ("value", "expected"), [("0.05", True), ("20", True), ("0.053", False), ("25", False)]
)
def test_a_round_figure_has_one_figure_that_is_not_nought(value: str, expected: bool) -> None:
    assert is_round(Decimal(value)) is expected


def test_the_mark_is_of_measured_values_whatever_their_order_and_spelling() -> None:
    one = [result("镉", "0.050"), result("铅", "0.1"), result("Hg", "0.002")]
    other = [result("hg", "0.002"), result("铅", "0.10"), result("镉", "0.05"), result("砷", None)]

    assert values_mark(one) == values_mark(other) is not None


@pytest.mark.parametrize(
    "values", [["0.05", "0.1"], ["0.05", "0.1", None], ["0.05", "0.1", "0"], [None, None, None]]
)
def test_too_few_values_have_no_mark(values: list[str | None]) -> None:
    assert values_mark([result(f"项目{number}", value) for number, value in enumerate(values)]) is None


@given(st.lists(st.decimals("0.001", 100, places=3), min_size=3, max_size=5), st.integers(0, 2))
def test_another_value_has_another_mark(values: list[Decimal], place: int) -> None:
    changed = list(values)
    changed[place] += Decimal("0.001")

    told = [
        values_mark([Result(f"项{n}", "mg/kg", passed=True, value=v) for n, v in enumerate(each)])
        for each in (values, changed)
    ]

    assert told[0] != told[1]
