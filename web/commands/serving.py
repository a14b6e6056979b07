"""The pages, for everybody: serve an instance, or show the demo season."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address

import click
import waitress  # type: ignore[import-untyped]  # it has no types

from qr.symbol import terminal as qr_in_terminal
from web import create_app, demo
from web.clock import SeasonClock
from web.commands.terminal import (
    Command,
    Option,
    folder,
    instance,
    opened,
    progress,
    say,
    settings,
    wrong_usage,
)
from web.database import Services, init_instance, open_services
from web.demo import DemoPeople
from web.language import N_, gettext
from web.settings import NotSetUp, Settings
from web.words import word

ORIGIN = "demo.jizihao.example/2026"
LOOPBACK = "127.0.0.1"
THREADS = 8

_host = click.option(
    "--host",
    cls=Option,
    default=LOOPBACK,
    metavar="HOST",
    help=N_("在哪个地址上提供网页（默认 127.0.0.1，只有本机能打开；0.0.0.0 是所有网卡）。"),
)
_port = click.option(
    "--port", cls=Option, default=8000, type=click.IntRange(0, 65535), help=N_("端口（默认 8000）。")
)


@click.command(cls=Command, help=N_("提供网页，直到按 Ctrl-C 结束。"))
@_host
@_port
@click.option(
    "--workers",
    cls=Option,
    default=THREADS,
    type=click.IntRange(1, 64),
    help=N_("同时处理多少个请求：一个进程里的线程数（默认 8）。"),
)
@instance
def serve(host: str, port: int, workers: int) -> None:
    """Serve an instance."""
    with _listening(host, port) as listener, opened() as services:
        say(gettext(N_("吉账在 %(address)s 提供网页。按 Ctrl-C 结束。"), address=_address_of(listener)))
        _serve(services, listener, workers)


@click.command(
    "demo",
    cls=Command,
    help=N_(
        "看一季的示例：开立示例账本，登记一年的记录，然后提供网页。\n\n"
        "第二次执行就接着用同一个账本。里面的人和单位都是虚构的。"
    ),
)
@click.option("--no-serve", cls=Option, is_flag=True, help=N_("只登记，不提供网页。"))
@_host
@_port
@instance
def demo_(host: str, port: int, *, no_serve: bool) -> None:
    """Load the demo season once, then serve it."""
    if no_serve:
        with _season(_demo_settings(f"http://{_reachable(host)}:{port}")) as (services, people):
            _introduce(services, people, host)
        return
    # The port is taken first, so that nobody waits for a season that cannot be shown.
    with _listening(host, port) as listener:
        base_url = f"http://{_reachable(host)}:{listener.getsockname()[1]}"
        with _season(_demo_settings(base_url)) as (services, people):
            _introduce(services, people, host)
            say(gettext(N_("按 Ctrl-C 结束。")))
            _serve(services, listener, THREADS)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise wrong_usage(
                N_("不能使用 %(host)s 的 %(port)s 端口：%(reason)s。请用 --port 换一个。"),
                host=host,
                port=port,
                reason=error.strerror or error,
            ) from None
        yield listener


def _address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(services: Services, listener: socket.socket, threads: int) -> None:
    app = create_app(services.settings, services)
    listener.listen(1024)
    server = waitress.create_server(app, sockets=[listener], threads=threads, ident=None)
    try:
        server.run()
    finally:
        server.close()


def _demo_settings(base_url: str) -> Settings:
    """Return the settings of the demo, made where there are none; its codes carry the address of this run."""
    try:
        found = settings()
    except NotSetUp as error:
        if error.code != "no-instance":
            raise
        found = Settings.init(folder(), ORIGIN, base_url, os.environ)
    if found.origin != ORIGIN:
        raise wrong_usage(
            N_("文件夹 %(folder)s 里是另一个账本（%(origin)s）。请用 --instance 给示例换一个文件夹。"),
            folder=found.instance,
            origin=found.origin,
        )
    return found if os.environ.get("JIZIHAO_BASE_URL") else replace(found, base_url=base_url)


@contextmanager
def _season(found: Settings) -> Iterator[tuple[Services, DemoPeople]]:
    clock = SeasonClock()
    clock.set_to(demo.begins())
    init_instance(found, operator_name="吉账示例平台（虚构）", now=clock)
    clock.go_on()
    services = open_services(found, now=clock)
    try:
        with progress(gettext(N_("登记示例的一年"))) as told:
            people = demo.load(services, told)
        yield services, people
    finally:
        services.close()


def _introduce(services: Services, people: DemoPeople, host: str) -> None:
    """Say where to look first, who may sign in, and how to audit."""
    address = services.base_url + demo.SHOWN.removeprefix("https://id.gs1.org")
    click.echo(gettext(N_("消费者看到的网页：")) + f" {address}")
    click.echo(qr_in_terminal(address, colour=sys.stdout.isatty()))
    if _is_loopback(host):
        click.echo(gettext(N_("这个地址只有本机能打开，手机打不开。要用手机扫码，请加 --host 0.0.0.0。")))
    click.echo(
        gettext(
            N_("登录 %(page)s（密码也在 %(file)s）："),
            page=f"{services.base_url}/sign-in",
            file=people.kept_in,
        )
    )
    seen: set[str] = set()
    for person in people.people:
        if person.role not in seen:
            seen.add(person.role)
            click.echo(f"  {word('role', person.role)}  {person.name}  {person.password}")
    # As it was called: a virtual environment that make made is on nobody's PATH.
    command = f"{sys.argv[0]} audit --instance {services.settings.instance}"
    click.echo(gettext(N_("审计：%(command)s"), command=command))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reachable(host: str) -> str:
    """Return the address that others can open: that of the local network where every card is listened on."""
    if host not in {"0.0.0.0", "::", ""}:  # noqa: S104 -- compared with, not bound to
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: a datagram socket only chooses the card that leads outside (RFC 5737 address).
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK


COMMANDS = (serve, demo_)
