"""The life of keys: the log's own changed, its file protected, those of organisations replaced and ended."""

import sys
from typing import Any

import click

from ledger import keyfile
from ledger.authorship import REASONS
from ledger.errors import Malformed
from ledger.keys import VerifierKey
from ledger.spelling import base64_bytes
from traceability.errors import Invalid, Problem
from web import key_life
from web.commands.terminal import (
    Command,
    Group,
    Option,
    answer,
    as_json,
    instance,
    opened,
    say,
    settings,
    wrong_usage,
)
from web.database import key_file
from web.key_life import Standing
from web.language import N_, gettext
from web.words import word

PHASES = {
    "steady": N_("没有正在进行的更换。"),
    "drawn": N_("新密钥已生成，更换还没有登记：请再执行 jizihao key rotate-log --begin。"),
    "changing": N_("正在更换：新旧密钥同时签名，直到执行 jizihao key rotate-log --finish。"),
    "ended": N_("更换已登记结束，旧密钥还在文件里：请再执行 jizihao key rotate-log --finish。"),
}
PROTECTION = {
    "none": N_("密钥文件没有加密"),
    "passphrase": N_("密钥文件由口令加密"),
    "key": N_("密钥文件由 JIZIHAO_KEY_ENCRYPTION_KEY 加密"),
}


@click.group(cls=Group, help=N_("密钥：账本自己的和各单位的，查看、更换、吊销。"))
@instance
def key() -> None:
    """Group what is done with keys."""


@key.command(cls=Command, help=N_("显示账本自己的密钥：哪些在签名，更换进行到哪一步。"))
@as_json
@instance
def status(*, as_json: bool) -> None:
    """Say which of the log's own keys sign."""
    with opened() as services:
        found = key_life.standing(services)
    protection = keyfile.protection(key_file(services.settings))
    lines = [gettext(PHASES[found.phase]), gettext(PROTECTION[protection])]
    lines += [f"+ {_short(each)}" for each in found.signing] + [f"- {_short(each)}" for each in found.retired]
    answer({**_standing(found), "protection": protection}, lines, as_json=as_json)


def _standing(found: Standing) -> dict[str, Any]:
    return {
        "phase": found.phase,
        "begun": found.begun,
        "signing": [each.text() for each in found.signing],
        "retired": [each.text() for each in found.retired],
    }


def _short(vkey: VerifierKey) -> str:
    """Return a key as people compare it: the 1312 bytes of ML-DSA would fill the screen."""
    spelt = vkey.text()
    return spelt if len(spelt) <= 100 else f"{spelt[:60]}…"


@key.command(
    "rotate-log",
    cls=Command,
    help=N_(
        "更换账本自己的密钥，分两步；先停下服务器。\n\n"
        "--begin 生成新密钥并登记；此后每个检查点由新旧密钥同时签名。\n"
        "--finish 登记结束并销毁旧密钥；此后只由新密钥签名。\n"
        "两步之间留出时间，让核验方跟到新密钥。中途断电可再执行一次。"
    ),
)
@click.option("--begin", "step", cls=Option, flag_value="begin", help=N_("开始更换。"))
@click.option("--finish", "step", cls=Option, flag_value="finish", help=N_("结束更换。"))
@click.option(
    "--without-witnesses",
    cls=Option,
    is_flag=True,
    help=N_("不等见证方见过这次更换就结束。"),
)
@instance
def rotate_log(step: str | None, *, without_witnesses: bool) -> None:
    """Begin or finish a change of the log's own keys."""
    if step is None:
        raise wrong_usage(N_("请写明 --begin 或 --finish。"))
    if step == "begin":
        _tell_begun(key_life.begin(settings()))
    else:
        key_life.finish(settings(), witnessed=not without_witnesses)
        say(gettext(N_("更换已结束，旧密钥已从密钥文件里销毁。请重新启动服务器，并重新备份密钥文件。")))


def _tell_begun(index: int) -> None:
    told = N_(
        "更换已登记为第 %(index)s 条。现在每个检查点由新旧密钥同时签名。请：\n"
        "  1 备份密钥文件，重新启动服务器（所有进程）；\n"
        "  2 把新旧公钥交给见证方：jizihao policy；\n"
        "  3 取得凭据：jizihao prove %(index)s --out DIR，交给各核验方，由其执行\n"
        "    python -m ledger follow --policy OLD DIR/%(index)s.entry DIR/%(index)s.tlog-proof > NEW\n"
        "  4 之后执行 jizihao key rotate-log --finish。"
    )
    say(gettext(told, index=index))


@key.command(
    cls=Command,
    help=N_(
        "加密账本的密钥文件，或改换口令。\n\n"
        "原来的口令从 JIZIHAO_KEY_PASSPHRASE（或 JIZIHAO_KEY_ENCRYPTION_KEY）读取；新口令在提示后输入两遍。\n"
        "之后要用新的值设置环境变量，服务器才能启动。"
    ),
)
@click.option(
    "--passphrase-stdin",
    "source",
    cls=Option,
    flag_value="passphrase",
    help=N_("从标准输入读新口令（一行）。"),
)
@click.option(
    "--encryption-key-stdin",
    "source",
    cls=Option,
    flag_value="key",
    help=N_("从标准输入读 32 字节的密钥（base64，一行），不用口令。"),
)
@click.option("--remove", "source", cls=Option, flag_value="none", help=N_("去掉加密。"))
@instance
def protect(source: str | None) -> None:
    """Seal the key file anew."""
    found = settings()
    key_life.protect(found, _new_lock(source))
    say(gettext(PROTECTION[keyfile.protection(key_file(found))]))


def _new_lock(source: str | None) -> keyfile.Passphrase:
    if source == "none":
        return None
    if source == "key":
        return _encryption_key(_line_given().strip())
    if source == "passphrase":
        given = _line_given().rstrip("\r\n")
    else:
        given = click.prompt(gettext(N_("新口令")), hide_input=True, err=True)
        if given != click.prompt(gettext(N_("再输入一遍")), hide_input=True, err=True):
            raise Invalid(Problem("password", "passwords-differ"))
    if not given:
        raise wrong_usage(N_("口令不能为空；要去掉加密，请用 --remove。"))
    return str(given)


def _line_given() -> str:
    try:
        return sys.stdin.readline()
    except UnicodeDecodeError:
        # The error holds the secret, and would be repeated.
        raise wrong_usage(N_("标准输入的这一行应当是 UTF-8。")) from None


def _encryption_key(spelt: str) -> bytes:
    try:
        found = base64_bytes(spelt)
    except Malformed:
        found = b""
    if len(found) != keyfile.KEY_LENGTH:
        raise wrong_usage(N_("密钥应当是 base64 写的 32 字节。"))
    return found


@key.command(
    "list", cls=Command, help=N_("列出各单位的密钥，有效的和已吊销的。\n\nPARTY 是单位编号，可省略。")
)
@click.argument("party", required=False)
@as_json
@instance
def list_(party: str | None, *, as_json: bool) -> None:
    """List the keys that the log has granted."""
    with opened() as services, services.reading() as reader:
        rows = key_life.keys_of(reader, party)
    answer([_told(row) for row in rows], [_line(row) for row in rows], as_json=as_json)


def _told(row: Any) -> dict[str, Any]:
    return {
        "key": row.key_id,
        "party": row.party,
        "role": row.role,
        "custody": row.custody,
        "granted": row.entry,
        "ended": row.revoked_by,
    }


def _line(row: Any) -> str:
    until = (
        gettext(N_("有效"))
        if row.revoked_by is None
        else gettext(N_("止于第 %(index)s 条"), index=row.revoked_by)
    )
    kept = gettext(N_("单位自持")) if row.custody == "author" else gettext(N_("平台保管"))
    return f"{row.key_id}  {row.party}  {word('role', row.role)}  {kept}  {row.entry}  {until}"


@key.command(
    cls=Command,
    help=N_(
        "为一个单位更换由平台保管的密钥；旧密钥随即吊销。\n\n"
        "旧密钥为新密钥作保；若旧密钥已丢失，用 --lost，由运营方作保，并在账本里看得出来。"
    ),
)
@click.argument("party")
@click.option("--lost", cls=Option, is_flag=True, help=N_("旧密钥已丢失。"))
@instance
def rotate(party: str, *, lost: bool) -> None:
    """Give a party a new key in the place of its old one."""
    with opened() as services:
        index, key_id = key_life.rotate(services, party, lost=lost)
    told = N_("%(party)s 的新密钥 %(key)s 已登记为第 %(index)s 条，旧密钥已吊销。")
    say(gettext(told, party=party, key=key_id, index=index))


@key.command(
    cls=Command,
    help=N_("吊销一个密钥：此后它签的都不算数，此前的仍然有效。\n\nKEY 是密钥的编号，见 jizihao key list。"),
)
@click.argument("key_id", metavar="KEY")
@click.option(
    "--reason",
    cls=Option,
    required=True,
    type=click.Choice(REASONS),
    help=N_("原因：lost 丢失，compromised 泄露，superseded 更换，ended 停用。"),
)
@instance
def revoke(key_id: str, reason: str) -> None:
    """End a key."""
    with opened() as services:
        index = key_life.revoke(services, key_id, reason)
    say(gettext(N_("密钥 %(key)s 已吊销，见第 %(index)s 条。"), key=key_id, index=index))


COMMANDS = (key,)
