"""Does everything agree: the audit of an instance or of a copy, for people and for machines."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.note import Note
from ledger.policy import Policy
from ledger.source import Source, source_of
from traceability.audit import Report
from traceability.copy_audit import Copy
from web import clock
from web.commands.terminal import (
    GOOD,
    NO,
    Command,
    Option,
    answer,
    as_json,
    instance,
    policy_option,
    progress,
    say,
    settings,
    wrong_usage,
)
from web.database import own_policy
from web.findings import told, told_checked, told_step, told_trust, told_verdict
from web.inspection import Effort, inspect, inspect_copy
from web.language import N_
from web.settings import NotSetUp, Settings

Told = Callable[[str, int, int], None]


@click.command(
    "audit",
    cls=Command,
    help=N_(
        "审计账本：重新计算每个字节的哈希，核对每个签名，重放每条规则。\n\n"
        "退出码：0 完好，1 有改动（写明第一处），2 没有完成。\n"
        "只凭账本自己审计，查不出保管账本的人从头重写；\n"
        "请用 --policy 给出自己保存的策略，用 --since 给出自己保存的检查点。\n"
        "用 --mirror 审计一份副本，不需要账本所在的机器。"
    ),
)
@policy_option(N_("自己保存的策略（jizihao policy 的输出）。"))
@click.option(
    "--since",
    "since_file",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("自己保存的检查点（/log/checkpoint 的内容）。"),
)
@click.option(
    "--incremental",
    cls=Option,
    is_flag=True,
    help=N_("与 --since 同用：检查点之前只核对哈希树，只读它之后的记录；规则不重放。"),
)
@click.option(
    "--mirror",
    "place",
    cls=Option,
    metavar="DIR|URL",
    help=N_("审计一份副本：jizihao mirror 或 publish 写成的文件夹，或账本的网址（…/log）。"),
)
@click.option(
    "--workers",
    cls=Option,
    type=click.IntRange(1, 256),
    metavar="N",
    help=N_("用几个进程（默认：处理器有几个就用几个，账本小时少用）。"),
)
@as_json
@instance
def audit_(
    policy_file: Path | None,
    since_file: Path | None,
    place: str | None,
    workers: int | None,
    *,
    incremental: bool,
    as_json: bool,
) -> int:
    """Check everything that can be checked."""
    if incremental and (since_file is None or place is not None):
        raise wrong_usage(N_("--incremental 要与 --since 同用，不能与 --mirror 同用。"))
    kept = None if since_file is None else _note(since_file)
    effort = Effort(workers, incremental)
    if place is None:
        report = _instance_audited(policy_file, kept, effort)
    else:
        with closing(source_of(place)) as source:
            report = _copy_audited(source, policy_file, kept, effort)
    answer(report.json(), _lines(report), as_json=as_json)
    return GOOD if report.sound else NO


def _instance_audited(policy_file: Path | None, kept: Note | None, effort: Effort) -> Report:
    if policy_file is None and kept is None:
        say(told_trust("instance"))
    found = settings()
    policy = None if policy_file is None else _policy(policy_file, found)
    with progress(told_step("log")) as shown:
        return inspect(
            found, policy, kept, lambda step, done, total: shown(done, total, told_step(step)), effort
        )


def _copy_audited(source: Source, policy_file: Path | None, kept: Note | None, effort: Effort) -> Report:
    policy = _own_policy(source) if policy_file is None else Policy.parse(policy_file.read_bytes())
    if policy is None:
        raise wrong_usage(N_("还不知道相信谁的签名。请用 --policy 给出从可信途径取得的策略文件。"))
    if policy_file is None:
        say(told_trust("instance"))
    with progress(told_step("copy")) as shown:
        report = inspect_copy(
            Copy(source, policy, clock.now(), kept),
            lambda step, done, total: shown(done, total, told_step(step)),
            effort,
        )
    report.trusted_from = "instance" if policy_file is None and kept is None else "policy"
    return report


def _own_policy(source: Source) -> Policy | None:
    """Return our own instance's policy, if it is a copy of our own log: never what lies beside the copy."""
    try:
        found = settings()
        note = Note.parse(source.read("checkpoint"))
    except (NotSetUp, LookupError, LedgerError):
        return None
    is_ours = Checkpoint.parse(note.text).origin == found.origin
    return own_policy(found) if is_ours else None


def _policy(file: Path, found: Settings) -> Policy:
    policy = Policy.parse(file.read_bytes())
    if not policy.keys_of(found.origin):
        raise wrong_usage(N_("策略 %(file)s 里没有账本 %(origin)s 的公钥。"), file=file, origin=found.origin)
    return policy


def _note(file: Path) -> Note:
    return Note.parse(file.read_bytes())


def _lines(report: Report) -> list[str]:
    findings = [f"  {told(each)}" for each in report.findings]
    return [told_verdict(report), *findings, *(f"  {name}: {count}" for name, count in told_checked(report))]


COMMANDS = (audit_,)
