"""The life of pack codes in the small world: labels first, asleep, active, sold, called back, counted.

heitu prints a roll of blank labels, harvests `GREEN_LOT`, binds forty of them, and has them activated.
"""

from tests.world import World
from traceability.scan_digest import DayOfScans

ROLL = "/lot/heitu/paddy/26-K"
GREEN_LOT = "/lot/heitu/paddy/26-G"
NO_SCANS = DayOfScans(()).root()


def bound(world: World) -> None:
    """Print a hundred blank labels, harvest, and bind ten to forty-nine of them to the first forty packs."""
    world.say("heitu", "codes-prepared", roll=ROLL, product="paddy", first=0, count=100)
    world.harvest(kg="500", lot=GREEN_LOT)
    world.clock.pass_time(hours=1)
    world.say(
        "heitu",
        "codes-issued",
        lot=GREEN_LOT,
        first=0,
        count=40,
        pack={"kg": "5"},
        asleep=True,
        roll=ROLL,
        roll_first=10,
    )


def everything_of_release(world: World) -> None:
    """State at least one event for every table of the life of codes."""
    bound(world)
    world.say(
        "yushu", "codes-activated", lot=GREEN_LOT, first=0, count=30, ground="checked", note="虚构核查笔记"
    )
    world.say("heitu", "codes-sold", lot=GREEN_LOT, first=0, count=2, place="虚构集市东口")
    world.say("heitu", "codes-recalled", lot=GREEN_LOT, first=20, count=5, level=3, cause="mislabelled")
    world.clock.pass_time(days=2)
    day = world.clock.now.date().replace(day=1).isoformat()
    world.say("operator", "scans-counted", day=day, lots_scanned=0, codes_scanned=0, scans=0, root=NO_SCANS)
