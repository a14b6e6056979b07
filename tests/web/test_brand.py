"""The room of marks, and what a lot's page says of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import brands
from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import RICE_LOT
from traceability import tables
from traceability.events.brands import LicenceGranted, LicenceSuspended, MarkApplied, MarkRegistered

STORY = "黑土地上长出来的米"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        brands.chain(made.world)
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """A marked lot of rice with a story: for tests that write nothing."""
    with opened_rooms(tmp_path_factory.mktemp("still")) as made:
        world = made.world
        brands.chain(world)
        brands.apply(world)
        basis = {"mark": "mifang-rice", "season": 2026, "commodity": "paddy", "division": "220182"}
        yields = {"area_ha": "0.6", "yield_kg_ha": "7500", "outturn_percent": "70"}
        world.say("mifang", "season-basis-set", **basis, **yields)
        honour = {"honour": "famous-product", "party": "mifang", "product": "rice", "year": 2015}
        world.say("sheng", "credential-recorded", credential="c-1", authority="虚构名推委", **honour)
        world.say("mifang", "story-told", published=True, title="米坊", text=STORY, product="rice")
        yield made


@pytest.mark.parametrize(
    ("address", "statuses"),
    [
        ("/brand/", [200, 200, 403, 403]),
        ("/brand/marks/mifang-rice", [200, 200, 403, 403]),
        ("/brand/marks/nobody", [404, 404, 403, 403]),
        ("/brand/marks/mifang-rice/2026.csv", [200, 200, 403, 403]),
        ("/brand/marks/jilin-rice/2026.csv", [403, 403, 403, 403]),
        ("/brand/marks/jilin-rice/grant", [403, 403, 403, 403]),
        ("/brand/marks/mifang-rice/grant", [200, 200, 403, 403]),
        ("/brand/licences/l-own/suspend", [200, 200, 403, 403]),
        ("/brand/licences/l-mifang/suspend", [403, 200, 403, 403]),
        ("/brand/licences/nobody/revoke", [404, 404, 403, 403]),
        ("/brand/apply", [200, 403, 403, 403]),
        ("/brand/rights/new", [403, 200, 403, 403]),
        ("/brand/bases/nobody/test", [403, 404, 404, 403]),
    ],
)
def test_each_page_is_for_those_whose_it_is(still: Rooms, address: str, statuses: list[int]) -> None:
    people = ("mifang", "yushu", "jiance", "chaoshi")

    answers = [still.person(party).get(address).status_code for party in people]

    assert answers == statuses


def test_the_room_asks_who_comes(still: Rooms) -> None:
    answer = still.app.test_client().get("/brand/")

    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True)


def test_the_tree_stands_in_its_order(still: Rooms) -> None:
    page = words_of(still.person("mifang").get("/brand/"))

    places = [page.index(f"虚构{name}") for name in ("jilin-rice", "yushu-rice", "mifang-rice")]
    assert places == sorted(places)


def test_the_owner_sees_what_was_issued_beside_what_grew(still: Rooms) -> None:
    answer = still.person("mifang").get("/brand/marks/mifang-rice")

    page = words_of(answer)
    assert ("已发放的多于土地能产出的" in page, "3.15 吨" in page, "3.3 吨" in page) == (True, True, True)
    assert '<svg role="img"' in answer.text


def test_who_does_not_answer_for_a_mark_sees_only_its_own_licence(still: Rooms) -> None:
    page = words_of(still.person("mifang").get("/brand/marks/yushu-rice"))

    assert ("l-mifang" in page, "年度账" in page) == (True, False)


def test_the_statistics_are_a_table(still: Rooms) -> None:
    answer = still.person("mifang").get("/brand/marks/mifang-rice/2026.csv")

    assert answer.text.splitlines()[1] == "mifang-rice,2026,220182,mifang,榆树虚构米坊,processor,10000,3300,0"


@pytest.mark.parametrize("sign", ["=", "-", "＝"])
def test_no_spreadsheet_takes_a_name_for_a_formula(rooms: Rooms, sign: str) -> None:
    world, name = rooms.world, f"{sign}虚构米坊"
    told = {"at": "2026-04-01T00:00:00Z", "party": "mifang", "role": "processor", "division": "220182"}
    with world.services.reading() as reader:
        known = tables.standing(tables.party, tables.party.c.party == "mifang")
        said = reader.statement(reader.connection.execute(known).one().entry)
    replacement = {"kind": "party-registered", **told, "name": name}
    world.say(said.by, "corrected", target=said.digest, reason="incorrect", replacement=replacement)

    answer = rooms.person("mifang").get("/brand/marks/mifang-rice/2026.csv")

    assert f",'{name}," in answer.text


@pytest.mark.parametrize(
    "address",
    ["mifang-rice?season=0001", "mifang-rice/0.csv", "mifang-rice/3000.csv", f"mifang-rice/{'9' * 30}.csv"],
)
def test_a_season_that_cannot_be_is_not_found(still: Rooms, address: str) -> None:
    answer = still.person("mifang").get(f"/brand/marks/{address}")

    assert answer.status_code == 404


def test_an_office_registers_a_mark(rooms: Rooms) -> None:
    told = {"mark": "new-rice", "tier": "endorsement", "name": "虚构新牌", "season_month": "9"}
    lists: dict[str, Any] = {"commodities": ["milled-rice", "paddy"], "divisions": "220182"}

    answer = rooms.person("yushu").send("/brand/marks/new", {**told, **lists, "owner": "yushu"})

    event = rooms.last()
    assert answer.status_code == 302
    assert isinstance(event, MarkRegistered)
    assert (event.mark, event.commodities, event.owner) == ("new-rice", ("milled-rice", "paddy"), "yushu")


def test_an_owner_grants_a_licence(rooms: Rooms) -> None:
    told = {
        "licence": "l-two",
        "party": "mifang",
        "quota_t": "1",
        "since": brands.SINCE,
        "until": "2027-01-01",
    }

    answer = rooms.person("yushu").send("/brand/marks/yushu-rice/grant", {**told, "under": "l-yushu"})

    event = rooms.last()
    assert answer.status_code == 302
    assert isinstance(event, LicenceGranted)
    assert (event.mark, event.under, event.until) == ("yushu-rice", "l-yushu", date(2027, 1, 1))


def test_a_mill_puts_its_mark_on_a_lot_and_loses_it(rooms: Rooms) -> None:
    told = {"lot": RICE_LOT, "licence": "l-own", "amount": "3300", "amount.unit": "kg"}

    answer = rooms.person("mifang").send("/brand/apply", told)

    assert (answer.status_code, type(rooms.last())) == (302, MarkApplied)
    again = rooms.person("mifang").send("/brand/apply", told)
    assert (again.status_code, "使用这个品牌。请减少数量" in words_of(again)) == (422, True)


def test_an_office_suspends_a_licence(rooms: Rooms) -> None:
    answer = rooms.person("yushu").send("/brand/licences/l-mifang/suspend", why="misuse", note="虚构情况")

    assert (answer.status_code, type(rooms.last())) == (302, LicenceSuspended)


def test_a_shopper_sees_marks_in_force_and_a_story_apart_from_them(still: Rooms) -> None:
    page = words_of(still.app.test_client().get(RICE_LOT))

    brand = page[page.index("品牌与地理标志") :]
    assert "吉林省公用背书品牌" in page
    assert brand.index("虚构mifang-rice") < brand.index("历史")
    assert "吉林省名牌产品 · 2015 虚构名推委 历史" in brand
    assert "生产单位自述，未经核实，不是账本记录 米坊 黑土地上长出来的米" in page


def test_a_shopper_sees_a_suspended_mark_as_history(rooms: Rooms) -> None:
    brands.apply(rooms.world)
    rooms.world.say("sheng", "licence-suspended", licence="l-yushu", why="misuse")

    page = words_of(rooms.app.test_client().get(RICE_LOT))

    assert ("吉林省公用背书品牌。" in page, "历史，现已无效 已暂停" in page) == (False, True)


@pytest.mark.parametrize("published", [True, False])
def test_a_story_is_read_only_while_its_author_agrees(rooms: Rooms, *, published: bool) -> None:
    rooms.world.say("mifang", "story-told", published=True, text=STORY, product="rice")
    rooms.world.say("mifang", "story-told", published=published, text="再讲一遍", product="rice")

    page = words_of(rooms.app.test_client().get(RICE_LOT))

    assert (STORY in page, "再讲一遍" in page) == (False, published)


def test_an_erased_story_is_gone(rooms: Rooms) -> None:
    told = rooms.world.say("mifang", "story-told", published=True, text=STORY, product="rice")
    erased = {"fields": ["/text"], "done": "erased", "cause": "consent-withdrawn"}
    rooms.world.say("mifang", "erased", target=told.digest, **erased)

    page = words_of(rooms.app.test_client().get(RICE_LOT))

    assert STORY not in page


def test_a_lot_without_marks_says_nothing_of_brands(rooms: Rooms) -> None:
    page = words_of(rooms.app.test_client().get(RICE_LOT))

    assert "品牌与地理标志" not in page


def test_the_form_of_an_assessment_shows_what_the_ledger_has(still: Rooms) -> None:
    address = "/brand/marks/mifang-rice/assess?party=mifang&product=rice"

    page = words_of(still.person("mifang").get(address))

    assert "检测合格率 100 % / 1" in page


def test_the_province_is_offered_the_marks_of_its_papers(still: Rooms) -> None:
    pages = [words_of(still.person(party).get("/brand/")) for party in ("sheng", "yushu")]

    assert ["吉林长白山食用菌" in page for page in pages] == [True, False]
    # What is registered already is offered no more.
    assert "吉林大米 吉林日报" not in pages[0]


@pytest.mark.parametrize(
    ("by", "address", "status"),
    [
        ("mifang", "/brand/licences/l-mifang/suspend", 403),
        ("mifang", "/brand/marks/yushu-rice/retire", 403),
        ("yushu", "/brand/marks/jilin-rice/season", 403),
        ("yushu", "/brand/apply", 403),
        ("mifang", "/brand/honours/new", 403),
        ("chaoshi", "/brand/story", 403),
    ],
)
def test_nobody_records_what_is_anothers(still: Rooms, by: str, address: str, status: int) -> None:
    before = still.size

    answer = still.person(by).send(address, why="misuse")

    assert (answer.status_code, still.size) == (status, before)
