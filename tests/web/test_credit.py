"""Credit, draws and the report on pages: the public list, the office's room, and who may say what."""

import csv
import io
import json
from collections.abc import Iterator

import pytest

from tests.rooms import Person, Rooms, opened_rooms, words_of
from tests.world import RICE_LOT
from traceability.draw import commitment_of
from traceability.events.credit import CreditObjected, DishonestyListed, DrawAnnounced, DrawMade
from traceability.events.followup import Corrected
from traceability.events.registry import PartyRegistered
from traceability.limits import shipped_rules
from traceability.rule_tables.credit import GRADES
from web.words import VOCABULARIES

OFFICE_PAGES = (
    "/regulator/credit",
    "/regulator/dossier/heitu",
    "/regulator/draws",
    "/regulator/report",
    "/regulator/report.json",
    "/regulator/credit/list",
    "/regulator/credit/decide",
    "/regulator/credit/repair",
    "/regulator/credit/repair-listing",
    "/regulator/credit/lift",
    "/regulator/draws/announce",
    "/regulator/draws/make",
    "/regulator/draws/withdraw",
)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("credit-pages")) as made:
        made.world.whole_chain()
        made.world.say("mifang", "recalled", lot=RICE_LOT, level=3, cause="mislabelled", note="标签印错")
        yield made


@pytest.fixture(scope="module")
def office(rooms: Rooms) -> Person:
    return rooms.person("yushu")


@pytest.fixture(scope="module")
def mill(rooms: Rooms) -> Person:
    return rooms.person("mifang")


@pytest.mark.parametrize("address", OFFICE_PAGES)
def test_the_office_keeps_its_pages_to_itself(mill: Person, address: str) -> None:
    assert mill.get(address).status_code == 403


@pytest.mark.parametrize("address", OFFICE_PAGES)
def test_nobody_sees_them_without_signing_in(rooms: Rooms, address: str) -> None:
    assert rooms.app.test_client().get(address).status_code in {302, 401}


@pytest.mark.parametrize(
    "address", ["/credit", "/credit/draws", "/credit/party/mifang", "/credit/dishonest.json"]
)
def test_what_is_public_needs_no_account(rooms: Rooms, address: str) -> None:
    assert rooms.app.test_client().get(address).status_code == 200


def test_a_file_shows_each_record_and_the_calculation(rooms: Rooms) -> None:
    told = words_of(rooms.app.test_client().get("/credit/party/mifang"))

    assert "三级召回" in told
    assert "起始分" in told
    assert "每隔多少天减半" in told


def test_an_unknown_party_has_no_file(rooms: Rooms) -> None:
    assert rooms.app.test_client().get("/credit/party/nobody").status_code == 404


def test_the_office_lists_the_worst_first(office: Person) -> None:
    told = words_of(office.get("/regulator/credit"))

    assert told.index("榆树虚构米坊") < told.index("榆树虚构黑土水稻合作社")


def test_offices_are_not_graded(rooms: Rooms, office: Person) -> None:
    listed = words_of(rooms.person("sheng").get("/regulator/credit"))
    form = words_of(office.get("/regulator/credit/list"))
    files = [
        rooms.app.test_client().get(f"/credit/party/{each}").status_code
        for each in ("yushu", "operator", "heitu")
    ]

    shown = [("榆树虚构米坊" in page, "榆树市虚构农业农村局" in page) for page in (listed, form)]
    assert (shown, files) == ([(True, False)] * 2, [404, 404, 200])


def test_a_dossier_has_credit_tests_cases_and_records(office: Person) -> None:
    told = words_of(office.get("/regulator/dossier/mifang"))

    assert all(part in told for part in ("单位档案", "信用", "抽检", "案件", "它的记录"))


def test_another_divisions_dossier_stays_closed(rooms: Rooms, office: Person) -> None:
    rooms.world.services.register_party(
        PartyRegistered(
            at=rooms.world.clock(),
            party="shulan-he",
            role="cooperative",
            division="220283",
            name="舒兰",
        )
    )

    assert office.get("/regulator/dossier/shulan-he").status_code == 403


def recall_of(rooms: Rooms) -> str:
    return rooms.world.statement_of("recalled").digest


def test_a_party_objects_to_a_record_of_its_own(rooms: Rooms, mill: Person, office: Person) -> None:
    answer = mill.send("/credit/object", target=recall_of(rooms), note="标签没有错")
    event = rooms.last()

    assert answer.status_code == 302
    assert isinstance(event, CreditObjected)
    assert event.target == recall_of(rooms)
    assert "异议处理中" in words_of(mill.get("/credit/mine"))
    assert "等待处理的异议" in words_of(office.get("/regulator/credit"))


def test_nobody_objects_to_a_record_of_somebody_else(rooms: Rooms) -> None:
    size = rooms.size

    answer = rooms.person("heitu").send("/credit/object", target=recall_of(rooms))

    assert (answer.status_code, rooms.size) == (403, size)


LISTING = {
    "party": "mifang",
    "legal_basis": "农产品质量安全法 第七十条",
    "excludes": "procurement",
    "since": "2026-10-08",
    "until": "2029-10-07",
}


def test_a_listing_is_public_for_people_and_programs(rooms: Rooms, office: Person) -> None:
    office.send("/regulator/credit/list", LISTING, facts=recall_of(rooms))
    event = rooms.last()
    client = rooms.app.test_client()
    (told,) = client.get("/credit/dishonest.json").get_json()["listings"]
    (row,) = csv.DictReader(io.StringIO(client.get("/credit/dishonest.csv").text.lstrip("\ufeff")))

    assert isinstance(event, DishonestyListed)
    assert told == {
        "party": "mifang",
        "name": "榆树虚构米坊",
        "state": "listed",
        "legal_basis": LISTING["legal_basis"],
        "excludes": ["procurement"],
        "since": LISTING["since"],
        "until": LISTING["until"],
        "listed_by": "yushu",
        "entry": rooms.size - 1,
        "facts": told["facts"],
    }
    assert (row["party"], row["state"], row["excludes"]) == ("mifang", "listed", "procurement")
    assert "政府采购" in words_of(client.get("/credit"))


def test_an_office_without_the_division_lists_nobody(rooms: Rooms, office: Person) -> None:
    size = rooms.size

    answer = office.send("/regulator/credit/list", {**LISTING, "party": "chaoshi"}, facts=recall_of(rooms))

    assert (answer.status_code, rooms.size) == (422, size)
    assert "请从列表中选择" in words_of(answer)


ANNOUNCED = {
    "division": "220182",
    "roles": "cooperative\nprocessor",
    "inspectors": "E02\nE01",
    "count": "1",
    "each": "1",
}


def test_a_draw_goes_from_its_announcement_to_its_result(rooms: Rooms, office: Person) -> None:
    size = rooms.size
    office.send(
        "/regulator/draws/announce", ANNOUNCED, seed_size=str(size + 3), commitment=commitment_of("鸡鸣")
    )
    announced = rooms.last()
    assert isinstance(announced, DrawAnnounced)
    digest = rooms.world.statement_of("draw-announced").digest

    early = office.send("/regulator/draws/make", target=digest, word="鸡鸣")
    for _ in range(3):
        rooms.world.say("heitu", "input-bought", name="尿素", category="fertiliser", amount="5", unit="kg")
    wrong = office.send("/regulator/draws/make", target=digest, word="狗吠")
    done = office.send("/regulator/draws/make", target=digest, word="鸡鸣")
    made = rooms.last()

    assert (early.status_code, wrong.status_code, done.status_code) == (422, 422, 302)
    assert announced.inspectors == ("E01", "E02")
    assert {party for group in announced.pool for party in group.parties} == {"heitu", "mifang"}
    assert isinstance(made, DrawMade)
    assert made.drawn[0].party in {"heitu", "mifang"}
    page = words_of(rooms.app.test_client().get(f"/credit/draws/{size}"))
    assert "jizihao draw check" in page
    assert made.drawn[0].inspectors[0] in page


def test_everybody_sees_what_became_of_the_draws_of_an_office(rooms: Rooms) -> None:
    pool = [{"grade": "B", "weight": 2, "parties": ["chaoshi"]}]
    told = {"division": "220102", "roles": ["retailer"], "pool": pool, "inspectors": ["E1"], "count": 1}
    word = {"seed_size": rooms.size + 2, "commitment": commitment_of("鸡鸣"), "each": 1}
    lost = rooms.world.say("sheng", "draw-announced", **told, **word)
    rooms.world.say("heitu", "input-bought", name="尿素", category="fertiliser", amount="5", unit="kg")

    gone = rooms.world.say("sheng", "corrected", target=lost.digest, reason="incorrect")

    page = words_of(rooms.app.test_client().get("/credit/draws"))
    assert "放弃的抽查" in page
    assert f"第 {lost.index} 条公告，第 {gone.index} 条撤回" in page


def test_an_office_withdraws_its_own_announcement_and_no_other(rooms: Rooms, office: Person) -> None:
    office.send("/regulator/draws/announce", ANNOUNCED, seed_size=str(rooms.size + 50))
    with rooms.world.services.reading() as reader:
        digest = reader.statement(rooms.size - 1).digest
    size = rooms.size
    shown = words_of(office.get("/regulator/draws/withdraw", target=digest))
    again = office.send("/regulator/draws/announce", ANNOUNCED, seed_size=str(rooms.size + 50))

    strange = rooms.person("sheng").send("/regulator/draws/withdraw", target=digest, reason="incorrect")
    own = office.send("/regulator/draws/withdraw", target=digest, reason="incorrect", note="改期")

    assert ("可以撤回" in shown, "还有一次公告没有抽取" in words_of(again)) == (True, True)
    assert (again.status_code, strange.status_code, own.status_code) == (422, 403, 302)
    assert (type(rooms.last()), rooms.size) == (Corrected, size + 1)


def test_a_grade_that_the_file_does_not_give_is_shown(rooms: Rooms) -> None:
    weights = {row.grade: row.lots for row in shipped_rules().rows(GRADES)}
    pool = [{"grade": "A", "weight": weights["A"], "parties": ["chaoshi"]}]
    told = {"division": "220102", "roles": ["retailer"], "pool": pool, "inspectors": ["E1"], "count": 1}
    entry = rooms.world.say("sheng", "draw-announced", **told, seed_size=rooms.size + 50, each=1).index

    found = rooms.app.test_client().get(f"/credit/draws/{entry}/grades")

    assert "长春虚构超市AB" in words_of(found).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("entry", ["0", "99999", "9" * 30])
def test_a_draw_that_is_nowhere_has_no_grades(rooms: Rooms, entry: str) -> None:
    assert rooms.app.test_client().get(f"/credit/draws/{entry}/grades").status_code == 404


@pytest.mark.parametrize("entry", ["0", "99999", "9" * 30])
def test_a_draw_that_is_nowhere_is_not_found(rooms: Rooms, entry: str) -> None:
    assert rooms.app.test_client().get(f"/credit/draws/{entry}").status_code == 404


def test_a_report_is_shown_and_given_as_a_file(office: Person) -> None:
    page = office.get("/regulator/report", period="2026Q4", division="220182")
    told = json.loads(office.get("/regulator/report.json", period="2026Q4", division="220182").data)
    paper = office.get("/regulator/report.pdf", period="2026Q4", division="220182")

    assert page.status_code == 200
    assert "主要农产品质量安全例行监测合格率" in words_of(page)
    assert (told["division"], told["period"]["text"]) == ("220182", "2026Q4")
    assert paper.data.startswith(b"%PDF-")


def test_a_report_of_another_division_is_not_given(office: Person) -> None:
    assert office.get("/regulator/report", division="220283").status_code == 403


def test_a_period_that_is_none_is_told_at_its_field(office: Person) -> None:
    page = office.get("/regulator/report", period="第三季度")

    assert page.status_code == 422
    assert "不是期间" in words_of(page)


def test_several_roles_are_called_as_one_is() -> None:
    assert VOCABULARIES["roles"] == VOCABULARIES["role"]
