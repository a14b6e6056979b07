"""The invented year: every line believable by itself, and the whole of it recorded, judged and audited."""

import csv
import hashlib
import io
import json
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import select

from ledger.canonical import instant_of
from tests.public_pages import Public
from traceability import genealogy, gs1, recall, tables
from traceability.audit import Report, Subject, audit
from traceability.codec import members
from traceability.events import KINDS, Event, followup, may_state
from traceability.events.registry import Role
from traceability.limits import shipped_rules
from traceability.occurrence import Occurrence
from traceability.reference import shipped
from traceability.telling import occurrences
from traceability.vocabulary import divisions
from web import accounts, demo
from web.clock import SeasonClock
from web.database import KEPT_TABLES, Services, init_instance, open_services
from web.demo import DemoPeople, Told
from web.settings import Settings

BY_NAME = {told.name: told for told in demo.season()}
REAL = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

FAILED, FARM_LOT = "/lot/yushu-jingmi/rice/26-R5", "/lot/yushu-farm-01/paddy/26-C1"
STOPPED = "https://id.gs1.org/01/09528888000024/10/JD2610B"
RECALLED_PACKS = "https://id.gs1.org/01/09528888000017/10/JD2610C"
BLENDED, TAINTED = "/lot/yushu-jingmi/rice-blend/26-R2", "/lot/yushu-jingmi/rice-blend/26-R3"
THAWED = "https://id.gs1.org/01/09527777000015/10/YM2605"
UNTRACED = "/lot/yushu-jingmi/paddy-bought/26-W1"
BOUGHT_TWICE = "bought-fert-yh-again"


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shipped(f"demo/{name}").decode("utf-8"), newline="")))


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in shipped("demo/season.jsonl").decode("utf-8").splitlines()]


def nested(value: Any) -> Iterator[Any]:
    """Yield *value* and everything in it."""
    yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for each in inner:
        yield from nested(each)


def named(value: Any) -> list[str]:
    return [each["of"] for each in nested(value) if isinstance(each, Mapping) and set(each) == {"of"}]


def loaded(told: Told) -> Event:
    return told.event(dict.fromkeys(named(told.fields), "0" * 64))


def private_names(told: Told) -> set[str]:
    return {member.name for member in members(type(loaded(told))) if member.is_private}


# What the files say.


def test_every_line_is_an_event() -> None:
    events = {told.name: loaded(told) for told in demo.season()}

    assert {name: event.kind for name, event in events.items()} == {
        told.name: told.kind for told in demo.season()
    }
    assert {event.zone for event in events.values()} == {"+08:00"}


def test_names_are_given_once_and_ids_follow_from_them() -> None:
    ids = {told.statement_id for told in demo.season()}

    assert len(BY_NAME) == len(demo.season()) == len(ids)
    assert all(
        re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f-]{16}", each)
        for each in ids
    )


def test_lines_stand_in_the_order_of_their_telling_after_what_they_tell() -> None:
    told = lines()

    times = [datetime.fromisoformat(each["recorded"]) for each in told]
    assert times == sorted(times)
    assert all(
        datetime.fromisoformat(each["event"]["at"]) <= time for each, time in zip(told, times, strict=True)
    )


def test_a_reference_names_an_earlier_line() -> None:
    seen: set[str] = set()
    for told in demo.season():
        assert set(named(told.fields)) <= seen, told.name
        seen.add(told.name)


def test_the_year_has_all_that_is_asked_of_it() -> None:
    kinds = Counter(told.kind for told in demo.season())
    crops = {told.fields["commodity"] for told in demo.season() if told.kind == "plot-registered"}

    assert len(table("organisations.csv")) >= 12
    assert kinds.total() >= 300
    assert crops == {"paddy", "fresh-maize", "ginseng-fresh", "black-fungus"}
    # What is left out: a rule set is adopted by the opening, nothing is erased, and no partner sends EPCIS.
    # A draw is made by the root of the log, which the salts of this very instance decide.
    assert set(KINDS) - set(kinds) == {"draw-made", "erased", "partner-claimed", "rules-adopted"}


def test_every_process_of_the_trade_but_two_is_done() -> None:
    done = {told.fields["process"] for told in demo.season() if told.kind == "processed"}

    assert done == {"blending", "drying", "freezing", "milling", "packing", "steaming"}


def test_everybody_is_plainly_invented() -> None:
    names = [row["name"] or row["private_name"] for row in table("organisations.csv")]
    people = [row["name"] for row in table("members.csv")]

    assert [name for name in names if "虚构" not in name and "示例" not in name] == []
    assert [name for name in people if "示例" not in name] == []


def test_a_family_farm_has_no_public_name() -> None:
    farms = [row for row in table("organisations.csv") if row["role"] == "farm"]

    assert [(bool(row["name"]), bool(row["private_name"])) for row in farms] == [(False, True)]


def test_every_division_is_one_of_jilin() -> None:
    told = {each["division"] for each in (*table("organisations.csv"), *table("plots.csv"))}

    assert told - set(divisions()) == set()


def test_every_number_of_gs1_is_an_example_with_its_check_digit() -> None:
    text = shipped("demo/season.jsonl").decode() + shipped("demo/products.csv").decode()
    gtins = set(re.findall(r"\b0952\d{10}\b", text))
    containers = set(re.findall(r"/00/(\d{18})", text))
    licensed = {told.fields["prefix"] for told in demo.season() if told.kind == "prefix-licensed"}

    assert {row["gtin"] for row in table("products.csv") if row["gtin"]} == gtins
    assert all(gs1.check_digit_holds(number) for number in gtins | containers)
    assert {number[1:8] for number in gtins | containers} == licensed == {"9528888", "9527777"}


def test_ids_of_plots_and_members_are_128_random_bits() -> None:
    ids = [row["plot"] for row in table("plots.csv")] + [row["member"] for row in table("members.csv")]

    assert len(set(ids)) == len(ids)
    assert [each for each in ids if not re.fullmatch("[0-7][0-9a-hjkmnp-tv-z]{25}", each)] == []


def test_a_delivery_note_opens_its_shipment() -> None:
    receipts = [told for told in demo.season() if told.kind == "received"]

    opened = [hashlib.sha256(told.fields["token"].encode()).hexdigest() for told in receipts]

    assert opened == [BY_NAME[told.fields["shipment"]["of"]].fields["handover"] for told in receipts]
    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{32}", told.fields["token"]) for told in receipts)


def test_each_label_has_a_digest_and_an_interval() -> None:
    treatments = [told.fields for told in demo.season() if told.kind == "treated"]

    assert all(
        each["label_photo"]
        == hashlib.sha256(f"demo label photo: {each['registration']}\n".encode()).hexdigest()
        for each in treatments
    )
    assert all(each["interval_days"] > 0 and each["registration"].startswith("PD2099") for each in treatments)


def test_a_limit_stands_only_where_a_sure_row_gives_it() -> None:
    commodity = {
        f"/lot/{row['party']}/{row['product']}": row["commodity"] for row in table("products.csv")
    } | {
        f"https://id.gs1.org/01/{row['gtin']}/10": row["commodity"]
        for row in table("products.csv")
        if row["gtin"]
    }
    for told in demo.season():
        for result in told.fields["results"] if told.kind == "inspected" else ():
            sampled = datetime.fromisoformat(told.fields["sampled_on"]).date()
            row = shipped_rules().limit(
                commodity[told.fields["lot"].rpartition("/")[0]], result["analyte"], sampled
            )
            stated = Decimal(result["limit"]) if "limit" in result else None
            assert stated == (None if row is None else row.value), told.name


def test_no_private_word_stands_in_a_public_field() -> None:
    private, public = set(), []
    for told in demo.season():
        for name, value in told.fields.items():
            if name in private_names(told):
                private.add(value)
            else:
                public += [each for each in nested(value) if isinstance(each, str)]
    parties = {row["party"] for row in table("organisations.csv")}

    # A receiver in this ledger is named by its id, which is public; that it received is not.
    shown = {word for word in private - parties if any(word in text for text in public)}

    assert shown == set()


def test_somebody_of_each_role_may_sign_in() -> None:
    roles = {row["party"]: row["role"] for row in table("organisations.csv")} | {"operator": "operator"}

    assert {roles[row["party"]] for row in table("people.csv")} == set(get_args(Role))


def test_nobody_states_what_their_role_may_not() -> None:
    roles = {row["party"]: row["role"] for row in table("organisations.csv")} | {"operator": "operator"}

    assert [told.name for told in demo.season() if not may_state(roles[told.by], told.kind)] == []


# What the ledger makes of them.


class CutShort(Exception):
    """The machine went down in the middle of a load."""


@dataclass(frozen=True)
class Loaded:
    """An instance whose load was cut short once, and what it had recorded by then."""

    services: Services
    people: DemoPeople
    progress: list[tuple[int, int]]
    size_at_the_cut: int

    def occurrences(self) -> list[Occurrence]:
        with self.services.reading() as reader:
            return list(occurrences(reader))


def cut_at(most: int) -> demo.Progress:
    def progress(done: int, _total: int) -> None:
        if done >= most:
            raise CutShort

    return progress


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """The season in an instance of its own."""
    settings = Settings.init(
        tmp_path_factory.mktemp("demo"), "demo.example/2026", "http://127.0.0.1:8000", {}
    )
    clock = SeasonClock(lambda: REAL)
    clock.set_to(demo.begins())
    init_instance(settings, operator_name="虚构运营方", now=clock)
    services = open_services(settings, now=clock)
    try:
        with pytest.raises(CutShort):
            demo.load(services, cut_at(200))
        size = services.log.size()
        progress: list[tuple[int, int]] = []
        people = demo.load(services, lambda done, total: progress.append((done, total)))
        yield Loaded(services, people, progress, size)
    finally:
        services.close()


def checked(services: Services) -> Report:
    return audit(
        Subject(
            services.engine,
            services.log.origin,
            services.policy,
            services.shelf,
            services.kept_key,
            KEPT_TABLES,
        )
    )


def flags(services: Services) -> set[tuple[str, str, str, str | None]]:
    names = {told.statement_id: told.name for told in demo.season()}
    flag, statement = tables.flag, tables.statement
    with services.reading() as reader:
        rows = reader.connection.execute(
            select(statement.c.statement_id, flag.c.rule, flag.c.level, flag.c.lot).join(
                statement, statement.c.entry == flag.c.entry
            )
        )
        return {(names[row.statement_id], row.rule, row.level, row.lot) for row in rows}


def test_a_load_that_was_cut_short_goes_on_where_it_stopped(instance: Loaded) -> None:
    total = len(demo.season())
    with instance.services.reading() as reader:
        told = reader.connection.execute(select(tables.statement.c.statement_id)).scalars()
        ids = Counter(told)

    assert 200 <= instance.size_at_the_cut < instance.services.log.size()
    assert instance.progress[-1] == (total, total)
    # The operator's own registration came before the season.
    assert {told.statement_id for told in demo.season()} < set(ids)
    assert ids.total() == len(ids) == total + 1


def test_each_statement_is_recorded_at_its_hour(instance: Loaded) -> None:
    with instance.services.reading() as reader:
        rows = reader.connection.execute(
            select(tables.statement.c.statement_id, tables.statement.c.recorded_at)
        ).all()
    recorded = {row.statement_id: instant_of(row.recorded_at) for row in rows}

    assert [told.name for told in demo.season() if recorded[told.statement_id] != told.recorded] == []


def test_the_real_clock_goes_on_after_the_season(instance: Loaded) -> None:
    assert demo.season()[-1].recorded < REAL
    assert instance.services.clock() == REAL


def test_the_rules_remark_what_the_story_tells_and_nothing_else(instance: Loaded) -> None:
    found = flags(instance.services)

    assert found == {
        ("test-rice-r5-again", "failed-test", "hold", "/lot/yushu-jingmi/rice/26-R5"),
        ("spray-a4-blast", "late-entry", "warn", None),
        ("spray-c1-late", "late-entry", "warn", None),
        ("spray-c1-late", "pre-harvest-interval", "hold", FARM_LOT),
        ("test-rice-r5", "failed-test", "hold", FAILED),
        # Two figures that changed places; the paper was put right the day after.
        ("harvest-a4", "yield-high", "warn", "/lot/yushu-heitu/paddy/26-A4"),
        ("core-e3-1", "control-point-failed", "hold", THAWED),
        ("hold-export", "hold-placed", "hold", STOPPED),
    }


def test_the_audit_is_sound(instance: Loaded) -> None:
    report = checked(instance.services)

    assert report.findings == []
    assert report.checked["statements"] == len(demo.season()) + 1


def test_a_second_load_changes_nothing(instance: Loaded) -> None:
    size, _ = instance.services.log.size(), instance.people

    again = demo.load(instance.services, lambda _done, _total: None)

    assert instance.services.log.size() == size
    assert again == instance.people


def test_the_recall_reaches_every_buyer_in_and_outside_the_province(instance: Loaded) -> None:
    reach = recall.reach(FAILED, instance.occurrences())

    assert reach.affected_lots == (FAILED, RECALLED_PACKS)
    assert reach.shipped_to == tuple(
        sorted(
            {
                "urn:jizihao:party:changchun-jidao",
                "urn:jizihao:party:changchun-lingshou",
                BY_NAME["ship-rice-r5-out"].fields["destination"],
                BY_NAME["ship-k3-out"].fields["destination"],
            }
        )
    )


def test_the_blend_keeps_the_shares_of_its_paddy(instance: Loaded) -> None:
    shares = genealogy.shares(BLENDED, instance.occurrences())

    assert shares == {
        "/lot/yushu-heitu/paddy/26-A3": Fraction(32000, 44000),
        "/lot/yushu-heitu/paddy/26-A4": Fraction(12000, 44000),
    }


def test_what_nobody_traced_taints_what_was_made_of_it(instance: Loaded) -> None:
    assert UNTRACED in genealogy.trace_back(TAINTED, instance.occurrences())


def test_the_lot_that_is_shown_first_goes_back_to_two_plots(instance: Loaded) -> None:
    back = genealogy.trace_back(demo.SHOWN, instance.occurrences())
    (harvest,) = (told for told in demo.season() if told.kind == "harvested" and told.fields["lot"] in back)

    assert [told.fields["count"] for told in demo.season() if told.name == "codes-k1"] == [4700]
    assert len(harvest.fields["plots"]) == 2


def test_what_was_corrected_counts_no_more(instance: Loaded) -> None:
    ids = {BY_NAME[name].statement_id for name in ("harvest-a4", BOUGHT_TWICE)}
    with instance.services.reading() as reader:
        void = reader.connection.execute(
            select(tables.statement.c.statement_id).where(tables.statement.c.void_by.is_not(None))
        ).scalars()
        assert set(void) == ids
    assert isinstance(loaded(BY_NAME["correct-harvest-a4"]), followup.Corrected)


# Who may sign in.


def test_no_sealed_value_of_the_year_is_anywhere_public(instance: Loaded) -> None:
    # Every form and both languages are asked of the small world; here it is every kind of record that counts.
    public = Public.of(instance.services)

    found = public.leaks(forms=("text/html",), languages=("zh",))

    assert (len(public.sealed()) > 300, found) == (True, set())


@pytest.fixture
def winter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """An instance before anything has grown: a load makes its people only."""
    monkeypatch.setattr(demo, "season", tuple)
    settings = Settings.init(tmp_path / "instance", "demo.example/2026", "http://127.0.0.1:8000", {})
    init_instance(settings, operator_name="虚构运营方")
    services = open_services(settings, now=SeasonClock())
    yield services
    services.close()


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


def may_sign_in(services: Services, name: str, password: str) -> bool:
    with services.engine.connect() as connection:
        account = accounts.find(connection, services.kept_key, name)
    return accounts.check_password(account, password)


def test_the_people_sign_in_with_passwords_that_only_their_owner_can_read(winter: Services) -> None:
    people = demo.load(winter, quiet)

    assert stat.S_IMODE(people.kept_in.stat().st_mode) == 0o600
    assert may_sign_in(winter, people.people[-1].name, people.people[-1].password)
    assert len({each.password for each in people.people}) == len(table("people.csv"))
    assert [each.password for each in people.people if each.password in repr(people)] == []


def test_a_second_load_keeps_the_passwords(winter: Services) -> None:
    people = demo.load(winter, quiet)

    assert demo.load(winter, quiet) == people


def test_whose_password_was_lost_gets_another(winter: Services) -> None:
    lost = demo.load(winter, quiet)
    lost.kept_in.unlink()

    found = demo.load(winter, quiet)

    old, new = lost.people[0], found.people[0]
    assert not may_sign_in(winter, old.name, old.password)
    assert may_sign_in(winter, new.name, new.password)


def test_a_load_without_a_clock_that_can_stand_is_refused(tmp_path: Path) -> None:
    settings = Settings.init(tmp_path / "instance", "demo.example/2026", "http://127.0.0.1:8000", {})
    init_instance(settings, operator_name="虚构运营方")
    services = open_services(settings)
    try:
        with pytest.raises(TypeError):
            demo.load(services, lambda _done, _total: None)
    finally:
        services.close()


def test_a_season_clock_stands_until_it_goes_on() -> None:
    clock = SeasonClock(lambda: REAL)
    spring = datetime.fromisoformat("2026-05-03T08:00:00+08:00")

    clock.set_to(spring)

    assert (clock(), clock().tzinfo) == (spring, UTC)
    clock.go_on()
    assert clock() == REAL
