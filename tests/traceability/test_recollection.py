"""What rules may know of the past is read from entries that still stand, and from no later ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import world
from tests.world import MEMBER, PADDY_LOT, PLOT, RICE_LOT, World
from traceability import codes_left, goods, recollection, schema
from traceability.past import KnownLot, KnownParty, KnownProduct, Past

BRAN_LOT = "/lot/mifang/bran/B-1"
FLOUR_LOT = "/lot/mifang/rice/F-1"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        yield opened


def lot_of(made: World, lot: str) -> KnownLot:
    """Return what is known of *lot*."""
    with made.services.reading() as reader:
        known = goods.known_lot(reader.connection, lot)
    assert known is not None
    return known


def past(made: World, kind: str, by: str = "heitu", **words: object) -> Past:
    """Return the past that an event of *kind*, told now, would be judged by."""
    event = schema.load(kind, {"at": made.clock().isoformat(), **words})
    with made.services.reading() as reader:
        return recollection.past_of(
            reader,
            event,
            by=by,
            claimed_by=None,
            index=made.services.log.size(),
            recorded_at=made.clock(),
            rule_set=made.services.rules(reader),
        )


def test_a_lot_is_known_by_its_births_and_moves(made: World) -> None:
    rice, paddy = lot_of(made, RICE_LOT), lot_of(made, PADDY_LOT)

    assert (rice.maker, rice.born, rice.consumed, rice.stock) == (
        "mifang",
        Decimal(3300),
        Decimal(0),
        {"mifang": Decimal(3300)},
    )
    assert (paddy.born, paddy.consumed) == (Decimal(5000), Decimal(5000))
    assert {party: held for party, held in paddy.stock.items() if held} == {}
    assert rice.product == KnownProduct("mifang", "rice", "milled-rice", "mass")


def test_a_lot_that_nobody_speaks_of_is_not_known(made: World) -> None:
    with made.services.reading() as reader:
        assert goods.known_lot(reader.connection, "/lot/heitu/paddy/none") is None


def test_times_are_those_that_authors_claim(made: World) -> None:
    rice = lot_of(made, RICE_LOT)

    assert (rice.born_at, rice.last) == (
        datetime(2026, 10, 3, tzinfo=UTC),
        datetime(2026, 10, 8, tzinfo=UTC),
    )


def test_lots_lead_back_and_forward(made: World) -> None:
    with made.services.reading() as reader:
        back = goods.ancestors(reader.connection, RICE_LOT)
        forward = goods.descendants(reader.connection, PADDY_LOT)

    assert (back, forward) == ({PADDY_LOT}, {RICE_LOT, BRAN_LOT})


def test_a_recall_reaches_what_was_made_of_the_lot_and_not_what_it_was_made_of(made: World) -> None:
    made.say("mifang", "recalled", lot=RICE_LOT, level=1, cause="other")

    assert [lot_of(made, lot).recalled for lot in (PADDY_LOT, RICE_LOT, BRAN_LOT)] == [False, True, False]


def test_a_recalled_input_recalls_everything_after_it(made: World) -> None:
    made.say("heitu", "recalled", lot=PADDY_LOT, level=1, cause="other")

    assert [lot_of(made, lot).recalled for lot in (PADDY_LOT, RICE_LOT, BRAN_LOT)] == [True, True, True]


def test_a_failed_test_is_of_the_lot_that_was_tested(made: World) -> None:
    made.inspect(cadmium="0.5", passed=False)

    assert [lot_of(made, lot).failed for lot in (PADDY_LOT, RICE_LOT, BRAN_LOT)] == [False, True, False]


def test_a_hold_falls_on_the_lot_until_somebody_else_resolves_it(made: World) -> None:
    failed = made.inspect(cadmium="0.5", passed=False)
    held = lot_of(made, RICE_LOT).holds

    made.say("yushu", "hold-resolved", target=failed.digest)

    assert (held, lot_of(made, RICE_LOT).holds) == (("failed-test",), ())


def test_what_was_withdrawn_is_not_of_the_past(made: World) -> None:
    with made.services.reading() as reader:
        before = recollection.known_plot(reader.connection, PLOT)
    extra = made.say("heitu", "treated", plot=PLOT, name="药", substances=["三环唑"], interval_days=7)

    made.say("heitu", "corrected", target=extra.digest, reason="did-not-occur")

    with made.services.reading() as reader:
        assert recollection.known_plot(reader.connection, PLOT) == before


def test_codes_that_were_voided_are_issued_no_more_and_their_numbers_stay_used(made: World) -> None:
    made.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=100, pack={"kg": "5"})
    made.say("mifang", "codes-voided", lot=RICE_LOT, first=40, count=10, cause="misprint")

    rice = lot_of(made, RICE_LOT)

    assert (rice.issues, rice.next_code, rice.coded) == (((0, 40), (50, 50)), 100, Decimal(450))


ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=4)


@given(first=st.integers(0, 20), count=st.integers(1, 20), gone=ranges)
def test_what_remains_of_a_range_is_every_number_that_is_not_gone(
    first: int, count: int, gone: list[tuple[int, int]]
) -> None:
    cuts = [(start, start + many) for start, many in gone]

    left = list(codes_left.without(first, count, cuts))

    numbers = [number for start, many in left for number in range(start, start + many)]
    assert numbers == [
        number
        for number in range(first, first + count)
        if not any(start <= number < end for start, end in cuts)
    ]


def test_a_plot_is_known_with_what_was_done_on_it(made: World) -> None:
    with made.services.reading() as reader:
        known = recollection.known_plot(reader.connection, PLOT)

    assert known is not None
    assert (known.party, known.commodity, known.area_ha) == ("heitu", "paddy", Decimal(2))
    assert [(each.substances, each.interval_days) for each in known.treatments] == [(("吡虫啉",), 14)]
    assert [(each.lot, each.amount) for each in known.harvests] == [(PADDY_LOT, Decimal(5000))]


def test_the_past_of_a_harvest_holds_its_product_its_plots_and_its_member(made: World) -> None:
    amount = {"kg": "1"}
    found = past(
        made,
        "harvested",
        lot="/lot/heitu/paddy/26-B",
        product="paddy",
        amount=amount,
        plots=[{"plot": PLOT, "amount": amount}],
        member=MEMBER,
    )

    assert set(found.products) == {("heitu", "paddy")}
    assert set(found.plots) == {PLOT}
    assert found.members == frozenset({MEMBER})
    assert (found.lots, found.shipment, found.target) == ({}, None, None)
    assert found.parties == {"heitu": KnownParty("heitu", "cooperative", "220182")}


def test_what_a_plot_gave_in_a_calendar_year_is_known_to_its_next_harvest_unless_it_is_withdrawn(
    made: World,
) -> None:
    def reaped(day: str) -> Decimal | None:
        named = {"lot": "/lot/heitu/paddy/26-B", "product": "paddy"}
        much: dict[str, Any] = {"amount": {"kg": "1"}, "plots": [{"plot": PLOT, "amount": {"kg": "1"}}]}
        found = past(made, "harvested", **named, **much, at=day)
        return found.plots[PLOT].reaped.get("mass")

    this_year, other_year = (f"{year}-12-01T08:00:00+08:00" for year in (2026, 2025))
    before = reaped(this_year), reaped(other_year)
    more = {"lot": "/lot/heitu/paddy/26-C", "product": "paddy", "amount": {"kg": "30"}}
    told = made.say("heitu", "harvested", **more, plots=[{"plot": PLOT, "amount": {"kg": "30"}}])
    after = reaped(this_year)
    made.say("heitu", "corrected", target=told.digest, reason="did-not-occur")

    assert before == (Decimal(5000), Decimal(0))
    assert after == Decimal(5030)
    assert reaped(this_year) == Decimal(5000)


def test_a_member_of_another_party_is_not_ones_own(made: World) -> None:
    event = {"lot": RICE_LOT, "level": 1, "cause": "other", "member": MEMBER}

    assert past(made, "recalled", by="mifang", **event).members == frozenset()


def test_a_shipment_is_known_with_its_receiver(made: World) -> None:
    with made.services.reading() as reader:
        row = next(
            reader.statement(index)
            for index in range(made.services.log.size())
            if reader.entry(index).record.get("statement", {}).get("event", {}).get("kind") == "shipped"
        )
    words = {
        "shipment": row.digest,
        "token": world.TOKEN,
        "parts": [{"lot": PADDY_LOT, "amount": {"kg": "1"}}],
    }

    found = past(made, "received", by="chaoshi", **words).shipment

    assert found is not None
    assert (found.by, found.parts, found.received_by) == (
        "heitu",
        ((PADDY_LOT, Decimal(5000)),),
        "mifang",
    )


def test_a_target_is_known_with_its_flags(made: World) -> None:
    failed = made.inspect(cadmium="0.5", passed=False)

    found = past(made, "hold-resolved", by="yushu", target=failed.digest).target

    assert found is not None
    assert (found.index, found.by, found.void, found.flags) == (
        failed.index,
        "jiance",
        False,
        ("failed-test",),
    )


def test_a_target_that_nobody_stated_is_not_known(made: World) -> None:
    assert past(made, "confirmed", target="00" * 32).target is None


def test_a_prefix_is_known_to_all_who_hold_a_part_of_it(made: World) -> None:
    made.say("sheng", "prefix-licensed", party="mifang", prefix="9521234")

    longer = past(made, "prefix-licensed", by="sheng", party="heitu", prefix="95212345")
    shorter = past(made, "prefix-licensed", by="sheng", party="heitu", prefix="952")

    assert [set(each.parties) for each in (longer, shorter)] == [{"sheng", "heitu", "mifang"}] * 2
    assert longer.parties["mifang"].prefixes == ("9521234",)
