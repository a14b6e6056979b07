"""Labels to print: one file for as many packs as codes are issued."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from qr.label import Label, label_png, label_svg, sheet_pdf
from traceability.past import KnownLot
from traceability.quantity import Amount
from traceability.reading import Reader
from web import printing
from web.commands.answering import known_lot
from web.commands.terminal import Command, Option, instance, opened, progress, say, wrong_usage
from web.database import Services
from web.language import N_, gettext

MOST_FILES = 1000


@click.command(
    cls=Command,
    help=N_(
        "为一个批次发放追溯码并印标签。\n\n"
        "先在账本里登记发放（以持有这个批次的单位的名义），再写出标签。\n"
        "发放的个数不能超过剩余数量除以每包装量。"
    ),
)
@click.argument("lot")
@click.option(
    "--count",
    cls=Option,
    required=True,
    type=click.IntRange(1, 100_000),
    help=N_("发放多少个（每个包装一个）。"),
)
@click.option(
    "--out",
    cls=Option,
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("写到这个文件：.pdf 是 A4 整版；.svg 或 .png 每个标签一个文件。"),
)
@click.option(
    "--as", "party", cls=Option, metavar="PARTY", help=N_("以哪个单位的名义发放（默认：持有单位）。")
)
@click.option(
    "--pack",
    cls=Option,
    metavar="AMOUNT",
    help=N_("每个包装装多少，公斤数或件数（默认：与上次相同，第一次为 1）。"),
)
@instance
def labels(lot: str, count: int, out: Path, party: str | None, pack: str | None) -> None:
    """Issue codes for packs of a lot, and write their labels."""
    suffix = out.suffix.lower()
    if suffix not in {".pdf", ".svg", ".png"}:
        raise wrong_usage(N_("文件名要以 .pdf、.svg 或 .png 结尾。"))
    if suffix != ".pdf" and count > MOST_FILES:
        raise wrong_usage(N_("多于 %(most)s 个标签请写成 .pdf。"), most=MOST_FILES)
    with opened() as services:
        printed = _issued(services, lot, count, party, pack)
        found = printing.labels(services, printed)
        if suffix == ".pdf":
            with progress(gettext(N_("印标签"))) as told:
                sheet = sheet_pdf(found, made_at=services.clock(), progress=lambda done: told(done, count))
            out.write_bytes(sheet)
        else:
            _write_each(list(found), out)
    last = printed.first + printed.count - 1
    say(
        gettext(
            N_("发放了序号 %(first)s 至 %(last)s 的追溯码：%(file)s"),
            first=printed.first,
            last=last,
            file=out,
        )
    )


def _issued(
    services: Services, lot: str, count: int, party: str | None, pack: str | None
) -> printing.Printing:
    with services.reading() as reader:
        known = printing.known(reader, known_lot(lot, reader, services))
        by = party or _holder(reader, known)
        amount = printing.usual_pack(reader, known) if pack is None else _amount(pack, known.measure)
    return printing.issue(services, by, known, amount, count)


def _holder(reader: Reader, known: KnownLot) -> str:
    able = printing.holders(reader, known)
    if not able:
        raise wrong_usage(N_("没有可以为这个批次发码的持有单位。请用 --as 写明单位。"))
    return able[0]


def _amount(pack: str, measure: str | None) -> Amount:
    try:
        return Amount(pieces=int(pack)) if measure == "pieces" else Amount(kg=Decimal(pack))
    except (ValueError, InvalidOperation):
        raise wrong_usage(N_("每包装量不正确：%(found)s"), found=pack) from None


def _write_each(found: list[Label], out: Path) -> None:
    for number, label in enumerate(found, 1):
        path = out if len(found) == 1 else out.with_stem(f"{out.stem}-{number:04}")
        if out.suffix.lower() == ".svg":
            path.write_text(label_svg(label), encoding="utf-8")
        else:
            path.write_bytes(label_png(label))


COMMANDS = (labels,)
