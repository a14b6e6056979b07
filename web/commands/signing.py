"""Signing with one's own key, on one's own machine: no database and no network.

    {"by": "heitu", "log": "<origin>", "event": {"kind": "harvested", …}}
        a statement, for POST /api/v1/statements
    {"grant": {"party": "heitu", "role": "cooperative", "log": "<origin>"}}
        the request for a key, for POST /api/v1/keys; with --old-key the old key vouches for the new

The key is 32 random bytes in base64, in a file that its owner alone can read; the first grant makes it.
"""

import os
import secrets
from pathlib import Path
from typing import Any, get_args

import click

from ledger import canonical, dsse
from ledger.dsse import AuthorKey
from ledger.errors import Malformed
from ledger.spelling import base64_bytes, base64_text
from traceability import schema
from traceability.epcis import strictjson
from traceability.errors import Invalid, Problem
from traceability.events.registry import Role
from traceability.intake import LONGEST_PARTY, PARTY
from traceability.statement import stated
from web.commands.taking_in import read_bounded
from web.commands.terminal import Command, Option, answer, say, wrong_usage
from web.language import N_, gettext

SEED_LENGTH = 32


@click.command(
    cls=Command,
    help=N_(
        "用自己保管的密钥签名（作者自持密钥），不需要账本，也不联网。\n\n"
        "FILE 是要签名的内容（JSON）。先申请密钥：\n"
        '  {"grant": {"party": "单位代号", "role": "cooperative", "log": "账本的名字"}}\n'
        "密钥登记后再签名要登记的事：\n"
        '  {"by": "单位代号", "log": "账本的名字", "event": {"kind": "harvested", …}}\n'
        "结果写到标准输出，交给平台的接口 /api/v1/keys 或 /api/v1/statements。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "key_file",
    cls=Option,
    required=True,
    metavar="KEY",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("密钥文件；申请密钥时若还没有，就生成一个。"),
)
@click.option(
    "--old-key",
    "old_file",
    cls=Option,
    metavar="KEY",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("更换密钥时的旧密钥文件：由它为新密钥作保，不必再经平台批准。"),
)
def sign(file: Path, key_file: Path, old_file: Path | None) -> None:
    """Sign a statement, or the request for a key."""
    told = strictjson.loads(read_bounded(file))
    if not isinstance(told, dict):
        raise Invalid(Problem("file", "not-an-object"))
    if "grant" in told:
        signed = _grant(told["grant"], key_file, None if old_file is None else _read_key(old_file))
    elif old_file is not None:
        raise wrong_usage(N_("只有申请密钥时才用 --old-key。"))
    else:
        signed = _statement(told, _read_key(key_file))
    answer(signed, [], as_json=True)


def _statement(told: dict[str, Any], key: AuthorKey) -> dict[str, Any]:
    _check_names(told, ("by", "log", "event"), ("id",))
    _check_party(told["by"], "by")
    event = told["event"]
    if not isinstance(event, dict):
        raise Invalid(Problem("event", "not-an-object"))
    content = {name: value for name, value in event.items() if name != "kind"}
    signed = stated(
        schema.load(str(event.get("kind", "")), content),
        key,
        by=told["by"],
        log=str(told["log"]),
        statement_id=told.get("id"),
    )
    sealed = {each.pointer: {"salt": base64_text(each.salt), "value": each.value} for each in signed.opened}
    return {
        "statement": signed.statement.body,
        "sigs": [dict(each) for each in signed.signatures],
        "sealed": sealed,
    }


def _grant(told: Any, key_file: Path, old: AuthorKey | None) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise Invalid(Problem("grant", "not-an-object"))
    _check_names(told, ("party", "role", "log"), ())
    _check_party(told["party"], "party")
    if told["role"] not in get_args(Role):
        raise Invalid(Problem("role", "role-unknown", (("value", str(told["role"])[:40]),)))
    if not key_file.exists():
        _make_key(key_file)
        say(gettext(N_("生成了密钥 %(file)s。请妥善备份：丢失后要重新申请。"), file=key_file))
    key = _read_key(key_file)
    grant = {**told, "custody": "author", "key": base64_text(key.public), "v": 1}
    if old is not None:
        grant["replaces"] = old.id
    signed = dsse.pae(dsse.KEY, canonical.dumps(grant))
    # Who vouches signs first, the holder last; without an old key the platform's registrar will vouch.
    signers = (key,) if old is None else (old, key)
    return {
        "grant": grant,
        "sigs": [{"key": each.id, "sig": base64_text(each.sign(signed))} for each in signers],
    }


def _check_names(told: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    missing = [Problem(name, "missing") for name in required if name not in told]
    stray = [Problem(name, "unknown-field") for name in sorted(set(told) - {*required, *optional})]
    texts = [name for name in (*required, *optional) if name in told and name != "event"]
    wrong = [Problem(name, "not-text") for name in texts if not isinstance(told[name], str)]
    if missing or stray or wrong:
        raise Invalid(*missing, *stray, *wrong)


def _check_party(party: str, where: str) -> None:
    if len(party) > LONGEST_PARTY or not PARTY.fullmatch(party):
        raise Invalid(Problem(where, "party-form", (("value", party[:40]),)))


def _make_key(path: Path) -> None:
    # Unreadable to others from its first moment, and never written over another.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(base64_text(secrets.token_bytes(SEED_LENGTH)) + "\n")


def _read_key(path: Path) -> AuthorKey:
    try:
        seed = base64_bytes(path.read_text(encoding="ascii").strip())
    except (UnicodeDecodeError, Malformed):
        seed = b""
    if len(seed) != SEED_LENGTH:
        raise wrong_usage(N_("%(file)s 不是密钥文件。"), file=path)
    return AuthorKey(seed)


COMMANDS = (sign,)
