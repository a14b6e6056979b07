"""What a shopper, and a shopper's program, is told of a lot; and what nobody is told."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from qr import code, short
from tests import world
from tests.meddling import entries_of, spoil
from tests.public_pages import FORMS, Public
from tests.webapp import token_of
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World
from traceability import kept, own_records, shopper_reports, story, tables
from traceability.events.registry import PartyRegistered
from web import access, create_app, proofs

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
HTML = {"Accept": "text/html", "Accept-Language": "zh-CN"}
PALLET = "/00/095277770000000015"


def app_of(told: World) -> Flask:
    app = create_app(told.services.settings, told.services)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        access.limiter.reset()
    return app


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        yield opened


@pytest.fixture
def client(told: World) -> FlaskClient:
    return app_of(told).test_client()


def serial_of(told: World, index: int, lot: str = RICE_LOT) -> str:
    return code.serial(told.services.settings.serial_key, lot, index)


def issue(told: World, count: int = 10) -> None:
    told.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=count, pack={"kg": "5"})


# What is public, and what is not.


def test_no_sealed_value_is_anywhere_public(tmp_path: Path) -> None:
    with world.opened(tmp_path) as told:
        world.everything(told)
        public = Public.of(told.services)

        found = public.leaks()

        assert (len(public.sealed()) > 5, found) == (True, set())


def test_salts_are_nowhere_public(tmp_path: Path) -> None:
    with world.opened(tmp_path) as told:
        world.everything(told)
        public = Public.of(told.services)
        with told.services.engine.connect() as connection:
            salts = {bytes(row.salt).hex() for row in connection.execute(select(kept.sealed_value))}

        found = [where for where, text in public.answers() if any(salt in text for salt in salts)]

    assert found == []


# The page.


def test_the_order_of_the_page_is_what_a_shopper_needs_first(told: World, client: FlaskClient) -> None:
    told.say("mifang", "recalled", lot=RICE_LOT, level=1, cause="mislabelled")

    page = client.get(RICE_LOT, headers=HTML).text

    marks = (
        'id="recall"',
        'class="lot-head"',
        'class="verdicts"',
        'id="certificate"',
        'id="timeline"',
        "登记资料",
    )
    places = [page.index(each) for each in marks]
    assert places == sorted(places)


def test_each_chapter_says_who_when_and_who_else(told: World, client: FlaskClient) -> None:
    (shipped,), (received,) = entries_of(told, "shipped"), entries_of(told, "received")

    page = client.get(RICE_LOT, headers=HTML).text

    chapter = page.partition(f'id="c{shipped}"')[2].partition("</section>")[0]
    assert f'<a href="#c{received}">榆树虚构米坊</a>' in chapter
    assert "榆树虚构黑土水稻合作社" in chapter
    assert "收货方" in chapter.partition("不公开（已封存）")[2]
    harvest = page.partition(f'id="c{entries_of(told, "harvested")[0]}"')[2].partition("</section>")[0]
    assert "没有别的单位确认过这一条" in harvest


def test_only_products_of_the_lots_own_line_are_told(client: FlaskClient) -> None:
    page = client.get(RICE_LOT, headers=HTML).text

    assert ("榆树虚构稻谷" in page, "虚构米糠" in page) == (True, False)


def test_what_a_shopper_looks_for_and_nobody_told_is_shown_as_missing(
    told: World, client: FlaskClient
) -> None:
    (treated,) = entries_of(told, "treated")

    page = client.get(RICE_LOT, headers=HTML).text

    chapter = page.partition(f'id="c{treated}"')[2].partition("</section>")[0]
    assert chapter.count("未提供") == 2


def test_a_late_record_says_how_late(told: World, client: FlaskClient) -> None:
    told.clock.pass_time(days=40)
    told.say(
        "chaoshi",
        "confirmed",
        target=told.say(
            "heitu",
            "input-applied",
            at="2026-08-01T08:00:00+08:00",
            plot=PLOT,
            name="虚构尿素",
            category="fertiliser",
            amount="50",
            unit="kg",
        ).digest,
    )

    assert "天后补记" in client.get(RICE_LOT, headers=HTML).text


@pytest.mark.parametrize(("said", "state"), [(None, "not-required"), ("certificate-issued", "attached")])
def test_the_certificate_is_that_of_the_very_lot(
    told: World, client: FlaskClient, said: str | None, state: str
) -> None:
    if said is not None:
        told.say(
            "mifang",
            said,
            lot=RICE_LOT,
            number="C-1",
            name="大米",
            amount={"kg": "3300"},
            division="220182",
            basis="self-tested",
            contact="13800000000",
        )

    told_of = client.get(RICE_LOT, headers={"Accept": "application/json"}).json

    assert told_of is not None
    assert told_of["certificate"] == state


def test_a_test_of_another_lot_stands_in_for_none(client: FlaskClient) -> None:
    told_of = [client.get(lot, headers={"Accept": "application/json"}).json for lot in (RICE_LOT, PADDY_LOT)]

    assert [each and each["tests"] for each in told_of] == ["conformant", "none"]


def test_a_corrected_record_is_struck_and_leads_to_its_correction(told: World, client: FlaskClient) -> None:
    wrong = told.say(
        "heitu",
        "input-applied",
        plot=PLOT,
        name="写错了",
        category="other",
        amount="1",
        unit="kg",
        at="2026-08-01T08:00:00+08:00",
    )
    right = told.say("heitu", "corrected", target=wrong.digest, reason="did-not-occur")

    page = client.get(RICE_LOT, headers=HTML).text

    chapter = page.partition(f'id="c{wrong.index}"')[2].partition("</section>")[0]
    assert f'href="#c{right.index}"' in chapter
    assert f'class="chapter void" id="c{wrong.index}"' in page


def test_a_blend_is_told_in_per_cent_and_untraced_goods_taint_it(told: World, client: FlaskClient) -> None:
    told.harvest("3000", lot="/lot/heitu/paddy/26-B")
    told.say(
        "heitu", "untraced-received", lot="/lot/heitu/paddy/26-W", product="paddy", amount={"kg": "1000"}
    )
    blended = "/lot/heitu/paddy/26-X"
    told.say(
        "heitu",
        "processed",
        process="blending",
        inputs=[
            {"lot": f"/lot/heitu/paddy/26-{each}", "amount": {"kg": kg}}
            for each, kg in (("B", "3000"), ("W", "1000"))
        ],
        outputs=[{"lot": blended, "product": "paddy", "amount": {"kg": "4000"}}],
    )

    page = client.get(blended, headers=HTML).text
    told_of = client.get(blended, headers={"Accept": "application/json"}).json

    assert told_of is not None
    assert [each["share"] for each in told_of["origins"]] == ["3/4", "1/4"]
    assert ("75%" in page, "25%" in page, "来源未追溯" in page) == (True, True, True)


def test_a_recall_of_what_the_page_has_no_room_for_is_told_everywhere(
    told: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.say("heitu", "recalled", lot=PADDY_LOT, level=1, cause="other")
    monkeypatch.setattr(story, "ROOM", 1)

    page = client.get(RICE_LOT, headers=HTML).text
    document = client.get(RICE_LOT, headers={"Accept": "application/json"}).json
    passport = client.get(f"/passport{RICE_LOT}?form=json").json

    assert 'id="recall"' in page
    assert "召回的记录不在本页上" in page
    assert document is not None
    assert passport is not None
    for answer in (document, passport):
        assert (answer["recalled"], answer["recalls"]) == (True, [])
        assert len(answer["beyond"]) == 1


def test_a_page_with_room_for_all_leaves_nothing_out(client: FlaskClient) -> None:
    page = client.get(RICE_LOT, headers=HTML).text
    document = client.get(RICE_LOT, headers={"Accept": "application/json"}).json

    assert 'id="beyond"' not in page
    assert document is not None
    assert (document["recalled"], document["beyond"]) == (False, [])


def test_a_county_stands_beside_its_code_not_inside_the_fact(client: FlaskClient) -> None:
    page = client.get(RICE_LOT, headers=HTML).text

    assert "榆树市 <small>" in page
    assert ">榆树市<" not in page


# What was altered.


def test_an_altered_entry_is_told_as_one(told: World, client: FlaskClient) -> None:
    (index,) = entries_of(told, "shipped")
    spoil(told, "UPDATE ledger_entry SET bytes = CAST(bytes || x'20' AS BLOB) WHERE \"index\" = ?", index)

    answer = client.get(RICE_LOT, headers=HTML)

    chapter = answer.text.partition(f'id="c{index}"')[2].partition("</section>")[0]
    assert answer.status_code == 200
    assert ("✗" in chapter, "被人改过" in chapter) == (True, True)
    assert 'id="verdict-record" data-state="broken"' in answer.text


@pytest.mark.parametrize(
    "sql",
    [
        'DELETE FROM ledger_entry WHERE "index" = 21',
        "UPDATE ledger_entry SET bytes = x'ff00'",
        "UPDATE ledger_entry SET leaf = zeroblob(32)",
        "UPDATE lot SET at = 'noon', maker = '', product = 'x'",
        "UPDATE stock SET change = 'much'",
        "UPDATE rule_set SET digest = 'none'",
        "DELETE FROM lot",
        "UPDATE statement SET void_by = 1",
        "DELETE FROM party_key",
    ],
)
def test_a_spoilt_database_still_answers(told: World, client: FlaskClient, sql: str) -> None:
    spoil(told, sql)

    answers = [client.get(RICE_LOT, headers={"Accept": form}) for form in FORMS]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]


# Packs.


def test_an_issued_pack_bears_its_badge(told: World, client: FlaskClient) -> None:
    issue(told)

    answer = client.get(f"{RICE_LOT}/{serial_of(told, 9)}", headers=HTML)

    assert (answer.status_code, "已启用" in answer.text) == (200, True)


def test_a_pack_that_nobody_issued_may_be_reported(told: World, client: FlaskClient) -> None:
    issue(told)
    told.say("mifang", "codes-voided", lot=RICE_LOT, first=3, count=1, cause="lost")
    serials = (serial_of(told, 10), serial_of(told, 3), serial_of(told, 1, PADDY_LOT), "0" * 20, "x")

    answers = [client.get(f"{RICE_LOT}/{each}", headers=HTML) for each in serials]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert all("没有发放过" in answer.text and 'name="text"' in answer.text for answer in answers)
    problem = client.get(f"{RICE_LOT}/x", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json and problem.json["type"]) == (
        404,
        "urn:jizihao:problem:serial-not-issued",
    )


def test_a_report_is_kept_and_gets_a_number(told: World, client: FlaskClient) -> None:
    token = token_of(client.get(RICE_LOT, headers=HTML))

    answer = client.post("/report", data={"csrf_token": token, "lot": RICE_LOT, "text": "袋子是旧的"})
    empty = client.post("/report", data={"csrf_token": token, "lot": RICE_LOT, "text": " "})
    stray = client.post("/report", data={"csrf_token": token, "lot": "/lot/a/b/c", "text": "x"})

    assert (answer.status_code, empty.status_code, stray.status_code) == (201, 422, 404)
    number = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", answer.text)
    assert number is not None
    receipt = shopper_reports.receipt_of(number[0].replace("-", ""))
    with told.services.reading() as reader:
        kept = shopper_reports.by_receipt(reader.connection, receipt)
        assert kept is not None
        event = own_records.opened(reader, told.services.sealed, reader.statement(kept.entry))
    assert (kept.lot, kept.complaint, getattr(event, "text", "")) == (RICE_LOT, "other", "袋子是旧的")


# Addresses.


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "{plain}", " {code} "])
def test_the_short_code_leads_to_its_lot(client: FlaskClient, typed: str) -> None:
    shown = short.short_code(RICE_LOT)
    text = typed.format(code=shown, lower=shown.lower(), plain=shown.replace("-", ""))

    answer = client.get("/find", query_string={"code": text}, follow_redirects=True)

    assert (answer.status_code, answer.request.path) == (200, RICE_LOT)


def test_a_mistyped_short_code_says_so(client: FlaskClient) -> None:
    shown = short.short_code(RICE_LOT)
    wrong = ("1" if shown[0] != "1" else "2") + shown[1:]

    answer = client.get("/find", query_string={"code": wrong}, headers={"Accept-Language": "zh"})

    assert (answer.status_code, "输错了一位" in answer.text) == (422, True)


def test_a_short_code_of_no_lot_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"/short/{short.short_code('/lot/a/b/c')}").status_code == 404


def test_the_address_of_a_pack_may_be_pasted(told: World, client: FlaskClient) -> None:
    issue(told)
    path = f"{RICE_LOT}/{serial_of(told, 0)}"

    found = [
        client.get("/find", query_string={"code": f"{host}{path}"})
        for host in ("http://127.0.0.1:8000", "http://localhost")
    ]

    assert [answer.location for answer in found] == [path, path]


@pytest.mark.parametrize(
    "path",
    [
        "/lot/nobody/rice/R-1",
        "/01/09520000000011/10/A1",
        "/01/09520000000011",
        "/product/mifang/none",
        "/00/095277770000000015",
        "/nowhere",
    ],
)
def test_what_nobody_told_of_is_not_found_and_helped(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)

    assert (answer.status_code, 'action="/find"' in answer.text) == (404, True)


@pytest.mark.parametrize(
    "path",
    ["/01/09520000000012/10/A1", "/01/123/10/A1", "/00/1", "/414/1", "/01/x", "/lot/A/b/c", "/place/Ä"],
)
def test_what_names_nothing_says_why(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML)
    program = client.get(path, headers={"Accept": "application/json"})

    assert (page.status_code, program.status_code) == (404, 400)
    assert 'class="reasons"' in page.text
    assert program.json is not None
    assert program.json["errors"][0]["code"] != ""


def test_a_place_tells_nothing_whether_it_is_known_or_not(client: FlaskClient) -> None:
    pages = [
        client.get(path, headers=HTML) for path in ("/place/cangku", "/place/nobody", "/414/9521234000006")
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert pages[0].text.replace("cangku", "nobody") == pages[1].text.replace("cangku", "nobody")


def test_a_product_lists_its_lots(client: FlaskClient) -> None:
    answer = client.get("/product/mifang/rice", headers=HTML)

    assert (answer.status_code, f'href="{RICE_LOT}"' in answer.text, "榆树虚构大米" in answer.text) == (
        200,
        True,
        True,
    )


def test_a_container_tells_what_is_in_it_and_not_where_it_went(told: World, client: FlaskClient) -> None:
    container = f"https://id.gs1.org{PALLET}"
    parts = [{"lot": RICE_LOT, "amount": {"kg": "50"}}]
    told.say("mifang", "packed", container=container, parts=parts)
    told.say(
        "mifang",
        "shipped",
        parts=[],
        containers=[container],
        handover="0" * 64,
        to="chaoshi",
        destination="虚构秘密仓库",
    )
    full = client.get(PALLET, headers=HTML)
    told.say("mifang", "corrected", target=digest_of(told, "shipped"), reason="did-not-occur")
    told.say("mifang", "unpacked", container=container, parts=[])

    empty = client.get(PALLET, headers=HTML)

    link = f'href="{RICE_LOT}"'
    assert (full.status_code, link in full.text, link in empty.text) == (200, True, False)
    assert (
        "虚构秘密仓库" in full.text,
        "发货" in full.text,
        "发货" in empty.text.partition("它的记录")[2],
    ) == (False, True, False)


def digest_of(told: World, kind: str) -> str:
    with told.services.reading() as reader:
        table = tables.statement
        found = reader.connection.execute(
            select(table.c.digest).where(table.c.kind == kind).order_by(table.c.entry.desc())
        )
        return str(found.scalars().first())


# For programs.


@pytest.mark.parametrize("form", FORMS)
def test_a_lot_comes_in_the_form_that_is_accepted(client: FlaskClient, form: str) -> None:
    answer = client.get(RICE_LOT, headers={"Accept": form})

    assert (answer.status_code, answer.mimetype) == (200, form)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("link_type", "form"),
    [
        ("linkset", "application/linkset+json"),
        ("gs1:defaultLink", "text/html"),
        ("gs1:pip", "text/html"),
        ("https://ref.gs1.org/voc/traceability", "text/html"),
        ("gs1:epcis", "application/ld+json"),
    ],
)
def test_a_link_type_goes_before_what_is_accepted(client: FlaskClient, link_type: str, form: str) -> None:
    answer = client.get(
        RICE_LOT, query_string={"linkType": link_type}, headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.mimetype) == (200, form)


@pytest.mark.parametrize("link_type", ["gs1:recipeInfo", "all", ""])
def test_a_link_type_that_we_have_not_is_not_found(client: FlaskClient, link_type: str) -> None:
    assert client.get(RICE_LOT, query_string={"linkType": link_type}).status_code == 404


def test_the_linkset_names_every_form_of_the_lot(client: FlaskClient) -> None:
    answer = client.get(RICE_LOT, query_string={"linkType": "linkset"}, headers={"Accept-Language": "zh"})

    page = f"{world.BASE_URL}{RICE_LOT}"
    assert answer.json is not None
    (links,) = answer.json["linkset"]
    assert (links["anchor"], links["itemDescription"]) == (page, "榆树虚构大米")
    targets: dict[str, Any] = {
        name.removeprefix("https://ref.gs1.org/voc/"): [each["href"] for each in found]
        for name, found in links.items()
        if isinstance(found, list)
    }
    assert targets == {
        "defaultLink": [page],
        "pip": [page],
        "traceability": [page],
        "epcis": [f"{page}?linkType=gs1%3Aepcis"],
    }
    assert all(
        each["title"] and each["type"]
        for found in links.values()
        if isinstance(found, list)
        for each in found
    )


def test_the_page_points_to_its_linkset(client: FlaskClient) -> None:
    link = client.get(RICE_LOT, headers=HTML).headers["Link"]

    assert link == (
        f'<{world.BASE_URL}{RICE_LOT}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    )


def test_events_come_without_their_sealed_places(client: FlaskClient) -> None:
    told_of = client.get(RICE_LOT, headers={"Accept": "application/ld+json"}).json

    assert told_of is not None
    kinds = [event["type"] for event in told_of["epcisBody"]["eventList"]]
    assert {"ObjectEvent", "TransformationEvent"} == set(kinds)
    assert "destinationList" not in json.dumps(told_of)


def test_a_corrected_birth_is_shown_at_its_own_hour(told: World, client: FlaskClient) -> None:
    (wrong,) = [told.statement_of("harvested")]
    replacement = {
        "kind": "harvested",
        "at": "2026-09-21T00:00:00Z",
        "lot": PADDY_LOT,
        "product": "paddy",
        "amount": {"kg": "5001"},
        "plots": [{"plot": PLOT, "amount": {"kg": "5001"}}],
    }
    told.say("heitu", "corrected", target=wrong.digest, reason="incorrect", replacement=replacement)

    page = client.get(PADDY_LOT, headers=HTML).text

    head = page.partition('class="lot-head"')[2].partition("</header>")[0]
    assert "2026-09-21 08:00" in head


def test_what_is_sealed_is_never_shown_as_a_text(told: World, client: FlaskClient) -> None:
    told.say(
        "mifang",
        "export-declared",
        lot=RICE_LOT,
        amount={"kg": "10"},
        country="KR",
        registration="备案-虚构-1",
    )

    page = client.get(RICE_LOT, headers=HTML).text

    assert ("sealed&#39;" in page, "KR" in page) == (False, True)


def test_a_hold_stands_before_the_lot(told: World, client: FlaskClient) -> None:
    told.inspect(RICE_LOT, "0.3", passed=False)

    page = client.get(RICE_LOT, headers=HTML).text

    assert 0 < page.index('id="hold"') < page.index('class="lot-head"')


def test_a_voided_pack_of_recalled_goods_tells_of_the_recall_first(told: World, client: FlaskClient) -> None:
    issue(told)
    told.say("mifang", "recalled", lot=RICE_LOT, level=1, cause="mislabelled")
    told.say("mifang", "codes-voided", lot=RICE_LOT, first=3, count=1, cause="lost")

    page = client.get(f"{RICE_LOT}/{serial_of(told, 3)}", headers=HTML).text

    assert 0 < page.index("这一批已被召回，请勿食用") < page.index("没有发放过</h1>")


def test_a_farm_without_a_public_name_is_called_by_its_id_once(told: World, client: FlaskClient) -> None:
    farm = PartyRegistered(
        at=told.clock(), party="farm-9", role="farm", division="220182", private_name="吴虚构"
    )
    told.services.register_party(farm)
    told.say("farm-9", "product-registered", product="paddy", name="稻谷", commodity="paddy", measure="mass")
    lot = "/lot/farm-9/paddy/26-A"
    told.say("farm-9", "untraced-received", lot=lot, product="paddy", amount={"kg": "10"})

    page = client.get(lot, headers=HTML).text

    row = page.partition("<dt>生产单位</dt>")[2].partition("</div>")[0]
    assert row.count("farm-9") == 1


# Weight.


def test_every_module_that_the_page_needs_is_asked_for_at_once(client: FlaskClient) -> None:
    imported = {
        name
        for path in STATIC.glob("*.js")
        if path.name in proofs.modules()
        for name in re.findall(r'from "\./([a-z0-9-]+\.js)"', path.read_text(encoding="utf-8"))
    }

    page = client.get(RICE_LOT, headers=HTML).text

    assert imported <= set(proofs.modules())
    assert all(f'<link rel="modulepreload" href="/static/{name}">' in page for name in proofs.modules())


def test_a_page_of_one_chain_stays_light(client: FlaskClient) -> None:
    assert len(client.get(RICE_LOT, headers=HTML).data) < 120_000
