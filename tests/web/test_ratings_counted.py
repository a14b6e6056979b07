"""What shoppers rated is told to the log at night, by hand or at a button: never because somebody looks."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rooms import Rooms, opened_rooms, words_of
from tests.terminal import Terminal
from tests.world import RICE_LOT
from traceability.events.reporting import RatingsCounted
from web import scan_nights, shopper_says


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """Yield rooms on the morning after a day on which somebody rated the rice."""
    with opened_rooms(tmp_path) as opened:
        opened.world.whole_chain()
        shopper_says.rate(opened.world.services, lot=RICE_LOT, score="5")
        opened.world.clock.pass_time(days=1)
        yield opened


def at_night(rooms: Rooms) -> None:
    shared = rooms.world.services
    with scan_nights.counting(shared, pause=0.01):
        for _ in range(500):
            if not shopper_says.days_waiting(shared):
                return
            time.sleep(0.01)


def by_hand(rooms: Rooms) -> None:
    assert Terminal(rooms.world.services.settings.instance)("scans", "digest").code == 0


def at_the_button(rooms: Rooms) -> None:
    assert rooms.person("yushu").send("/regulator/reports/count").status_code == 302


@pytest.mark.parametrize("way", [at_night, by_hand, at_the_button])
def test_a_day_that_is_over_is_counted(rooms: Rooms, way: Callable[[Rooms], None]) -> None:
    size = rooms.size

    way(rooms)

    assert (type(rooms.last()), rooms.size) == (RatingsCounted, size + 1)
    assert shopper_says.days_waiting(rooms.world.services) == []


def test_looking_writes_nothing_and_tells_what_waits(rooms: Rooms) -> None:
    office, size = rooms.person("yushu"), rooms.size

    page = office.get("/regulator/reports")

    assert ("有 1 天的满意度评价还没有汇总" in words_of(page), rooms.size) == (True, size)
    at_the_button(rooms)
    assert "还没有汇总" not in words_of(office.get("/regulator/reports"))


def test_only_an_office_presses_the_button_and_with_its_token(rooms: Rooms) -> None:
    size = rooms.size

    strange = rooms.person("mifang").send("/regulator/reports/count")
    forged = rooms.person("yushu").client.post("/regulator/reports/count")

    assert (strange.status_code, forged.status_code, rooms.size) == (403, 400, size)
