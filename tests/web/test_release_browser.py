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
from tests.testing_world import SECOND, report, second_laboratory
from tests.world import World

pytestmark = pytest.mark.browser

STATES = """async ([entries, lot, index, isRecalled]) => {
  const { codeStateOf } = await load("standing");
  return codeStateOf(lot, index, { isRecalled }, entries);
}"""


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing: pytest shows the test."""


def lapsed(world: World) -> None:
    """Activate the last five codes on a test that another laboratory overturns."""
    second_laboratory(world)
    first = report(world, GREEN_LOT, "0.05", purpose="self-check")
    world.say("jiance", "codes-activated", lot=GREEN_LOT, first=35, count=5, ground="witnessed")
    objection = world.say("heitu", "objected", inspection=first.digest)
    again = {"by": SECOND, "purpose": "self-check", "retest_of": objection.digest}
    report(world, GREEN_LOT, "0.5", **again)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("packs")) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        made.world.say("yushu", "codes-activated", lot=GREEN_LOT, first=0, count=30, ground="checked")
        made.world.say("heitu", "codes-sold", lot=GREEN_LOT, first=0, count=2)
        made.world.say("heitu", "codes-recalled", lot=GREEN_LOT, first=5, count=1, level=3, cause="other")
        lapsed(made.world)
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
        ((35, GREEN_LOT), "启用已失效"),
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


def inspected(index: int, verdict: str = "conformant", **told: Any) -> dict[str, Any]:
    given = {"sample": "S", "purpose": "self-check", "verdict": verdict, "first": index, **told}
    return entry(index, "inspected", **given)


TESTED = (entry(0, "codes-issued", asleep=True), inspected(1))
RAPID = (TESTED[0], inspected(1, purpose="rapid"))
RETESTED = (*TESTED, inspected(3, "non-conformant", retest_of="of an objection that is not shown"))


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
        ([*TESTED, entry(2, "codes-activated", ground="tested")], 0, False, "active"),
        ([*RAPID, entry(2, "codes-activated", ground="tested")], 0, False, "lapsed"),
        ([*RAPID, entry(2, "codes-activated", ground="checked")], 0, False, "active"),
        ([*RAPID, entry(2, "codes-activated", ground="witnessed")], 0, False, "active"),
        (
            [*TESTED, entry(2, "codes-activated", ground="tested"), inspected(3, "non-conformant")],
            0,
            False,
            "lapsed",
        ),
        ([*RETESTED, entry(2, "codes-activated", ground="tested")], 0, False, "lapsed"),
        ([TESTED[0], entry(1, "codes-activated", ground="tested"), inspected(2)], 0, False, "lapsed"),
        ([entry(0, "codes-prepared", roll="/lot/a/b/c")], 9, False, "blank"),
        ([entry(0, "codes-prepared", roll="/lot/a/b/c")], 10, False, "not-issued"),
    ],
)
def test_the_states_are_those_of_the_server(
    modules: Page, entries: list[Any], index: int, state: str, *, is_recalled: bool
) -> None:
    assert modules.evaluate(STATES, [entries, "/lot/a/b/c", index, is_recalled]) == state
