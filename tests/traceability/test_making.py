"""A maker's own words, from the door to the shelf: templates, control points, capacities, protocols."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from tests import world as worlds
from tests.world import ORIGIN, PADDY_LOT, PLOT, RICE_LOT, World
from traceability import goods, tables
from traceability.errors import Refused
from traceability.journal import Recorded
from traceability.replay import Replay, scratch_engine

BLANCH: dict[str, Any] = {
    "name": "磁选",
    "process": "milling",
    "parameter": "metal",
    "unit": "mm",
    "most": "1.5",
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with five tonnes of paddy at the mill."""
    with worlds.opened(tmp_path) as opened:
        opened.at("2026-09-21T08:00:00+08:00")
        opened.harvest()
        opened.at("2026-10-01T08:00:00+08:00")
        opened.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
        opened.at("2026-10-03T08:00:00+08:00")
        yield opened


def _rules(recorded: Recorded) -> list[str]:
    return [flag["rule"] for flag in recorded.flags]


def _holds(world: World, lot: str) -> tuple[str, ...]:
    with world.services.reading() as reader:
        known = goods.known_lot(reader.connection, lot)
    assert known is not None
    return known.holds


def _failed(world: World) -> Recorded:
    world.say("mifang", "control-point-declared", point="metal", **BLANCH)
    world.mill()
    return world.say("mifang", "control-measured", point="metal", value="2", lots=[RICE_LOT])


def test_a_failed_point_holds_the_lot_until_it_is_put_right_and_looked_at(world: World) -> None:
    failed = _failed(world)
    assert _holds(world, RICE_LOT) == ("control-point-failed",)
    with pytest.raises(Refused) as refused:
        world.say("sheng", "hold-resolved", target=failed.digest)
    assert [each.rule for each in refused.value.breaches] == ["no-corrective-action"]

    world.say(
        "mifang", "corrective-action-taken", measurement=failed.digest, remedy="sorted-out", lots=[RICE_LOT]
    )
    assert _holds(world, RICE_LOT) == ("control-point-failed",)
    world.say("sheng", "hold-resolved", target=failed.digest)

    assert _holds(world, RICE_LOT) == ()


def test_a_failed_lot_does_not_move_on(world: World) -> None:
    _failed(world)

    with pytest.raises(Refused) as refused:
        world.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=1, pack={"kg": "5"})

    assert [each.rule for each in refused.value.breaches] == ["lot-on-hold"]


def test_a_withdrawn_failure_holds_until_somebody_has_looked(world: World) -> None:
    failed = _failed(world)

    world.say("mifang", "corrected", target=failed.digest, reason="incorrect")

    assert _holds(world, RICE_LOT) == ("failure-withdrawn",)


def test_a_later_limit_does_not_judge_an_earlier_measurement(world: World) -> None:
    world.say("mifang", "control-point-declared", point="metal", **BLANCH)
    world.mill()
    first = world.say("mifang", "control-measured", point="metal", value="1.5", lots=[RICE_LOT])
    world.clock.pass_time(hours=1)
    world.say("mifang", "control-point-declared", point="metal", **{**BLANCH, "most": "1"})
    world.clock.pass_time(hours=1)

    second = world.say("mifang", "control-measured", point="metal", value="1.5", lots=[RICE_LOT])

    assert (_rules(first), _rules(second)) == ([], ["control-point-failed"])


def _mill(world: World, number: int, paddy: str) -> Recorded:
    made = [{"lot": f"/lot/mifang/rice/D{number}", "product": "rice", "amount": {"kg": str(int(paddy) // 2)}}]
    inputs = [{"lot": PADDY_LOT, "amount": {"kg": paddy}}]
    return world.say("mifang", "processed", process="milling", inputs=inputs, outputs=made)


def test_a_day_is_added_up_and_the_next_one_begins_anew(world: World) -> None:
    world.say("mifang", "capacity-declared", process="milling", kg_a_day="1000")
    first = _mill(world, 1, "600")
    second = _mill(world, 2, "600")
    third = _mill(world, 3, "801")
    world.clock.pass_time(days=1)

    fourth = _mill(world, 4, "600")

    found = [
        [(flag["rule"], flag["level"]) for flag in each.flags] for each in (first, second, third, fourth)
    ]
    assert found == [[], [("over-capacity", "warn")], [("over-capacity", "hold")], []]


def test_what_is_void_was_not_put_through(world: World) -> None:
    world.say("mifang", "capacity-declared", process="milling", kg_a_day="1000")
    wrong = _mill(world, 1, "600")
    world.say("mifang", "corrected", target=wrong.digest, reason="did-not-occur")

    assert _rules(_mill(world, 2, "600")) == []


def _own_way(world: World, by: str, most: str) -> None:
    world.say(
        by,
        "template-declared",
        template="stone-mill",
        name="石碾米",
        steps=[{"process": "cleaning", "optional": "true"}, {"process": "milling"}],
        inputs=["paddy"],
        outputs=["milled-rice"],
        by_products=["rice-bran"],
        most=most,
    )


def test_a_makers_own_template_goes_before_that_of_an_office(world: World) -> None:
    _own_way(world, "sheng", "60")
    by_the_office = world.mill(template="stone-mill", loss_kg="1300", paddy="5000", rice="3300")
    world.say("mifang", "corrected", target=by_the_office.digest, reason="did-not-occur")
    _own_way(world, "mifang", "68")
    made = [
        {"lot": "/lot/mifang/rice/R-9", "product": "rice", "amount": {"kg": "3300"}},
        {"lot": "/lot/mifang/bran/B-9", "product": "bran", "amount": {"kg": "400"}, "by_product": True},
    ]

    by_its_own = world.say(
        "mifang",
        "processed",
        process="milling",
        template="stone-mill",
        loss_kg="1300",
        inputs=[{"lot": PADDY_LOT, "amount": {"kg": "5000"}}],
        outputs=made,
    )

    assert (_rules(by_the_office), _rules(by_its_own)) == (["outturn-high"], [])


def test_a_template_of_another_maker_is_nobodys(world: World) -> None:
    _own_way(world, "heitu", "60")

    with pytest.raises(Refused) as refused:
        world.mill(template="stone-mill")

    assert [each.rule for each in refused.value.breaches] == ["unknown-template"]


def test_a_protocol_is_adopted_for_plots_of_ones_own(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.say("heitu", "protocol-adopted", protocol="rice-jilin", season=2026, plots=["z" * 26])

    assert [each.rule for each in refused.value.breaches] == ["unknown-plot"]


def test_the_rows_are_rebuilt(world: World) -> None:
    world.say("heitu", "protocol-adopted", protocol="rice-jilin", season=2026, plots=[PLOT])
    world.say("heitu", "field-worked", plot=PLOT, work="weeding", note="人工除草")
    _own_way(world, "mifang", "68")
    world.say("mifang", "capacity-declared", process="milling", kg_a_day="9000")
    failed = _failed(world)
    world.say(
        "mifang", "corrective-action-taken", measurement=failed.digest, remedy="sorted-out", lots=[RICE_LOT]
    )

    entries = [each.entry for each in world.services.log.entries(0, world.services.log.size())]
    engine = scratch_engine()
    with engine.begin() as scratch:
        again = Replay(ORIGIN, world.services.shelf, scratch, lambda _, index: entries[index])

        found = [(each.what, each.index) for entry in entries for each in again.follow(entry)]

        assert found == []
        assert _rows(scratch) == _stored(world)
    engine.dispose()


def _stored(world: World) -> dict[str, list[str]]:
    with world.services.reading() as reader:
        return _rows(reader.connection)


def _rows(connection: Connection) -> dict[str, list[str]]:
    return {
        table.name: sorted(map(repr, connection.execute(select(table))))
        for table in tables.metadata.sorted_tables
    }
