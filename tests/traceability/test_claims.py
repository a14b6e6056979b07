"""A name of origin stands while every part grew inside, and goes by itself with the first that did not."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests import world as worlds
from tests.world import World
from traceability import claims
from traceability.claims import Claim, Source
from traceability.limits import shipped_rules
from traceability.rule_tables.areas import AREAS

INSIDE, OUTSIDE, FARM = "i123456789abcdefghjkmnpqrs", worlds.PLOT, "j123456789abcdefghjkmnpqrs"
HARVEST = "2026-09-21T08:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world whose cooperative also has a plot in Shulan, where a rice has a protected name."""
    with worlds.opened(tmp_path) as opened:
        opened.say("heitu", "plot-registered", plot=INSIDE, division="220283", commodity="paddy", area_ha="2")
        opened.at(HARVEST)
        yield opened


def _harvest(world: World, lot: str, *plots: tuple[str, str]) -> None:
    shares = [{"plot": plot, "amount": {"kg": kg}} for plot, kg in plots]
    total = str(sum(int(kg) for _, kg in plots))
    world.say("heitu", "harvested", lot=lot, product="paddy", amount={"kg": total}, plots=shares)


def _claims(world: World, lot: str) -> tuple[Claim, ...]:
    with world.services.reading() as reader:
        return claims.claims_of_lot(reader.connection, lot)


def _blend(world: World, *parts: tuple[str, str]) -> str:
    world.clock.pass_time(hours=1)
    inputs = [{"lot": lot, "amount": {"kg": kg}} for lot, kg in parts]
    total = str(sum(int(kg) for _, kg in parts))
    made = "/lot/heitu/paddy/BLEND"
    outputs = [{"lot": made, "product": "paddy", "amount": {"kg": total}}]
    world.say("heitu", "processed", process="blending", inputs=inputs, outputs=outputs)
    return made


def test_a_lot_that_grew_inside_may_claim_the_name(world: World) -> None:
    _harvest(world, "/lot/heitu/paddy/S1", (INSIDE, "4000"))

    found = _claims(world, "/lot/heitu/paddy/S1")

    assert [(each.name, each.state, each.share) for each in found] == [("舒兰大米", "stands", Fraction(1))]


def test_a_lot_from_elsewhere_has_no_claim_to_lose(world: World) -> None:
    _harvest(world, "/lot/heitu/paddy/Y1", (OUTSIDE, "4000"))

    assert _claims(world, "/lot/heitu/paddy/Y1") == ()


def test_a_part_from_outside_takes_the_name_away(world: World) -> None:
    _harvest(world, "/lot/heitu/paddy/S1", (INSIDE, "3000"))
    _harvest(world, "/lot/heitu/paddy/Y1", (OUTSIDE, "1000"))
    blend = _blend(world, ("/lot/heitu/paddy/S1", "3000"), ("/lot/heitu/paddy/Y1", "1000"))

    (claim,) = _claims(world, blend)

    outside = [(each.source.lot, each.source.share, each.reason) for each in claim.outside]
    assert (claim.state, claim.share) == ("dropped", Fraction(3, 4))
    assert outside == [("/lot/heitu/paddy/Y1", Fraction(1, 4), "elsewhere")]


def test_an_untraced_part_takes_the_name_away(world: World) -> None:
    _harvest(world, "/lot/heitu/paddy/S1", (INSIDE, "3000"))
    world.say("heitu", "untraced-received", lot="/lot/heitu/paddy/U1", product="paddy", amount={"kg": "1000"})
    blend = _blend(world, ("/lot/heitu/paddy/S1", "3000"), ("/lot/heitu/paddy/U1", "1000"))

    (claim,) = _claims(world, blend)

    assert [(each.source.lot, each.reason) for each in claim.outside] == [("/lot/heitu/paddy/U1", "untraced")]


def test_a_harvest_of_two_counties_is_told_plot_by_plot(world: World) -> None:
    _harvest(world, "/lot/heitu/paddy/M1", (INSIDE, "3000"), (OUTSIDE, "1000"))

    with world.services.reading() as reader:
        found = claims.sources_of_lot(reader.connection, "/lot/heitu/paddy/M1")

    assert {(each.plot, each.division, each.share, each.member) for each in found} == {
        (INSIDE, "220283", Fraction(3, 4), None),
        (OUTSIDE, "220182", Fraction(1, 4), worlds.MEMBER),
    }


def _ginseng(division: str, gi: str | None = None) -> Source:
    return Source(
        "/lot/a/b/1",
        Fraction(1),
        "harvested",
        plot="p",
        commodity="ginseng-fresh",
        division=division,
        gi=gi,
    )


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        (_ginseng("220621"), None),
        (_ginseng("220621", "吉林长白山人参"), True),
        (_ginseng("220182", "吉林长白山人参"), False),
        (_ginseng("220182"), False),
    ],
)
def test_a_county_that_is_inside_in_part_needs_the_growers_word(source: Source, inside: bool | None) -> None:
    rows = [row for row in shipped_rules().rows(AREAS) if row.gi == "吉林长白山人参"]

    assert claims.grew_inside(source, rows) is inside


def test_a_part_that_nobody_can_place_leaves_the_claim_unclear() -> None:
    placed, other = _ginseng("220621", "吉林长白山人参"), _ginseng("220621")

    claim = claims.claim_of("gi", "吉林长白山人参", [placed, other], lambda each: each.gi is not None or None)

    assert claim is not None
    assert (claim.state, claim.unclear) == ("unclear", (other,))
