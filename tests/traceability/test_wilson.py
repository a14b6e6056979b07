"""The interval of a pass rate, against published values, and what it says of a target."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.wilson import Rate, Verdict, rate, verdict

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "vectors" / "wilson.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS["intervals"], ids=lambda each: f"{each['passed']}/{each['total']}")
def test_an_interval_is_that_of_the_vectors(vector: dict[str, object]) -> None:
    found = rate(int(str(vector["passed"])), int(str(vector["total"])))

    assert found is not None
    assert [str(found.share), str(found.low), str(found.high)] == [
        vector["share"],
        vector["low"],
        vector["high"],
    ]


def test_no_sample_is_no_data_and_not_a_hundred_per_cent() -> None:
    assert rate(0, 0) is None
    assert verdict(None, Decimal("0.97")) == "no-data"


@given(st.integers(1, 5000), st.data())
def test_the_rate_lies_within_its_interval_and_the_interval_within_the_possible(
    total: int, data: st.DataObject
) -> None:
    passed = data.draw(st.integers(0, total))

    found = rate(passed, total)

    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(st.integers(1, 2000), st.data())
def test_failures_are_the_mirror_of_passes(total: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, total))
    here, there = rate(passed, total), rate(total - passed, total)

    assert here is not None
    assert there is not None
    # Each end is rounded by itself.
    assert abs(1 - here.low - there.high) <= Decimal("0.0001")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0.9700", "0.9900", "met"),
        ("0.9699", "0.9900", "not-certain"),
        ("0.9000", "0.9700", "not-certain"),
        ("0.9000", "0.9699", "not-met"),
    ],
)
def test_a_target_is_met_or_missed_only_by_the_whole_interval(low: str, high: str, expected: Verdict) -> None:
    found = Rate(1, 1, Decimal("0.97"), Decimal(low), Decimal(high))

    assert verdict(found, Decimal("0.97")) == expected


def test_without_a_target_nothing_is_judged() -> None:
    assert verdict(rate(1, 1), None) == "no-target"


@pytest.mark.parametrize(("passed", "total"), [(2, 1), (-1, 1)])
def test_more_cannot_pass_than_there_are(passed: int, total: int) -> None:
    with pytest.raises(ValueError, match="no more pass"):
        rate(passed, total)
