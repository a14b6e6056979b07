"""What is said about recalls and holds, cases, tasks, alerts, and what shoppers report and rate."""

from collections.abc import Mapping

from web.language import N_

FIELD_PROBLEMS: Mapping[str, str] = {
    "lot-elsewhere": N_(
        "批次 %(lot)s 不是在您的辖区内生产或存放的。请核对；没有写错的话，由所在地或上级的监管部门登记。"
    ),
    "lot-not-on-record": N_("账本里没有这个批次：%(lot)s。请照包装核对，或扫码填写。"),
}

RULE_PROBLEMS: Mapping[str, str] = {
    "alert-done-already": N_("这条预警已经办结。"),
    "case-step-out-of-order": N_("案件目前是「%(stands_at)s」，现在还不能登记「%(step)s」。请先完成前一步。"),
    "correction-late": N_("整改期限是 %(until)s，报告晚了；记录照样保留。"),
    "day-counted-already": N_("%(day)s 的评价已经汇总过，不重复登记。"),
    "day-not-over": N_("%(day)s 还没有到，不能汇总。"),
    "due-before-today": N_("期限 %(until)s 已经过去，请填今天或以后的日期。"),
    "hold-placed": N_("%(by)s 责令暂停流转：%(cause)s。恢复之前，这个批次和用它做成的批次都不能移动。"),
    "inspection-before-correction": N_("这次检验或检查早于整改报告，不能证明已经整改。请用整改之后的。"),
    "inspection-not-failed": N_("%(inspection)s 不是一次不合格的检验或检查。"),
    "inspection-of-another-lot": N_("这次检验的不是批次 %(lot)s。"),
    "inspection-of-another-party": N_("这次检查的是 %(party)s，不是被处置单位。"),
    "inspection-says-otherwise": N_("复查结论与所引用的检验或检查不一致。请照它填写。"),
    "lot-not-reached": N_("批次 %(lot)s 不是被召回（暂停）的批次，也不是用它做成的。"),
    "not-the-respondent": N_("只有被处置单位 %(respondent)s 能报告整改。"),
    "not-your-recall": N_("这次召回由 %(by)s 发布，要由它、生产者或货物所在地的监管部门登记。"),
    "not-your-task": N_("这项任务由 %(office)s 承办。"),
    "outside-the-division": N_("%(party)s 不在您的辖区内。请由所在地的监管部门或上级部门登记。"),
    "recall-completed-already": N_("这次召回已经登记完成，不能再加登记。"),
    "recall-not-started": N_("请先登记启动召回（停止销售），再登记这一步。"),
    "recall-started-already": N_("这次召回已经启动过。"),
    "recall-started-late": N_("%(level)s 级召回最迟应在 %(due)s 启动，现在晚了；记录照样保留。"),
    "recall-unaccounted": N_("批次 %(lot)s 还有 %(left)s 没有收回，也没有说明原因。"),
    "recall-under-way": N_(
        "批次 %(lot)s 的召回已经有了后续登记（通知、收回或监管部门的处理），不能再撤回。"
        "请按步骤登记到完成；监管部门也可以登记完成。"
    ),
    "recalled-more-than-there-is": N_("批次 %(lot)s 合计 %(amounts_to)s，超过可能的数量 %(most)s。请核对。"),
    "report-step-out-of-order": N_("举报目前是「%(stands_at)s」，现在不能登记「%(step)s」。"),
    "task-reported-already": N_("这项任务已经上报，不能再加登记。"),
    "tasks-below-open": N_("还有 %(count)s 项下级任务没有上报。"),
    "unknown-alert": N_("没有这条预警：%(alert)s。请刷新后再试。"),
    "unknown-case": N_("没有找到案件 %(case)s，或它已作废。"),
    "unknown-hold": N_("没有找到这条暂停：%(hold)s。"),
    "unknown-inspection": N_("没有找到这次检验或检查：%(inspection)s。请填写那条记录的摘要。"),
    "unknown-recall": N_("没有找到这次召回或暂停：%(recall)s，或它已作废。"),
    "unknown-report": N_("没有找到这份举报：%(report)s。"),
    "unknown-task": N_("没有找到任务 %(task)s，或它已作废。"),
    "wrong-report-number": N_("编号和这份举报不符。奖励只发给持有编号的人，请核对。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a day has ratings, each maker once": N_("每天的评价按生产单位汇总，每家一行。"),
    "a receipt is a SHA-256 in hex": N_("编号的摘要是 64 位十六进制数。"),
    "an order asks for something, each named once": N_("请至少选择一项整改内容，不能重复。"),
    "somebody has rated, and nobody less than no times": N_("评价数不能为负，合计要大于零。"),
    "goods that are relabelled or handed back are not gone": N_(
        "换标签或退回生产单位的货物还在，不能从在库数量中扣除；退回请登记发货。"
    ),
    "whoever has looked has found something, be it good": N_("请至少登记一项检查情况。"),
}
