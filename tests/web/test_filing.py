"""A page made from the class of an event: what it asks, what it tells before signing, and what it records."""

import hashlib
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Blueprint
from PIL import Image

from ledger import store
from tests import world
from tests.rooms import Person, Rooms, words_of
from tests.webapp import PASSWORD
from tests.world import PADDY_LOT, PARTIES
from traceability.errors import Unknown
from traceability.events import KINDS
from traceability.events.followup import Recalled
from traceability.events.movement import Retailed
from traceability.events.processing import Processed
from traceability.events.quality import Inspected
from traceability.quantity import Amount
from traceability.statement import new_id
from web import access, accounts, create_app
from web.access import me, require
from web.filing import Ask, Filing, add_to, lots_here
from web.filing_members import Member, content_of, member_of
from web.filing_rows import closed_up

SOLD_LOT = "/lot/heitu/paddy/26-B"
PDF = b"%PDF-1.7 an invented report"
RECALL = Filing(
    kind="recalled",
    title="召回",
    lead="登记采收后会列在这里。",
    asks=(
        Ask(path="lot", options=lots_here),
        Ask(path="level"),
        Ask(path="cause", start=lambda _reader, _account: "contamination"),
        Ask(path="note"),
    ),
    onward=lambda digest: f"/done/{digest}",
)
TEST = Filing(
    kind="inspected",
    title="登记检测",
    asks=(
        Ask(path="lot"),
        Ask(path="sample"),
        Ask(path="sampled_on"),
        Ask(path="results.*.analyte"),
        Ask(path="results.*.value"),
        Ask(path="results.*.unit", start=lambda _reader, _account: "mg/kg"),
        Ask(path="results.*.passed"),
        Ask(path="report", widget="file"),
    ),
    fixed=lambda values: {"purpose": values["purpose"], "verdict": "conformant"},
    onward=lambda _digest: "/done",
)
SALE = Filing(
    kind="retailed",
    title="零售",
    asks=(Ask(path="lot", widget="hidden"), Ask(path="amount"), Ask(path="place")),
    onward=lambda _digest: "/done",
    about=lambda _reader, account, values: [("批号", values["lot"]), ("单位", account.party)],
    may=lambda _reader, _account, values: _refuse(values["lot"]),
)
UNSAID = Filing(
    kind="recalled",
    title="召回",
    asks=(Ask(path="lot"),),
    fixed=lambda _values: {"level": 1, "cause": "other", "note": me().party},
    onward=lambda _digest: "/done",
)


def _refuse(lot: str) -> None:
    if not lot.startswith("/lot/heitu/"):
        raise Unknown("lot", lot)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with world.opened(tmp_path_factory.mktemp("filing")) as told:
        shared = told.services
        told.at("2026-09-21T08:00:00+08:00")
        told.harvest()
        told.harvest(kg="100", lot=SOLD_LOT)
        told.clock.pass_time(days=3)
        with store.writing(shared.engine) as connection:
            for party, role, division, _ in PARTIES:
                accounts.create(
                    connection,
                    shared.kept_key,
                    name=party,
                    party=party,
                    role=role,  # type: ignore[arg-type]  # the words of PARTIES are roles
                    division=division,
                    language="zh",
                    password=PASSWORD,
                )
        blueprint = Blueprint("filed", __name__, url_prefix="/filed")
        add_to(blueprint, require("regulator", "cooperative"), RECALL)
        add_to(blueprint, require("laboratory"), TEST, path="/tests/<purpose>")
        add_to(blueprint, require("cooperative"), SALE)
        other = Blueprint("other", __name__, url_prefix="/other")
        add_to(other, require("cooperative"), UNSAID)
        app = create_app(shared.settings, shared, blueprint, other)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True)
        with app.app_context():
            access.limiter.reset()
        yield Rooms(told, app)


@pytest.fixture(scope="module")
def regulator(rooms: Rooms) -> Person:
    return rooms.person("yushu")


@pytest.fixture(scope="module")
def laboratory(rooms: Rooms) -> Person:
    return rooms.person("jiance")


@pytest.fixture(scope="module")
def grower(rooms: Rooms) -> Person:
    return rooms.person("heitu")


INSPECTION = {
    "lot": PADDY_LOT,
    "sample": "S-1",
    "sampled_on": "2026-09-21",
    "results.0.analyte": "镉",
    "results.0.value": "０．０５",
    "results.0.unit": "mg/kg",
    "results.0.passed": "true",
}


def test_a_page_asks_for_each_thing_by_its_name(grower: Person) -> None:
    page = grower.get("/filed/record/recalled", level="2")

    names = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page.text)
    assert [name for name in names if name not in ("csrf_token", "statement")] == [
        "lot",
        "level",
        "cause",
        "note",
        "at",
    ]
    assert "5,000 公斤" in words_of(page)
    assert re.findall(r'<option value="(\w+)" selected>', page.text) == ["2", "contamination"]


def test_what_becomes_public_is_said_before_it_is_signed(grower: Person) -> None:
    page = words_of(grower.get("/filed/record/recalled"))

    assert "人人可见 批号、等级、原因、发生时间" in page
    assert "只有本单位能看 说明、经办人" in page


def test_what_is_computed_is_said_too(laboratory: Person) -> None:
    page = words_of(laboratory.get("/filed/tests/routine"))

    assert "检测结果（检测项目、检测值、单位、单项判定）" in page
    assert "检测类型、结论" in page
    assert "只有本单位能看 检测报告的摘要、经办人" in page


def test_the_page_is_its_guards(rooms: Rooms) -> None:
    answers = [rooms.person(party).get("/filed/record/recalled").status_code for party in ("jiance", "yushu")]

    assert answers == [403, 200]


def test_things_of_others_are_asked_after_in_vain(grower: Person) -> None:
    shown = grower.get("/filed/record/retailed", lot="/lot/mifang/rice/R-1").status_code
    sent = grower.send("/filed/record/retailed", lot="/lot/mifang/rice/R-1", amount="1").status_code

    assert (shown, sent) == (404, 404)


def test_what_is_filled_in_is_recorded_once(rooms: Rooms, regulator: Person) -> None:
    form = {"lot": PADDY_LOT, "level": "3", "cause": "other", "note": "虚构", "statement": new_id()}

    first, second = (regulator.send("/filed/record/recalled", form) for _ in range(2))

    told = rooms.last()
    assert (first.status_code, first.location) == (302, second.location)
    assert isinstance(told, Recalled)
    assert (told.lot, told.level, told.cause) == (PADDY_LOT, 3, "other")


def test_a_wrong_value_is_told_at_its_field_and_the_rest_is_kept(regulator: Person) -> None:
    answer = regulator.send("/filed/record/recalled", lot=PADDY_LOT, level="9", cause="other", note="虚构")

    assert answer.status_code == 422
    assert re.search(r'id="field-level" name="level" required aria-invalid="true"', answer.text)
    assert ">虚构</textarea>" in answer.text


def test_a_refusal_stands_above_the_form(rooms: Rooms, grower: Person) -> None:
    before = rooms.size

    answer = grower.send("/filed/record/recalled", lot="/lot/mifang/rice/NONE", level="1", cause="other")

    assert (answer.status_code, rooms.size) == (422, before)
    assert 'role="alert"' in answer.text


def test_rows_and_a_file_become_an_event(rooms: Rooms, laboratory: Person) -> None:
    form = {**INSPECTION, "report": (io.BytesIO(PDF), "a.pdf"), "lot": f"{world.BASE_URL}{PADDY_LOT}"}

    answer = laboratory.send("/filed/tests/routine", form)

    told = rooms.last()
    assert (answer.status_code, answer.location) == (302, "/done")
    assert isinstance(told, Inspected)
    assert (told.lot, told.purpose, [str(each.value) for each in told.results]) == (
        PADDY_LOT,
        "routine",
        ["0.05"],
    )
    kept = rooms.world.services.settings.instance / "evidence" / hashlib.sha256(PDF).hexdigest()
    assert kept.read_bytes() == PDF


def test_a_row_left_empty_is_no_row(rooms: Rooms, laboratory: Person) -> None:
    form = {f"results.1.{name.rpartition('.')[2]}": text for name, text in INSPECTION.items() if "." in name}
    first = {name: text for name, text in INSPECTION.items() if "." not in name}

    laboratory.send("/filed/tests/self-check", {**first, "sample": "S-2", "results.0.unit": "mg/kg", **form})

    told = rooms.last()
    assert isinstance(told, Inspected)
    assert [each.analyte for each in told.results] == ["镉"]


def test_one_more_row_keeps_what_was_typed_and_signs_nothing(rooms: Rooms, laboratory: Person) -> None:
    before = rooms.size

    page = laboratory.send("/filed/tests/routine", {**INSPECTION, "more": "results", "rows:results": "1"})

    assert (page.status_code, rooms.size) == (200, before)
    assert re.findall(r'name="(results\.\d\.analyte)"', page.text) == [
        "results.0.analyte",
        "results.1.analyte",
    ]
    assert 'value="镉"' in page.text


def test_a_file_stays_while_another_field_is_put_right(rooms: Rooms, laboratory: Person) -> None:
    wrong = {**INSPECTION, "sample": "S-3", "sampled_on": "", "report": (io.BytesIO(PDF), "a.pdf")}
    page = laboratory.send("/filed/tests/routine", wrong)
    token = re.search(r'type="hidden" name="report" value="([^"]+)"', page.text)
    assert token is not None

    answer = laboratory.send("/filed/tests/routine", {**INSPECTION, "sample": "S-3", "report": token[1]})

    with rooms.world.services.reading() as reader:
        told = reader.statement(rooms.size - 1).event
    assert answer.status_code == 302
    assert isinstance(told, Inspected)
    assert told.report is not None


def test_a_digest_that_somebody_typed_is_no_file(rooms: Rooms, laboratory: Person) -> None:
    laboratory.send(
        "/filed/tests/routine", {**INSPECTION, "sample": "S-4", "report": hashlib.sha256(PDF).hexdigest()}
    )

    told = rooms.last()
    assert isinstance(told, Inspected)
    assert (told.sample, told.report) == ("S-4", None)


def _bomb() -> bytes:
    """Return a picture whose head promises more than a camera makes."""
    drawn = io.BytesIO()
    Image.new("1", (9000, 9000)).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"%PDF-" + bytes(200_000), b"\x89PNG\r\n\x1a\n", _bomb()],
    ids=["no document", "too large", "half a picture", "a picture that bursts"],
)
def test_other_files_are_refused_at_their_field(
    rooms: Rooms, laboratory: Person, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.enclosures.LARGEST", 200_000)
    before = rooms.size

    page = laboratory.send("/filed/tests/routine", {**INSPECTION, "report": (io.BytesIO(content), "a.pdf")})

    assert (page.status_code, rooms.size) == (422, before)
    assert 'id="field-report-error-1"' in page.text


def test_an_amount_has_the_unit_beside_it(rooms: Rooms, grower: Person) -> None:
    form = {"lot": SOLD_LOT, "amount": "12.5", "amount.unit": "kg", "place": "榆树"}

    answer = grower.send("/filed/record/retailed", form)

    told = rooms.last()
    assert answer.status_code == 302
    assert isinstance(told, Retailed)
    assert told.amount == Amount(kg=Decimal("12.5"))


def test_an_amount_that_cannot_be_is_told_at_its_field(grower: Person) -> None:
    form = {"lot": SOLD_LOT, "amount": "12.5", "amount.unit": "pieces"}

    answer = grower.send("/filed/record/retailed", form)

    assert (answer.status_code, 'id="field-amount-error-1"' in answer.text) == (422, True)


def test_what_the_form_does_not_name_is_never_recorded(grower: Person) -> None:
    answer = grower.send("/other/record/recalled", lot=PADDY_LOT)

    assert answer.status_code == 500


def test_a_form_without_its_token_is_refused(rooms: Rooms, regulator: Person) -> None:
    before = rooms.size

    answer = regulator.client.post("/filed/record/recalled", data={"lot": PADDY_LOT, "level": "1"})

    assert (answer.status_code, rooms.size) == (400, before)


@pytest.mark.parametrize(
    ("kind", "path", "widget", "required", "private"),
    [
        ("inspected", "results.*.value", "number", False, False),
        ("inspected", "results.*.passed", "yes-no", True, False),
        ("inspected", "lot", "lot", True, False),
        ("inspected", "report", "text", False, True),
        ("inspected", "sampled_on", "date", True, False),
        ("processed", "outputs.*.by_product", "tick", False, False),
        ("processed", "inputs.*.amount", "amount", True, False),
        ("processed", "inputs.*.amount.kg", "number", False, False),
        ("packed", "containers", "lines", False, False),
        ("recalled", "level", "choice", True, False),
        ("recalled", "note", "long", False, True),
        ("codes-issued", "count", "whole", True, False),
        ("recalled", "at", "time", True, False),
    ],
)
def test_a_field_is_typed_as_its_class_says(
    kind: str, path: str, widget: str, *, required: bool, private: bool
) -> None:
    found = member_of(KINDS[kind], path)

    assert (found.widget, found.required, found.private) == (widget, required, private)


def test_a_member_that_no_class_has_is_an_error_of_the_program() -> None:
    with pytest.raises(LookupError, match="weight"):
        member_of(Processed, "inputs.*.weight")


@pytest.mark.parametrize(
    ("widget", "text", "expected"),
    [
        ("number", "３，０００．５", "3000.5"),
        ("number", "12 000", "12000"),
        ("number", "3,5", "3,5"),
        ("whole", "1 2", "1 2"),
        ("whole", "10²", "10²"),
        ("time", "2026-09-21T08:00", "2026-09-21T08:00+08:00"),
        ("lines", "甲\n\n 乙 ", ["甲", "乙"]),
        ("text", "３", "３"),
        ("tick", "true", True),
    ],
)
def test_what_was_typed_is_read_as_its_kind(widget: str, text: str, expected: object) -> None:
    assert content_of(widget, text) == expected  # type: ignore[arg-type]  # the words of the table are widgets


def _columns(*paths: str) -> list[Member]:
    return [member_of(Processed, path) for path in paths]


def test_rows_are_closed_up_in_their_order() -> None:
    members = _columns("inputs.*.lot", "inputs.*.amount", "outputs.*.by_product")
    values = {
        "inputs.0.lot": "",
        "inputs.10.lot": "B",
        "inputs.10.amount": "2",
        "inputs.10.amount.unit": "kg",
        "inputs.2.lot": "A",
        "inputs.3.amount.unit": "kg",
        "inputs.x.lot": "no row",
        "outputs.0.by_product": "true",
        "lot": "L",
    }

    assert closed_up(members, values, {}) == {
        "inputs.0.lot": "A",
        "inputs.1.lot": "B",
        "inputs.1.amount": "2",
        "inputs.1.amount.unit": "kg",
        "inputs.x.lot": "no row",
        "lot": "L",
    }
