"""Dry matter stays: forward and back, and by the formula that every miller knows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import drying

moistures = st.decimals(0, 60, places=1)
masses = st.decimals("0.001", 10**6, places=3)


@given(masses, moistures, moistures)
def test_the_dry_matter_is_the_same_before_and_after(kg: Decimal, before: Decimal, after: Decimal) -> None:
    dried = drying.dried_kg(kg, before, after)

    assert abs(dried * (100 - after) - kg * (100 - before)) < Decimal("1e-20") * kg + Decimal("1e-20")


def test_from_twenty_to_fourteen_and_a_half_a_load_loses_its_known_share() -> None:
    assert round(drying.dried_kg(Decimal(1000), Decimal(20), Decimal("14.5")), 3) == Decimal("935.673")


@pytest.mark.parametrize(("before", "after"), [("100", "14"), ("20", "100"), ("-1", "14"), ("20", "-1")])
def test_nothing_is_all_water(before: str, after: str) -> None:
    with pytest.raises(ValueError, match="per cent"):
        drying.dried_kg(Decimal(1), Decimal(before), Decimal(after))
