"""Does everything agree: the audit, for people and for machines."""

from pathlib import Path

import click

from ledger import start, store
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.fsck import Finding
from ledger.highwater import FileHighWater
from ledger.keys import ED25519, VerifierKey
from ledger.note import Note, verified
from ledger.policy import Policy
from traceability.audit import Report, Subject, audit
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
from web.database import auditing
from web.findings import told, told_checked, told_step, told_trust, told_verdict
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
    since = None if kept is None else Checkpoint.parse(kept.text)
    with auditing(found, policy, since) as subject, progress(told_step("log")) as shown:
        report = audit(subject, lambda step, done, total: shown(done, total, told_step(step)))
        report.findings += _beside(found, subject, kept)
    answer(report.json(), _lines(report), as_json=as_json)
    return GOOD if report.sound else NO


def _policy(file: Path, found: Settings) -> Policy:
    policy = Policy.parse(file.read_bytes())
    if not policy.keys_of(found.origin):
        raise wrong_usage(N_("策略 %(file)s 里没有账本 %(origin)s 的公钥。"), file=file, origin=found.origin)
    return policy


def _note(file: Path) -> Note:
    return Note.parse(file.read_bytes())


def _beside(found: Settings, subject: Subject, kept: Note | None) -> list[Finding]:
    """Return what does not agree outside the database: a kept checkpoint's signature, the log's mark."""
    findings = []
    log_keys: list[VerifierKey] = [key for key in subject.policy.keys_of(found.origin) if key.kind == ED25519]
    facts = {"mark": 0 if kept is None else Checkpoint.parse(kept.text).size}
    if kept is not None and not _is_signed(kept, log_keys):
        findings.append(Finding("not-an-extension", "--since", None, facts))
    try:
        with store.snapshot(subject.engine) as connection:
            mark = FileHighWater(found.instance / "high-water").read()
            for key in log_keys:
                start.check_start(connection, origin=found.origin, key=key, mark=mark)
    except LedgerError as error:
        findings.append(Finding("start-refused", "high-water", None, {"reason": error.reason, **error.facts}))
    return findings


def _is_signed(note: Note, keys: list[VerifierKey]) -> bool:
    try:
        return bool(verified(note, keys))
    except LedgerError:
        return False


def _lines(report: Report) -> list[str]:
    findings = [f"  {told(each)}" for each in report.findings]
    return [told_verdict(report), *findings, *(f"  {name}: {count}" for name, count in told_checked(report))]


COMMANDS = (audit_,)
