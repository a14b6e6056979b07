"""Samples, results, objections and instruments on the pages, from the office to the maker and back."""

from collections.abc import Iterator

import pytest

from tests.rooms import Rooms, opened_rooms, typed_in, words_of
from tests.world import RICE_LOT
from traceability.events.quality import Inspected
from traceability.events.testing import Objected, ResultNotified, RetestOrdered, Sampled

SAMPLED = {
    "lot": RICE_LOT,
    "sample": "S-7",
    "purpose": "supervision",
    "product_class": "food",
    "amount": "2",
    "laboratory": "jiance",
    "division": "220182",
    "plan": "2026-4",
}
FAILED = {
    "lot": RICE_LOT,
    "sample": "S-7",
    "purpose": "supervision",
    "sampled_on": "2026-10-08",
    "results.0.analyte": "镉",
    "results.0.unit": "mg/kg",
    "results.0.value": "0.5",
    "results.0.passed": "false",
    "results.0.test_method": "GB 5009.15-2023",
    "results.0.rapid": "",
}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("results")) as made:
        told = made.world
        told.at("2026-09-21T08:00:00+08:00")
        told.harvest()
        told.hand_over("/lot/heitu/paddy/26-A", "5000", by="heitu", to="mifang")
        told.mill()
        told.at("2026-10-08T08:00:00+08:00")
        yield made


@pytest.fixture(scope="module")
def inspection(rooms: Rooms) -> str:
    """Take a sample and let it fail; return the digest of the report."""
    office, laboratory, province = (rooms.person(name) for name in ("yushu", "jiance", "sheng"))
    accredited = {"party": "jiance", "scheme": "CMA", "number": "CMA-虚构", "since": "2026-01-01"}
    answer = province.send("/regulator/accreditations/new", accredited, until="2028-12-31", analytes="镉")
    assert answer.status_code == 302, words_of(answer)
    answer = office.send("/regulator/samplings/new", SAMPLED)
    assert answer.status_code == 302, words_of(answer)
    sampled = rooms.last()
    assert isinstance(sampled, Sampled)
    assert (sampled.commodity, sampled.laboratory, sampled.plan) == ("milled-rice", "jiance", "2026-4")
    answer = laboratory.send("/laboratory/inspect", FAILED)
    assert answer.status_code == 302, words_of(answer)
    with rooms.world.services.reading() as reader:
        return reader.statement(rooms.size - 1).digest


def test_a_sample_waits_on_the_desk_of_its_laboratory(rooms: Rooms) -> None:
    rooms.person("yushu").send("/regulator/samplings/new", {**SAMPLED, "sample": "S-wait"})
    laboratory = rooms.person("jiance")

    page = laboratory.get("/laboratory/")
    form = laboratory.get("/laboratory/inspect", code=RICE_LOT, sample="S-wait")

    assert "S-wait" in words_of(page)
    assert (typed_in(form, "sample"), typed_in(form, "sampled_on")) == ("S-wait", "2026-10-08")


def test_a_result_is_told_objected_to_and_tested_again(rooms: Rooms, inspection: str) -> None:
    laboratory, mill, office = (rooms.person(each) for each in ("jiance", "mifang", "yushu"))

    form = laboratory.get(f"/laboratory/reports/{inspection}/notify")
    answer = laboratory.send(f"/laboratory/reports/{inspection}/notify", party="mifang", until="2026-10-16")

    assert (typed_in(form, "until"), answer.status_code) == ("2026-10-14", 302)
    assert isinstance(rooms.last(), ResultNotified)
    assert "异议到 2026-10-16 为止" in words_of(mill.get("/results/"))
    answer = mill.send(f"/results/{inspection}/object", reason="样品混放")
    assert (answer.status_code, type(rooms.last())) == (302, Objected)
    with rooms.world.services.reading() as reader:
        objection = reader.statement(rooms.size - 1).digest
    assert "安排复检" in words_of(office.get("/regulator/samplings"))
    form = office.get(f"/regulator/samplings/{objection}/retest")
    assert typed_in(form, "due") == "2026-10-16"
    same = office.send(f"/regulator/samplings/{objection}/retest", laboratory="jiance", due="2026-10-16")
    assert (same.status_code, "初检机构" in words_of(same)) == (422, True)
    assert not isinstance(rooms.last(), RetestOrdered)


def test_the_office_sees_the_list_and_who_is_accredited(rooms: Rooms, inspection: str) -> None:
    page = words_of(rooms.person("yushu").get("/regulator/samplings"))

    assert inspection
    assert all(each in page for each in ("S-7", "监督抽查", "CMA-虚构", "不合格", "有效"))


def test_another_method_and_standard_stand_in_the_report(rooms: Rooms, inspection: str) -> None:
    with rooms.world.services.reading() as reader:
        told = [reader.statement(index).event for index in range(rooms.size - 12, rooms.size) if index]
    (report,) = [each for each in told if isinstance(each, Inspected)]

    assert inspection
    assert (report.results[0].test_method, report.results[0].rapid) == ("GB 5009.15-2023", False)


def test_a_scale_is_registered_calibrated_and_shown_with_its_day(rooms: Rooms) -> None:
    coop = rooms.person("heitu")

    answer = coop.send("/results/instruments/registered", instrument="1号地磅", instrument_type="scale")
    before = words_of(coop.get("/results/instruments"))
    told = {"instrument": "1号地磅", "institution": "虚构计量院", "conclusion": "passed", "due": "2026-10-31"}
    again = coop.send("/results/instruments/calibrated", told)

    assert (answer.status_code, again.status_code) == (302, 302)
    assert "没有检定合格" in before
    assert "快到期" in words_of(coop.get("/results/instruments"))


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("chaoshi", "/results/{inspection}/object", 403),
        ("jiance", "/results/", 403),
        ("yushu", "/results/", 403),
        ("heitu", "/laboratory/", 403),
        ("heitu", "/laboratory/sampled", 403),
        ("heitu", "/laboratory/reports/{inspection}/notify", 403),
        ("heitu", "/regulator/samplings", 403),
        ("jiance", "/regulator/samplings/new", 403),
        ("heitu", "/regulator/accreditations/new", 403),
        ("yushu", "/results/instruments", 403),
        ("mifang", "/results/" + "0" * 64 + "/object", 404),
        ("jiance", "/laboratory/reports/" + "0" * 64 + "/notify", 404),
        ("yushu", "/regulator/samplings/" + "0" * 64 + "/retest", 404),
    ],
)
def test_a_page_is_for_those_whose_it_is(
    rooms: Rooms, inspection: str, who: str, address: str, status: int
) -> None:
    assert rooms.person(who).get(address.format(inspection=inspection)).status_code == status


def test_the_catalogue_tells_what_is_to_be_checked_and_what_has_ended(rooms: Rooms) -> None:
    page = words_of(rooms.person("heitu").get("/results/standards"))

    assert all(
        each in page for each in ("GB 2762-2022", "现行", "待核实", "无公害农产品", "已停止，只作历史")
    )
