"""The log outside this program: shown to the world as files, and somebody else's log copied here."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click

from ledger.bucket import SCHEME, S3Outlet
from ledger.errors import Conflict, LedgerError, Malformed, NotProven, Unsafe
from ledger.export import publish as publish_log
from ledger.filling import Filled
from ledger.mirror import kept_policy
from ledger.mirror import mirror as mirror_log
from ledger.note import Note
from ledger.outlet import DirectoryOutlet, Outlet
from ledger.policy import Policy
from ledger.source import Absent, Source, source_of
from ledger.spelling import base64_text
from traceability.rule_copies import RuleCopies, files_of
from web import clock
from web.commands.terminal import (
    NO,
    Command,
    answer,
    as_json,
    instance,
    opened,
    policy_option,
    progress,
    say,
    settings,
    wrong_usage,
)
from web.database import Services, own_policy
from web.language import N_, gettext
from web.problems import tell
from web.publisher import published
from web.settings import NotSetUp

POLICY = "policy"


@click.command(
    cls=Command,
    help=N_(
        "公布账本：把检查点、全部记录和规则集写成静态文件，与 /log/ 下提供的相同。\n\n"
        "PLACE 是一个文件夹，或对象存储 s3://桶/前缀（地址和凭据取自 AWS_ 开头的环境变量）。\n"
        "接着已有的写；写过的文件不再改动，检查点最后写。"
    ),
)
@click.argument("place")
@as_json
@instance
def publish(place: str, *, as_json: bool) -> int | None:
    """Write the log's files to a place; what is complete there already is left alone."""
    with opened() as services, closing(_outlet(place)) as outlet:
        try:
            note = published(services)
        except NotProven as error:
            return _refuse(
                error, gettext(N_("没有公布：看过检查点的见证方还不够。请稍后再试。")), as_json=as_json
            )
        try:
            filled = _published(services, note, outlet)
        except (NotProven, Malformed, Conflict, Unsafe) as error:
            return _refuse(error, _not_published(error), as_json=as_json)
    said = gettext(N_("已公布到第 %(size)s 条记录：%(folder)s"), size=filled.checkpoint.size, folder=place)
    answer(_document(place, filled), [said], as_json=as_json)
    return None


def _outlet(place: str) -> Outlet:
    if not place.startswith(SCHEME):
        return DirectoryOutlet(Path(place))
    try:
        return S3Outlet(place)
    except ModuleNotFoundError:
        raise wrong_usage(N_("写到 s3:// 需要 boto3。请执行：pip install 'jizihao[s3]'")) from None


def _published(services: Services, note: Note, outlet: Outlet) -> Filled:
    policy = services.policy.text().encode("utf-8", "surrogateescape")
    rules = RuleCopies(services.shelf.files)
    with progress(gettext(N_("公布"))) as told:
        filled = publish_log(services.log, note, outlet, beside=rules.beside, progress=told)
    if _read(outlet, POLICY) != policy:
        outlet.replace(POLICY, policy)
    return filled


def _read(outlet: Outlet, path: str) -> bytes | None:
    try:
        return outlet.read(path)
    except Absent:
        return None


def _not_published(error: LedgerError) -> str:
    if isinstance(error, Unsafe) and "there" in error.facts:
        sentence = N_(
            "没有公布：那里已有到第 %(there)s 条的检查点，不是这个账本（第 %(here)s 条）的开头。"
            "请先查明是账本被换成了旧的，还是那里属于别的账本。"
        )
        return gettext(sentence, **error.facts)
    if isinstance(error, Conflict):
        return gettext(N_("没有公布：那里已有别的内容，没有改动它。"))
    return gettext(N_("没有公布：账本没有通过核对。请执行 jizihao audit。"))


@click.command(
    cls=Command,
    help=N_(
        "复制并核验别人的账本：逐条核对到检查点，再存成与 /log/ 下相同的文件。\n\n"
        "URL 是账本的网址，例如 https://nongye.example/log；DIR 是存放的文件夹。\n"
        "可以反复执行，只取新增的部分；中断后再执行即可。\n"
        "退出码：0 已核验并存好，1 对方的账本不成立（写明哪个文件），2 没有完成。"
    ),
)
@click.argument("url")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@policy_option(N_("相信谁的签名（tlog-policy）。第一次必须给出，以后用存在 DIR 里的那份。"))
@as_json
@instance
def mirror(url: str, folder: Path, policy_file: Path | None, *, as_json: bool) -> int | None:
    """Copy another log and prove all of it on the way."""
    given = None if policy_file is None else Policy.parse(policy_file.read_bytes())
    with closing(source_of(url)) as source, closing(DirectoryOutlet(folder)) as outlet:
        policy = given or kept_policy(outlet) or _own_policy(url)
        if policy is None:
            raise wrong_usage(N_("还不知道相信谁的签名。请用 --policy 给出从可信途径取得的策略文件。"))
        try:
            filled = _mirrored(source, outlet, policy)
        except (NotProven, Malformed, Conflict) as error:
            return _refuse(error, _not_mirrored(error), as_json=as_json)
        if kept_policy(outlet) != policy:
            say(gettext(N_("对方更换了密钥，新旧密钥都已签名；存着的策略已跟到新密钥。")))
    said = gettext(
        N_("已核验并存好 %(size)s 条记录（新增 %(more)s 条）：%(folder)s"),
        size=filled.checkpoint.size,
        more=filled.checkpoint.size - filled.before,
        folder=folder,
    )
    answer(_document(str(folder), filled), [said], as_json=as_json)
    return None


def _mirrored(source: Source, outlet: DirectoryOutlet, policy: Policy) -> Filled:
    rules = RuleCopies(_rules_at(outlet, source))
    with progress(gettext(N_("核验"))) as told:
        return mirror_log(source, outlet, policy, clock.now(), beside=rules.beside, progress=told)


def _own_policy(url: str) -> Policy | None:
    """Return the policy of our own instance, if it is our own log that is copied."""
    try:
        found = settings()
    except NotSetUp:
        return None
    is_ours = url.rstrip("/") == f"{found.base_url}/log"
    return own_policy(found) if is_ours else None


def _rules_at(*places: Outlet | Source) -> Callable[[str], dict[str, bytes]]:
    """Return what gathers a rule set from the first of *places* that has it, or leaves it out if none has."""

    def gather(digest: str) -> dict[str, bytes]:
        for place in places:
            try:
                return files_of(digest, partial(_rule_file, place))
            except Absent:
                continue
        return {}

    return gather


def _rule_file(place: Outlet | Source, digest: str, name: str, _sha256: str) -> bytes:
    return place.read(f"rules/{digest}/{name}")


def _not_mirrored(error: LedgerError) -> str:
    if "evidence" in error.facts:
        forked = N_("对方的账本分叉了：它签过两个不相容的检查点。两份都已存为证据，副本没有改动。")
        return gettext(forked)
    if isinstance(error, Conflict):
        return gettext(N_("没有复制：这个文件夹里是别的账本，或正有人在写。"))
    return gettext(N_("没有接受：对方给出的内容没有通过核验。副本仍停在上次核验过的检查点。"))


def _refuse(error: LedgerError, said: str, *, as_json: bool) -> int:
    """Say why, and with which facts; the answer is no."""
    facts = "; ".join([error.reason, *(f"{name}: {value}" for name, value in error.facts.items())])
    say(f"{said}\n  {facts}")
    if as_json:
        document = {**tell(error).document(), "detail": said, "facts": error.facts, "exit_code": NO}
        answer(document, [], as_json=True)
    return NO


def _document(place: str, filled: Filled) -> dict[str, Any]:
    return {
        "place": place,
        "origin": filled.checkpoint.origin,
        "size": filled.checkpoint.size,
        "root": base64_text(filled.checkpoint.root),
        "before": filled.before,
        "files": filled.files,
        "octets": filled.octets,
    }


COMMANDS = (publish, mirror)
