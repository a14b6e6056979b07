"""Labels to print: one file for as many packs as codes are issued."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from qr.label import Label, label_png, label_svg, sheet_pdf
from traceability import goods, tables
from traceability.errors import Unknown
from traceability.events import may_state
from traceability.events.processing import CodesIssued
from traceability.past import KnownLot
from traceability.quantity import Amount
from traceability.reading import Reader
from web.commands.answering import known_lot
from web.commands.terminal import Command, Option, instance, opened, progress, say, wrong_usage
from web.database import Services
from web.labels import of
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
    if not out.parent.is_dir():
        # Before any code is issued, for an issue stays in the log.
        raise wrong_usage(N_("没有 %(folder)s 这个文件夹。"), folder=out.parent)
    with opened() as services:
        event = _issued(services, lot, count, party, pack)
        with services.reading() as reader:
            run = of(services, reader, event.lot)
        amount = event.pack.kg if event.pack.kg is not None else Decimal(event.pack.pieces or 0)
        found = run.labels(event.first, count, amount, event.day)
        if suffix == ".pdf":
            with progress(gettext(N_("印标签"))) as told:
                sheet = sheet_pdf(found, made_at=services.clock(), progress=lambda done: told(done, count))
            out.write_bytes(sheet)
        else:
            _write_each(list(found), out)
    last = event.first + count - 1
    say(
        gettext(
            N_("发放了序号 %(first)s 至 %(last)s 的追溯码：%(file)s"), first=event.first, last=last, file=out
        )
    )


def _issued(services: Services, lot: str, count: int, party: str | None, pack: str | None) -> CodesIssued:
    """Record the issue before anything is printed: a sheet that is lost in between harms nobody."""
    with services.reading() as reader:
        name = known_lot(lot, reader, services)
        known = goods.known_lot(reader.connection, name)
        if known is None:
            raise Unknown("lot", name)
        by = party or _holder(reader, known)
        amount = _usual_pack(reader, known) if pack is None else _amount(pack, known.measure)
    event = CodesIssued(at=services.clock(), lot=name, first=known.next_code, count=count, pack=amount)
    services.journal.record(by, event)
    return event


def _holder(reader: Reader, known: KnownLot) -> str:
    """Return who holds some of the lot and may issue codes for it; its maker goes before others."""
    having = [party for party, amount in known.stock.items() if amount > 0]
    able = [party for party in having if may_state(_role(reader, party), "codes-issued")]
    if not able:
        raise wrong_usage(N_("没有可以为这个批次发码的持有单位。请用 --as 写明单位。"))
    return min(able, key=lambda party: (party != known.maker, party))


def _role(reader: Reader, party: str) -> str:
    rows = reader.connection.execute(tables.standing(tables.party, tables.party.c.party == party)).all()
    return str(rows[-1].role) if rows else ""


def _usual_pack(reader: Reader, known: KnownLot) -> Amount:
    """Return what a pack held when codes were last issued, else one kilogram or one piece."""
    table = tables.code_issue
    rows = reader.connection.execute(tables.standing(table, table.c.lot == known.lot)).all()
    amount = Decimal(rows[-1].pack) if rows else Decimal(1)
    return Amount(pieces=int(amount)) if known.measure == "pieces" else Amount(kg=amount)


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
