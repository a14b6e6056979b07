"""What goes on to others: passports for buyers, batches for the platforms, and values that may at last go.

passport            one lot for a buyer, to read (.pdf) or to verify offline (.json)
verify-passport     such a file, judged by a policy of one's own: no instance, no network
platform-export     the batches of a division, with one step back and forward
erase-due           hidden values whose retention has ended
"""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ledger import shelf
from ledger.checkpoint import Checkpoint
from ledger.errors import Malformed
from ledger.policy import Policy
from traceability import erasure_clock, passport_check, platform_export
from traceability.erasure_clock import Hidden
from traceability.events.fact import legal_day
from traceability.events.followup import Erased
from traceability.passport_check import Checked
from traceability.reading import Reader
from web import passports, quality_reports
from web.commands.answering import known_lot
from web.commands.terminal import (
    NO,
    Command,
    Option,
    View,
    answer,
    as_json,
    instance,
    opened,
    say,
    wrong_usage,
)
from web.database import OPERATOR, Services
from web.language import N_, gettext
from web.words import word

LARGEST_PASSPORT = 64 * 1024 * 1024


def _file(text: str) -> Callable[[View], View]:
    """Give a command the option --out."""
    return click.option(
        "--out",
        cls=Option,
        required=True,
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help=text,
    )


@click.command(
    "passport",
    cls=Command,
    help=N_("写出一个批次的护照：什么有他方佐证，什么只是自己声明，立在哪个检查点之下。"),
)
@click.argument("lot")
@_file(N_("写到这个文件：.pdf 供阅读，.json 带证明、可离线核验。"))
@as_json
@instance
def passport_(lot: str, out: Path, *, as_json: bool) -> None:
    """Write the passport of a lot."""
    if out.suffix not in {".pdf", ".json"}:
        raise wrong_usage(N_("文件名要以 .pdf 或 .json 结尾。"))
    with opened() as services, services.reading() as reader:
        found = passports.of(services, reader, known_lot(lot, reader, services))
        out.write_bytes(passports.pdf(services, found) if out.suffix == ".pdf" else found.json())
    said = {"lot": found.told.lot, "out": str(out), "records": len(found.document["records"])}
    answer(said, [gettext(N_("写好了：%(file)s"), file=out)], as_json=as_json)


@click.command(
    "verify-passport",
    cls=Command,
    help=N_("离线核验一份批次护照（.json）：只凭您自己保存的信任策略，不用联网。"),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--policy",
    "policy_file",
    cls=Option,
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=N_("自己保存的策略（jizihao policy 的输出），不能取自护照本身。"),
)
@as_json
def verify_passport(file: Path, policy_file: Path, *, as_json: bool) -> int:
    """Judge a passport."""
    verdict = passport_check.check(
        _passport(file), Policy.parse(policy_file.read_bytes()), now=datetime.now(UTC)
    )
    said = {
        "proven": verdict.is_proven,
        "lot": verdict.lot,
        "origin": verdict.origin,
        "size": verdict.size,
        "wrong": list(verdict.wrong),
        "records": [
            {"index": each.index, "kind": each.kind, "by": each.by, "at": each.at, "wrong": list(each.wrong)}
            for each in verdict.records
        ],
    }
    lines = [_line(each) for each in verdict.records]
    lines += list(verdict.wrong)
    lines.append(gettext(N_("核验通过")) if verdict.is_proven else gettext(N_("核验不通过")))
    answer(said, lines, as_json=as_json)
    return 0 if verdict.is_proven else NO


def _line(each: Checked) -> str:
    mark = "✗" if each.wrong else "✓"
    return " ".join((mark, str(each.index), word("kind", each.kind), each.by, *each.wrong))


def _passport(file: Path) -> dict[str, Any]:
    if file.stat().st_size > LARGEST_PASSPORT:
        raise Malformed("a passport is not that long")
    try:
        found = json.loads(file.read_bytes())
    except ValueError as why:
        raise Malformed(f"not a passport: {why}") from why
    if not isinstance(found, dict):
        raise Malformed("not a passport: not an object")
    return found


@click.command(
    "platform-export",
    cls=Command,
    help=N_(
        "写出一个区划的入库批次和出库批次，各带上一步和下一步，供报送国家和省级平台。\n\n"
        "字段按 NY/T 4712-2025 的公开摘要对应，标准全文的字段表没有核对过（文件里写明）。密封的内容不写出。"
    ),
)
@click.option("--division", cls=Option, required=True, metavar="CODE", help=N_("区划代码，例如 220000。"))
@click.option("--period", cls=Option, required=True, metavar="P", help=N_("期间，例如 2026Q3。"))
@_file(N_("写到这个文件：.json 或 .csv。"))
@as_json
@instance
def platform_export_(division: str, period: str, out: Path, *, as_json: bool) -> None:
    """Write the batches of a division."""
    if out.suffix not in {".json", ".csv"}:
        raise wrong_usage(N_("文件名要以 .json 或 .csv 结尾。"))
    wanted = quality_reports.wanted(period, division)
    with opened() as services, services.reading() as reader:
        head = shelf.read_head(reader.connection)
        size = 0 if head is None else Checkpoint.parse(head.note.text).size
        document = platform_export.document(
            reader,
            division,
            wanted.period.since,
            wanted.period.until,
            origin=services.log.origin,
            size=size,
        )
    out.write_bytes(_json(document) if out.suffix == ".json" else _csv(document["batches"]))
    said = {"out": str(out), "batches": len(document["batches"]), "size": size}
    line = gettext(N_("写好了 %(count)s 个批次：%(file)s"), count=len(document["batches"]), file=out)
    answer(said, [line], as_json=as_json)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _csv(batches: list[dict[str, Any]]) -> bytes:
    """Return the batches as a table; a text that a spreadsheet would take for a formula is made harmless."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, platform_export.COLUMNS)
    writer.writeheader()
    writer.writerows({name: _plain(str(cell)) for name, cell in row.items()} for row in batches)
    return ("\ufeff" + written.getvalue()).encode()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell


@click.command(
    "erase-due",
    cls=Command,
    help=N_("删除已隐藏、保存期已满的内容：列出来，逐条写入账本并删除。--dry-run 只列出。"),
)
@click.option("--dry-run", cls=Option, is_flag=True, help=N_("只列出，不删除。"))
@as_json
@instance
def erase_due(*, dry_run: bool, as_json: bool) -> None:
    """Erase hidden values whose clock has ended."""
    with opened() as services:
        today = legal_day(services.clock())
        with services.reading() as reader:
            found = _hidden(services, reader)
        due = [each for each in found if each.is_due(today)]
        for each in () if dry_run else due:
            services.journal.record(OPERATOR, _erased(services, each))
    said = [
        {
            "entry": each.entry,
            "by": each.by,
            "kind": each.kind,
            "fields": list(each.fields),
            "until": None if each.clock is None else each.clock.until.isoformat(),
            "due": each.is_due(today),
        }
        for each in found
    ]
    lines = [
        f"{row['entry']} {word('kind', str(row['kind']))} {row['until'] or ''}" for row in said if row["due"]
    ]
    answer(said, lines or [gettext(N_("没有到期的内容。"))], as_json=as_json)
    if due and not dry_run:
        say(gettext(N_("已经删除 %(count)s 条记录里到期的内容。"), count=len(due)))


def _hidden(services: Services, reader: Reader) -> list[Hidden]:
    rules = services.rules(reader)
    return erasure_clock.hidden(reader, rules)


def _erased(services: Services, hidden: Hidden) -> Erased:
    return Erased(
        at=services.clock(),
        target=hidden.digest,
        fields=hidden.fields,
        done="erased",
        cause="retention-ended",
    )


COMMANDS = (passport_, verify_passport, platform_export_, erase_due)
