"""Codes in the rooms and on the shopper's page: asleep, activated, sold, printed first, looked up."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from ledger import store
from qr import code, short
from tests.release_world import GREEN_LOT, ROLL, bound
from tests.rooms import Person, Rooms, opened_rooms, words_of
from tests.terminal import Terminal
from tests.testing_world import report
from tests.world import PADDY_LOT
from traceability import kept
from traceability.events.processing import CodesIssued
from traceability.events.release import CodesActivated, CodesPrepared, CodesSold, ScansCounted
from web import packs, scan_counts, scan_days, scan_nights
from web.scan_counts import ScanCounter, Where, scan_count

NOON = datetime(2026, 10, 1, 4, tzinfo=UTC)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """Codes that are bound and asleep: for tests that write nothing."""
    with opened_rooms(tmp_path_factory.mktemp("still")) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        yield made


@pytest.fixture(scope="module")
def active(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """Codes that an office has activated: for tests that write scans alone, each of codes of its own."""
    with opened_rooms(tmp_path_factory.mktemp("active")) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        activate(made)
        yield made


@pytest.fixture
def office(rooms: Rooms) -> Person:
    return rooms.person("yushu")


def serial_of(rooms: Rooms, index: int, lot: str = GREEN_LOT) -> str:
    return code.serial(rooms.world.services.settings.serial_key, lot, index)


def pack_page(rooms: Rooms, index: int, lot: str = GREEN_LOT, browser: str = "a") -> str:
    headers = {"User-Agent": browser, "Accept": "text/html", "Accept-Language": "zh-CN"}
    answer = rooms.app.test_client().get(f"{lot}/{serial_of(rooms, index, lot)}", headers=headers)
    return words_of(answer)


def flush(rooms: Rooms) -> None:
    services = rooms.world.services
    with rooms.app.app_context():
        packs.counter().flush(services.engine, services.kept_key)


def activate(rooms: Rooms, count: int = 40) -> None:
    rooms.world.say("yushu", "codes-activated", lot=GREEN_LOT, first=0, count=count, ground="checked")


# The shopper's page.


def test_a_shopper_reads_that_a_code_is_not_activated_yet(still: Rooms) -> None:
    page = pack_page(still, 0)

    assert "尚未启用" in page


def test_a_shopper_reads_who_activated_a_code(active: Rooms) -> None:
    page = pack_page(active, 10)

    assert "已启用" in page
    assert "由 榆树市虚构农业农村局 启用：监管部门核查 · 看记录" in page


def test_a_shopper_reads_that_the_test_behind_an_activation_was_withdrawn(
    rooms: Rooms, office: Person
) -> None:
    test = report(rooms.world, GREEN_LOT, "0.05", purpose="self-check")
    told = {"lot": GREEN_LOT, "first": 0, "count": 40, "ground": "witnessed"}
    rooms.world.say("jiance", "codes-activated", **told)
    before = pack_page(rooms, 0)
    gone = rooms.world.say("jiance", "corrected", target=test.digest, reason="did-not-occur")

    page = pack_page(rooms, 0)

    assert ("第二方见证" in before, "已启用" in before, "启用已失效" in before) == (True, True, False)
    assert "启用已失效" in page
    assert "这个码启用过，但启用所依据的检测已被撤回，启用不再算数。" in page
    assert "由 长春虚构检测中心 启用" not in page
    assert f"启用已失效 启用所依据的检测已被撤回 见第 {gone.index} 条" in page
    room = words_of(office.get("/regulator/codes", code=GREEN_LOT))
    assert f"第二方见证 启用已失效 启用所依据的检测已被撤回（第 {gone.index} 条记录）" in room
    assert "0 – 39 40 检测或核查后启用" in room


def test_a_program_reads_the_state_of_a_code_and_why_it_is_so(rooms: Rooms) -> None:
    test = report(rooms.world, GREEN_LOT, "0.05", purpose="self-check")
    told = {"lot": GREEN_LOT, "first": 0, "count": 30, "ground": "witnessed"}
    activation = rooms.world.say("jiance", "codes-activated", **told)
    gone = rooms.world.say("jiance", "corrected", target=test.digest, reason="did-not-occur")
    client, lapse = rooms.app.test_client(), {"cause": "withdrawn", "entry": gone.index}

    found: list[Any] = [
        client.get(f"{GREEN_LOT}/{serial_of(rooms, index)}", headers={"Accept": "application/json"}).json
        for index in (0, 30)
    ]

    assert [(each["pack"]["state"], each["pack"]["lapse"]) for each in found] == [
        ("lapsed", lapse),
        ("asleep", None),
    ]
    assert [each["lapsed"] for each in found[0]["records"] if "lapsed" in each] == [lapse]
    assert [each["index"] for each in found[0]["records"] if "lapsed" in each] == [activation.index]


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("codes-sold", {"place": "村口"}, "销售单位登记过这一包已经售出"),
        ("codes-recalled", {"level": 3, "cause": "mislabelled"}, "这一包已被召回"),
        ("codes-voided", {"cause": "lost"}, "这个码没有发放过"),
    ],
)
def test_a_shopper_reads_what_became_of_a_code(
    rooms: Rooms, kind: str, told: dict[str, object], words: str
) -> None:
    activate(rooms)
    rooms.world.say("heitu", kind, lot=GREEN_LOT, first=0, count=1, **told)

    pages = [pack_page(rooms, index) for index in (0, 1)]

    assert [words in page for page in pages] == [True, False]


def test_a_blank_label_says_so_and_leads_to_its_goods_once_it_is_bound(still: Rooms) -> None:
    client = still.app.test_client()
    accept = {"Accept": "text/html", "Accept-Language": "zh-CN"}

    blank, on_goods, never = (
        client.get(f"{ROLL}/{serial_of(still, index, ROLL)}", headers=accept) for index in (9, 10, 100)
    )

    assert (blank.status_code, "已印未用" in words_of(blank)) == (200, True)
    assert (on_goods.status_code, on_goods.location) == (302, f"{GREEN_LOT}/{serial_of(still, 0)}")
    assert never.status_code == 404


def test_a_bound_label_leads_on_with_what_was_asked_for(still: Rooms) -> None:
    answer = still.app.test_client().get(f"{ROLL}/{serial_of(still, 12, ROLL)}?proofs=1")

    assert answer.location == f"{GREEN_LOT}/{serial_of(still, 2)}?proofs=1"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_roll_itself_has_a_page(still: Rooms) -> None:
    answer = still.app.test_client().get(ROLL, headers={"Accept": "text/html", "Accept-Language": "zh-CN"})

    assert (answer.status_code, "先印空白追溯码" in words_of(answer)) == (200, True)


# Counting.


def test_a_code_is_counted_once_for_each_visitor_and_day(active: Rooms) -> None:
    pages = [pack_page(active, 11, browser=browser) for browser in ("a", "a", "b")]

    assert ["第一次被查询" in page for page in pages] == [True, True, False]
    assert "查询过 2 次" in pages[2]


def test_counts_are_written_and_added_to(rooms: Rooms) -> None:
    activate(rooms)
    pack_page(rooms, 0)
    flush(rooms)
    pack_page(rooms, 0, browser="b")
    flush(rooms)

    services = rooms.world.services
    with services.engine.connect() as connection:
        (row,) = connection.execute(select(scan_count)).all()

    assert (row.lot, row.pack, row.place, row.scans) == (GREEN_LOT, 0, "", 2)
    assert kept.row_holds(services.kept_key, "scan_count", row._asdict())


def test_nothing_that_is_written_names_a_shopper(rooms: Rooms) -> None:
    activate(rooms)
    pack_page(rooms, 0, browser="a very special browser")
    flush(rooms)

    with rooms.world.services.engine.connect() as connection:
        (row,) = connection.execute(select(scan_count)).all()

    assert set(row._asdict()) == {
        "lot",
        "pack",
        "day",
        "place",
        "division",
        "scans",
        "first_at",
        "last_at",
        "mac",
    }
    assert "special" not in str(row)
    assert "127.0.0.1" not in str(row)


def test_who_signed_in_counts_only_where_things_are_sold(rooms: Rooms) -> None:
    activate(rooms)
    address = f"{GREEN_LOT}/{serial_of(rooms, 0)}"
    for party in ("chaoshi", "mifang", "yushu"):
        rooms.person(party).client.get(address, headers={"Accept": "text/html"})
    flush(rooms)

    with rooms.world.services.engine.connect() as connection:
        rows = connection.execute(select(scan_count.c.place, scan_count.c.division)).all()

    assert [tuple(row) for row in rows] == [("chaoshi", "220102")]


def test_a_look_at_the_proofs_alone_is_no_scan(active: Rooms) -> None:
    active.app.test_client().get(f"{GREEN_LOT}/{serial_of(active, 12)}?proofs=1")

    with active.app.app_context():
        assert packs.counter().waiting(GREEN_LOT, 12) == []


def test_a_visitor_is_forgotten_with_the_day() -> None:
    counter = ScanCounter()

    new = [
        counter.seen("/lot/a/b/c", 0, NOON + timedelta(hours=hours), visitor=b"x") for hours in (0, 1, 20, 21)
    ]

    assert new == [True, False, True, False]


def test_what_cannot_be_written_waits(rooms: Rooms) -> None:
    services = rooms.world.services
    counter = ScanCounter()
    counter.seen(GREEN_LOT, 0, NOON, visitor=b"x")
    with store.writing(services.engine) as connection:
        scan_count.drop(connection)

    written = counter.flush(services.engine, services.kept_key)
    counter.seen(GREEN_LOT, 0, NOON, visitor=b"y")

    assert written == 0
    assert [each.scans for each in counter.waiting(GREEN_LOT, 0)] == [2]


def test_many_threads_lose_no_scan(active: Rooms) -> None:
    services, counter = active.world.services, ScanCounter()

    def scan(name: int) -> None:
        for turn in range(50):
            counter.seen(GREEN_LOT, 39, NOON, visitor=f"{name}.{turn}".encode())
            if turn % 10 == 0:
                counter.flush(services.engine, services.kept_key)

    threads = [threading.Thread(target=scan, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counter.flush(services.engine, services.kept_key)

    scans = select(scan_count.c.scans).where(scan_count.c.pack == 39)
    with services.engine.connect() as connection:
        assert connection.execute(scans).scalars().all() == [200]


def written(rooms: Rooms, pack: int) -> list[int]:
    scans = select(scan_count.c.scans).where(scan_count.c.pack == pack)
    with rooms.world.services.engine.connect() as connection:
        return list(connection.execute(scans).scalars())


def taken(counter: ScanCounter, pack: int) -> None:
    """Wait until somebody has begun to write what waited."""
    while counter.waiting(GREEN_LOT, pack):
        time.sleep(0.001)


def test_who_flushes_has_what_another_thread_was_writing(rooms: Rooms) -> None:
    services, counter = rooms.world.services, ScanCounter()
    counter.seen(GREEN_LOT, 7, NOON, visitor=b"x")
    found: list[list[int]] = []

    def flush_and_look() -> None:
        counter.flush(services.engine, services.kept_key)
        found.append(written(rooms, 7))

    threads = [
        threading.Thread(target=counter.flush, args=(services.engine, services.kept_key)),
        threading.Thread(target=flush_and_look),
    ]
    with store.writing(services.engine):
        threads[0].start()
        taken(counter, 7)
        threads[1].start()
        threads[1].join(0.2)
    for thread in threads:
        thread.join()

    assert found == [[1]]


def test_a_scan_that_comes_while_others_are_written_is_written_too(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_counts, "SECOND", 0.01)
    services, counter = rooms.world.services, ScanCounter()
    counter.seen(GREEN_LOT, 8, NOON, visitor=b"x")
    with store.writing(services.engine):
        counter.flush_soon(services.engine, services.kept_key)
        taken(counter, 8)
        counter.seen(GREEN_LOT, 8, NOON, visitor=b"y")
        counter.flush_soon(services.engine, services.kept_key)

    until = time.monotonic() + 20
    while written(rooms, 8) != [2] and time.monotonic() < until:
        time.sleep(0.01)

    assert written(rooms, 8) == [2]


# The digest of a day.


def scanned(rooms: Rooms, day: datetime = NOON, **where: str) -> None:
    services, counter = rooms.world.services, ScanCounter()
    for visitor in range(3):
        counter.seen(GREEN_LOT, visitor % 2, day, visitor=str(visitor).encode(), where=Where(**where))
    counter.flush(services.engine, services.kept_key)


def test_a_day_is_told_to_the_log_with_the_root_of_its_file(rooms: Rooms) -> None:
    scanned(rooms)
    rooms.world.at("2026-10-02T00:10:00+08:00")
    services = rooms.world.services

    (day,) = scan_days.waiting(services)
    scan_days.count(services, day)

    told = rooms.last()
    assert isinstance(told, ScansCounted)
    assert (told.day, told.lots_scanned, told.codes_scanned, told.scans) == (day, 1, 2, 3)
    with services.reading() as reader:
        assert list(scan_days.differing(services.settings, reader.connection)) == []
    assert scan_days.waiting(services) == []


@pytest.mark.parametrize("what", ["table", "file"])
def test_a_count_that_is_changed_later_is_found(rooms: Rooms, what: str) -> None:
    scanned(rooms)
    rooms.world.at("2026-10-02T00:10:00+08:00")
    services = rooms.world.services
    (day,) = scan_days.waiting(services)
    recorded = scan_days.count(services, day)

    if what == "table":
        with store.writing(services.engine) as connection:
            connection.execute(update(scan_count).values(scans=1))
    else:
        path = scan_days.file_of(services.settings, day)
        path.write_bytes(path.read_bytes().replace(b'"scans":2', b'"scans":9'))

    with services.reading() as reader:
        found = list(scan_days.differing(services.settings, reader.connection))
    assert [(each.what, each.index) for each in found] == [("scans-altered", recorded.index)]


# The rooms.


def test_an_office_activates_what_waits(rooms: Rooms, office: Person) -> None:
    page = office.get("/regulator/codes", code=GREEN_LOT)
    answer = office.send(
        "/regulator/record/codes-activated", lot=GREEN_LOT, first="0", count="40", ground="checked"
    )

    told = rooms.last()
    assert f"/regulator/record/codes-activated?lot={GREEN_LOT}" in page.text.replace("%2F", "/")
    assert (answer.status_code, answer.location.replace("%2F", "/")) == (
        302,
        f"/regulator/codes?code={GREEN_LOT}",
    )
    assert isinstance(told, CodesActivated)
    assert (told.count, told.ground) == (40, "checked")


def test_a_scanned_code_is_sold_at_the_till(rooms: Rooms) -> None:
    activate(rooms)
    rooms.world.hand_over(GREEN_LOT, "100", by="heitu", to="chaoshi")
    shop = rooms.person("chaoshi")

    page = shop.get("/market/codes", code=f"{GREEN_LOT}/{serial_of(rooms, 3)}")
    first = shop.send("/market/record/codes-sold", lot=GREEN_LOT, first="3", count="1", place="柜台")
    again = shop.send("/market/record/codes-sold", lot=GREEN_LOT, first="3", count="1")

    told = rooms.last()
    assert "第 3 号码" in words_of(page)
    assert (first.status_code, again.status_code) == (302, 422)
    assert "同一个码卖两次" in words_of(again)
    assert isinstance(told, CodesSold)


@pytest.mark.parametrize(
    "code_typed", ["hello", "/lot/heitu/paddy/NONE", f"{GREEN_LOT}/00000000000000000000"]
)
def test_a_code_of_nothing_is_told_at_the_box(still: Rooms, code_typed: str) -> None:
    answer = still.person("yushu").get("/regulator/codes", code=code_typed)

    assert (answer.status_code in (404, 422), 'class="error"' in answer.text) == (True, True)


@pytest.mark.parametrize(
    ("party", "address", "status"),
    [
        ("heitu", "/farm/codes", 200),
        ("mifang", "/mill/codes", 200),
        ("jiance", "/laboratory/codes", 200),
        ("chaoshi", "/market/codes", 200),
        ("mifang", "/regulator/codes", 403),
        ("jiance", "/market/record/codes-sold", 403),
        ("chaoshi", "/regulator/suspicions", 403),
        ("yushu", "/regulator/suspicions", 200),
        ("chaoshi", "/farm/record/codes-prepared", 403),
        ("heitu", "/farm/record/codes-prepared", 200),
    ],
)
def test_each_room_is_its_own(still: Rooms, party: str, address: str, status: int) -> None:
    assert still.person(party).get(address).status_code == status


def test_a_grower_issues_codes_asleep(rooms: Rooms) -> None:
    grower = rooms.person("heitu")

    answer = grower.send(
        "/farm/record/codes-issued",
        statement_id="urn:uuid:11111111-1111-4111-8111-111111111112",
        lot=GREEN_LOT,
        first="40",
        count="2",
        pack="5",
        unit="kg",
        at="2026-09-21T09:00",
        asleep="true",
        roll=ROLL,
        roll_first="50",
    )

    told = rooms.last()
    assert answer.status_code == 302
    assert (getattr(told, "asleep", None), getattr(told, "roll_first", None)) == (True, 50)


def test_an_office_sees_codes_that_look_like_copies(rooms: Rooms, office: Person) -> None:
    services, counter = rooms.world.services, ScanCounter()
    rooms.world.at("2026-10-02T08:00:00+08:00")
    for visitor in range(13):
        counter.seen(GREEN_LOT, 5, NOON, visitor=str(visitor).encode())
    for visitor in range(12):
        counter.seen(GREEN_LOT, 6, NOON, visitor=str(visitor).encode())
    counter.flush(services.engine, services.kept_key)

    page = office.get("/regulator/suspicions")

    rows = re.findall(r'data-label="序号">(\d+)<', page.text)
    assert rows == ["5"]
    assert "一天内查询太多" in words_of(page)


def test_a_shopper_reads_that_a_code_may_be_a_copy(active: Rooms) -> None:
    services, counter = active.world.services, ScanCounter()
    for visitor in range(13):
        counter.seen(GREEN_LOT, 15, NOON, visitor=str(visitor).encode())
    counter.flush(services.engine, services.kept_key)

    assert "疑似被复制" in pack_page(active, 15)


def test_the_days_are_told_from_the_terminal(rooms: Rooms) -> None:
    scanned(rooms)
    terminal = Terminal(rooms.world.services.settings.instance)

    done = terminal("scans", "digest", "--json")
    checked = terminal("scans", "check", "--json")

    assert (done.code, checked.code) == (0, 0)
    assert [each["day"] for each in done.json["days"]] == ["2026-10-01"]
    assert checked.json == {"days": ["2026-10-01"], "wrong": []}


def test_a_server_tells_the_log_of_the_day_before(rooms: Rooms) -> None:
    scanned(rooms)
    rooms.world.at("2026-10-02T00:06:00+08:00")
    before = rooms.size

    with scan_nights.counting(rooms.world.services, pause=0.01):
        for _ in range(500):
            if rooms.size > before:
                break
            time.sleep(0.01)

    assert isinstance(rooms.last(), ScansCounted)


@pytest.mark.parametrize(("minute", "days"), [(4, 0), (5, 1)])
def test_a_day_waits_until_all_have_written(rooms: Rooms, minute: int, days: int) -> None:
    scanned(rooms)
    rooms.world.at(f"2026-10-02T00:0{minute}:00+08:00")

    assert len(scan_days.waiting(rooms.world.services)) == days


def test_what_comes_after_its_day_was_told_counts_nowhere(rooms: Rooms) -> None:
    scanned(rooms)
    rooms.world.at("2026-10-02T00:10:00+08:00")
    services = rooms.world.services
    (day,) = scan_days.waiting(services)
    scan_days.count(services, day)

    scanned(rooms)

    with services.reading() as reader:
        assert list(scan_days.differing(services.settings, reader.connection)) == []


# Labels before the goods.


def test_a_grower_prints_a_roll_and_goes_on_with_it(rooms: Rooms) -> None:
    grower = rooms.person("heitu")

    answers = [
        grower.send("/farm/record/codes-prepared", product="paddy", roll="26-L", count=count)
        for count in ("30", "20")
    ]

    told = rooms.last()
    page = grower.get("/farm/codes")
    assert [each.status_code for each in answers] == [302, 302]
    assert isinstance(told, CodesPrepared)
    assert (told.roll, told.first, told.count) == ("/lot/heitu/paddy/26-L", 30, 20)
    assert "26-L 50 0 PDF 0–49" in words_of(page)


@pytest.mark.parametrize(
    ("party", "first", "count", "status"),
    [
        ("heitu", "0", "100", 200),
        ("heitu", "99", "2", 422),
        ("heitu", "x", "2", 422),
        ("mifang", "0", "1", 403),
        ("chaoshi", "0", "1", 404),
    ],
)
def test_blank_labels_are_their_growers(
    still: Rooms, party: str, first: str, count: str, status: int
) -> None:
    room = {"heitu": "farm", "mifang": "mill", "chaoshi": "market"}[party]

    answer = still.person(party).get(f"/{room}/blank-labels.pdf", roll=ROLL, first=first, count=count)

    assert (answer.status_code, answer.data.startswith(b"%PDF-")) == (status, status == 200)


def test_the_short_code_of_a_roll_leads_to_it(still: Rooms) -> None:
    answer = still.app.test_client().get(f"/short/{short.short_code(ROLL)}")

    assert (answer.status_code, answer.location) == (302, ROLL)


def test_a_missing_file_is_written_again_from_its_table(rooms: Rooms) -> None:
    scanned(rooms)
    rooms.world.at("2026-10-02T00:10:00+08:00")
    services = rooms.world.services
    (day,) = scan_days.waiting(services)
    scan_days.count(services, day)
    path = scan_days.file_of(services.settings, day)
    before = path.read_bytes()
    path.unlink()

    written = scan_days.write_missing(services)

    assert (written, path.read_bytes()) == ([day], before)


def test_nobody_makes_a_code_suspect_alone() -> None:
    counter = ScanCounter()

    new = [
        counter.seen(GREEN_LOT, 0, NOON, visitor=f"1.2.3.4 {browser}".encode(), address=b"1.2.3.4")
        for browser in range(20)
    ]

    assert new == [True] * scan_counts.MOST_OF_AN_ADDRESS + [False] * 12


def test_many_codes_are_written_a_few_at_a_time(active: Rooms) -> None:
    services, counter = active.world.services, ScanCounter()
    for index in range(scan_counts.AT_ONCE * 2 + 1):
        counter.seen(PADDY_LOT, index, NOON, visitor=b"x")

    assert counter.flush(services.engine, services.kept_key) == scan_counts.AT_ONCE * 2 + 1


def test_a_mill_issues_codes_asleep(rooms: Rooms) -> None:
    lot = "/lot/mifang/rice/U-1"
    rooms.world.say("mifang", "untraced-received", lot=lot, product="rice", amount={"kg": "50"})
    rooms.world.say("mifang", "codes-prepared", roll="/lot/mifang/rice/K", product="rice", first=0, count=9)

    answer = rooms.person("mifang").send(
        "/mill/codes", lot=lot, pack="5", count="9", asleep="true", roll="K", roll_first="0"
    )

    told = rooms.last()
    assert answer.status_code == 302
    assert isinstance(told, CodesIssued)
    assert (told.asleep, told.roll, told.roll_first) == (True, "/lot/mifang/rice/K", 0)
