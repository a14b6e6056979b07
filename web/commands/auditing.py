"""Does everything agree: the audit, for people and for machines."""

from pathlib import Path

import click

from ledger.note import Note
from ledger.policy import Policy
from traceability.audit import Report
from web.commands.terminal import (
    GOOD,
    NO,
    Command,
    Option,
    answer,
    as_json,
    instance,
    progress,
    say,
    settings,
    wrong_usage,
)
from web.findings import told, told_checked, told_step, told_trust, told_verdict
from web.inspection import inspect
from web.language import N_
from web.settings import Settings


@click.command(
    "audit",
    cls=Command,
    help=N_(
        "审计账本：重新计算每个字节的哈希，核对每个签名，重放每条规则。\n\n"
        "退出码：0 完好，1 有改动（写明第一处），2 没有完成。\n"
        "只凭账本自己审计，查不出保管账本的人从头重写；\n"
        "请用 --policy 给出自己保存的策略，用 --since 给出自己保存的检查点。"
    ),
)
@click.option(
    "--policy",
    "policy_file",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("自己保存的策略（jizihao policy 的输出）。"),
)
@click.option(
    "--since",
    "since_file",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("自己保存的检查点（/log/checkpoint 的内容）。"),
)
@as_json
@instance
def audit_(policy_file: Path | None, since_file: Path | None, *, as_json: bool) -> int:
    """Check everything that can be checked."""
    if policy_file is None and since_file is None:
        say(told_trust("instance"))
    found = settings()
    policy = None if policy_file is None else _policy(policy_file, found)
    kept = None if since_file is None else _note(since_file)
    with progress(told_step("log")) as shown:
        report = inspect(found, policy, kept, lambda step, done, total: shown(done, total, told_step(step)))
    answer(report.json(), _lines(report), as_json=as_json)
    return GOOD if report.sound else NO


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
