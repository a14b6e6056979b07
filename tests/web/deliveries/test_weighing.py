"""What a receiver weighed, and what of the delivery is missing by it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from traceability.events.processing import Part
from traceability.holdings import Delivery
from traceability.quantity import Amount
from web.deliveries.weighing import in_unit, weighed

LOT = "/lot/heitu/paddy/26-A"


def delivery(amount: Amount) -> Delivery:
    day = datetime(2026, 9, 21, tzinfo=UTC)
    return Delivery("ab" * 32, 7, "urn:x:1", "heitu", day, (Part(LOT, amount),), "cd" * 32, None, None)


def row(**typed: str) -> dict[str, str]:
    return {f"parts.0.{name}": text for name, text in {"lot": LOT, **typed}.items()}


@pytest.mark.parametrize(
    ("typed", "differences"),
    [
        ({"amount": "1000"}, []),
        ({"amount": "995"}, []),
        ({"amount": "994.999"}, [("short", "5.001")]),
        ({"amount": "995", "damaged": "5"}, [("damaged", "5")]),
        ({"amount": "994", "damaged": "5"}, [("damaged", "5"), ("short", "1")]),
        ({"amount": "1000", "over": "2"}, [("over", "2")]),
        ({"amount": "1001"}, []),
        ({"amount": "NaN"}, []),
    ],
)
def test_what_a_scale_cannot_explain_is_told_as_missing(
    typed: dict[str, str], differences: list[tuple[str, str]]
) -> None:
    found = delivery(Amount(kg=Decimal(1000)))

    taken, told = weighed(found, row(**typed), {LOT: "mass"})

    assert taken == [{"lot": LOT, "amount": {"kg": typed["amount"]}}]
    assert [(each["how"], each["amount"]["kg"]) for each in told] == differences


def test_what_did_not_come_at_all_is_missing_and_nothing_is_taken() -> None:
    taken, told = weighed(delivery(Amount(pieces=12)), row(amount="0"), {LOT: "pieces"})

    assert (taken, told) == ([], [{"lot": LOT, "how": "short", "amount": {"pieces": "12"}}])


@pytest.mark.parametrize(
    ("unit", "measure", "expected"),
    [
        ("kg", "mass", {"kg": "3"}),
        ("jin", "mass", {"kg": "1.5"}),
        ("tonne", "mass", {"kg": "3000"}),
        ("jin", "pieces", {"pieces": "3"}),
        ("mu", "mass", {"kg": "3"}),
    ],
)
def test_people_weigh_in_jin_and_the_log_in_kilograms(
    unit: str, measure: str, expected: dict[str, str]
) -> None:
    assert in_unit({"amount": "3", "unit": unit}, measure) == {"amount": expected}
