"""The state of a code follows from the log: what was activated, sold, voided and called back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import world
from tests.release_world import GREEN_LOT, ROLL, bound, everything_of_release
from tests.world import World
from traceability import code_state
from traceability.code_state import Bound, CodeState, Span
from traceability.errors import Refused


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.at("2026-09-21T08:00:00+08:00")
        yield opened


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which everything was said: for tests that say nothing."""
    with world.opened(tmp_path_factory.mktemp("codes")) as opened:
        opened.at("2026-09-21T08:00:00+08:00")
        everything_of_release(opened)
        yield opened


def state(told: World, index: int, lot: str = GREEN_LOT, *, is_recalled: bool = False) -> CodeState:
    with told.services.reading() as reader:
        return code_state.code_state(reader.connection, lot, index, is_recalled=is_recalled)


def test_a_code_goes_from_blank_to_sold(whole: World) -> None:
    states = [state(whole, index).state for index in (0, 1, 2, 20, 24, 25, 29, 30, 39, 40)]

    assert states == [
        "sold",
        "sold",
        "active",
        "recalled",
        "recalled",
        "active",
        "active",
        "asleep",
        "asleep",
        "not-issued",
    ]


def test_who_activated_a_code_is_known(whole: World) -> None:
    found = state(whole, 2)

    assert (found.by, found.ground) == ("yushu", "checked")


def test_a_void_goes_before_everything_and_a_recall_before_a_sale(told: World) -> None:
    everything_of_release(told)
    told.say("heitu", "codes-voided", lot=GREEN_LOT, first=20, count=1, cause="recall")

    assert [state(told, index, is_recalled=True).state for index in (20, 0)] == ["void", "recalled"]


def test_what_was_issued_without_a_word_on_it_is_active(told: World) -> None:
    told.harvest()
    told.say("heitu", "codes-issued", lot=world.PADDY_LOT, first=0, count=5, pack={"kg": "5"})

    assert state(told, 4, world.PADDY_LOT).state == "active"


def test_an_activation_that_is_taken_back_activates_nothing(told: World) -> None:
    bound(told)
    wrong = told.say("yushu", "codes-activated", lot=GREEN_LOT, first=0, count=30, ground="checked")

    told.say("yushu", "corrected", target=wrong.digest, reason="did-not-occur")

    assert state(told, 0).state == "asleep"
    told.say("yushu", "codes-activated", lot=GREEN_LOT, first=0, count=40, ground="checked")
    assert state(told, 39).state == "active"


def test_a_code_is_activated_once(told: World) -> None:
    bound(told)
    told.say("yushu", "codes-activated", lot=GREEN_LOT, first=0, count=30, ground="checked")
    before = told.services.log.size()

    with pytest.raises(Refused) as refused:
        told.say("yushu", "codes-activated", lot=GREEN_LOT, first=29, count=2, ground="checked")

    assert [each.rule for each in refused.value.breaches] == ["codes-active-already"]
    assert told.services.log.size() == before


def test_blank_codes_stand_on_nothing_until_they_are_bound(whole: World) -> None:
    with whole.services.reading() as reader:
        found = [code_state.blank_state(reader.connection, ROLL, index) for index in (9, 10, 49, 50, 99, 100)]
        rolls = [code_state.is_roll(reader.connection, name) for name in (ROLL, GREEN_LOT)]

    assert found == ["blank", Bound(GREEN_LOT, 0), Bound(GREEN_LOT, 39), "blank", "blank", "not-issued"]
    assert rolls == [True, False]


def test_a_blank_code_is_bound_once(told: World) -> None:
    bound(told)

    with pytest.raises(Refused) as refused:
        told.say(
            "heitu",
            "codes-issued",
            lot=GREEN_LOT,
            first=40,
            count=1,
            pack={"kg": "5"},
            roll=ROLL,
            roll_first=49,
        )

    assert [each.rule for each in refused.value.breaches] == ["codes-bound-already"]


def test_what_waits_and_what_was_done_is_listed(whole: World) -> None:
    with whole.services.reading() as reader:
        connection = reader.connection
        waiting = code_state.asleep(connection, GREEN_LOT)
        (activation,) = code_state.activations(connection, GREEN_LOT)
        sold = [(each.first, each.count, each.by) for each in code_state.sold(connection, GREEN_LOT)]
        gone = [(each.first, each.count) for each in code_state.recalled(connection, GREEN_LOT)]

    assert waiting == [Span(30, 10)]
    assert (activation.first, activation.count, activation.by) == (0, 30, "yushu")
    assert (sold, gone) == ([(0, 2, "heitu")], [(20, 5)])
