"""What people type in a terminal: `jizihao …`, the same as `python -m web …`.

    terminal      what every command shares: language, instance, JSON, exit codes
    copy_options  --mirror and --policy, which some of them share
    setting_up    init, rebuild, party, user
    databases     database prepare
    serving       serve
    demonstrating demo, with listening and companions
    taking_in     import, template
    answering     trace, contents, recall, balance, entries
    proving       prove, policy
    copying       publish, mirror
    counting_scans  scans
    auditing      audit
    printing      labels
    verifying     verifier
    backing_up    backup, restore
    signing       sign
    keeping_keys  key
    witnessing    witness
    reporting     report
    drawing       draw
    passing_on    passport, verify-passport, platform-export, erase-due

Exit codes: 0 good, 1 the answer is "no" (tampered, refused, not proven, unknown), 2 could not run or wrong
usage. No error ends in a traceback: each is told in a sentence that names the way out.
"""

import json
import os
import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import LedgerError
from qr.errors import CodeError
from traceability.errors import Invalid, NotAllowed, Refused, Repeated, TraceError, Unknown
from web.commands import (
    answering,
    auditing,
    backing_up,
    copying,
    counting_scans,
    databases,
    demonstrating,
    drawing,
    keeping_keys,
    passing_on,
    printing,
    proving,
    reporting,
    serving,
    setting_up,
    signing,
    taking_in,
    verifying,
    witnessing,
)
from web.commands.terminal import COULD_NOT_RUN, GOOD, NO, Group, instance, say
from web.language import N_, cli_language, gettext, speaking
from web.problems import tell
from web.settings import NotSetUp


@click.group(
    cls=Group,
    help=N_(
        "吉账：吉林农产品的追溯账本。\n\n"
        "先用 jizihao demo 看一季的示例，或用 jizihao init 开立自己的账本。\n"
        "每个命令后加 --help 可看它的说明。"
    ),
)
@instance
def commands() -> None:
    """Group every command; its own help is the sentence above."""


for _room in (
    setting_up,
    databases,
    serving,
    demonstrating,
    taking_in,
    answering,
    proving,
    copying,
    counting_scans,
    auditing,
    printing,
    verifying,
    signing,
    keeping_keys,
    backing_up,
    witnessing,
    reporting,
    drawing,
    passing_on,
):
    for _command in _room.COMMANDS:
        commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command in the terminal's language and leave with its exit code."""
    with speaking(cli_language(os.environ)):
        sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is told, none is raised."""
    try:
        result = commands.main(arguments, prog_name="jizihao", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; what is left must not be flushed into nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, KeyboardInterrupt):
        say(gettext(N_("已中断。")))
        return COULD_NOT_RUN
    except Exception as error:
        return _told(error, as_json="--json" in arguments)
    return result if isinstance(result, int) else GOOD


def _told(error: Exception, *, as_json: bool) -> int:
    """Say what went wrong, and return the exit code for it."""
    lines, document = _words(error)
    say("\n".join(lines))
    exit_code = _exit_code(error)
    if as_json:
        click.echo(json.dumps({**document, "exit_code": exit_code}, ensure_ascii=False))
    return exit_code


def _words(error: Exception) -> tuple[list[str], dict[str, object]]:
    if isinstance(error, TraceError | LedgerError | NotSetUp):
        told = tell(error)
        document = told.document()
        if isinstance(error, LedgerError):
            reasons = [f"{name}: {value}" for name, value in error.facts.items()]
            return [told.detail, "  " + "; ".join([error.reason, *reasons])], document
        return told.lines(), document
    title = gettext(N_("没有执行"))
    detail = _detail(error)
    return [detail], {"title": title, "detail": detail}


def _detail(error: Exception) -> str:
    match error:
        case click.ClickException():
            return _said_by_click(error)
        case CodeError():
            return gettext(N_("不能印这样的标签：%(reason)s"), reason=str(error))
        case OSError():
            where = error.filename or ""
            return gettext(
                N_("不能读写 %(where)s：%(reason)s"), where=where, reason=error.strerror or str(error)
            )
        case SQLAlchemyError():
            reason = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
            return gettext(N_("数据库不能使用：%(reason)s"), reason=reason)
        case _:
            return gettext(
                N_("出了没有预料到的错误（%(kind)s）。请把这一行告诉我们。"), kind=repr(error)[:300]
            )


def _said_by_click(error: click.ClickException) -> str:
    """Return what click found wrong with the command line, in the reader's language."""
    match error:
        case click.exceptions.NoSuchOption():
            said = gettext(N_("没有 %(name)s 这个选项。"), name=error.option_name)
        case click.exceptions.MissingParameter():
            said = gettext(N_("缺少 %(name)s。"), name=_parameter(error))
        case click.exceptions.BadParameter():
            said = gettext(N_("%(name)s 的值不对：%(found)s"), name=_parameter(error), found=error.message)
        case _:
            said = error.message
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "jizihao"
    return said + "\n" + gettext(N_("执行 %(command)s --help 查看用法。"), command=command)


def _parameter(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Argument):
        return (error.param.name or "").upper()
    return error.param.opts[-1] if error.param is not None else ""


def _exit_code(error: Exception) -> int:
    """Return 1 where the answer is "no", 2 where there could be none."""
    if isinstance(error, Unknown | Refused | Repeated | NotAllowed):
        return NO
    if isinstance(error, Invalid | click.ClickException):
        return COULD_NOT_RUN
    return COULD_NOT_RUN
