"""The regulator's rooms: each county its own, every act once, and an audit that names what differs."""

import csv
import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select, text
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from ledger import store
from ledger.fsck import Finding
from tests import world
from tests.webapp import PASSWORD, sign_in, token_of
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World, opened
from traceability import goods, holdings, kept, own_records, tables
from traceability.audit import Report
from traceability.events.registry import PartyRegistered, Role
from web import access, accounts, create_app, findings, shopper_says
from web.language import speaking
from web.regulator import counting, lists
from web.regulator.audits import Inspector, inspector

# A hash that is slow on purpose would be most of the time of these tests.
accounts.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

FAR_LOT = "/lot/shulan-he/paddy/S-1"
PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("operator", "operator", "operator", "220000"),
    ("sheng", "sheng", "regulator", "220000"),
    ("yushu", "yushu", "regulator", "220182"),
    ("shulan", "shulan", "regulator", "220283"),
    ("heitu", "heitu", "cooperative", "220182"),
    ("mifang", "mifang", "processor", "220182"),
    ("jiance", "jiance", "laboratory", "220100"),
    ("chaoshi", "chaoshi", "retailer", "220102"),
)
LISTS = ("parties", "lots", "flags", "failed-tests", "recalls", "reports")


@dataclass
class Room:
    """An instance with its application, and people who may sign in."""

    world: World
    app: Flask

    def as_(self, name: str) -> FlaskClient:
        """Return a browser in which *name* has signed in."""
        client = self.app.test_client()
        assert sign_in(client, name).status_code == 302
        return client

    def last(self, kind: str) -> Any:
        """Return the row of the latest statement of *kind*."""
        table = tables.statement
        with self.world.services.reading() as reader:
            query = select(table).where(table.c.kind == kind).order_by(table.c.entry.desc())
            return reader.connection.execute(query).first()

    def first(self, kind: str) -> Any:
        """Return the row of the earliest statement of *kind*."""
        table = tables.statement
        with self.world.services.reading() as reader:
            query = select(table).where(table.c.kind == kind).order_by(table.c.entry)
            return reader.connection.execute(query).first()

    def entry_of(self, digest: str) -> int:
        """Return where the statement *digest* stands."""
        table = tables.statement
        with self.world.services.reading() as reader:
            return int(
                reader.connection.execute(select(table.c.entry).where(table.c.digest == digest)).scalar_one()
            )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Give a world that is read only: everything in Yushu, one failed lot in Shulan."""
    with opened(tmp_path_factory.mktemp("regulator")) as made:
        _shulan(made)
        world.everything(made)
        amount = {"kg": "1000"}
        plot = "s" + PLOT[1:]
        made.say("shulan-he", "plot-registered", plot=plot, division="220283", commodity="paddy", area_ha="1")
        shares = [{"plot": plot, "amount": amount}]
        made.say("shulan-he", "harvested", lot=FAR_LOT, product="paddy", amount=amount, plots=shares)
        made.inspect(FAR_LOT, "0.5", passed=False)
        for lot, words in ((RICE_LOT, "=cmd|' /C calc'!A0"), (FAR_LOT, "米里有沙子")):
            shopper_says.report(made.services, lot=lot, complaint="quality", text=words)
        yield _room(made)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a world to write in: a harvest of Yushu whose test failed."""
    with opened(tmp_path) as made:
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.at("2026-10-08T08:00:00+08:00")
        made.inspect(PADDY_LOT, "0.5", passed=False)
        yield _room(made)


def _shulan(made: World) -> None:
    for party, role, name in (
        ("shulan", "regulator", "舒兰虚构农业局"),
        ("shulan-he", "cooperative", "舒兰虚构合作社"),
    ):
        made.services.register_party(
            PartyRegistered(at=made.clock(), party=party, role=role, division="220283", name=name)  # type: ignore[arg-type]  # the words are roles
        )
    made.say(
        "shulan-he", "product-registered", product="paddy", name="稻谷", commodity="paddy", measure="mass"
    )


def _room(made: World) -> Room:
    with store.writing(made.services.engine) as connection:
        for name, party, role, division in PEOPLE:
            accounts.create(
                connection,
                made.services.kept_key,
                name=name,
                party=party,
                role=role,
                division=division,
                language="zh",
                password=PASSWORD,
            )
    app = create_app(made.services.settings, made.services)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        access.limiter.reset()
    return Room(made, app)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Fill in the form at *path* and send it."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, data={**_hidden(page), **fields})


def _hidden(page: TestResponse) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {**dict(found), "csrf_token": token_of(page)}


def text_of(page: TestResponse) -> str:
    """Return what a person reads on *page*."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


# Who may come in.


@pytest.mark.parametrize("name", ["heitu", "mifang", "jiance", "chaoshi"])
def test_the_room_is_closed_to_every_other_role(told: Room, name: str) -> None:
    client = told.as_(name)
    paths = [
        "/regulator/",
        "/regulator/audit",
        "/regulator/audit/checkpoint",
        "/regulator/register",
        f"/regulator/lot?lot={PADDY_LOT}",
        f"/regulator/recall?lot={PADDY_LOT}",
        "/regulator/party/heitu",
        "/regulator/party/heitu/prefix",
        "/regulator/record/3",
        "/regulator/record/3/confirm",
        "/regulator/record/3/resolve",
        *(f"/regulator/list/{what}" for what in LISTS),
        *(f"/regulator/file/{what}.csv" for what in LISTS),
    ]

    assert [client.get(path).status_code for path in paths] == [403] * len(paths)


def test_a_visitor_is_sent_to_sign_in(told: Room) -> None:
    client = told.app.test_client()

    answers = [client.get(path) for path in ("/regulator/", "/regulator/file/lots.csv", "/regulator/audit")]

    assert [each.status_code for each in answers] == [302] * 3
    assert all(each.location.startswith("/sign-in?next=/regulator/") for each in answers)


@pytest.mark.parametrize(
    ("name", "expected"), [("yushu", 200), ("sheng", 200), ("operator", 200), ("shulan", 403)]
)
@pytest.mark.parametrize(
    "path",
    [
        f"/regulator/lot?lot={PADDY_LOT}",
        "/regulator/party/heitu",
        "/regulator/party/heitu/prefix",
        "/regulator/record/{harvested}",
        "/regulator/record/{harvested}/confirm",
    ],
)
def test_what_is_another_countys_is_not_shown(told: Room, path: str, name: str, expected: int) -> None:
    harvested = _first_harvest(told)

    assert told.as_(name).get(path.format(harvested=harvested)).status_code == expected


def _first_harvest(told: Room) -> int:
    with told.world.services.reading() as reader:
        return int(
            reader.connection.execute(
                select(tables.lot.c.entry).where(tables.lot.c.lot == PADDY_LOT)
            ).scalar_one()
        )


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("yushu", f"/regulator/recall?lot={PADDY_LOT}", 200),
        ("shulan", f"/regulator/recall?lot={PADDY_LOT}", 403),
        ("operator", f"/regulator/recall?lot={PADDY_LOT}", 403),
        ("operator", "/regulator/record/3/resolve", 403),
        ("yushu", "/regulator/lot?lot=/lot/nobody/x/1", 404),
        ("yushu", "/regulator/lot", 404),
        ("yushu", "/regulator/party/nobody", 404),
        ("yushu", "/regulator/record/99999", 404),
        ("yushu", f"/regulator/record/{'9' * 30}", 404),
        ("yushu", f"/regulator/record/{'9' * 30}/resolve", 404),
        ("yushu", f"/regulator/record/{'9' * 30}/confirm", 404),
        ("yushu", "/regulator/record/0", 404),
        ("yushu", "/regulator/list/secrets", 404),
        ("yushu", "/regulator/file/secrets.csv", 404),
        ("yushu", "/regulator/audit/checkpoint", 404),
    ],
)
def test_each_door_has_its_answer(told: Room, name: str, path: str, expected: int) -> None:
    assert told.as_(name).get(path).status_code == expected


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/regulator/record/{harvested}/confirm", 403),
        ("/regulator/record/{harvested}/resolve", 403),
        ("/regulator/party/heitu/prefix", 403),
        (f"/regulator/recall?lot={PADDY_LOT}", 403),
        # What was typed into the form is told at its field.
        ("/regulator/recall", 422),
    ],
)
def test_another_county_cannot_state_it_either(told: Room, path: str, status: int) -> None:
    client, size = told.as_("shulan"), told.world.services.log.size()
    fields = {"lot": PADDY_LOT, "level": "1", "cause": "other", "note": "x", "prefix": "9529999"}

    answer = client.post(
        path.format(harvested=_first_harvest(told)),
        data={"csrf_token": token_of(client.get("/regulator/audit")), **fields},
    )

    assert (answer.status_code, told.world.services.log.size()) == (status, size)


# Lists and files.


def file(client: FlaskClient, what: str) -> list[list[str]]:
    answer = client.get(f"/regulator/file/{what}.csv")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("name", ["yushu", "shulan", "sheng", "operator"])
def test_page_and_file_have_the_same_rows(told: Room, name: str, what: str) -> None:
    client = told.as_(name)

    page, rows = client.get(f"/regulator/list/{what}"), file(client, what)

    assert page.status_code == 200
    assert f"共 {len(rows) - 1} 条" in page.text
    assert page.text.count("<tr>") == (len(rows) if len(rows) > 1 else 0)


def test_a_file_holds_nothing_of_another_county(told: Room) -> None:
    client = told.as_("shulan")

    everything = "".join(client.get(f"/regulator/file/{what}.csv").text for what in LISTS)

    assert [word in everything for word in ("heitu", "mifang", "R-1", "26-A", "calc")] == [False] * 5
    assert [word in everything for word in ("shulan-he", "S-1", "米里有沙子")] == [True] * 3


def test_a_file_is_one_that_spreadsheets_read(told: Room) -> None:
    answer = told.as_("yushu").get("/regulator/file/lots.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert (answer.mimetype, answer.headers["Content-Disposition"], answer.headers["Cache-Control"]) == (
        "text/csv",
        'attachment; filename="lots.csv"',
        "no-store",
    )


def test_what_a_shopper_typed_never_runs_in_a_spreadsheet(told: Room) -> None:
    rows = file(told.as_("yushu"), "reports")

    assert rows[1][3] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\ta", "'\ta"),
        ("\ra", "'\ra"),
        ("＝1", "'＝1"),
        ("1=1", "1=1"),
        ("", ""),
        ("大米", "大米"),
    ],
)
def test_a_cell_that_would_run_gets_an_apostrophe(cell: str, expected: str) -> None:
    assert lists.guarded(cell) == expected


@pytest.mark.parametrize(
    ("page", "shown"),
    [("1", "1"), ("2", "2"), ("99", "2"), ("0", "1"), ("x", "1"), ("-1", "1"), ("9" * 30, "1")],
)
def test_a_page_that_is_not_there_is_the_nearest_one(
    told: Room, monkeypatch: pytest.MonkeyPatch, page: str, shown: str
) -> None:
    monkeypatch.setattr(counting, "PAGE", 2)

    answer = told.as_("yushu").get(f"/regulator/list/parties?page={page}")

    assert f"第 {shown} 页，共 2 页" in answer.text


def test_pages_together_show_each_row_once(told: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PAGE", 2)
    client = told.as_("operator")
    ids = [row[1] for row in file(client, "parties")[1:]]

    shown = []
    for page in range(1, -(-len(ids) // 2) + 1):
        answer = client.get(f"/regulator/list/parties?page={page}")
        shown += [each for each in ids if f">{each}</span>" in answer.text]

    assert shown == ids


def test_a_report_whose_row_was_changed_is_marked(room: Room) -> None:
    shared = room.world.services
    shopper_says.report(shared, lot=PADDY_LOT, complaint="quality", text="有霉味")
    before = file(room.as_("yushu"), "reports")[1][4]
    with shared.engine.begin() as connection:
        table = kept.sealed_value
        connection.execute(table.update().where(table.c.pointer == "/text").values(value="很好吃"))

    assert (before, file(room.as_("yushu"), "reports")[1][4]) == ("完好", "被改动过")


# What needs attention.


def test_the_front_page_shows_what_needs_attention_with_its_age(room: Room) -> None:
    room.world.clock.pass_time(days=3)

    page = text_of(room.as_("yushu").get("/regulator/"))

    assert [
        word in page
        for word in ("榆树市 · 监管概况", "有 1 条暂停还没有核查。", "3 天前", "检测不合格", "26-A")
    ] == [True] * 5


def test_the_front_page_of_another_county_is_empty(room: Room) -> None:
    with room.world.services.reading() as reader:
        assert goods.known_lot(reader.connection, PADDY_LOT) is not None
    with store.writing(room.world.services.engine) as connection:
        key = room.world.services.kept_key
        accounts.create(
            connection,
            key,
            name="fusong",
            party="yushu",
            role="regulator",
            division="220621",
            language="zh",
            password=PASSWORD,
        )

    page = text_of(room.as_("fusong").get("/regulator/"))

    assert ("没有需要关注的事" in page, "26-A" in page) == (True, False)


def test_the_newest_matter_stands_first(told: Room) -> None:
    page = told.as_("sheng").get("/regulator/").text
    told_at = re.findall(r'<span class="fine">(\d{4}-\d\d-\d\d \d\d:\d\d)</span>', page)

    assert told_at == sorted(told_at, reverse=True)
    assert len(told_at) >= 4


# One lot, one party, one record.


def test_a_lot_shows_who_holds_it_where_it_came_from_and_what_was_made_of_it(told: Room) -> None:
    client = told.as_("yushu")

    rice = text_of(client.get(f"/regulator/lot?lot={RICE_LOT}"))
    paddy = text_of(client.get(f"/regulator/lot?lot={PADDY_LOT}"))

    assert [word in rice for word in ("榆树虚构大米", "3,300 公斤", "26-A", "100%", "已召回")] == [True] * 5
    assert [word in paddy for word in ("R-1", "B-1", "没有更早的批次。", "没有剩余。")] == [True] * 4


def test_each_record_of_a_lot_leads_to_its_chapter_on_the_shoppers_page(told: Room) -> None:
    page = told.as_("yushu").get(f"/regulator/lot?lot={RICE_LOT}").text
    chapters = re.findall(rf'href="{RICE_LOT}#c(\d+)"', page)

    shopper = told.app.test_client().get(RICE_LOT).text

    assert chapters
    assert [f'id="c{index}"' in shopper for index in chapters] == [True] * len(chapters)


def test_a_party_shows_its_keys_its_lots_and_what_it_said(told: Room) -> None:
    page = text_of(told.as_("yushu").get("/regulator/party/mifang"))

    assert [word in page for word in ("榆树虚构米坊", "加工企业", "9521234", "平台代签", "R-1", "召回")] == [
        True
    ] * 6


def test_a_record_shows_what_the_rules_remarked_and_what_was_said_of_it_later(told: Room) -> None:
    late = told.first("hold-resolved").target

    page = text_of(told.as_("yushu").get(f"/regulator/record/{told.entry_of(late)}"))

    assert [word in page for word in ("施药", "天后才登记", "解除暂停")] == [True] * 3


def test_the_words_of_a_follow_up_are_shown_to_the_office_and_erased_ones_are_not(told: Room) -> None:
    client = told.as_("yushu")
    resolved, corrected = told.first("hold-resolved").entry, told.last("corrected").entry

    pages = [text_of(client.get(f"/regulator/record/{index}")) for index in (resolved, corrected)]

    assert ("现场核实" in pages[0], "手误" in pages[1]) == (True, True)


def test_no_page_leads_to_one_that_is_closed(told: Room) -> None:
    client = told.as_("yushu")
    waiting, seen, closed = ["/regulator/"], {"/regulator/"}, []
    while waiting:
        page = client.get(waiting.pop())
        links = page.text if page.mimetype == "text/html" else ""
        for path in map(unescape, re.findall(r'href="(/regulator/[^"#]*)', links)):
            if path not in seen:
                seen.add(path)
                waiting.append(path)
                if client.get(path).status_code != 200:
                    closed.append(path)

    assert closed == []
    assert len(seen) > 40


# What an office states.


def test_a_hold_is_resolved_once_by_a_second_party_with_a_sealed_note(room: Room) -> None:
    client, held = room.as_("yushu"), room.last("inspected")
    path = f"/regulator/record/{held.entry}/resolve"
    page = client.get(path)
    form = {**_hidden(page), "note": "复检合格，准予放行"}

    answers = [client.post(path, data=form) for _ in range(2)]

    assert [(each.status_code, each.location) for each in answers] == [
        (302, f"/regulator/record/{held.entry}")
    ] * 2
    resolved = room.last("hold-resolved")
    services = room.world.services
    with services.reading() as reader:
        statement = reader.statement(resolved.entry)
        event = own_records.opened(reader, services.sealed, statement)
        known = goods.known_lot(reader.connection, PADDY_LOT)
        spelt = reader.entry(resolved.entry).bytes()
    assert (resolved.by, resolved.target, resolved.entry) == ("yushu", held.digest, services.log.size() - 1)
    assert (getattr(event, "note", None), event.clerk) == ("复检合格，准予放行", "yushu")
    assert ("复检".encode() in spelt, known is not None and known.holds) == (False, ())


def test_a_hold_is_not_resolved_without_a_word(room: Room) -> None:
    size = room.world.services.log.size()

    answer = post(room.as_("yushu"), f"/regulator/record/{room.last('inspected').entry}/resolve", note=" ")

    assert (answer.status_code, "请填写「说明」。" in answer.text, room.world.services.log.size()) == (
        422,
        True,
        size,
    )


def test_nobody_resolves_or_confirms_what_is_their_own(room: Room) -> None:
    registered = room.world.say("yushu", "prefix-licensed", party="mifang", prefix="9521234").index
    client, size = room.as_("yushu"), room.world.services.log.size()

    answers = [
        post(client, f"/regulator/record/{registered}/{what}", note="好") for what in ("confirm", "resolve")
    ]

    assert [(each.status_code, "另一单位" in each.text) for each in answers] == [(422, True)] * 2
    assert room.world.services.log.size() == size


def test_what_is_not_on_hold_is_not_resolved(room: Room) -> None:
    answer = post(room.as_("yushu"), f"/regulator/record/{room.last('harvested').entry}/resolve", note="好")

    assert (answer.status_code, "没有暂停" in answer.text) == (422, True)


@pytest.mark.parametrize("name", ["yushu", "operator"])
def test_a_record_is_confirmed(room: Room, name: str) -> None:
    harvested = room.last("harvested")

    answer = post(room.as_(name), f"/regulator/record/{harvested.entry}/confirm")

    confirmed = room.last("confirmed")
    assert (answer.status_code, confirmed.by, confirmed.target) == (302, name, harvested.digest)


def test_a_recall_names_its_reach_and_reaches_the_shopper(room: Room) -> None:
    client, path = room.as_("yushu"), f"/regulator/recall?lot={PADDY_LOT}"
    before = text_of(client.get(path))

    answer = post(client, path, level="1", cause="contamination", note="镉超标")

    shopper = room.app.test_client().get(PADDY_LOT).text
    assert "召回会触及谁" in before
    assert (answer.status_code, room.last("recalled").by) == (302, "yushu")
    assert "这一批已被召回" in shopper


@pytest.mark.parametrize(("level", "cause"), [("", "other"), ("4", "other"), ("1", ""), ("1", "whim")])
def test_a_recall_without_its_level_or_cause_is_shown_again(room: Room, level: str, cause: str) -> None:
    path = f"/regulator/recall?lot={PADDY_LOT}"

    answer = post(room.as_("yushu"), path, level=level, cause=cause, note="说明还在")

    assert (answer.status_code, "说明还在" in answer.text, room.last("recalled")) == (422, True, None)


def test_a_prefix_is_licensed_once(room: Room) -> None:
    client, path = room.as_("yushu"), "/regulator/party/mifang/prefix"

    answers = [
        post(client, path, prefix="9521234", document="证-1"),
        post(client, path, prefix="12x"),
        post(client, "/regulator/party/heitu/prefix", prefix="95212345"),
    ]

    assert [each.status_code for each in answers] == [302, 422, 422]
    with room.world.services.reading() as reader:
        assert holdings.prefixes(reader, "mifang") == ("9521234",)


NEW = {"party": "yushu-xin", "role": "processor", "name": "榆树虚构新厂", "division": "220182"}


def test_a_party_is_registered_with_a_key_of_the_platforms(room: Room) -> None:
    client = room.as_("yushu")
    page = client.get("/regulator/register")

    answers = [client.post("/regulator/register", data={**_hidden(page), **NEW}) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 422]
    assert "已经登记过" in answers[1].text
    registered = room.last("party-registered")
    keys = tables.party_key
    with room.world.services.reading() as reader:
        custody = (
            reader.connection.execute(select(keys.c.custody).where(keys.c.party == "yushu-xin"))
            .scalars()
            .all()
        )
    assert (registered.by, custody) == ("yushu", ["platform"])
    assert room.world.say("yushu-xin", "confirmed", target=registered.digest).index > registered.entry


def test_the_name_of_a_family_farm_is_sealed_and_shown_to_the_office(room: Room) -> None:
    client = room.as_("yushu")
    told = {**NEW, "party": "nong-1", "role": "farm", "name": "周虚构家庭农场"}

    post(client, "/regulator/register", **told)

    with room.world.services.reading() as reader:
        spelt = reader.entry(room.last("party-registered").entry).bytes().decode()
    assert ("周虚构" in spelt, "周虚构" in client.get("/regulator/file/parties.csv").text) == (False, False)
    assert "周虚构家庭农场" in client.get("/regulator/party/nong-1").text


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"party": "Bad Name"}, "party"),
        ({"party": "a" * 31}, "party"),
        ({"party": "-a"}, "party"),
        ({"party": ""}, "party"),
        ({"party": "heitu"}, "party"),
        ({"role": "operator"}, "role"),
        ({"role": "king"}, "role"),
        ({"name": ""}, "name"),
        ({"name": "", "role": "farm"}, "name"),
        ({"division": "220283"}, "division"),
        ({"division": "220100"}, "division"),
        ({"division": ""}, "division"),
    ],
)
def test_a_registration_that_will_not_do_is_shown_again_and_leaves_no_key(
    room: Room, wrong: dict[str, str], where: str
) -> None:
    size = room.world.services.log.size()

    answer = post(room.as_("yushu"), "/regulator/register", **{**NEW, **wrong})

    assert (answer.status_code, f'id="field-{where}-error-1"' in answer.text) == (422, True)
    assert room.world.services.log.size() == size


@pytest.mark.parametrize(
    ("name", "division", "expected"),
    [
        ("yushu", "220182", 403),
        ("sheng", "220000", 403),
        ("sheng", "220182", 302),
        ("operator", "220000", 302),
    ],
)
def test_a_regulator_is_registered_from_above_alone(
    room: Room, name: str, division: str, expected: int
) -> None:
    told = {**NEW, "role": "regulator", "division": division}

    assert post(room.as_(name), "/regulator/register", **told).status_code == expected


def test_every_form_needs_its_token(room: Room) -> None:
    client, size = room.as_("yushu"), room.world.services.log.size()
    entry = room.last("inspected").entry
    paths = (
        "/regulator/register",
        "/regulator/audit",
        "/regulator/recall",
        "/regulator/party/mifang/prefix",
        f"/regulator/record/{entry}/resolve",
        f"/regulator/record/{entry}/confirm",
    )

    assert [client.post(path, data=NEW).status_code for path in paths] == [400] * len(paths)
    assert room.world.services.log.size() == size


# The audit.


def audited(room: Room, client: FlaskClient, since: bytes | None = None) -> TestResponse:
    """Begin an audit, wait for it, and return the page that tells of it."""
    page = client.get("/regulator/audit")
    data: dict[str, Any] = {"csrf_token": token_of(page)}
    if since is not None:
        data["since"] = (io.BytesIO(since), "checkpoint.txt")
    begun = client.post("/regulator/audit", data=data, content_type="multipart/form-data")
    assert (begun.status_code, begun.location) == (302, "/regulator/audit"), begun.text
    with room.app.app_context():
        inspector().wait()
    return client.get("/regulator/audit")


def test_a_sound_ledger_is_called_sound_and_its_checkpoint_may_be_kept(room: Room) -> None:
    client = room.as_("yushu")
    size = room.world.services.log.size()

    page = audited(room, client)

    kept = client.get("/regulator/audit/checkpoint")
    assert f"账本完好：{size} 条记录，没有发现改动。" in page.text
    assert page.text.index("只依据本机自己保存") < page.text.index("账本完好")
    assert f"jizihao audit --since checkpoint-{size}.txt" in page.text
    assert kept.text.split("\n")[:2] == [world.ORIGIN, str(size)]
    assert kept.headers["Content-Disposition"] == f'attachment; filename="checkpoint-{size}.txt"'


def test_a_kept_checkpoint_is_what_the_next_audit_rests_on(room: Room) -> None:
    client = room.as_("operator")
    audited(room, client)
    kept = client.get("/regulator/audit/checkpoint").data
    room.world.say("heitu", "input-bought", name="尿素", category="fertiliser", amount="1", unit="kg")

    page = audited(room, client, kept)

    assert [
        "审计人自己保存的检查点" in page.text,
        "账本完好" in page.text,
        "与您带来的检查点" in page.text,
    ] == [True] * 3


def test_a_checkpoint_that_another_key_signed_is_a_finding(room: Room) -> None:
    client = room.as_("yushu")
    audited(room, client)
    kept = client.get("/regulator/audit/checkpoint").data
    text_part, _, lines = kept.decode().partition("\n\n")
    forged = f"{text_part}\n\n" + "".join(
        line[:-9] + ("A" if line[-9] != "A" else "B") + line[-8:] + "\n" for line in lines.splitlines()
    )

    page = audited(room, client, forged.encode())

    assert ("账本完好" in page.text, "不是由检查点" in page.text) == (False, True)


@pytest.mark.parametrize("content", [b"hello", b"\xff\xfe", b"a\n1\n\n", b"x" * 100_000])
def test_a_file_that_is_no_checkpoint_is_told_and_nothing_begins(room: Room, content: bytes) -> None:
    client = room.as_("yushu")
    data = {
        "csrf_token": token_of(client.get("/regulator/audit")),
        "since": (io.BytesIO(content), "checkpoint.txt"),
    }

    answer = client.post("/regulator/audit", data=data, content_type="multipart/form-data")

    assert (answer.status_code, "这个文件不是检查点" in answer.text) == (422, True)
    with room.app.app_context():
        assert inspector().state is None


def _edit_row(connection: Any) -> None:
    connection.execute(tables.harvest.update().values(amount="6000"))


def _edit_account(connection: Any) -> None:
    connection.execute(
        accounts.account_table.update()
        .values(division="220000")
        .where(accounts.account_table.c.name == "mifang")
    )


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_edit_row, "查询表与记录不一致：harvest entry="),
        (_edit_account, "account name=mifang"),
    ],
)
def test_what_was_changed_is_named_with_a_way_out(room: Room, edit: Callable[[Any], None], said: str) -> None:
    client = room.as_("yushu")
    with room.world.services.engine.begin() as connection:
        edit(connection)

    page = audited(room, client)

    assert (said in page.text, "账本完好" in page.text) == (True, False)
    assert client.get("/regulator/audit/checkpoint").status_code == 404


def test_an_entry_that_was_edited_is_named(room: Room) -> None:
    client, index = room.as_("yushu"), room.last("harvested").entry
    with room.world.services.engine.begin() as connection:
        for name in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        spelt = connection.execute(
            select(store.entries.c.bytes).where(store.entries.c.index == index)
        ).scalar_one()
        changed = bytes(spelt).replace(b'"5000"', b'"6000"')
        connection.execute(store.entries.update().where(store.entries.c.index == index).values(bytes=changed))

    page = audited(room, client)

    assert f"第 {index} 条记录的内容在封存之后被改动" in page.text


def test_only_one_audit_runs_at_a_time_and_the_page_shows_how_far_it_is(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*_: Any) -> Report:
        with room.app.app_context():
            inspector()._progress("replay", 3, 8)
        go_on.wait(20)
        return Report(8, None, "instance")

    monkeypatch.setattr("web.regulator.audits.inspect", slow)
    client = room.as_("yushu")
    token = token_of(client.get("/regulator/audit"))
    first = client.post("/regulator/audit", data={"csrf_token": token})
    second = client.post("/regulator/audit", data={"csrf_token": token}, follow_redirects=True)
    page = _until(client, "3 / 8")
    go_on.set()
    with room.app.app_context():
        inspector().wait()
    ended = client.get("/regulator/audit").text

    assert (first.status_code, "已有一次审计正在进行" in second.text) == (302, True)
    assert ['http-equiv="refresh"' in each for each in (page, ended)] == [True, False]
    assert ("重放签名和规则" in page, "<form class" in page) == (True, False)


def _until(client: FlaskClient, said: str) -> str:
    for _ in range(200):
        page = client.get("/regulator/audit").text
        if said in page:
            return page
    raise AssertionError(said)


def test_an_audit_that_cannot_be_carried_through_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Report:
        raise OSError("no disk")

    monkeypatch.setattr("web.regulator.audits.inspect", broken)

    page = audited(room, room.as_("yushu"))

    assert ("审计没有完成" in page.text, "no disk" in page.text) == (True, False)


def test_audits_cannot_be_begun_without_end(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inspector, "start", lambda *_: True)
    client = room.as_("yushu")
    token = token_of(client.get("/regulator/audit"))

    statuses = [client.post("/regulator/audit", data={"csrf_token": token}).status_code for _ in range(13)]

    assert statuses == [302] * 12 + [429]


# Findings in words.


def test_every_finding_has_its_sentence_in_both_languages() -> None:
    root = Path(__file__).resolve().parents[2]
    raised = set()
    for path in (*root.glob("ledger/*.py"), *root.glob("traceability/*.py"), *root.glob("web/*.py")):
        raised |= set(re.findall(r'(?:Finding|add_finding)\(\s*"([a-z-]+)"', path.read_text("utf-8")))
    raised |= {"entry-altered", "leaf-altered", "entries-missing", "entries-altered", "table-missing"}
    raised |= {f"sealed-value-{how}" for how in ("altered", "missing", "not-erased", "stray")}

    assert raised == set(findings.FINDINGS)


@pytest.mark.parametrize("what", sorted(findings.FINDINGS))
def test_a_finding_names_its_row_and_a_way_out(what: str) -> None:
    finding = Finding(what, "the row", 7, {"reason": "why"})

    for language in ("zh", "en"):
        with speaking(language):
            said = findings.told(finding)
        assert "the row" in said
        assert len(said) > 20


def test_a_finding_of_an_unknown_kind_is_told_all_the_same() -> None:
    said = findings.told(Finding("something-new", "the row"))

    assert ("something-new" in said, "the row" in said) == (True, True)


# In a browser.

PAGES = (
    "/regulator/",
    "/regulator/list/lots",
    "/regulator/list/flags",
    "/regulator/list/reports",
    f"/regulator/lot?lot={RICE_LOT}",
    "/regulator/party/heitu",
    "/regulator/alerts",
    "/regulator/cases",
    "/regulator/cases/new",
    "/regulator/recalls",
    "/regulator/tasks",
    "/regulator/tasks/new",
    "/regulator/reports",
    f"/regulator/holds/new?lot={RICE_LOT}",
    "/regulator/register",
    f"/regulator/recall?lot={RICE_LOT}",
    "/regulator/audit",
)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(360, "zh-CN"), (1200, "en-GB")])
def test_every_page_is_whole_and_open_to_all_without_scripts_and_on_a_phone(
    told: Room, browser: Browser, width: int, language: str
) -> None:
    server = make_server("127.0.0.1", 0, told.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    try:
        page = context.new_page()
        page.goto(f"{base}/sign-in")
        page.fill("[name=name]", "yushu")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        wrong = {}
        for path in PAGES:
            page.goto(base + path)
            too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            serious = [
                each["id"]
                for each in Axe().run(page).response["violations"]
                if each["impact"] in ("serious", "critical")
            ]
            if too_wide or serious:
                wrong[path] = (too_wide, serious)
        assert wrong == {}
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()
