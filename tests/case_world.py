"""What goes wrong in the small world, and what is done about it: a recall, a hold, a case, a task, a report.

The rice of `world.whole_chain` is recalled by its mill, its paddy stopped by the county; the mill has a case.
"""

from dataclasses import dataclass
from typing import Any

from tests.world import PADDY_LOT, RICE_LOT, World
from traceability import shopper_reports

NUMBER = "R4T82KQ79XNC5HVM"
"""The number of the shopper's report."""

LABEL_FINDING = {"aspect": "labels", "in_order": True, "note": "标签已更换"}


@dataclass(frozen=True)
class Told:
    """The digests of what began each thing."""

    recall: str
    hold: str
    case: str
    task: str
    below: str
    findings: str
    report: str
    warning: str


def recalled(world: World, **told: Any) -> str:
    """Let the mill call its rice back at level 2 and carry it out; return the recall's digest."""
    recall = world.say("mifang", "recalled", lot=RICE_LOT, level=2, cause="mislabelled").digest
    world.clock.pass_time(hours=5)
    world.say("mifang", "recall-started", recall=recall, notice="已停止销售")
    world.say(
        "mifang",
        "notice-sent",
        about=recall,
        lot=RICE_LOT,
        amount={"kg": "300"},
        to="虚构便利店",
        contact="13800000001",
    )
    world.say("chaoshi", "notice-acknowledged", about=recall, lot=RICE_LOT, amount={"kg": "120"})
    world.say(
        "mifang",
        "recall-recovered",
        recall=recall,
        lot=RICE_LOT,
        amount={"kg": "250"},
        recovered_from="虚构便利店",
    )
    world.say(
        "mifang",
        "recall-disposed",
        recall=recall,
        lot=RICE_LOT,
        amount={"kg": "250"},
        disposal="destroyed",
    )
    missing = [{"lot": RICE_LOT, "amount": {"kg": "50"}, "missing_because": "eaten"}]
    world.say("mifang", "recall-completed", recall=recall, not_recovered=missing, **told)
    return recall


def case_of(world: World) -> tuple[str, str, str, str]:
    """Let the county open a case against the mill and see it through; return case, tasks and findings."""
    case = world.say(
        "yushu", "case-opened", respondent="mifang", case_cause="other", lot=RICE_LOT, note="标签不符"
    ).digest
    world.say("yushu", "correction-ordered", case=case, until="2026-10-30", measures=["labels"])
    world.say("mifang", "correction-reported", case=case, note="已换新标签（虚构）")
    task = world.say(
        "sheng",
        "task-assigned",
        office="yushu",
        division="220182",
        task_topic="processing",
        until="2026-10-30",
        parties=["mifang"],
    ).digest
    below = world.say(
        "yushu",
        "task-assigned",
        office="yushu",
        division="220182",
        task_topic="labels-and-marks",
        until="2026-10-28",
        parent_task=task,
    ).digest
    findings = world.say(
        "yushu", "findings-reported", task=task, party="mifang", findings=[LABEL_FINDING]
    ).digest
    world.say("yushu", "task-reported", task=below)
    world.say(
        "yushu",
        "task-reported",
        task=task,
        summary="查一家，标签已更换（虚构）",
        proposal="加强标签培训（虚构）",
    )
    world.say("yushu", "reinspected", case=case, inspection=findings, passed=True)
    world.say("yushu", "case-closed", case=case, case_outcome="corrected")
    return case, task, below, findings


def reported(world: World) -> str:
    """Let a shopper report the rice, and be paid for it; return the report's digest."""
    receipt = shopper_reports.receipt_of(NUMBER)
    report = world.say(
        "operator", "report-received", receipt=receipt, complaint="label", lot=RICE_LOT, text="日期印错"
    ).digest
    for status in ("accepted", "confirmed"):
        world.say("yushu", "report-answered", consumer_report=report, report_status=status)
    world.say("yushu", "reward-granted", consumer_report=report, reward="二百元（虚构）")
    world.say("yushu", "reward-paid", consumer_report=report, report_number=NUMBER)
    return report


def everything_of_cases(world: World) -> Told:
    """State at least one event for every table of this topic; the rice must be there."""
    recall = recalled(world)
    hold = world.say("yushu", "hold-placed", lot=PADDY_LOT, hold_cause="export-alert").digest
    world.say("yushu", "alert-acknowledged", source=hold, alert="hold-placed")
    world.say("yushu", "alert-done", source=hold, alert="hold-placed", alert_outcome="no-risk")
    world.say("yushu", "hold-lifted", hold=hold)
    case, task, below, findings = case_of(world)
    report = reported(world)
    warning = world.say(
        "sheng", "alert-raised", severity="high", division="220182", lot=RICE_LOT, note="省外通报"
    ).digest
    world.say(
        "operator",
        "ratings-counted",
        counted_day="2026-10-07",
        ratings=[
            {
                "division": "220182",
                "party": "mifang",
                "ones": 1,
                "twos": 0,
                "threes": 1,
                "fours": 2,
                "fives": 16,
            }
        ],
    )
    return Told(recall, hold, case, task, below, findings, report, warning)
