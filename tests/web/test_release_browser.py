"""The state of one pack in a shopper's browser: shown, computed again, and seen to be false if it is."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route
from werkzeug.serving import WSGIRequestHandler, make_server

from qr import code
from tests.release_world import GREEN_LOT, ROLL, bound
from tests.rooms import Rooms, opened_rooms

pytestmark = pytest.mark.browser

STATES = """async ([entries, lot, index, isRecalled]) => {
  const { codeStateOf } = await load("standing");
  return codeStateOf(lot, index, { isRecalled }, entries);
}"""


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing: pytest shows the test."""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("packs")) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        made.world.say("yushu", "codes-activated", lot=GREEN_LOT, first=0, count=30, ground="checked")
        made.world.say("heitu", "codes-sold", lot=GREEN_LOT, first=0, count=2)
        made.world.say("heitu", "codes-recalled", lot=GREEN_LOT, first=5, count=1, level=3, cause="other")
        made.world.services.log.publish()
        yield made


@pytest.fixture(scope="module")
def address(rooms: Rooms) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, rooms.app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def pack(rooms: Rooms, address: str, index: int, lot: str = GREEN_LOT) -> str:
    return f"{address}{lot}/{code.serial(rooms.world.services.settings.serial_key, lot, index)}"


def verdict(page: Page, where: str) -> str:
    page.goto(where)
    page.wait_for_selector("html[data-verified]", state="attached")
    return str(page.evaluate("document.documentElement.dataset.verified"))


@pytest.mark.parametrize(
    ("which", "state"),
    [
        ((0, GREEN_LOT), "已售出"),
        ((2, GREEN_LOT), "已启用"),
        ((5, GREEN_LOT), "已召回"),
        ((30, GREEN_LOT), "尚未启用"),
        ((99, ROLL), "已印未用"),
    ],
)
def test_the_browser_finds_the_same_state(
    page: Page, rooms: Rooms, address: str, which: tuple[int, str], state: str
) -> None:
    assert verdict(page, pack(rooms, address, *which)) == "consistent"
    assert page.locator("#pack .badge").first.inner_text() == state


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("尚未启用", "已启用"),
        ('data-pack-state="asleep"', 'data-pack-state="active"'),
        ('data-index="30"', 'data-index="2"'),
        ('id="pack"', 'id="peck"'),
    ],
)
def test_a_state_that_the_records_do_not_bear_out_is_seen(
    page: Page, rooms: Rooms, address: str, true: str, false: str
) -> None:
    def meddle(route: Route) -> None:
        answer = route.fetch()
        told = answer.text()
        assert true in told
        route.fulfill(response=answer, body=told.replace(true, false, 1))

    page.route("**/lot/**", meddle)

    assert verdict(page, pack(rooms, address, 30)) == "broken"
    assert "状态是 asleep" in page.locator("#verdict-record").inner_text()


def entry(index: int, kind: str, **told: Any) -> dict[str, Any]:
    about = {} if "roll" in told else {"lot": "/lot/a/b/c"}
    event = {"kind": kind, "first": 0, "count": 10, **about, **told}
    return {"index": index, "record": {"statement": {"by": "a", "event": event}}}


@pytest.mark.parametrize(
    ("entries", "index", "is_recalled", "state"),
    [
        ([], 0, False, "not-issued"),
        ([entry(0, "codes-issued")], 9, False, "active"),
        ([entry(0, "codes-issued")], 10, False, "not-issued"),
        ([entry(0, "codes-issued", lot="/lot/a/b/d")], 0, False, "not-issued"),
        ([entry(0, "codes-issued", asleep=True)], 0, False, "asleep"),
        ([entry(0, "codes-issued", asleep=True), entry(1, "codes-activated", count=5)], 4, False, "active"),
        ([entry(0, "codes-issued", asleep=True), entry(1, "codes-activated", count=5)], 5, False, "asleep"),
        ([entry(0, "codes-issued"), entry(1, "codes-sold")], 0, False, "sold"),
        ([entry(0, "codes-issued"), entry(1, "codes-sold")], 0, True, "recalled"),
        (
            [entry(0, "codes-issued"), entry(1, "codes-recalled"), entry(2, "codes-sold")],
            0,
            False,
            "recalled",
        ),
        ([entry(0, "codes-issued"), entry(1, "codes-voided")], 0, True, "void"),
        ([entry(0, "codes-prepared", roll="/lot/a/b/c")], 9, False, "blank"),
        ([entry(0, "codes-prepared", roll="/lot/a/b/c")], 10, False, "not-issued"),
    ],
)
def test_the_states_are_those_of_the_server(
    modules: Page, entries: list[Any], index: int, state: str, *, is_recalled: bool
) -> None:
    assert modules.evaluate(STATES, [entries, "/lot/a/b/c", index, is_recalled]) == state
