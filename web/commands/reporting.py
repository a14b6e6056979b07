"""The report on the state of quality as a file: of this instance, of an earlier size of it, or of a copy."""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ledger.checkpoint import Checkpoint
from ledger.errors import NotProven
from ledger.note import Note
from ledger.policy import Policy
from ledger.source import source_of
from traceability.quality_report import Wanted
from web import quality_document, quality_paper, quality_reports, showing
from web.commands.copy_options import of_copy, only_together
from web.commands.terminal import (
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
from web.database import Services
from web.language import LANGUAGES, N_, Language, gettext, speaking
from web.problems import tell
from web.publisher import published

Json = dict[str, Any]

FORMS: Mapping[str, Callable[[Json], bytes]] = {
    ".html": quality_document.html_document,
    ".json": quality_document.json_document,
    ".pdf": quality_paper.pdf_document,
}


@click.command(
    "report",
    cls=Command,
    help=N_(
        "生成质量状况分析报告：任意期间，任意辖区，格式由文件名决定（.html、.pdf 或 .json）。\n\n"
        "期间写成 2026、2026H1、2026Q3、2026-07 或 2026-07-01..2026-09-30。\n"
        "报告写明算出它的检查点；用 --at 指定条数，谁都能从自己的副本（--mirror）算出同样的文件。\n"
        "检查点本身写在旁边的 .checkpoint 文件里，带着见证方的签名。"
    ),
)
@click.option("--period", cls=Option, required=True, metavar="P", help=N_("期间，例如 2026Q3。"))
@click.option(
    "--division", cls=Option, required=True, metavar="CODE", help=N_("行政区划代码，例如 220000（全省）。")
)
@click.option(
    "--out",
    cls=Option,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("写到这个文件：.html、.pdf 或 .json。"),
)
@click.option(
    "--at",
    "size",
    cls=Option,
    type=click.IntRange(min=1),
    metavar="SIZE",
    help=N_("按账本前 SIZE 条记录计算（默认：全部）。"),
)
@of_copy
@click.option(
    "--language",
    cls=Option,
    type=click.Choice(LANGUAGES),
    default="zh",
    help=N_("报告的语言：zh（默认）或 en。"),
)
@as_json
@instance
def report_(
    *,
    period: str,
    division: str,
    out: Path,
    size: int | None,
    place: str | None,
    policy_file: Path | None,
    language: Language,
    as_json: bool,
) -> int:
    """Write the report."""
    if out.suffix not in FORMS:
        raise wrong_usage(N_("文件名要以 .html、.pdf 或 .json 结尾。"))
    only_together(place, policy_file)
    wanted = quality_reports.wanted(period, division)
    try:
        report, note = _made(wanted, place, policy_file, size)
    except NotProven as error:
        return _not_made(error, as_json=as_json)
    with speaking(language):
        out.write_bytes(FORMS[out.suffix](report))
    beside = _write_checkpoint(out, report, note)
    _tell(report, out, beside, as_json=as_json)
    return GOOD


def _not_made(error: NotProven, *, as_json: bool) -> int:
    """Say what the log, or its copy, does not bear out; the answer is no."""
    told = tell(error)
    facts = "; ".join(f"{name}: {value}" for name, value in error.facts.items())
    say(f"{told.detail}\n  {error.reason}; {facts}")
    answer({**told.document(), "exit_code": NO}, [], as_json=as_json)
    return NO


def _made(wanted: Wanted, place: str | None, policy_file: Path | None, size: int | None) -> tuple[Json, Note]:
    if place is not None and policy_file is not None:
        return _of_copy(place, policy_file, wanted, size)
    with opened() as services:
        return _of_instance(services, wanted, size)


def _of_instance(services: Services, wanted: Wanted, size: int | None) -> tuple[Json, Note]:
    note = _newest(services)
    seen = Checkpoint.parse(note.text).size
    return quality_reports.of_instance(services, wanted, seen if size is None else size), note


def _newest(services: Services) -> Note:
    """Publish, and return the checkpoint with the lines of enough witnesses, or else the log's own."""
    try:
        return published(services)
    except NotProven:
        return services.log.published() or services.log.head()[1]


def _of_copy(place: str, policy_file: Path, wanted: Wanted, size: int | None) -> tuple[Json, Note]:
    policy = Policy.parse(policy_file.read_bytes())
    with closing(source_of(place)) as source:
        return quality_reports.of_copy(source, policy, wanted, size)


def _write_checkpoint(out: Path, report: Json, note: Note) -> Path | None:
    """Write the signed checkpoint beside the report, if it is of the size that the report stands on."""
    if showing.size_of(note) != report["checkpoint"]["size"]:
        return None
    beside = out.with_name(f"{out.name}.checkpoint")
    beside.write_bytes(note.bytes())
    return beside


def _tell(report: Json, out: Path, beside: Path | None, *, as_json: bool) -> None:
    size, digest = report["checkpoint"]["size"], quality_document.digest_of(report)
    said = {
        "out": str(out),
        "period": report["period"]["text"],
        "division": report["division"],
        "size": size,
        "root": report["checkpoint"]["root"],
        "sha256": digest,
        **({} if beside is None else {"checkpoint": str(beside)}),
    }
    lines = [
        gettext(N_("已写入 %(file)s（账本前 %(size)s 条）。"), file=out, size=size),
        gettext(N_("数据（JSON）的 SHA-256：%(digest)s"), digest=digest),
    ]
    answer(said, lines, as_json=as_json)


COMMANDS = (report_,)
