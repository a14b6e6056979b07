"""What is said about the way of the goods: who tells it, of which lot and how much, and what stops a lot."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "already-void": N_("这条记录已经作废，不能再对它登记。"),
    "another-kind": N_("更正只能换内容，不能把「%(kind)s」换成「%(replacement)s」。"),
    "banned-pesticide": N_(
        "%(day)s 在地块 %(plot)s 使用的 %(treatment)s 含有 %(substance)s，属于禁用（范围：%(scope)s；"
        "依据：%(source)s）。"
    ),
    "before-its-lot": N_("批次 %(lot)s 产生于 %(born)s，事件时间不能更早。"),
    "before-its-shipment": N_("发货时间是 %(shipped)s，收货不能更早。"),
    "codes-beyond-the-lot": N_("批次 %(lot)s 还剩 %(free)s，不够发放需要 %(wanted)s 的追溯码。请减少个数。"),
    "codes-not-issued": N_("批次 %(lot)s 从 %(first)s 起的 %(count)s 个追溯码没有全部发放过，不能作废。"),
    "codes-out-of-row": N_("批次 %(lot)s 的下一个序号是 %(next)s，不是 %(first)s。请刷新后再发放。"),
    "commodity-differs": N_("地块 %(plot)s 种的是%(grows)s，不能采收出%(product)s。"),
    "event-id-reused": N_("事件编号 %(event)s 先后说了不同的内容，两条都保留，等待核查。"),
    "external-unverified": N_("声明方不是登记单位，内容未经核实。"),
    "failed-test": N_("批次 %(lot)s 的样品 %(sample)s 有不合格项目：%(analytes)s。该批次已暂停流转。"),
    "gtin-taken": N_("商品条码 %(gtin)s 已用于 %(party)s 的产品 %(product)s。"),
    "gtin-unlicensed": N_("商品条码 %(gtin)s 不在本单位已登记的厂商识别代码之内。请先登记代码，或不填条码。"),
    "in-the-future": N_("事件时间 %(at)s 晚于登记时间 %(recorded)s。请核对时间。"),
    "interval-unknown": N_(
        "%(sprayed)s 在地块 %(plot)s 使用了 %(treatment)s（%(substances)s），不知道它的安全间隔期，"
        "该批次暂停流转。请补登标签上的天数。"
    ),
    "late-entry": N_("事件发生 %(days)s 天后才登记。"),
    "limit-differs": N_("%(analyte)s 的限量应为 %(limit)s %(unit)s，报告写的是 %(stated)s。"),
    "lot-exists": N_("批号 %(lot)s 已经用过，请换一个。"),
    "lot-failed": N_("批次 %(lot)s 检测不合格，不能加工、分装或销售。"),
    "lot-on-hold": N_(
        "批次 %(lot)s 暂停流转（%(reasons)s）。由监管部门或检测机构核查并登记解除后，才能继续。"
    ),
    "lot-recalled": N_("批次 %(lot)s 已被召回，不能加工、分装或销售。"),
    "mass-balance": N_("数量不平：%(facts)s。产出加损耗不能超过投入，取用不能超过持有。请核对后再登记。"),
    "mass-in-packs": N_("批次 %(lot)s 只有 %(free)s 没有发码，不能投入 %(wanted)s。请先作废多余的追溯码。"),
    "mass-unknown": N_("有一项按件计的数量没有单件重量，无法核对平衡，产出批次暂停流转。请登记单件重量。"),
    "may-not-state": N_("%(role)s（%(party)s）不能登记「%(kind)s」。"),
    "member-missing": N_("登记社员时要有社员编号。"),
    "name-must-stay": N_("更正「%(kind)s」时不能改变编号或计量方式，因为后来的记录要靠它。"),
    "not-a-gtin": N_("商品条码 %(gtin)s 不正确：应为 14 位，最后一位是校验码。"),
    "not-a-lot": N_("批号 %(lot)s 的写法不正确。可用字母、数字、点、横线和下划线，最多 20 个字符。"),
    "not-a-prefix": N_("厂商识别代码 %(prefix)s 不正确：应为 4 至 12 位数字。"),
    "not-correctable": N_("「%(kind)s」不能更正。"),
    "not-grown": N_("%(commodity)s 不是地里种出来的，不能登记为地块的品类。"),
    "not-held": N_("批次 %(lot)s 不在本单位手里。请先登记收货。"),
    "not-in-the-shipment": N_("批次 %(lot)s 不在这次发货之内。"),
    "not-your-number": N_("批号 %(lot)s 不属于本单位的产品 %(product)s。"),
    "not-your-plot": N_("地块 %(plot)s 属于 %(party)s，不是本单位的。"),
    "not-your-statement": N_("这条记录由 %(by)s 登记，只有它自己能更正。"),
    "nothing-held": N_("这条记录没有暂停，无需解除。"),
    "own-statement": N_("这是 %(by)s 自己的记录，要由另一单位确认或解除。"),
    "piece-weighs-nothing": N_("产品 %(product)s 的单件重量要大于零。"),
    "pre-harvest-interval": N_(
        "地块 %(plot)s 在 %(sprayed)s 使用了 %(treatment)s（%(substances)s），安全间隔期 %(days)s "
        "天，最早 %(earliest)s 才能采收。"
    ),
    "prefix-inside-only": N_("以 %(prefix)s 开头的代码只供店内使用，不能登记。"),
    "prefix-taken": N_("厂商识别代码 %(prefix)s 与 %(party)s 登记的相重。"),
    "received-already": N_("这次发货已由 %(by)s 收货，不能再收。"),
    "registered-already": N_("已经登记过：%(facts)s。请换一个编号。"),
    "residue-limit": N_(
        "%(analyte)s 检出 %(value)s %(found_in)s，超过限量 %(limit)s %(unit)s，不能判为合格（依据："
        "%(source)s）。"
    ),
    "restricted-pesticide": N_(
        "%(day)s 在地块 %(plot)s 使用的 %(treatment)s 含有限制使用的 %(substance)s（%(scope)s）。"
    ),
    "role-differs": N_("%(party)s 的密钥登记为%(role)s，单位类型要一致。"),
    "rules-digest": N_("规则集 %(version)s 的摘要与文件不符。"),
    "sampled-after-its-report": N_("抽样日期 %(sampled)s 晚于报告日期 %(reported)s。"),
    "spent-since": N_("批次 %(lot)s 已被后来的记录取用，更正后会缺 %(missing)s。请先更正后来的记录。"),
    "standard-differs": N_("%(analyte)s 的标准与规则集不同，报告写的是 %(stated)s。"),
    "unknown-commodity": N_("没有这个品类：%(commodity)s"),
    "unknown-lot": N_("没有批次 %(lot)s。请先登记采收或收货。"),
    "unknown-member": N_("没有社员 %(member)s。请先登记社员。"),
    "unknown-party": N_("单位 %(party)s 没有登记。"),
    "unknown-plot": N_("没有地块 %(plot)s。请先登记地块。"),
    "unknown-product": N_("没有产品 %(product)s。请先登记产品。"),
    "unknown-shipment": N_("没有这次发货的记录。请核对交接单。"),
    "unknown-statement": N_("没有所指的记录：%(target)s"),
    "wrong-measure": N_("批次 %(lot)s 的产品%(measure)s计量，请按它填写数量。"),
    "wrong-token": N_("交接码不对。请照交接单上的文字输入。"),
    "yield-cap": N_(
        "地块 %(plot)s 在 %(year)s 年累计采收 %(reaped)s %(unit)s，超过上限 %(most)s %(unit)s（依据："
        "%(source)s）。请核对数量或面积。"
    ),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a correction does not replace by a correction": N_("更正的内容不能又是一条更正。"),
    "a root is a SHA-256 in hex": N_("摘要要写 64 个十六进制字符。"),
    "a sealed digest has 32 bytes": N_("隐私内容的摘要长度不正确。"),
    "an amount is either kg or pieces": N_("数量要么填公斤、要么填件数，只填一项。"),
    "an area is more than nothing, and told to 0.01 ha": N_("面积要大于零，精确到 0.01 公顷。"),
    "an instant is in UTC": N_("时间要带时区。"),
}
