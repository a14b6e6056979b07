"""The grower's room: each form right, wrong, and sent by somebody who may not."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.grower import (
    FUNGUS,
    FUNGUS_PLOT,
    OTHERS,
    PADDY,
    STRANGE_PLOT,
    Room,
    hidden,
    room,
    send,
)
from tests.world import PLOT
from traceability.evidence import Evidence

NOWHERE = "z" * 26
SPRAY: dict[str, Any] = {
    "plot": PLOT,
    "name": "虚构牌噻嗪酮",
    "substances": "噻嗪酮、吡虫啉",
    "interval_days": "21",
    "at": "2026-09-22T07:30",
}
HARVEST: dict[str, Any] = {
    "lot": "26-C",
    "plots__0__plot": PLOT,
    "plots__0__amount": "800",
    "unit": "jin",
    "at": "2026-09-22T07:30",
}
RIGHT: dict[str, tuple[str, dict[str, Any]]] = {
    "member-registered": ("", {"name": "李虚构", "at": "2026-09-22T07:30"}),
    "plot-registered": (
        "",
        {
            "place": "西坡",
            "commodity": "paddy",
            "area_ha": "3",
            "unit": "mu",
            "division": "220182",
            "at": "2026-09-22T07:30",
        },
    ),
    "product-registered": (
        "",
        {
            "name": "糯玉米",
            "product": "corn",
            "commodity": "fresh-maize",
            "measure": "pieces",
            "piece": "ear",
            "at": "2026-09-22T07:30",
        },
    ),
    "treated": ("", SPRAY),
    "input-bought": (
        "",
        {
            "category": "fertiliser",
            "name": "虚构尿素",
            "amount": "５０",
            "unit": "kg",
            "dealer": "虚构农资店",
            "at": "2026-09-22T07:30",
        },
    ),
    "input-applied": (
        "",
        {
            "plot": PLOT,
            "category": "fertiliser",
            "name": "虚构尿素",
            "amount": "20",
            "unit": "kg",
            "at": "2026-09-22T07:30",
        },
    ),
    "harvested": ("?product=paddy", HARVEST),
    "codes-issued": (f"?lot={PADDY}", {"pack": "5", "unit": "kg", "count": "300", "at": "2026-09-22T07:30"}),
    "certificate-issued": (
        f"?lot={FUNGUS}",
        {
            "number": "C-1",
            "name": "鲜木耳",
            "amount": "300",
            "unit": "kg",
            "division": "222424",
            "basis": "controlled",
            "contact": "13800000000",
            "at": "2026-09-22T07:30",
        },
    ),
}


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Open one room for all tests that write nothing."""
    with room(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def client(farm: Room) -> FlaskClient:
    return farm.client()


def record(client: FlaskClient, kind: str, **changed: Any) -> TestResponse:
    query, typed = RIGHT[kind]
    return send(client, f"/farm/record/{kind}{query}", **{**typed, **changed})


def flat(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.text)


def marked(page: TestResponse) -> set[str]:
    """Return the fields that are shown as wrong."""
    found = re.findall(r'name="([^"]+)"[^>]*aria-invalid="true"', page.text)
    return {*found, *re.findall(r'class="error" id="field-(label_photo|label-photo)', page.text)}


@pytest.mark.parametrize("kind", sorted(RIGHT))
def test_what_is_right_is_signed_and_shown(farm: Room, client: FlaskClient, kind: str) -> None:
    before = farm.size()

    answer = record(client, kind)

    assert (answer.status_code, farm.size()) == (302, before + 1)
    said = farm.last()
    assert (said["by"], said["event"]["kind"], said["event"]["at"]) == (
        "heitu",
        kind,
        "2026-09-21T23:30:00.000000Z",
    )
    assert set(said["event"]["clerk"]) == {"sealed"}
    shown = client.get(answer.location)
    assert (shown.status_code, f"第 {before} 条" in shown.text) == (200, True)


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("member-registered", {"name": " "}, "name"),
        ("plot-registered", {"area_ha": "很大"}, "area_ha"),
        ("plot-registered", {"area_ha": "0"}, "area_ha"),
        ("plot-registered", {"area_ha": "1.5", "unit": "bags"}, "area_ha"),
        ("plot-registered", {"division": ""}, "division"),
        ("plot-registered", {"commodity": "milled-rice"}, "commodity"),
        ("product-registered", {"name": ""}, "name"),
        ("product-registered", {"product": "paddy"}, "product"),
        ("product-registered", {"gtin": "09521234000013"}, "gtin"),
        ("treated", {"name": ""}, "name"),
        ("treated", {"substances": " "}, "substances"),
        ("treated", {"interval_days": "两周"}, "interval_days"),
        ("treated", {"at": "昨天"}, "at"),
        ("treated", {"at": "2026-09-23T08:00"}, "at"),
        ("treated", {"dose": "-3"}, "dose"),
        ("input-bought", {"amount": "许多"}, "amount"),
        ("input-bought", {"category": "gold"}, "category"),
        ("input-applied", {"unit": ""}, "unit"),
        ("harvested", {"lot": "26-A"}, "lot"),
        ("harvested", {"lot": "批 号"}, "lot"),
        ("harvested", {"plots__0__amount": "0"}, "plots.0.amount"),
        ("harvested", {"plots__0__amount": "八百"}, "plots.0.amount"),
        ("harvested", {"plots__0__amount": ""}, "plots.0.amount"),
        ("harvested", {"plots__0__plot": ""}, "plots.0.plot"),
        ("harvested", {"plots__0__plot": FUNGUS_PLOT}, "plots.0.plot"),
        ("harvested", {"plots__0__amount": "60000", "unit": "kg"}, "plots.0.amount"),
        ("codes-issued", {"count": "301"}, "count"),
        ("codes-issued", {"count": "0"}, ""),
        ("codes-issued", {"count": "100001"}, "count"),
        ("codes-issued", {"pack": "0"}, "pack"),
        ("certificate-issued", {"contact": ""}, "contact"),
        ("certificate-issued", {"basis": ""}, "basis"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    farm: Room, client: FlaskClient, kind: str, typed: dict[str, str], field: str
) -> None:
    before = farm.size()

    answer = record(client, kind, **typed)

    assert (answer.status_code, farm.size()) == (422, before)
    assert field in marked(answer) if field else 'class="note bad"' in answer.text
    kept = {**RIGHT[kind][1], **typed}
    free = {"name", "substances", "lot", "number", "plots__0__amount", "area_ha", "contact", "place"} & set(
        kept
    )
    assert [
        name for name in free if f'value="{kept[name].strip()}"' not in answer.text.replace('=" "', '=""')
    ] == []


@pytest.mark.parametrize(("day", "status"), [("2026-10-12", 422), ("2026-10-13", 302)])
def test_a_harvest_waits_for_the_label_and_is_told_for_what(
    farm: Room, client: FlaskClient, day: str, status: int
) -> None:
    record(client, "treated")
    farm.told.at("2026-10-20T08:00:00+08:00")
    before = farm.size()

    answer = record(client, "harvested", at=f"{day}T08:00")

    assert (answer.status_code, farm.size() - before) == (status, 0 if status == 422 else 1)
    said = (
        "地块 村东头 在 2026-09-22 使用了 虚构牌噻嗪酮（噻嗪酮 吡虫啉），安全间隔期 21 天，"
        "最早 2026-10-13 才能采收。"
    )
    kept = 'value="26-C"' in answer.text, 'value="800"' in answer.text
    assert (said in answer.text, *kept) == (status == 422,) * 3


def test_the_refusal_speaks_english_too(farm: Room, client: FlaskClient) -> None:
    record(client, "treated")
    page = flat(client.get(f"/farm/plots/{PLOT}?lang=en"))

    answer = record(client, "harvested")

    assert "harvest from 2026-10-13" in page
    assert "The interval is 21 days: the earliest harvest is 2026-10-13." in flat(answer)


def test_an_unknown_interval_is_recorded_and_holds_the_harvest(farm: Room, client: FlaskClient) -> None:
    record(client, "treated", interval_days="")

    page = client.get(record(client, "harvested").location)

    assert farm.last()["event"]["lot"] == "/lot/heitu/paddy/26-C"
    assert "不知道它的安全间隔期" in page.text
    assert "暂停流转" in client.get("/farm/").text


def test_mu_and_jin_are_converted_by_the_server(farm: Room, client: FlaskClient) -> None:
    record(client, "plot-registered")
    plot = farm.last()["event"]
    record(client, "harvested")

    assert (plot["area_ha"], farm.last()["event"]["amount"]) == ("0.2", {"kg": "400"})


def test_a_harvest_of_two_plots_grows_by_a_row_and_keeps_what_was_typed(
    farm: Room, client: FlaskClient
) -> None:
    record(client, "plot-registered")
    second = farm.last()["event"]["plot"]
    before = farm.size()
    more = record(client, "harvested", more="1")
    assert (more.status_code, farm.size(), 'name="plots.1.plot"' in more.text) == (200, before, True)
    typed = {**hidden(more), **{name.replace("__", "."): text for name, text in HARVEST.items()}}

    client.post("/farm/record/harvested", data={**typed, "plots.1.plot": second, "plots.1.amount": "200"})

    event = farm.last()["event"]
    assert event["amount"] == {"kg": "500"}
    assert [share["plot"] for share in event["plots"]] == [PLOT, second]


def test_the_same_form_sent_twice_is_recorded_once(farm: Room, client: FlaskClient) -> None:
    page = client.get("/farm/record/harvested?product=paddy")
    typed = {**hidden(page), **{name.replace("__", "."): text for name, text in HARVEST.items()}}
    first = client.post("/farm/record/harvested", data=typed)
    before = farm.size()

    again = client.post("/farm/record/harvested", data=typed)

    assert (again.status_code, again.location, farm.size()) == (302, first.location, before)
    assert "没有重复登记" in client.get(again.location).text


def test_a_used_form_with_other_words_is_not_taken_for_the_first(farm: Room, client: FlaskClient) -> None:
    page = client.get("/farm/record/treated")
    typed = {**hidden(page), **SPRAY}
    client.post("/farm/record/treated", data=typed)
    before = farm.size()

    changed = client.post("/farm/record/treated", data={**typed, "name": "另一种药"})

    assert (changed.status_code, farm.size()) == (409, before)
    assert hidden(changed)["statement_id"] != typed["statement_id"]
    sent = client.post("/farm/record/treated", data={**typed, **hidden(changed), "name": "另一种药"})
    assert (sent.status_code, farm.size()) == (302, before + 1)


@pytest.mark.parametrize("typed", [{"statement_id": ""}, {"statement_id": "urn:uuid:1"}, {"csrf_token": "x"}])
def test_a_form_that_is_not_ours_is_no_form(farm: Room, client: FlaskClient, typed: dict[str, str]) -> None:
    before = farm.size()

    answer = record(client, "treated", **typed)

    assert (answer.status_code, farm.size()) == (400, before)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, ("producer", False)),
        ({"promise": "buyer"}, ("buyer", False)),
        ({"contact": "", "contact_on_pack": "true"}, ("producer", True)),
    ],
)
def test_a_certificate_says_whose_promise_it_is_and_where_the_contact_stands(
    farm: Room, client: FlaskClient, typed: dict[str, str], expected: tuple[str, bool]
) -> None:
    digest = digest_of(record(client, "certificate-issued", **{"promise": "producer", **typed}))

    found = farm.last()["event"]

    assert (found["promise"], found.get("contact_on_pack", False)) == expected
    page = client.get(f"/farm/correct/{digest}?reason=incorrect")
    assert f'<option value="{expected[0]}" selected>' in page.text
    assert bool(re.search(r'name="contact_on_pack"[^>]* checked', page.text)) == expected[1]


def test_members_and_plots_have_random_numbers_and_sealed_names(farm: Room, client: FlaskClient) -> None:
    record(client, "member-registered")
    member = farm.last()["event"]
    record(client, "plot-registered", member=member["member"])
    plot = farm.last()["event"]

    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{26}", each) for each in (member["member"], plot["plot"]))
    assert [set(value) for value in (member["name"], plot["place"])] == [{"sealed"}, {"sealed"}]
    people = client.get("/farm/people").text
    assert ("李虚构" in people, "西坡" in people) == (True, True)
    assert "李虚构" not in farm.client("nong").get("/farm/people").text


# pictures


def picture(form: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, form)
    return made.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_the_photo_of_a_label_is_kept_and_only_its_digest_sealed(
    farm: Room, client: FlaskClient, form: str
) -> None:
    content = picture(form)

    record(client, "treated", photo=(io.BytesIO(content), "label.jpg"))

    shared, said = farm.told.services, farm.last()
    with shared.reading() as reader:
        opened = shared.sealed.of_statement(reader.connection, said["id"])
    kept = Evidence(shared.settings.instance / "evidence").get(opened["/label_photo"].value)
    assert (kept, set(said["event"]["label_photo"])) == (content, {"sealed"})


@pytest.mark.parametrize(
    "content", [b"no picture", picture()[:60], picture("GIF"), b"", b"\x89PNG\r\n\x1a\n" + b"0" * 99]
)
def test_what_is_no_picture_is_refused(farm: Room, client: FlaskClient, content: bytes) -> None:
    before = farm.size()

    answer = record(client, "treated", photo=(io.BytesIO(content), "label.png"))

    assert (answer.status_code, farm.size()) == (422, before)
    assert "PNG 或 JPEG 照片" in answer.text


def test_a_photo_larger_than_allowed_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.farm.photos.LARGEST", 20)

    answer = record(client, "treated", photo=(io.BytesIO(picture()), "label.png"))

    assert (answer.status_code, "内容太大" in answer.text) == (422, True)


def test_a_photo_need_not_be_chosen_again_after_a_mistake(farm: Room, client: FlaskClient) -> None:
    wrong = record(client, "treated", photo=(io.BytesIO(picture()), "label.png"), name="")
    assert "照片已收到" in wrong.text

    right = client.post("/farm/record/treated", data={**SPRAY, **hidden(wrong)})

    assert (right.status_code, set(farm.last()["event"]["label_photo"])) == (302, {"sealed"})


def test_a_digest_of_nothing_kept_is_no_photo(farm: Room, client: FlaskClient) -> None:
    record(client, "treated", label_photo="0" * 64)

    assert "label_photo" not in farm.last()["event"]


# whose it is

PAGES = (
    "/farm/",
    "/farm/people",
    "/farm/entries",
    "/farm/sheet",
    "/farm/sheet.xlsx",
    f"/farm/lot?lot={PADDY}",
    f"/farm/plots/{PLOT}",
    f"/farm/label.svg?lot={PADDY}",
    f"/farm/labels.pdf?lot={PADDY}&first=0&count=1",
    f"/farm/certificate.pdf?lot={FUNGUS}",
    *(f"/farm/record/{kind}{query}" for kind, (query, _) in RIGHT.items()),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_room_of_growers_is_closed_to_a_mill_and_to_strangers(open_house: Room, page: str) -> None:
    mill, stranger = open_house.client("mi"), open_house.app.test_client()

    assert (mill.get(page).status_code, stranger.get(page).status_code) == (403, 302)


def test_every_form_is_closed_to_a_mill(farm: Room) -> None:
    mill, before = farm.client("mi"), farm.size()
    token = hidden(mill.get("/"))
    forms = [
        rule
        for rule in farm.app.url_map.iter_rules()
        if rule.endpoint.startswith("farm.") and "POST" in (rule.methods or ())
    ]
    addresses = [re.sub("<[^>]+>", "treated", rule.rule) for rule in forms]

    answers = {address: mill.post(address, data=token).status_code for address in addresses}

    assert (set(answers.values()), farm.size(), len(answers) >= 4) == ({403}, before, True)


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (f"/farm/plots/{STRANGE_PLOT}", 403),
        (f"/farm/plots/{NOWHERE}", 404),
        (f"/farm/lot?lot={OTHERS}", 403),
        ("/farm/lot?lot=/lot/heitu/paddy/none", 404),
        ("/farm/lot", 404),
        (f"/farm/record/codes-issued?lot={OTHERS}", 403),
        (f"/farm/record/codes-voided?lot={OTHERS}", 403),
        (f"/farm/record/certificate-issued?lot={OTHERS}", 403),
        (f"/farm/label.png?lot={OTHERS}", 403),
        (f"/farm/labels.pdf?lot={OTHERS}&first=0&count=1", 403),
        (f"/farm/certificate.pdf?lot={OTHERS}", 403),
        (f"/farm/certificate.pdf?lot={FUNGUS}", 404),
        ("/farm/record/retailed", 404),
        ("/farm/entries/" + "0" * 64, 404),
        ("/farm/correct/" + "0" * 64, 404),
        ("/farm/label.gif?lot=" + PADDY, 404),
        (f"/farm/labels.pdf?lot={PADDY}&first=0&count=1", 404),
        (f"/farm/labels.pdf?lot={PADDY}&first=0&count=961", 422),
        (f"/farm/labels.pdf?lot={PADDY}&first=x&count=1", 422),
        (f"/farm/labels.pdf?lot={PADDY}&first=0&count=1&sheet=a9", 422),
    ],
)
def test_others_things_are_closed_and_unknown_ones_are_not_found(
    open_house: Room, page: str, status: int
) -> None:
    assert open_house.client().get(page).status_code == status


@pytest.mark.parametrize(
    ("kind", "typed", "status"),
    [
        ("treated", {"plot": STRANGE_PLOT}, 403),
        ("treated", {"plot": NOWHERE}, 404),
        ("input-applied", {"plot": STRANGE_PLOT}, 403),
        ("harvested", {"plots__0__plot": STRANGE_PLOT}, 403),
        ("codes-issued", {"lot": OTHERS}, 403),
        ("certificate-issued", {"lot": OTHERS}, 403),
        ("certificate-issued", {"lot": "/lot/heitu/ears/none"}, 404),
    ],
)
def test_nothing_is_written_about_what_belongs_to_others(
    farm: Room, client: FlaskClient, kind: str, typed: dict[str, str], status: int
) -> None:
    before = farm.size()

    answer = record(client, kind, **typed)

    assert (answer.status_code, farm.size()) == (status, before)


# putting right


def digest_of(answer: TestResponse) -> str:
    return answer.location.rsplit("/", 1)[-1]


def test_a_record_that_never_happened_becomes_void(farm: Room, client: FlaskClient) -> None:
    digest = digest_of(record(client, "treated"))

    answer = send(client, f"/farm/correct/{digest}?reason=did-not-occur", note="点错了")

    event = farm.last()["event"]
    assert (answer.status_code, event["target"], event["reason"], "replacement" in event) == (
        302,
        digest,
        "did-not-occur",
        False,
    )
    assert "不再有效" in client.get(f"/farm/entries/{digest}").text
    assert "不能再更正" in client.get(f"/farm/correct/{digest}").text
    assert record(client, "harvested").status_code == 302


@pytest.mark.parametrize(
    ("kind", "changed", "path", "expected"),
    [
        ("treated", {"interval_days": "7"}, ("interval_days",), 7),
        ("harvested", {"plots__0__amount": "450", "unit": "kg"}, ("amount", "kg"), "450"),
        ("plot-registered", {"area_ha": "0.3", "unit": "ha"}, ("area_ha",), "0.3"),
        ("product-registered", {"name": "甜玉米"}, ("name",), "甜玉米"),
        ("input-bought", {"amount": "40"}, ("amount",), "40"),
        ("input-applied", {"amount": "10"}, ("amount",), "10"),
        ("certificate-issued", {"number": "C-2"}, ("number",), "C-2"),
    ],
)
def test_a_record_is_put_right_in_the_form_as_it_was_filled_in(
    farm: Room, kind: str, changed: dict[str, str], path: tuple[str, ...], expected: Any
) -> None:
    client = farm.client()
    digest = digest_of(record(client, kind))
    first = farm.last()["event"]
    page = client.get(f"/farm/correct/{digest}?reason=incorrect")
    shown = {**hidden(page), **filled_in(page)}

    answer = client.post(
        f"/farm/correct/{digest}",
        data={**shown, **{name.replace("__", "."): text for name, text in changed.items()}},
    )

    assert answer.status_code == 302, answer.text
    found = farm.last()["event"]["replacement"]
    value: Any = found
    for step in path:
        value = value[step]
    assert (value, found["kind"], found["at"]) == (expected, kind, first["at"])


def filled_in(page: TestResponse) -> dict[str, str]:
    """Return what the fields of a page show."""
    inputs = re.findall(r"<input ([^>]*)>", page.text)
    found = {}
    for each in inputs:
        name, value = re.search(r'\bname="([^"]+)"', each), re.search(r'\bvalue="([^"]*)"', each)
        if name and value and 'type="file"' not in each:
            found[name[1]] = value[1]
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_correction_that_is_wrong_keeps_what_was_typed(farm: Room, client: FlaskClient) -> None:
    digest = digest_of(record(client, "treated"))
    page, before = client.get(f"/farm/correct/{digest}?reason=incorrect"), farm.size()

    answer = client.post(
        f"/farm/correct/{digest}",
        data={**hidden(page), **filled_in(page), "interval_days": "500", "name": "改名"},
    )

    assert (answer.status_code, farm.size(), 'value="改名"' in answer.text) == (422, before, True)


def test_registrations_and_codes_keep_their_names(farm: Room, client: FlaskClient) -> None:
    plot = digest_of(record(client, "plot-registered"))
    codes = digest_of(record(client, "codes-issued"))

    asked = client.get(f"/farm/correct/{plot}?reason=did-not-occur")

    assert asked.status_code == 404
    assert "不能再更正" in client.get(f"/farm/correct/{codes}").text


def test_nobody_corrects_for_others(farm: Room, client: FlaskClient) -> None:
    digest = digest_of(record(client, "treated"))
    form = hidden(client.get(f"/farm/correct/{digest}?reason=did-not-occur"))
    other, before = farm.client("nong"), farm.size()
    token = hidden(other.get("/farm/record/treated"))["csrf_token"]

    answers = [
        other.get(f"/farm/correct/{digest}"),
        other.get(f"/farm/entries/{digest}"),
        other.post(f"/farm/correct/{digest}", data={**form, "csrf_token": token}),
    ]

    assert ([each.status_code for each in answers], farm.size()) == ([403, 403, 403], before)


# on paper


def codes_in(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def page_of(pdf: bytes, scale: float = 4) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        shown: Image.Image = document[0].render(scale=scale).to_pil()
        return shown
    finally:
        document.close()


def test_labels_are_printed_again_and_each_leads_to_its_pack(farm: Room, client: FlaskClient) -> None:
    record(client, "codes-issued", count="30")
    address = f"/farm/labels.pdf?lot={PADDY}&first=0&count=24"

    first, again = client.get(address), client.get(address)

    found = codes_in(page_of(first.data))
    assert (len(set(found)), codes_in(page_of(again.data))) == (24, found)
    assert all(each.startswith(f"http://127.0.0.1:8000{PADDY}/") for each in found)
    shopper = farm.app.test_client()
    assert shopper.get(found[0].removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.parametrize("sheet", ["a4", "large"])
def test_both_sheets_are_readable(farm: Room, client: FlaskClient, sheet: str) -> None:
    record(client, "codes-issued", count="8")

    answer = client.get(f"/farm/labels.pdf?lot={PADDY}&first=0&count=8&sheet={sheet}")

    assert (answer.mimetype, len(codes_in(page_of(answer.data)))) == ("application/pdf", 8)


def test_one_label_is_drawn_for_a_pack_and_for_the_lot(farm: Room, client: FlaskClient) -> None:
    record(client, "codes-issued", count="8")

    png = client.get(f"/farm/label.png?lot={PADDY}&index=7")
    whole = client.get(f"/farm/label.png?lot={PADDY}")
    svg = client.get(f"/farm/label.svg?lot={PADDY}&index=7")

    (pack,) = codes_in(Image.open(io.BytesIO(png.data)))
    assert codes_in(Image.open(io.BytesIO(whole.data))) == [f"http://127.0.0.1:8000{PADDY}"]
    assert pack.startswith(f"http://127.0.0.1:8000{PADDY}/000000")
    assert (svg.mimetype, svg.data[:4]) == ("image/svg+xml", b"<svg")
    assert client.get(f"/farm/label.png?lot={PADDY}&index=8").status_code == 404


def test_void_codes_are_not_printed_and_not_known(farm: Room, client: FlaskClient) -> None:
    record(client, "codes-issued", count="8")
    png = client.get(f"/farm/label.png?lot={PADDY}&index=7")
    (pack,) = codes_in(Image.open(io.BytesIO(png.data)))

    answer = send(
        client,
        f"/farm/record/codes-voided?lot={PADDY}&first=4&count=4",
        cause="misprint",
        at="2026-09-22T07:40",
        first="4",
        count="4",
    )

    assert (answer.status_code, farm.last()["event"]["cause"]) == (302, "misprint")
    left = client.get(f"/farm/labels.pdf?lot={PADDY}&first=0&count=8")
    assert len(codes_in(page_of(left.data))) == 4
    assert farm.app.test_client().get(pack.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_a_lot_on_hold_gets_no_labels(farm: Room, client: FlaskClient) -> None:
    record(client, "codes-issued", count="8")
    farm.told.say(
        "jiance",
        "inspected",
        lot=PADDY,
        sample="S-1",
        purpose="routine",
        sampled_on="2026-09-21",
        verdict="non-conformant",
        results=[{"analyte": "镉", "unit": "mg/kg", "value": "0.9", "limit": "0.2", "passed": False}],
    )

    answer = client.get(f"/farm/labels.pdf?lot={PADDY}&first=0&count=8")

    assert (answer.status_code, "检测不合格" in answer.text) == (422, True)


def test_the_certificate_is_printed_for_what_needs_one(farm: Room, client: FlaskClient) -> None:
    assert "缺合格证" in client.get("/farm/").text
    record(client, "certificate-issued")

    answers = [
        client.get(f"/farm/certificate.pdf?lot={FUNGUS}&paper={paper}")
        for paper in ("a4", "roll80", "roll58")
    ]

    assert [codes_in(page_of(each.data)) for each in answers] == [[f"http://127.0.0.1:8000{FUNGUS}"]] * 3
    document = pypdfium2.PdfDocument(answers[0].data)
    text = document[0].get_textpage().get_text_bounded().replace(" ", "")
    document.close()
    assert [each in text for each in ("承诺达标合格证", "13800000000", "延边", "汪清")] == [True] * 4
    assert "缺合格证" not in client.get("/farm/").text


def test_no_certificate_is_issued_for_what_needs_none(farm: Room, client: FlaskClient) -> None:
    page, before = client.get(f"/farm/record/certificate-issued?lot={PADDY}"), farm.size()
    assert "不要求承诺达标合格证" in page.text
    typed = {**RIGHT["certificate-issued"][1], **hidden(page)}

    answer = client.post("/farm/record/certificate-issued", data=typed)

    assert (answer.status_code, farm.size()) == (422, before)


# a spreadsheet


def workbook(client: FlaskClient, **rows: list[list[Any]]) -> bytes:
    """Return the template with these rows typed into its sheets."""
    book = openpyxl.load_workbook(io.BytesIO(client.get("/farm/sheet.xlsx").data))
    for title, typed in rows.items():
        for row in typed:
            book[title].append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


SPRAYED = ["2026-09-22 07:00", "村东头", "虚构牌噻嗪酮", "噻嗪酮", 21]
REAPED = ["2026-09-21 17:00", "26-X", "paddy", 400, "村东头"]


def upload(client: FlaskClient, content: bytes) -> TestResponse:
    token = hidden(client.get("/farm/sheet"))
    return client.post(
        "/farm/sheet",
        data={**token, "file": (io.BytesIO(content), "a.xlsx")},
        content_type="multipart/form-data",
    )


def test_a_spreadsheet_is_looked_at_before_it_is_signed(farm: Room, client: FlaskClient) -> None:
    content, before = workbook(client, 采收=[REAPED], 施药=[SPRAYED]), farm.size()

    look = upload(client, content)

    assert (look.status_code, farm.size(), "读到 2 行" in look.text) == (200, before, True)
    signed = client.post("/farm/sheet/sign", data=hidden(look))
    assert (signed.status_code, farm.size()) == (302, before + 2)
    again = client.post("/farm/sheet/sign", data=hidden(upload(client, content)))
    assert (again.status_code, farm.size()) == (302, before + 2)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2026-09-22 07:00", "村东头", "", "噻嗪酮", 21], "名称"),
        (["昨天", "村东头", "药", "噻嗪酮", 21], "不是时间"),
        (["2026-09-22 07:00", "村东头", "药", "噻嗪酮", "两周"], "安全间隔期"),
    ],
)
def test_every_wrong_row_is_named(farm: Room, client: FlaskClient, row: list[Any], said: str) -> None:
    content, before = workbook(client, 施药=[SPRAYED, row]), farm.size()

    look = upload(client, content)

    assert (look.status_code, farm.size(), "施药 · 第 3 行" in look.text, said in look.text) == (
        422,
        before,
        True,
        True,
    )


def test_a_row_that_the_rules_refuse_stops_all_others(farm: Room, client: FlaskClient) -> None:
    early = ["2026-07-02 07:00", "26-Y", "paddy", 400, "村东头"]
    look, before = upload(client, workbook(client, 采收=[REAPED, early])), farm.size()

    signed = client.post("/farm/sheet/sign", data=hidden(look))

    assert (signed.status_code, farm.size()) == (422, before)
    assert ("最早 2026-07-15 才能采收" in signed.text, "采收 · 第 3 行" in signed.text) == (True, True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"a,b\n1,2\n", b"\x00\x01"])
def test_what_is_no_table_is_refused(farm: Room, client: FlaskClient, content: bytes) -> None:
    before = farm.size()

    answer = upload(client, content)

    assert (answer.status_code, farm.size()) == (422, before)


def test_signing_a_file_that_nobody_looked_at_signs_nothing(farm: Room, client: FlaskClient) -> None:
    token, before = hidden(client.get("/farm/sheet")), farm.size()

    answer = client.post("/farm/sheet/sign", data={**token, "digest": "../secrets"})

    assert (answer.status_code, farm.size()) == (422, before)


def test_the_page_of_a_family_farm_calls_nobody_a_member(open_house: Room) -> None:
    page = open_house.client("nong").get("/farm/people")

    assert ("邻家稻谷" in page.text, "登记社员" in page.text) == (True, False)


@pytest.mark.parametrize("page", PAGES[:4])
def test_every_page_is_english_for_who_reads_english(open_house: Room, page: str) -> None:
    client = open_house.client("nong")

    text = flat(client.get(page, headers={"Accept-Language": "en"}, query_string={"lang": "en"})).split(
        "<main"
    )[1]

    left = re.sub(r"邻家稻谷|周虚构家庭农场|地块|样张|中文", "", text)
    assert re.findall(r"[一-鿿]+", left) == []
