"""Certificates on the pages: printed, collected, replaced, reported; and those that somebody is granted."""

from collections.abc import Iterator

import pytest

from ledger import store
from tests.rooms import Rooms, opened_rooms, words_of
from tests.webapp import PASSWORD
from tests.world import PADDY_LOT, PLOT
from traceability.events.certifying import (
    CertificateCollected,
    CertificateReported,
    SchemeBaseRegistered,
    SchemeChanged,
    SchemeUsed,
)
from traceability.events.quality import CertificateIssued
from web import accounts

ISSUED = {
    "lot": PADDY_LOT,
    "number": "C-1",
    "name": "榆树虚构稻谷",
    "amount": {"kg": "5000"},
    "division": "220182",
    "basis": "controlled",
    "contact": "13800000000",
}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("certificates")) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        made.world.harvest()
        yield made


@pytest.fixture(scope="module")
def certificate(rooms: Rooms) -> str:
    """Issue a certificate and hand the lot over; return the certificate's digest."""
    digest = rooms.world.say("heitu", "certificate-issued", **ISSUED).digest
    rooms.world.hand_over(PADDY_LOT, "2000", by="heitu", to="mifang")
    return digest


@pytest.fixture(scope="module")
def granted(rooms: Rooms) -> str:
    """Grant the cooperative a certificate; return its digest."""
    told = {"scheme": "green-food", "grantee": "heitu", "number": "LB-虚构-1", "since": "2026-01-01"}
    bounds = {"until": "2028-12-31", "goods": "paddy", "tonnage_kg": "1000", "area_ha": "1"}
    answer = rooms.person("sheng").send("/certificates/granted/new", {**told, **bounds})
    assert answer.status_code == 302, words_of(answer)
    with rooms.world.services.reading() as reader:
        return reader.statement(rooms.size - 1).digest


@pytest.mark.parametrize("paper", ["a4", "roll80", "roll58"])
def test_a_certificate_is_printed_on_three_papers(rooms: Rooms, certificate: str, paper: str) -> None:
    coop = rooms.person("heitu")

    page = coop.get(f"/certificates/{certificate}", paper=paper)
    file = coop.get(f"/certificates/{certificate}.pdf", paper=paper)

    assert "<h1>承诺达标合格证</h1>" in page.text
    assert f'class="slip {paper}"' in page.text
    assert all(each in words_of(page) for each in ("榆树虚构稻谷", "5,000 公斤", "吉林省长春市榆树市", "C-1"))
    assert "<svg" in page.text
    assert file.data.startswith(b"%PDF")


@pytest.mark.parametrize(("division", "expected"), [("220182", 200), ("220100", 200), ("220283", 403)])
def test_an_office_reads_the_sealed_contact_in_its_own_division_alone(
    rooms: Rooms, certificate: str, division: str, expected: int
) -> None:
    shared, name = rooms.world.services, f"office-{division}"
    with store.writing(shared.engine) as connection:
        told = {"name": name, "party": name, "role": "regulator", "division": division, "language": "zh"}
        accounts.create(connection, shared.kept_key, **told, password=PASSWORD)  # type: ignore[arg-type]  # a role
    office = rooms.person(name)

    answers = [office.get(f"/certificates/{certificate}{ending}") for ending in ("", ".pdf")]

    assert [answer.status_code for answer in answers] == [expected, expected]
    assert (str(ISSUED["contact"]) in answers[0].text) == (expected == 200)


def test_the_buyer_collects_it_and_may_report_it(rooms: Rooms, certificate: str) -> None:
    mill = rooms.person("mifang")

    page = words_of(mill.get("/certificates/"))
    collected = mill.send(f"/certificates/{certificate}/collect")
    kept = rooms.last()
    reported = mill.send(f"/certificates/{certificate}/report", fault="illegible", note="字迹模糊")

    assert "查看并收取" in page
    assert (collected.status_code, reported.status_code) == (302, 302)
    assert (type(kept), type(rooms.last())) == (CertificateCollected, CertificateReported)
    assert "已收取" in words_of(mill.get("/certificates/"))
    assert "有人反映有误" in words_of(rooms.person("heitu").get("/certificates/"))
    # 产地的监管部门: the certificate's division is Yushu.
    assert "反映有误的合格证" in words_of(rooms.person("yushu").get("/certificates/"))


def test_a_certificate_is_replaced_and_the_old_one_no_longer_printed(rooms: Rooms) -> None:
    lot = "/lot/heitu/paddy/26-C"
    rooms.world.harvest("100", lot=lot)
    told = {**ISSUED, "lot": lot, "number": "C-9", "amount": {"kg": "100"}}
    digest = rooms.world.say("heitu", "certificate-issued", **told).digest
    coop = rooms.person("heitu")

    form = {
        "number": "C-10",
        "name": "榆树虚构稻谷",
        "amount": "90",
        "division": "220182",
        "basis": "controlled",
    }
    answer = coop.send(f"/certificates/{digest}/replace", form, contact="13800000000")

    issued = rooms.last()
    assert (answer.status_code, type(issued)) == (302, CertificateIssued)
    assert isinstance(issued, CertificateIssued)
    assert issued.supersedes == digest
    assert "已由新的合格证代替" in words_of(coop.get(f"/certificates/{digest}"))
    assert coop.get(f"/certificates/{digest}.pdf").status_code == 404


def test_a_buyer_issues_one_with_the_promise_of_buyers(rooms: Rooms, certificate: str) -> None:
    mill = rooms.person("mifang")
    form = {"lot": PADDY_LOT, "number": "M-1", "name": "稻谷", "amount": "2000", "division": "220182"}

    answer = mill.send("/results/certificate/new", form, basis="controlled", contact="0431", promise="buyer")

    with rooms.world.services.reading() as reader:
        digest = reader.statement(rooms.size - 1).digest
    assert (answer.status_code, certificate != digest) == (302, True)
    page = words_of(mill.get(f"/certificates/{digest}"))
    assert all(each in page for each in ("已按规定收取并保存", "承诺主体 榆树虚构米坊"))


def test_a_granted_certificate_is_used_up_and_no_further(rooms: Rooms, granted: str) -> None:
    coop = rooms.person("heitu")
    form = {"certificate": granted, "lot": PADDY_LOT}

    first = coop.send("/certificates/granted/use", form, amount="1000")
    second = coop.send("/certificates/granted/use", form, amount="0.001")

    assert (first.status_code, second.status_code) == (302, 422)
    assert "不能再用" in words_of(second)
    assert isinstance(rooms.last(), SchemeUsed)
    assert "1,000 公斤 / 1,000 公斤" in words_of(coop.get("/certificates/"))


def test_the_base_is_no_larger_than_certified(rooms: Rooms, granted: str) -> None:
    coop = rooms.person("heitu")
    form = {"certificate": granted, "plots.0.plot": PLOT}

    too_much = coop.send("/certificates/granted/base", {**form, "plots.0.area_ha": "1.01"})
    all_of_it = coop.send("/certificates/granted/base", {**form, "plots.0.area_ha": "1"})

    assert (too_much.status_code, all_of_it.status_code) == (422, 302)
    assert isinstance(rooms.last(), SchemeBaseRegistered)


def test_who_granted_it_suspends_it(rooms: Rooms, granted: str) -> None:
    office = rooms.person("sheng")

    answer = office.send("/certificates/granted/change", certificate=granted, new_state="suspended")

    assert (answer.status_code, type(rooms.last())) == (302, SchemeChanged)
    assert "暂停" in words_of(office.get("/certificates/"))


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("chaoshi", "/certificates/{certificate}", 403),
        ("chaoshi", "/certificates/{certificate}.pdf", 403),
        ("chaoshi", "/certificates/{certificate}/collect", 403),
        ("mifang", "/certificates/{certificate}/replace", 403),
        ("yushu", "/certificates/{certificate}/collect", 403),
        ("yushu", "/certificates/{certificate}", 200),
        ("heitu", "/certificates/granted/new", 403),
        ("jiance", "/certificates/granted/use", 403),
        ("chaoshi", "/certificates/granted/base", 403),
        ("heitu", "/certificates/" + "0" * 64, 404),
        ("heitu", "/certificates/{certificate}?paper=a5", 422),
    ],
)
def test_a_certificate_is_for_those_whose_it_is(
    rooms: Rooms, certificate: str, who: str, address: str, status: int
) -> None:
    assert rooms.person(who).get(address.format(certificate=certificate)).status_code == status
