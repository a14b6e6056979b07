"""The whole instance kept elsewhere, and put back: backup, restore."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ledger.errors import Busy, Conflict, LedgerError, Malformed, Unsafe
from ledger.note import Note
from web.backup import Saved, backup, sealed_beside
from web.commands.terminal import (
    NO,
    Command,
    Option,
    answer,
    as_json,
    folder,
    instance,
    progress,
    say,
    settings,
    wrong_usage,
)
from web.findings import told_step
from web.language import N_, gettext
from web.problems import tell
from web.restoring import Restored, restore, settings_within
from web.settings import NotSetUp, Settings

STEPS = {"carry": N_("抄写各表"), "unpack": N_("核对备份文件")}

_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))


@click.command(
    "backup",
    cls=Command,
    help=N_(
        "备份整个账本，不必停下网页。\n\n"
        "写成两个文件：FILE 是记录、账号和规则集，FILE.sealed 只是隐私内容的原文。\n"
        "不含密钥，也不含 high-water：secrets 文件夹请另存一份，high-water 不要和备份放在一起。"
    ),
)
@_file
@click.option("--force", cls=Option, is_flag=True, help=N_("已有这个文件时写成新的。"))
@as_json
@instance
def backup_(file: Path, *, force: bool, as_json: bool) -> None:
    """Write a backup."""
    found = settings()
    try:
        with _shown() as told:
            saved = backup(found, file, is_replacing=force, progress=told)
    except FileExistsError as error:
        there = N_("%(file)s 已经存在，没有改动它。要写成新的备份，请加 --force。")
        raise wrong_usage(there, file=error.filename) from None
    except Busy as error:
        raise _at_work(error) from None
    answer(_saved(saved), _lines(saved), as_json=as_json)


def _at_work(error: Busy) -> click.UsageError:
    if "folder" not in error.facts:
        return wrong_usage(N_("数据库正忙：%(reason)s。请稍后再试。"), reason=error.reason)
    return wrong_usage(N_("另一个进程正在 %(folder)s 里写，请等它结束。"), **error.facts)


def _saved(saved: Saved) -> dict[str, Any]:
    return {
        "file": str(saved.file),
        "sealed": str(saved.sealed),
        "size": saved.size,
        "note": saved.note.text,
        "rows": dict(saved.rows),
    }


def _lines(saved: Saved) -> list[str]:
    return [
        gettext(N_("已备份到第 %(size)s 条记录：%(file)s"), size=saved.size, file=saved.file),
        gettext(N_("隐私内容的原文：%(file)s。以后登记删除的，这份里还有，请不要久存。"), file=saved.sealed),
        gettext(N_("密钥不在其中：secrets 文件夹请另存一份，没有它备份不能恢复。")),
    ]


@click.command(
    "restore",
    cls=Command,
    help=N_(
        "把备份恢复到空的数据库：先核对每个字节、每个签名和每张表，全部无误才写入。\n\n"
        "文件夹里要先有原来的 secrets 和 high-water。比 high-water 旧的备份不能恢复，\n"
        "否则账本会签出第二种历史。隐私内容取自 FILE.sealed。\n"
        "退出码：0 已恢复，1 不能恢复（没有改动），2 没有执行。"
    ),
)
@_file
@click.option(
    "--sealed",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help=N_("隐私内容的文件（默认 FILE.sealed，没有就不恢复隐私内容）。"),
)
@click.option(
    "--since",
    "since_file",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("high-water 已丢失时：别处保存的最新检查点（/log/checkpoint 的内容）。"),
)
@as_json
@instance
def restore_(file: Path, sealed: Path | None, since_file: Path | None, *, as_json: bool) -> int | None:
    """Put a backup back."""
    apart = sealed if sealed is not None else _existing(sealed_beside(file))
    try:
        since = None if since_file is None else Note.parse(since_file.read_bytes())
        found = _settings(file)
        with _shown() as told:
            restored = restore(found, file, sealed=apart, since=since, progress=told)
    except Busy as error:
        raise _at_work(error) from None
    except LedgerError as error:
        _refuse(error, as_json=as_json)
        return NO
    answer(_restored(restored), _told(restored), as_json=as_json)
    return None


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def _settings(file: Path) -> Settings:
    """Return the settings of the folder, or those that the backup brings where the folder has none."""
    where = folder()
    if (where / "settings.toml").exists():
        return Settings.load(where, os.environ)
    written = settings_within(file)
    try:
        if written is not None:
            return Settings.load(where, os.environ, written)
    except NotSetUp as error:
        if error.code != "malformed":
            raise
    raise Malformed("the backup brings no settings that can be read")


def _restored(restored: Restored) -> dict[str, Any]:
    return {
        "size": restored.size,
        "note": restored.note.text,
        "rows": dict(restored.rows),
        "sealed_values_missing": restored.missing,
    }


def _told(restored: Restored) -> list[str]:
    lines = [gettext(N_("已恢复到第 %(size)s 条记录，全部核对无误。"), size=restored.size)]
    if restored.missing:
        missing = N_(
            "有 %(count)s 项隐私内容没有恢复：没有给出它们的文件。记录和证明不受影响，审计会逐项列出。"
        )
        lines.append(gettext(missing, count=restored.missing))
    return lines


def _refuse(error: LedgerError, *, as_json: bool) -> None:
    """Say why nothing was restored, and the way forward."""
    facts = "; ".join([error.reason, *(f"{name}: {value}" for name, value in error.facts.items())])
    said = _way_forward(error)
    say(f"{said}\n  {facts}")
    if as_json:
        answer({**tell(error).document(), "detail": said, "exit_code": NO}, [], as_json=True)


def _way_forward(error: LedgerError) -> str:
    if isinstance(error, Unsafe) and "mark" in error.facts:
        older = N_(
            "没有恢复：备份只到第 %(size)s 条，账本却已经承诺到第 %(mark)s 条。"
            "请找更新的备份或别处的副本；都没有，就用 jizihao init --continues 开立接续它的新账本。"
        )
        return gettext(older, **error.facts)
    if isinstance(error, Unsafe):
        lost = N_(
            "没有恢复：high-water 不见了，不知道账本承诺到哪里。"
            "请放回 high-water，或用 --since 给出别处保存的最新检查点。"
        )
        return gettext(lost)
    if isinstance(error, Conflict):
        return gettext(N_("没有恢复：数据库里已有内容，没有改动它。备份只恢复到空的数据库。"))
    return gettext(N_("没有恢复，也没有改动：备份不完整、被改动过，或与这个文件夹不配。"))


@contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    with progress(gettext(N_("准备"))) as bar:

        def told(step: str, done: int, total: int) -> None:
            bar(done, total, gettext(STEPS[step]) if step in STEPS else told_step(step))

        yield told


COMMANDS = (backup_, restore_)
