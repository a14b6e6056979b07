"""Marks for the small world of `tests.world`: the province's rice, the county's, and a mill's own.

    jilin-rice (sheng)  →  yushu-rice (yushu)  →  mifang-rice (mifang)
    L-yushu: yushu bears jilin-rice        L-mifang: mifang bears yushu-rice       L-own: its own mark

The whole chain of `World.whole_chain` gives 3,300 kg of rice from a plot in Yushu (220182).
"""

from typing import Any

from tests.world import PLOT, RICE_LOT, World
from traceability.journal import Recorded

SINCE, UNTIL = "2026-01-01", "2027-12-31"
DAY = "2026-10-10T09:00:00+08:00"


def mark(world: World, by: str, name: str, **told: Any) -> Recorded:
    """Register a mark for rice of Jilin."""
    given = {
        "mark": name,
        "tier": "endorsement",
        "name": f"虚构{name}",
        "owner": by,
        "commodities": ["milled-rice", "paddy"],
        "divisions": ["220000"],
    }
    return world.say(by, "mark-registered", **(given | told))


def licence(world: World, by: str, name: str, **told: Any) -> Recorded:
    """Grant a licence of ten tonnes."""
    given = {"licence": name, "quota_t": "10", "since": SINCE, "until": UNTIL}
    return world.say(by, "licence-granted", **(given | told))


def tree(world: World, *, quota: str = "10") -> None:
    """Register three marks, each under the one before, and a licence for each; *quota* is the mill's."""
    mark(world, "sheng", "jilin-rice", name_en="Fictional Jilin Rice")
    told = {"above": "jilin-rice", "divisions": ["220182"]}
    mark(world, "yushu", "yushu-rice", tier="regional", **told)
    mark(world, "mifang", "mifang-rice", tier="enterprise", above="yushu-rice", divisions=["220182"])
    licence(world, "sheng", "l-yushu", mark="jilin-rice", party="yushu", quota_t="100")
    licence(world, "yushu", "l-mifang", mark="yushu-rice", party="mifang", under="l-yushu", quota_t="50")
    own = {"mark": "mifang-rice", "party": "mifang", "under": "l-mifang", "products": ["rice"]}
    licence(world, "mifang", "l-own", quota_t=quota, **own)


def chain(world: World, *, quota: str = "10") -> None:
    """Make the rice, register the marks, and set the clock to the day on which one is applied."""
    tree(world, quota=quota)
    world.whole_chain()
    world.at(DAY)


def apply(world: World, kg: str = "3300", **told: Any) -> Recorded:
    """Let mifang put its own mark on *kg* of the rice."""
    given = {"lot": RICE_LOT, "mark": "mifang-rice", "licence": "l-own", "amount": {"kg": kg}}
    return world.say("mifang", "mark-applied", **(given | told))


def everything_of_brands(world: World) -> None:
    """State at least one event for every table of marks, on a lot of its own."""
    lot, year = "/lot/heitu/paddy/26-BR", {"since": SINCE, "until": UNTIL}
    world.harvest("100", lot)
    mark(world, "sheng", "all-rice", from_bases=True)
    licence(world, "sheng", "all-heitu", mark="all-rice", party="heitu")
    certified = {"mark": "all-rice", "party": "heitu", "division": "220182", "commodity": "paddy", **year}
    land = {"plots": [PLOT], "area_ha": "2", "capacity_kg": "1000"}
    for base in ("base-a", "base-b"):
        world.say("sheng", "base-certified", base=base, **certified, **land)
    world.say(
        "jiance", "base-tested", base="base-a", specimen="soil", sampled_on="2026-09-01", verdict="conformant"
    )
    world.say("sheng", "base-withdrawn", base="base-b", why="base-lost", note="虚构情况")
    given = {"mark": "all-rice", "licence": "all-heitu", "bases": [{"base": "base-a", "raw_kg": "100"}]}
    world.say("heitu", "mark-applied", lot=lot, amount={"kg": "100"}, **given)
    basis = {"area_ha": "2", "yield_kg_ha": "7500", "outturn_percent": "70", "season": 2026}
    world.say("sheng", "season-basis-set", mark="all-rice", commodity="paddy", division="220182", **basis)
    scores = [{"yardstick": "tests", "percent": 100, "counted": 1}]
    world.say("sheng", "admission-assessed", mark="all-rice", party="heitu", product="paddy", scores=scores)
    world.say("sheng", "licence-suspended", licence="all-heitu", why="misuse", note="虚构情况")
    world.say("sheng", "gi-user-authorised", gi="榆树大米", party="heitu", **year)
    world.say("sheng", "gi-user-withdrawn", gi="榆树大米", party="heitu", why="voluntary")
    honour = {"honour": "time-honoured", "party": "heitu", "authority": "虚构商务厅", "year": 2019}
    world.say("sheng", "credential-recorded", credential="old-name", **honour)
    world.say("sheng", "credential-withdrawn", credential="old-name", why="other")
    world.say("heitu", "story-told", published=False, title="一段自述", text="讲一讲这块地")
    world.say("sheng", "mark-retired", mark="all-rice", why="voluntary")
