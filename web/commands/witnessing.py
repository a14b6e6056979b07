"""A witness, run by somebody else than who runs the log: it sees that a log only ever grows, and signs that.

    jizihao witness init --state DIR --name N       its key and its memory; prints the keys for a policy
    jizihao witness add-log --state DIR …           whose checkpoints it looks at
    jizihao witness serve --state DIR               answers logs and monitors
    jizihao witness status | evidence               what it has seen, and what speaks against a log

It needs no instance, and knows nothing of food. docs/witnessing.md says how a regulator runs one.
"""

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ledger import witness_server, witness_state
from ledger.errors import Malformed, NotProven, Unsafe
from ledger.keys import VerifierKey, check_name
from ledger.policy import Policy
from ledger.witness import FORK, LONGEST_BODY
from ledger.witness_rows import Evidence
from ledger.witness_state import Standing, WitnessState
from web.commands.terminal import NO, Command, Group, Option, answer, as_json, say, wrong_usage
from web.database import Services
from web.language import N_, gettext
from web.publisher import publishing
from web.settings import key_lock
from web.workers import Stop
from web.workers import answer as answer_at

THREADS = 4

SENTENCES = {
    witness_state.NOT_EMPTY: N_(
        "%(folder)s 里已经有见证方的密钥或状态。请用 --state 换一个空文件夹；"
        "丢了状态的密钥不能再用，要另立一个见证方。"
    ),
    witness_state.NO_KEY: N_("%(folder)s 里没有见证方的密钥。请核对 --state，或先用 jizihao witness init。"),
    witness_state.NO_STATE: N_(
        "%(folder)s 里有密钥而没有状态：不知道签过什么，就不能再签。"
        "请放回最新的状态文件；找不回来，就在空文件夹里用 jizihao witness init 另立一个见证方。"
    ),
    witness_state.NOT_ITS_OWN: N_("%(folder)s 里的状态属于另一把密钥。请把密钥和它自己的状态放在一起。"),
    witness_state.UNREADABLE: N_(
        "%(folder)s 里的状态不能读取（%(reason)s）。请放回最新的状态文件；"
        "找不回来，就在空文件夹里用 jizihao witness init 另立一个见证方。"
    ),
    witness_state.EXPOSED: N_(
        "别人能读 %(file)s。请执行 chmod 600 %(file)s；若已被人复制，要另立一个见证方。"
    ),
    witness_state.CLOCK_WENT_BACK: N_(
        "时钟比上次签名的时间早（现在 %(now)s，上次 %(last)s）。请校准时钟再启动；见证方不签更早的时间。"
    ),
}
"""What is said about each reason for which a witness is not made or not opened."""

BEHIND = N_(
    "没有启动：一个见证方签过本账本第 %(witnessed)s 条的检查点，而这个数据库（第 %(size)s 条）不是它的延续。"
    "数据库可能是旧的备份。请找回新的数据库；记录若已丢失，这个账本到此为止，请另立一个接着它的新账本。"
)

_state = click.option(
    "--state",
    "folder",
    cls=Option,
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("见证方的文件夹：密钥和状态。"),
)


@click.group(
    "witness",
    cls=Group,
    help=N_(
        "做见证方：看一个账本只增不改，并为此签名。\n\n"
        "由账本运营方以外的人运行。先 init，再 add-log，然后 serve。"
    ),
)
def witness() -> None:
    """Group the commands of a witness."""


@witness.command(cls=Command, help=N_("立一个见证方：生成密钥和空的状态，显示它的公钥。"))
@_state
@click.option(
    "--name",
    cls=Option,
    required=True,
    metavar="NAME",
    help=N_("见证方的名称，例如 witness.nongye.example/w1；没有空格和加号，定了不改。"),
)
def init(folder: Path, name: str) -> None:
    """Make a witness and write its verifier keys, one a line."""
    try:
        check_name(name)
    except Malformed:
        raise wrong_usage(N_("见证方的名称不能有空格和加号：%(name)s"), name=name) from None
    passphrase = _passphrase()
    with _told():
        keys = witness_state.create(folder, name, passphrase)
    for key in keys:
        click.echo(key.text())
    if passphrase is None:
        warning = N_("注意：见证方的密钥没有口令保护。可在 init 之前设置 JIZIHAO_KEY_PASSPHRASE。")
        say(gettext(warning))


@witness.command("add-log", cls=Command, help=N_("见证一个账本：从策略文件读取它的公钥，或逐个写明。"))
@_state
@click.option(
    "--policy",
    cls=Option,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=N_("账本的策略文件（tlog-policy）；其中全部 log 行的公钥。"),
)
@click.option(
    "--log", "vkeys", cls=Option, multiple=True, metavar="VKEY", help=N_("账本的一个公钥；可以写几次。")
)
def add_log(folder: Path, policy: Path | None, vkeys: tuple[str, ...]) -> None:
    """Trust the keys of a log from now on, also those of a server that is running."""
    keys = [_key(vkey) for vkey in vkeys]
    if policy is not None:
        keys += [key for key, _ in Policy.parse(policy.read_bytes()).logs]
    if not keys:
        raise wrong_usage(N_("请用 --policy 或 --log 写明账本的公钥。"))
    with _opened(folder) as state:
        state.add_logs(keys)
    for key in keys:
        say(gettext(N_("见证账本 %(origin)s（公钥 %(id)s）。"), origin=key.name, id=key.key_id.hex()))


@witness.command("remove-log", cls=Command, help=N_("不再相信账本的一个公钥；签过什么仍然记得。"))
@_state
@click.option("--log", "vkey", cls=Option, required=True, metavar="VKEY", help=N_("账本的一个公钥。"))
def remove_log(folder: Path, vkey: str) -> int | None:
    """Trust one key of a log no more."""
    with _opened(folder) as state:
        if state.remove_log(_key(vkey)):
            return None
    say(gettext(N_("没有这个公钥。")))
    return NO


@witness.command(cls=Command, help=N_("应答账本和监督者，直到按 Ctrl-C 结束。"))
@_state
@click.option(
    "--host", cls=Option, default="127.0.0.1", metavar="HOST", help=N_("在哪个地址上应答（默认 127.0.0.1）。")
)
@click.option(
    "--port",
    cls=Option,
    default=7380,
    type=click.IntRange(0, 65535),
    help=N_("端口（默认 7380；0 是任选一个空闲的）。"),
)
def serve(folder: Path, host: str, port: int) -> None:
    """Serve a witness; its address is the first line of standard output."""
    with _opened(folder) as state, _listening(host, port) as listener, _deciding():
        with _told():
            state.check_clock(witness_server.now())
        if not state.standings():
            say(gettext(N_("还没有要见证的账本。请用 jizihao witness add-log 添加，不必重启。")))
        click.echo(_address_of(listener))
        sys.stdout.flush()
        application = witness_server.application(state)
        with Stop() as stop:
            # Larger ones are not even read.
            most = LONGEST_BODY + 1
            answer_at(application, listener, threads=THREADS, is_over=lambda: stop.asked, largest_body=most)


@witness.command(cls=Command, help=N_("显示每个账本见证到哪里，以及有没有对它不利的证据。"))
@_state
@as_json
def status(folder: Path, *, as_json: bool) -> None:
    """Tell how far each log was cosigned."""
    with _opened(folder) as state:
        found, against = state.standings(), state.evidence()
        keys = [key.text() for key in state.keys]
    said = {"keys": keys, "logs": [_standing(each, against) for each in found]}
    answer(said, [_line(each, against) for each in found], as_json=as_json)


@witness.command(cls=Command, help=N_("原样显示账本自相矛盾的两份检查点；有分叉时退出码是 1。"))
@_state
@as_json
def evidence(folder: Path, *, as_json: bool) -> int | None:
    """Show both notes of everything that speaks against a log, verbatim."""
    with _opened(folder) as state:
        found = state.evidence()
    said = [
        {
            "origin": each.origin,
            "what": each.what,
            "at": _instant(each.at),
            "kept": each.kept.decode(),
            "shown": each.shown.decode("utf-8", "backslashreplace"),
        }
        for each in found
    ]
    lines = [
        f"{each['origin']} {each['what']} {each['at']}\n\n{each['kept']}\n{each['shown']}" for each in said
    ]
    answer(said, lines, as_json=as_json)
    return NO if any(each.what == FORK for each in found) else None


def _standing(each: Standing, against: list[Evidence]) -> dict[str, Any]:
    return {
        "origin": each.origin,
        "keys": [key.text() for key in each.keys],
        "size": each.size,
        "at": _instant(each.at) if each.at else None,
        "evidence": sum(one.origin == each.origin for one in against),
        "forks": sum(one.origin == each.origin and one.what == FORK for one in against),
    }


def _line(each: Standing, against: list[Evidence]) -> str:
    facts = _standing(each, against)
    if not each.at:
        told = gettext(N_("%(origin)s：还没有见证过。"), origin=each.origin)
    else:
        told = gettext(N_("%(origin)s：见证到第 %(size)s 条，%(at)s。"), **facts)
    return told + (gettext(N_("账本分叉的证据：%(forks)s 份。"), **facts) if facts["forks"] else "")


def _instant(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def _key(vkey: str) -> VerifierKey:
    try:
        return VerifierKey.parse(vkey)
    except Malformed:
        raise wrong_usage(N_("这不是公钥：%(vkey)s"), vkey=vkey[:100]) from None


def _passphrase() -> str | bytes | None:
    return key_lock(os.environ)


@contextmanager
def witnessed(services: Services) -> Iterator[None]:
    """Publish, and ask the witnesses; where one knows of more than we hold, say so and go no further."""
    try:
        with publishing(services):
            yield
    except Unsafe as error:
        if "witnessed" not in error.facts:
            raise
        raise click.ClickException(gettext(BEHIND, **error.facts)) from None


@contextmanager
def _opened(folder: Path) -> Iterator[WitnessState]:
    with _told(), witness_state.opened(folder, _passphrase()) as state:
        yield state


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence why a witness is not opened, and what to do."""
    try:
        yield
    except Unsafe as error:
        sentence = SENTENCES.get(error.reason)
        if sentence is None:
            raise
        facts = {
            name: _instant(fact) if isinstance(fact, int) else fact for name, fact in error.facts.items()
        }
        raise click.ClickException(gettext(sentence, **facts)) from None
    except NotProven:
        raise click.ClickException(gettext(N_("JIZIHAO_KEY_PASSPHRASE 打不开见证方的密钥。"))) from None


@contextmanager
def _deciding() -> Iterator[None]:
    """Write each decision to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger, level = witness_server.decisions, witness_server.decisions.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            msgid = N_("不能使用 %(host)s 的 %(port)s 端口：%(reason)s。请用 --port 换一个。")
            raise wrong_usage(msgid, host=host, port=port, reason=reason) from None
        yield listener


def _address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


COMMANDS = (witness,)
