from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, EARS, LAB, LOT, MILL, OFFICE, kg, lot, past
from traceability.errors import Breach
from traceability.events.processing import CodesIssued, CodesVoided
from traceability.limits import shipped_rules
from traceability.quantity import Amount
from traceability.rules.clauses import HOUSE
from traceability.rules.codes import miscounted

RULES = shipped_rules()


def issued(count: int, first: int = 0, pack: Amount | None = None) -> CodesIssued:
    return CodesIssued(at=AUTUMN, lot=LOT, first=first, count=count, pack=pack or kg("5"))


def rules_of(event: Any, known: Any) -> list[str]:
    return [breach.rule for breach in miscounted(event, known, RULES)]


@pytest.mark.parametrize(("count", "rules"), [(200, []), (201, ["codes-beyond-the-lot"])])
def test_there_are_no_more_codes_than_goods(count: int, rules: list[str]) -> None:
    assert rules_of(issued(count), past(COOP, lot())) == rules


@pytest.mark.parametrize(("count", "rules"), [(100, []), (101, ["codes-beyond-the-lot"])])
@pytest.mark.parametrize(
    "told", [{"consumed": Decimal(500)}, {"coded": Decimal(500)}, {"stock": {COOP: Decimal(500)}}]
)
def test_what_is_milled_coded_or_sold_gets_no_codes(told: Any, count: int, rules: list[str]) -> None:
    assert rules_of(issued(count), past(COOP, lot(**told))) == rules


def test_the_breach_says_how_much_is_free() -> None:
    breaches = list(miscounted(issued(1), past(COOP, lot(consumed=Decimal(5000))), RULES))

    facts = (("lot", LOT), ("wanted", "5"), ("free", "0"))
    assert breaches == [Breach("codes-beyond-the-lot", HOUSE, facts)]


@pytest.mark.parametrize(("first", "rules"), [(7, []), (6, ["codes-out-of-row"]), (8, ["codes-out-of-row"])])
def test_codes_go_on_where_the_last_ended(first: int, rules: list[str]) -> None:
    assert rules_of(issued(1, first), past(COOP, lot(next_code=7))) == rules


@pytest.mark.parametrize(("count", "rules"), [(100, []), (101, ["codes-beyond-the-lot"])])
def test_packs_of_ears_are_counted_in_ears(count: int, rules: list[str]) -> None:
    event = issued(count, pack=Amount(pieces=10))

    assert rules_of(event, past(COOP, lot(of=EARS))) == rules


@pytest.mark.parametrize(
    ("first", "count", "rules"),
    [
        (0, 10, []),
        (5, 15, []),
        (9, 2, []),
        (0, 20, []),
        (0, 21, ["codes-not-issued"]),
        (25, 5, []),
        (24, 1, ["codes-not-issued"]),
        (30, 1, ["codes-not-issued"]),
        (15, 12, ["codes-not-issued"]),
    ],
)
def test_only_issued_codes_are_made_void(first: int, count: int, rules: list[str]) -> None:
    event = CodesVoided(at=AUTUMN, lot=LOT, first=first, count=count, cause="lost")
    known = lot(issues=((10, 10), (0, 10), (25, 5)), next_code=30)

    assert rules_of(event, past(COOP, known)) == rules


@pytest.mark.parametrize(("by", "rules"), [(COOP, []), (MILL, []), (OFFICE, []), (LAB, ["not-held"])])
def test_maker_holder_and_regulator_make_codes_void(by: str, rules: list[str]) -> None:
    event = CodesVoided(at=AUTUMN, lot=LOT, first=0, count=1, cause="lost")
    known = lot(issues=((0, 1),), stock={MILL: Decimal(1)})

    assert rules_of(event, past(by, known)) == rules


def test_codes_of_an_unknown_lot_are_told_so_elsewhere() -> None:
    assert rules_of(issued(1), past(COOP)) == []
