"""A PostgreSQL database, made ready by its owner for an application that may not change what is written."""

import click
from sqlalchemy import Engine

from ledger import roles, store
from ledger.errors import Malformed, NotProven
from web.commands.terminal import Command, Group, Option, say, wrong_usage
from web.database import DERIVED_TABLES, KEPT_TABLES, LOG_TABLES, create_tables
from web.language import N_, gettext


@click.group(cls=Group, help=N_("数据库：由它的所有者建表，给程序用的角色授权。"))
def database() -> None:
    """Group what is done with the database itself."""


@database.command(
    "prepare",
    cls=Command,
    help=N_(
        "由 PostgreSQL 数据库的所有者建表，并给程序用的角色授权。\n\n"
        "这个角色只能追加账本，不能改动或删除已写的记录。可以重复执行；升级后要再执行一次。"
    ),
)
@click.option(
    "--owner-url",
    cls=Option,
    required=True,
    envvar="JIZIHAO_OWNER_URL",
    metavar="URL",
    help=N_("数据库的地址，以所有者的身份连接（也可放在环境变量 JIZIHAO_OWNER_URL 里）。"),
)
@click.option(
    "--role", cls=Option, required=True, metavar="NAME", help=N_("程序用的角色，由数据库管理员事先建好。")
)
def prepare(owner_url: str, role: str) -> None:
    """Make the tables and grant *role* its rights."""
    engine = store.engine_for(owner_url)
    try:
        if engine.dialect.name != "postgresql":
            raise wrong_usage(N_("SQLite 没有角色。请给出 PostgreSQL 数据库的地址。"))
        create_tables(engine)
        _grant(engine, role)
    finally:
        engine.dispose()
    say(gettext(N_("数据库已备好。角色 %(role)s 只能追加账本，不能改动已写的记录。"), role=role))


def _grant(engine: Engine, role: str) -> None:
    tables = sorted(name for each in (LOG_TABLES, DERIVED_TABLES, *KEPT_TABLES) for name in each.tables)
    try:
        with store.writing(engine) as connection:
            roles.grant(connection, role, tables)
    except Malformed:
        raise wrong_usage(
            N_("数据库里没有角色 %(role)s。请先执行 CREATE ROLE %(role)s LOGIN PASSWORD '…'。"), role=role
        ) from None
    except NotProven as error:
        raise wrong_usage(
            N_("角色 %(role)s 仍能改动账本（%(by)s），没有授权。请另建一个普通角色。"),
            role=role,
            by=error.facts["by"],
        ) from None


COMMANDS = (database,)
