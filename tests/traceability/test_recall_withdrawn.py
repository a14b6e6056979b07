"""A recall by mistake is taken back; one on which somebody has acted already goes its way to the end."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.world import World, opened
from traceability.errors import Refused

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("withdrawn")) as made:
        yield made


def recalled(world: World, by: str = "mifang") -> tuple[str, str]:
    """Recall a lot of its own, and return the recall's digest and the lot."""
    lot = f"/lot/mifang/bran/W-{next(_NUMBERS)}"
    world.say("mifang", "untraced-received", lot=lot, product="bran", amount={"kg": "9"})
    return world.say(by, "recalled", lot=lot, level=2, cause="other").digest, lot


def taken_back(world: World, recall: str, by: str = "mifang", **told: object) -> list[str]:
    try:
        world.say(by, "corrected", target=recall, reason="did-not-occur", **told)
    except Refused as found:
        return [each.rule for each in found.breaches]
    return []


STEPS: dict[str, Callable[[World, str, str], object]] = {
    "begun": lambda world, recall, _: world.say("mifang", "recall-started", recall=recall),
    "told": lambda world, recall, lot: world.say("mifang", "notice-sent", about=recall, lot=lot),
    "read": lambda world, recall, lot: world.say("chaoshi", "notice-acknowledged", about=recall, lot=lot),
    "a case": lambda world, recall, _: world.say(
        "yushu", "case-opened", respondent="mifang", case_cause="other", source=recall
    ),
    "looked into": lambda world, recall, _: world.say(
        "yushu", "alert-acknowledged", source=recall, alert="recalled"
    ),
}


def test_a_recall_by_mistake_is_taken_back_while_nobody_has_acted_on_it(world: World) -> None:
    recall, _ = recalled(world)

    assert taken_back(world, recall) == []


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_recall_on_which_somebody_has_acted_is_not_taken_back(
    world: World, step: Callable[[World, str, str], object]
) -> None:
    recall, lot = recalled(world)
    step(world, recall, lot)

    assert taken_back(world, recall) == ["recall-under-way"]


def test_nor_is_it_replaced_by_another(world: World) -> None:
    recall, lot = recalled(world)
    STEPS["told"](world, recall, lot)
    milder = {"kind": "recalled", "at": world.clock().isoformat(), "lot": lot, "level": 3, "cause": "other"}

    assert taken_back(world, recall, replacement=milder) == ["recall-under-way"]


def test_a_step_that_is_void_keeps_no_recall(world: World) -> None:
    recall, lot = recalled(world)
    notice = world.say("mifang", "notice-sent", about=recall, lot=lot).digest
    world.say("mifang", "corrected", target=notice, reason="did-not-occur")

    assert taken_back(world, recall) == []


def test_an_office_takes_its_own_recall_back(world: World) -> None:
    recall, lot = recalled(world, by="yushu")
    STEPS["read"](world, recall, lot)

    assert taken_back(world, recall, by="yushu") == []


def test_the_way_out_is_to_complete_it_which_an_office_may_do_too(world: World) -> None:
    recall, _ = recalled(world)
    world.say("mifang", "recall-started", recall=recall)

    completed = world.say("yushu", "recall-completed", recall=recall)

    assert completed.flags == ()
