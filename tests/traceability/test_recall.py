"""Whom a recall reaches: everybody who was shipped an affected lot, then and not now."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.events.partner import Item
from traceability.occurrence import Kind, Occurrence
from traceability.recall import Reach, reach, shipments

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
PALLET, BOX = "https://id.gs1.org/00/169012345600001002", "https://id.gs1.org/00/169012345600001019"
SHOP, DEPOT = "https://id.gs1.org/414/6901234100808", "https://id.gs1.org/414/6901234100815"
A, B, C = (Item(f"/lot/mill/rice/{name}", Decimal(20), "KGM") for name in "ABC")


def event(
    hour: int, kind: Kind, *objects: Item, to: str | None = None, parent: str | None = None
) -> Occurrence:
    return Occurrence(
        f"urn:{hour}:{kind}:{to}",
        NOON + timedelta(hours=hour),
        kind,
        shipping=to is not None,
        objects=objects,
        parent=parent,
        destinations=() if to is None else (to,),
    )


MILLING = Occurrence("urn:milling", NOON, "transformation", inputs=(A,), outputs=(B,))
SEASON = [
    MILLING,
    event(1, "add", B, parent=BOX),
    event(2, "add", Item(BOX), C, parent=PALLET),
    event(3, "other", Item(PALLET), to=DEPOT),
    event(4, "delete", parent=BOX),
    event(5, "other", Item(PALLET), to=SHOP),
]


def test_a_recall_reaches_whoever_got_a_lot_made_of_it_inside_a_box_on_a_pallet() -> None:
    found = reach(A.uri, SEASON)

    assert found == Reach(A.uri, (A.uri, B.uri), (DEPOT,), ((DEPOT, (B.uri,)),))


def test_what_left_before_the_shipment_is_not_in_it() -> None:
    assert [shipment.lots for shipment in shipments(SEASON)] == [{B.uri, C.uri}, {C.uri}]
    assert reach(C.uri, SEASON).shipped_to == (SHOP, DEPOT)


def test_lots_that_are_shipped_loose_count_too() -> None:
    told = [MILLING, event(1, "other", B, to=SHOP)]

    assert reach(A.uri, told).shipped_to == (SHOP,)


def test_a_pack_that_is_shipped_counts_as_its_lot() -> None:
    told = [event(1, "other", Item("/lot/mill/rice/B/7Q2M"), to=SHOP)]

    assert reach("/lot/mill/rice/B/0000", told) == Reach(B.uri, (B.uri,), (SHOP,), ((SHOP, (B.uri,)),))


@pytest.mark.parametrize(("hour", "reached"), [(1, ()), (2, (SHOP,)), (3, (SHOP,)), (4, ())])
def test_the_moment_decides_what_a_container_holds(hour: int, reached: tuple[str, ...]) -> None:
    told = [
        event(2, "add", A, parent=PALLET),
        event(3, "delete", A, parent=PALLET),
        event(hour, "other", Item(PALLET), to=SHOP),
    ]

    assert reach(A.uri, told).shipped_to == reached


def test_nobody_is_reached_where_nothing_was_shipped() -> None:
    assert reach(A.uri, [MILLING]) == Reach(A.uri, (A.uri, B.uri), (), ())


@given(st.permutations(SEASON))
def test_the_order_of_telling_never_shows(told: list[Occurrence]) -> None:
    assert reach(A.uri, told) == reach(A.uri, SEASON)
    assert shipments(told) == shipments(SEASON)
