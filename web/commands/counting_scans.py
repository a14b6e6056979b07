"""What shoppers scan and rate, told to the log day by day: `jizihao scans digest`, `jizihao scans check`."""

from datetime import date, datetime

import click

from web import findings, scan_days, shopper_says
from web.commands.terminal import NO, Command, Group, Option, answer, as_json, instance, opened, say
from web.language import N_, gettext


@click.group(cls=Group, help=N_("追溯码的查询次数：每天一个摘要写入账本。"))
@instance
def scans() -> None:
    """Group the commands about scans."""


@scans.command(
    cls=Command,
    help=N_(
        "把过完的每一天的查询次数写成文件（实例文件夹的 scans/），并把它的摘要写入账本。\n\n"
        "不写 --day 就补上所有还没有写的日子，并汇总这些日子的满意度评价。适合每天凌晨由定时任务执行。"
    ),
)
@click.option(
    "--day",
    cls=Option,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=N_("只写这一天（YYYY-MM-DD）。"),
)
@as_json
@instance
def digest(day: datetime | None, *, as_json: bool) -> None:
    """Tell the log of the scans of each day that is over, or of one."""
    with opened() as services:
        chosen = scan_days.waiting(services) if day is None else [day.date()]
        done = [(each, scan_days.count(services, each)) for each in chosen]
        scan_days.write_missing(services)
        rated = shopper_says.count_days(services) if day is None else []
    lines = [
        gettext("%(day)s：已写入账本第 %(index)s 条。", day=each.isoformat(), index=recorded.index)
        for each, recorded in done
    ]
    lines += [gettext("%(day)s：满意度评价已汇总。", day=each.isoformat()) for each in rated]
    answer(
        {
            "days": [{"day": each.isoformat(), "entry": recorded.index} for each, recorded in done],
            "rated": [each.isoformat() for each in rated],
        },
        lines or [gettext("没有要写的日子。")],
        as_json=as_json,
    )


@scans.command(cls=Command, help=N_("把查询次数的表和文件与账本里的摘要核对。"))
@as_json
@instance
def check(*, as_json: bool) -> int | None:
    """Hold the table and the files of scans against what the log says of them."""
    with opened() as services, services.reading() as reader:
        days = [each.day for each in scan_days.counted(reader.connection)]
        found = list(scan_days.differing(services.settings, reader.connection))
    wrong: list[date] = sorted({date.fromisoformat(str(each.facts["day"])) for each in found})
    for each in found:
        say(findings.told(each))
    answer(
        {"days": [each.isoformat() for each in days], "wrong": [each.isoformat() for each in wrong]},
        [gettext("核对了 %(days)s 天，%(wrong)s 天不符。", days=len(days), wrong=len(wrong))],
        as_json=as_json,
    )
    return NO if wrong else None


COMMANDS = (scans,)
