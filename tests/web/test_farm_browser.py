"""A grower with a phone, 360 px wide: sprays, harvests too early, waits, and prints the label."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.grower import FUNGUS, PADDY, Room, room
from tests.webapp import PASSWORD
from tests.world import PLOT

pytestmark = pytest.mark.browser

PAGES = (
    "/farm/",
    "/farm/people",
    "/farm/entries",
    "/farm/sheet",
    f"/farm/lot?lot={PADDY}",
    f"/farm/lot?lot={FUNGUS}",
    f"/farm/plots/{PLOT}",
    "/farm/record/member-registered",
    "/farm/record/plot-registered",
    "/farm/record/product-registered",
    "/farm/record/treated",
    "/farm/record/input-bought",
    "/farm/record/input-applied",
    "/farm/record/harvested",
    "/farm/record/harvested?product=paddy",
    f"/farm/record/codes-issued?lot={PADDY}",
    f"/farm/record/codes-voided?lot={PADDY}",
    f"/farm/record/certificate-issued?lot={FUNGUS}",
)


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[tuple[Room, str]]:
    with room(tmp_path) as opened:
        server = make_server("127.0.0.1", 0, opened.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield opened, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 360, "height": 740}, java_script_enabled=True
    )
    yield context.new_page()
    context.close()


def enter(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", "hei")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{address}/farm/")


def spray(page: Page, *, days: str) -> None:
    page.get_by_label("地块").select_option(PLOT)
    page.get_by_label("农药名称").fill("虚构牌噻嗪酮")
    page.get_by_label("有效成分").fill("噻嗪酮")
    page.get_by_label("标签上的安全间隔期").fill(days)
    page.get_by_role("button", name="签名并登记施药").click()


def print_labels(page: Page, *, count: str) -> list[str]:
    """Issue codes on the page of a fresh harvest, and return what the printed ones say."""
    page.get_by_role("link", name="发码、印标签").click()
    page.get_by_label("发多少个码").fill(count)
    page.get_by_role("button", name="签名并发码").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="标签 PDF").click()
    return codes_in(Path(started.value.path()).read_bytes())


def test_from_a_spray_to_a_label(farm: tuple[Room, str], phone: Page) -> None:
    opened, address = farm
    enter(phone, address)
    phone.get_by_role("link", name="施药").first.click()
    spray(phone, days="7")
    assert "已签名并写入账本" in phone.locator("main").inner_text()

    opened.told.at("2026-09-28T10:00:00+08:00")
    phone.goto(f"{address}/farm/record/harvested?product=paddy&plot={PLOT}")
    lot, amount = phone.get_by_label("批号"), phone.get_by_label("采收数量", exact=True)
    number = lot.input_value()
    amount.fill("2000")
    phone.locator("[name=unit]").select_option("jin")
    phone.get_by_role("button", name="签名并登记采收").click()
    alert = phone.locator("[role=alert]").inner_text()
    assert ("虚构牌噻嗪酮" in alert, "最早 2026-09-29 才能采收" in alert) == (True, True)
    assert (lot.input_value(), amount.input_value()) == (number, "2000")

    opened.told.at("2026-09-29T10:00:00+08:00")
    phone.get_by_label("采收时间").fill("2026-09-29T09:00")
    phone.get_by_role("button", name="签名并登记采收").click()
    assert "1,000 公斤" in phone.locator("main").inner_text()

    found = print_labels(phone, count="10")
    packs = {each.rpartition("/")[0] for each in found}
    assert (len(found), packs) == (10, {f"http://127.0.0.1:8000/lot/heitu/paddy/{number}"})
    phone.goto(address + found[0].removeprefix("http://127.0.0.1:8000"))
    assert number in phone.locator("main").inner_text()


def codes_in(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return [each.text for each in zxingcpp.read_barcodes(document[0].render(scale=4).to_pil())]
    finally:
        document.close()


def test_no_page_is_wider_than_the_phone_and_axe_finds_nothing_serious(
    farm: tuple[Room, str], phone: Page
) -> None:
    _, address = farm
    enter(phone, address)
    wrong = {}

    for path in PAGES:
        phone.goto(address + path)
        wider = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = [
            each["id"]
            for each in Axe().run(phone).response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        if wider > 0 or found:
            wrong[path] = (wider, found)

    assert wrong == {}


def test_a_spray_is_recorded_without_javascript(farm: tuple[Room, str], browser: Browser) -> None:
    opened, address = farm
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, address)
    before = opened.size()

    page.goto(f"{address}/farm/record/treated?plot={PLOT}")
    page.get_by_label("农药名称").fill("虚构牌吡虫啉")
    page.get_by_label("有效成分").fill("吡虫啉")
    page.get_by_role("button", name="签名并登记施药").click()

    assert "已签名并写入账本" in page.locator("main").inner_text()
    assert opened.size() == before + 1
    context.close()
