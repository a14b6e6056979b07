"""A verifier that stands alone judges a server that it does not trust: a real Chromium, two real servers."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.note import Ed25519Signer
from ledger.policy import Group, Policy
from ledger.spelling import base64_bytes, base64_text
from qr.short import short_code
from tests import world
from tests.browser import FLAGS, chromium
from tests.meddling import entries_of, spoil
from tests.shopper import said, serving
from tests.world import PADDY_LOT, RICE_LOT, World
from web import create_app, verifier

pytestmark = pytest.mark.browser

WITNESSES = (Ed25519Cosigner("w1.test", b"1" * 32), MLDSA44Cosigner("w2.test", b"2" * 32))
NOW = int(time.time())


TOLD = (
    "榆树虚构大米",
    "榆树市 220182",
    "最近一次检测：合格",
    "R-1 · rice · 3,300 公斤",
    "平台代签：由平台代 mifang 签名",
    "另一方已确认：榆树虚构米坊",
    "品种\n未提供",
    "签署过它",
)
"""What the verifier must tell of the rice, from its entries alone."""


@dataclass
class Shop:
    """The log's server, and the verifier that somebody else hosts."""

    told: World
    server: str
    verifier: str

    def publish(self, *witnesses: Any) -> None:
        """Publish the log, cosigned by *witnesses*."""
        note = self.told.services.log.publish()
        size = self.told.services.log.size()
        lines = [each.cosign(note.text, NOW) for each in witnesses]
        self.told.services.log.add_cosignatures(size, lines)

    def check(self, page: Page, asked: str) -> str:
        """Open the verifier with *asked* and return the verdict."""
        page.goto("about:blank")
        page.goto(f"{self.verifier}/#{asked}")
        page.wait_for_selector("html[data-verified]", state="attached")
        return str(page.evaluate("document.documentElement.dataset.verified"))


def pinned(told: World, threshold: int = 2) -> Policy:
    """Return the policy that a stranger pins: the log's keys, and two witnesses."""
    keys = [key for key, _ in told.services.policy.logs]
    first, second = WITNESSES
    witnesses = {"w1": (first.key, None), "w2": (second.key, None)}
    groups = {"both": Group(threshold, ("w1", "w2"))}
    return Policy(tuple((key, None) for key in keys), witnesses, groups, "both")


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    with world.opened(folder) as told:
        told.whole_chain()
        app = create_app(told.services.settings, told.services)
        with serving(app) as server, serving(verifier.application(folder / "verifier")) as other:
            verifier.write(folder / "verifier", pinned(told), home=server)
            shop = Shop(told, server, other)
            shop.publish(*WITNESSES)
            yield shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Open a shop for everybody, which no test changes."""
    with opened(tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture
def own_shop(tmp_path: Path) -> Iterator[Shop]:
    """Open a shop that the test may change."""
    with opened(tmp_path) as found:
        yield found


@contextmanager
def trusting(shop: Shop, folder: Path, policy: Policy) -> Iterator[Shop]:
    """Let somebody else host a verifier of the same shop, with another policy."""
    verifier.write(folder, policy)
    with serving(verifier.application(folder)) as other:
        yield replace(shop, verifier=other)


def bending(page: Page, bend: Callable[[dict[str, Any]], None]) -> None:
    """Let somebody between server and verifier change every answer."""

    def meddle(route: Route) -> None:
        answer = route.fetch()
        bundle = answer.json()
        bend(bundle)
        route.fulfill(response=answer, body=json.dumps(bundle))

    page.route(re.compile(r"proofs=1"), meddle)


# What is whole.


def test_a_first_visit_is_proven_and_told_from_the_entries(page: Page, shop: Shop) -> None:
    assert shop.check(page, shop.server + RICE_LOT) == "proven"

    told = said(page, "#result")
    assert {each.inner_text() for each in page.locator(".mark").all() if each.is_visible()} == {"✓"}
    assert [words for words in TOLD if words not in told] == []
    newest = max(entries_of(shop.told, "inspected"))
    assert f"到第 {newest} 条为止没有缺漏；更新的记录（例如召回）服务器可以不给" in told


def test_every_lot_of_everything_that_can_happen_is_told(page: Page, tmp_path: Path) -> None:
    with world.opened(tmp_path) as told:
        world.everything(told)
        app = create_app(told.services.settings, told.services)
        with serving(app) as server, serving(verifier.application(tmp_path / "v")) as other:
            verifier.write(tmp_path / "v", pinned(told))
            shop = Shop(told, server, other)
            shop.publish(*WITNESSES)
            lots = (PADDY_LOT, "/lot/mifang/bran/B-1", "/01/09521234000013/10/P1", RICE_LOT)
            found = {lot: shop.check(page, server + lot) for lot in lots}

    assert found == dict.fromkeys(lots, "proven")
    recalled = said(page, ".recall")
    assert "这一批已被召回" in recalled
    assert "标签错误" in recalled
    assert "[object" not in said(page, "#result")
    assert "null" not in said(page, "#result")


def test_the_english_verifier_is_english(page: Page, shop: Shop) -> None:
    shop.check(page, shop.server + RICE_LOT)
    page.click("#language")

    text = page.evaluate(
        """() => { const copy = document.querySelector("body").cloneNode(true);
        copy.querySelectorAll(".chapter-who, dd, td span, .lot-name, noscript, #language, pre, .borne-out")
          .forEach((one) => one.remove());
        return copy.textContent; }"""
    )
    assert re.findall(r"[\u4e00-\u9fff]+", text) == []
    assert "✓ Proven" in said(page, "#verdict-record")
    page.reload()
    page.wait_for_selector("html[data-verified]", state="attached")
    assert "✓ Proven" in said(page, "#verdict-record")


def test_a_person_types_pastes_or_follows_a_link(page: Page, shop: Shop) -> None:
    serial_free = f"{shop.server}{RICE_LOT}/"
    asked = (short_code(RICE_LOT).lower(), RICE_LOT, serial_free, f"{shop.server}{RICE_LOT}?lang=en#c3")
    found = []
    for each in asked:
        page.goto(shop.verifier)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.fill("#address", each)
        page.click("button[type=submit]")
        page.wait_for_selector("html[data-verified]", state="attached")
        found.append(page.evaluate("document.documentElement.dataset.verified"))

    assert found == ["proven"] * len(asked)


def test_the_lots_page_leads_to_it(page: Page, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = shop.told.services.settings
    changed = replace(settings, verifier_url=shop.verifier, base_url=shop.server)
    services = replace(shop.told.services, settings=changed)
    with serving(create_app(changed, services)) as server:
        page.goto(server + RICE_LOT)
        page.click("text=用独立的核验页核对这一包")
        page.wait_for_selector("html[data-verified]", state="attached")

    assert page.evaluate("document.documentElement.dataset.verified") == "proven"
    assert page.url.startswith(shop.verifier)


# Who could lie.

CHANGED = 'UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), ?, ?) AS BLOB) WHERE "index" = ?'


def in_another_order(bundle: dict[str, Any]) -> None:
    bundle["entries"].reverse()


def another_lot(bundle: dict[str, Any]) -> None:
    bundle["lot"] = PADDY_LOT


def flipped_entry(bundle: dict[str, Any]) -> None:
    entry = bundle["entries"][-1]
    told = base64_bytes(entry["bytes"])
    entry["bytes"] = base64_text(told.replace(b"conformant", b"conformanT"))


def left_out_of_the_middle(bundle: dict[str, Any]) -> None:
    del bundle["entries"][-2]


def nothing_at_all(bundle: dict[str, Any]) -> None:
    bundle["entries"] = []


def only_the_registrations(bundle: dict[str, Any]) -> None:
    bundle["entries"] = [each for each in bundle["entries"] if each["index"] < 20]


def line_bent(bundle: dict[str, Any], of: str) -> None:
    head, _, rest = bundle["checkpoint"].partition(f"— {of} ")
    bundle["checkpoint"] = f"{head}— {of} {rest[:40]}{'B' if rest[40] == 'A' else 'A'}{rest[41:]}"


def log_line_bent(bundle: dict[str, Any]) -> None:
    line_bent(bundle, world.ORIGIN)


def witness_line_bent(bundle: dict[str, Any]) -> None:
    line_bent(bundle, "w2.test")


def lines_dropped(bundle: dict[str, Any], which: Callable[[str], bool]) -> None:
    text, _, lines = bundle["checkpoint"].partition("\n\n")
    kept = [line for line in lines.splitlines() if not which(line)]
    bundle["checkpoint"] = "\n".join([f"{text}\n", *kept, ""])


def log_lines_dropped(bundle: dict[str, Any]) -> None:
    lines_dropped(bundle, lambda line: world.ORIGIN in line)


def ed25519_dropped(bundle: dict[str, Any]) -> None:
    lines_dropped(bundle, lambda line: world.ORIGIN in line and len(line) < 200)


def mldsa_dropped(bundle: dict[str, Any]) -> None:
    lines_dropped(bundle, lambda line: world.ORIGIN in line and len(line) > 200)


def witness_dropped(bundle: dict[str, Any]) -> None:
    lines_dropped(bundle, lambda line: "w2.test" in line)


def its_own_policy(bundle: dict[str, Any]) -> None:
    """What the server says of whom to trust is not looked at."""
    bundle["policy"] = "quorum none\n"


def other_origin(bundle: dict[str, Any]) -> None:
    bundle["origin"] = "other.test/2026"


@pytest.mark.parametrize(
    ("bend", "mark", "sentence"),
    [
        (in_another_order, "proven", "榆树虚构大米"),
        (another_lot, "broken", "另一批次"),
        (flipped_entry, "broken", "不在日志检查点之下"),
        (left_out_of_the_middle, "broken", "缺少一条记录"),
        (nothing_at_all, "broken", "缺少日志的首条记录"),
        (only_the_registrations, "broken", "没有关于"),
        (log_line_bent, "broken", "签名是错的"),
        (witness_line_bent, "broken", "w2.test 的签名是错的"),
        (log_lines_dropped, "broken", "没有日志的有效签名"),
        (ed25519_dropped, "broken", "没有日志的有效签名"),
        (mldsa_dropped, "consistent", "还没有公布"),
        (witness_dropped, "consistent", "见证人不足"),
        (its_own_policy, "proven", "已核实"),
        (other_origin, "broken", "没有列出此日志的密钥"),
    ],
)
def test_no_answer_of_the_server_is_believed_but_for_its_signatures(
    page: Page, shop: Shop, bend: Callable[[dict[str, Any]], None], mark: str, sentence: str
) -> None:
    bending(page, bend)

    assert shop.check(page, shop.server + RICE_LOT) == mark
    assert sentence in said(page, "#result")


def test_a_byte_that_was_changed_in_the_database_is_found(page: Page, own_shop: Shop) -> None:
    index = entries_of(own_shop.told, "processed")[0]
    spoil(own_shop.told, CHANGED, "3300", "4300", index)

    assert own_shop.check(page, own_shop.server + RICE_LOT) == "broken"
    assert "不在日志检查点之下" in said(page, "#verdict")


def test_a_policy_of_another_key_believes_nothing(page: Page, shop: Shop, tmp_path: Path) -> None:
    key = Ed25519Signer(world.ORIGIN, b"9" * 32).key
    with trusting(shop, tmp_path, Policy(((key, None),), {}, {})) as other:
        assert other.check(page, shop.server + RICE_LOT) == "broken"

    assert "不是日志现用的密钥" in said(page, "#verdict")


def test_a_policy_without_witnesses_proves_nothing_on_a_first_visit(
    page: Page, shop: Shop, tmp_path: Path
) -> None:
    with trusting(shop, tmp_path, shop.told.services.policy) as other:
        assert other.check(page, shop.server + RICE_LOT) == "consistent"

    assert "没有要求见证人" in said(page, "#verdict")


def test_an_entry_of_this_moment_is_not_published_yet(page: Page, own_shop: Shop) -> None:
    own_shop.told.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=100, pack={"kg": "5"})

    assert own_shop.check(page, own_shop.server + RICE_LOT) == "consistent"
    assert "还没有公布" in said(page, "#verdict")


# What this browser saw before.


def test_the_log_may_grow_between_two_visits(page: Page, own_shop: Shop) -> None:
    own_shop.check(page, own_shop.server + RICE_LOT)
    own_shop.told.harvest("100", lot="/lot/heitu/paddy/26-B")
    own_shop.publish(*WITNESSES)

    assert own_shop.check(page, own_shop.server + RICE_LOT) == "proven"
    assert "前后一致" in said(page, "#result")


def without_consistency(bundle: dict[str, Any]) -> None:
    del bundle["consistency"]


def another_history(bundle: dict[str, Any]) -> None:
    bundle["consistency"] = bundle["consistency"][:-1]


@pytest.mark.parametrize(
    ("bend", "mark", "sentence"),
    [
        (without_consistency, "consistent", "没有给出前后一致的证明"),
        (another_history, "broken", "互相矛盾"),
    ],
)
def test_a_larger_log_must_show_that_it_only_grew(
    page: Page, own_shop: Shop, bend: Callable[[dict[str, Any]], None], mark: str, sentence: str
) -> None:
    own_shop.check(page, own_shop.server + RICE_LOT)
    own_shop.told.harvest("100", lot="/lot/heitu/paddy/26-B")
    own_shop.publish(*WITNESSES)
    bending(page, bend)

    assert own_shop.check(page, own_shop.server + RICE_LOT) == mark
    assert sentence in said(page, "#verdict")


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [({"size": 999, "root": "x"}, "日志被倒退"), ({"root": "A" * 43 + "="}, "互相矛盾")],
)
def test_an_answer_that_was_wound_back_is_found(
    page: Page, shop: Shop, seen: dict[str, Any], sentence: str
) -> None:
    shop.check(page, shop.server + RICE_LOT)
    page.evaluate(
        """([name, seen]) => localStorage.setItem(name,
           JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), ...seen }))""",
        [f"jizihao/seen/{world.ORIGIN}", seen],
    )

    assert shop.check(page, shop.server + RICE_LOT) == "broken"
    assert sentence in said(page, "#verdict")


# Where there is no answer.


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("{server}/lot/mifang/rice/none", "没有这一批"),
        ("{server}/log/policy", "不是批次的地址"),
        ("7QK-2M9-XTC", "不是批次的地址，也不是短码"),
        ("http://127.0.0.1:9/lot/a/b/c", "服务器没有应答"),
        ("{verifier}/lot/a/b/c", "不是账本的服务器"),
        ("javascript:alert(1)//lot/a/b/c", "不是批次的地址"),
    ],
)
def test_why_there_is_no_answer_is_said(page: Page, shop: Shop, asked: str, sentence: str) -> None:
    found = shop.check(page, asked.format(server=shop.server, verifier=shop.verifier))

    assert (found, sentence in said(page, "#result")) == ("unanswered", True), said(page, "#result")


def test_an_old_server_gives_a_page_where_proofs_are_wanted(page: Page, shop: Shop) -> None:
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/html"}
    page.route(re.compile("proofs=1"), lambda route: route.fulfill(body="<p>a page</p>", headers=headers))

    assert shop.check(page, shop.server + RICE_LOT) == "unanswered"
    assert "版本太旧" in said(page, "#result")


def test_a_policy_that_cannot_be_read_stops_everything(page: Page, shop: Shop, tmp_path: Path) -> None:
    with trusting(shop, tmp_path, pinned(shop.told)) as other:
        (tmp_path / "policy").write_text("all is well\n")
        assert other.check(page, shop.server + RICE_LOT) == "unanswered"

    assert "策略文件格式不对" in said(page, "#result")


# Phones.

DETECTOR = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{ rawValue: window.onPack }]; } };"""


def test_a_browser_that_reads_codes_scans_a_photo(page: Page, shop: Shop, tmp_path: Path) -> None:
    page.add_init_script(DETECTOR + f"window.onPack = {json.dumps(shop.server + RICE_LOT)};")
    picture = tmp_path / "photo.png"
    Image.new("RGB", (8, 8)).save(picture)
    page.goto(shop.verifier)
    page.wait_for_selector("html[data-ready]", state="attached")

    page.set_input_files("#photo", picture)

    page.wait_for_selector("html[data-verified]", state="attached")
    assert page.evaluate("document.documentElement.dataset.verified") == "proven"
    assert not page.is_visible("#no-scanner")


def test_a_browser_that_does_not_says_so(page: Page, shop: Shop) -> None:
    page.add_init_script("delete window.BarcodeDetector")
    page.goto(shop.verifier)
    page.wait_for_selector("html[data-ready]", state="attached")

    assert page.is_visible("#no-scanner")
    assert not page.is_visible("#photo")
    assert not page.is_visible("#scan")


def test_the_camera_reads_a_pack(browser: Browser, shop: Shop) -> None:
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    other = browser.browser_type.launch(executable_path=chromium(), args=flags)
    page = other.new_page(locale="zh-CN")
    page.add_init_script(DETECTOR + f"window.onPack = {json.dumps(shop.server + RICE_LOT)};")
    page.goto(shop.verifier)
    page.wait_for_selector("html[data-ready]", state="attached")

    page.click("#scan")

    page.wait_for_selector("html[data-verified]", state="attached")
    assert page.evaluate("document.documentElement.dataset.verified") == "proven"
    other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_runs_over_and_everybody_can_read_it(page: Page, shop: Shop, scheme: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=scheme)
    shop.check(page, shop.server + RICE_LOT)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    wide = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page)

    assert wide <= 360
    assert found.response["violations"] == [], found.generate_report()


def test_the_page_keeps_its_own_rules(page: Page, shop: Shop) -> None:
    """The security policy of the page lets everything that it needs through, and it throws nothing."""
    said_so: list[str] = []
    page.on("console", lambda message: said_so.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said_so.append(str(error)))

    shop.check(page, shop.server + RICE_LOT)

    assert said_so == []
