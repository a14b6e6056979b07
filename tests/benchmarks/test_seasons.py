"""A season in little goes through the trade's own door, and questions about it have the right answers."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from benchmarks import seasons
from benchmarks.parts import watched
from benchmarks.seasons import HUB, MARK, MILL, YEAR, Season
from traceability import tracing
from traceability.season import season_account
from web.database import Services


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Yield an instance with a season of one silo of two lots."""
    patch = pytest.MonkeyPatch()
    for name, much in {"SPAN": 2, "FIELD_STEPS": 2, "SALES": 1, "GROWERS": 2, "SHOPS": 1}.items():
        patch.setattr(seasons, name, much)
    with seasons.opened(tmp_path_factory.mktemp("season")) as (services, season):
        seasons.record(services, season.told())
        yield services
    patch.undo()


def test_the_hub_has_every_lot_behind_it_and_before_it(told: Services) -> None:
    with told.reading() as reader:
        back, forward = (ask(reader.connection, HUB) for ask in (tracing.back, tracing.forward))

    assert back == ["/lot/coop0/paddy/F0", "/lot/coop1/paddy/F1", f"/lot/{MILL}/paddy/S0"]
    assert forward == [f"/lot/{MILL}/rice/{name}" for name in ("K0", "K1", "P0")]


def test_every_part_of_the_door_is_timed(told: Services) -> None:
    season = Season(told.clock)  # type: ignore[arg-type]  # the clock of the season that was told

    with watched() as spent:
        seasons.enter(told, seasons.ready(season.grown(9), 3))

    assert {name for name, seconds in spent.items() if seconds <= 0} == set()


def test_a_recall_of_one_field_reaches_the_shops(told: Services) -> None:
    with told.reading() as reader:
        found = tracing.reach(reader.connection, "/lot/coop0/paddy/F0")

    assert {each.lot.rpartition("/")[2]: dict(each.held) for each in found} == {
        "F0": {"coop0": Decimal(1)},
        "S0": {},
        "HUB": {},
        "P0": {},
        "K0": {"shop0": Decimal("5.9")},
        "K1": {"shop0": Decimal("5.9")},
    }


def test_the_season_has_an_account(told: Services) -> None:
    with told.reading() as reader:
        account = season_account(reader.connection, MARK, YEAR)

    assert account is not None


def test_a_story_is_told_as_far_as_asked(told: Services) -> None:
    season = Season()
    season.clock.now = told.clock()

    assert seasons.record(told, season.grown(7), 3) == 3
