"""An unbroken chain has the whole score, and each link that is missing takes its published weight away."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests import world as worlds
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World
from traceability import completeness
from traceability.completeness import Completeness, Link
from traceability.events.processing import Part, Processed, Product, StepTold
from traceability.limits import shipped_rules
from traceability.quantity import Amount

TODAY = date(2026, 12, 1)
STEPS = ("cleaning", "hulling", "milling", "colour-sorting", "packing")
KG = Amount(kg=Decimal(1))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with worlds.opened(tmp_path) as opened:
        yield opened


def _of(world: World, lot: str) -> Completeness:
    with world.services.reading() as reader:
        return completeness.completeness_of(reader, lot, shipped_rules(), TODAY)


def _states(found: Completeness) -> dict[str, str]:
    return {each.item: each.state for each in found.links}


def test_an_ordinary_chain_lacks_a_protocol_a_template_and_codes(world: World) -> None:
    world.whole_chain()

    found = _of(world, RICE_LOT)

    assert {each.item for each in found.links if each.state == "missing"} == {"protocol", "process", "pack"}
    assert found.score == Fraction(75, 100)


def test_an_unbroken_chain_is_whole(world: World) -> None:
    world.say("heitu", "protocol-adopted", protocol="rice-jilin", season=2026, plots=[PLOT])
    for day, work in (("2026-04-20", "raising-seedlings"), ("2026-05-20", "transplanting")):
        world.at(f"{day}T08:00:00+08:00")
        world.say("heitu", "field-worked", plot=PLOT, work=work)
    world.say(
        "heitu", "input-applied", plot=PLOT, name="虚构尿素", category="fertiliser", amount="50", unit="kg"
    )
    world.at("2026-09-21T08:00:00+08:00")
    world.harvest()
    world.at("2026-10-01T08:00:00+08:00")
    world.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
    world.at("2026-10-03T08:00:00+08:00")
    steps = [{"process": each} for each in STEPS]
    world.mill(template="rice-milling", steps=steps, loss_kg="1300")
    world.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=100, pack={"kg": "5"})
    world.at("2026-10-08T08:00:00+08:00")
    world.inspect()

    found = _of(world, RICE_LOT)

    assert set(_states(found).values()) == {"told"}
    assert found.score == 1


def test_what_cannot_apply_is_not_asked(world: World) -> None:
    world.at("2026-09-21T08:00:00+08:00")
    world.harvest()

    states = _states(_of(world, PADDY_LOT))

    assert (states["process"], states["handover"]) == ("not-asked", "not-asked")


def test_untraced_goods_lack_everything_behind_them(world: World) -> None:
    world.say("mifang", "untraced-received", lot=RICE_LOT, product="rice", amount={"kg": "100"})

    missing = {each.item for each in _of(world, RICE_LOT).links if each.state == "missing"}

    assert missing == {"traced", "plot", "harvest", "test", "pack"}


def test_a_score_without_links_is_none() -> None:
    assert Completeness((Link("process", Decimal(5), "not-asked"),)).score is None


def _process(*steps: str) -> Processed:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    told = tuple(StepTold(each) for each in steps)  # type: ignore[arg-type]  # the words of STEPS are processes
    return Processed(
        at=at, process="milling", inputs=(Part("a", KG),), outputs=(Product("b", "c", KG),), steps=told
    )


@pytest.mark.parametrize(
    ("steps", "missing", "misplaced"),
    [
        (STEPS, (), ()),
        (STEPS[1:], ("cleaning",), ()),
        (("hulling", "cleaning", "colour-sorting", "packing"), (), ("cleaning",)),
    ],
)
def test_steps_are_told_whole_and_in_order(
    steps: tuple[str, ...], missing: tuple[str, ...], misplaced: tuple[str, ...]
) -> None:
    event = _process(*steps)

    template = tuple((each, True) for each in STEPS)
    assert completeness.missing_steps(event, template) == missing
    assert completeness.misplaced_steps(event, template) == misplaced


def test_a_step_that_stands_twice_may_be_told_twice() -> None:
    steps = (("blanching", True), ("cooling", True), ("sterilising", True), ("cooling", False))

    assert (
        completeness.misplaced_steps(_process("blanching", "cooling", "sterilising", "cooling"), steps) == ()
    )
