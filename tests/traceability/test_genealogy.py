"""Back, forward, shares, balance and contents: on small chains drawn here, and on the six shared ones."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.containers import contents
from traceability.epcis.read import read
from traceability.events.field import Harvested, PlotShare
from traceability.events.followup import Confirmed, Corrected
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.partner import Item
from traceability.events.processing import Packed, Part, Processed, Product, Unpacked, UntracedReceived
from traceability.genealogy import BalanceRow, Genealogy, balance, shares, trace_back, trace_forward
from traceability.occurrence import Kind, Occurrence, occurrence_of, standing
from traceability.quantity import Amount
from traceability.recall import reach
from traceability.unit import kg_of

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "epcis" / "scenarios"
NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
PALLET, BOX = "https://id.gs1.org/00/169012345600001002", "https://id.gs1.org/00/169012345600001019"


def lot(name: str) -> str:
    return f"/lot/mill/rice/{name}"


def kg(name: str, mass: str | None, unit: str = "KGM") -> Item:
    return Item(lot(name), None if mass is None else Decimal(mass), None if mass is None else unit)


def process(hour: int, inputs: str, outputs: str, **more: Any) -> Occurrence:
    """A process from words: process(1, "A:100 B:50", "C:140")."""

    def items(told: str) -> tuple[Item, ...]:
        pairs = [each.partition(":") for each in told.split()]
        return tuple(kg(name, mass or None) for name, _, mass in pairs)

    return Occurrence(
        f"urn:p:{hour}:{outputs}",
        NOON + timedelta(hours=hour),
        "transformation",
        inputs=items(inputs),
        outputs=items(outputs),
        **more,
    )


def packing(hour: int, kind: Kind, parent: str, *objects: Item) -> Occurrence:
    return Occurrence(
        f"urn:k:{hour}:{kind}", NOON + timedelta(hours=hour), kind, objects=objects, parent=parent
    )


CHAIN = [
    process(0, "F1:60 F2:40", "P1:70 B1:20"),
    process(1, "F3:30", "P2:28"),
    process(2, "P1:35 P2:15", "M1:49"),
]


def test_tracing_back_goes_through_every_process_and_leaves_the_lot_out() -> None:
    assert trace_back(lot("M1"), CHAIN) == [lot(name) for name in ("F1", "F2", "F3", "P1", "P2")]
    assert trace_back(lot("F1"), CHAIN) == []


def test_tracing_forward_names_by_products() -> None:
    assert trace_forward(lot("F1"), CHAIN) == [lot(name) for name in ("B1", "M1", "P1")]


def test_edges_are_those_on_the_way() -> None:
    found = Genealogy(CHAIN).edges(lot("P1"), back=True)

    assert found == [(lot("F1"), lot("P1")), (lot("F2"), lot("P1"))]


def test_shares_follow_the_masses_of_inputs_exactly() -> None:
    found = shares(lot("M1"), CHAIN)

    assert found == {lot("F1"): Fraction(42, 100), lot("F2"): Fraction(28, 100), lot("F3"): Fraction(30, 100)}


def test_a_lot_at_its_birth_is_its_own_origin() -> None:
    assert shares(lot("F1"), CHAIN) == {lot("F1"): Fraction(1)}


def test_shares_are_not_guessed_where_a_mass_is_unknown() -> None:
    told = [process(0, "A:60 B", "C:50"), process(1, "A", "D:1")]

    assert shares(lot("C"), told) == {}
    assert shares(lot("D"), told) == {lot("A"): Fraction(1)}


def test_a_lot_made_twice_mixes_its_makings_by_what_came_out() -> None:
    told = [process(0, "A:10", "C:3"), process(1, "B:10", "C:1")]

    assert shares(lot("C"), told) == {lot("A"): Fraction(3, 4), lot("B"): Fraction(1, 4)}


def test_a_claim_that_goes_round_in_a_circle_ends() -> None:
    told = [process(0, "A:1", "B:1"), process(1, "B:1", "C:1"), process(2, "C:1", "A:1")]

    assert trace_back(lot("A"), told) == [lot("B"), lot("C")]
    assert shares(lot("A"), told) == {}


def test_bagging_into_packs_of_the_same_lot_changes_nothing() -> None:
    packs = Occurrence(
        "urn:bag",
        NOON + timedelta(hours=3),
        "transformation",
        inputs=(kg("M1", "49"),),
        outputs=(Item(lot("M1") + "/7Q2M"), Item(lot("M1") + "/7Q2N")),
    )

    found = Genealogy([*CHAIN, packs])

    assert found.back(lot("M1") + "/7Q2M") == trace_back(lot("M1"), CHAIN)
    assert found.shares(lot("M1")) == shares(lot("M1"), CHAIN)
    assert found.knows(lot("M1") + "/0000")
    assert not found.knows(lot("M2"))


def test_what_was_added_to_a_lot_itself_has_no_known_share() -> None:
    told = [process(0, "A:10", "B:10"), process(1, "B:10 C:5", "B:15")]

    assert trace_back(lot("B"), told) == [lot("A"), lot("C")]
    assert shares(lot("B"), told) == {}


def test_parts_of_one_transformation_are_one_process() -> None:
    told = [process(0, "A:1", "", transformation="urn:t:1"), process(1, "", "B:1", transformation="urn:t:1")]

    assert trace_back(lot("B"), told) == [lot("A")]
    assert [row.output_kg for row in balance(told)] == [None, Decimal(1)]


def test_containers_make_no_edge_and_are_never_listed() -> None:
    told = [
        packing(0, "add", PALLET, kg("A", "1"), kg("B", "1")),
        Occurrence(
            "urn:t", NOON, "transformation", inputs=(kg("A", "1"), Item(PALLET)), outputs=(kg("C", "1"),)
        ),
    ]

    assert trace_back(lot("C"), told) == [lot("A")]
    assert trace_forward(lot("B"), told) == []


def test_ten_thousand_steps_are_no_trouble() -> None:
    told = [process(step, f"L{step}:1", f"L{step + 1}:1") for step in range(10_000)]
    found = Genealogy(told)

    ancestors = found.back(lot("L10000"))

    assert len(ancestors) == 10_000
    assert found.shares(lot("L10000")) == {lot("L0"): Fraction(1)}


def test_containers_within_containers_ten_thousand_deep_are_no_trouble() -> None:
    boxes = [f"urn:box:{number}" for number in range(10_000)]
    told = [packing(0, "add", boxes[0], kg("A", "1"))]
    told += [packing(1, "add", outer, Item(inner)) for inner, outer in pairwise(boxes)]

    assert contents(boxes[-1], told) == [lot("A")]


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ((), []),
        ((kg("A", "19.999"),), [lot("A"), lot("B")]),
        ((kg("A", "20"),), [lot("B")]),
        ((kg("A", "20000", "GRM"),), [lot("B")]),
        ((kg("A", "0.019999", "TNE"),), [lot("A"), lot("B")]),
        ((kg("A", "21"),), [lot("B")]),
        ((kg("A", None),), [lot("B")]),
        ((kg("A", "20", "LTR"),), [lot("A"), lot("B")]),
        ((Item(BOX),), [lot("A")]),
    ],
)
def test_what_is_taken_out_leaves_the_rest(taken: tuple[Item, ...], left: list[str]) -> None:
    told = [
        packing(3, "delete", PALLET, *taken),
        packing(1, "add", PALLET, kg("A", "20"), Item(BOX)),
        packing(0, "add", BOX, kg("B", "5")),
    ]

    assert contents(PALLET, told) == left
    assert contents(PALLET, told, NOON + timedelta(hours=1)) == [lot("A"), lot("B")]


def test_at_one_instant_things_go_in_before_they_come_out() -> None:
    told = [packing(1, "delete", PALLET), packing(1, "add", PALLET, kg("A", "1"))]

    assert contents(PALLET, told) == []


def test_what_was_put_in_unweighed_stays_until_all_is_taken() -> None:
    told = [packing(0, "add", PALLET, kg("A", None)), packing(1, "delete", PALLET, kg("A", "5"))]

    assert contents(PALLET, told) == [lot("A")]


@pytest.mark.parametrize(("made", "violation"), [("99.999999", False), ("100", False), ("100.000001", True)])
def test_balance_allows_as_much_as_went_in_and_no_more(made: str, violation: bool) -> None:
    told = Occurrence(
        "urn:t",
        NOON,
        "transformation",
        inputs=(kg("A", "60000", "GRM"), kg("B", "0.04", "TNE")),
        outputs=(kg("C", made),),
    )

    rows = balance([told])

    assert rows == [BalanceRow("urn:t", Decimal(100), Decimal(made))]
    assert rows[0].violation is violation


def test_a_side_that_is_no_mass_has_no_sum() -> None:
    told = [
        Occurrence("urn:t", NOON, "transformation", inputs=(kg("A", "30", "LTR"),), outputs=(kg("C", "1"),)),
    ]

    assert [row.json() for row in balance(told)] == [
        {"eventID": "urn:t", "input_kg": None, "output_kg": 1.0, "violation": False}
    ]


def test_balance_is_in_order_of_event_time() -> None:
    assert [row.event_id for row in balance(reversed(CHAIN))] == [each.event_id for each in CHAIN]


@pytest.mark.parametrize(
    ("quantity", "unit", "mass"),
    [
        ("2.3", "TNE", "2300"),
        ("1", "GRM", "0.001"),
        ("1", "LBR", "0.45359237"),
        ("1", "DTN", "100"),
        ("1", "LTR", None),
        ("1", None, None),
        (None, "KGM", None),
        ("0.1234567890123456789012345678901234567891", "KTN", "123456.7890123456789012345678901234567891"),
    ],
)
def test_units_of_mass_are_exact(quantity: str | None, unit: str | None, mass: str | None) -> None:
    found = kg_of(None if quantity is None else Decimal(quantity), unit)

    assert found == (None if mass is None else Decimal(mass))


# Our own events


def test_each_event_of_ours_tells_what_it_did_to_goods() -> None:
    part, mass = Part(lot("A"), Amount(kg=Decimal(5))), Amount(kg=Decimal(5))
    events = [
        Harvested(at=NOON, lot=lot("A"), product="rice", amount=mass, plots=(PlotShare("p", mass),)),
        UntracedReceived(at=NOON, lot=lot("A"), product="rice", amount=Amount(pieces=7)),
        Processed(
            at=NOON,
            process="milling",
            inputs=(part,),
            outputs=(Product(lot("B"), "rice", mass),),
            water_kg=Decimal(1),
        ),
        Packed(at=NOON, container=PALLET, parts=(part,), containers=(BOX,)),
        Unpacked(at=NOON, container=PALLET),
        Shipped(at=NOON, parts=(part,), containers=(BOX,), handover="h", destination="/414/6901234100808"),
        Shipped(at=NOON, parts=(part,), handover="h", to="shop"),
        Received(at=NOON, shipment="s", token="t", parts=(part,)),
        Retailed(at=NOON, lot=lot("A"), amount=mass),
        Confirmed(at=NOON, target="s"),
        Corrected(at=NOON, target="s", reason="incorrect", replacement=Unpacked(at=NOON, container=BOX)),
        Corrected(at=NOON, target="s", reason="incorrect"),
    ]

    told = [occurrence_of(event, event_id="urn:e", index=3) for event in events]

    a, b = kg("A", "5"), kg("B", "5")

    def one(kind: Kind, **more: Any) -> Occurrence:
        return Occurrence("urn:e", NOON, kind, index=3, **more)

    assert told == [
        one("birth", step="creating_class_instance", objects=(a,)),
        one("birth", step="receiving", objects=(Item(lot("A"), Decimal(7)),)),
        one(
            "transformation",
            step="creating_class_instance",
            inputs=(a,),
            outputs=(b,),
            added_kg=Decimal(1),
        ),
        one("add", step="packing", objects=(Item(BOX), a), parent=PALLET),
        one("delete", step="unpacking", parent=PALLET),
        one(
            "other",
            step="shipping",
            shipping=True,
            objects=(Item(BOX), a),
            destinations=("https://id.gs1.org/414/6901234100808",),
        ),
        one("other", step="shipping", shipping=True, objects=(a,), destinations=("urn:jizihao:party:shop",)),
        one("other", step="receiving", objects=(a,)),
        one("other", step="retail_selling", objects=(a,)),
        None,
        one("delete", step="unpacking", parent=BOX),
        None,
    ]


def test_added_water_counts_as_an_input() -> None:
    steamed = process(0, "A:100", "B:110", added_kg=Decimal(10))

    assert [row.violation for row in balance([steamed])] == [False]


# The shared chains


def answers(told: Sequence[Occurrence], like: dict[str, Any]) -> dict[str, Any]:
    """Every answer that *like* has, from *told*."""
    graph = Genealogy(told)
    recalls = {each: reach(each, told) for each in like["recall"]}
    return {
        "trace_back": {each: graph.back(each) for each in like["trace_back"]},
        "trace_forward": {each: graph.forward(each) for each in like["trace_forward"]},
        "container_contents_final": {each: contents(each, told) for each in like["container_contents_final"]},
        "mass_balance": [row.json() for row in balance(told)],
        "recall": {
            each: {"affected_lots": list(found.affected_lots), "shipped_to": list(found.shipped_to)}
            for each, found in recalls.items()
        },
    }


def chain(number: int) -> tuple[bytes, dict[str, Any]]:
    path = SHARED / f"chain{number:02d}.json"
    if not path.exists():
        pytest.skip("the shared conformance data is not beside this clone")
    expected: dict[str, Any] = json.loads(path.with_suffix(".expected.json").read_text())
    return path.read_bytes(), expected


@pytest.mark.parametrize("number", range(1, 7))
def test_each_shared_chain_is_answered_as_expected(number: int) -> None:
    written, expected = chain(number)

    told = standing(claim.event for claim in read(written))

    assert answers(told, expected) == expected


@pytest.mark.parametrize("number", [1, 5])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_order_in_a_file_never_shows(number: int, data: st.DataObject) -> None:
    written, expected = chain(number)
    claims = [claim.event for claim in read(written)]

    told = standing(data.draw(st.permutations(claims)))

    assert answers(told, expected) == expected


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("declared_first", [True, False])
def test_a_void_event_counts_nowhere_whichever_came_first(number: int, declared_first: bool) -> None:
    written, expected = chain(number)
    claims = [claim.event for claim in read(written)]
    claims.sort(key=lambda event: (event.error is None) is declared_first)

    told = standing(claims)

    assert answers(told, expected) == expected
    assert not {event.event_id for event in claims if event.error} & {each.event_id for each in told}
