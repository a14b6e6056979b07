"""What the shopper's browser makes of a page: ✓, ◐, and a ✗ for each way in which it can lie."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.note import Ed25519Signer
from tests.browser import Pages
from tests.small_log import (
    LOT,
    OTHER_LOT,
    PADDY,
    Chapter,
    LotPage,
    Season,
    SmallLog,
    digest_of,
    fact,
    seed,
    text64,
)
from traceability.disclosure import SealedValue

pytestmark = pytest.mark.browser

PATH = LOT
ALL = ("field", "harvest", "mill", "codes", "shop")


def visit(page: Page, pages: Pages, shown: LotPage, *, path: str = PATH, base: str | None = None) -> dict[str, str]:
    """Open the page and return the state of each mark, and "page" for the whole."""
    pages.write(path, shown.html())
    page.goto((base or pages.address) + path)
    page.wait_for_selector("html[data-verified]", state="attached")
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([["page", document.documentElement.dataset.verified],
           ...Array.from(document.querySelectorAll(".chapter"),
             (one) => [one.id, one.querySelector(".mark").textContent])])"""
    )
    return found


def said(page: Page, where: str) -> str:
    return page.locator(where).inner_text()


def marks(whole: str, mark: str, **others: str) -> dict[str, str]:
    return {"page": whole, **dict.fromkeys(ALL, mark), **others}


def test_the_first_visit_is_consistent_and_the_second_is_proven(page: Page, pages: Pages) -> None:
    shown = Season.grown().page()

    first = visit(page, pages, shown)
    told = said(page, "#verdict-record")
    second = visit(page, pages, shown)

    assert first == marks("consistent", "◐")
    assert "first visit" in told
    assert second == marks("proven", "✓")


def test_the_page_tells_custody_age_witnesses_and_what_it_cannot_know(page: Page, pages: Pages) -> None:
    season = Season.grown()
    visit(page, pages, season.page())

    assert "signed by yushu with its own key" in said(page, "#harvest .mark-why")
    assert "signed by the platform for mill" in said(page, "#mill .mark-why")
    knows = said(page, "#verify-knows")
    assert f"complete up to entry {season.shipped.index}; newer records could still be withheld" in knows
    assert "No independent witness" in knows
    assert "2026-09-21 16:00" in knows
    assert page.locator("#mill .mark").get_attribute("aria-label", timeout=1000)


def test_the_page_is_told_in_chinese(page: Page, pages: Pages) -> None:
    season = Season.grown()
    shown = season.page()
    shown.lang = "zh"
    for chapter in shown.chapters:
        chapter.body = chapter.body.replace(" kg<", " 公斤<")

    found = visit(page, pages, shown)

    assert found == marks("consistent", "◐")
    assert "平台代签" in said(page, "#mill .mark-why")
    assert "没有独立见证人" in said(page, "#verify-knows")


Bend = Callable[[Season, LotPage], None]


def flip_entry(season: Season, shown: LotPage) -> None:
    sent = [season.log.sent(index) for index in shown.shown]
    raw = bytearray(season.milled.bytes())
    at = raw.index(b"2009.5")
    raw[at] = ord("3")
    next(one for one in sent if one["index"] == season.milled.index)["bytes"] = text64(bytes(raw))
    shown.bent["entries"] = sent


def flip_path(season: Season, shown: LotPage) -> None:
    sent = [season.log.sent(index) for index in shown.shown]
    next(one for one in sent if one["index"] == season.milled.index)["path"][0] = text64(bytes(32))
    shown.bent["entries"] = sent


def say_another_mass(season: Season, shown: LotPage) -> None:
    shown.chapters[2].body = shown.chapters[2].body.replace("2,009.5", "2,109.5")


def say_another_name(season: Season, shown: LotPage) -> None:
    shown.chapters[0].body = shown.chapters[0].body.replace(">榆树合作社", ">五常合作社")


def swap_entry(season: Season, shown: LotPage) -> None:
    """A valid proof of another lot's harvest, with the same mass, stands for this lot's."""
    chapter = shown.chapters[1]
    chapter.entries = [season.other.index]
    chapter.body = fact(season.other, "/statement/event/amount/kg", "mass", "3,090 kg")
    shown.shown = range(len(season.log.entries))


def borrow_fact(season: Season, shown: LotPage) -> None:
    """The fact alone comes from another lot's entry."""
    shown.chapters[1].body = fact(season.other, "/statement/event/amount/kg", "mass", "3,090 kg")
    shown.shown = range(len(season.log.entries))


def leave_out_the_middle(season: Season, shown: LotPage) -> None:
    """The entry before the shipment is gone from page and proofs."""
    gone = season.shipped.index - 1
    shown.shown = [index for index in shown.shown if index != gone]
    shown.chapters = [chapter for chapter in shown.chapters if chapter.entries != [gone]]


def leave_out_the_spray(season: Season, shown: LotPage) -> None:
    gone = season.sprayed.index
    shown.shown = [index for index in shown.shown if index != gone]
    shown.chapters = shown.chapters[1:]
    shown.subjects = [LOT]


def wrong_address(season: Season, shown: LotPage) -> None:
    shown.bent["lot"] = OTHER_LOT


def unsigned_checkpoint(season: Season, shown: LotPage) -> None:
    shown.bent["checkpoint"] = season.log.checkpoint(Ed25519Signer(season.log.origin, seed("thief")))


def bent_checkpoint(season: Season, shown: LotPage) -> None:
    shown.bent["checkpoint"] = season.log.checkpoint().replace("\u2014 log.test/2026 ", "\u2014 log.test/2026 A", 1)


def no_entries_at_all(season: Season, shown: LotPage) -> None:
    shown.bent["entries"] = []


def nonsense(season: Season, shown: LotPage) -> None:
    shown.bent["entries"] = "all is well"


def chapter_without_proof(season: Season, shown: LotPage) -> None:
    shown.bent["chapters"] = [
        {"id": one.id, "entries": one.entries, "subject": one.subject} for one in shown.chapters[:-1]
    ]


@pytest.mark.parametrize(
    ("bend", "broken", "sentence"),
    [
        (flip_entry, {"mill"}, "not under the log's checkpoint"),
        (flip_path, {"mill"}, "not under the log's checkpoint"),
        (say_another_mass, {"mill"}, "The page says “2,109.5 kg”, the record says “2,009.5 kg”"),
        (say_another_name, {"field"}, "The page says “五常合作社”, the record says “榆树合作社”"),
        (swap_entry, {"harvest"}, "not about the subject of this chapter"),
        (borrow_fact, {"harvest"}, "a record about something else"),
        (leave_out_the_middle, {"shop"}, "is missing"),
        (leave_out_the_spray, {"harvest"}, "is missing"),
        (chapter_without_proof, {"shop"}, "not those of its proofs"),
        (unsigned_checkpoint, set(ALL), "no valid signature of the log"),
        (bent_checkpoint, set(ALL), "cannot be checked"),
        (no_entries_at_all, set(ALL), "first entry of the log is missing"),
        (nonsense, set(ALL), "cannot be checked"),
    ],
)
def test_a_page_that_lies_is_broken_where_it_lies(
    page: Page, pages: Pages, bend: Bend, broken: set[str], sentence: str
) -> None:
    season = Season.grown()
    shown = season.page()
    bend(season, shown)

    found = visit(page, pages, shown)

    expected = {one.id for one in shown.chapters} & broken
    assert found.pop("page") == "broken"
    assert {name for name, mark in found.items() if mark == "✗"} >= expected
    assert {name for name, mark in found.items() if mark != "✗"} == set(found) - affected(bend, expected)
    assert any(sentence in said(page, f"#{name} .mark-why") for name in expected)


def affected(bend: Bend, expected: set[str]) -> set[str]:
    """A record that does not hold leaves a gap after it, too."""
    return expected | {flip_entry: {"codes"}, flip_path: {"codes"}}.get(bend, set())


def test_the_proofs_of_another_lot_are_no_proofs_of_this_address(page: Page, pages: Pages) -> None:
    season = Season.grown()
    season.log.state("yushu", season.farm, {"kind": "retailed", "lot": OTHER_LOT}, [OTHER_LOT])
    shown = season.page()
    wrong_address(season, shown)

    found = visit(page, pages, shown)

    assert found["page"] == "broken"
    assert "another lot" in said(page, "#verdict-record")


def test_an_entry_about_the_lot_that_no_chapter_shows_is_left_out(page: Page, pages: Pages) -> None:
    season = Season.grown()
    shown = season.page()
    shown.chapters = [chapter for chapter in shown.chapters if chapter.id != "codes"]

    found = visit(page, pages, shown)

    assert found["page"] == "broken"
    assert f"Entry {season.shipped.index - 1} concerns this lot" in said(page, "#verdict-record")


# ---- the authors ----


def with_last(season: Season, **more: Any) -> LotPage:
    """Return the page with the newest entry of the log as one more chapter."""
    shown = season.page()
    last = season.log.entries[-1].index
    shown.chapters.append(Chapter("last", [last], more.get("subject", LOT)))
    shown.shown = [index for index in range(last + 1) if index != season.other.index]
    return shown


def retailed(season: Season, by: str, key: Any, **more: Any) -> None:
    event = {"kind": more.pop("kind", "retailed"), "lot": LOT, "amount": {"kg": "1"}}
    season.log.state(by, key, event, [LOT], **more)


def allowed(season: Season) -> None:
    retailed(season, "mill", season.mill)


def may_not_state(season: Season) -> None:
    """A carrier harvests."""
    carrier = season.log.grant("lorry", "carrier")
    retailed(season, "lorry", carrier, kind="harvested")


def may_not_replace(season: Season) -> None:
    carrier = season.log.grant("lorry", "carrier")
    replacement = {"kind": "inspected", "lot": LOT}
    event = {"kind": "corrected", "target": "0" * 64, "reason": "incorrect", "replacement": replacement}
    season.log.state("lorry", carrier, event, [LOT])


def revoked(season: Season) -> None:
    season.log.revoke(season.mill, "mill")
    retailed(season, "mill", season.mill)


def other_log(season: Season) -> None:
    retailed(season, "mill", season.mill, log="other.test/2026")


def other_party(season: Season) -> None:
    retailed(season, "yushu", season.mill)


def no_registrar(season: Season) -> None:
    thief = season.log.grant("thief", "retailer", by=season.farm)
    retailed(season, "thief", thief)


def not_yet(season: Season) -> None:
    """The statement stands before the entry of its key."""
    other = SmallLog(entries=list(season.log.entries), newest=dict(season.log.newest))
    other.entries.append(other.entries[-1])
    del other.entries[0]
    stray = season.log.entries[-1]
    key = SmallLog().grant("late", "retailer")
    retailed(season, "late", key)
    assert stray.index < season.log.entries[-1].index


@pytest.mark.parametrize(
    ("bend", "mark", "sentence"),
    [
        (allowed, "◐", "signed by the platform for mill"),
        (may_not_state, "✗", "role (carrier) may not state this (harvested)"),
        (may_not_replace, "✗", "role (carrier) may not state this (inspected)"),
        (revoked, "✗", "was revoked at entry"),
        (other_log, "✗", "another log (other.test/2026)"),
        (other_party, "✗", "belongs to mill, not to yushu"),
        (no_registrar, "✗", "never registered"),
        (not_yet, "✗", "never registered"),
    ],
)
def test_only_whoever_may_say_it_has_said_it(
    page: Page, pages: Pages, bend: Callable[[Season], None], mark: str, sentence: str
) -> None:
    season = Season.grown()
    bend(season)

    found = visit(page, pages, with_last(season))

    assert found["last"] == mark
    assert sentence in said(page, "#last .mark-why")
    assert {name: found[name] for name in ALL} == dict.fromkeys(ALL, "◐")


def test_a_withheld_revocation_is_noticed(page: Page, pages: Pages) -> None:
    season = Season.grown()
    revoked(season)
    shown = with_last(season)
    shown.shown = [index for index in shown.shown if index != len(season.log.entries) - 2]

    found = visit(page, pages, shown)

    assert found["last"] == "✗"
    assert "is missing" in said(page, "#last .mark-why")


def test_what_was_signed_before_the_revocation_stands(page: Page, pages: Pages) -> None:
    season = Season.grown()
    season.log.revoke(season.mill, "mill")
    retailed(season, "yushu", season.farm)

    found = visit(page, pages, with_last(season))

    assert found == marks("consistent", "◐", last="◐")


# ---- recalls ----


@pytest.mark.parametrize("lot", [LOT, PADDY])
@pytest.mark.parametrize(
    ("banner", "state"),
    [
        ("", "broken"),
        ('<div id="recall" hidden>Recalled</div>', "broken"),
        ('<div id="recall"></div>', "broken"),
        ('<div id="recall">Recalled</div>', "consistent"),
    ],
)
def test_a_recall_must_be_told(page: Page, pages: Pages, lot: str, banner: str, state: str) -> None:
    season = Season.grown()
    event = {"kind": "recalled", "lot": lot, "level": 1, "cause": "failed-test"}
    season.log.state("mill", season.mill, event, [lot])
    shown = with_last(season, subject=lot)
    shown.head = banner

    found = visit(page, pages, shown)

    assert found["page"] == state


def test_a_recall_that_its_author_took_back_need_not_be_told(page: Page, pages: Pages) -> None:
    season = Season.grown()
    recall = season.log.state("mill", season.mill, {"kind": "recalled", "lot": LOT, "level": 1}, [LOT])
    digest = digest_of(recall.record["statement"])
    event = {"kind": "corrected", "target": digest, "reason": "did-not-occur"}
    season.log.state("mill", season.mill, event, [LOT, f"urn:jizihao:statement:{digest}"])
    shown = with_last(season)
    shown.chapters.append(Chapter("recall-chapter", [recall.index], LOT))

    found = visit(page, pages, shown)

    assert found["page"] == "consistent"


# ---- sealed values ----


@pytest.mark.parametrize(("text", "mark"), [("长春市场", "◐"), ("沈阳市场", "✗")])
def test_a_sealed_value_must_be_the_one_that_was_sealed(
    page: Page, pages: Pages, text: str, mark: str
) -> None:
    season = Season.grown()
    identity = f"urn:uuid:00000000-0000-4000-8000-{len(season.log.entries):012x}"
    sealed = SealedValue(identity, "/to", bytes(range(32)), "长春市场")
    event = {"kind": "shipped", "parts": [{"lot": LOT}], "to": {"sealed": text64(sealed.digest)}}
    entry = season.log.state("mill", season.mill, event, [LOT])
    shown = with_last(season)
    shown.chapters[-1].body = fact(entry, "/statement/event/to", "sealed", text, salt=text64(sealed.salt))

    assert visit(page, pages, shown)["last"] == mark


@pytest.mark.parametrize(("at", "mark"), [("/statement/event/variety", "◐"), ("/statement/event/lot", "✗")])
def test_what_is_missing_must_be_missing_in_the_record(page: Page, pages: Pages, at: str, mark: str) -> None:
    season = Season.grown()
    shown = season.page()
    shown.chapters[1].body += fact(season.harvested, at, "absent", "not stated")

    assert visit(page, pages, shown)["harvest"] == mark


# ---- what the browser kept ----


def kept(page: Page, change: dict[str, Any]) -> None:
    page.evaluate(
        """(change) => { const name = "jizihao/pinned/log.test/2026";
           localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), ...change })); }""",
        change,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"vkeys": ["log.test/2026+00000000+AAAA"]}, "differ from those kept before"),
        ({"registrars": [text64(bytes(32))]}, "differ from those kept before"),
        ({"policyDigest": "00"}, "differ from those kept before"),
        ({"size": 99}, "you saw 99 before"),
        ({"root": text64(bytes(32))}, "rewritten or forked"),
    ],
)
def test_what_differs_from_the_earlier_visit_is_broken(
    page: Page, pages: Pages, change: dict[str, Any], sentence: str
) -> None:
    shown = Season.grown().page()
    visit(page, pages, shown)
    kept(page, change)

    found = visit(page, pages, shown)

    assert found == marks("broken", "✗")
    assert sentence in said(page, "#verdict-record")


def test_a_larger_log_is_compared_by_its_tiles(page: Page, pages: Pages) -> None:
    season = Season.grown()
    visit(page, pages, season.page())
    retailed(season, "mill", season.mill)
    raw = b"".join(entry.leaf for entry in season.log.entries)
    pages.write(f"/log/tile/0/000.p/{len(season.log.entries)}", raw, "application/octet-stream")

    found = visit(page, pages, with_last(season))

    assert found == marks("proven", "✓", last="✓")
    assert "agrees with what you saw" in said(page, "#verify-knows")


def test_a_rewritten_log_of_larger_size_is_found_by_its_tiles(page: Page, pages: Pages) -> None:
    season = Season.grown()
    visit(page, pages, season.page())
    kept(page, {"root": text64(bytes(32))})
    retailed(season, "mill", season.mill)
    raw = b"".join(entry.leaf for entry in season.log.entries)
    pages.write(f"/log/tile/0/000.p/{len(season.log.entries)}", raw, "application/octet-stream")

    found = visit(page, pages, with_last(season))

    assert found["page"] == "broken"
    assert "rewritten or forked" in said(page, "#verdict-record")


def test_a_broken_first_visit_keeps_nothing(page: Page, pages: Pages) -> None:
    season = Season.grown()
    shown = season.page()
    say_another_mass(season, shown)
    visit(page, pages, shown)

    assert page.evaluate("() => localStorage.length") == 0


def test_without_a_secure_context_nothing_is_ever_proven(browser: Any, pages: Pages) -> None:
    shown = Season.grown().page()
    page = browser.new_page()
    port = pages.address.rpartition(":")[2]
    page.route("http://shopper.test/**", lambda route: route.fulfill(response=route.fetch(
        url=route.request.url.replace("http://shopper.test", f"http://127.0.0.1:{port}"))))  # fmt: skip

    first = visit(page, pages, shown, base="http://shopper.test")
    second = visit(page, pages, shown, base="http://shopper.test")

    assert page.evaluate("() => window.isSecureContext") is False
    assert [first, second] == [marks("consistent", "◐")] * 2
    assert "HTTPS" in said(page, "#verdict-record")
    page.close()


def test_check_is_a_function_of_plain_values(page: Page, pages: Pages) -> None:
    season = Season.grown()
    pages.write("/blank", "<!doctype html><title>blank</title>")
    page.goto(f"{pages.address}/blank")
    bundle = season.page().bundle()

    found = page.evaluate(
        """async (bundle) => { const { check } = await import("/static/verify.js");
           const page = { chapters: bundle.chapters, facts: [], recallShown: false, address: null, secure: true };
           const verdict = await check(bundle, page, { available: true, pin: null }, "2026-09-22T00:00:00.000Z");
           return [verdict.mark, verdict.faults, verdict.remember.size]; }""",
        json.loads(json.dumps(bundle)),
    )

    assert found == ["consistent", [], len(season.log.entries)]
