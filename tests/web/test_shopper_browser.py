"""A shopper scans a pack: a real Chromium, the real application, and whoever stands in between and lies."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import WSGIRequestHandler, make_server

from ledger.canonical import instant_text
from ledger.session import Session
from ledger.spelling import base64_text
from tests import world
from tests.browser import FLAGS, chromium
from tests.meddling import entries_of, spoil
from tests.world import PADDY_LOT, RICE_LOT, World
from traceability import indexing, judging, schema, story
from traceability.reading import Reader
from traceability.statement import stated
from web import access, create_app, demo
from web.clock import SeasonClock
from web.database import Services, init_instance, open_services
from web.settings import Settings

pytestmark = pytest.mark.browser

DOCS = Path(__file__).resolve().parents[2] / "docs"
MARKS = """() => Object.fromEntries(Array.from(document.querySelectorAll(".chapter"),
    (one) => [one.id, one.querySelector(".mark").textContent]))"""


class _Silent(WSGIRequestHandler):
    """Serves, and says nothing of it: pytest shows the test."""

    def log(self, *_arguments: Any) -> None:
        """Write nothing."""


@contextmanager
def served(services: Services, port: int = 0) -> Iterator[str]:
    """Serve the pages of *services* on loopback and give the address."""
    access.limiter.enabled = True
    app = create_app(services.settings, services)
    with app.app_context():
        access.limiter.reset()
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    """Make a world of one whole chain, which the test may spoil."""
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        opened.services.log.publish()
        yield opened


@pytest.fixture
def shop(told: World) -> Iterator[str]:
    """Serve that world."""
    with served(told.services) as address:
        yield address


def visit(page: Page, address: str) -> str:
    """Open a page and return its mark, once the browser has judged it."""
    page.goto(address)
    page.wait_for_selector("html[data-verified]", state="attached")
    return str(page.evaluate("document.documentElement.dataset.verified"))


def marks(page: Page) -> set[str]:
    return set(page.evaluate(MARKS).values())


def said(page: Page, selector: str) -> str:
    return page.locator(selector).inner_text()


def rewriting(page: Page, rewrite: Callable[[str], str]) -> None:
    """Let somebody between server and browser *rewrite* every page."""

    def meddle(route: Route) -> None:
        answer = route.fetch()
        told = answer.text()
        changed = rewrite(told)
        assert changed != told
        route.fulfill(response=answer, body=changed)

    page.route(re.compile(r"/lot/"), meddle)


def bundled(rewrite: Callable[[dict[str, Any]], None]) -> Callable[[str], str]:
    """Return what rewrites the proofs in a page."""

    def change(html: str) -> str:
        before, opening, rest = html.partition('id="bundle">')
        text, closing, after = rest.partition("</script>")
        bundle = json.loads(text)
        rewrite(bundle)
        return before + opening + json.dumps(bundle).replace("<", "\\u003c") + closing + after

    return change


# What is whole.


def test_the_first_visit_is_consistent_and_the_second_proven(page: Page, shop: str) -> None:
    first = (visit(page, shop + RICE_LOT), marks(page))
    second = (visit(page, shop + RICE_LOT), marks(page))

    assert [first, second] == [("consistent", {"◐"}), ("proven", {"✓"})]
    assert "0" not in said(page, "#verdict-record")


def test_a_page_without_room_for_all_says_so_and_proves_what_it_tells(
    page: Page, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "ROOM", 1)
    visit(page, shop + RICE_LOT)

    again = (visit(page, shop + RICE_LOT), marks(page))

    assert again == ("consistent", {"◐"})
    assert "1 批没有讲到" in said(page, "#beyond")
    assert "公钥与您以前访问时保存的相同" in said(page, "#verdict-record")
    assert "只核对了这一部分" in said(page, "#verdict-record")
    page.locator("#beyond summary").click()
    page.locator("#beyond a").click()
    assert page.url == shop + PADDY_LOT


def test_the_lot_itself_is_never_beyond_its_page(page: Page, shop: str) -> None:
    def hide(bundle: dict[str, Any]) -> None:
        bundle["beyond"] = [bundle["lot"]]
        newest = max(bundle["chapters"], key=lambda each: (each["subject"] == bundle["lot"], each["entries"]))
        bundle["entries"] = [each for each in bundle["entries"] if each["index"] not in newest["entries"]]

    rewriting(page, bundled(hide))

    assert visit(page, shop + RICE_LOT) == "broken"


def test_the_log_may_grow_between_two_visits(page: Page, told: World, shop: str) -> None:
    visit(page, shop + RICE_LOT)
    told.harvest("100", lot="/lot/heitu/paddy/26-B")
    told.services.log.publish()

    assert (visit(page, shop + RICE_LOT), marks(page)) == ("proven", {"✓"})


def test_every_lot_of_everything_that_can_happen_is_whole(page: Page, tmp_path: Path) -> None:
    with world.opened(tmp_path) as opened:
        world.everything(opened)
        with served(opened.services) as address:
            found = {lot: visit(page, address + lot) for lot in (RICE_LOT, PADDY_LOT, "/lot/mifang/bran/B-1")}
            foreign = visit(page, f"{address}/01/09521234000013/10/P1")

    assert found == {RICE_LOT: "consistent", PADDY_LOT: "proven", "/lot/mifang/bran/B-1": "proven"}
    assert foreign == "proven"


def test_what_the_browser_cannot_know_is_said(page: Page, shop: str, told: World) -> None:
    visit(page, shop + RICE_LOT)
    page.locator(".verdict summary").click()

    newest = max(entries_of(told, "inspected"))
    knows = said(page, "#verify-knows")
    assert f"到第 {newest} 条为止是完整的" in knows
    assert "没有独立见证人" in knows
    assert told.services.policy.digest().hex()[:16] in knows


def test_the_english_page_is_english(page: Page, shop: str) -> None:
    mark = visit(page, f"{shop}{RICE_LOT}?lang=en")

    assert mark == "consistent"
    assert said(page, "#verdict-1") == "Was the record changed?"
    assert "Your browser" in page.content() or "your browser recomputed" in said(page, "#verdict-record")
    own = page.evaluate(
        """() => { const copy = document.querySelector("main").cloneNode(true);
        copy.querySelectorAll(".fact, script, .borne-out a, .mark-why, small").forEach((one) => one.remove());
        return copy.textContent; }"""
    )
    assert re.findall(r"[\u4e00-\u9fff]+", own) == []


def test_without_javascript_the_page_is_whole_and_the_server_vouches(browser: Browser, shop: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()

    page.goto(shop + RICE_LOT)

    assert "服务器说" in said(page, "#verdict-record")
    assert "没有运行 JavaScript" in said(page, "noscript")
    assert {each.inner_text() for each in page.locator(".mark").all() if each.is_visible()} == {"○"}
    assert page.locator(".chapter:visible").count() >= 6
    assert "3,300 公斤" in said(page, ".timeline >> nth=0")
    context.close()


def test_over_plain_http_from_another_machine_nothing_is_more_than_consistent(
    browser: Browser, shop: str
) -> None:
    rules = "--host-resolver-rules=MAP shop.example 127.0.0.1"
    other = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, rules])
    page = other.new_page(locale="zh-CN")
    far = shop.replace("127.0.0.1", "shop.example") + RICE_LOT

    found = [visit(page, far), visit(page, far)]

    assert (page.evaluate("window.isSecureContext"), found) == (False, ["consistent", "consistent"])
    assert "HTTPS" in said(page, "#verdict-record")
    other.close()


# Who changes the searchable copy.


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE product SET name = '五常虚构大米' WHERE product = 'rice'",
        "UPDATE product SET commodity = 'brown-rice' WHERE product = 'rice'",
        "UPDATE lot SET at = '2026-11-03T00:00:00.000000Z' WHERE lot LIKE '%/R-1'",
        "UPDATE lot SET maker = 'heitu' WHERE lot LIKE '%/R-1'",
        "UPDATE lot SET product = 'bran' WHERE lot LIKE '%/R-1'",
        "UPDATE product SET product = iif(product = 'rice', 'bran', 'rice') WHERE party = 'mifang'",
    ],
)
def test_a_changed_copy_is_broken(page: Page, told: World, shop: str, sql: str) -> None:
    spoil(told, sql)

    assert visit(page, shop + RICE_LOT) == "broken"


@pytest.mark.parametrize("kind", ["treated", "harvested", "shipped", "received", "processed"])
def test_an_entry_left_out_of_the_middle_is_missed(page: Page, told: World, shop: str, kind: str) -> None:
    (index,) = entries_of(told, kind)
    spoil(told, "DELETE FROM subject WHERE entry = ?", index)

    assert visit(page, shop + RICE_LOT) == "broken"
    assert page.locator(f"#c{index}").count() == 0


# Who changes the log.


def test_one_byte_of_an_entry_is_seen_by_server_and_browser(page: Page, told: World, shop: str) -> None:
    (index,) = entries_of(told, "treated")
    spoil(
        told,
        'UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), ?, ?) AS BLOB) WHERE "index" = ?',
        '"interval_days":14',
        '"interval_days":15',
        index,
    )

    assert visit(page, shop + RICE_LOT) == "broken"
    assert page.locator(f"#c{index} .mark").inner_text() == "✗"
    assert "被人改过" in said(page, f"#c{index}")


def test_a_party_that_may_not_say_this_is_not_believed(page: Page, told: World, shop: str) -> None:
    index = forced(told, "mifang", "inspected")

    assert visit(page, shop + RICE_LOT) == "broken"
    assert page.locator(f"#c{index} .mark").inner_text() == "✗"
    assert "无权" in said(page, f"#c{index} .mark-why")


def forced(told: World, by: str, kind: str) -> int:
    """Append what the journal would refuse, signed with a valid key; the log itself is whole."""
    services = told.services
    result = {"analyte": "镉", "unit": "mg/kg", "value": "0.01", "passed": True}
    fields = {"lot": RICE_LOT, "sample": "S-2", "purpose": "self-check", "sampled_on": "2026-10-07"}
    event = schema.load(
        kind, {"at": instant_text(told.clock()), **fields, "results": [result], "verdict": "conformant"}
    )
    signed = stated(event, services.journal.platform_key(by), by=by, log=services.journal.origin)

    def work(session: Session) -> int:
        reader = Reader(session.connection)
        record = judging.record_of(
            reader,
            signed,
            source="partner",
            rule_set=services.shelf.get(judging.rules_in_force(session.connection) or ""),
            index=session.size,
            recorded_at=instant_text(session.at),
        )
        record["ruling"] |= {"flags": [], "source": "own"}
        (index,) = session.append([record])
        indexing.index_entry(reader, reader.entry(index))
        return index

    return services.writer.submit(work).result().value


def test_another_key_of_the_log_is_noticed_at_the_second_visit(page: Page, tmp_path: Path) -> None:
    with world.opened(tmp_path / "one") as first:
        first.whole_chain()
        with served(first.services) as address:
            before = visit(page, address + RICE_LOT)
    with world.opened(tmp_path / "two", has_own_keys=True) as second:
        second.whole_chain()
        with served(second.services, int(address.rsplit(":", 1)[1])) as again:
            after = visit(page, again + RICE_LOT)
            verdict = said(page, "#verdict-record")

    assert (before, after) == ("consistent", "broken")
    assert "与您以前访问时保存的不同" in verdict


# Who stands between server and browser.


@pytest.mark.parametrize(
    ("shown", "instead"),
    [
        ("榆树虚构大米", "五常虚构大米"),
        (">3,300 公斤<", ">3,900 公斤<"),
        (">0.05<", ">0.01<"),
        (">合格<", ">不合格<"),
        (">虚构牌吡虫啉<", ">没有用药<"),
        (">吡虫啉<", ">苦参碱<"),
        (">2026-09-21 08:00<", ">2026-09-22 08:00<"),
        ("榆树虚构米坊", "五常虚构米坊"),
    ],
)
def test_a_fact_changed_on_its_way_is_broken(page: Page, shop: str, shown: str, instead: str) -> None:
    rewriting(page, lambda html: html.replace(shown, instead))

    assert visit(page, shop + RICE_LOT) == "broken"


def test_a_chapter_taken_out_of_the_page_is_missed(page: Page, shop: str, told: World) -> None:
    (index,) = entries_of(told, "inspected")
    chapter = re.compile(rf'<section class="chapter" id="c{index}".*?</section>', re.DOTALL)
    rewriting(page, lambda html: chapter.sub("", html))

    assert visit(page, shop + RICE_LOT) == "broken"


def test_a_chapter_taken_out_of_page_and_proofs_is_missed(page: Page, shop: str, told: World) -> None:
    (index,) = entries_of(told, "processed")
    chapter = re.compile(rf'<section class="chapter" id="c{index}".*?</section>', re.DOTALL)

    def leave_out(bundle: dict[str, Any]) -> None:
        bundle["chapters"] = [each for each in bundle["chapters"] if each["id"] != f"c{index}"]
        bundle["entries"] = [each for each in bundle["entries"] if each["index"] != index]

    rewriting(page, lambda html: bundled(leave_out)(chapter.sub("", html)))

    assert visit(page, shop + RICE_LOT) == "broken"


def test_a_proof_of_another_lots_entry_does_not_serve(page: Page, told: World, shop: str) -> None:
    (own,) = entries_of(told, "harvested")
    other = told.harvest("200", lot="/lot/heitu/paddy/26-B").index
    told.services.log.publish()
    log = told.services.log
    checkpoint, _ = log.head()
    sent = {
        "index": other,
        "bytes": base64_text(log.entry(other)[0].bytes()),
        "path": [base64_text(step) for step in log.inclusion(other, checkpoint.size)],
    }

    def swap(bundle: dict[str, Any]) -> None:
        bundle["entries"] = [sent if each["index"] == own else each for each in bundle["entries"]]
        for chapter in bundle["chapters"]:
            if chapter["entries"] == [own]:
                chapter["entries"] = [other]

    rewriting(page, bundled(swap))

    assert visit(page, shop + RICE_LOT) == "broken"
    assert page.locator(f"#c{own} .mark").inner_text() == "✗"


def test_a_recall_that_is_taken_out_of_the_page_is_missed(page: Page, told: World, shop: str) -> None:
    told.say("yushu", "recalled", lot=PADDY_LOT, level=1, cause="failed-test")
    shown = visit(page, shop + RICE_LOT)
    banner = re.compile(r'<section id="recall".*?</section>', re.DOTALL)
    rewriting(page, lambda html: banner.sub("", html))

    hidden = visit(page, shop + RICE_LOT)

    assert (shown, hidden) == ("consistent", "broken")


def test_an_older_test_that_is_put_in_the_place_of_a_failed_one_is_missed(
    page: Page, told: World, shop: str
) -> None:
    passed = told.services.log.size() - 1
    told.clock.pass_time(days=1)
    failed = told.inspect(cadmium="0.9", passed=False).index
    shown = visit(page, shop + RICE_LOT)
    latest = f'data-entry="{failed}" data-at="/statement/event/verdict" data-form="word:verdict">不合格<'
    older = f'data-entry="{passed}" data-at="/statement/event/verdict" data-form="word:verdict">合格<'
    rewriting(page, lambda html: html.replace(latest, older, 1))

    hidden = visit(page, shop + RICE_LOT)

    assert (shown, hidden) == ("consistent", "broken")
    assert f"第 {failed} 条是最近一次检测" in said(page, "#verdict-record")


# How it looks.


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_on_a_small_phone(browser: Browser, tmp_path: Path, scheme: Any) -> None:
    with world.opened(tmp_path) as opened:
        world.everything(opened)
        with served(opened.services) as address:
            context = browser.new_context(
                viewport={"width": 360, "height": 740}, color_scheme=scheme, locale="zh-CN"
            )
            page = context.new_page()
            visit(page, address + RICE_LOT)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            width = page.evaluate("document.documentElement.scrollWidth")
            # Our own policy forbids foreign scripts on the page, so axe comes through the browser itself.
            found = Axe().run(page).response["violations"]
            context.close()

    grave = [(each["id"], len(each["nodes"])) for each in found if each["impact"] in {"serious", "critical"}]
    assert (width, grave) == (360, [])


@pytest.mark.skipif(not os.environ.get("JIZIHAO_SCREENSHOTS"), reason="JIZIHAO_SCREENSHOTS is not set")
def test_the_picture_of_the_readme_is_taken(browser: Browser, tmp_path: Path) -> None:
    settings = Settings.init(tmp_path / "instance", "demo.example/2026", world.BASE_URL, {})
    clock = SeasonClock(lambda: datetime(2026, 11, 22, 1, tzinfo=UTC))
    clock.set_to(demo.begins())
    init_instance(settings, operator_name="虚构运营方", now=clock)
    services = open_services(settings, now=clock)
    try:
        demo.load(services, lambda _done, _total: None)
        services.log.publish()
        with served(services) as address:
            context = browser.new_context(viewport={"width": 390, "height": 1240}, locale="zh-CN")
            page = context.new_page()
            path = demo.SHOWN.removeprefix("https://id.gs1.org")
            visit(page, address + path)
            mark = visit(page, address + path)
            page.screenshot(path=DOCS / "shopper.png")
            context.close()
    finally:
        services.close()

    assert mark == "proven"
    assert (DOCS / "shopper.png").stat().st_size > 10_000
