"""Draws by lot: what was announced, what the seed draws, and whether that is what was recorded."""

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ledger.checkpoint import Checkpoint
from ledger.errors import NotProven
from ledger.note import Note
from ledger.policy import Policy
from ledger.source import source_of
from traceability.draw import commitment_of
from traceability.draw_standing import DrawStanding, drawn_again, standing_draw
from traceability.errors import Unknown
from traceability.events.credit import Drawn
from traceability.quality_report import in_copy
from traceability.reading import Reader
from web import showing
from web.commands.copy_options import of_copy, only_together
from web.commands.terminal import (
    GOOD,
    NO,
    Command,
    Group,
    Option,
    answer,
    as_json,
    instance,
    opened,
)
from web.database import Services
from web.language import N_, gettext
from web.quality_reports import believed

Json = dict[str, Any]


@click.group("draw", cls=Group, help=N_("随机抽查（双随机一公开）：核对公布的结果，或算出该抽中谁。"))
@instance
def draw_() -> None:
    """Group what is done with draws."""


@draw_.command(
    "check",
    cls=Command,
    help=N_(
        "用账本的树根重新抽一次，与公布的结果比较。\n\n"
        "ENTRY 是公告或结果的条号。退出码：0 相同，1 不同或还没有抽。"
    ),
)
@click.argument("entry", type=click.IntRange(min=0), metavar="ENTRY")
@click.option("--word", cls=Option, metavar="WORD", help=N_("还没公布时：公告单位的暗语。"))
@of_copy
@as_json
@instance
def check_(
    *, entry: int, word: str | None, place: str | None, policy_file: Path | None, as_json: bool
) -> int:
    """Draw again, and say whether it is the same."""
    only_together(place, policy_file)
    if place is not None and policy_file is not None:
        found, again, seen = _in_copy(place, Policy.parse(policy_file.read_bytes()), entry, word)
    else:
        found, again, seen = _in_instance(entry, word)
    told = {**_told(found), "drawn_again": _people(again), "seen": seen}
    same = again is not None and found.drawn == again
    answer({**told, "same": same}, _lines(found, told, same=same), as_json=as_json)
    return GOOD if same else NO


Checked = tuple[DrawStanding, tuple[Drawn, ...] | None, Json | None]


def _in_instance(entry: int, word: str | None) -> Checked:
    with opened() as services:
        with services.reading() as reader:
            found, again = _drawn(reader, services.log.origin, entry, word)
        return found, again, _seen(services, found)


def _in_copy(place: str, policy: Policy, entry: int, word: str | None) -> Checked:
    with closing(source_of(place)) as source:
        note = believed(source, policy)
        checkpoint = Checkpoint.parse(note.text)
        found, again = in_copy(
            source, checkpoint, lambda reader, _: _drawn(reader, checkpoint.origin, entry, word)
        )
        return found, again, _seen_under(note, policy, found)


def _drawn(
    reader: Reader, origin: str, entry: int, word: str | None
) -> tuple[DrawStanding, tuple[Drawn, ...] | None]:
    found = standing_draw(reader, entry)
    if found is None:
        raise Unknown("draw", str(entry))
    return found, drawn_again(reader, origin, found, word)


@draw_.command(
    "commit",
    cls=Command,
    help=N_("算出暗语的摘要，写进公告；暗语自己记好，抽取时再说出来。"),
)
@click.argument("word", metavar="WORD")
@as_json
def commit_(word: str, *, as_json: bool) -> None:
    """Print what an office announces of its secret word."""
    answer({"commitment": commitment_of(word)}, [commitment_of(word)], as_json=as_json)


def _told(found: DrawStanding) -> Json:
    return {
        "announced": found.announced_entry,
        "by": found.by,
        "division": found.event.division,
        "candidates": sum(len(group.parties) for group in found.event.pool),
        "seed_size": found.event.seed_size,
        "made": found.made_entry,
        "root": found.root,
        "drawn": _people(found.drawn),
    }


def _people(drawn: Any) -> list[Json] | None:
    if drawn is None:
        return None
    return [{"party": each.party, "inspectors": list(each.inspectors)} for each in drawn]


def _seen(services: Services, found: DrawStanding) -> Json | None:
    """Return the checkpoint shown to the world, if it fixes the seed, and which witnesses have seen it."""
    try:
        return _seen_under(showing.shown(services), services.policy, found)
    except NotProven:
        return None


def _seen_under(note: Note, policy: Policy, found: DrawStanding) -> Json | None:
    size = showing.size_of(note)
    if size < found.event.seed_size:
        return None
    return {"size": size, "witnesses": sorted(showing.seen_by(note, policy))}


def _lines(found: DrawStanding, told: Json, *, same: bool) -> list[str]:
    lines = [
        gettext(
            N_(
                "第 %(entry)s 条公告：从 %(candidates)s 家中抽 %(count)s 家，"
                "种子是账本满 %(size)s 条时的树根。"
            ),
            entry=found.announced_entry,
            candidates=told["candidates"],
            count=found.event.count,
            size=found.event.seed_size,
        )
    ]
    if told["drawn_again"] is None:
        return [*lines, gettext(N_("种子还不能知道：账本还没有这么多条，或还没有说出暗语。"))]
    lines += [f"  {each['party']}: {', '.join(each['inspectors'])}" for each in told["drawn_again"]]
    if told["seen"] is None:
        lines.append(gettext(N_("还没有公布过包含种子的检查点。")))
    elif told["seen"]["witnesses"]:
        names = ", ".join(told["seen"]["witnesses"])
        lines.append(gettext(N_("见证方已签署包含种子的检查点：%(names)s"), names=names))
    if found.drawn is None:
        return [*lines, gettext(N_("结果还没有登记。"))]
    verdict = N_("与公布的结果相同。") if same else N_("与公布的结果不同！请保留这些文件作证据。")
    return [*lines, gettext(verdict)]


COMMANDS = (draw_,)
