"""The demo: one season in a ledger of its own, two witnesses that watch it, and a verifier.

    port        the pages of the ledger
    port + 1    the verifier, static files with a policy of its own; another port where that one is taken
    any port    each of the two witnesses, see companions.py

All of it ends together, by Ctrl-C or SIGTERM, at whatever moment that comes.
"""

import os
import signal
import socket
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from ledger.errors import LedgerError
from qr.symbol import terminal as qr_in_terminal
from web import create_app, demo, verifier
from web.clock import SeasonClock
from web.commands import listening
from web.commands.companions import POLICY_FILE, NotStarted, companions, policy_with
from web.commands.terminal import Command, Option, folder, instance, progress, say, settings, wrong_usage
from web.commands.witnessing import witnessed
from web.database import Services, init_instance, log_keys, open_services, policy_of
from web.demo import DemoPeople
from web.language import N_, gettext
from web.publisher import published
from web.settings import NotSetUp, Settings
from web.words import word
from web.workers import THREADS, Stop, answer

ORIGIN = "demo.jizihao.example/2026"
OPERATOR_NAME = "吉账示例平台（虚构）"
VERIFIER_FOLDER = "verifier"
VERIFIER_THREADS = 8
QUORUM_SECONDS = 10.0


@click.command(
    "demo",
    cls=Command,
    help=N_(
        "看一季的示例：开立示例账本，登记一年的记录，然后提供网页。\n\n"
        "第二次执行就接着用同一个账本。里面的人和单位都是虚构的。"
    ),
)
@click.option("--no-serve", cls=Option, is_flag=True, help=N_("只登记，不提供网页。"))
@listening.host
@listening.port
@instance
def demo_(host: str, port: int, *, no_serve: bool) -> None:
    """Load the demo season once, then serve it beside its witnesses and a verifier."""
    if no_serve:
        found = _demo_settings(f"http://{listening.reachable(host)}:{port}")
        with _season(found, _begun(found)) as (services, people):
            _introduce(services, people, host)
        return
    # The ports are taken first, so that nobody waits for a season that cannot be shown.
    with _ending_together(), listening.at(host, port) as pages, _beside(host, pages) as other:
        found = _demo_settings(_address(host, pages), _address(host, other))
        clock = _begun(found)
        with _watched(found) as watched, _season(watched, clock) as (services, people):
            _await_witnesses(services)
            # Whoever opens an address the moment that it is said waits in line, and is not turned away.
            pages.listen()
            other.listen()
            with _verifier(services, other):
                _introduce(services, people, host)
                say(gettext(N_("按 Ctrl-C 结束。")))
                app = create_app(services.settings, services)
                with witnessed(services), Stop() as stop:
                    answer(app, pages, threads=THREADS, is_over=lambda: stop.asked)


def _address(host: str, listener: socket.socket) -> str:
    return f"http://{listening.reachable(host)}:{listener.getsockname()[1]}"


@contextmanager
def _ending_together() -> Iterator[None]:
    """Let SIGTERM, and a closing terminal, unwind everything as Ctrl-C does: no witness is left behind."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        for each in before:
            # Once is enough: a second one must not cut the unwinding short.
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name)]
    before = {each: signal.signal(each, interrupt) for each in ends}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _beside(host: str, listener: socket.socket) -> Iterator[socket.socket]:
    """Hold the port after that of *listener*, or any free one."""
    with ExitStack() as held:
        try:
            found = held.enter_context(listening.at(host, listener.getsockname()[1] + 1))
        except (click.UsageError, OverflowError):
            found = held.enter_context(listening.at(host, 0))
        yield found


# The ledger.


def _demo_settings(base_url: str, verifier_url: str = "") -> Settings:
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
    shown = replace(found, verifier_url=found.verifier_url or verifier_url)
    return shown if os.environ.get("JIZIHAO_BASE_URL") else replace(shown, base_url=base_url)


def _begun(found: Settings) -> SeasonClock:
    """Open the ledger where it is not open yet, on the day before the season, and return its clock."""
    clock = SeasonClock()
    clock.set_to(demo.begins())
    init_instance(found, operator_name=OPERATOR_NAME, now=clock)
    clock.go_on()
    return clock


@contextmanager
def _season(found: Settings, clock: SeasonClock) -> Iterator[tuple[Services, DemoPeople]]:
    services = open_services(found, now=clock)
    try:
        with progress(gettext(N_("登记示例的一年"))) as told:
            people = demo.load(services, told)
        yield services, people
    finally:
        services.close()


# Who watches it.


@contextmanager
def _watched(found: Settings) -> Iterator[Settings]:
    """Give the settings with a policy that asks for two witnesses, which run meanwhile."""
    path = found.instance / POLICY_FILE
    if found.witness_policy not in (None, path):
        yield found
        return
    own = policy_of(replace(found, witness_policy=None), log_keys(found))
    with ExitStack() as running:
        try:
            witnesses = running.enter_context(companions(found.instance, own.keys_of(found.origin)))
        except (NotStarted, OSError) as why:
            say(gettext(N_("见证方没有启动（%(reason)s）；示例继续，但没有见证。"), reason=str(why)))
            yield found
            return
        path.write_text(policy_with(own, witnesses).text(), encoding="utf-8")
        _name_policy(found.instance / "settings.toml")
        yield replace(found, witness_policy=path)


def _name_policy(path: Path) -> None:
    """Let every later command know the policy, an audit for instance."""
    text = path.read_text(encoding="utf-8")
    if "witness_policy" not in tomllib.loads(text):
        half = path.with_suffix(".new")
        half.write_text(f'{text}witness_policy = "{POLICY_FILE}"\n', encoding="utf-8")
        half.replace(path)


def _await_witnesses(services: Services) -> None:
    """Have the season published and seen, so that the first page that somebody opens is proven."""
    if not services.policy.witnesses:
        return
    try:
        published(services, seconds=QUORUM_SECONDS)
    except LedgerError as why:
        say(gettext(N_("见证方还没有签名：%(reason)s"), reason=why.reason))


@contextmanager
def _verifier(services: Services, listener: socket.socket) -> Iterator[None]:
    """Serve the verifier at *listener* meanwhile, its policy pinned as it is now."""
    place = services.settings.instance / VERIFIER_FOLDER
    verifier.write(place, services.policy, home=services.base_url)
    over = threading.Event()
    serving = threading.Thread(
        target=answer,
        args=(verifier.application(place), listener),
        kwargs={"threads": VERIFIER_THREADS, "is_over": over.is_set},
        name="verifier",
    )
    serving.start()
    try:
        yield
    finally:
        over.set()
        serving.join()


# What is said.


def _introduce(services: Services, people: DemoPeople, host: str) -> None:
    """Say where to look first, who may sign in, and how to audit."""
    address = services.base_url + demo.SHOWN.removeprefix("https://id.gs1.org")
    click.echo(gettext(N_("消费者看到的网页：")) + f" {address}")
    click.echo(qr_in_terminal(address, colour=sys.stdout.isatty()))
    if listening.is_loopback(host):
        click.echo(gettext(N_("这个地址只有本机能打开，手机打不开。要用手机扫码，请加 --host 0.0.0.0。")))
    _introduce_verifier(services, address, host)
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


def _introduce_verifier(services: Services, address: str, host: str) -> None:
    if services.settings.verifier_url:
        click.echo(gettext(N_("独立核验页（另一个网站，只相信自己的策略）：")))
        click.echo(f"  {services.settings.verifier_url}/#{address}")
        if not listening.is_loopback(host):
            click.echo(gettext(N_("经 HTTP 从别的设备打开时，核验页最高只标 ◐：浏览器不把它当作安全连接。")))
    if services.policy.witnesses:
        names = ", ".join(f"{name} {url}" for name, (_, url) in services.policy.witnesses.items())
        click.echo(gettext(N_("见证方：%(names)s"), names=names))


COMMANDS = (demo_,)
