"""What is said about making: what went in and came out, templates, control points, drying, capacity."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "blanching-time-unknown": N_(
        "控制点 %(point)s 要核对采收到漂烫的时间，但没有采收时间或漂烫开始时间。请写明漂烫开始时间。"
    ),
    "control-point-failed": N_(
        "控制点 %(point)s 为 %(value)s %(unit)s，超出限值（下限 %(least)s，上限 %(most)s），"
        "有关批次暂停流转，由第二方核查后解除；有测量记录的，要先登记纠偏措施。"
    ),
    "control-point-overdue": N_(
        "控制点 %(point)s 应每 %(every_hours)s 小时测一次，自 %(last)s 起没有测量。请补测并登记。"
    ),
    "failure-withdrawn": N_(
        "控制点 %(point)s 的超限测量被更正或作废，有关批次暂停流转，由第二方核查后解除。"
    ),
    "less-than-dry-matter": N_(
        "按前后水分，烘干后应有 %(expected)s 公斤（允许相差 %(tolerance)s 公斤），登记的只有 %(made)s 公斤。"
        "请核对重量和水分，或写明损耗。"
    ),
    "mass-unaccounted": N_(
        "投入中有 %(left)s 公斤（%(per_cent)s%%）没有去向，超过允许的 %(tolerance)s%%。"
        "请补记产出、副产品或损耗。"
    ),
    "more-than-dry-matter": N_(
        "按前后水分，烘干后应有 %(expected)s 公斤（允许相差 %(tolerance)s 公斤），登记了 %(made)s 公斤。"
        "干物质不会增多，请核对重量和水分。"
    ),
    "no-corrective-action": N_(
        "控制点 %(point)s 的超限还没有纠偏措施，不能解除暂停。请加工者先登记纠偏措施。"
    ),
    "not-in-template": N_("%(commodity)s 不在工艺模板「%(template)s」之内。请核对批次和产品，或改选模板。"),
    "nothing-failed": N_("这次测量没有超出限值，不需要纠偏：%(target)s。请选择超限的测量。"),
    "other-lots": N_("纠偏的批次要和那次测量的批次一样：%(lots)s"),
    "outturn-high": N_(
        "产出 %(output)s 共 %(made)s 公斤，比通常最多的 %(most)s 公斤还多。请核对投入和产出的数量。"
    ),
    "outturn-impossible": N_(
        "产出 %(output)s 共 %(made)s 公斤，超过投入最多能产出的 %(most)s 公斤。"
        "请核对数量；确实无误的，请监管部门核查。"
    ),
    "outturn-low": N_(
        "产出 %(output)s 只有 %(made)s 公斤，低于通常的 %(least)s 公斤。请核对数量，或补记其他产出。"
    ),
    "over-capacity": N_(
        "%(day)s「%(process)s」共投入 %(done)s 公斤，超过声明的日加工能力 %(capacity)s 公斤。"
        "请核对数量；设备有变的，请重新声明能力。"
    ),
    "template-taken": N_("规则集里已有名为「%(template)s」的工艺模板，请换一个名称。"),
    "unknown-control-point": N_("本单位没有声明控制点 %(point)s。请先声明，再登记测量。"),
    "unknown-template": N_("没有工艺模板「%(template)s」。请先声明，或从列表中选择。"),
    "wetter-than-before": N_("烘干后的水分 %(after)s%% 高于烘干前的 %(before)s%%。请核对两个水分值。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a capacity is more than nothing": N_("日加工能力要大于零。"),
    "a control point has a limit": N_("控制点至少要有一个限值：下限或上限。"),
    "a control point is looked at every so many hours, more than none": N_("测量间隔的小时数要大于零。"),
    "a corrective action names its lots, each once": N_("请写明纠偏涉及哪些批次，同一批次只写一次。"),
    "a measurement names the lots that it stands for, each once": N_(
        "请写明这次测量代表哪些批次，同一批次只写一次。"
    ),
    "a moisture is 0 to 100 per cent": N_("水分不能小于 0，也要小于百分之百。"),
    "a process has inputs and outputs": N_("加工要写明投入和产出。"),
    "a process names each lot once": N_("同一批次在一次加工中只能写一次。"),
    "a template has steps, inputs and outputs": N_("工艺模板要有步骤、投入和产出。"),
    "an outturn is more than nothing": N_("最高出成率要大于零。"),
    "each part of a process is more than nothing": N_("加工的每一项数量都要大于零。"),
    "the lower limit of a control point is not above the upper one": N_("控制点的下限不能高于上限。"),
    "the time from harvest to blanching is told in hours: h": N_("采收到漂烫的时间按小时计，单位请填 h。"),
}
