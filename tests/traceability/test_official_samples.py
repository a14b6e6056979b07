"""One filter for every number of official samples: the office that is named has itself said so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.testing_world import report, second_laboratory
from tests.world import PADDY_LOT, World, opened
from traceability import credit
from traceability.errors import Refused
from web import quality_reports

ON = date(2026, 10, 20)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        second_laboratory(made)
        made.at("2026-10-08T08:00:00+08:00")
        made.harvest()
        yield made


def numbers(world: World) -> dict[str, Any]:
    """Return what rates, the league, coverage, the plan and the file of the grower make of one sample."""
    found = quality_reports.of_instance(world.services, quality_reports.wanted("2026Q4", "220000"), None)
    (county,) = (each for each in found["league"] if each["division"] == "220182")
    with world.services.reading() as reader:
        records = credit.records(reader.connection, credit.only("heitu"), ON)
    return {
        "rate": next(each["n"] for each in found["targets"] if each["target"] == "routine-agricultural"),
        "by_county": len(found["by_county"]),
        "league": county["routine"]["n"],
        "operators": found["coverage"]["operators"]["part"],
        "lots": found["coverage"]["lots"]["part"],
        "taken": found["plan"]["taken"],
        "credit": sum(each.record == "failed-result" for each in records),
    }


SAMPLED = {
    "lot": PADDY_LOT,
    "purpose": "routine",
    "product_class": "agricultural",
    "commodity": "paddy",
    "division": "220182",
    "amount": {"kg": "2"},
}


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_only_what_a_higher_office_says_itself_keeps_a_lower_one_from_sampling(
    world: World, *, is_confirmed: bool
) -> None:
    sampling = world.say("jiance", "sampled", sample="S-1", ordered_by="sheng", **SAMPLED)
    if is_confirmed:
        world.say("sheng", "confirmed", target=sampling.digest)

    try:
        world.say("yushu", "sampled", sample="S-2", **SAMPLED)
        refused = []
    except Refused as error:
        refused = [each.rule for each in error.breaches]

    assert refused == (["sampled-by-higher-office"] if is_confirmed else [])


def test_what_a_laboratory_alone_says_of_an_office_is_in_no_number(world: World) -> None:
    sampling = world.say("jiance", "sampled", sample="S-7", ordered_by="yushu", **SAMPLED)
    report(world, PADDY_LOT, "0.5", purpose="routine", sampled_on="2026-10-08")
    before = numbers(world)

    world.say("yushu", "confirmed", target=sampling.digest)

    assert (set(before.values()), set(numbers(world).values())) == ({0}, {1})
