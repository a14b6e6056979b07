"""A partner's claim, held against what is known here."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LOT, MILL, OPERATOR, PADDY, PARTIES, RICE, WHITE
from traceability.events.partner import ErrorDeclaration, Item, PartnerClaimed
from traceability.limits import shipped_rules
from traceability.past import KnownLot, Past
from traceability.rules.partner import unverified

RULES = shipped_rules()
OUTSIDE = "https://id.gs1.org/01/09521234000013/10/X"


def kg(uri: str, mass: str, unit: str = "KGM") -> Item:
    """Return a mass of a lot."""
    return Item(uri, Decimal(mass), unit)


def claim(**told: Any) -> PartnerClaimed:
    """Return a claim; a transformation unless told otherwise."""
    return PartnerClaimed(
        **{"at": AUTUMN, "position": 0, "event_id": "urn:x:1", "type": "TransformationEvent", **told}
    )


def birth(uri: str, mass: str = "10") -> PartnerClaimed:
    """Return the claim that a lot is born."""
    return claim(type="ObjectEvent", action="ADD", objects=(kg(uri, mass),))


def past(*lots: KnownLot, **known: Any) -> Past:
    """Return what is known when the operator records a claim."""
    return Past(**{"by": OPERATOR, "parties": PARTIES, "lots": {each.lot: each for each in lots}, **known})


def told(event: PartnerClaimed, known: Past) -> set[tuple[str, str]]:
    """Return rule and level of each breach."""
    return {(each.rule, each.level) for each in unverified(event, known, RULES)}


EXTERNAL = ("external-unverified", "warn")
PADDY_LOT = KnownLot(LOT, PADDY, COOP, born=Decimal(100), stock={COOP: Decimal(100)}, measure="mass")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, {EXTERNAL}),
        ({"claimed_by": "stranger"}, {EXTERNAL}),
        ({"claimed_by": MILL}, set()),
        ({"by": MILL}, set()),
    ],
)
def test_who_is_not_registered_is_external_and_unverified(
    known: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert told(claim(type="ObjectEvent", action="OBSERVE"), past(**known)) == expected


def test_a_declaration_of_error_breaks_nothing() -> None:
    assert told(claim(error=ErrorDeclaration(AUTUMN)), past(retold=True)) == set()


def test_one_id_for_two_contents_holds() -> None:
    assert told(birth(OUTSIDE), past(retold=True)) == {EXTERNAL, ("event-id-reused", "refuse")}


def test_a_number_belongs_to_its_owner() -> None:
    known = {"products": {(MILL, "rice"): WHITE}}

    assert told(birth(RICE), past(**known)) == {EXTERNAL, ("not-your-number", "refuse")}
    assert told(birth(RICE), past(by=MILL, **known)) == set()


def test_who_is_registered_here_makes_registered_products() -> None:
    assert told(birth(OUTSIDE), past(claimed_by=MILL)) == {("unknown-product", "refuse")}
    assert told(birth(OUTSIDE), past(claimed_by=MILL, gtins={"09521234000013": WHITE})) == set()


def test_a_lot_of_ours_is_born_once() -> None:
    known = past(PADDY_LOT, claimed_by=COOP, products={(COOP, "paddy"): PADDY})

    assert told(birth(LOT), known) == {("lot-exists", "refuse")}


@pytest.mark.parametrize(("late", "breaks"), [(0, False), (1, True)])
def test_nothing_is_handled_before_it_is_born(late: int, *, breaks: bool) -> None:
    lot = KnownLot(
        OUTSIDE, None, None, born=Decimal(5), born_at=AUTUMN + timedelta(seconds=late), measure="mass"
    )

    found = told(claim(inputs=(kg(OUTSIDE, "5"),)), past(lot))

    assert found == {EXTERNAL} | ({("before-its-lot", "refuse")} if breaks else set())


@pytest.mark.parametrize(
    ("mass", "unit", "breaks"),
    [("70", "KGM", False), ("70.001", "KGM", True), ("0.07", "TNE", False), ("71", None, False)],
)
def test_nothing_of_a_claimed_lot_is_used_twice(mass: str, unit: str, *, breaks: bool) -> None:
    lot = KnownLot(OUTSIDE, None, None, born=Decimal(100), consumed=Decimal(30), measure="mass")

    found = told(claim(inputs=(kg(OUTSIDE, mass, unit),)), past(lot))

    assert found == {EXTERNAL} | ({("mass-balance", "refuse")} if breaks else set())


@pytest.mark.parametrize(("mass", "breaks"), [("30", False), ("29.999", True)])
def test_a_birth_that_comes_late_is_held_against_what_was_taken(mass: str, *, breaks: bool) -> None:
    lot = KnownLot(OUTSIDE, None, None, consumed=Decimal(30), measure="mass")

    found = told(birth(OUTSIDE, mass), past(lot))

    assert found == {EXTERNAL} | ({("mass-balance", "refuse")} if breaks else set())


@pytest.mark.parametrize(
    ("left", "wanted", "expected"),
    [
        ("100", "1", {("not-held", "refuse")}),
        ("60", "40", set()),
        ("60", "40.001", {("mass-balance", "refuse")}),
    ],
)
def test_goods_that_are_in_our_hands_are_in_nobody_elses(
    left: str, wanted: str, expected: set[tuple[str, str]]
) -> None:
    lot = replace(PADDY_LOT, stock={COOP: Decimal(left)})

    found = told(claim(inputs=(kg(LOT, wanted),)), past(lot))

    assert found == {EXTERNAL} | expected


@pytest.mark.parametrize(("step", "breaks"), [("shipping", True), ("storing", False)])
def test_what_is_recalled_or_failed_does_not_move_on(step: str, *, breaks: bool) -> None:
    lot = KnownLot(OUTSIDE, None, None, recalled=True, failed=True)

    found = told(claim(type="ObjectEvent", action="OBSERVE", step=step, objects=(Item(OUTSIDE),)), past(lot))

    stopped = {("lot-recalled", "refuse"), ("lot-failed", "refuse")}
    assert found == {EXTERNAL} | (stopped if breaks else set())
