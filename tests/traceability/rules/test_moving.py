"""The rules of moving: carriers, cold chains, differences, how goods are kept, how long records."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, EARS, LOT, MILL, kg, lot, moment, past
from traceability.errors import Breach
from traceability.events import Event, field, followup, movement
from traceability.events.moving import (
    Carried,
    CounterpartyNoted,
    Difference,
    KeepingDeclared,
    TemperatureLogged,
)
from traceability.events.processing import Part
from traceability.limits import shipped_rules
from traceability.past import PastShipment, PastStatement
from traceability.past.moving import KeptGoods, MovingPast, PastJourney, PastKeeping, PastLeg, PastRecord
from traceability.rules.carriage import misrouted
from traceability.rules.cold_chain import out_of_range
from traceability.rules.differences import not_as_sent
from traceability.rules.keeping import wrongly_declared
from traceability.rules.retention import erased_too_early

RULES = shipped_rules()
SHIPMENT = "ab" * 32
WORD = "0" * 32
CARRIAGE = hashlib.sha256(WORD.encode()).hexdigest()
CARRIER = "kuaiyun"
LEFT = AUTUMN - timedelta(hours=5)


def _journey(*legs: PastLeg, carriage: str | None = CARRIAGE, received_by: str | None = None) -> PastJourney:
    return PastJourney(SHIPMENT, COOP, LEFT, carriage, (LOT,), legs, received_by)


def _names(found: Any) -> list[tuple[str, str]]:
    return [(breach.rule, breach.level) for breach in found]


TAKEN = PastLeg(CARRIER, "taken-over", LEFT + timedelta(hours=1))
SET_DOWN = PastLeg(CARRIER, "delivered", LEFT + timedelta(hours=2))


@pytest.mark.parametrize(
    ("token", "journey", "expected"),
    [
        (WORD, _journey(), []),
        (WORD, _journey(TAKEN, SET_DOWN), []),
        ("1" * 32, _journey(), [("wrong-token", "refuse")]),
        (None, _journey(), [("wrong-token", "refuse")]),
        (None, _journey(carriage=None), [("carrier-unproven", "warn")]),
        (WORD, _journey(TAKEN), [("taken-over-already", "refuse")]),
        (WORD, _journey(received_by=MILL), [("received-already", "refuse")]),
        (WORD, None, [("unknown-shipment", "refuse")]),
    ],
)
def test_a_carrier_takes_over_what_it_was_given(
    token: str | None, journey: PastJourney | None, expected: list[tuple[str, str]]
) -> None:
    event = Carried(at=AUTUMN, shipment=SHIPMENT, stage="taken-over", lots=(LOT,), token=token)

    breaches = misrouted(event, past(CARRIER, moving=MovingPast(journey=journey)), RULES)

    assert _names(breaches) == expected


@pytest.mark.parametrize(
    ("journey", "whole", "expected"),
    [
        (_journey(TAKEN), True, []),
        (_journey(TAKEN), False, [("seal-broken", "warn")]),
        (_journey(), None, [("not-taken-over", "refuse")]),
        (_journey(TAKEN, SET_DOWN), None, [("not-taken-over", "refuse")]),
        (_journey(PastLeg("another", "taken-over", LEFT)), None, [("not-taken-over", "refuse")]),
    ],
)
def test_only_who_took_goods_over_sets_them_down(
    journey: PastJourney, whole: bool | None, expected: list[tuple[str, str]]
) -> None:
    event = Carried(at=AUTUMN, shipment=SHIPMENT, stage="delivered", seal_intact=whole)

    assert _names(misrouted(event, past(CARRIER, moving=MovingPast(journey=journey)), RULES)) == expected


@pytest.mark.parametrize(("early", "expected"), [(0, []), (1, [("before-its-shipment", "refuse")])])
def test_nothing_is_taken_over_before_it_left(early: int, expected: list[tuple[str, str]]) -> None:
    at = LEFT - timedelta(microseconds=early)
    event = Carried(at=at, shipment=SHIPMENT, stage="taken-over", token=WORD)

    assert _names(misrouted(event, past(CARRIER, moving=MovingPast(journey=_journey())), RULES)) == expected


# cold chain


def _log(*degrees: str, form: Any = "frozen", shipment: str | None = None) -> TemperatureLogged:
    return TemperatureLogged(
        at=AUTUMN,
        form=form,
        lots=(LOT,),
        shipment=shipment,
        start=AUTUMN - timedelta(hours=4),
        step_seconds=600,
        readings=tuple(map(Decimal, degrees)),
    )


def _kept(*keepings: PastKeeping, commodity: str | None = "fresh-maize") -> MovingPast:
    return MovingPast(goods={LOT: KeptGoods(LOT, commodity, frozenset({COOP}), keepings)})


OURS = PastKeeping("frozen", None, Decimal(-20), 0)


@pytest.mark.parametrize(
    ("degrees", "keepings", "expected"),
    [
        (["-20"], (OURS,), []),
        (["-19.9"], (OURS,), [("cold-chain-excursion", "hold")]),
        (["-17.9"] * 3, (), []),
        (["-17.9"] * 4, (), [("cold-chain-unusual", "warn")]),
        (["-17.9"] * 4, (PastKeeping("chilled", None, Decimal(0), 0),), [("cold-chain-unusual", "warn")]),
    ],
)
def test_a_declared_range_holds_and_a_usual_one_marks(
    degrees: list[str], keepings: tuple[PastKeeping, ...], expected: list[tuple[str, str]]
) -> None:
    breaches = list(out_of_range(_log(*degrees), past(COOP, moving=_kept(*keepings)), RULES))

    assert _names(breaches) == expected
    assert all(breach.lots == (LOT,) for breach in breaches)


def test_goods_without_any_known_range_are_not_judged() -> None:
    known = _kept(commodity="milled-rice")

    assert list(out_of_range(_log("40"), past(COOP, moving=known), RULES)) == []


def test_only_who_has_or_carries_goods_logs_their_temperature() -> None:
    journey = _journey(TAKEN)
    known = MovingPast(journey=journey, goods=_kept().goods)

    by = {
        name: _names(out_of_range(_log("-20", shipment=SHIPMENT), past(name, moving=known), RULES))
        for name in (COOP, CARRIER, MILL)
    }

    assert by == {COOP: [], CARRIER: [], MILL: [("not-in-your-hands", "refuse")]}


# differences


def _received(parts: str | None, *differences: tuple[Any, str]) -> movement.Received:
    return movement.Received(
        at=AUTUMN,
        shipment=SHIPMENT,
        token=WORD,
        parts=() if parts is None else (Part(LOT, kg(parts)),),
        differences=tuple(Difference(LOT, how, kg(amount)) for how, amount in differences),
    )


@pytest.mark.parametrize(
    ("parts", "differences", "expected"),
    [
        ("1000", (), []),
        ("995", (), []),
        ("994.999", (), [("short-delivery", "warn")]),
        ("990", (("short", "10"),), []),
        ("990", (("short", "6"), ("damaged", "4")), []),
        ("990", (("short", "9"),), [("differences-do-not-add-up", "refuse")]),
        ("990", (("short", "11"),), [("differences-do-not-add-up", "refuse")]),
        ("1000", (("over", "5"),), []),
        ("990", (("over", "5"),), [("short-delivery", "warn")]),
        (None, (("short", "1000"),), []),
    ],
)
def test_what_came_and_what_did_not_make_up_the_shipment(
    parts: str | None, differences: tuple[tuple[str, str], ...], expected: list[tuple[str, str]]
) -> None:
    shipment = PastShipment(SHIPMENT, COOP, LEFT, "", ((LOT, Decimal(1000)),))

    breaches = not_as_sent(_received(parts, *differences), past(MILL, lot(), shipment=shipment), RULES)

    assert _names(breaches) == expected


# keeping, and outsiders


@pytest.mark.parametrize(("product", "expected"), [("ears", []), ("rice", [("unknown-product", "refuse")])])
def test_only_the_maker_says_how_its_product_is_kept(product: str, expected: list[tuple[str, str]]) -> None:
    event = KeepingDeclared(at=AUTUMN, product=product, form="frozen", highest=Decimal(-18))

    assert _names(wrongly_declared(event, past(EARS.party), RULES)) == expected


@pytest.mark.parametrize(
    ("first", "expected"), [(None, []), (COOP, []), (MILL, [("counterparty-taken", "refuse")])]
)
def test_an_outsiders_id_is_given_once(first: str | None, expected: list[tuple[str, str]]) -> None:
    event = CounterpartyNoted(at=AUTUMN, counterparty="0" * 26, counterparty_kind="caterer", name="虚构")

    known = past(COOP, moving=MovingPast(counterparty_of=first))

    assert _names(wrongly_declared(event, known, RULES)) == expected


# retention


def _erased(day: str, cause: Any = "retention-ended", done: Any = "erased") -> followup.Erased:
    return followup.Erased(at=moment(day), target="cd" * 32, fields=("/dealer",), done=done, cause=cause)


def _of(event: Event, role: str | None, shelf_ends: date | None = None) -> dict[str, Any]:
    target = PastStatement("cd" * 32, 5, COOP, event, void=False)
    return {"target": target, "moving": MovingPast(record=PastRecord(role, shelf_ends))}


SPRAY = field.Treated(at=moment("2026-07-01"), plot="0" * 26, name="x", substances=("y",))


@pytest.mark.parametrize(
    ("event", "refused"),
    [
        (_erased("2028-06-30"), True),
        (_erased("2028-07-01"), False),
        (_erased("2026-07-02", "consent-withdrawn"), True),
        (_erased("2026-07-02", "order"), False),
        (_erased("2026-07-02", "consent-withdrawn", "hidden"), False),
    ],
)
def test_a_record_is_erased_only_after_its_day(event: followup.Erased, refused: bool) -> None:
    breaches = list(erased_too_early(event, past(COOP, **_of(SPRAY, "cooperative")), RULES))

    facts = (("kind", "treated"), ("until", "2028-07-01"))
    expected = [Breach("still-to-be-kept", "农产品质量安全法 art. 27", facts)]
    assert breaches == (expected if refused else [])


def test_a_shelf_life_moves_the_day_of_a_purchase_record() -> None:
    receipt = movement.Received(at=moment("2026-07-01"), shipment=SHIPMENT, token=WORD, parts=())

    refused = [
        bool(
            list(
                erased_too_early(_erased("2027-06-30"), past(COOP, **_of(receipt, "processor", ends)), RULES)
            )
        )
        for ends in (None, date(2026, 12, 31), date(2027, 1, 1))
    ]

    assert refused == [True, False, True]
