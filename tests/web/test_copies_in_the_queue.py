"""Codes that look copied, in the work queue of the office of the maker's place, and dealt with there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.release_world import GREEN_LOT, bound
from tests.rooms import Rooms, opened_rooms, words_of
from traceability import alerts, clones
from traceability.clones import Suspect
from traceability.errors import Refused
from traceability.limits import shipped_rules
from traceability.rule_tables.alerts import RISK_RULES
from traceability.scope import Scope
from web.scan_counts import ScanCounter

RISKS = shipped_rules().rows(RISK_RULES)
NOON = datetime(2026, 10, 1, 4, tzinfo=UTC)


@contextmanager
def in_october(folder: Path) -> Iterator[Rooms]:
    """Open the rooms when codes are bound to their goods."""
    with opened_rooms(folder) as made:
        made.world.at("2026-09-21T08:00:00+08:00")
        bound(made.world)
        made.world.at("2026-10-02T08:00:00+08:00")
        yield made


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with in_october(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """The same, for tests that write of codes of their own alone."""
    with in_october(tmp_path_factory.mktemp("still")) as made:
        yield made


def scanned(rooms: Rooms, index: int, times: int) -> None:
    """Let so many shoppers scan a code on one day."""
    services, counter = rooms.world.services, ScanCounter()
    for visitor in range(times):
        counter.seen(GREEN_LOT, index, NOON, visitor=str(visitor).encode())
    counter.flush(services.engine, services.kept_key)


def queue(rooms: Rooms, area: str | None, *indices: int) -> list[tuple[str, str, str, date, str | None, str]]:
    """Return what stands in a queue of suspicions about codes."""
    copies = [Suspect(GREEN_LOT, index, NOON) for index in indices]
    with rooms.world.services.reading() as reader:
        scope = Scope(None) if area is None else Scope.of(reader.connection, area)
        found = alerts.queue(reader.connection, scope, RISKS, rooms.world.clock(), copies=copies)
    copied = [each for each in found if clones.code_of(each.alert) is not None]
    return [(each.alert, each.severity, each.owner, each.due, each.party, each.state) for each in copied]


def issue_of(rooms: Rooms) -> str:
    with rooms.world.services.reading() as reader:
        (found,) = {
            each.source
            for each in alerts.queue(
                reader.connection, Scope(None), RISKS, NOON, copies=[Suspect(GREEN_LOT, 5, NOON)]
            )
            if each.alert == "clone-suspected:5"
        }
    return found


@pytest.mark.parametrize(("area", "stands"), [(None, True), ("220182", True), ("220281", False)])
def test_a_suspicion_stands_with_the_office_of_the_makers_place(
    still: Rooms, area: str | None, stands: bool
) -> None:
    found = queue(still, area, 5)

    expected = ("clone-suspected:5", "high", "county", date(2026, 10, 4), "heitu", "new")
    assert found == ([expected] if stands else [])


@pytest.mark.parametrize(("index", "stands"), [(39, True), (40, False)])
def test_a_code_that_was_never_issued_gives_no_alert(still: Rooms, index: int, stands: bool) -> None:
    assert bool(queue(still, None, index)) == stands


def test_each_code_is_dealt_with_by_itself(still: Rooms) -> None:
    issue, say = issue_of(still), still.world.say
    say("yushu", "alert-acknowledged", source=issue, alert="clone-suspected:25")
    say("yushu", "alert-acknowledged", source=issue, alert="clone-suspected:26")
    say("yushu", "alert-done", source=issue, alert="clone-suspected:26", alert_outcome="no-risk")

    found = queue(still, None, 25, 26, 27)

    assert [(name, state) for name, *_, state in found] == [
        ("clone-suspected:25", "acknowledged"),
        ("clone-suspected:27", "new"),
    ]


@pytest.mark.parametrize(
    ("alert", "rule"),
    [
        ("clone-suspected:39", None),
        ("clone-suspected:40", "unknown-alert"),
        ("clone-suspected:05", "unknown-alert"),
        ("clone-suspected:", "unknown-alert"),
        ("clone-suspected", "unknown-alert"),
    ],
)
def test_only_a_code_of_the_named_issue_is_dealt_with(still: Rooms, alert: str, rule: str | None) -> None:
    issue, found = issue_of(still), []

    try:
        still.world.say("yushu", "alert-done", source=issue, alert=alert, alert_outcome="no-risk")
    except Refused as refused:
        found = [each.rule for each in refused.breaches]

    assert found == ([] if rule is None else [rule])


def test_the_queue_looks_at_no_more_codes_than_it_shows(still: Rooms) -> None:
    with still.world.services.reading() as reader:
        copies = (Suspect(GREEN_LOT, index, NOON) for index in range(40))
        found = alerts.queue(reader.connection, Scope(None), RISKS, NOON, copies=copies, most=3)

    assert len([each for each in found if clones.code_of(each.alert) is not None]) == 3
    assert next(copies).index == 3


def test_an_office_takes_a_suspicion_up_and_ends_it_on_its_page(rooms: Rooms) -> None:
    scanned(rooms, 5, 13)
    scanned(rooms, 6, 12)
    office, name = rooms.person("yushu"), "clone-suspected:5"
    before = office.get("/regulator/alerts")
    path = re.search(
        r'action="(/regulator/alerts/[0-9a-f]{64}/clone-suspected[^"]*)/acknowledge"', before.text
    )
    assert path is not None

    answers = [
        rooms.person("mifang").send(f"{path[1]}/acknowledge"),
        office.send(f"{path[1]}/acknowledge"),
        office.send(f"{path[1]}/done", alert_outcome="dealt-with"),
    ]

    told = words_of(before)
    assert ("追溯码疑似被复制（第 5 号）" in told, "第 6 号" in told) == (True, False)
    assert [answer.status_code for answer in answers] == [403, 302, 302]
    assert getattr(rooms.last(), "alert", None) == name
    assert "追溯码疑似被复制" not in words_of(office.get("/regulator/alerts"))


def test_a_copy_of_the_queues_memory_is_fresh_after_five_minutes(rooms: Rooms) -> None:
    office = rooms.person("yushu")
    office.get("/regulator/alerts")
    scanned(rooms, 5, 13)

    seen = []
    for minutes in (4, 1):
        rooms.world.clock.pass_time(minutes=minutes)
        seen.append("追溯码疑似被复制" in words_of(office.get("/regulator/alerts")))

    assert seen == [False, True]
