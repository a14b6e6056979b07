"""Codes that were activated on a test are active no longer than that test stands and passes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import world
from tests.testing_world import SECOND, report, second_laboratory
from tests.world import RICE_LOT, World
from traceability import code_state
from traceability.code_state import CodeState
from traceability.errors import Refused
from traceability.journal import Recorded
from traceability.test_backing import Lapse


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    """A lot of rice whose forty codes sleep."""
    with world.opened(tmp_path) as opened:
        second_laboratory(opened)
        opened.at("2026-09-21T08:00:00+08:00")
        opened.harvest()
        opened.hand_over(world.PADDY_LOT, "5000", by="heitu", to="mifang")
        opened.mill()
        opened.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=40, pack={"kg": "5"}, asleep=True)
        opened.at("2026-10-08T08:00:00+08:00")
        yield opened


def reported(told: World, cadmium: str = "0.05", **other: Any) -> Recorded:
    found: Recorded = report(told, RICE_LOT, cadmium, **{"purpose": "self-check", **other})
    return found


def activate(told: World, by: str = "mifang", ground: str = "tested", *, first: int = 0) -> Recorded:
    return told.say(by, "codes-activated", lot=RICE_LOT, first=first, count=40 - first, ground=ground)


def state(told: World, index: int = 0) -> CodeState:
    with told.services.reading() as reader:
        return code_state.code_state(reader.connection, RICE_LOT, index, is_recalled=False)


def withdraw(told: World, target: Recorded, by: str = "jiance", **other: Any) -> Recorded:
    return told.say(by, "corrected", target=target.digest, reason="incorrect", **other)


def correction(told: World, cadmium: str) -> dict[str, Any]:
    """Return a report that takes the place of one of `reported`."""
    passed = cadmium < "0.2"
    result = {"analyte": "镉", "unit": "mg/kg", "value": cadmium, "limit": "0.2", "passed": passed}
    return {
        "kind": "inspected",
        "at": told.clock.now.isoformat(),
        "lot": RICE_LOT,
        "sample": "S-7",
        "purpose": "self-check",
        "sampled_on": "2026-10-08",
        "results": [result],
        "verdict": "conformant" if passed else "non-conformant",
    }


def retested(told: World, first: Recorded, cadmium: str) -> tuple[Recorded, Recorded]:
    """Let the mill object to *first* and the second laboratory test again; return objection and re-test."""
    objection = told.say("mifang", "objected", inspection=first.digest, reason="样品混放")
    told.say("yushu", "retest-ordered", objection=objection.digest, laboratory=SECOND, due="2026-10-20")
    return objection, reported(told, cadmium, by=SECOND, retest_of=objection.digest)


def test_codes_sleep_again_once_their_test_is_withdrawn(told: World) -> None:
    first = reported(told)
    activation = activate(told)
    before = state(told)

    gone = withdraw(told, first)

    assert before == CodeState("active", activation.index, "mifang", "tested")
    assert state(told) == CodeState(
        "lapsed", activation.index, "mifang", lapse=Lapse("withdrawn", gone.index)
    )


@pytest.mark.parametrize(("cadmium", "expected"), [("0.19", "active"), ("0.5", "lapsed")])
def test_a_correction_counts_in_the_place_of_the_test(told: World, cadmium: str, expected: str) -> None:
    first = reported(told)
    activate(told)

    withdraw(told, first, replacement=correction(told, cadmium))

    assert state(told).state == expected


def test_a_correction_that_fails_has_turned_the_test(told: World) -> None:
    first = reported(told)
    activate(told)

    gone = withdraw(told, first, replacement=correction(told, "0.5"))

    assert state(told).lapse == Lapse("turned", gone.index)


@pytest.mark.parametrize(("cadmium", "expected"), [("0.05", "active"), ("0.5", "lapsed")])
def test_a_retest_counts_in_the_place_of_the_test(told: World, cadmium: str, expected: str) -> None:
    first = reported(told)
    activate(told)

    _, again = retested(told, first, cadmium)

    found = state(told)
    assert found.state == expected
    assert found.lapse == (None if expected == "active" else Lapse("turned", again.index))


def test_without_the_objection_the_retest_bears_nothing(told: World) -> None:
    first = reported(told, "0.5")
    objection, _ = retested(told, first, "0.05")
    told.say("yushu", "hold-resolved", target=first.digest)
    activate(told)
    before = state(told).state

    withdraw(told, objection, by="mifang")

    assert (before, state(told)) == (
        "active",
        CodeState("lapsed", state(told).entry, "mifang", lapse=Lapse("turned", first.index)),
    )


def test_another_test_from_before_bears_the_activation_too(told: World) -> None:
    first = reported(told)
    reported(told, sample="S-8")
    activate(told)

    withdraw(told, first)

    assert state(told).state == "active"


@pytest.mark.parametrize("other", [{"purpose": "rapid"}, {"cadmium": "0.5"}])
def test_neither_a_rapid_test_nor_another_part_that_fails_bears_it(
    told: World, other: dict[str, str]
) -> None:
    first = reported(told)
    reported(told, sample="S-8", purpose="rapid")
    activate(told)
    before = state(told).state
    if "cadmium" in other:
        reported(told, other["cadmium"])
    else:
        withdraw(told, first)

    assert (before, state(told).state) == ("active", "lapsed")


def test_a_later_test_does_not_wake_what_has_lapsed_but_allows_to(told: World) -> None:
    first = reported(told)
    activate(told)
    withdraw(told, first)
    reported(told, sample="S-8")
    before = state(told).state

    again = activate(told)

    assert (before, state(told)) == ("lapsed", CodeState("active", again.index, "mifang", "tested"))


def test_lapsed_codes_are_not_activated_without_a_test(told: World) -> None:
    first = reported(told)
    activate(told)
    withdraw(told, first)

    with pytest.raises(Refused) as refused:
        activate(told)

    assert [each.rule for each in refused.value.breaches] == ["no-passed-test"]


def test_nothing_is_activated_on_a_retest_that_stands_in_the_place_of_nothing(told: World) -> None:
    first = reported(told, "0.5")
    retested(told, first, "0.05")
    told.say("yushu", "hold-resolved", target=first.digest)
    withdraw(told, first)

    with pytest.raises(Refused) as refused:
        activate(told)

    assert [each.rule for each in refused.value.breaches] == ["no-passed-test"]


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_lapsed_codes_are_not_sold(told: World, *, is_withdrawn: bool) -> None:
    first = reported(told)
    activate(told)
    if is_withdrawn:
        withdraw(told, first)

    try:
        told.say("mifang", "codes-sold", lot=RICE_LOT, first=0, count=1)
        refused = []
    except Refused as error:
        refused = [each.rule for each in error.breaches]

    assert refused == (["codes-not-active"] if is_withdrawn else [])


def test_what_was_sold_before_stays_sold_and_names_no_test_any_more(told: World) -> None:
    first = reported(told)
    activate(told)
    sale = told.say("mifang", "codes-sold", lot=RICE_LOT, first=0, count=1)

    gone = withdraw(told, first)

    assert state(told) == CodeState("sold", sale.index, "mifang", lapse=Lapse("withdrawn", gone.index))


@pytest.mark.parametrize(("by", "ground"), [("yushu", "checked"), ("jiance", "witnessed")])
def test_an_officer_s_word_rests_on_no_test_a_laboratory_s_on_its_own(
    told: World, by: str, ground: str
) -> None:
    first = reported(told)
    reported(told, sample="S-8", by=SECOND)
    activate(told, by, ground)

    withdraw(told, first)

    assert state(told).state == ("active" if by == "yushu" else "lapsed")


def test_what_has_lapsed_waits_again(told: World) -> None:
    first = reported(told)
    activate(told, first=10)
    activated = told.say("yushu", "codes-activated", lot=RICE_LOT, first=0, count=5, ground="checked")
    gone = withdraw(told, first)

    with told.services.reading() as reader:
        waiting = code_state.asleep(reader.connection, RICE_LOT)
        every = code_state.activations(reader.connection, RICE_LOT)

    assert [(each.first, each.count) for each in waiting] == [(5, 35)]
    assert [(each.entry == activated.index, each.lapse) for each in every] == [
        (True, None),
        (False, Lapse("withdrawn", gone.index)),
    ]
