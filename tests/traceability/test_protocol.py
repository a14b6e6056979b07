"""A season held against its protocol: what was done, when it should have been, and what nobody told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests import world as worlds
from tests.world import PLOT, World
from traceability import protocol
from traceability.limits import shipped_rules
from traceability.protocol import Work
from traceability.rule_tables.growing import PROTOCOL_STEPS, StepRow

RULES = shipped_rules()
AUTUMN = date(2026, 11, 1)


def _step(place: int, what: str, opens: str, closes: str, *, required: bool = True) -> StepRow:
    return StepRow(
        protocol="p",
        place=place,
        kind="field-worked",
        what=what,
        opens=opens,
        closes=closes,
        required=required,
        source="ours",
        confidence="likely",
    )


STEPS = (_step(1, "sowing", "04-20", "05-15"), _step(2, "weeding", "05-10", "06-30"))


def _work(what: str, day: str, entry: int) -> Work:
    return Work(date.fromisoformat(day), "field-worked", what, entry)


@pytest.mark.parametrize(
    ("sown", "weeded", "states"),
    [
        ("2026-04-20", "2026-06-30", ["done", "done"]),
        ("2026-04-19", "2026-07-01", ["early", "late"]),
        ("2026-05-15", "2026-05-14", ["done", "out-of-order"]),
        ("2025-05-01", "2026-06-01", ["missing", "done"]),
    ],
)
def test_each_step_has_its_window_and_its_place(sown: str, weeded: str, states: list[str]) -> None:
    done = [_work("sowing", sown, 1), _work("weeding", weeded, 2)]

    found = protocol.marks(STEPS, done, 2026, AUTUMN)

    assert [each.state for each in found] == states


@pytest.mark.parametrize(("today", "state"), [(date(2026, 5, 15), "open"), (date(2026, 5, 16), "missing")])
def test_a_step_is_missing_once_its_window_is_over(today: date, state: str) -> None:
    assert protocol.marks(STEPS[:1], [], 2026, today)[0].state == state


def test_a_step_that_need_not_be_done_is_skipped() -> None:
    optional = _step(1, "weeding", "05-10", "06-30", required=False)

    assert protocol.marks([optional], [], 2026, AUTUMN)[0].state == "skipped"


def test_work_inside_the_window_counts_before_work_outside() -> None:
    done = [_work("sowing", "2026-03-01", 1), _work("sowing", "2026-05-01", 2)]

    assert protocol.marks(STEPS[:1], done, 2026, AUTUMN)[0].entry == 2


def test_every_protocol_that_is_shipped_can_be_followed_in_any_year() -> None:
    assert all(
        protocol.marks([step], [], year, AUTUMN)
        for step in RULES.rows(PROTOCOL_STEPS)
        for year in (2024, 2025)
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with worlds.opened(tmp_path) as opened:
        yield opened


def _season(world: World) -> protocol.Season:
    with world.services.reading() as reader:
        return protocol.season_of(reader, PLOT, 2026, RULES, AUTUMN)


def test_a_season_is_read_from_what_was_told_of_the_plot(world: World) -> None:
    world.say("heitu", "protocol-adopted", protocol="rice-jilin", season=2026, plots=[PLOT])
    world.at("2026-05-20T08:00:00+08:00")
    world.say("heitu", "field-worked", plot=PLOT, work="transplanting")
    mistaken = world.say("heitu", "field-worked", plot=PLOT, work="weeding")
    world.say("heitu", "corrected", target=mistaken.digest, reason="did-not-occur")
    world.at("2026-09-21T08:00:00+08:00")
    world.harvest()

    found = _season(world)

    states = {each.step.what or each.step.kind: each.state for each in found.marks}
    assert states == {
        "raising-seedlings": "missing",
        "ploughing": "skipped",
        "fertiliser": "missing",
        "transplanting": "done",
        "weeding": "skipped",
        "draining": "skipped",
        "harvested": "done",
    }
    assert [each.step.what for each in found.deviations] == ["raising-seedlings", "fertiliser"]


def test_a_protocol_of_a_product_counts_for_what_it_was_harvested_from(world: World) -> None:
    world.say("heitu", "protocol-adopted", protocol="rice-jilin", season=2026, product="paddy")
    world.at("2026-09-21T08:00:00+08:00")
    world.harvest()

    assert _season(world).protocol == "rice-jilin"


def test_without_a_protocol_nothing_deviates(world: World) -> None:
    found = _season(world)

    assert (found.protocol, found.marks) == (None, ())
