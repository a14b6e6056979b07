from datetime import date, timedelta

import pytest

from tests.small_past import AUTUMN, COOP, LAB, LOT, MILL, kg, lot, moment, past
from traceability.errors import Breach
from traceability.events.movement import Received, Retailed
from traceability.events.partner import PartnerClaimed
from traceability.events.quality import Inspected, Result
from traceability.limits import shipped_rules
from traceability.past import PastShipment
from traceability.rules.clauses import HOUSE
from traceability.rules.order import out_of_order

RULES = shipped_rules()
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ahead", "rules"), [(timedelta(minutes=5), []), (timedelta(minutes=5) + SECOND, ["in-the-future"])]
)
def test_clocks_may_differ_by_five_minutes(ahead: timedelta, rules: list[str]) -> None:
    event = Retailed(at=AUTUMN + ahead, lot=LOT, amount=kg("1"))

    assert [breach.rule for breach in out_of_order(event, past(COOP), RULES)] == rules


@pytest.mark.parametrize(("ago", "late"), [(timedelta(days=7), False), (timedelta(days=7) + SECOND, True)])
def test_what_is_told_after_a_week_is_marked(ago: timedelta, late: bool) -> None:
    event = Retailed(at=AUTUMN - ago, lot=LOT, amount=kg("1"))

    breaches = list(out_of_order(event, past(COOP), RULES))

    assert breaches == ([Breach("late-entry", HOUSE, (("days", "7"),), "warn")] if late else [])


def test_when_a_partner_told_is_not_judged() -> None:
    event = PartnerClaimed(at=moment("2020-01-01"), position=0, event_id="A", type="ObjectEvent")

    assert list(out_of_order(event, past(MILL), RULES)) == []


@pytest.mark.parametrize(("before", "rules"), [(SECOND * 0, []), (SECOND, ["before-its-lot"])])
def test_a_lot_is_not_sold_before_it_is_born(before: timedelta, rules: list[str]) -> None:
    event = Retailed(at=AUTUMN - before, lot=LOT, amount=kg("1"))

    assert [each.rule for each in out_of_order(event, past(COOP, lot(born_at=AUTUMN)), RULES)] == rules


@pytest.mark.parametrize(("before", "rules"), [(SECOND * 0, []), (SECOND, ["before-its-shipment"])])
def test_goods_do_not_arrive_before_they_left(before: timedelta, rules: list[str]) -> None:
    known = past(MILL, shipment=PastShipment("ab", COOP, AUTUMN, "00", ()))
    event = Received(at=AUTUMN - before, shipment="ab", token="t", parts=())

    assert [each.rule for each in out_of_order(event, known, RULES)] == rules


@pytest.mark.parametrize(("day", "rules"), [(20, []), (21, ["sampled-after-its-report"])])
def test_a_sample_is_taken_before_its_report(day: int, rules: list[str]) -> None:
    event = Inspected(
        at=AUTUMN,
        lot=LOT,
        sample="S",
        purpose="routine",
        sampled_on=date(2026, 9, day),
        results=(Result(analyte="镉", unit="mg/kg", passed=True),),
        verdict="conformant",
    )

    assert [each.rule for each in out_of_order(event, past(LAB, lot()), RULES)] == rules
