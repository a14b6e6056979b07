"""The pages of those who move and sell goods: the gate, the carrier, papers, accounts, and what is kept."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ledger import store
from tests.rooms import Person, Rooms, opened_rooms, words_of
from tests.webapp import PASSWORD
from tests.world import PADDY_LOT, RICE_LOT
from traceability.events.fact import SHANGHAI
from traceability.events.followup import Erased
from traceability.events.movement import Received, Shipped
from traceability.events.moving import Carried, CounterpartyNoted, TemperatureLogged
from traceability.events.processing import Unpacked
from traceability.events.registry import PartyRegistered
from traceability.events.selling import EntryChecked, ExportDeclared, OnlineListed, StallRegistered
from traceability.passport_check import check
from web import access, accounts

MARKET, CARRIER = "dashichang", "kuaiyun"
COUNTED = ("amount", "damaged", "over")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("trade")) as made:
        world = made.world
        for party, role, division in ((MARKET, "market", "220102"), (CARRIER, "carrier", "220100")):
            told: Any = {"party": party, "role": role, "division": division, "name": f"虚构{party}"}
            world.services.register_party(PartyRegistered(at=world.clock(), **told))
            with store.writing(world.services.engine) as connection:
                kept: Any = {"name": party, "party": party, "role": role, "division": division}
                accounts.create(connection, world.services.kept_key, language="zh", password=PASSWORD, **kept)
        world.at("2026-09-21T08:00:00+08:00")
        world.harvest()
        world.clock.pass_time(days=1)
        world.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
        world.mill()
        world.clock.pass_time(hours=1)
        yield made


@pytest.fixture
def mill(rooms: Rooms) -> Person:
    return rooms.person("mifang")


@pytest.fixture
def market(rooms: Rooms) -> Person:
    return rooms.person(MARKET)


@pytest.fixture
def carrier(rooms: Rooms) -> Person:
    return rooms.person(CARRIER)


PAGES = {
    "/market/gate": [MARKET],
    "/market/stalls": [MARKET],
    "/market/record/stall-registered": [MARKET],
    "/carrier/": [CARRIER],
    "/carrier/take-over?token=x": [CARRIER],
    "/trade/": [MARKET, CARRIER, "mifang"],
    "/trade/purchases": [MARKET, CARRIER, "mifang"],
    "/trade/sales.csv": [MARKET, CARRIER, "mifang"],
    "/trade/records": [MARKET, CARRIER, "mifang"],
    "/trade/temperatures": [MARKET, CARRIER, "mifang"],
    "/trade/kept": [MARKET, CARRIER, "mifang"],
    "/trade/record/counterparty-noted": [MARKET, CARRIER, "mifang"],
    "/trade/record/online-listed": [MARKET, CARRIER, "mifang"],
    "/trade/record/export-declared": ["mifang"],
    "/trade/record/keeping-declared": ["mifang"],
    "/mill/unpack": ["mifang"],
}


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_for_its_own_people(rooms: Rooms, address: str) -> None:
    people = (MARKET, CARRIER, "mifang", "jiance")

    answers = {party: rooms.person(party).get(address).status_code for party in people}

    assert {party for party, status in answers.items() if status == 403} == set(people) - set(PAGES[address])


def _ship(mill: Person, rooms: Rooms, **told: str) -> tuple[str, str, str]:
    """Send 100 kg of rice to the market; return digest, handover word and carriage word of its note."""
    form = {"parts.0.lot": RICE_LOT, "parts.0.amount": "100", "to": MARKET, **told}
    answer = mill.send("/mill/ship", form)
    assert answer.status_code == 302, words_of(answer)
    note = mill.get(answer.location or "")
    words = [each.replace(" ", "") for each in _codes(note.text)]
    return (answer.location or "").rsplit("/", 1)[-1], words[0], words[1]


def _codes(page: str) -> list[str]:
    return [part.split("</p>")[0] for part in page.split('<p class="code">')[1:]]


def _take_over(rooms: Rooms, carrier: Person, carriage: str) -> Carried:
    assert carrier.get("/carrier/take-over", token=carriage).status_code == 200
    carrier.send("/carrier/take-over", token=carriage, vehicle="吉A00000", seal="S-1")
    event = rooms.last()
    assert isinstance(event, Carried)
    return event


def _logger(rooms: Rooms, *degrees: str) -> tuple[io.BytesIO, str]:
    """Return a logger's file of one reading every ten minutes up to now, as Chinese software saves it."""
    start = rooms.world.clock().astimezone(SHANGHAI) - timedelta(minutes=10 * len(degrees))
    rows = [
        f"{start + timedelta(minutes=10 * row):%Y/%m/%d %H:%M},{reading}"
        for row, reading in enumerate(degrees)
    ]
    return io.BytesIO("\n".join(["时间,温度(℃)", *rows]).encode("gb18030")), "logger.csv"


def test_a_carrier_takes_over_logs_and_sets_down(rooms: Rooms, mill: Person, carrier: Person) -> None:
    digest, _, carriage = _ship(mill, rooms, receiver_kind="market", destination_division="220000")
    taken = _take_over(rooms, carrier, carriage)
    assert (taken.lots, isinstance(taken.seal, str)) == ((RICE_LOT,), False)

    file = {"file": _logger(rooms, "12", "13", "12.5"), "form": "chilled", "instrument": "L-7"}
    logged = carrier.send(f"/carrier/temperatures/{digest}", file)
    event = rooms.last()
    assert isinstance(event, TemperatureLogged), words_of(logged)
    assert ([str(each) for each in event.readings], event.step_seconds) == (["12", "13", "12.5"], 600)

    down = carrier.send(f"/carrier/deliver/{digest}", seal_intact="true", place="虚构市场")
    assert (down.status_code, getattr(rooms.last(), "stage", "")) == (302, "delivered")


def test_a_loggers_file_is_refused_by_the_row_that_is_wrong(
    rooms: Rooms, mill: Person, carrier: Person
) -> None:
    digest, _, carriage = _ship(mill, rooms)
    _take_over(rooms, carrier, carriage)

    answer = carrier.send(
        f"/carrier/temperatures/{digest}", {"file": _logger(rooms, "1", "x"), "form": "chilled"}
    )

    assert (answer.status_code, "第 3 行的温度读不懂：x" in words_of(answer)) == (422, True)


def test_a_file_that_is_too_long_is_told_by_its_digest_and_what_stood_out(
    rooms: Rooms, mill: Person, carrier: Person
) -> None:
    digest, _, carriage = _ship(mill, rooms)
    _take_over(rooms, carrier, carriage)
    rooms.world.clock.pass_time(days=40)
    start = rooms.world.clock().astimezone(SHANGHAI) - timedelta(days=35)
    rows = [f"{start + timedelta(minutes=10 * row):%Y-%m-%d %H:%M:%S};{row % 7 - 3}" for row in range(4500)]

    answer = carrier.send(
        f"/carrier/temperatures/{digest}",
        {"file": (io.BytesIO("\n".join(rows).encode()), "long.csv"), "form": "chilled"},
    )

    event = rooms.last()
    assert isinstance(event, TemperatureLogged), words_of(answer)
    assert (event.readings, event.count, str(event.minimum), str(event.maximum)) == ((), 4500, "-3", "3")


def test_whoever_holds_goods_logs_the_temperature_of_its_store(rooms: Rooms, mill: Person) -> None:
    form = {"form": "chilled", "file": _logger(rooms, "3", "4")}

    without = mill.send("/trade/temperatures", {**form, "file": _logger(rooms, "3", "4")})
    in_a_store = mill.send("/trade/temperatures", {**form, "lots": RICE_LOT})

    event = rooms.last()
    assert isinstance(event, TemperatureLogged), words_of(in_a_store)
    assert (without.status_code, event.lots, event.shipment) == (422, (RICE_LOT,), None)


def test_what_came_to_the_gate_is_looked_at_and_let_in(rooms: Rooms, mill: Person, market: Person) -> None:
    digest, handover, _ = _ship(mill, rooms)
    market.send("/market/record/stall-registered", stall="A12", holder="虚构摊主")
    assert isinstance(rooms.last(), StallRegistered)

    looked = words_of(market.get("/market/gate", code=RICE_LOT, stall="A12"))
    assert ("合格证：不需要" in looked, "应有合格证而没有" in looked) == (True, False)
    form = {
        "code": RICE_LOT,
        "stall": "A12",
        "amount": "95",
        "presented": "trace-code",
        "decision": "accepted",
    }
    accepted = market.send("/market/gate", form)
    checked = rooms.last()
    assert isinstance(checked, EntryChecked), words_of(accepted)
    assert (checked.certificate_state, checked.decision) == ("not-required", "accepted")
    assert "A12" in words_of(market.get("/market/gate"))

    receipt = {"shipment": digest, "token": handover, "parts.0.lot": RICE_LOT}
    got = market.send("/market/receive", {**receipt, "parts.0.amount": "95", "parts.0.damaged": "3"})
    received = rooms.last()
    assert isinstance(received, Received), words_of(got)
    assert {(each.how, str(each.amount.kg)) for each in received.differences} == {
        ("damaged", "3"),
        ("short", "2"),
    }


@pytest.mark.parametrize("typed", ["NaN", "-sNaN", "Infinity", "1e999999999", "-1e999999999", "1_0", "１０"])
def test_what_is_no_number_is_refused_where_goods_are_counted(
    rooms: Rooms, market: Person, typed: str
) -> None:
    parts = [{"lot": RICE_LOT, "amount": {"kg": "1"}}]
    sent = rooms.world.say("mifang", "shipped", parts=parts, to=MARKET, handover="ab" * 32).digest
    receipt = {"shipment": sent, "parts.0.lot": RICE_LOT, "parts.0.amount": "1"}

    answers = [market.send("/market/receive", {**receipt, f"parts.0.{what}": typed}) for what in COUNTED]
    parcel = {"parts.0.lot": RICE_LOT, "parts.0.amount": typed, "parts.0.unit": "jin", "to": MARKET}
    answers.append(rooms.person("mifang").send("/mill/ship", parcel))

    assert [answer.status_code for answer in answers] == [422] * 4


def test_a_refusal_at_the_gate_needs_a_reason(rooms: Rooms, market: Person) -> None:
    market.send("/market/record/stall-registered", stall="B1", holder="虚构摊主")
    form = {"commodity": "maize", "stall": "B1", "amount": "5", "amount.unit": "kg", "presented": "nothing"}
    before = rooms.size

    without = market.send("/market/gate", {**form, "decision": "refused"})
    with_one = market.send("/market/gate", {**form, "decision": "refused", "refusal_reasons": "spoilt"})

    assert (without.status_code, with_one.status_code, rooms.size - before) == (422, 302, 1)
    assert "腐败变质" in words_of(market.get("/market/stalls/B1"))


def test_a_wrong_carriage_word_opens_nothing(carrier: Person) -> None:
    answer = carrier.get("/carrier/take-over", token="0" * 32)

    assert answer.status_code == 422


def test_nobody_carries_what_another_took_over(rooms: Rooms, mill: Person, carrier: Person) -> None:
    digest, _, _ = _ship(mill, rooms)

    answers = [carrier.get(f"/carrier/{page}/{digest}").status_code for page in ("deliver", "temperatures")]

    assert answers == [403, 403]


def test_a_box_goes_out_whole_and_comes_apart(rooms: Rooms, mill: Person) -> None:
    mill.send("/mill/pack", {"parts.0.lot": RICE_LOT, "parts.0.amount": "50", "container": "tuopan-9"})
    form = {"container.0": "/place/mifang-tuopan-9", "outside": "虚构食堂"}
    unpacked = mill.send("/mill/unpack", container="/place/mifang-tuopan-9")
    assert (unpacked.status_code, isinstance(rooms.last(), Unpacked)) == (302, True)
    mill.send("/mill/pack", {"parts.0.lot": RICE_LOT, "parts.0.amount": "60", "container": "tuopan-8"})

    gone = mill.send("/mill/ship", {**form, "container.0": "/place/mifang-tuopan-8"})

    event = rooms.last()
    assert isinstance(event, Shipped), words_of(gone)
    assert (event.containers, [str(part.amount.kg) for part in event.parts]) == (
        ("/place/mifang-tuopan-8",),
        ["60"],
    )
    assert "/place/mifang-tuopan-8" not in mill.get("/mill/unpack").text


def test_a_grower_ships_in_jin(rooms: Rooms) -> None:
    grower = rooms.person("heitu")
    rooms.world.harvest("100", lot="/lot/heitu/paddy/26-J")

    answer = grower.send(
        "/farm/ship",
        {
            "parts.0.lot": "/lot/heitu/paddy/26-J",
            "parts.0.amount": "101",
            "parts.0.unit": "jin",
            "outside": "虚构粮库",
        },
    )

    event = rooms.last()
    assert isinstance(event, Shipped), words_of(answer)
    assert [str(part.amount.kg) for part in event.parts] == ["50.5"]


@pytest.mark.parametrize("sign", ["=", "＝"])
def test_an_outsider_is_noted_once_and_named_in_the_accounts(rooms: Rooms, mill: Person, sign: str) -> None:
    told = {
        "name": f"{sign}虚构饭店",
        "counterparty_kind": "caterer",
        "address": "虚构路 1 号",
        "contact": "138",
    }
    mill.send("/trade/record/counterparty-noted", told)
    event = rooms.last()
    assert isinstance(event, CounterpartyNoted)
    _ship(mill, rooms, to=event.counterparty)

    page, file = words_of(mill.get("/trade/sales")), mill.get("/trade/sales.csv").text

    assert ("虚构饭店" in page, "虚构路 1 号" in page, f"'{sign}虚构饭店" in file) == (True, True, True)


def test_what_is_asked_away_is_hidden_first_and_erased_when_its_clock_ends(
    rooms: Rooms, mill: Person
) -> None:
    digest, _, _ = _ship(mill, rooms, vehicle="吉B11111")
    page = words_of(mill.get(f"/trade/records/{digest}"))
    assert "食品安全法 art. 51" in page

    mill.send(f"/trade/records/{digest}", fields="/vehicle")
    hidden = rooms.last()
    early = mill.send("/trade/kept")
    before = rooms.size
    rooms.world.clock.pass_time(days=731)
    mill = rooms.person("mifang")
    due = words_of(mill.get("/trade/kept"))
    mill.send("/trade/kept")
    rooms.world.clock.pass_time(days=-731)

    assert isinstance(hidden, Erased)
    assert (hidden.done, early.status_code, "到期，可删除" in due, rooms.size - before) == (
        "hidden",
        302,
        True,
        1,
    )
    erased = rooms.last()
    assert isinstance(erased, Erased)
    assert (erased.done, erased.cause, erased.fields) == ("erased", "retention-ended", ("/vehicle",))


def test_nobody_asks_anothers_record_away(rooms: Rooms, mill: Person, market: Person) -> None:
    digest, _, _ = _ship(mill, rooms)

    assert market.send(f"/trade/records/{digest}", fields="/to").status_code == 403


def test_a_listing_has_a_public_page_and_a_document(rooms: Rooms, mill: Person) -> None:
    mill.send("/trade/record/online-listed", lot=RICE_LOT, platform="虚构商城", page="https://x.example/1")
    event = rooms.last()
    assert isinstance(event, OnlineListed)
    visitor = rooms.app.test_client()

    page = visitor.get(f"/listing/{event.listing}")
    document = visitor.get(f"/listing/{event.listing}.json")

    assert ("不需要" in words_of(page), document.get_json()["certificate"]) == (True, "not-required")
    assert (document.headers["Access-Control-Allow-Origin"], "x.example" in page.text) == ("*", False)
    mill.send("/trade/record/listing-ended", listing=event.listing, end_cause="sold-out")
    assert visitor.get(f"/listing/{event.listing}.json").json == {
        "listing": event.listing,
        "platform": "虚构商城",
        "ended": True,
    }
    assert visitor.get(f"/listing/{'0' * 26}").status_code == 404


def test_an_export_compares_itself_with_a_lot_at_home(rooms: Rooms, mill: Person) -> None:
    bran = "/lot/mifang/bran/B-1"
    told = {"lot": RICE_LOT, "amount": "10", "amount.unit": "kg", "country": "JP", "domestic_lot": bran}
    answer = mill.send("/trade/record/export-declared", {**told, "quarantine": "QC-虚构-1"})

    assert isinstance(rooms.last(), ExportDeclared), words_of(answer)
    page = words_of(mill.get("/trade/"))
    assert ("同线：否" in page, "同质：无从判断" in page, "QC-虚构-1" in page) == (True, True, False)


def test_a_passport_is_verified_offline_and_a_bent_one_is_not(rooms: Rooms) -> None:
    services = rooms.world.services
    services.log.publish()
    visitor = rooms.app.test_client()

    pdf = visitor.get(f"/passport{RICE_LOT}")
    passport = json.loads(visitor.get(f"/passport{RICE_LOT}?form=json").data)

    verdict = check(passport, services.policy, now=rooms.world.clock())
    assert (pdf.content_type, pdf.data[:5], verdict.is_proven) == ("application/pdf", b"%PDF-", True)
    assert {each["index"] for each in passport["records"]} == {*passport["verified"], *passport["claimed"]}
    passport["records"][0]["by"] = "somebody"
    passport["proofs"]["entries"].pop()
    assert not check(passport, services.policy, now=rooms.world.clock()).is_proven


def test_papers_are_set_for_one_visitor_so_often_and_no_more(rooms: Rooms) -> None:
    visitor = rooms.app.test_client()

    codes = [visitor.get("/passport/lot/x/y/z").status_code for _ in range(61)]

    with rooms.app.app_context():
        access.limiter.reset()
    assert (codes[-1], set(codes) - {404}) == (429, {429})


@pytest.mark.parametrize(
    "address", ["/passport/lot/x/y/z", "/passport/nonsense", "/passport/lot/mifang/rice/R-1?form=x"]
)
def test_there_is_no_passport_of_nothing(rooms: Rooms, address: str) -> None:
    assert rooms.app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("before", ["-1", "x", "99999999999999999999", "١", "1" * 15])
def test_a_list_that_goes_on_from_nonsense_is_a_list(rooms: Rooms, before: str) -> None:
    mill = rooms.person("mifang")

    for address in ("/trade/records", "/mill/receive", "/mill/shipments", "/mill/corrections"):
        assert mill.get(address, before=before).status_code == 200
