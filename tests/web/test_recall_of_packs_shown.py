"""Packs that are called back by their codes, as shoppers, offices and holders see it."""

from collections.abc import Iterator

import pytest

from tests.release_world import GREEN_LOT, bound
from tests.rooms import Rooms, opened_rooms, words_of

ONLY = "只召回追溯码第 20–24 号"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("called")) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        told = {"lot": GREEN_LOT, "first": 20, "count": 5, "level": 3, "cause": "mislabelled"}
        made.world.say("heitu", "codes-recalled", **told)
        yield made


def recall(rooms: Rooms) -> str:
    with rooms.world.services.reading() as reader:
        return reader.statement(rooms.size - 1).digest


def test_the_page_of_the_lot_says_which_packs(rooms: Rooms) -> None:
    page = words_of(rooms.app.test_client().get(GREEN_LOT, query_string={"lang": "zh"}))

    assert "这一批有一部分包装被召回 从第 20 号起 5 包 · 三级召回 · 标签错误" in page
    assert "这一批已被召回，请勿食用" not in page


@pytest.mark.parametrize(
    ("who", "page"),
    [("yushu", "/regulator/recalls"), ("yushu", "/regulator/list/recalls"), ("heitu", "/matters/")],
)
def test_lists_of_recalls_name_the_packs(rooms: Rooms, who: str, page: str) -> None:
    told = words_of(rooms.person(who).get(page))

    assert ONLY in told or "20–24" in told


@pytest.mark.parametrize(
    ("who", "status"), [("heitu", 200), ("yushu", 200), ("mifang", 403), ("chaoshi", 403)]
)
def test_its_page_is_for_those_whom_it_concerns(rooms: Rooms, who: str, status: int) -> None:
    answer = rooms.person(who).get(f"/matters/recall/{recall(rooms)}")

    assert answer.status_code == status
    assert all((each in words_of(answer)) == (status == 200) for each in (ONLY, "25 公斤"))


def test_its_maker_begins_it_from_its_page(rooms: Rooms) -> None:
    maker, digest = rooms.person("heitu"), recall(rooms)

    answer = maker.send(f"/matters/recall/{digest}/start", notice="已停止销售")

    assert answer.status_code == 302, words_of(answer)
    assert "按时完成" in words_of(maker.get(f"/matters/recall/{digest}"))


def test_what_is_destroyed_from_stock_is_off_it(rooms: Rooms) -> None:
    world = rooms.world
    world.harvest("50", lot="/lot/heitu/paddy/26-D")
    digest = world.say("heitu", "recalled", lot="/lot/heitu/paddy/26-D", level=3, cause="other").digest
    world.say("heitu", "recall-started", recall=digest)
    form = {"lot": "/lot/heitu/paddy/26-D", "amount": "20", "amount.unit": "kg", "disposal": "destroyed"}
    maker = rooms.person("heitu")

    page = maker.get(f"/matters/recall/{digest}/disposed")
    answers = [
        maker.send(f"/matters/recall/{digest}/disposed", {**form, **more})
        for more in (
            {"from_stock": "20", "from_stock.unit": "kg", "disposal": "relabelled"},
            {"from_stock": "20", "from_stock.unit": "kg"},
        )
    ]

    assert "原来就在本单位库存账上的部分" in words_of(page)
    assert [answer.status_code for answer in answers] == [422, 302]
    assert "退回请登记发货" in words_of(answers[0])
    assert "30 公斤" in words_of(maker.get(f"/matters/recall/{digest}"))
