"""What a regulator counts: by the division of a party, never by another, and as the rules count."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import world
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World, opened
from traceability import goods, report, subjects
from traceability.events import partner
from traceability.events.registry import PartyRegistered
from traceability.reading import Reader
from traceability.scope import Scope, above, covers
from traceability.vocabulary import divisions

FAR_LOT = "/lot/shulan-he/paddy/S-1"
CLAIMED_LOT = "https://id.gs1.org/01/09521234000013/10/X1"
YUSHU, SHULAN, CHANGCHUN, JILIN_CITY, PROVINCE = "220182", "220283", "220100", "220200", "220000"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("report")) as made:
        _tell(made)
        yield made


@pytest.fixture
def reader(told: World) -> Iterator[Reader]:
    with told.services.reading() as found:
        yield found


def _tell(made: World) -> None:
    """Tell of everything in Yushu, of one lot in Shulan, and of one that a stranger claims."""
    made.services.register_party(
        PartyRegistered(
            at=made.clock(), party="shulan-he", role="cooperative", division=SHULAN, name="舒兰虚构合作社"
        )
    )
    made.say(
        "shulan-he", "product-registered", product="paddy", name="稻谷", commodity="paddy", measure="mass"
    )
    world.everything_of_goods(made)
    _harvest_in_shulan(made)
    made.inspect(FAR_LOT, "0.5", passed=False)
    item = partner.Item(CLAIMED_LOT, None, None)
    made.services.journal.record(
        "operator",
        partner.PartnerClaimed(
            at=made.clock(),
            position=0,
            event_id="urn:uuid:22222222-2222-4222-8222-222222222222",
            type="ObjectEvent",
            action="ADD",
            step="creating_class_instance",
            objects=(item,),
        ),
        source="partner",
        claimed_by="stranger",
    )


def _harvest_in_shulan(made: World) -> None:
    plot = "s" + PLOT[1:]
    made.say(
        "shulan-he",
        "plot-registered",
        plot=plot,
        division=SHULAN,
        commodity="paddy",
        area_ha="1",
        place="屯西",
    )
    amount = {"kg": "1000"}
    made.say(
        "shulan-he",
        "harvested",
        lot=FAR_LOT,
        product="paddy",
        amount=amount,
        plots=[{"plot": plot, "amount": amount}],
    )


def lots(reader: Reader, area: str | None) -> set[str]:
    return {row.lot for row in rows(reader, report.lots(Scope.of(reader.connection, area)))}


def rows(reader: Reader, query: Any) -> list[Any]:
    return list(reader.connection.execute(query))


def parties(reader: Reader, area: str | None) -> list[str]:
    return sorted(row.party for row in rows(reader, report.parties(Scope.of(reader.connection, area))))


@pytest.mark.parametrize(
    ("area", "division", "expected"),
    [
        (YUSHU, YUSHU, True),
        (YUSHU, SHULAN, False),
        (CHANGCHUN, YUSHU, True),
        (CHANGCHUN, SHULAN, False),
        (YUSHU, CHANGCHUN, False),
        (PROVINCE, YUSHU, True),
        (PROVINCE, "110000", False),
        (PROVINCE, "229999", True),
        (CHANGCHUN, "220199", True),
        (JILIN_CITY, "220199", False),
        ("22", YUSHU, False),
        ("2201", YUSHU, False),
        ("", YUSHU, False),
        (None, "110000", True),
        (None, "", True),
        (YUSHU, "", False),
    ],
)
def test_an_area_covers_what_lies_in_it(area: str | None, division: str, expected: bool) -> None:
    assert covers(area, division) is expected


def test_each_division_of_the_table_lies_in_its_parents_and_in_the_province() -> None:
    astray = [
        code
        for code, each in divisions().items()
        if not covers(PROVINCE, code) or (each.parent and not covers(each.parent, code))
    ]

    assert astray == []


@given(st.text(max_size=8), st.text(max_size=8))
def test_no_code_however_spelled_is_in_an_area_by_accident(area: str, division: str) -> None:
    assert covers(area, division) is (area in list(above(division)))


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (YUSHU, ["heitu", "mifang", "yushu"]),
        (SHULAN, ["shulan-he"]),
        (CHANGCHUN, ["chaoshi", "heitu", "jiance", "mifang", "yushu"]),
        (JILIN_CITY, ["shulan-he"]),
        ("222400", []),
        (None, ["chaoshi", "heitu", "jiance", "mifang", "operator", "sheng", "shulan-he", "yushu"]),
    ],
)
def test_a_county_sees_its_own_parties_and_a_prefecture_those_of_its_counties(
    reader: Reader, area: str | None, expected: list[str]
) -> None:
    assert parties(reader, area) == expected


def test_the_province_sees_all_that_the_operator_sees(reader: Reader) -> None:
    assert (parties(reader, PROVINCE), lots(reader, PROVINCE)) == (parties(reader, None), lots(reader, None))


def test_a_county_sees_the_lots_that_its_parties_made_or_held(reader: Reader) -> None:
    bran = "/lot/mifang/bran/B-1"

    assert [lots(reader, area) for area in (YUSHU, SHULAN, "222400")] == [
        {PADDY_LOT, RICE_LOT, bran},
        {FAR_LOT},
        set(),
    ]


def test_who_is_registered_nowhere_belongs_to_the_province(reader: Reader) -> None:
    assert [CLAIMED_LOT in lots(reader, area) for area in (YUSHU, CHANGCHUN, PROVINCE, None)] == [
        False,
        False,
        True,
        True,
    ]


def test_the_state_in_the_list_is_the_one_that_the_rules_see(reader: Reader) -> None:
    listed = {
        row.lot: (row.recalled, row.failed, row.held, row.untraced)
        for row in rows(reader, report.lots(Scope(None)))
    }
    known = {lot: goods.known_lot(reader.connection, lot) for lot in listed}

    assert {lot: tuple(map(bool, states)) for lot, states in listed.items()} == {
        lot: (each.recalled, each.failed, bool(each.holds), each.untraced)
        for lot, each in known.items()
        if each is not None
    }
    assert listed[RICE_LOT][0] == 1
    assert listed[FAR_LOT][1] == 1


def test_each_lot_is_listed_once_with_its_product_and_maker(reader: Reader) -> None:
    found = [row for row in rows(reader, report.lots(Scope(None))) if row.lot == RICE_LOT]

    assert [(row.maker, row.product_name, row.commodity) for row in found] == [
        ("mifang", "榆树虚构大米", "milled-rice")
    ]


def test_a_failed_test_counts_where_the_lot_is_not_where_the_laboratory_is(reader: Reader) -> None:
    found = {
        area: [row.lot for row in rows(reader, report.failed_tests(Scope.of(reader.connection, area)))]
        for area in (YUSHU, SHULAN, "220102")
    }

    assert found == {YUSHU: [], SHULAN: [FAR_LOT], "220102": []}


def test_a_recall_counts_in_its_own_county_alone(reader: Reader) -> None:
    found = [
        [row.lot for row in rows(reader, report.recalls(Scope.of(reader.connection, area)))]
        for area in (YUSHU, SHULAN)
    ]

    assert found == [[RICE_LOT], []]


def test_a_hold_is_open_until_a_second_party_has_looked(reader: Reader) -> None:
    shulan = Scope.of(reader.connection, SHULAN)
    held = rows(reader, report.open_holds(shulan))

    assert {(row.lot, row.rule, bool(row.resolved)) for row in held} == {(FAR_LOT, "failed-test", False)}


def test_a_resolved_hold_is_listed_and_no_longer_open(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.at("2026-10-08T08:00:00+08:00")
        done = made.inspect(PADDY_LOT, "0.5", passed=False)
        with made.services.reading() as before:
            open_before = report.count(before.connection, report.open_holds(Scope(None)))
        made.say("yushu", "hold-resolved", target=done.digest, note="复检合格")
        with made.services.reading() as after:
            open_after = report.count(after.connection, report.open_holds(Scope(None)))
            resolved = {bool(row.resolved) for row in rows(after, report.flags(Scope(None)))}

    assert (open_before > 0, open_after, resolved) == (True, 0, {True})


def test_what_is_void_is_counted_nowhere(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.at("2026-10-08T08:00:00+08:00")
        done = made.inspect(PADDY_LOT, "0.5", passed=False)
        made.say("jiance", "corrected", target=done.digest, reason="did-not-occur", note="样品混淆")
        with made.services.reading() as reader:
            queries = (report.failed_tests, report.open_holds, report.flags)
            counts = [report.count(reader.connection, query(Scope(None))) for query in queries]

    assert counts == [0, 0, 0]


def test_a_late_entry_is_remarked_with_who_told_it(reader: Reader) -> None:
    late = rows(reader, report.late_entries(Scope.of(reader.connection, YUSHU)))

    assert {(row.by, row.kind, row.level) for row in late} == {("heitu", "treated", "warn")}


def test_counting_gives_as_many_as_there_are_rows(reader: Reader) -> None:
    scope = Scope.of(reader.connection, YUSHU)
    queries = [each(scope) for each in (report.parties, report.lots, report.flags, report.recalls)]

    assert [report.count(reader.connection, each) for each in queries] == [
        len(rows(reader, each)) for each in queries
    ]


@pytest.mark.parametrize(
    ("area", "party", "lot", "expected"),
    [
        (YUSHU, "heitu", PADDY_LOT, (True, True)),
        (SHULAN, "heitu", PADDY_LOT, (False, False)),
        (SHULAN, "shulan-he", FAR_LOT, (True, True)),
        (None, "nobody", "/lot/nobody/x/1", (False, False)),
        (PROVINCE, "chaoshi", CLAIMED_LOT, (True, True)),
    ],
)
def test_a_scope_knows_what_is_within(
    reader: Reader, area: str | None, party: str, lot: str, expected: tuple[bool, bool]
) -> None:
    scope, connection = Scope.of(reader.connection, area), reader.connection

    assert (report.has_party(connection, scope, party), report.has_lot(connection, scope, lot)) == expected


def test_a_record_is_seen_where_its_author_or_its_lot_is(reader: Reader) -> None:
    (failed,) = rows(reader, report.failed_tests(Scope(None)))
    seen = [
        bool(rows(reader, report.record(Scope.of(reader.connection, area), failed.entry)))
        for area in (SHULAN, CHANGCHUN, YUSHU, None)
    ]

    assert seen == [True, True, False, True]


def test_the_records_of_a_lot_and_of_a_party_come_newest_first(reader: Reader) -> None:
    about = [row.entry for row in rows(reader, report.records_about(RICE_LOT))]
    by = [row.entry for row in rows(reader, report.records_of("heitu"))]

    assert (about, by) == (sorted(about, reverse=True), sorted(by, reverse=True))
    assert {row.by for row in rows(reader, report.records_about(subjects.plot(PLOT)))} == {"heitu", "yushu"}


def test_what_a_party_holds_is_the_sum_of_its_moves(reader: Reader) -> None:
    moved = [(row.lot, row.change) for row in rows(reader, report.holdings("shulan-he"))]

    assert moved == [(FAR_LOT, "1000")]


def test_every_query_runs_on_both_databases(database_url: str, tmp_path: Path) -> None:
    with opened(tmp_path, url=database_url) as made:
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.at("2026-10-08T08:00:00+08:00")
        made.inspect(PADDY_LOT, "0.5", passed=False)
        with made.services.reading() as reader:
            scopes = [Scope.of(reader.connection, area) for area in (YUSHU, SHULAN, PROVINCE, None)]
            queries = (
                report.parties,
                report.lots,
                report.flags,
                report.open_holds,
                report.failed_tests,
                report.recalls,
            )
            counts = [
                [report.count(reader.connection, query(scope)) for query in queries] for scope in scopes
            ]
            (row,) = rows(reader, report.lots(scopes[0]))

    assert counts == [[3, 1, 1, 1, 1, 0], [0] * 6, [7, 1, 1, 1, 1, 0], [7, 1, 1, 1, 1, 0]]
    assert [bool(each) for each in (row.recalled, row.failed, row.held, row.untraced)] == [
        False,
        True,
        True,
        False,
    ]
