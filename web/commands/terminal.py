"""What every command shares: the language of the terminal, the instance, one JSON value, an exit code.

@commands.command(cls=Command, help=N_("…"))      help is a sentence of the catalogue, told when it is shown
@instance                                         --instance DIR, before or after the command's name
def trace(…) -> int | None                        an exit code; none is 0

0   good                     answers go to standard output
1   the answer is no         all else, errors and progress, goes to standard error
2   could not run            under --json standard output holds exactly one JSON value, errors included
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ledger.spelling import visible
from traceability.gs1 import Identifier, parse
from web.database import Services, open_services
from web.language import N_, gettext
from web.settings import Settings, instance_folder

GOOD, NO, COULD_NOT_RUN = 0, 1, 2

View = TypeVar("View", bound=Callable[..., Any])

INSTANCE = "jizihao.instance"


class Option(click.Option):
    """An option whose help is a sentence of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and what it does, in the reader's language."""
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        return record[0], record[1].replace(self.help, gettext(self.help))


class Speaking(click.Command):
    """What commands and groups share: help in the reader's language."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help, told in the reader's language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = gettext(N_("显示这段说明，然后结束。"))
        return found

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        del limit
        return _told(self.help).split("\n", 1)[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is typed."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=gettext(N_("用法：")) + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, line by line as the catalogue has it."""
        del ctx
        formatter.write_paragraph()
        for line in _told(self.help).splitlines():
            formatter.write(f"  {line}".rstrip() + "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = [record for each in self.get_params(ctx) if (record := each.get_help_record(ctx))]
        with formatter.section(gettext(N_("选项"))):
            formatter.write_dl(records)


def _told(text: str | None) -> str:
    # An empty msgid stands for the head of the catalogue.
    return gettext(text) if text else ""


class Command(Speaking):
    """A command."""


class Group(Speaking, click.Group):
    """The commands together."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with its first sentence, and the options."""
        Speaking.format_options(self, ctx, formatter)
        rows = [
            (name, each.get_short_help_str())
            for name in self.list_commands(ctx)
            if (each := self.get_command(ctx, name)) is not None and not each.hidden
        ]
        with formatter.section(gettext(N_("命令"))):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named first in *args*."""
        if self.get_command(ctx, args[0]) is None:
            raise wrong_usage(
                N_("没有「%(name)s」这个命令。执行 jizihao --help 查看全部命令。"), name=args[0]
            )
        return super().resolve_command(ctx, args)


def _keep_instance(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    # What stands after the command's name goes before what stands before it.
    if value is not None:
        ctx.meta[INSTANCE] = value


def instance(view: View) -> View:
    """Give a command the option --instance."""
    return click.option(
        "--instance",
        cls=Option,
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        expose_value=False,
        callback=_keep_instance,
        help=N_("账本所在的文件夹（默认：环境变量 JIZIHAO_INSTANCE，否则 ./instance）。"),
    )(view)


def policy_option(meaning: str) -> Callable[[View], View]:
    """Give a command the option --policy, a file; *meaning*, a sentence to translate, says what it is for."""
    return click.option(
        "--policy",
        "policy_file",
        cls=Option,
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=meaning,
    )


def as_json(view: View) -> View:
    """Give a command the option --json."""
    return click.option(
        "--json",
        "as_json",
        cls=Option,
        is_flag=True,
        help=N_("在标准输出上只给出一个 JSON 值，供程序读取。"),
    )(view)


def folder() -> Path:
    """Return the instance folder that the command line, the environment or the working directory names."""
    return instance_folder(click.get_current_context().meta.get(INSTANCE), os.environ)


def settings() -> Settings:
    """Return the settings of the instance, or raise `NotSetUp`."""
    return Settings.load(folder(), os.environ)


@contextmanager
def opened() -> Iterator[Services]:
    """Open the instance, and close it whatever happens."""
    services = open_services(settings())
    try:
        yield services
    finally:
        services.close()


def say(line: str = "") -> None:
    """Write a line for people to standard error."""
    click.echo(visible(line), err=True)


def answer(value: Any, lines: list[str], *, as_json: bool) -> None:
    """Write *value* as one JSON value, or else *lines* for people, to standard output."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    elif lines:
        click.echo("\n".join(lines))


def wrong_usage(msgid: str, **facts: object) -> click.UsageError:
    """Return the error for what cannot be meant; the sentence is told in the reader's language."""
    return click.UsageError(gettext(msgid, **facts))


def code(text: str, services: Services) -> Identifier:
    """Read a lot, container or place as a person or a program gives it, or raise `Invalid`."""
    return parse(text.strip(), services.base_url)


class Bar(Protocol):
    """What a bar is told: how much is done, of how much, and by the way what is being done."""

    def __call__(self, done: int, total: int, title: str | None = None) -> None:
        """Show it."""


@contextmanager
def progress(title: str) -> Iterator[Bar]:
    """Show a bar on standard error, for people only."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int, title: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=title)

        yield told
