"""The laboratory's pages: limits proposed, results judged, reports kept, and only one's own shown."""

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.rooms import Person, Rooms, opened_rooms, typed_in, words_of
from tests.world import PADDY_LOT, PLOT, RICE_LOT
from traceability import own_records
from traceability.events.quality import Inspected
from traceability.statement import new_id

FORM = {
    "lot": PADDY_LOT,
    "sample": "S-1",
    "purpose": "commissioned",
    "sampled_on": "2026-09-21",
    "results.0.proposed": "铅",
    "results.0.unit": "mg/kg",
    "results.0.limit": "0.2",
    "results.1.proposed": "镉",
    "results.1.unit": "mg/kg",
    "results.1.limit": "0.2",
    "results.1.value": "0.05",
    "results.1.passed": "true",
}
PDF = b"%PDF-1.7 an invented report"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        _harvested(made)
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """One harvested lot: for tests that write nothing."""
    with opened_rooms(tmp_path_factory.mktemp("still")) as made:
        _harvested(made)
        yield made


@pytest.fixture
def laboratory(rooms: Rooms) -> Person:
    return rooms.person("jiance")


@pytest.fixture(scope="module")
def tester(still: Rooms) -> Person:
    return still.person("jiance")


def _harvested(rooms: Rooms) -> None:
    rooms.world.at("2026-09-21T08:00:00+08:00")
    rooms.world.harvest()
    rooms.world.clock.pass_time(days=3)


def evidence(rooms: Rooms) -> list[str]:
    folder = rooms.world.services.settings.instance / "evidence"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("address", ["/laboratory/", f"/laboratory/inspect?code={PADDY_LOT}"])
def test_the_room_is_the_laboratorys_alone(still: Rooms, address: str) -> None:
    answers = [still.person(party).get(address).status_code for party in ("jiance", "mifang", "yushu")]

    assert answers == [200, 403, 403]


def test_nobody_else_can_record_an_inspection(still: Rooms) -> None:
    before = still.size

    answer = still.person("mifang").send("/laboratory/inspect", FORM)

    assert (answer.status_code, still.size) == (403, before)


@pytest.mark.parametrize(
    "code", [PADDY_LOT, f"http://127.0.0.1:8000{PADDY_LOT}", f" {PADDY_LOT}/00000000000000000000 "]
)
def test_a_lot_is_found_by_any_code_of_it(tester: Person, code: str) -> None:
    answer = tester.client.get("/laboratory/inspect", query_string={"code": code}, follow_redirects=True)

    assert (answer.status_code, typed_in(answer, "lot")) == (200, PADDY_LOT)


@pytest.mark.parametrize("code", ["", "hello", "/lot/heitu/paddy/NONE", "/place/heitu-1", "(01)1"])
def test_a_code_of_no_lot_is_shown_again_with_the_reason(tester: Person, code: str) -> None:
    answer = tester.get("/laboratory/inspect", code=code)

    assert (answer.status_code, 'class="error"' in answer.text) == (422, True)
    assert typed_in(answer, "code") == code


def test_only_limits_that_are_sure_are_proposed(tester: Person) -> None:
    page = words_of(tester.get("/laboratory/inspect", code=PADDY_LOT))

    assert ("镉 限量 ≤ 0.2 mg/kg" in page, "GB 2762-2022" in page, "无机砷" in page) == (True, True, False)


def test_what_was_tested_is_recorded_and_what_was_not_is_left_out(rooms: Rooms, laboratory: Person) -> None:
    answer = laboratory.send("/laboratory/inspect", FORM)

    event = rooms.last()
    assert (answer.status_code, answer.location) == (302, "/laboratory/")
    assert isinstance(event, Inspected)
    assert [(each.analyte, each.passed, str(each.value)) for each in event.results] == [("镉", True, "0.05")]
    assert (event.lot, event.verdict, event.report) == (PADDY_LOT, "conformant", None)


def test_one_failed_analyte_fails_the_lot(rooms: Rooms, laboratory: Person) -> None:
    failed = {"results.0.value": "0.9", "results.0.passed": "false"}

    answer = laboratory.send("/laboratory/inspect", {**FORM, **failed})

    event = rooms.last()
    assert isinstance(event, Inspected)
    assert (answer.status_code, event.verdict) == (302, "non-conformant")
    assert "检测不合格" in rooms.app.test_client().get(PADDY_LOT).text


@pytest.mark.parametrize(("value", "status"), [("0.2", 302), ("0.2001", 422)])
def test_a_value_over_a_sure_limit_is_not_called_passed(
    rooms: Rooms, laboratory: Person, value: str, status: int
) -> None:
    before = rooms.size

    answer = laboratory.send("/laboratory/inspect", {**FORM, "results.1.value": value})

    assert (answer.status_code, rooms.size - before) == (status, 1 if status == 302 else 0)
    if status == 422:
        said = words_of(answer)
        assert ("超过限量 0.2 mg/kg" in said, "GB 2762-2022" in said) == (True, True)
        # The rows that nobody tested are closed up, so what was typed stands in the first.
        assert typed_in(answer, "results.0.value") == value


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sample": ""}, "请填写「样品编号」"),
        ({"sampled_on": "yesterday"}, "不是日期"),
        ({"sampled_on": "2026-09-30"}, "晚于报告日期"),
        ({"purpose": "fun"}, "请从列表中选择"),
        ({"results.1.passed": ""}, "请填写「单项判定"),
        ({"results.1.value": "<0.05"}, "不是数字"),
        ({"results.1.value": "-1"}, "不能是负数"),
        ({"results.1.value": "", "results.1.passed": ""}, "请至少填写一项检测结果"),
        ({"results.5.analyte": "敌敌畏", "results.5.unit": ""}, "请填写「单位"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    still: Rooms, tester: Person, wrong: dict[str, str], said: str
) -> None:
    before = still.size

    answer = tester.send("/laboratory/inspect", {**FORM, "results.2.proposed": "总汞", **wrong})

    assert (answer.status_code, said in words_of(answer), still.size) == (422, True, before)


def test_a_lot_that_is_not_there_cannot_be_tested(still: Rooms, tester: Person) -> None:
    answer = tester.send("/laboratory/inspect", {**FORM, "lot": RICE_LOT})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\nx", "image/png"),
        (b"\xff\xd8\xff\xe0x", "image/jpeg"),
    ],
)
def test_a_report_is_kept_by_its_digest_and_given_back(
    rooms: Rooms, laboratory: Person, content: bytes, kind: str
) -> None:
    answer = laboratory.send("/laboratory/inspect", {**FORM, "report": (io.BytesIO(content), "report.exe")})

    event, digest = rooms.last(), sha256(content).hexdigest()
    stored = rooms.world.services.log.entry(rooms.size - 1).spelt
    assert (answer.status_code, evidence(rooms), digest.encode() in stored) == (302, [digest], False)
    assert isinstance(event, Inspected)
    address = re.search(r"/laboratory/reports/[0-9a-f]{64}", laboratory.get("/laboratory/").text)
    assert address is not None
    found = laboratory.get(address[0])
    assert (found.data, found.mimetype, found.headers["X-Content-Type-Options"]) == (content, kind, "nosniff")
    assert found.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00 program", b"<html>"])
def test_what_is_no_report_is_refused(still: Rooms, tester: Person, content: bytes) -> None:
    before = still.size

    answer = tester.send("/laboratory/inspect", {**FORM, "report": (io.BytesIO(content), "report.pdf")})

    assert (answer.status_code, still.size, evidence(still)) == (422, before, [])
    assert typed_in(answer, "sample") == "S-1"


@pytest.mark.parametrize(("length", "status"), [(100, 302), (101, 422)])
def test_a_report_is_of_bounded_size(
    rooms: Rooms, laboratory: Person, monkeypatch: pytest.MonkeyPatch, length: int, status: int
) -> None:
    monkeypatch.setattr("web.laboratory.inspecting.LARGEST_REPORT", 100)
    content = PDF.ljust(length, b" ")

    answer = laboratory.send("/laboratory/inspect", {**FORM, "report": (io.BytesIO(content), "report.pdf")})

    assert answer.status_code == status


def test_a_report_belongs_to_the_laboratory_that_sealed_it(still: Rooms, tester: Person) -> None:
    with still.world.services.reading() as reader:
        others = own_records.entries(reader, "heitu", limit=1)[0].digest

    answers = [tester.get(f"/laboratory/reports/{each}").status_code for each in (others, "0" * 64)]

    assert answers == [403, 404]


def test_the_same_form_sent_twice_is_recorded_once(rooms: Rooms, laboratory: Person) -> None:
    form, before = {**FORM, "statement": new_id()}, rooms.size

    answers = [laboratory.send("/laboratory/inspect", form).status_code for _ in range(2)]

    assert (answers, rooms.size - before) == ([302, 302], 1)


def test_the_laboratory_sees_what_was_used_on_the_plots_of_the_lot(rooms: Rooms) -> None:
    spray = {"name": "虚构牌", "substances": ["吡虫啉"], "interval_days": 14}
    rooms.world.say("heitu", "treated", at="2026-07-01T08:00:00+08:00", plot=PLOT, **spray)

    page = rooms.person("jiance").get("/laboratory/inspect", code=PADDY_LOT)

    assert "它的地块在这一季用过：吡虫啉。" in page.text
