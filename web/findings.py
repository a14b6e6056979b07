"""What an audit found, in words: which entry or row does not agree, what it means, and the way out.

    told(finding)             第 7 条记录的内容在封存之后被改动（ledger_entry index=7）。请保留…
    told_trust("instance")    what the whole answer rests on: said before anything else
    told_verdict(report)      the answer in one sentence
    told_step("replay")       what an audit is doing, for a bar of progress
    told_checked(report)      how much of each kind was looked at

The audit page and the terminal say the same sentences.
"""

from collections.abc import Mapping

from ledger.fsck import Finding
from traceability.audit import Report
from web.language import N_, gettext
from web.language import told as put

_RESTORE = N_("请保留现在的数据库作证据，再用备份核对这一处。")
_REBUILD = N_("账本的记录没有变。查明是谁改的之后，执行 jizihao rebuild 由记录重建查询表。")
_ASK = N_("请要求平台运营方说明，并保留您手中的检查点。")

FINDINGS: Mapping[str, tuple[str, str]] = {
    "checkpoint-not-believed": (
        N_("检查点没有策略所要求的签名：%(reason)s（%(where)s）。"),
        N_("请核对策略是否属于这本账；若是，请保留这份副本作证据。"),
    ),
    "chain-broken": (N_("第 %(index)s 条记录没有接在前一条之后（%(where)s）。"), _RESTORE),
    "cosignature-altered": (N_("见证方的签名行不成立（%(where)s）。"), _ASK),
    "copy-altered": (
        N_("副本里的文件与检查点不符：%(reason)s（%(where)s）。"),
        N_("请用 jizihao mirror 重新复制；若仍不符，是对方的账本不成立。"),
    ),
    "entries-altered": (
        N_("第 %(index)s 条至第 %(last)s 条之间有记录被改动，与签过名的检查点不符（%(where)s）。"),
        _RESTORE,
    ),
    "entries-missing": (N_("第 %(index)s 条起有记录不见了（%(where)s）。"), _RESTORE),
    "entries-unsealed": (N_("有 %(count)s 条记录不在签过名的检查点之内（%(where)s）。"), _ASK),
    "entry-altered": (N_("第 %(index)s 条记录的内容在封存之后被改动（%(where)s）。"), _RESTORE),
    "entry-not-readable": (N_("第 %(index)s 条记录不能读取：%(reason)s（%(where)s）。"), _ASK),
    "guard-missing": (N_("数据库里防止改动的触发器被拆除（%(where)s）。"), _ASK),
    "head-altered": (N_("最新的检查点被改动：%(column)s（%(where)s）。"), _RESTORE),
    "head-missing": (N_("最新的检查点不见了（%(where)s）。"), _RESTORE),
    "kept-row-altered": (
        N_("账号、举报、密钥等保管的内容被人绕过程序改动（%(where)s）。"),
        N_("请查明是谁改的，再用备份恢复这一行。"),
    ),
    "key-change-unseen": (
        N_("账本更换密钥（第 %(index)s 条）时，没有公布过新旧密钥同签的检查点（%(where)s）。"),
        _ASK,
    ),
    "key-entry-wrong": (N_("第 %(index)s 条登记的密钥不成立：%(reason)s（%(where)s）。"), _ASK),
    "leaf-altered": (N_("第 %(index)s 条记录的摘要被改动，内容没有变（%(where)s）。"), _RESTORE),
    "links-differ": (N_("第 %(index)s 条记录的前后链接不对，可能漏掉了记录（%(where)s）。"), _ASK),
    "not-an-extension": (
        N_("账本不是由检查点（%(mark)s 条，%(where)s）延续而来：历史被改写、被截短，或换成了另一本账。"),
        N_("这是最严重的一种。请勿交出您手中的检查点，它就是证据。"),
    ),
    "published-altered": (N_("公布过的检查点被改动（%(where)s）。"), _ASK),
    "quorum-not-met": (
        N_("见过最新检查点的见证方有 %(witnesses)s 个，不够策略的要求（%(where)s）。"),
        N_("请等见证方签名后再审，或核对策略。"),
    ),
    "row-differs": (N_("查询表与记录不一致：%(where)s，不同的列：%(columns)s。"), _REBUILD),
    "rule-set-differs": (N_("第 %(index)s 条记录所用的规则集不是当时生效的（%(where)s）。"), _ASK),
    "rule-set-missing": (
        N_("第 %(index)s 条记录所用的规则集缺失或被改动：%(reason)s（%(where)s）。"),
        N_("请把该规则集的文件放回 rules 文件夹后再审。"),
    ),
    "scans-altered": (
        N_("%(day)s 的查询次数与账本第 %(index)s 条的摘要不符（%(where)s）。"),
        N_("请查明是谁改的，再用备份恢复这一天的表和文件。"),
    ),
    "sealed-value-altered": (N_("隐私内容的原文被改动，与记录里的摘要不符（%(where)s）。"), _RESTORE),
    "sealed-value-missing": (N_("隐私内容的原文不见了，又没有删除的记录（%(where)s）。"), _RESTORE),
    "sealed-value-not-erased": (
        N_("隐私内容已登记删除，原文却还在（%(where)s）。"),
        N_("请删去这一行：原文不应再保存。"),
    ),
    "sealed-value-stray": (N_("有一行隐私内容不属于任何记录（%(where)s）。"), _ASK),
    "signature-wrong": (N_("第 %(index)s 条记录的作者签名不成立：%(reason)s（%(where)s）。"), _ASK),
    "start-refused": (
        N_("数据库落后于账本作过的承诺：%(reason)s（%(where)s）。"),
        N_("它可能是从旧备份恢复的。请勿继续登记，先找回最新的数据库。"),
    ),
    "table-missing": (N_("数据库里少了一张表：%(where)s。"), _RESTORE),
    "table-unknown": (N_("数据库里有一张不认识的表：%(where)s。"), _ASK),
    "tile-altered": (N_("哈希树的一块被改动：%(column)s（%(where)s）。"), _RESTORE),
    "tile-missing": (N_("哈希树缺了一块（%(where)s）。"), _RESTORE),
    "tile-unexpected": (N_("哈希树多出 %(count)s 块（%(where)s）。"), _ASK),
    "time-reversed": (N_("第 %(index)s 条记录的登记时间早于前一条：%(at)s（%(where)s）。"), _ASK),
    "verdict-differs": (
        N_("第 %(index)s 条记录重放规则得到另一结论（%(where)s）。"),
        N_("请核对这条记录应有的提示或暂停：当时的程序可能有误，也可能被人改过。"),
    ),
}
OTHERWISE = (N_("不一致：%(what)s（%(where)s）。"), _ASK)

TRUST: Mapping[str, str] = {
    "instance": N_(
        "这次审计只依据本机自己保存的密钥和检查点。保管账本的人可以把它从头重写而不被查出；"
        "要防备这一点，请用您自己保存的检查点再审一次。"
    ),
    "policy": N_("这次审计依据审计人自己保存的检查点或策略：在它之后改写历史，会被查出。"),
}

STEPS: Mapping[str, str] = {
    "log": N_("核对每个字节"),
    "copy": N_("核对副本的每个文件"),
    "replay": N_("重放签名和规则"),
    "rows": N_("核对查询用的表"),
    "kept": N_("核对保管的内容"),
}

COUNTS: Mapping[str, str] = {
    "entries": N_("账本记录"),
    "entries_vouched": N_("取自您的检查点、没有重读的记录"),
    "statements": N_("核对过签名和规则的记录"),
    "derived_tables": N_("由记录重建并比较过的表"),
    "sealed_fields": N_("隐私内容"),
    "kept_rows": N_("保管的行"),
}


def told(finding: Finding) -> str:
    """Return what does not agree, and the way out, in the reader's language."""
    said, way_out = FINDINGS.get(finding.what, OTHERWISE)
    facts: dict[str, object] = {**finding.facts, "what": finding.what, "where": finding.where}
    if finding.index is not None:
        facts["index"] = finding.index
    return f"{put(said, facts)} {gettext(way_out)}"


def told_trust(trusted_from: str) -> str:
    """Return what an answer rests on: the "instance" itself, or the auditor's "policy"."""
    return gettext(TRUST[trusted_from])


def told_verdict(report: Report) -> str:
    """Return the answer in one sentence."""
    if report.sound:
        return gettext(N_("账本完好：%(size)s 条记录，没有发现改动。"), size=report.size)
    return gettext(N_("发现 %(count)s 处不一致，最先的一处列在最前。"), count=len(report.findings))


def told_step(step: str) -> str:
    """Return what an audit is doing in *step*."""
    return gettext(STEPS[step]) if step in STEPS else step


def told_checked(report: Report) -> list[tuple[str, int]]:
    """Return what was looked at, and how much of each; a step that was not done is absent."""
    return [(gettext(name), report.checked[code]) for code, name in COUNTS.items() if code in report.checked]
