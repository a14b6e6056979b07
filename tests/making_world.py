"""What growers plan and makers control, told once in the small world: a row for every table of theirs."""

from tests.world import PLOT, World

BRAN_LOT = "/lot/mifang/bran/B-1"


def everything_of_making(world: World) -> None:
    """Tell a protocol, a day's work, a template, a capacity, and a point that fails and is put right."""
    world.say("heitu", "protocol-adopted", protocol="rice-jilin", season=2026, plots=[PLOT])
    world.say("heitu", "field-worked", plot=PLOT, work="weeding", note="人工除草")
    world.say(
        "mifang",
        "template-declared",
        template="stone-mill",
        name="石碾米",
        steps=[{"process": "cleaning", "optional": "true"}, {"process": "milling"}],
        inputs=["paddy"],
        outputs=["milled-rice"],
        most="68",
    )
    world.say("mifang", "capacity-declared", process="milling", kg_a_day="9000")
    told = {"name": "磁选", "process": "milling", "parameter": "metal", "unit": "mm", "most": "1.5"}
    world.say("mifang", "control-point-declared", point="metal", **told)
    failed = world.say("mifang", "control-measured", point="metal", value="2", lots=[BRAN_LOT])
    world.say(
        "mifang", "corrective-action-taken", measurement=failed.digest, remedy="sorted-out", lots=[BRAN_LOT]
    )
    world.say("sheng", "hold-resolved", target=failed.digest, note="现场核实")
