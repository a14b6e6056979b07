"""Certificates that a lot is sold under, as its page tells them: never those of its maker or origin."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import PADDY_LOT, RICE_LOT
from web import lot_schemes

GRANT = {
    "scheme": "organic",
    "number": "YJ-虚构-1",
    "grantee": "heitu",
    "since": "2026-01-01",
    "until": "2026-12-31",
    "goods": ["paddy"],
    "tonnage_kg": "9000",
}
USED = "2026-10-05T08:00:00+08:00"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        made.world.harvest()
        yield made


def granted(rooms: Rooms, **told: Any) -> str:
    """Grant heitu a certificate for paddy; return its digest."""
    rooms.world.at("2026-10-04T08:00:00+08:00")
    return rooms.world.say("sheng", "scheme-certified", **{**GRANT, **told}).digest


def used(rooms: Rooms, certificate: str) -> str:
    """Sell a part of the paddy under the certificate; return the use's digest."""
    rooms.world.at(USED)
    told = {"certificate": certificate, "lot": PADDY_LOT, "amount": {"kg": "2000"}}
    return rooms.world.say("heitu", "scheme-used", **told).digest


def badges(rooms: Rooms, lot: str = PADDY_LOT, on: str = "2026-10-20") -> list[tuple[str, str, str]]:
    """Return the certificates of *lot*: what the page may say of each, how it stood then and stands."""
    with rooms.world.services.reading() as reader:
        return [
            (each.cover, each.then, each.now) for each in lot_schemes.of(reader, lot, date.fromisoformat(on))
        ]


def shown(rooms: Rooms, lot: str = PADDY_LOT) -> str:
    """Return the words of the section on certificates, "" where the page has none."""
    page = words_of(rooms.app.test_client().get(lot, query_string={"lang": "zh"}))
    start = page.find(" 认证 有机产品")
    return page[start : page.find("浏览器不核对。", start)] if start >= 0 else ""


def test_the_page_of_a_lot_tells_whose_word_its_certificate_is(rooms: Rooms) -> None:
    used(rooms, granted(rooms))

    told = shown(rooms)

    assert "有机产品 有效 发证单位 吉林省虚构农业农村厅 · 证书编号 YJ-虚构-1" in told
    assert "这一批中 2,000 公斤用了这个认证" in told
    assert "够不够得上这个认证，是发证单位的话" in told


def test_a_certificate_that_nobody_used_on_the_lot_marks_nothing(rooms: Rooms) -> None:
    granted(rooms)

    assert (badges(rooms), shown(rooms)) == ([], "")


def test_what_is_made_of_certified_goods_does_not_inherit_the_certificate(rooms: Rooms) -> None:
    used(rooms, granted(rooms))
    rooms.world.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
    rooms.world.mill()

    assert (badges(rooms, RICE_LOT), shown(rooms, RICE_LOT)) == ([], "")


@pytest.mark.parametrize(("on", "expected"), [("2026-12-31", "covers"), ("2027-01-01", "covered")])
def test_a_certificate_that_ended_since_says_so(rooms: Rooms, on: str, expected: str) -> None:
    used(rooms, granted(rooms))

    assert badges(rooms, on=on) == [(expected, "live", "live" if expected == "covers" else "expired")]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-05", ("void", "withdrawn", "withdrawn")),
        ("2026-10-06", ("covered", "live", "withdrawn")),
    ],
)
def test_one_withdrawn_from_the_day_of_the_use_does_not_count(
    rooms: Rooms, day: str, expected: tuple[str, str, str]
) -> None:
    certificate = granted(rooms)
    used(rooms, certificate)
    rooms.world.at("2026-10-10T08:00:00+08:00")
    at = f"{day}T06:00:00+08:00"
    rooms.world.say("sheng", "scheme-changed", at=at, certificate=certificate, new_state="withdrawn")

    found = badges(rooms)

    assert found == [expected]
    assert ("用标当天撤销，不算数" in shown(rooms)) == (expected[0] == "void")


def test_a_use_that_is_void_is_not_shown(rooms: Rooms) -> None:
    use = used(rooms, granted(rooms))
    rooms.world.say("heitu", "corrected", target=use, reason="did-not-occur", note="手误")

    assert badges(rooms) == []


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2026-10-05", ("covered", "live", "expired")), ("2026-10-04", ("void", "expired", "expired"))],
)
def test_a_grant_that_was_set_right_counts_as_it_says_now(
    rooms: Rooms, until: str, expected: tuple[str, str, str]
) -> None:
    certificate = granted(rooms)
    used(rooms, certificate)
    replacement = {"kind": "scheme-certified", "at": "2026-10-04T08:00:00+08:00", **GRANT, "until": until}
    rooms.world.say("sheng", "corrected", target=certificate, reason="incorrect", replacement=replacement)

    assert badges(rooms) == [expected]


def test_a_grant_that_was_taken_back_never_stood(rooms: Rooms) -> None:
    certificate = granted(rooms)
    used(rooms, certificate)
    rooms.world.say("sheng", "corrected", target=certificate, reason="did-not-occur", note="虚构误发")

    assert badges(rooms) == [("void", "withdrawn", "withdrawn")]
