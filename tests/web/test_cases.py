"""Recalls, cases, alerts, tasks and reports in the rooms: each step by whose turn it is, and nobody else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import store
from tests.rooms import Rooms, opened_rooms, words_of
from tests.webapp import add_account, sign_in, token_of
from tests.world import BASE_URL, PADDY_LOT, RICE_LOT
from traceability import alerts, cases, recall_clocks, satisfaction, shopper_reports, supervision
from traceability.events.reporting import RatingsCounted
from traceability.scope import Scope
from web import access, shopper_says

HTML = {"Accept": "text/html"}


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as opened:
        opened.world.whole_chain()
        yield opened


def last_digest(rooms: Rooms) -> str:
    with rooms.world.services.reading() as reader:
        return reader.statement(rooms.size - 1).digest


def recalled(rooms: Rooms, lot: str = RICE_LOT) -> str:
    return rooms.world.say("mifang", "recalled", lot=lot, level=2, cause="mislabelled").digest


def test_a_mill_carries_its_recall_out_from_the_call_to_the_end(rooms: Rooms) -> None:
    rooms.world.hand_over(RICE_LOT, "300", by="mifang", to="chaoshi")
    recall = recalled(rooms)
    mill, shop = rooms.person("mifang"), rooms.person("chaoshi")
    kg = {"lot": RICE_LOT, "amount.unit": "kg"}

    answers = [
        mill.send(f"/matters/recall/{recall}/start", notice="已停止销售"),
        mill.send(f"/matters/about/{recall}/notify", {**kg, "amount": "300", "to": "虚构超市采购部"}),
        shop.send(f"/matters/about/{recall}/acknowledge", {**kg, "amount": "280"}),
        shop.send(f"/matters/recall/{recall}/recovered", {**kg, "amount": "280"}),
        shop.send(f"/matters/recall/{recall}/disposed", {**kg, "amount": "280", "disposal": "destroyed"}),
        mill.send(
            f"/matters/recall/{recall}/complete",
            {
                "not_recovered.0.lot": RICE_LOT,
                "not_recovered.0.amount": "20",
                "not_recovered.0.amount.unit": "kg",
                "not_recovered.0.missing_because": "eaten",
            },
        ),
    ]

    assert [answer.status_code for answer in answers] == [302] * 6
    with rooms.world.services.reading() as reader:
        found = recall_clocks.recall(reader.connection, recall)
    assert found is not None
    assert found.state == "completed"
    ours, theirs = (words_of(each.get(f"/matters/recall/{recall}")) for each in (mill, shop))
    assert ["虚构超市采购部" in ours, "虚构超市采购部" in theirs] == [True, False]
    assert "20 公斤（已经食用）" in ours


def test_whoever_holds_recalled_goods_finds_it_among_what_waits(rooms: Rooms) -> None:
    rooms.world.hand_over(RICE_LOT, "300", by="mifang", to="chaoshi")
    recalled(rooms)

    pages = {
        party: words_of(rooms.person(party).get("/matters/")) for party in ("mifang", "chaoshi", "jiance")
    }

    assert {party: "召回批次 R-1" in page for party, page in pages.items()} == {
        "mifang": True,
        "chaoshi": True,
        "jiance": False,
    }


def test_the_clocks_of_a_recall_are_shown_with_their_last_day(rooms: Rooms) -> None:
    recall = recalled(rooms)
    rooms.world.clock.pass_time(hours=49)

    page = words_of(rooms.person("yushu").get("/regulator/recalls"))

    assert "已超时" in page
    assert "2026-11-04" in page
    assert "触及的批次" in words_of(rooms.person("yushu").get(f"/matters/recall/{recall}"))


def test_a_case_goes_through_both_rooms(rooms: Rooms) -> None:
    office, mill, province = (rooms.person(each) for each in ("yushu", "mifang", "sheng"))
    office.send("/regulator/cases/new", respondent="mifang", case_cause="other", note="标签不符")
    case = last_digest(rooms)
    order = {"measures": ["labels", "records"], "until": "2026-10-20", "note": "请更换标签"}
    answers = [office.send(f"/regulator/cases/{case}/order", order)]
    seen = words_of(mill.get(f"/matters/case/{case}"))
    answers.append(mill.send(f"/matters/case/{case}/report", note="已更换"))
    task = {"office": "yushu", "division": "220182", "task_topic": "processing", "until": "2026-10-30"}
    answers.append(province.send("/regulator/tasks/new", task))
    given = last_digest(rooms)
    findings = {"party": "mifang", "findings.0.aspect": "labels", "findings.0.in_order": "true"}
    answers.append(office.send(f"/regulator/tasks/{given}/findings", findings))
    found = last_digest(rooms)
    offered = office.get(f"/regulator/cases/{case}/look-again").text
    answers += [
        office.send(f"/regulator/tasks/{given}/report", summary="合格", proposal="加强培训"),
        office.send(f"/regulator/cases/{case}/look-again", inspection=found, passed="true"),
        office.send(f"/regulator/cases/{case}/close", case_outcome="corrected"),
    ]

    assert [answer.status_code for answer in answers] == [302] * 7
    assert "请更换标签" in seen
    assert found in offered
    with rooms.world.services.reading() as reader:
        closed = cases.case(reader.connection, case)
        done = supervision.task(reader.connection, given)
    assert closed is not None
    assert done is not None
    assert (closed.state, done.reported is not None) == ("closed", True)
    assert "标签不符" in words_of(office.get(f"/regulator/cases/{case}"))
    assert "加强培训" in words_of(office.get(f"/regulator/tasks/{given}"))


def test_a_step_out_of_order_comes_back_with_its_reason(rooms: Rooms) -> None:
    case = rooms.world.say("yushu", "case-opened", respondent="mifang", case_cause="other").digest
    before = rooms.size

    answer = rooms.person("yushu").send(f"/regulator/cases/{case}/close", case_outcome="corrected")

    assert (answer.status_code, rooms.size) == (422, before)
    assert "已立案" in words_of(answer)


def test_an_alert_is_acknowledged_and_dealt_with(rooms: Rooms) -> None:
    failed = rooms.world.inspect(cadmium="0.3", passed=False).digest
    office = rooms.person("yushu")
    before = words_of(office.get("/regulator/alerts"))

    answers = [
        office.send(f"/regulator/alerts/{failed}/failed-test/acknowledge"),
        office.send(f"/regulator/alerts/{failed}/failed-test/done", alert_outcome="recalled"),
        office.send(f"/regulator/alerts/{failed}/failed-test/acknowledge"),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert ["特急" in before, "特急" in words_of(office.get("/regulator/alerts"))] == [True, False]


def test_an_office_warns_of_what_no_rule_has_found(rooms: Rooms) -> None:
    office = rooms.person("sheng")

    answer = office.send("/regulator/alerts/new", severity="high", division="220182", note="省外通报")

    assert answer.status_code == 302
    with rooms.world.services.reading() as reader:
        scope = Scope.of(reader.connection, "220182")
        assert alerts.is_warning_within(reader.connection, scope, rooms.size - 1)
    assert "风险预警" in words_of(rooms.person("yushu").get("/regulator/alerts"))


@pytest.mark.parametrize("path", ["/regulator/holds/new", "/regulator/cases/new", "/regulator/samplings/new"])
def test_an_office_names_a_lot_by_the_address_that_it_scanned(rooms: Rooms, path: str) -> None:
    office, scanned = rooms.person("yushu"), f" {BASE_URL}{PADDY_LOT}"
    told = {
        "hold_cause": "export-alert",
        "respondent": "heitu",
        "case_cause": "other",
        "sample": "S-1",
        "purpose": "routine",
        "product_class": "agricultural",
        "amount": "1",
        "division": "220182",
    }

    answers = office.get(path, lot=scanned), office.send(path, told, lot=scanned)

    assert [answer.status_code for answer in answers] == [200, 302], words_of(answers[1])
    assert getattr(rooms.last(), "lot", None) == PADDY_LOT


def test_a_lot_is_stopped_at_once_with_all_who_hold_it(rooms: Rooms) -> None:
    rooms.world.hand_over(RICE_LOT, "300", by="mifang", to="chaoshi")
    office = rooms.person("yushu")
    shown = words_of(office.get("/regulator/holds/new", lot=PADDY_LOT))

    answer = office.send("/regulator/holds/new", lot=PADDY_LOT, hold_cause="export-alert")
    hold = last_digest(rooms)
    told = office.send(f"/matters/about/{hold}/notify", lot=RICE_LOT, to="虚构出口公司")
    shop = words_of(rooms.person("chaoshi").get("/matters/"))
    lifted = office.send(f"/regulator/holds/{hold}/lift", note="已查明")

    assert [each.status_code for each in (answer, told, lifted)] == [302] * 3
    assert "长春虚构超市" in shown
    assert "责令暂停 26-A" in shop
    assert "已恢复" in words_of(office.get(f"/matters/hold/{hold}"))


# Shoppers.


def reported(rooms: Rooms, **told: str) -> str:
    client = rooms.app.test_client()
    token = token_of(client.get(RICE_LOT, headers=HTML))
    form = {
        "csrf_token": token,
        "lot": RICE_LOT,
        "complaint": "counterfeit",
        "text": "袋子印得不一样",
        **told,
    }
    answer = client.post("/report", data=form)
    found = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", answer.text)
    assert found is not None
    return found[0]


def test_a_report_is_followed_by_its_number_and_paid_to_it(rooms: Rooms) -> None:
    number = reported(rooms)
    report = last_digest(rooms)
    office, shopper = rooms.person("yushu"), rooms.app.test_client()
    pages = [words_of(shopper.get(f"/report/{number}", headers=HTML))]
    answers = [
        office.send(f"/regulator/reports/{report}/answer", report_status="accepted", note="去市场看看"),
        office.send(f"/regulator/reports/{report}/answer", report_status="confirmed"),
        office.send(f"/regulator/reports/{report}/reward", reward="300"),
    ]
    pages.append(words_of(shopper.get(f"/report/{number.lower()}", headers=HTML)))
    wrong = office.send(f"/regulator/reports/{report}/pay", report_number="0000-0000-0000-0000")
    paid = office.send(f"/regulator/reports/{report}/pay", report_number=number)

    assert [answer.status_code for answer in (*answers, wrong, paid)] == [302, 302, 302, 422, 302]
    assert ["已收到" in pages[0], "凭编号领取" in pages[1]] == [True, True]
    assert not any(word in page for page in pages for word in ("袋子", "去市场看看", "300"))
    assert "袋子印得不一样" in words_of(office.get(f"/regulator/reports/{report}"))


def test_a_counterfeit_becomes_a_case(rooms: Rooms) -> None:
    reported(rooms)
    report = last_digest(rooms)
    office = rooms.person("yushu")

    form = {"respondent": "mifang", "case_cause": "counterfeit", "lot": RICE_LOT, "source": report}
    answer = office.send("/regulator/cases/new", form)

    assert answer.status_code == 302
    with rooms.world.services.reading() as reader:
        (opened,) = cases.cases(reader.connection, Scope(None))
    assert (opened.source, opened.cause) == (report, "counterfeit")


@pytest.mark.parametrize("number", ["0000-0000-0000-0000", "x", "<script>", "R4T82KQ79XNC5HVM"])
def test_a_number_that_nobody_has_shows_nothing(rooms: Rooms, number: str) -> None:
    answer = rooms.app.test_client().get(f"/report/{number}", headers=HTML)

    assert (answer.status_code, "<script>" in answer.text) == (404, False)


def test_the_page_of_a_number_is_kept_by_no_cache_and_told_to_no_site(rooms: Rooms) -> None:
    number = reported(rooms)
    client = rooms.app.test_client()

    answer = client.get("/report/", query_string={"number": number}, headers=HTML)
    page = client.get(answer.location, headers=HTML)

    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_log_has_neither_number_nor_words_of_a_report(rooms: Rooms) -> None:
    number = reported(rooms)
    plain = number.replace("-", "")

    with rooms.world.services.reading() as reader:
        entry = reader.entry(rooms.size - 1)
        found = shopper_reports.by_receipt(reader.connection, shopper_reports.receipt_of(plain))

    told = str(entry.record)
    assert [each in told for each in (number, plain, "袋子")] == [False] * 3
    assert found is not None


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"score": "5"}, 200),
        ({"score": "6"}, 422),
        ({"score": ""}, 422),
        ({"score": "5", "lot": "/lot/a/b/c"}, 404),
    ],
)
def test_one_tap_rates_a_lot(rooms: Rooms, form: dict[str, str], status: int) -> None:
    client = rooms.app.test_client()
    token = token_of(client.get(RICE_LOT, headers=HTML))

    answer = client.post("/rate", data={"csrf_token": token, "lot": RICE_LOT, **form}, headers=HTML)

    assert answer.status_code == status


def test_the_taps_of_a_day_are_counted_once_when_it_is_over(rooms: Rooms) -> None:
    shared = rooms.world.services
    for score in ("5", "5", "4", "1"):
        shopper_says.rate(shared, lot=RICE_LOT, score=score)
    before = rooms.size
    same_day = shopper_says.count_days(shared)
    rooms.world.clock.pass_time(days=1)

    counted = shopper_says.count_days(shared), shopper_says.count_days(shared)

    assert (same_day, len(counted[0]), counted[1], rooms.size) == ([], 1, [], before + 1)
    event = rooms.last()
    assert isinstance(event, RatingsCounted)
    (line,) = event.ratings
    assert (line.party, line.division, line.counts) == ("mifang", "220182", (1, 0, 0, 1, 2))
    with shared.reading() as reader:
        found = satisfaction.satisfaction(reader.connection, "220182", event.counted_day, event.counted_day)
    assert (found.n, found.content) == (4, 3)


def test_whoever_taps_too_often_is_asked_to_wait(rooms: Rooms) -> None:
    client = rooms.app.test_client()
    token = token_of(client.get(RICE_LOT, headers=HTML))
    form = {"csrf_token": token, "lot": RICE_LOT, "score": "1"}

    answers = [client.post("/rate", data=form, headers=HTML).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]
    with rooms.app.app_context():
        access.limiter.reset()


# Who may not.


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rooms, dict[str, str]]]:
    with opened_rooms(tmp_path_factory.mktemp("guarded")) as opened:
        made = opened.world
        made.whole_chain()
        case = made.say("yushu", "case-opened", respondent="mifang", case_cause="other").digest
        made.say("yushu", "correction-ordered", case=case, until="2026-10-20", measures=["labels"])
        task = {"office": "yushu", "division": "220182", "task_topic": "inputs", "until": "2026-10-30"}
        with store.writing(made.services.engine) as connection:
            add_account(connection, made.services.kept_key, "regulator", "shulan")
        yield (
            opened,
            {
                "case": case,
                "recall": recalled(opened),
                "hold": made.say("yushu", "hold-placed", lot=RICE_LOT, hold_cause="other").digest,
                "task": made.say("yushu", "task-assigned", **task).digest,
                "report": made.say(
                    "operator", "report-received", receipt="ab" * 32, complaint="label", lot=RICE_LOT
                ).digest,
            },
        )


OFFICES_ONLY = (
    "/regulator/alerts",
    "/regulator/alerts/new",
    "/regulator/alerts/{hold}/hold-placed/done",
    "/regulator/cases",
    "/regulator/cases/new",
    "/regulator/cases/{case}",
    "/regulator/cases/{case}/order",
    "/regulator/cases/{case}/look-again",
    "/regulator/cases/{case}/close",
    "/regulator/recalls",
    "/regulator/holds/new",
    "/regulator/holds/{hold}/lift",
    "/regulator/tasks",
    "/regulator/tasks/new",
    "/regulator/tasks/{task}",
    "/regulator/tasks/{task}/findings",
    "/regulator/tasks/{task}/report",
    "/regulator/reports",
    "/regulator/reports/{report}",
    "/regulator/reports/{report}/answer",
    "/regulator/reports/{report}/reward",
    "/regulator/reports/{report}/pay",
)
CONCERNED_ONLY = (
    "/matters/case/{case}",
    "/matters/case/{case}/report",
    "/matters/recall/{recall}",
    "/matters/recall/{recall}/start",
    "/matters/recall/{recall}/recovered",
    "/matters/recall/{recall}/disposed",
    "/matters/recall/{recall}/complete",
    "/matters/hold/{hold}",
    "/matters/about/{hold}/notify",
    "/matters/about/{recall}/acknowledge",
)


@pytest.mark.parametrize("address", OFFICES_ONLY)
def test_a_mill_is_not_let_into_what_is_the_offices(
    guarded: tuple[Rooms, dict[str, str]], address: str
) -> None:
    rooms, names = guarded
    mill = rooms.person("mifang")

    answers = [mill.get(address.format(**names)), mill.send(address.format(**names))]

    assert {answer.status_code for answer in answers} <= {403, 405}


@pytest.mark.parametrize("address", CONCERNED_ONLY)
@pytest.mark.parametrize("party", ["chaoshi", "heitu"])
def test_nobody_sees_what_concerns_others(
    guarded: tuple[Rooms, dict[str, str]], address: str, party: str
) -> None:
    rooms, names = guarded
    stranger = rooms.person(party)

    answers = [stranger.get(address.format(**names)), stranger.send(address.format(**names))]

    # The coop grew the paddy that the rice was made of, and has nothing of the rice.
    assert {answer.status_code for answer in answers} <= {403, 405}


@pytest.mark.parametrize("address", [*OFFICES_ONLY, *CONCERNED_ONLY, "/matters/"])
def test_whoever_has_not_signed_in_is_sent_to_the_door(
    guarded: tuple[Rooms, dict[str, str]], address: str
) -> None:
    rooms, names = guarded

    answer = rooms.app.test_client().get(address.format(**names), headers=HTML)

    assert (answer.status_code, "/sign-in" in answer.location) == (302, True)


@pytest.mark.parametrize(
    "address",
    [
        "/regulator/cases/{none}",
        "/regulator/tasks/{none}",
        "/regulator/reports/{none}",
        "/regulator/holds/{none}/lift",
        "/matters/recall/{none}",
    ],
)
def test_what_is_not_there_is_not_found(guarded: tuple[Rooms, dict[str, str]], address: str) -> None:
    rooms, _ = guarded

    answer = rooms.person("yushu").get(address.format(none="ef" * 32))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/regulator/cases/{case}",
        "/regulator/reports/{report}",
        "/regulator/tasks/{task}",
        "/matters/recall/{recall}",
        "/matters/hold/{hold}",
        "/regulator/holds/{hold}/lift",
    ],
)
def test_an_office_of_another_division_is_not_let_in(
    guarded: tuple[Rooms, dict[str, str]], address: str
) -> None:
    rooms, names = guarded
    far = rooms.app.test_client()
    sign_in(far, "shulan")

    assert far.get(address.format(**names)).status_code == 403
