"""An instance and who may use it: init, rebuild, organisations, accounts."""

import os
import sys
from pathlib import Path
from typing import Any, cast

import click

from ledger.canonical import instant_text
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.note import Note
from ledger.store import appending, writing
from traceability import replay, schema, tables
from traceability.errors import Breach, Invalid, Problem, Refused, Unknown
from traceability.events.registry import PartyRegistered, Role
from traceability.intake import LONGEST_PARTY, PARTY
from traceability.reading import Reader, stored_entry
from traceability.rules.clauses import HOUSE
from web import accounts
from web.commands.terminal import (
    Command,
    Group,
    Option,
    folder,
    instance,
    opened,
    progress,
    say,
    wrong_usage,
)
from web.database import HIGH_WATER, Services, create_tables, init_instance
from web.language import LANGUAGES, N_, Language, gettext
from web.settings import NotSetUp, Settings
from web.words import VOCABULARIES


@click.command(
    cls=Command,
    help=N_(
        "开立一个账本：生成它的密钥，登记运营方。\n\n"
        "ORIGIN 是账本的名字，形如网址但不带 https://，以后不能改；\n"
        "URL 是二维码里的公开网址。"
    ),
)
@click.option(
    "--origin",
    cls=Option,
    required=True,
    metavar="ORIGIN",
    help=N_("账本的名字，例如 nongye.example/2026。"),
)
@click.option(
    "--base-url",
    cls=Option,
    required=True,
    metavar="URL",
    help=N_("公开网址，例如 https://nongye.example。"),
)
@click.option(
    "--operator", cls=Option, default="", metavar="NAME", help=N_("运营方的名称（默认用账本的名字）。")
)
@click.option(
    "--division",
    cls=Option,
    default="220000",
    metavar="CODE",
    help=N_("运营方所在地的行政区划代码（默认 220000）。"),
)
@click.option(
    "--continues",
    "last",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("接续另一个已不能再写的账本：它最后的检查点（/log/checkpoint 的内容）。"),
)
@instance
def init(origin: str, base_url: str, operator: str, division: str, last: Path | None) -> None:
    """Make an instance."""
    continues = None if last is None else _last_note(last, origin)
    made = _made(folder(), origin, base_url)
    init_instance(made, operator_name=operator or origin, division=division, continues=continues)
    say(gettext(N_("账本已在 %(folder)s 开立。"), folder=made.instance))
    if made.key_passphrase is None:
        warning = N_(
            "注意：账本的密钥没有口令保护，谁能读 %(file)s，谁就能以账本的名义签名。"
            "可执行 jizihao key protect 设置口令。"
        )
        say(gettext(warning, file=made.secrets_folder / "log-key"))


def _last_note(file: Path, origin: str) -> Note:
    """Return the last note of the log that a new one, *origin*, goes on from."""
    note = Note.parse(file.read_bytes())
    if Checkpoint.parse(note.text).origin == origin:
        raise wrong_usage(N_("接续的新账本要有新的名字：%(origin)s 是旧账本的。"), origin=origin)
    return note


def _made(where: Path, origin: str, base_url: str) -> Settings:
    """Return fresh settings, or those of an `init` that was cut short before its first entry."""
    try:
        return Settings.init(where, origin, base_url, os.environ)
    except NotSetUp as error:
        if error.code != "exists" or (where / HIGH_WATER).exists():
            raise
        found = Settings.load(where, os.environ)
        if (found.origin, found.base_url) != (origin, base_url.rstrip("/")):
            raise
        return found


@click.command(
    cls=Command,
    help=N_("由账本的记录重新生成查询用的表。\n\n记录本身不变；表被改动或损坏后可用它恢复。"),
)
@instance
def rebuild() -> None:
    """Fill the derived tables from the entries again."""
    with opened() as services:
        create_tables(services.engine)
        size = services.log.size()
        with progress(gettext(N_("重新生成"))) as told, appending(services.engine) as connection:

            def entries() -> Any:
                for index in range(size):
                    told(index + 1, size)
                    yield stored_entry(connection, index)

            count = replay.rebuild(connection, entries(), _read)
    say(gettext(N_("由 %(count)s 条记录重新生成了查询用的表。"), count=count))


def _read(connection: Any, index: int) -> Entry:
    return stored_entry(connection, index)


@click.group(cls=Group, help=N_("单位：登记参加追溯的单位。"))
@instance
def party() -> None:
    """Group what is done with organisations."""


@party.command(
    "add",
    cls=Command,
    help=N_(
        "登记一个单位，并为它生成由平台保管的密钥。\n\n"
        "PARTY 是单位代号：小写字母、数字和连字符，最长 30 个字符。"
    ),
)
@click.argument("party_id", metavar="PARTY")
@click.option(
    "--role",
    cls=Option,
    required=True,
    type=click.Choice(sorted(VOCABULARIES["role"])),
    help=N_("单位类型。"),
)
@click.option("--name", cls=Option, required=True, metavar="NAME", help=N_("单位名称（公开）。"))
@click.option(
    "--division", cls=Option, required=True, metavar="CODE", help=N_("所在地的行政区划代码，例如 220182。")
)
@instance
def add_party(party_id: str, role: str, name: str, division: str) -> None:
    """Register an organisation."""
    if len(party_id) > LONGEST_PARTY or not PARTY.fullmatch(party_id):
        raise Invalid(Problem("party", "party-form", (("value", party_id[:40]),)))
    with opened() as services:
        told = {"party": party_id, "role": role, "division": division, "name": name}
        event = schema.load("party-registered", {"at": instant_text(services.clock()), **told})
        with services.reading() as reader:
            # Looked up before a key is made, for a granted key stays in the log for ever.
            if _latest(reader, party_id) is not None:
                raise Refused(Breach("registered-already", HOUSE, (("party", party_id),)))
        services.register_party(cast(PartyRegistered, event))
    say(gettext(N_("单位 %(party)s 已登记。"), party=party_id))


@click.group(cls=Group, help=N_("账号：谁可以登录网页。"))
@instance
def user() -> None:
    """Group what is done with accounts."""


@user.command(
    "add",
    cls=Command,
    help=N_("为一个单位的人开一个账号。\n\n密码在提示后输入两遍，不写在命令里；程序可用 --password-stdin。"),
)
@click.argument("name")
@click.option("--party", "party_id", cls=Option, required=True, metavar="PARTY", help=N_("所属单位的代号。"))
@click.option(
    "--language",
    cls=Option,
    type=click.Choice(LANGUAGES),
    default="zh",
    help=N_("网页的语言：zh 或 en（默认 zh）。"),
)
@click.option("--password-stdin", cls=Option, is_flag=True, help=N_("从标准输入读密码（一行）。"))
@instance
def add_user(name: str, party_id: str, language: Language, *, password_stdin: bool) -> None:
    """Open an account."""
    with opened() as services:
        role, division = _place(services, party_id)
        password = _password(from_stdin=password_stdin)
        with writing(services.engine) as connection:
            accounts.create(
                connection,
                services.kept_key,
                name=name,
                party=party_id,
                role=role,
                division=division,
                language=language,
                password=password,
            )
    say(
        gettext(
            N_("账号 %(name)s 已开立，可在 %(page)s 登录。"), name=name, page=services.base_url + "/sign-in"
        )
    )


def _place(services: Services, party_id: str) -> tuple[Role, str]:
    """Return what *party_id* is and where, or raise `Unknown`."""
    table = tables.party
    with services.reading() as reader:
        found = _latest(reader, party_id)
    if found is None:
        raise Unknown(table.name, party_id)
    return cast(Role, found.role), found.division


def _latest(reader: Reader, party_id: str) -> Any:
    rows = reader.connection.execute(tables.standing(tables.party, tables.party.c.party == party_id))
    found = rows.all()
    return found[-1] if found else None


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = click.prompt(gettext(N_("密码")), hide_input=True, err=True)
    second = click.prompt(gettext(N_("再输入一遍")), hide_input=True, err=True)
    if first != second:
        raise Invalid(Problem("password", "passwords-differ"))
    return str(first)


COMMANDS = (init, rebuild, party, user)
