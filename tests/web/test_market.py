"""The market's pages: goods come in, are sold to shoppers, and go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import Person, Rooms, opened_rooms, typed_in, words_of
from tests.world import PADDY_LOT, RICE_LOT
from traceability.events.movement import Retailed, Shipped

PAGES = ("/market/", "/market/receive", "/market/retail", "/market/ship", "/market/shipments")


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        _stocked(made)
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """A shop with 1,000 kg of rice: for tests that write nothing."""
    with opened_rooms(tmp_path_factory.mktemp("still")) as made:
        _stocked(made)
        yield made


@pytest.fixture
def shop(rooms: Rooms) -> Person:
    return rooms.person("chaoshi")


def _stocked(rooms: Rooms) -> None:
    world = rooms.world
    world.at("2026-09-21T08:00:00+08:00")
    world.harvest()
    world.clock.pass_time(days=1)
    world.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
    world.mill()
    world.hand_over(RICE_LOT, "1000", by="mifang", to="chaoshi")
    world.clock.pass_time(hours=1)


@pytest.mark.parametrize("address", PAGES)
def test_the_room_is_for_those_who_trade(still: Rooms, address: str) -> None:
    answers = [still.person(party).get(address).status_code for party in ("chaoshi", "mifang", "jiance")]

    assert answers == [200, 403, 403]


def test_stock_shows_what_the_shop_has_and_nothing_else(still: Rooms) -> None:
    page = words_of(still.person("chaoshi").get("/market/"))

    assert ("R-1" in page, "1,000 公斤" in page, "26-A" in page) == (True, True, False)


@pytest.mark.parametrize(("amount", "status"), [("1000", 302), ("1000.001", 422), ("0.5", 302)])
def test_no_more_is_sold_than_is_there(rooms: Rooms, shop: Person, amount: str, status: int) -> None:
    before = rooms.size

    answer = shop.send("/market/retail", lot=RICE_LOT, amount=amount, place="虚构一店")

    assert (answer.status_code, rooms.size - before) == (status, 1 if status == 302 else 0)
    if status == 302:
        event = rooms.last()
        assert isinstance(event, Retailed)
        assert not isinstance(event.place, str)
    else:
        assert (typed_in(answer, "amount"), typed_in(answer, "place")) == (amount, "虚构一店")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lot": ""}, "请填写「批号」"),
        ({"lot": PADDY_LOT}, "不在本单位手里"),
        ({"lot": "/lot/x/y/z"}, "没有批次"),
        ({"amount": "ten"}, "不是数字"),
        ({"amount": ""}, "请填写「数量」"),
    ],
)
def test_what_is_wrong_with_a_sale_is_told(still: Rooms, wrong: dict[str, str], said: str) -> None:
    before = still.size

    answer = still.person("chaoshi").send("/market/retail", {"lot": RICE_LOT, "amount": "1", **wrong})

    assert (answer.status_code, said in words_of(answer), still.size) == (422, True, before)


def test_goods_go_on_to_somebody_else(rooms: Rooms, shop: Person) -> None:
    form = {"parts.0.lot": RICE_LOT, "parts.0.amount": "400", "outside": "虚构食堂"}

    answer = shop.send("/market/ship", form)

    assert (isinstance(rooms.last(), Shipped), (answer.location or "").startswith("/market/shipments/")) == (
        True,
        True,
    )
    assert "虚构食堂" in shop.get(answer.location or "").text


@pytest.mark.parametrize("address", ["/market/retail", "/market/ship", "/market/receive"])
def test_nobody_else_writes_here(still: Rooms, address: str) -> None:
    before = still.size

    answer = still.person("mifang").send(address, {"lot": RICE_LOT, "amount": "1"})

    assert (answer.status_code, still.size) == (403, before)
