"""The pages, for everybody: serve an instance."""

import os
import socket
from collections.abc import Callable

import click
from sqlalchemy.exc import SQLAlchemyError

from ledger import roles, store
from ledger.errors import LedgerError
from web import create_app, scan_nights
from web.commands import listening
from web.commands.terminal import Command, Option, instance, opened, say, wrong_usage
from web.commands.witnessing import witnessed
from web.database import Services
from web.language import N_, gettext
from web.problems import tell
from web.publisher import publishing
from web.settings import NotSetUp
from web.workers import THREADS, Stop, answer, supervise

MOST_TOLD = 3


@click.command(cls=Command, help=N_("提供网页，直到按 Ctrl-C 结束。"))
@listening.host
@listening.port
@click.option(
    "--workers",
    cls=Option,
    default=1,
    type=click.IntRange(1, 64),
    help=N_("用多少个进程（默认 1）。一个进程意外结束时，另起一个代替它。"),
)
@click.option(
    "--threads",
    cls=Option,
    default=THREADS,
    type=click.IntRange(1, 64),
    help=N_("每个进程同时处理多少个请求（默认 8）。"),
)
@instance
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve an instance."""
    if workers > 1 and not hasattr(os, "fork"):
        raise wrong_usage(N_("这个系统只能用一个进程。请去掉 --workers。"))
    with listening.at(host, port) as listener:
        with opened() as services:
            _warn_of_ownership(services)
            address = listening.address_of(listener)
            say(gettext(N_("吉账在 %(address)s 提供网页。按 Ctrl-C 结束。"), address=address))
            if workers == 1:
                _serve(services, listener, threads)
                return
            with witnessed(services):
                pass
        # Everything that was opened to see that it can be is closed again: nothing of it may cross a fork.
        listener.listen()
        with Stop() as stop:
            supervise(_worker(listener, threads), workers=workers, stop=stop, died=_say_that_one_died)


def _worker(listener: socket.socket, threads: int) -> Callable[[int, Callable[[], bool]], None]:
    """Return what a worker does: open the instance for itself, and answer until it is over."""

    def work(_number: int, is_over: Callable[[], bool]) -> None:
        try:
            with opened() as services, publishing(services), scan_nights.counting(services):
                answer(create_app(services.settings, services), listener, threads=threads, is_over=is_over)
        except (LedgerError, NotSetUp, SQLAlchemyError) as error:
            # The database may be on its way back: the supervisor tries again.
            told = tell(error)
            say(f"{told.title}: {told.detail}")

    return work


def _warn_of_ownership(services: Services) -> None:
    """Say so where whoever runs this could drop the triggers that guard the log."""
    with store.snapshot(services.engine) as connection:
        found = roles.excesses(connection)
    if found:
        warning = N_(
            "注意：连接数据库的角色拥有账本的表（%(by)s），它能去掉防改动的触发器。"
            "请用另一个角色运行，见 jizihao database prepare --help。"
        )
        say(gettext(warning, by=", ".join(found[:MOST_TOLD])))


def _say_that_one_died(pid: int) -> None:
    say(gettext(N_("工作进程 %(pid)s 意外结束，另起一个代替它。"), pid=pid))


def _serve(services: Services, listener: socket.socket, threads: int) -> None:
    """Answer at *listener* until SIGTERM or Ctrl-C, and then finish what was begun."""
    app = create_app(services.settings, services)
    with witnessed(services), Stop() as stop:
        answer(app, listener, threads=threads, is_over=lambda: stop.asked)


COMMANDS = (serve,)
