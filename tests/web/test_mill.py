"""The mill's pages: each form once right and once wrong, and nothing for those whose goods they are not."""

import re
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument

from tests.rooms import Person, Rooms, opened_rooms, typed_in, words_of
from tests.world import PADDY_LOT, RICE_LOT, TOKEN
from traceability import goods, own_records, schema
from traceability.events.followup import Corrected, Recalled
from traceability.events.movement import Received, Shipped
from traceability.events.processing import CodesIssued, CodesVoided, Packed, Processed, UntracedReceived
from traceability.events.registry import ProductRegistered
from traceability.quantity import Amount
from traceability.statement import new_id
from web import handover

MILLING = {
    "process": "milling",
    "inputs.0.lot": PADDY_LOT,
    "inputs.0.amount": "4000",
    "outputs.0.product": "rice",
    "outputs.0.lot": "R-1",
    "outputs.0.amount": "2600",
    "outputs.1.product": "bran",
    "outputs.1.amount": "400",
    "outputs.1.by_product": "true",
    "loss_kg": "50",
}
OTHERS_LOT = "/lot/heitu/paddy/26-B"
PAGES = (
    "/mill/",
    "/mill/receive",
    "/mill/process",
    "/mill/ship",
    "/mill/shipments",
    "/mill/untraced",
    "/mill/products",
    "/mill/pack",
    "/mill/corrections",
)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        yield made


@pytest.fixture
def mill(rooms: Rooms) -> Person:
    return rooms.person("mifang")


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """Paddy and rice in stock, codes issued: for tests that write nothing."""
    with opened_rooms(tmp_path_factory.mktemp("still")) as made:
        paddy_here(made)
        made.world.say("sheng", "prefix-licensed", party="mifang", prefix="9521234", document="GS1-虚构-1")
        made.world.mill(paddy="1000", rice="600")
        made.world.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=24, pack={"kg": "5"})
        made.world.harvest("100", lot=OTHERS_LOT)
        made.world.clock.pass_time(hours=1)
        yield made


@pytest.fixture(scope="module")
def miller(still: Rooms) -> Person:
    return still.person("mifang")


def harvested(rooms: Rooms) -> None:
    rooms.world.at("2026-09-21T08:00:00+08:00")
    rooms.world.harvest()
    rooms.world.clock.pass_time(days=1)


def on_its_way(rooms: Rooms, to: str = "mifang", *, token: str | None = None) -> str:
    """Let heitu send all its paddy, and return the shipment's digest."""
    harvested(rooms)
    shared, statement_id = rooms.world.services, new_id()
    word = token or handover.token_of(shared.settings, statement_id)
    told = {
        "at": rooms.world.clock.now.isoformat(),
        "parts": [{"lot": PADDY_LOT, "amount": {"kg": "5000"}}],
        "handover": handover.digest_of(word),
        "to": to,
    }
    shipped = shared.journal.record("heitu", schema.load("shipped", told), ids=[statement_id])[0]
    rooms.world.clock.pass_time(hours=2)
    return shipped.digest


def paddy_here(rooms: Rooms) -> None:
    harvested(rooms)
    rooms.world.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
    rooms.world.clock.pass_time(hours=1)


def rice_here(rooms: Rooms) -> None:
    paddy_here(rooms)
    rooms.world.mill()
    rooms.world.clock.pass_time(hours=1)


def kept(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def stock_of(rooms: Rooms, lot: str, party: str = "mifang") -> Decimal:
    with rooms.world.services.reading() as reader:
        known = goods.known_lot(reader.connection, lot)
    assert known is not None
    return known.stock.get(party, Decimal(0))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_for_the_mill_and_for_nobody_else(still: Rooms, address: str) -> None:
    answers = [still.person(party).get(address).status_code for party in ("mifang", "heitu", "jiance")]

    assert answers == [200, 403, 403]


def test_a_visitor_is_asked_to_sign_in(still: Rooms) -> None:
    answer = still.app.test_client().get("/mill/process")

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/mill/process")


# receiving


def test_only_what_is_addressed_to_the_mill_stands_in_its_list(rooms: Rooms, mill: Person) -> None:
    on_its_way(rooms, to="chaoshi")

    page = mill.get("/mill/receive")

    assert ("26-A" in page.text, "没有等待收货的货" in page.text) == (False, True)


def test_goods_are_received_from_the_list_with_what_was_weighed(rooms: Rooms, mill: Person) -> None:
    digest = on_its_way(rooms)
    listed = mill.get("/mill/receive")

    answer = mill.send(
        "/mill/receive",
        {"parts.0.lot": PADDY_LOT, "parts.0.amount": "4990.5"},
        shipment=digest,
        difference="少 9.5 公斤",
    )

    event = rooms.last()
    assert (f"shipment={digest}" in listed.text, answer.status_code, answer.location) == (True, 302, "/mill/")
    assert isinstance(event, Received)
    assert (event.shipment, event.parts[0].amount.kg) == (digest, Decimal("4990.5"))
    assert not isinstance(event.difference, str)
    assert stock_of(rooms, PADDY_LOT) == Decimal("4990.5")


def test_goods_are_received_by_the_word_of_a_note_however_it_is_typed(rooms: Rooms, mill: Person) -> None:
    digest = on_its_way(rooms, to="虚构客商", token=TOKEN)
    typed = TOKEN.lower().replace("0", "o")
    page = mill.get("/mill/receive", token=typed)

    answer = mill.send(
        "/mill/receive",
        {"parts.0.lot": PADDY_LOT, "parts.0.amount": "5000"},
        shipment=digest,
        token=typed,
    )

    assert (page.status_code, "榆树虚构稻谷" in page.text, answer.status_code) == (200, True, 302)
    assert isinstance(rooms.last(), Received)


def test_a_wrong_word_is_told_and_kept(miller: Person) -> None:
    answer = miller.get("/mill/receive", token="NO-SUCH-WORD")

    assert (answer.status_code, "没有这次发货的记录" in answer.text) == (422, True)
    assert typed_in(answer, "token") == "NO-SUCH-WORD"


def test_a_shipment_to_somebody_else_is_not_shown_without_its_word(rooms: Rooms, mill: Person) -> None:
    digest = on_its_way(rooms, to="chaoshi")
    before = rooms.size

    answers = [
        mill.get("/mill/receive", shipment=digest).status_code,
        mill.send(
            "/mill/receive", {"parts.0.lot": PADDY_LOT, "parts.0.amount": "5000"}, shipment=digest
        ).status_code,
        mill.get("/mill/receive", shipment="0" * 64).status_code,
    ]

    assert (answers, rooms.size) == ([403, 403, 404], before)


@pytest.mark.parametrize(
    ("weighed", "status"), [("5000", 302), ("5000.001", 422), ("", 422), ("五千", 422), ("-1", 422)]
)
def test_no_more_is_received_than_was_sent(rooms: Rooms, mill: Person, weighed: str, status: int) -> None:
    digest = on_its_way(rooms)
    before = rooms.size

    answer = mill.send(
        "/mill/receive", {"parts.0.lot": PADDY_LOT, "parts.0.amount": weighed}, shipment=digest
    )

    assert (answer.status_code, rooms.size - before) == (status, 1 if status == 302 else 0)
    if status == 422:
        assert typed_in(answer, "parts.0.amount") == weighed


def test_what_was_received_cannot_be_received_again(rooms: Rooms, mill: Person) -> None:
    digest = on_its_way(rooms)
    form = {"shipment": digest, "parts.0.lot": PADDY_LOT, "parts.0.amount": "5000"}

    first, second = mill.send("/mill/receive", form), mill.send("/mill/receive", form)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "已由" in words_of(second)


def test_the_code_of_a_note_leads_to_the_room_of_whoever_scans_it(still: Rooms) -> None:
    answers = [still.person(party).get(f"/handover/{TOKEN}").location for party in ("mifang", "chaoshi")]

    assert answers == [f"/mill/receive?token={TOKEN}", f"/market/receive?token={TOKEN}"]


# goods that nobody traced


def test_untraced_goods_say_so_in_all_that_is_made_of_them(rooms: Rooms, mill: Person) -> None:
    page = mill.get("/mill/untraced")

    answer = mill.send("/mill/untraced", product="rice", amount="300", lot="U-1", supplier="路边收的")

    event = rooms.last()
    assert ("标签上不印产地" in page.text, answer.status_code) == (True, 302)
    assert isinstance(event, UntracedReceived)
    assert (event.lot, event.amount) == ("/lot/mifang/rice/U-1", Amount(kg=Decimal(300)))
    assert not isinstance(event.supplier, str)
    assert "来源未追溯" in mill.get("/mill/lot", lot="/lot/mifang/rice/U-1").text


@pytest.mark.parametrize(
    "wrong", [{"amount": "0.0001"}, {"amount": ""}, {"product": "no-such"}, {"lot": "A/B"}]
)
def test_untraced_goods_of_no_amount_or_product_are_not_recorded(
    still: Rooms, miller: Person, wrong: dict[str, str]
) -> None:
    before = still.size

    answer = miller.send(
        "/mill/untraced", {"product": "rice", "amount": "300", "supplier": "路边收的", **wrong}
    )

    assert (answer.status_code, still.size, typed_in(answer, "supplier")) == (422, before, "路边收的")


# processing


def test_several_products_come_of_one_process(rooms: Rooms, mill: Person) -> None:
    paddy_here(rooms)

    answer = mill.send("/mill/process", MILLING, action="sign")

    event = rooms.last()
    assert (answer.status_code, answer.location) == (302, "/mill/")
    assert isinstance(event, Processed)
    assert [(made.product, made.amount.kg, made.by_product) for made in event.outputs] == [
        ("rice", Decimal(2600), False),
        ("bran", Decimal(400), True),
    ]
    assert (event.outputs[0].lot, event.loss_kg) == (RICE_LOT, Decimal(50))
    assert re.fullmatch(r"/lot/mifang/bran/2609\d\d-1", event.outputs[1].lot)


def test_a_check_draws_the_balance_and_writes_nothing(rooms: Rooms, mill: Person) -> None:
    paddy_here(rooms)
    before = rooms.size

    answer = mill.send("/mill/process", MILLING, action="check")

    said = words_of(answer)
    assert (answer.status_code, rooms.size) == (200, before)
    assert "核对过了，可以签名" in said
    assert "3,050 公斤 / 4,000 公斤" in said
    assert "没有着落 950 公斤" in said


@pytest.mark.parametrize(("rice", "status"), [("3550", 200), ("3550.001", 422)])
def test_no_more_comes_out_than_went_in(rooms: Rooms, mill: Person, rice: str, status: int) -> None:
    paddy_here(rooms)
    form = {**MILLING, "outputs.0.amount": rice}
    before = rooms.size

    checked = mill.send("/mill/process", form, action="check")
    signed = mill.send("/mill/process", form, action="sign")

    assert (checked.status_code, signed.status_code) == (status, 302 if status == 200 else 422)
    assert rooms.size - before == (1 if status == 200 else 0)
    if status == 422:
        assert ("超出 0.001 公斤" in words_of(signed), typed_in(signed, "outputs.0.amount")) == (True, rice)


def test_water_counts_as_an_input(rooms: Rooms, mill: Person) -> None:
    paddy_here(rooms)

    answer = mill.send("/mill/process", {**MILLING, "outputs.0.amount": "3600", "water_kg": "50"})

    assert answer.status_code == 302


def test_rows_that_were_left_empty_close_up(still: Rooms, miller: Person) -> None:
    gap = {name.replace("outputs.1", "outputs.3"): text for name, text in MILLING.items()}

    answer = miller.send("/mill/process", {**gap, "outputs.1.product": "", "outputs.3.amount": "viel"})

    assert (answer.status_code, typed_in(answer, "outputs.1.amount")) == (422, "viel")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"inputs.0.lot": "/lot/heitu/paddy/NONE"}, "没有批次"),
        ({"inputs.0.amount": "5001"}, "数量不平"),
        ({"outputs.0.product": ""}, "请填写「产品（第 1 行）」"),
        ({"outputs.0.amount": ""}, "请填写「数量（第 1 行）」"),
        ({"loss_kg": "many"}, "不是数字"),
        ({"process": "cooking"}, "请从列表中选择"),
        ({"outputs.1.product": "rice", "outputs.1.lot": "R-1"}, "只能写一次"),
        ({"at": "2036-01-01T00:00"}, "晚于登记时间"),
    ],
)
def test_what_is_wrong_with_a_process_is_told_and_nothing_written(
    still: Rooms, miller: Person, wrong: dict[str, str], said: str
) -> None:
    before = still.size

    answer = miller.send("/mill/process", {**MILLING, **wrong})

    assert (answer.status_code, said in words_of(answer), still.size) == (422, True, before)
    assert kept(answer.text, "outputs.0.lot") == "R-1"


def test_the_paddy_of_another_is_not_milled(rooms: Rooms, mill: Person) -> None:
    harvested(rooms)

    answer = mill.send("/mill/process", MILLING)

    assert (answer.status_code, "不在本单位手里" in words_of(answer)) == (422, True)


def test_the_same_form_sent_twice_is_recorded_once(rooms: Rooms, mill: Person) -> None:
    paddy_here(rooms)
    form = {**MILLING, "statement": new_id()}

    first, second = mill.send("/mill/process", form), mill.send("/mill/process", form)

    assert (first.status_code, second.status_code, stock_of(rooms, PADDY_LOT)) == (302, 302, Decimal(1000))
    assert "没有重复登记" in mill.get("/mill/").text


# products


def test_a_product_is_registered(rooms: Rooms, mill: Person) -> None:
    form = {"product": "husk", "name": "虚构稻壳", "commodity": "rice-husk", "measure": "mass"}

    answer = mill.send("/mill/products", form)

    assert (answer.status_code, "虚构稻壳" in mill.get("/mill/products").text) == (302, True)
    assert isinstance(rooms.last(), ProductRegistered)


@pytest.mark.parametrize(
    ("gtin", "status"), [("09521234000013", 302), ("9521234000013", 302), ("09529999000006", 422), ("1", 422)]
)
def test_a_gtin_needs_the_licence_of_its_prefix(rooms: Rooms, mill: Person, gtin: str, status: int) -> None:
    rooms.world.say("sheng", "prefix-licensed", party="mifang", prefix="9521234", document="GS1-虚构-1")
    form = {"product": "rice-5kg", "name": "五公斤装", "commodity": "milled-rice", "measure": "mass"}

    answer = mill.send("/mill/products", form, gtin=gtin)

    assert answer.status_code == status
    if status == 422:
        assert ("商品条码" in words_of(answer), typed_in(answer, "name")) == (True, "五公斤装")


# packing


@pytest.mark.parametrize(
    ("container", "uri"),
    [
        ("Tuopan-12", "/place/mifang-tuopan-12"),
        ("(00)395212340000000014", "https://id.gs1.org/00/395212340000000014"),
        ("395212340000000014", "https://id.gs1.org/00/395212340000000014"),
    ],
)
def test_lots_are_packed_into_ones_own_containers(
    rooms: Rooms, mill: Person, container: str, uri: str
) -> None:
    rice_here(rooms)
    rooms.world.say("sheng", "prefix-licensed", party="mifang", prefix="9521234", document="GS1-虚构-1")

    answer = mill.send("/mill/pack", {"parts.0.lot": RICE_LOT, "parts.0.amount": "100"}, container=container)

    event = rooms.last()
    assert answer.status_code == 302
    assert isinstance(event, Packed)
    assert event.container == uri


@pytest.mark.parametrize(
    "container", ["", "托盘", "395219990000000007", "/place/heitu-1", "(00)1", "http://"]
)
def test_the_container_of_another_is_refused(still: Rooms, miller: Person, container: str) -> None:
    before = still.size

    answer = miller.send(
        "/mill/pack", {"parts.0.lot": RICE_LOT, "parts.0.amount": "100"}, container=container
    )

    assert (answer.status_code, still.size, typed_in(answer, "container")) == (422, before, container)


# shipping


def test_goods_leave_with_a_note_whose_word_the_receiver_needs(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)
    form = {"parts.0.lot": RICE_LOT, "parts.0.amount": "1000", "to": "chaoshi", "vehicle": "吉A00000"}

    answer = mill.send("/mill/ship", form)

    event, note = rooms.last(), mill.get(answer.location or "")
    assert isinstance(event, Shipped)
    word = re.search(r'class="code">([0-9A-Z ]+)<', note.text)
    assert word is not None
    assert sha256(word[1].replace(" ", "").encode()).hexdigest() == event.handover
    assert ("长春虚构超市" in note.text, "吉A00000" in note.text) == (True, True)


def test_goods_leave_for_a_buyer_outside_without_naming_him_in_the_log(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)
    form = {"parts.0.lot": RICE_LOT, "parts.0.amount": "1000", "outside": "浙江虚构粮行"}

    answer = mill.send("/mill/ship", form)

    stored = rooms.world.services.log.entry(rooms.size - 1).spelt
    assert (answer.status_code, "浙江虚构粮行".encode() in stored) == (302, False)
    assert "浙江虚构粮行" in mill.get(answer.location or "").text


@pytest.mark.parametrize(
    "wrong",
    [{"to": ""}, {"parts.0.amount": "3301"}, {"parts.0.amount": ""}, {"parts.0.lot": ""}],
)
def test_a_shipment_needs_goods_and_a_receiver(still: Rooms, miller: Person, wrong: dict[str, str]) -> None:
    form = {"parts.0.lot": RICE_LOT, "parts.0.amount": "1000", "to": "chaoshi", "vehicle": "吉A00000"}
    before = still.size

    answer = miller.send("/mill/ship", {**form, **wrong})

    assert (answer.status_code, still.size, typed_in(answer, "vehicle")) == (422, before, "吉A00000")


def test_a_note_is_its_senders_alone(rooms: Rooms, mill: Person) -> None:
    digest = on_its_way(rooms)

    answers = [mill.get(f"/mill/shipments/{each}").status_code for each in (digest, "0" * 64, "..%2F")]

    assert answers == [403, 404, 404]


# codes and labels


def test_codes_are_issued_and_every_label_reads_back(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)

    answer = mill.send("/mill/codes", lot=RICE_LOT, pack="5", count="24")
    sheet = mill.get("/mill/labels.pdf", lot=RICE_LOT, first="0", count="24")

    event = rooms.last()
    assert isinstance(event, CodesIssued)
    assert (answer.status_code, event.first, event.count, sheet.mimetype) == (302, 0, 24, "application/pdf")
    document = PdfDocument(sheet.data)
    picture: Image.Image = document[0].render(scale=4).to_pil()
    document.close()
    found = {each.text for each in zxingcpp.read_barcodes(picture)}
    assert len(found) == 24
    page = rooms.app.test_client().get(found.pop().removeprefix("http://127.0.0.1:8000"))
    assert (page.status_code, "已启用" in page.text) == (200, True)


@pytest.mark.parametrize(("pack", "count", "status"), [("5", "660", 302), ("5", "661", 422), ("", "1", 422)])
def test_no_more_codes_than_goods(rooms: Rooms, mill: Person, pack: str, count: str, status: int) -> None:
    rice_here(rooms)

    answer = mill.send("/mill/codes", lot=RICE_LOT, pack=pack, count=count)

    assert answer.status_code == status
    if status == 422:
        assert (typed_in(answer, "count"), "发码" in answer.text) == (count, True)


def test_codes_are_voided_once(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)
    mill.send("/mill/codes", lot=RICE_LOT, pack="5", count="24")

    answers = [
        mill.send("/mill/codes/void", lot=RICE_LOT, first=first, count="4", cause="misprint").status_code
        for first in ("20", "20", "22")
    ]

    assert (answers, isinstance(rooms.last(), CodesVoided)) == ([302, 422, 422], True)


@pytest.mark.parametrize(("first", "count"), [("0", "25"), ("24", "1"), ("x", "1"), ("0", "0"), ("0", "481")])
def test_labels_are_printed_of_issued_codes_only(
    still: Rooms, miller: Person, first: str, count: str
) -> None:
    answer = miller.get("/mill/labels.pdf", lot=RICE_LOT, first=first, count=count)

    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["/mill/lot", "/mill/labels.pdf", "/mill/label.svg", "/mill/recall"])
def test_the_lot_of_another_is_not_shown(still: Rooms, miller: Person, address: str) -> None:
    answers = [miller.get(address, lot=lot).status_code for lot in (OTHERS_LOT, "/lot/heitu/paddy/NONE", "x")]

    assert answers == [403, 404, 404]


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/mill/codes", {"pack": "5", "count": "1"}),
        ("/mill/codes/void", {"first": "0", "count": "1", "cause": "lost"}),
        ("/mill/recall", {"level": "1", "cause": "other"}),
    ],
)
def test_nothing_is_said_of_the_lot_of_another(
    still: Rooms, miller: Person, address: str, form: dict[str, Any]
) -> None:
    before = still.size

    answer = miller.send(address, form, lot=OTHERS_LOT)

    assert (answer.status_code, still.size) == (403, before)


# recall


def test_a_recall_reaches_what_was_made_and_names_only_ones_own_buyers(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)
    mill.send("/mill/codes", lot=RICE_LOT, pack="5", count="24")
    shipped = {"parts.0.lot": RICE_LOT, "parts.0.amount": "1000", "to": "chaoshi", "destination": "虚构一店"}
    mill.send("/mill/ship", shipped)

    reach = words_of(mill.get("/mill/recall", lot=PADDY_LOT))

    assert all(each in reach for each in ("R-1", "B-1", "24 个", "长春虚构超市 虚构一店"))
    # What heitu sealed about its own shipment stays closed.
    assert ("榆树虚构黑土水稻合作社：1 次发货" in reach, "虚构仓库" in reach) == (True, False)


@pytest.mark.parametrize(("level", "left"), [("1", "21 小时"), ("2", "45 小时"), ("3", "69 小时")])
def test_the_clock_of_a_recall_runs_from_when_the_risk_was_known(
    rooms: Rooms, mill: Person, level: str, left: str
) -> None:
    rice_here(rooms)

    answer = mill.send("/mill/recall", lot=RICE_LOT, level=level, cause="contamination", note="虚构的原因")
    rooms.world.clock.pass_time(hours=3)

    event = rooms.last()
    assert isinstance(event, Recalled)
    assert (answer.status_code, event.level, isinstance(event.note, str)) == (302, int(level), False)
    assert f"还剩 {left} 0 分" in words_of(mill.get("/mill/recall", lot=RICE_LOT))
    rooms.world.clock.pass_time(hours=70)
    assert "启动时限已过" in mill.get("/mill/recall", lot=RICE_LOT).text


def test_what_is_recalled_moves_no_more(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)
    mill.send("/mill/recall", lot=RICE_LOT, level="1", cause="contamination")

    answer = mill.send("/mill/ship", {"parts.0.lot": RICE_LOT, "parts.0.amount": "1", "to": "chaoshi"})

    assert (answer.status_code, "已被召回" in words_of(answer)) == (422, True)


@pytest.mark.parametrize("wrong", [{"level": "4"}, {"level": ""}, {"cause": "whim"}])
def test_a_recall_needs_a_level_and_a_cause(still: Rooms, miller: Person, wrong: dict[str, str]) -> None:
    before = still.size

    answer = miller.send(
        "/mill/recall", {"lot": RICE_LOT, "level": "1", "cause": "other", "note": "说明", **wrong}
    )

    assert (answer.status_code, still.size, ">说明</textarea>" in answer.text) == (422, before, True)


# corrections


def newest(rooms: Rooms, party: str = "mifang", kind: str = "") -> str:
    with rooms.world.services.reading() as reader:
        said = own_records.entries(reader, party)
    return next(each.digest for each in said if kind in ("", each.kind))


def test_a_process_that_never_was_is_void(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)

    answer = mill.send(f"/mill/corrections/{newest(rooms)}", reason="did-not-occur", note="手误")

    event = rooms.last()
    assert isinstance(event, Corrected)
    assert (answer.status_code, event.replacement, stock_of(rooms, PADDY_LOT)) == (302, None, Decimal(5000))


def test_a_wrong_amount_is_replaced_and_all_else_stays(rooms: Rooms, mill: Person) -> None:
    rice_here(rooms)
    digest = newest(rooms)
    page = mill.get(f"/mill/corrections/{digest}")

    answer = mill.send(
        f"/mill/corrections/{digest}", {"reason": "incorrect", "value.outputs.0.amount.kg": "3200"}
    )

    event = rooms.last()
    assert (typed_in(page, "value.outputs.0.amount.kg"), answer.status_code) == ("3300", 302)
    assert isinstance(event, Corrected)
    assert isinstance(event.replacement, Processed)
    assert [made.amount.kg for made in event.replacement.outputs] == [3200, 400]
    assert (event.replacement.outputs[1].by_product, stock_of(rooms, RICE_LOT)) == (True, Decimal(3200))


@pytest.mark.parametrize(
    "form",
    [
        {"reason": ""},
        {"reason": "incorrect", "value.outputs.0.amount.kg": "viel"},
        {"reason": "incorrect", "value.outputs.0.amount.kg": "9999"},
    ],
)
def test_a_wrong_correction_writes_nothing(still: Rooms, miller: Person, form: dict[str, str]) -> None:
    before = still.size

    answer = miller.send(f"/mill/corrections/{newest(still, kind='processed')}", form, note="手误")

    assert (answer.status_code, still.size, ">手误</textarea>" in answer.text) == (422, before, True)


def test_the_statement_of_another_is_not_corrected(rooms: Rooms, mill: Person) -> None:
    harvested(rooms)
    digest = newest(rooms, "heitu")

    answers = [
        mill.get(f"/mill/corrections/{digest}").status_code,
        mill.send(f"/mill/corrections/{digest}", reason="did-not-occur").status_code,
        mill.get("/mill/corrections/none").status_code,
    ]

    assert answers == [403, 403, 404]


def test_the_pages_speak_english_to_who_asks_for_it(still: Rooms, miller: Person) -> None:
    pages = [miller.get(each, lang="en").text for each in PAGES]
    pages += [miller.get(each, lang="en", lot=RICE_LOT).text for each in ("/mill/lot", "/mill/recall")]

    chinese = [
        found
        for page in pages
        for found in re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]*>", "", page))
        if "虚构" not in found and found not in {"吉账", "中文", "食品召回管理办法", "样张"}
    ]
    assert chinese == []
