"""What is disposed of in a recall leaves the stock of whoever says that it lay there, and no more."""

from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, MILL, RICE, WHITE, kg, lot, past
from traceability.events.recalling import RecallDisposed
from traceability.limits import shipped_rules
from traceability.past.cases import CasesPast, PastRecall, Recovery
from traceability.quantity import Amount
from traceability.rules.recalling import recall_out_of_order

RULES = shipped_rules()
RECALL = "ab" * 32
MORE = [("recalled-more-than-there-is", "refuse")]


def found(
    amount: str, from_stock: Amount | None, *, held: str = "300", **so_far: str
) -> list[tuple[str, str]]:
    """Return what the rule says of a disposal by a holder of *held* kg, after what was told *so_far*."""
    event = RecallDisposed(
        at=AUTUMN, recall=RECALL, lot=RICE, amount=kg(amount), disposal="destroyed", from_stock=from_stock
    )
    rice = lot(RICE, of=WHITE, born="1000", by=MILL, stock={COOP: Decimal(held)})
    recall = PastRecall(RECALL, MILL, RICE, 2, AUTUMN, MILL, started=True)
    recovery = Recovery(**{name: Decimal(told) for name, told in so_far.items()})
    cases = CasesPast(recall=recall, reached=True, recovery={RICE: recovery})
    return [
        (each.rule, each.level) for each in recall_out_of_order(event, past(COOP, rice, cases=cases), RULES)
    ]


@pytest.mark.parametrize(("from_stock", "expected"), [("300", []), ("300.001", [("mass-balance", "refuse")])])
def test_no_more_leaves_the_stock_than_is_held(from_stock: str, expected: list[tuple[str, str]]) -> None:
    assert found("400", kg(from_stock), recovered="100") == expected


@pytest.mark.parametrize(("from_stock", "expected"), [("100", []), ("100.001", MORE)])
def test_no_more_leaves_the_stock_than_is_disposed_of(
    from_stock: str, expected: list[tuple[str, str]]
) -> None:
    assert found("100", kg(from_stock)) == expected


@pytest.mark.parametrize(("recovered", "expected"), [("100", []), ("99.999", MORE)])
def test_what_did_not_lie_there_came_back(recovered: str, expected: list[tuple[str, str]]) -> None:
    assert found("400", kg("300"), recovered=recovered) == expected


@pytest.mark.parametrize(
    ("amount", "from_stock", "disposed", "expected"),
    [("300", "300", "50", []), ("300", None, "0", []), ("300", None, "0.001", MORE)],
)
def test_who_does_not_tell_is_held_to_what_came_back_and_is_at_hand(
    amount: str, from_stock: str | None, disposed: str, expected: list[tuple[str, str]]
) -> None:
    booked = None if from_stock is None else kg(from_stock)

    assert found(amount, booked, disposed=disposed) == expected


def test_pieces_of_a_lot_that_is_weighed_leave_nothing() -> None:
    assert ("wrong-measure", "refuse") in found("100", Amount(pieces=1))


@pytest.mark.parametrize("disposal", ["relabelled", "returned-to-maker"])
def test_goods_that_are_still_there_are_not_gone(disposal: Any) -> None:
    told: dict[str, Any] = {"at": AUTUMN, "recall": RECALL, "lot": RICE, "amount": kg("1")}
    kept = RecallDisposed(**told, disposal=disposal)

    with pytest.raises(ValueError, match="not gone"):
        RecallDisposed(**told, disposal=disposal, from_stock=kg("1"))

    assert kept.from_stock is None
