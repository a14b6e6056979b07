"""An input that was used is more than nothing, and so is a plot."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from traceability import schema
from traceability.errors import Invalid

APPLIED: dict[str, Any] = {"plot": "p", "name": "有机肥", "category": "fertiliser", "unit": "kg"}
TREATED: dict[str, Any] = {"plot": "p", "name": "药", "substances": ["三环唑"], "dose_unit": "g"}
PLOT: dict[str, Any] = {"plot": "p", "division": "220182", "commodity": "paddy"}
AT = datetime(2026, 5, 1, tzinfo=UTC).isoformat()


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        ("input-applied", APPLIED, "amount"),
        ("input-bought", {**APPLIED, "plot": None}, "amount"),
        ("treated", TREATED, "dose"),
        ("plot-registered", PLOT, "area_ha"),
        ("plot-registered", PLOT, "bags"),
    ],
)
def test_nothing_is_no_amount_and_the_least_is_one(kind: str, told: dict[str, Any], field: str) -> None:
    given = {name: value for name, value in told.items() if value is not None}
    least = 1 if field == "bags" else "0.01"

    for refused in ("0", "-1"):
        with pytest.raises(Invalid, match="impossible"):
            schema.load(kind, {"at": AT, **given, field: refused})

    assert getattr(schema.load(kind, {"at": AT, **given, field: least}), field) == Decimal(least)
