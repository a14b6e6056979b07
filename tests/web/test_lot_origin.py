"""The shopper's page says which names a lot has lost, from how many households it came, what is missing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from ledger import store
from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import PADDY_LOT
from traceability import tables
from traceability.completeness import Completeness
from traceability.limits import shipped_rules
from web.lot_origin import NOTHING, behind

INSIDE = "i123456789abcdefghjkmnpqrs"
BLEND = "/lot/heitu/paddy/BLEND"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """The small world with a lot of two counties, blended."""
    with opened_rooms(tmp_path) as opened:
        world = opened.world
        world.say("heitu", "plot-registered", plot=INSIDE, division="220283", commodity="paddy", area_ha="2")
        world.at("2026-09-21T08:00:00+08:00")
        world.harvest("1000")
        share = [{"plot": INSIDE, "amount": {"kg": "3000"}}]
        world.say(
            "heitu",
            "harvested",
            lot="/lot/heitu/paddy/S1",
            product="paddy",
            amount={"kg": "3000"},
            plots=share,
        )
        world.clock.pass_time(hours=1)
        inputs = [
            {"lot": "/lot/heitu/paddy/S1", "amount": {"kg": "3000"}},
            {"lot": PADDY_LOT, "amount": {"kg": "1000"}},
        ]
        outputs = [{"lot": BLEND, "product": "paddy", "amount": {"kg": "4000"}}]
        world.say("heitu", "processed", process="blending", inputs=inputs, outputs=outputs)
        yield opened


def test_a_name_that_was_mixed_away_is_told_with_its_reason(rooms: Rooms) -> None:
    page = words_of(rooms.app.test_client().get(BLEND))

    assert "舒兰大米 已不能使用 掺进了范围外的来源" in page
    assert "26-A （25.0%） 产地在范围外".replace(" ", "") in page.replace(" ", "")


def test_households_are_counted_and_never_named(rooms: Rooms) -> None:
    page = rooms.app.test_client().get(BLEND)

    assert "来自 1 户、2 块地" in words_of(page)
    assert "王虚构" not in page.text


def test_the_score_of_the_chain_stands_on_the_page(rooms: Rooms) -> None:
    page = words_of(rooms.app.test_client().get(BLEND))

    assert "从田间到这里，记全了多少" in page
    assert "按技术规程做全" in page


def test_a_copy_that_was_changed_into_nonsense_leaves_this_part_out(rooms: Rooms) -> None:
    services = rooms.world.services
    with store.writing(services.engine) as connection:
        connection.execute(update(tables.harvest).values(amount="many"))

    with services.reading() as reader:
        found = behind(reader, PADDY_LOT, shipped_rules(), services.clock().date(), is_whole=True)

    assert found == NOTHING
    assert rooms.app.test_client().get(PADDY_LOT).status_code == 200


def test_without_rules_nothing_is_said(rooms: Rooms) -> None:
    with rooms.world.services.reading() as reader:
        assert behind(reader, BLEND, None, rooms.world.clock().date(), is_whole=True) == NOTHING


def test_completeness_is_not_reckoned_where_the_page_has_no_room_for_all(rooms: Rooms) -> None:
    services = rooms.world.services
    with services.reading() as reader:
        whole, part = (
            behind(reader, BLEND, shipped_rules(), services.clock().date(), is_whole=is_whole)
            for is_whole in (True, False)
        )

    assert whole.completeness.score is not None
    assert part == replace(whole, completeness=Completeness(()))
