"""The register at its pages: who proposes, who decides, and what each kind of organisation is asked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger import store
from tests.rooms import Rooms, opened_rooms
from tests.webapp import PASSWORD
from traceability import tables
from traceability.events.parties import PartyProposed
from traceability.events.registry import PartyRegistered
from web import accounts
from web.regulator.registrations import FORMS

NEW = {"party": "xincun", "name": "榆树虚构新村合作社", "division": "220182"}


@contextmanager
def opened(folder: Path) -> Iterator[Rooms]:
    """Open the rooms, with somebody of the operator, too."""
    with opened_rooms(folder) as found:
        shared = found.world.services
        told = {"name": "operator", "party": "operator", "role": "operator", "division": "220000"}
        with store.writing(shared.engine) as connection:
            accounts.create(connection, shared.kept_key, language="zh", password=PASSWORD, **told)  # type: ignore[arg-type]  # its role is one
        yield found


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened(tmp_path_factory.mktemp("register")) as found:
        told = {"party": "shulan-he", "role": "cooperative", "division": "220283", "name": "舒兰虚构社"}
        world = found.world
        world.services.register_party(PartyRegistered(at=world.clock(), **told))  # type: ignore[arg-type]  # the words are roles
        yield found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Rooms]:
    with opened(tmp_path) as found:
        yield found


def propose(rooms: Rooms, party: str = "xincun", division: str = "220182") -> None:
    world = rooms.world
    told = {"party": party, "role": "cooperative", "division": division, "name": "虚构新村合作社"}
    world.services.register_party(PartyProposed(at=world.clock(), **told))  # type: ignore[arg-type]  # the words are roles


def kinds(rooms: Rooms) -> list[str]:
    """Return the kind and author of the newest statement."""
    table = tables.statement
    with rooms.world.services.reading() as reader:
        row = reader.connection.execute(select(table).order_by(table.c.entry.desc()).limit(1)).one()
    return [row.kind, row.by]


@pytest.mark.parametrize("party", ["heitu", "mifang", "jiance", "chaoshi"])
@pytest.mark.parametrize(
    "path",
    [
        "/regulator/registrations",
        "/regulator/registrations/heitu",
        "/regulator/registrations/heitu/verify",
        "/regulator/register/farm",
    ],
)
def test_the_register_is_closed_to_every_other_role(rooms: Rooms, party: str, path: str) -> None:
    assert rooms.person(party).get(path).status_code == 403


@pytest.mark.parametrize("role", sorted(FORMS))
def test_each_kind_of_organisation_is_asked_no_more_than_six_things_at_first(rooms: Rooms, role: str) -> None:
    page = rooms.person("yushu").get(f"/regulator/register/{role}").text

    shown = page[page.index('<form class="card"') :].split("<details")[0]
    asked = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', shown)) - {
        "csrf_token",
        "statement",
    }

    assert {"party", "name", "division"} <= asked <= {"party", "name", "division", *FORMS[role]}
    assert len(asked) <= 6


def test_nobody_is_asked_for_an_unknown_kind(rooms: Rooms) -> None:
    assert rooms.person("yushu").get("/regulator/register/pirate").status_code == 404


def test_a_proposal_is_verified_by_the_county_and_the_party_stands_in_the_list(fresh: Rooms) -> None:
    propose(fresh)
    office = fresh.person("yushu")

    front = office.get("/regulator/").text
    waiting = office.get("/regulator/registrations", state="proposed").text
    answer = office.send("/regulator/registrations/xincun/verify", note="现场看过")
    verified = office.get("/regulator/registrations", state="verified").text

    assert ("虚构新村合作社" in front, "虚构新村合作社" in waiting, answer.status_code) == (True, True, 302)
    assert ("虚构新村合作社" in verified, kinds(fresh)) == (True, ["party-verified", "yushu"])


def test_a_party_is_suspended_resumed_and_ended(fresh: Rooms) -> None:
    office = fresh.person("yushu")

    for step, typed in (
        ("suspend", {"ground": "records-missing", "until": "2026-12-31"}),
        ("resume", {}),
        ("end", {"ending": "closed"}),
    ):
        assert office.send(f"/regulator/registrations/heitu/{step}", typed).status_code == 302

    page = office.get("/regulator/registrations/heitu").text
    assert [text in page for text in ("没有建立或保存记录", "至 2026-12-31", "停止经营", "已注销")] == [
        True
    ] * 4


@pytest.mark.parametrize("step", ["verify", "suspend", "resume", "end"])
def test_another_county_cannot_decide(rooms: Rooms, step: str) -> None:
    office = rooms.person("yushu")

    assert office.get(f"/regulator/registrations/shulan-he/{step}").status_code == 403
    assert office.send(f"/regulator/registrations/shulan-he/{step}").status_code == 403


def test_what_is_not_suspended_is_not_resumed(rooms: Rooms) -> None:
    assert rooms.person("yushu").get("/regulator/registrations/heitu/resume").status_code == 403


def test_the_operator_proposes_and_decides_nothing(fresh: Rooms) -> None:
    operator = fresh.person("operator")

    sent = operator.send("/regulator/register/cooperative", {**NEW, "commodities": ["paddy", "soybean"]})

    assert (sent.status_code, kinds(fresh)) == (302, ["party-proposed", "operator"])
    assert operator.get("/regulator/registrations/xincun/verify").status_code == 403


def test_a_regulators_own_registration_is_verified_at_once(fresh: Rooms) -> None:
    office = fresh.person("yushu")

    sent = office.send(
        "/regulator/register/dealer", {**NEW, "permit": "农药经许（虚构）1 号", "restricted": "true"}
    )

    assert (sent.status_code, kinds(fresh)) == (302, ["party-registered", "yushu"])
    assert "有定点资格" in office.get("/regulator/registrations/xincun").text


@pytest.mark.parametrize("role", ["farm", "household"])
def test_a_persons_name_and_every_number_of_a_document_stay_sealed(fresh: Rooms, role: str) -> None:
    told = {**NEW, "name": "榆树王虚构家庭农场", "contact": "13800000001", "permit": "示范户-虚构-7"}

    assert fresh.person("yushu").send(f"/regulator/register/{role}", told).status_code == 302

    log = fresh.world.services.log
    spelt = log.entry(log.size() - 1)[0].bytes().decode()
    assert [secret in spelt for secret in ("王虚构", "13800000001", "示范户-虚构-7")] == [False] * 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"uscc": "91350100"}, "统一社会信用代码 91350100 不正确"),
        ({"township": "220183101000"}, "乡镇代码的前几位要与所在县一致"),
        ({"party": "新村"}, "单位编号"),
        ({"division": "220283"}, "行政区划"),
    ],
)
def test_what_will_not_do_is_shown_again_with_the_reason(
    rooms: Rooms, wrong: dict[str, str], said: str
) -> None:
    answer = rooms.person("yushu").send("/regulator/register/cooperative", {**NEW, **wrong})

    assert (answer.status_code, said in answer.text) == (422, True)
