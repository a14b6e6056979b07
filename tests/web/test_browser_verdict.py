"""What the shopper's browser makes of a page: ✓, ◐, and a ✗ for each way in which it can lie."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.note import Ed25519Signer
from tests.browser import Pages
from tests.shopper import ALL, marks, retailed, said, visit, with_last
from tests.small_log import (
    LOT,
    OTHER_LOT,
    LotPage,
    Season,
    fact,
    seed,
    text64,
)

pytestmark = pytest.mark.browser


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


def swap_entry_by_its_party(season: Season, shown: LotPage) -> None:
    """Both harvests name the same party; that does not make the other one this lot's."""
    swap_entry(season, shown)
    shown.chapters[1].subject = "urn:jizihao:party:yushu"


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
    shown.bent["checkpoint"] = season.log.checkpoint().replace(
        "\u2014 log.test/2026 ", "\u2014 log.test/2026 A", 1
    )


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
        (swap_entry_by_its_party, {"harvest"}, "not about the subject of this chapter"),
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
    """Without the milling nothing leads back to the field, and a gap stands before the next record."""
    return expected | ({"field", "harvest", "codes"} if bend in (flip_entry, flip_path) else set())


def test_a_fact_beside_the_chapters_must_be_of_this_lot_too(page: Page, pages: Pages) -> None:
    season = Season.grown()
    shown = season.page()
    shown.shown = range(len(season.log.entries))
    amount = "/statement/event/amount/kg"
    shown.head = fact(season.harvested, amount, "mass", "3,090 kg")

    honest = visit(page, pages, shown)
    shown.head = fact(season.other, amount, "mass", "3,090 kg")
    lying = visit(page, pages, shown)

    assert [honest["page"], lying["page"]] == ["consistent", "broken"]
    assert "a record about something else" in said(page, "#verdict-record")


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


# ---- what the browser kept ----


def kept(page: Page, change: dict[str, Any]) -> None:
    page.evaluate(
        """(change) => { const name = "jizihao/pinned/log.test/2026";
           const pin = JSON.parse(localStorage.getItem(name));
           localStorage.setItem(name, JSON.stringify({ ...pin, ...change })); }""",
        change,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"vkeys": ["log.test/2026+00000000+AAAA"]}, "differ from those kept before"),
        ({"registrars": [text64(bytes(32))]}, "differ from those kept before"),
        ({"policy": "quorum none\nwitness w w+00000000+BAAA\n"}, "differ from those kept before"),
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


def test_a_larger_log_whose_tiles_are_withheld_proves_nothing(page: Page, pages: Pages) -> None:
    season = Season.grown()
    visit(page, pages, season.page())
    retailed(season, "mill", season.mill)
    page.route("**/log/tile/**", lambda route: route.abort())

    found = visit(page, pages, with_last(season))

    assert found == marks("consistent", "◐", last="◐")
    assert "gave no proof that it only grew" in said(page, "#verdict-record")


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
           const { chapters } = bundle;
           const page = { chapters, facts: [], recallShown: false, address: null, secure: true };
           const pins = { available: true, pin: null };
           const verdict = await check(bundle, page, pins, "2026-09-22T00:00:00.000Z");
           return [verdict.mark, verdict.faults, verdict.remember.size]; }""",
        json.loads(json.dumps(bundle)),
    )

    assert found == ["consistent", [], len(season.log.entries)]
