"""Files from outside: import them, and get an empty sheet to fill in."""

import csv
import io
from pathlib import Path
from typing import Any

import click
import openpyxl

from traceability.errors import NotAllowed
from traceability.intake import LARGEST
from web import importing, sheet_events
from web.commands.terminal import (
    COULD_NOT_RUN,
    GOOD,
    NO,
    Command,
    Option,
    answer,
    as_json,
    instance,
    opened,
    say,
    wrong_usage,
)
from web.importing import Imported
from web.language import N_, gettext, ngettext
from web.problems import field_name, tell
from web.words import word


@click.command(
    "import",
    cls=Command,
    help=N_(
        "把文件登记进账本：EPCIS 2.0（JSON），或表格（CSV、XLSX）。\n\n"
        "EPCIS 文件是合作方的声明：只拒绝格式错误的，其余照登，违反规则之处加标记。\n"
        "表格的每一行是一个事件，表头是字段名（用 jizihao template 取得空表）。\n"
        "用 --as 写明登记单位，就按这个单位自己的登记处理，规则与网页表单相同。\n"
        "同一文件导入两次，第二次不改变任何内容。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "party", cls=Option, metavar="PARTY", help=N_("作为这个单位自己的登记（单位代号）。"))
@click.option(
    "--keep-going", cls=Option, is_flag=True, help=N_("有错的跳过，其余照登；否则有一处错就全部不登。")
)
@as_json
@instance
def import_(file: Path, party: str | None, *, keep_going: bool, as_json: bool) -> int:
    """Record what a file tells."""
    written = read_bounded(file)
    with opened() as services:
        if party is not None:
            _check_party(services.journal.platform_key, party)
        try:
            found = importing.import_file(services, written, file.name, party=party, keep_going=keep_going)
        except importing.Unreadable as error:
            return _unreadable(error, as_json=as_json)
    for refusal in found.refused:
        say(f"{refusal['where']}  {refusal['reason']}")
    answer(found.json(), _lines(found), as_json=as_json)
    return NO if found.refused else GOOD


def read_bounded(file: Path) -> bytes:
    """Return the bytes of *file*, at most one more than may be imported."""
    with file.open("rb") as opened_file:
        return opened_file.read(LARGEST + 1)


def _check_party(key_of: Any, party: str) -> None:
    try:
        key_of(party)
    except NotAllowed:
        raise wrong_usage(N_("单位 %(party)s 没有登记，或没有由平台保管的密钥。"), party=party) from None


def _unreadable(error: importing.Unreadable, *, as_json: bool) -> int:
    told = tell(error.problem)
    refused = [{"where": each.where, "rule": each.code, "reason": each.text} for each in told.sentences]
    say("\n".join(told.lines()))
    if as_json:
        answer(Imported(refused=refused).json(), [], as_json=True)
    return COULD_NOT_RUN


def _lines(found: Imported) -> list[str]:
    lines = [ngettext("登记了 %(num)s 条。", "登记了 %(num)s 条。", found.recorded)]
    if found.refused:
        lines.append(ngettext("拒绝了 %(num)s 处。", "拒绝了 %(num)s 处。", len(found.refused)))
    for each in found.flagged:
        rules = " ".join(sorted({word("rule", flag["rule"]) for flag in each["flags"]}))
        lines.append(f"  ⚑ {each['where']}  {rules}")
    return lines


@click.command(
    cls=Command,
    help=N_("给出一张空表，填好后用 jizihao import 导入。\n\nKIND 是事件种类，例如 harvested（采收）。"),
)
@click.argument("kind", type=click.Choice(sorted(sheet_events.TEMPLATES)))
@click.option(
    "--out",
    cls=Option,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("写到这个文件（.xlsx 或 .csv）。"),
)
def template(kind: str, out: Path) -> None:
    """Write an empty sheet with the columns of one kind of event."""
    columns = ["kind", "at", *sheet_events.TEMPLATES[kind]]
    if out.suffix.lower() == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(columns)
        sheet.append([kind, *[""] * (len(columns) - 1)])
        book.save(out)
    elif out.suffix.lower() == ".csv":
        text = io.StringIO()
        csv.writer(text).writerows([columns, [kind, *[""] * (len(columns) - 1)]])
        out.write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")
    else:
        raise wrong_usage(N_("文件名要以 .xlsx 或 .csv 结尾。"))
    for column in columns:
        say(f"  {column}: {field_name(column)}")
    say(gettext(N_("没有写时区的时间按北京时间。")))


COMMANDS = (import_, template)
