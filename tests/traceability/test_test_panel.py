from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests import world
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World
from traceability.limits import shipped_rules
from traceability.test_panel import Suggested, lineage, panel_of

RULES = shipped_rules()
TODAY = date(2026, 10, 8)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as found:
        yield found


def spray(made: World, day: str, *substances: str, name: str = "虚构牌") -> None:
    made.at(f"{day}T08:00:00+08:00")
    made.say("heitu", "treated", plot=PLOT, name=name, substances=list(substances), interval_days=7)


def panel(made: World, lot: str) -> list[Suggested]:
    with made.services.reading() as reader:
        return panel_of(reader.connection, lot, RULES, TODAY)


def test_the_panel_of_rice_is_what_was_sprayed_on_its_paddy(made: World) -> None:
    spray(made, "2026-07-01", "吡虫啉", "噻嗪酮", name="甲")
    spray(made, "2026-07-20", "吡虫啉", name="乙")
    made.at("2026-09-21T08:00:00+08:00")
    made.harvest()
    made.at("2026-10-01T08:00:00+08:00")
    made.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
    made.mill()

    assert (
        panel(made, RICE_LOT)
        == panel(made, PADDY_LOT)
        == [
            Suggested("吡虫啉", ("乙", "甲"), 1, date(2026, 7, 20)),
            Suggested("噻嗪酮", ("甲",), 1, date(2026, 7, 1)),
        ]
    )


@pytest.mark.parametrize(
    ("day", "found"),
    [("2025-12-31", []), ("2026-01-01", ["吡虫啉"]), ("2026-09-14", ["吡虫啉"])],
)
def test_the_season_is_the_year_of_the_harvest(made: World, day: str, found: list[str]) -> None:
    spray(made, day, "吡虫啉")
    made.at("2026-09-21T08:00:00+08:00")
    made.harvest()

    assert [each.substance for each in panel(made, PADDY_LOT)] == found


def test_what_comes_after_the_harvest_is_not_looked_for(made: World) -> None:
    made.at("2026-09-21T08:00:00+08:00")
    made.harvest()
    spray(made, "2026-09-22", "吡虫啉")

    assert panel(made, PADDY_LOT) == []


def test_a_treatment_that_is_void_is_not_looked_for(made: World) -> None:
    spray(made, "2026-07-01", "吡虫啉")
    made.say("heitu", "corrected", target=made.statement_of("treated").digest, reason="did-not-occur")
    made.at("2026-09-21T08:00:00+08:00")
    made.harvest()

    assert panel(made, PADDY_LOT) == []


def test_ginseng_is_tested_for_what_was_used_since_it_was_planted(made: World) -> None:
    garden = "g123456789abcdefghjkmnpqrs"
    told = {"division": "220182", "commodity": "ginseng-fresh", "area_ha": "1", "planted": 2021}
    made.say(
        "heitu", "product-registered", product="root", name="鲜参", commodity="ginseng-fresh", measure="mass"
    )
    made.say("heitu", "plot-registered", plot=garden, **told)
    made.at("2026-04-02T08:00:00+08:00")
    for at in ("2020-12-31T08:00:00+08:00", "2021-05-01T08:00:00+08:00"):
        name = "乙" if at.startswith("2021") else "甲"
        substances = ["多抗霉素"] if at.startswith("2021") else ["代森锰锌"]
        made.say("heitu", "treated", at=at, plot=garden, name=name, substances=substances, interval_days=7)
    made.at("2026-09-21T08:00:00+08:00")
    lot, amount = "/lot/heitu/root/26-R", {"kg": "100"}
    shares = [{"plot": garden, "amount": amount}]
    made.say("heitu", "harvested", lot=lot, product="root", amount=amount, plots=shares)

    assert [each.substance for each in panel(made, lot)] == ["多抗霉素"]


def test_the_lineage_of_a_lot_that_nobody_knows_is_itself(made: World) -> None:
    with made.services.reading() as reader:
        assert lineage(reader.connection, "/lot/heitu/paddy/none") == {"/lot/heitu/paddy/none"}
