"""The mill in a browser, from the list of deliveries to the shopper's page, on a phone and under axe."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.rooms import Rooms, opened_rooms
from tests.web.test_mill import on_its_way
from tests.webapp import PASSWORD
from tests.world import PADDY_LOT, RICE_LOT

pytestmark = pytest.mark.browser


class _Silent(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Say nothing: pytest shows the test."""


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        yield made


@pytest.fixture
def address(rooms: Rooms) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, rooms.app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A miller's phone, 360 px wide, signed in."""
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": 360, "height": 760},
        java_script_enabled=request.param,
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=name]", "mifang")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    yield page
    context.close()


def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on the page."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']}" for each in found if each["impact"] in ("serious", "critical")]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_paddy_comes_in_and_goes_out_as_labelled_rice(phone: Page, rooms: Rooms) -> None:
    on_its_way(rooms)

    _receive(phone)
    _mill(phone)
    _label(phone)

    shop = phone.context.new_page()
    answer = shop.goto(RICE_LOT)
    assert answer is not None
    assert answer.status == 200
    expect(shop.locator("h1")).to_contain_text("榆树虚构大米")


def _receive(phone: Page) -> None:
    phone.goto("/mill/")
    phone.get_by_role("main").get_by_role("link", name="收货").first.click()
    phone.fill("[name='parts.0.amount']", "4990")
    phone.get_by_role("button", name="签名收货").click()
    expect(phone.get_by_role("status")).to_contain_text("已登记")


def _mill(phone: Page) -> None:
    phone.goto(f"/mill/process?lot={PADDY_LOT}")
    phone.fill("[name='inputs.0.amount']", "4000")
    phone.select_option("[name='outputs.0.product']", "rice")
    phone.fill("[name='outputs.0.amount']", "4100")
    phone.fill("[name='outputs.0.lot']", "R-1")
    phone.get_by_role("button", name="先核对").click()
    expect(phone.get_by_role("alert")).to_contain_text("数量不平")
    expect(phone.locator("#balance-bar")).to_contain_text("超出 100 公斤")
    phone.fill("[name='outputs.0.amount']", "2600")
    phone.get_by_text("再加一个产出").first.click()
    phone.select_option("[name='outputs.1.product']", "bran")
    phone.fill("[name='outputs.1.amount']", "400")
    phone.check("[name='outputs.1.by_product']")
    phone.get_by_role("button", name="先核对").click()
    expect(phone.locator("#checked")).to_contain_text("可以签名")
    expect(phone.locator("#balance-bar")).to_contain_text("3,000 公斤 / 4,000 公斤")
    phone.get_by_role("button", name="签名登记").click()
    expect(phone.get_by_role("status")).to_contain_text("已登记")


def _label(phone: Page) -> None:
    phone.goto(f"/mill/lot?lot={RICE_LOT}")
    phone.fill("[name=pack]", "5")
    phone.locator("[name=count]").first.fill("24")
    phone.get_by_role("button", name="签名发码").click()
    expect(phone.get_by_role("link", name="PDF 0–23")).to_be_visible()


def test_the_balance_follows_what_is_typed(browser: Browser, address: str, rooms: Rooms) -> None:
    on_its_way(rooms)
    context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 360, "height": 760})
    page = context.new_page()
    _sign_in(page, "mifang")
    _receive(page)
    page.goto(f"/mill/process?lot={PADDY_LOT}")
    page.fill("[name='inputs.0.amount']", "1234.5")
    page.select_option("[name='outputs.0.product']", "rice")

    page.fill("[name='outputs.0.amount']", "1300")

    expect(page.locator("[data-sum=left]")).to_have_text("-65.5 公斤")
    expect(page.locator("#balance-bar b")).to_have_text("1,300 公斤 / 1,234.5 公斤")
    expect(page.locator("#balance-bar progress")).to_have_class("over")
    context.close()


def _sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


ROOMS = {
    "mifang": (
        "/mill/",
        "/mill/receive",
        f"/mill/process?lot={RICE_LOT}",
        "/mill/ship",
        "/mill/shipments",
        "/mill/untraced",
        "/mill/products",
        "/mill/pack",
        "/mill/corrections",
        f"/mill/lot?lot={RICE_LOT}",
        f"/mill/recall?lot={RICE_LOT}",
    ),
    "jiance": ("/laboratory/", f"/laboratory/inspect?code={RICE_LOT}"),
    "chaoshi": ("/market/", "/market/receive", "/market/retail", "/market/ship"),
}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_has_a_serious_fault_or_is_wider_than_a_phone(
    browser: Browser, address: str, rooms: Rooms, colours: str
) -> None:
    rooms.world.whole_chain()
    rooms.world.hand_over(RICE_LOT, "1000", by="mifang", to="chaoshi")
    rooms.world.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=24, pack={"kg": "5"})
    faults: dict[str, list[str]] = {}

    for party, pages in ROOMS.items():
        context = browser.new_context(
            base_url=address,
            locale="zh-CN",
            viewport={"width": 360, "height": 760},
            color_scheme="dark" if colours == "dark" else "light",
        )
        page = context.new_page()
        _sign_in(page, party)
        for path in pages:
            page.goto(path)
            faults[path] = [*serious(page), *([] if fits(page) else ["wider than the phone"])]
        context.close()

    assert {path: found for path, found in faults.items() if found} == {}
