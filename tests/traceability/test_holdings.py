"""What a party has, read back from a log: land, people, goods, deliveries and its own words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from tests import world
from tests.world import MEMBER, PADDY_LOT, PLOT, RICE_LOT, World
from traceability import holdings, own_records
from traceability.errors import NotAllowed, Unknown
from traceability.events.fact import Sealed
from traceability.events.field import Harvested
from traceability.events.movement import Shipped
from traceability.events.registry import MemberRegistered, PartyRegistered
from traceability.limits import shipped_rules
from traceability.quantity import Amount

RULES = shipped_rules()
OUT = "/lot/heitu/paddy/26-B"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        yield opened


def wait(told: World, on: date) -> holdings.Wait | None:
    with told.services.reading() as reader:
        sealed = told.services.sealed
        return holdings.plot(reader, sealed, "heitu", PLOT, rules=RULES, on=on).wait


def test_a_plot_tells_its_place_its_owner_and_its_last_spray(told: World) -> None:
    with told.services.reading() as reader:
        (land,) = holdings.plots(reader, told.services.sealed, "heitu", rules=RULES, on=date(2026, 7, 2))

    assert (land.place, land.member, land.known.area_ha) == ("村东头", MEMBER, Decimal(2))
    assert land.last is not None
    assert (land.last.name, land.last.day) == ("虚构牌吡虫啉", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("on", "earliest"),
    [
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), date(2026, 7, 15)),
        (date(2026, 7, 14), date(2026, 7, 15)),
        (date(2026, 7, 15), None),
    ],
)
def test_a_plot_waits_until_the_interval_is_over(told: World, on: date, earliest: date | None) -> None:
    found = wait(told, on)

    assert (None if found is None else found.earliest) == earliest


def test_a_spray_of_unknown_interval_goes_before_all_others_until_the_longest_is_over(told: World) -> None:
    told.at("2026-11-01T08:00:00+08:00")
    told.say("heitu", "treated", plot=PLOT, name="无名", substances=["无名成分"])
    told.say("heitu", "treated", plot=PLOT, name="有名", substances=["吡虫啉"], interval_days=300)

    found = wait(told, date(2026, 11, 2))

    assert found is not None
    assert (found.treatment.name, found.days, found.earliest) == ("无名", None, None)
    last = date(2026, 11, 1) + timedelta(days=399)
    assert [wait(told, last) is None, wait(told, last + timedelta(days=1)) is None] == [False, True]


def test_a_plot_belongs_to_one_party(told: World) -> None:
    with told.services.reading() as reader:
        for party, name, error in (("mifang", PLOT, NotAllowed), ("heitu", "0" * 26, Unknown)):
            with pytest.raises(error):
                holdings.plot(reader, told.services.sealed, party, name, rules=RULES, on=date(2026, 7, 1))


def test_members_are_known_by_name_until_it_is_erased(told: World) -> None:
    shared = told.services
    with shared.reading() as reader:
        (member,) = holdings.members(reader, shared.sealed, "heitu")
        statement = reader.statement(member.entry)
    assert (member.member, member.name) == (MEMBER, "王虚构")

    with shared.engine.begin() as connection:
        shared.sealed.erase(connection, statement.id, ["/name"])

    with shared.reading() as reader:
        (member,) = holdings.members(reader, shared.sealed, "heitu")
        event = own_records.opened(reader, shared.sealed, statement)
        assert isinstance(event, MemberRegistered)
        assert isinstance(event.name, Sealed)
    assert member.name is None


def test_products_name_their_lots(told: World) -> None:
    with told.services.reading() as reader:
        names = [each.product for each in holdings.products(reader, "mifang")]
        goods = holdings.product(reader, "heitu", "paddy")
        missing = holdings.product(reader, "heitu", "rice")

    assert (names, missing) == (["rice", "bran"], None)
    assert goods is not None
    assert (goods.lot("26-A"), goods.measure) == (PADDY_LOT, "mass")


def test_a_product_with_a_gtin_names_its_lots_by_it() -> None:
    goods = holdings.Goods("a", "b", "米", None, "milled-rice", "mass", None, None, "09521234000013", 1)

    assert goods.lot("A/1") == "https://id.gs1.org/01/09521234000013/10/A%2F1"


def test_lots_are_told_with_what_is_left_of_them(told: World) -> None:
    with told.services.reading() as reader:
        heitu = {each.lot: each.stock for each in holdings.lots(reader, "heitu")}
        mifang = {each.lot: each.amount for each in holdings.lots(reader, "mifang")}
        here = [[each.lot for each in holdings.in_stock(reader, party)] for party in ("heitu", "mifang")]

    assert heitu == {PADDY_LOT: Decimal(0)}
    assert mifang == {
        RICE_LOT: Amount(kg=Decimal(3300)),
        "/lot/mifang/bran/B-1": Amount(kg=Decimal(400)),
        PADDY_LOT: Amount(kg=Decimal(0)),
    }
    assert here == [[], [lot for lot in mifang if lot != PADDY_LOT]]


def test_a_lot_is_shown_to_who_made_or_held_it_and_to_nobody_else(told: World) -> None:
    with told.services.reading() as reader:
        seen = holdings.lot(reader, "mifang", PADDY_LOT)
        with pytest.raises(NotAllowed):
            holdings.lot(reader, "chaoshi", RICE_LOT)
        with pytest.raises(Unknown):
            holdings.lot(reader, "mifang", "/lot/mifang/rice/none")

    assert (seen.stock, seen.how, seen.may_move) == (Decimal(0), "harvested", True)


def test_what_may_be_coded_shrinks_with_each_issue_and_grows_with_each_void(told: World) -> None:
    def codable() -> Decimal:
        with told.services.reading() as reader:
            return holdings.lot(reader, "mifang", RICE_LOT).codable

    before = codable()
    told.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=100, pack={"kg": "5"})
    issued = codable()
    told.say("mifang", "codes-voided", lot=RICE_LOT, first=90, count=10, cause="misprint")

    assert [before, issued, codable()] == [Decimal(3300), Decimal(2800), Decimal(2850)]
    with told.services.reading() as reader:
        ranges = [
            (each.first, each.count, each.pack)
            for each in (*holdings.issues(reader, RICE_LOT), *holdings.voids(reader, RICE_LOT))
        ]
    assert ranges == [(0, 100, Decimal(5)), (90, 10, None)]


@pytest.mark.parametrize("kind", ["recalled", "failed"])
def test_a_lot_that_is_recalled_or_failed_may_not_move(told: World, kind: str) -> None:
    if kind == "recalled":
        told.say("mifang", "recalled", lot=RICE_LOT, level=2, cause="mislabelled")
    else:
        told.inspect(cadmium="0.9", passed=False)

    with told.services.reading() as reader:
        assert not holdings.lot(reader, "mifang", RICE_LOT).may_move


def test_a_free_number_is_the_next_of_its_day(told: World) -> None:
    day = datetime(2026, 9, 20, 17, tzinfo=UTC)
    told.harvest(kg="10", lot="/lot/heitu/paddy/260921-1")
    with told.services.reading() as reader:
        goods = holdings.product(reader, "heitu", "paddy")
        assert goods is not None

        found = holdings.free_number(reader, goods, day)

    assert found == "260921-2"


def test_a_shipment_waits_with_both_until_it_is_received(told: World) -> None:
    told.harvest(kg="100", lot=OUT)
    parts = [{"lot": OUT, "amount": {"kg": "100"}}]
    shipped = told.say("heitu", "shipped", parts=parts, handover="0" * 64, to="chaoshi", vehicle="吉A")

    with told.services.reading() as reader:
        sealed = told.services.sealed
        coming = holdings.coming(reader, sealed, "chaoshi")
        sent = holdings.sent(reader, sealed, "heitu")
        nobody = holdings.coming(reader, sealed, "mifang")

    assert [each.digest for each in coming] == [shipped.digest]
    assert [(each.to, each.received_by) for each in sent] == [("chaoshi", None), ("mifang", "mifang")]
    assert nobody == []


def test_a_shipment_that_was_put_right_is_found_under_its_new_words(told: World) -> None:
    told.harvest(kg="100", lot=OUT)
    parts = [{"lot": OUT, "amount": {"kg": "100"}}]
    words = {"parts": parts, "handover": "0" * 64}
    first = told.say("heitu", "shipped", to="mifang", **words)
    right = {"kind": "shipped", "at": told.clock.now.isoformat(), "to": "chaoshi", **words}
    told.say("heitu", "corrected", target=first.digest, reason="incorrect", replacement=right)

    with told.services.reading() as reader:
        sealed = told.services.sealed
        found = [len(holdings.coming(reader, sealed, party)) for party in ("mifang", "chaoshi")]
        (delivery,) = holdings.coming(reader, sealed, "chaoshi")
        first_id = own_records.entry(reader, "heitu", first.digest).statement_id

    assert found == [0, 1]
    assert delivery.statement_id == first_id


def test_what_a_party_said_is_listed_newest_first_page_by_page(told: World) -> None:
    with told.services.reading() as reader:
        every = own_records.entries(reader, "heitu")
        first = own_records.entries(reader, "heitu", limit=2)
        rest = own_records.entries(reader, "heitu", before=first[-1].entry)
        about = own_records.entries(reader, "heitu", about=PADDY_LOT)

    assert [*first, *rest] == every
    assert [each.kind for each in about] == ["shipped", "harvested"]
    assert every[0].kind == "shipped"


def test_a_statement_is_its_authors_alone(told: World) -> None:
    with told.services.reading() as reader:
        said = own_records.entries(reader, "heitu", limit=1)[0]
        again = own_records.entry(reader, "heitu", said.digest)
        by_id = own_records.entry_with_id(reader, "heitu", said.statement_id)
        other = own_records.entry_with_id(reader, "mifang", said.statement_id)
        with pytest.raises(NotAllowed):
            own_records.entry(reader, "mifang", said.digest)
        with pytest.raises(Unknown):
            own_records.entry(reader, "heitu", "0" * 64)

    assert (again, by_id, other) == (said, said, None)


def test_sealed_values_are_opened_for_their_owner(told: World) -> None:
    with told.services.reading() as reader:
        said = own_records.entries(reader, "heitu", limit=1)[0]
        event = own_records.opened(reader, told.services.sealed, reader.statement(said.entry))

    assert isinstance(event, Shipped)
    assert (event.to, event.destination) == ("mifang", "虚构仓库")


def test_an_event_without_secrets_is_opened_as_it_is(told: World) -> None:
    with told.services.reading() as reader:
        said = own_records.entries(reader, "heitu", about=PADDY_LOT)[-1]
        statement = reader.statement(said.entry)

        event = own_records.opened(reader, told.services.sealed, statement)

    assert isinstance(event, Harvested)
    assert event == statement.event


def test_the_counties_of_a_lot_are_those_of_the_fields_behind_it(told: World) -> None:
    with told.services.reading() as reader:
        found = [holdings.counties(reader, lot) for lot in (RICE_LOT, PADDY_LOT, "/lot/a/b/c")]

    assert found == [["220182"], ["220182"], []]


def test_organisations_are_known_by_id_and_their_sealed_names_by_themselves(told: World) -> None:
    farm = PartyRegistered(
        at=told.clock(), party="nongchang", role="farm", division="220182", private_name="周虚构"
    )
    told.services.register_party(farm)
    with told.services.reading() as reader:
        sealed = told.services.sealed
        names = [holdings.party_name(reader, sealed, party) for party in ("heitu", "nongchang", "nobody")]
        known = {each.party: each.name for each in holdings.partners(reader)}
        called = holdings.names(reader)
        with pytest.raises(Unknown):
            holdings.partner(reader, "nobody")

    assert names == ["榆树虚构黑土水稻合作社", "周虚构", None]
    assert (known["nongchang"], known["heitu"]) == (None, "榆树虚构黑土水稻合作社")
    assert (called["nongchang"], called["heitu"]) == ("nongchang", "榆树虚构黑土水稻合作社")


def test_certificates_are_listed_newest_first(told: World) -> None:
    for number in ("C-1", "C-2"):
        told.say(
            "mifang",
            "certificate-issued",
            lot=RICE_LOT,
            number=number,
            name="大米",
            amount={"kg": "100"},
            division="220182",
            basis="self-tested",
        )

    with told.services.reading() as reader:
        found = holdings.certificates(reader, RICE_LOT)
        numbers = [reader.entry(index).record["statement"]["event"]["number"] for index in found]

    assert numbers == ["C-2", "C-1"]


def test_shipments_are_read_a_page_at_a_time(told: World) -> None:
    told.harvest(kg="100", lot=OUT)
    parts = [{"lot": OUT, "amount": {"kg": "10"}}]
    digests = [
        told.say("heitu", "shipped", parts=parts, handover=f"{number:064}", to="chaoshi").digest
        for number in range(3)
    ]

    with told.services.reading() as reader:
        ask = partial(holdings.sent, reader, told.services.sealed, "heitu", most=2, is_open=True)
        wait = partial(holdings.coming, reader, told.services.sealed, "chaoshi", most=2)
        newest, waiting = ask(), wait()
        older, later = ask(before=newest[-1].entry), wait(before=waiting[-1].entry)

    assert [each.digest for each in (*newest, *older)] == digests[::-1]
    assert [each.digest for each in (*waiting, *later)] == digests[::-1]


def test_what_was_received_waits_for_nobody(told: World) -> None:
    with told.services.reading() as reader:
        sealed = told.services.sealed

        assert [each.received_by for each in holdings.sent(reader, sealed, "heitu")] == ["mifang"]
        assert holdings.sent(reader, sealed, "heitu", is_open=True) == []
        assert holdings.coming(reader, sealed, "mifang") == []
