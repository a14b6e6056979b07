"""What is said about marks, licences, certified bases, honours and the right to use an indication."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "admission-failed": N_(
        "%(party)s 的产品没有达到品牌 %(mark)s 的准入标准（总分/分数线：%(total)s/%(threshold)s），"
        "每一项也要达到最低分。请改进后重新评定。"
    ),
    "admission-missing": N_("品牌 %(mark)s 要先评定再授权。请登记 %(party)s 的准入评定，并在授权里引用。"),
    "admission-other": N_(
        "所引用的准入评定不是这次授权的：品牌 %(mark)s、单位 %(party)s 和产品都要一致，"
        "一次授权一个产品。请引用对应的评定。"
    ),
    "admission-stale": N_(
        "%(party)s 对品牌 %(mark)s 的准入评定是 %(day)s 做的，已经超过一年。请重新评定后再授权。"
    ),
    "base-mark-unknown": N_("没有要求使用认定基地的品牌 %(mark)s。请核对品牌编号，或先登记品牌。"),
    "base-missing": N_("这个品牌的原料只能来自认定基地，批次 %(lot)s 没有写明基地，或查不到原料。请补登。"),
    "base-not-origin": N_(
        "批次 %(lot)s 的原料不产自所写基地：%(bases)s。请改正基地；产自别处的不能使用这个品牌。"
    ),
    "base-not-yours": N_("基地 %(base)s 的资格由品牌所有者或产区的监管部门管理，请由它们登记。"),
    "base-outside": N_("基地 %(base)s 所在的 %(division)s 不在品牌产区之内。请核对所在地。"),
    "base-overdrawn": N_("基地 %(base)s 这一季只剩 %(left_kg)s 原料可用。请减少数量，或写明其他基地。"),
    "base-stopped": N_("基地 %(base)s 当日没有资格（%(stop)s）。请换用有资格的基地，或先重新检测、认定。"),
    "base-taken": N_("基地编号 %(base)s 已用于别的品牌或单位，请换一个。"),
    "base-too-little": N_(
        "批次 %(lot)s 有 %(kg)s 要使用品牌，多于基地原料 %(raw_kg)s。请核对数量，或补写其他基地。"
    ),
    "base-unknown": N_("没有基地 %(base)s，或它不是为这个品牌认定的。请核对编号，或先认定基地。"),
    "credential-early": N_("认定年份 %(year)s 晚于登记日期。请核对年份。"),
    "credential-taken": N_("荣誉编号 %(credential)s 已用于别的单位，请换一个。"),
    "credential-unknown": N_("没有荣誉 %(credential)s 的记录。请核对编号。"),
    "gi-not-authorised": N_(
        "%(party)s 当日没有在这个产品上使用地理标志「%(gi)s」的资格。请先由监管部门登记用标资格。"
    ),
    "gi-origin-outside": N_("批次 %(lot)s 不产自地理标志「%(gi)s」的产地，或品类不符，不能使用这个品牌。"),
    "gi-origin-unclear": N_(
        "地理标志「%(gi)s」的产地只包括所在县的一部分，看不出批次 %(lot)s 在不在内，已标记待查。"
        "请由监管部门核实地块。"
    ),
    "gi-unknown": N_("地理标志「%(gi)s」不在产地范围表里，已标记待查。请照登记机关的名称核对。"),
    "licence-ended": N_("授权 %(licence)s 已经撤销，不能再变更。需要时请另行授权。"),
    "licence-longer": N_(
        "授权期限要在上级授权 %(licence)s 的期限之内：%(since)s 至 %(until)s。请改日期，或先换上级授权。"
    ),
    "licence-not-suspended": N_("授权 %(licence)s 当日没有暂停，无需恢复。"),
    "licence-not-yours": N_("品牌 %(mark)s 的授权由品牌所有者或产区的监管部门办理，请由它们登记。"),
    "licence-other": N_("授权 %(licence)s 不是授予本单位使用品牌 %(mark)s 的。请选择本单位的授权。"),
    "licence-parent-other": N_(
        "%(licence)s 不能作为上级授权：它要是上级品牌授予品牌所有者或被授权单位的；公用背书品牌不填上级授权。"
    ),
    "licence-party-unknown": N_("没有找到单位 %(party)s。请核对编号，或先登记这个单位。"),
    "licence-product-unknown": N_("没有找到该单位的产品 %(product)s。请核对编号，或先由该单位登记产品。"),
    "licence-stopped": N_("授权 %(licence)s %(stop)s，不能依据它使用或授权品牌。请用有效的授权。"),
    "licence-taken": N_("授权编号 %(licence)s 已经用过，请换一个。"),
    "licence-unknown": N_("没有授权 %(licence)s。请核对编号，或先由品牌所有者授权。"),
    "licence-wider": N_("额度或产品超出上级授权 %(licence)s。请减少额度或产品，或先换上级授权。"),
    "licence-without-parent": N_("还缺上级品牌 %(mark)s 的授权。请先取得，并在授权里写明。"),
    "mark-commodity-outside": N_("品类「%(commodity)s」不在品牌 %(mark)s 的适用品类之内。请换用合适的品牌。"),
    "mark-commodity-unknown": N_("没有这个品类：%(commodity)s。请从列表中选择。"),
    "mark-division-unknown": N_("行政区划代码 %(division)s 不正确，应为 6 位数字。"),
    "mark-not-yours": N_("品牌 %(mark)s 不归本单位管理。请由品牌所有者或产区的监管部门登记。"),
    "mark-origin-outside": N_(
        "批次 %(lot)s 不产自品牌 %(mark)s 的产区，或查不到产地，不能使用这个品牌。请核对地块。"
    ),
    "mark-over-lot": N_("批次 %(lot)s 一共 %(lot_kg)s，已有 %(borne_kg)s 使用这个品牌。请减少数量。"),
    "mark-owner-unknown": N_("没有找到品牌所有者 %(party)s。请核对编号，或先登记这个单位。"),
    "mark-parent-level": N_(
        "品牌 %(mark)s 的级别要低于上级品牌 %(above)s（公用背书、区域公用、企业、产品）。请改正级别或上级。"
    ),
    "mark-parent-unknown": N_("没有品牌 %(mark)s 的上级品牌 %(above)s。请核对编号，或先登记上级品牌。"),
    "mark-product-outside": N_(
        "批次 %(lot)s 的产品不在授权 %(licence)s 之内。请换用包括它的授权，或请品牌所有者增加产品。"
    ),
    "mark-retired": N_("品牌 %(mark)s 当日已经停用或没有登记，不能再用。请换用有效的品牌。"),
    "mark-taken": N_("品牌编号 %(mark)s 已由别的单位登记，请换一个。"),
    "mark-unknown": N_("没有品牌 %(mark)s。请核对编号，或先登记品牌。"),
    "mark-wider": N_("品类和产区不能超出品牌 %(above)s 的范围。请去掉超出的部分。"),
    "mark-without-weight": N_("批次 %(lot)s 按件计量，算不出占用的额度。请先登记产品的单件重量。"),
    "quota-overdrawn": N_("授权 %(licence)s 这一季的额度只剩 %(left_kg)s。请减少数量，或申请增加额度。"),
    "right-not-yours": N_("%(party)s 不在您的辖区内。用标资格和荣誉由它所在辖区的监管部门登记。"),
    "season-yield-high": N_("%(commodity)s的单产超过上限 %(most)s 公斤/公顷，已标记待查。请核对面积和单产。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a base can give something, and its title ends after it begins": N_(
        "基地的年产量要大于零，有效期不能早于开始。"
    ),
    "a base names its plots, each once": N_("请写明基地的地块，每个只写一次。"),
    "a famous product is a product": N_("名牌要写明是哪个产品。"),
    "a licence ends after it begins": N_("授权的截止日期不能早于起始日期。"),
    "a mark names what may bear it and where that grows": N_("请写明品牌的适用品类和产区。"),
    "a mark stands on more than nothing": N_("使用品牌的数量要大于零。"),
    "a month is 1 to 12": N_("月份是 1 至 12。"),
    "a quota is more than nothing": N_("额度要大于零。"),
    "a right ends after it begins": N_("用标资格的截止日期不能早于起始日期。"),
    "a score is 0 to 100 of a number of cases": N_("得分是 0 至 100，件数不能为负。"),
    "a season is named by the year in which it begins": N_("年度写它开始的那一年，例如 2026。"),
    "a share of a base is more than nothing": N_("来自每个基地的原料要大于零。"),
    "a story has a text": N_("请写出故事的正文。"),
    "a story is of a product or of a mark": N_("故事要么讲产品、要么讲品牌，只填一项。"),
    "a threshold is 1 to 100": N_("准入分数线是 1 至 100。"),
    "a weight is 1 to 100, a least score 0 to 100": N_("权重是 1 至 100，最低分是 0 至 100。"),
    "a year has four digits": N_("年份要写四位数字，例如 2026。"),
    "an area and a yield are more than nothing": N_("面积和单产要大于零。"),
    "an outturn is more than 0 and at most 100 per cent": N_("出品率要大于 0，最多 100。"),
    "criteria come with a threshold": N_("评定标准和准入分数线要一起填写。"),
    "each base stands once": N_("同一基地只能写一次。"),
    "each yardstick stands once": N_("同一项评定标准只能写一次。"),
    "every mark but an endorsement has a parent": N_("公用背书品牌不填上级品牌，其他品牌都要填。"),
    "the weights add up to 100": N_("各项权重合计要等于 100。"),
}
