"""Who said it, and what is kept back: the shopper's browser on keys, roles, recalls and sealed values."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import Pages
from tests.shopper import ALL, marks, retailed, said, visit, with_last
from tests.small_log import LOT, PADDY, Chapter, Season, SmallLog, digest_of, fact, text64
from traceability.disclosure import SealedValue

pytestmark = pytest.mark.browser


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


def rotated(season: Season) -> None:
    """The old key vouches for the new one of the same party and role."""
    fresh = season.log.grant("mill", "processor", "platform", by=season.mill, replaces=season.mill)
    retailed(season, "mill", fresh)


def rotated_to_another_role(season: Season) -> None:
    fresh = season.log.grant("mill", "retailer", "platform", by=season.mill, replaces=season.mill)
    retailed(season, "mill", fresh)


def registrar_itself(season: Season) -> None:
    """A registrar registers its own key with one signature."""
    key = season.log.grant_registrar("operator", "retailer")
    retailed(season, "operator", key)


def never_granted(season: Season) -> None:
    retailed(season, "late", SmallLog().grant("late", "retailer"))


def not_yet(season: Season) -> None:
    """The key that signed is granted by a later entry; a fresh log adds its opening to what it is given."""
    last = len(season.log.entries)
    ahead = SmallLog(entries=list(season.log.entries))
    retailed(season, "late", ahead.grant("late", "retailer"))
    season.log.grant("late", "retailer")
    assert last + 2 == len(season.log.entries)


@pytest.mark.parametrize(
    ("bend", "mark", "sentence"),
    [
        (allowed, "◐", "signed by the platform for mill"),
        (rotated, "◐", "signed by the platform for mill"),
        (rotated_to_another_role, "✗", "never registered"),
        (registrar_itself, "◐", "signed by operator"),
        (may_not_state, "✗", "role (carrier) may not state this (harvested)"),
        (may_not_replace, "✗", "role (carrier) may not state this (inspected)"),
        (revoked, "✗", "was revoked at entry"),
        (other_log, "✗", "another log (other.test/2026)"),
        (other_party, "✗", "belongs to mill, not to yushu"),
        (no_registrar, "✗", "never registered"),
        (never_granted, "✗", "never registered"),
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


def test_a_key_counts_only_after_its_entry(page: Page, pages: Pages) -> None:
    season = Season.grown()
    not_yet(season)
    shown = season.page()
    signed = len(season.log.entries) - 2
    shown.chapters.append(Chapter("last", [signed], LOT))
    shown.shown = [index for index in range(signed + 2) if index != season.other.index]

    assert visit(page, pages, shown)["last"] == "✗"
    assert f"registered only at entry {signed + 1}" in said(page, "#last .mark-why")


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
