"""What is said about fields, accounts, keys, codes of packs, the ledger, and the rules of most topics."""

from collections.abc import Mapping

from web.language import N_

FIELD_PROBLEMS: Mapping[str, str] = {
    "not-a-period": N_(
        "「%(value)s」不是期间。请写成 2026、2026H1、2026Q3、2026-07 或 2026-07-01..2026-09-30。"
    ),
    "cell-before-from": N_("「%(where)s」的截止日期早于起始日期：%(found)s"),
    "cell-empty": N_("「%(where)s」不能为空。"),
    "cell-not-a-date": N_("「%(where)s」不是日期：%(found)s（应为 2026-09-21 这种写法）"),
    "cell-not-a-decimal": N_("「%(where)s」不是数字：%(found)s"),
    "cell-not-a-list": N_("「%(where)s」的多个值要用 | 隔开，不能有空格：%(found)s"),
    "cell-not-a-whole-number": N_("「%(where)s」不是整数：%(found)s"),
    "cell-not-allowed": N_("「%(where)s」不能填：%(found)s"),
    "cell-without-its-pair": N_("「%(where)s」要和另一列一起填写：%(found)s"),
    "code-form": N_("这不是一个追溯码。请照包装上的文字输入，或扫描二维码。"),
    "commodity-unknown": N_("「%(where)s」没有这个品类：%(found)s"),
    "codes-not-of-one-issue": N_("这些序号不是一次发放的，请从发码清单里选择。"),
    "container-name": N_("箱号 %(value)s 的写法不正确。可用小写字母、数字和连字符。"),
    "container-not-yours": N_("箱号 %(value)s 不属于本单位。SSCC 要以本单位登记的厂商识别代码开头。"),
    "event-type": N_("没有「%(value)s」这种事件类型。"),
    "event-type-unknown-here": N_("这里不能读取「%(value)s」这种扩展事件。"),
    "file-missing": N_("规则集缺少文件：%(where)s"),
    "file-too-large": N_("文件太大，最多 %(most)s MB。"),
    "file-unknown": N_("规则集里有不认识的文件：%(where)s"),
    "gs1-company": N_("代码里的 (%(ai)s) 与其他部分不相配。请照包装核对。"),
    "gs1-element": N_("代码里的 (%(ai)s) 不是可用的标识。请照包装核对。"),
    "gs1-key": N_("代码没有以产品、箱或地点开头：%(value)s。请照包装核对。"),
    "gs1-order": N_("代码各部分的次序不对。请照包装核对。"),
    "gs1-twice": N_("代码里的 (%(ai)s) 出现了两次。请照包装核对。"),
    "gs1-value": N_("代码里 (%(ai)s) 的值不正确：%(value)s。请照包装核对，尤其是最后一位校验码。"),
    "header-differs": N_("「%(where)s」的表头不对，应为：%(found)s"),
    "impossible": N_("%(found)s"),
    "interval-too-long": N_("「%(where)s」的安全间隔期太长：%(found)s"),
    "item-twice": N_("「%(where)s」里有重复的项。"),
    "language-unknown": N_("没有「%(value)s」这种语言，只有 zh 和 en。"),
    "lone-surrogate": N_("文字里有不完整的字符：%(value)s"),
    "lot-not-found": N_(
        "没有找到这个批号：%(name)s。请照包装上的文字再核对一遍；若确实无误，请向卖家或监管部门反映。"
    ),
    "member-twice": N_("「%(where)s」出现了两次，只能有一个。"),
    "missing": N_("请填写「%(field)s」。"),
    "name-form": N_("登录名只能用小写字母、数字和连字符，2 至 40 个字符。"),
    "name-taken": N_("这个登录名已有人使用，请换一个。"),
    "no-goods": N_("「%(where)s」没有写明任何货物。"),
    "no-zone": N_("「%(field)s」没有写明时区，例如 +08:00。"),
    "not-a-checkpoint": N_("这个文件不是检查点。请选择以前从这一页或 /log/checkpoint 下载的文件。"),
    "not-a-code": N_("这不是追溯码：%(value)s。请照包装上的文字输入，或扫描二维码。"),
    "not-a-date": N_("「%(field)s」不是日期：%(found)s。请写成 2026-09-21 这样。"),
    "not-a-label-code": N_(
        "「%(found)s」不是农药或种子标签上的码。请重新扫描，或照标签输入（农药是 32 位数字）。"
    ),
    "not-a-list": N_("「%(where)s」应当是一个列表。"),
    "not-a-once-key": N_("「%(where)s」要用 1 至 200 个可见的 ASCII 字符。"),
    "not-a-number": N_("「%(field)s」不是数字：%(found)s。请只填数字和小数点。"),
    "not-a-report": N_("「%(field)s」要是 PDF、PNG 或 JPEG 文件。"),
    "not-a-table": N_("「%(where)s」不能作为表格读取：%(found)s"),
    "not-a-time": N_("「%(field)s」不是时间：%(found)s。请写成 2026-09-21T08:00+08:00 这样。"),
    "not-a-unit": N_("「%(where)s」不是计量单位代码：%(value)s（例如 KGM）"),
    "not-a-uri": N_("「%(where)s」不是网址或 URN：%(value)s"),
    "not-a-version": N_("规则集的版本号不正确：%(found)s"),
    "not-a-whole-number": N_("「%(field)s」要填整数：%(found)s"),
    "not-a-picture": N_("「%(field)s」要是完整的 PNG 或 JPEG 照片。"),
    "not-an-amount": N_("「%(field)s」要大于零：%(found)s"),
    "not-an-object": N_("「%(field)s」的结构不正确。"),
    "not-an-offset": N_("「%(where)s」不是时区：%(value)s（例如 +08:00）"),
    "not-in-list": N_("「%(field)s」不能填 %(found)s，请从列表中选择。"),
    "not-json": N_("文件不是有效的 JSON，第 %(position)s 个字符附近有误。"),
    "not-text": N_("「%(field)s」要填文字。"),
    "not-proven": N_("「%(where)s」不成立：%(value)s"),
    "not-the-form": N_("「%(where)s」的写法不符合格式：%(value)s"),
    "not-true-or-false": N_("「%(field)s」只能是“是”或“否”。"),
    "number-too-long": N_("数字太长：%(value)s"),
    "once-key-taken": N_("「%(where)s」%(value)s 已用于别的内容。请换一个再提交。"),
    "only-with-add": N_("「%(where)s」只能用在 ADD 事件里。"),
    "passwords-differ": N_("两次输入的密码不一样，请再试一次。"),
    "party-form": N_("单位编号只能用小写字母、数字和连字符，最多 30 个字符：%(value)s"),
    "party-taken": N_("单位编号 %(value)s 已经登记过，请换一个。"),
    "password-common": N_("这个密码太常见，容易被猜到，请换一个。"),
    "password-is-name": N_("密码里不能有登录名，请换一个。"),
    "password-long": N_("密码最长 200 个字符。"),
    "password-short": N_("密码至少 10 个字符。可以用一句容易记的话。"),
    "role-unknown": N_("没有「%(value)s」这种单位类型。"),
    "row-has-other-columns": N_("「%(where)s」这一行有 %(found)s 列，与表头不同。"),
    "row-stands-twice": N_("「%(where)s」这一行重复了：%(found)s"),
    "sealed-for-another-statement": N_("隐私内容「%(where)s」与这条记录不符。请重新签名后再提交。"),
    "sealed-values-missing": N_("缺少隐私内容的原文。请连同原文和随机值一起提交。"),
    "too-deep": N_("内容嵌套超过 %(most)s 层。"),
    "too-few": N_("「%(where)s」至少要有 %(least)s 项。"),
    "too-large": N_("内容太大，最多 %(most)s 字节。"),
    "too-long": N_("「%(field)s」太长，最多 %(found)s 个字符。"),
    "unknown-field": N_("没有「%(where)s」这个字段，请删去或改正。"),
    "unknown-kind": N_("没有这种事件：%(kind)s"),
    "unknown-member": N_("「%(where)s」不是这里可以有的内容，请删去或改正。"),
    "unknown-word": N_("「%(where)s」不能用 %(value)s。"),
    "unseen-characters": N_("「%(field)s」里有看不见的字符，请重新输入。"),
    "too-many": N_("一次最多 %(most)s 条。请分成几份提交。"),
    "logger-columns": N_("第 %(row)s 行以前找不到时间和温度两列。请用记录仪导出的原始表格。"),
    "logger-empty": N_("文件里至少要有两个读数。"),
    "logger-step": N_("第 %(row)s 行的时间 %(found)s 不在等间隔的位置上。请不要增删行。"),
    "logger-temperature": N_("第 %(row)s 行的温度读不懂：%(found)s"),
    "logger-time": N_("第 %(row)s 行的时间读不懂：%(found)s"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a concentration is not negative": N_("检测值不能是负数。"),
    "a dose is more than nothing": N_("用量要大于零。"),
    "a root is a SHA-256 in hex": N_("摘要要写 64 个十六进制字符。"),
    "blank codes are named by their roll and their first index": N_("用空白码时，卷号和卷内起始序号都要写。"),
    "every lot and every code that was scanned was scanned at least once": N_(
        "批次数不能多于码数，码数不能多于查询次数。"
    ),
    "a plot is more than nothing": N_("面积或菌袋数要大于零。"),
    "an input is more than nothing": N_("投入品的数量要大于零。"),
    "a correction does not replace by a correction": N_("更正的内容不能又是一条更正。"),
    "a harvest is more than nothing": N_("采收数量要大于零。"),
    "a harvest names each plot once": N_("同一地块只能写一次。"),
    "a harvest names its plots": N_("请写明采自哪些地块。"),
    "a party has either a public or a private name": N_("单位名称要么公开、要么不公开，只填一项。"),
    "a pesticide has at least one active substance": N_("请写明农药的有效成分。"),
    "a plot has either an area or a number of bags": N_("地块要么填面积、要么填菌袋数，只填一项。"),
    "a process has inputs and outputs": N_("加工要写明投入和产出。"),
    "a process names each lot once": N_("同一批次在一次加工中只能写一次。"),
    "a range of codes has a first index and at least one code": N_("请写明起始序号，个数至少为一。"),
    "a sealed digest has 32 bytes": N_("隐私内容的摘要长度不正确。"),
    "a shipment holds something": N_("发货至少要有一个批次或一个箱。"),
    "an amount is either kg or pieces": N_("数量要么填公斤、要么填件数，只填一项。"),
    "an area is told to 0.01 ha": N_("面积精确到 0.01 公顷。"),
    "an inspection has results": N_("请至少填写一项检测结果。"),
    "an instant is in UTC": N_("时间要带时区。"),
    "an interval is 0 to 400 days": N_("安全间隔期是 0 至 400 天。"),
    "codes are issued from an index, at least one, for packs that hold something": N_(
        "发码至少一个，每包装量要大于零。"
    ),
    "each part of a process is more than nothing": N_("加工的每一项数量都要大于零。"),
    "something was packed": N_("装箱至少要有一个批次或一个箱。"),
    "the parts of the plots add up to the harvest": N_("各地块的数量之和要等于采收总量。"),
    "the verdict follows from the results": N_("结论要与各项结果一致：有一项不合格，结论就是不合格。"),
    "a legal basis is named, in no more than 400 letters": N_("请写明法律依据，最多 400 字。"),
    "a listing rests on facts, each named once": N_("请至少填写一条事实依据，不能重复。"),
    "a listing keeps a party from something, each named once": N_("请至少选择一项限制事项，不能重复。"),
    "a term ends after it begins": N_("截止日期不能早于起始日期。"),
    "a weight is a whole number from 1 to 1000": N_("权重是 1 至 1000 的整数。"),
    "the parties of a group are sorted, each once": N_("同一等级的单位要按编号排列，不能重复。"),
    "inspectors are sorted, each once": N_("检查人员代号要按次序排列，不能重复。"),
    "an inspector is named by a code of letters and digits": N_(
        "检查人员只填代号：字母、数字和连字符，最多 20 个字符。"
    ),
    "no more inspectors go to a party than there are": N_("每家的检查人员不能多于名录里的人数。"),
    "a commitment is a SHA-256 in hex": N_("暗语摘要是 64 位十六进制数。"),
    "the groups of a pool are sorted by grade, each once": N_("名录库要按信用等级分组，每级一组。"),
    "a pool names each party once, and no more than 2000": N_(
        "名录库里每个单位只出现一次，最多 2000 家。请按县分别抽取。"
    ),
    "no more parties are drawn than there are": N_("抽取的家数要在 1 和名录库的家数之间。"),
    "the roles of a pool are sorted, each once": N_("请至少选择一种单位类型，不能重复。"),
    "a township or village has the 12 digits of GB/T 10114": N_("乡镇或村的代码是 12 位数字（GB/T 10114）。"),
    "a township lies in its county": N_("乡镇代码的前几位要与所在县一致。"),
    "the village of a person stays private: the code of the township ends with 000": N_(
        "这是个人的记录，为保护隐私只填到乡镇：代码最后三位是 000。"
    ),
    "a suspension does not end before it begins": N_("暂停的截止日期不能早于开始。"),
    "the most that may be used has a number and a unit": N_("标签最高用量要同时填数字和单位。"),
    "what was used up has a number and a unit": N_("用掉的数量要同时填数字和单位。"),
    "a treatment does not end before it begins": N_("施药结束的日期不能早于开始。"),
    "a change is more or less than nothing": N_("变动的数量不能是零。"),
    "what was there before is more, what is gone is less": N_("原有的数量填正数，退回、过期、洒漏的填负数。"),
    "an order asks for something, each named once": N_("请至少选择一项整改内容，不能重复。"),
    "whoever has looked has found something, be it good": N_("请至少登记一项检查情况。"),
    "somebody has rated, and nobody less than no times": N_("评价数不能为负，合计要大于零。"),
    "a receipt is a SHA-256 in hex": N_("编号的摘要是 64 位十六进制数。"),
    "a day has ratings, each maker once": N_("每天的评价按生产单位汇总，每家一行。"),
    "a division has 6 digits, a township 9, a village 12": N_("行政区划代码是 6 位，乡镇 9 位，村 12 位。"),
    "an accreditation ends after it begins": N_("资质的有效期不能早于开始。"),
    "the next calibration is due after this one": N_("下次检定要晚于这一次。"),
    "a certificate ends after it begins": N_("证书的有效期不能早于开始。"),
    "a bound is more than nothing": N_("面积和产量要大于零。"),
    "the right to use an indication names the indication and its registry": N_(
        "地理标志用标要写明标志名称和登记机关，别的证书不写。"
    ),
    "a promise mark tells what is promised, and no other certificate does": N_(
        "服务承诺标识要写明承诺内容，别的证书不写。"
    ),
    "a base has plots, each once": N_("请至少写一个地块，不能重复。"),
    "an area is more than nothing, and told to 0.01 ha": N_("面积要大于零，精确到 0.01 公顷。"),
    "a division has six figures": N_("行政区划代码是 6 位数字。"),
    "a country has two capital letters": N_("国家或地区用两个大写字母，例如 JP。"),
    "a random id has 26 symbols": N_("编号是 26 个字符。请用页面给出的编号。"),
    "a temperature is between -90 and 90 degrees Celsius": N_("温度在 -90 至 90 ℃ 之间。"),
    "a difference is more than nothing": N_("差异的数量要大于零。"),
    "who is abroad has a country, and nobody else has": N_("境外客户要填国家或地区，其他往来方不填。"),
    "a temperature or a shelf life is declared": N_("温度范围和保质期，至少填一样。"),
    "the lowest temperature is not above the highest": N_("最低温度不能高于最高温度。"),
    "no more than a day outside the range is tolerated": N_("允许超出的时间在 0 至 1440 分钟之间。"),
    "a shelf life is one day to a hundred years": N_("保质期在 1 至 36500 天之间。"),
    "a shipment is named by the digest of its statement": N_("发货记录用它的 64 位十六进制摘要来指。"),
    "whether a seal is whole is told when goods are set down": N_("封签是否完好，送达时才填。"),
    "an excursion ends when it began, or later": N_("超温时段的结束不能早于开始。"),
    "a series is of goods, and names each lot once": N_("温度记录要写明批次，每个批次只写一次。"),
    "a series has a start and a step of a second to a day": N_(
        "温度记录要有开始时间，间隔在 1 秒至 1 天之间。"
    ),
    "a series is over when it is told": N_("温度记录还没有结束。请等记录仪读完再登记。"),
    "a series has its readings, not too many, or their summary": N_("读数最多 4000 个；更多的只登记摘要。"),
    "excursions of a series follow from its readings": N_("有读数就不用另写超温时段。"),
    "a summary has a file, a count, a minimum and a maximum": N_("摘要要有文件、读数个数、最低和最高温度。"),
    "a summary has readings, the lowest no higher than the highest": N_("最低读数不能高于最高读数。"),
    "a summary has no more than 200 excursions": N_("超温时段最多写 200 个。"),
    "goods go to a division or to another country": N_("去往省份和去往国家只填一样。"),
    "a stall has a vendor": N_("请选经营单位，或填经营者的名字。"),
    "goods are a lot, or a commodity": N_("有追溯码就填批次，没有就选品类，只填一样。"),
    "a refusal has reasons, and nothing else has": N_("拒绝入场要选原因，准予入场不选。"),
    "a reason is told once": N_("同一个原因只选一次。"),
    "what is checked is more than nothing": N_("查验的数量要大于零。"),
    "an export is more than nothing": N_("出口的数量要大于零。"),
    "an export goes to another country": N_("出口的目的地不能是中国。"),
}

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
    "event-id-reused": N_("事件编号 %(event)s 先后说了不同的内容，两条都保留，等待核查。"),
    "external-unverified": N_("声明方不是登记单位，内容未经核实。"),
    "already-listed": N_("%(party)s 在这段时间已经在严重失信名单上。请先等它期满，或登记修复、撤销。"),
    "another-division": N_("%(party)s 属于 %(division)s，不在您的辖区内。请由它所在辖区的监管部门登记。"),
    "draw-differs": N_("抽查结果和种子算出的不一样。请用 jizihao draw make 或本页重新计算后再登记。"),
    "draw-not-announced": N_("没有找到这次抽查的公告：%(target)s。要先公告，再抽取。"),
    "drawn-before": N_("这次抽查的结果已经登记过，不能再抽一次。"),
    "listing-has-ended": N_("这次列入已经修复或撤销，不能再登记一次。"),
    "not-a-listing": N_("%(target)s 不是列入严重失信名单的记录。请填写那条记录的摘要。"),
    "not-an-objection": N_("%(target)s 不是信用异议。请填写那条异议的摘要。"),
    "not-your-draw": N_("这次抽查由 %(by)s 公告，要由它登记结果。"),
    "objection-has-its-answer": N_("这条异议已经处理过。"),
    "outside-the-term": N_("日期要在列入期限之内：%(since)s 至 %(until)s。"),
    "pool-differs": N_(
        "名录库要包括辖区内全部这类单位：少了 %(missing)s 家，多了 %(foreign)s 家。请刷新后重新公告。"
    ),
    "seed-differs": N_("账本前 %(size)s 条的树根与所填的不同。请重新读取后再登记。"),
    "seed-is-known": N_("账本已经有 %(size)s 条，种子已经可以算出；公告要用将来的条数，公告后也不能再撤回。"),
    "seed-not-announced": N_("公告的种子是账本满 %(size)s 条时的树根，请用它。"),
    "seed-not-reached": N_("账本要满 %(size)s 条才能抽取，现在有 %(has)s 条。"),
    "weight-not-published": N_("%(grade)s 级的权重 %(weight)s 与公布的不同。请刷新后重新公告。"),
    "word-differs": N_("暗语与公告时的摘要不符。请输入公告时写下的暗语，一字不差。"),
    "party-not-verified": N_(
        "%(party)s 还没有经监管部门核实（%(since)s 申请），只能登记社员、地块和产品。"
        "请等所在县的监管部门核实后再登记。"
    ),
    "party-suspended": N_(
        "%(party)s 自 %(since)s 起被监管部门暂停，不能登记新的事项；更正、收货、召回和作废追溯码不受影响。"
        "如有异议，请联系所在县的监管部门。"
    ),
    "party-ended": N_("%(party)s 已于 %(since)s 注销，不能再登记；以前的记录都在，仍可更正。"),
    "uscc-form": N_(
        "统一社会信用代码 %(uscc)s 不正确：应为 18 位数字和大写字母，不含 I、O、S、V、Z。请照营业执照填写。"
    ),
    "uscc-check": N_("统一社会信用代码 %(uscc)s 的校验码对不上，请照营业执照核对。"),
    "unknown-department": N_("部门代码 %(department)s 不在名录里，请核对。"),
    "unknown-market": N_("%(party)s 不是已登记的市场。请填写摊位所在市场的编号。"),
    "not-yours-to-propose": N_("只有本单位、所在市场或平台运营方可以申请登记 %(party)s。"),
    "not-proposable": N_("这一类单位（%(role)s）不能申请登记。"),
    "register-state": N_("%(party)s 现在的登记状态不允许这一步。请先看它的登记经过。"),
    "own-register": N_("%(party)s 不能核实、暂停或恢复自己，请由上级或所在辖区的监管部门办理。"),
    "other-department": N_(
        "%(party)s 的品类不在本部门（%(department)s）的职责范围内，请确认由哪个部门核实。"
    ),
    "over-dose": N_(
        "%(treatment)s 用量 %(dose)s，超过标签上的最高用量 %(most)s（依据：%(source)s）。"
        "请照标签用药；如果填错了，请改正。"
    ),
    "input-not-bought": N_(
        "%(name)s 用了 %(wanted)s，账上只剩 %(held)s。如果是入账以前就有的，请在“投入品”里登记；"
        "漏记了购入就补记。"
    ),
    "banned-purchase": N_(
        "%(name)s 含有 %(substance)s，%(day)s 已经禁用，请不要使用，退回经销商（依据：%(source)s）。"
    ),
    "unlicensed-dealer": N_(
        "%(name)s 含有 %(substance)s，属于限制使用农药，要到定点经营的门店购买；"
        "这次没有登记经销商的定点资格（依据：%(source)s）。"
    ),
    "label-code-form": N_("%(label_code)s 不是农药标签上的 32 位追溯码，请照标签核对，或者再扫一次。"),
    "label-code-differs": N_("标签追溯码 %(label_code)s 与登记证号 %(registration)s 对不上，请核对标签。"),
    "label-code-copied": N_(
        "标签追溯码 %(label_code)s 在 %(day)s 已经登记过别的购入。每个销售单位的码只有一个，"
        "请核对是不是抄错，或者标签是仿冒的。"
    ),
    "input-expired": N_("%(name)s 的有效期到 %(expiry)s 为止，已经过期，请不要使用。"),
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
    "not-your-recall": N_("这次召回由 %(by)s 发布，要由它、生产者或监管部门登记。"),
    "not-your-task": N_("这项任务由 %(office)s 承办。"),
    "outside-the-division": N_("%(party)s 不在您的辖区内。"),
    "recall-completed-already": N_("这次召回已经登记完成，不能再加登记。"),
    "recall-not-started": N_("请先登记启动召回（停止销售），再登记这一步。"),
    "recall-started-already": N_("这次召回已经启动过。"),
    "recall-started-late": N_("%(level)s 级召回最迟应在 %(due)s 启动，现在晚了；记录照样保留。"),
    "recall-unaccounted": N_("批次 %(lot)s 还有 %(left)s 没有收回，也没有说明原因。"),
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
    "another-laboratory": N_("样品 %(sample)s 送的是 %(laboratory)s，不是本机构。请核对样品编号。"),
    "beyond-accreditation": N_("检测项目 %(analytes)s 不在 %(laboratory)s 已登记的资质附表之内。"),
    "calibration-overdue": N_("仪器 %(instrument)s 应在 %(due)s 前检定，已经过期。"),
    "due-before-its-order": N_("复检期限 %(due)s 不晚于安排当天。请改正日期。"),
    "instrument-not-calibrated": N_("仪器 %(instrument)s 没有检定合格的记录。"),
    "instrument-not-registered": N_("本单位没有登记过仪器 %(instrument)s。"),
    "laboratory-not-accredited": N_("%(laboratory)s 当日没有有效的资质（CMA 或 CATL），用于%(purpose)s。"),
    "not-a-laboratory": N_("%(party)s 不是登记的检验检测机构。"),
    "not-the-sampled-party": N_("只有被抽样的单位可以对这个结果提出异议。"),
    "not-your-certificate": N_("这张证书由 %(by)s 登记，只有它或监管部门可以变更。"),
    "not-your-result": N_("这个结果由 %(laboratory)s 出具，只有它、下达抽样的部门或监管部门可以告知。"),
    "objected-already": N_("对样品 %(sample)s 的结果已经提过异议。"),
    "objection-late": N_("异议期限到 %(until)s 为止，已经过了。"),
    "purpose-differs": N_("样品 %(sample)s 是按%(purpose)s抽的，报告写的不同。"),
    "rapid-retest": N_("样品 %(sample)s 的复检不能用快速检测方法。"),
    "report-repeated": N_(
        "样品 %(sample)s 的报告文件和样品 %(other_sample)s 的是同一份。已列入监管部门的核查清单。"
    ),
    "retest-late": N_("复检应在 %(due)s 前完成。"),
    "retest-not-ordered": N_("复检指定由 %(laboratory)s 进行。"),
    "retest-of-another-sample": N_("复检要针对批次 %(lot)s 的样品 %(sample)s。"),
    "retest-ordered-already": N_("已经安排 %(laboratory)s 复检。"),
    "retested-already": N_("样品 %(sample)s 已经复检过，复检结果就是最终结果。"),
    "same-laboratory": N_("复检不能由初检机构 %(laboratory)s 进行。"),
    "sample-of-another-lot": N_("样品 %(sample)s 抽自批次 %(lot)s。请核对批次。"),
    "sample-of-other-goods": N_("批次 %(lot)s 是%(commodity)s，不是%(grows)s。"),
    "sample-taken": N_("批次 %(lot)s 已经有编号为 %(sample)s 的样品，请换一个。"),
    "sampled-by-higher-office": N_(
        "%(sampling_office)s 已抽过批次 %(lot)s（样品 %(sample)s），下级不得重复抽样。"
    ),
    "sampling-day-differs": N_("样品 %(sample)s 抽于 %(sampled)s，报告写的不同。"),
    "sampling-under-way": N_("%(sampling_office)s 对批次 %(lot)s 的抽检（样品 %(sample)s）还没有结果。"),
    "term-missing": N_("请写明可以提出异议的最后一天：收到结果后五个工作日。"),
    "term-too-short": N_("异议期限 %(until)s 太早，法律给五个工作日。"),
    "unknown-accreditation": N_("没有找到这项资质的登记。"),
    "unknown-instrument": N_("请先登记仪器 %(instrument)s。"),
    "unknown-objection": N_("没有找到这项异议，或它已作废。"),
    "values-alike": N_("样品 %(sample)s 的各项检测值完全相同。已列入监管部门的核查清单。"),
    "values-repeated": N_(
        "样品 %(sample)s 的检测值与样品 %(other_sample)s 完全相同。已列入监管部门的核查清单。"
    ),
    "withdrawn-already": N_("它已经撤销，不能再变更。"),
    "base-beyond-the-plot": N_("地块 %(plot)s 没有 %(found)s 公顷。"),
    "basis-differs": N_("作为承诺依据的检测不是这一批的，或不合格、已作废。"),
    "beyond-scheme-area": N_("认证面积是 %(most)s 公顷，加上这些地块共 %(found)s 公顷。"),
    "beyond-scheme-scope": N_("证书不包括%(commodity)s。"),
    "certificate-missing": N_("批次 %(lot)s 应附承诺达标合格证，还没有开具。"),
    "certificate-not-live": N_("这张%(scheme)s证书当日的状态是：%(standing)s（有效期至 %(until)s）。"),
    "certificate-number-taken": N_("编号 %(number)s 已经用过，请换一个。"),
    "certificate-superseded": N_("合格证 %(number)s 已被新的合格证替换，请收取新的。"),
    "certificate-without-contact": N_("合格证 %(number)s 要有联系方式；包装上已有的，请勾选。"),
    "certified-beyond-the-lot": N_("批次 %(lot)s 只有 %(most)s，合格证共开了 %(found)s。要改数量，请换开。"),
    "mixed-without-certificate": N_("批次 %(lot)s 由几家的货混成，要重新开具承诺达标合格证。已暂停流转。"),
    "not-the-holder": N_("证书属于 %(party)s。"),
    "own-certificate": N_("%(party)s 不能给自己发证。"),
    "plot-in-base-already": N_("地块 %(plot)s 已经算在这张证书的基地里。"),
    "scheme-amount-unknown": N_("批次 %(lot)s 没有单件重量，不能按公斤计入证书。"),
    "superseded-already": N_("合格证 %(number)s 已经换开过。"),
    "supersedes-another": N_("只能换开本单位给批次 %(lot)s 开的合格证。"),
    "unknown-certificate": N_("没有找到这张证书，或它不属于这一批、已作废。"),
    "sampling-not-ordered": N_("%(purpose)s由监管部门进行，或写明由哪个监管部门下达。"),
    "beyond-scheme-tonnage": N_("证书核准 %(most)s 公斤，已用 %(used_kg)s，不能再用 %(found)s 公斤。"),
    "scheme-beyond-the-lot": N_("批次 %(lot)s 只有 %(most)s 公斤，已用标 %(used_kg)s。"),
    "carrier-unproven": N_("发货方没有给这批货承运码，承运人无从证明货是交给它的。"),
    "cold-chain-excursion": N_(
        "批次 %(lot)s 的温度到了 %(extreme)s ℃，超出厂家声明的范围，暂停流转。"
        "请查明原因，由第二方核查后解除。"
    ),
    "cold-chain-unusual": N_(
        "批次 %(lot)s 的温度到了 %(extreme)s ℃，超出这类货通常的范围（依据：%(source)s）。"
    ),
    "counterparty-taken": N_("这个往来方编号已经属于别的单位。请重新打开表单登记。"),
    "differences-do-not-add-up": N_(
        "批次 %(lot)s 发了 %(shipped)s，实收 %(received)s，短少和破损之和要等于差额。请核对。"
    ),
    "not-in-your-hands": N_("批次 %(lot)s 不在本单位手里，也不由本单位承运。"),
    "not-taken-over": N_("本单位没有承接这批货，或者已经送达。"),
    "seal-broken": N_("封签已破。请当场清点，并在收货时写明差异。"),
    "short-delivery": N_("批次 %(lot)s 发了 %(shipped)s，实收 %(received)s，差额没有说明。"),
    "still-to-be-kept": N_("「%(kind)s」的记录依法要保存到 %(until)s，现在只能隐藏，到期再删除。"),
    "taken-over-already": N_("这批货已经由 %(by)s 承接，还没有送达。"),
    "certificate-state-differs": N_("合格证状态应为「%(expected)s」。请照账本所见登记。"),
    "domestic-lot-is-the-same": N_("内销批次不能就是出口批次 %(lot)s，请选另一个批次。"),
    "entry-of-failed-goods": N_("快检不合格的货不能准入，请拒绝。"),
    "entry-without-certificate": N_("这类货应有承诺达标合格证而没有。请补证，或快检合格后再准入。"),
    "listed-without-certificate": N_("批次 %(lot)s 应有承诺达标合格证而没有，不能上架。请先开具合格证。"),
    "listing-exists": N_("这个上架编号已经用过。请重新打开表单登记。"),
    "not-your-listing": N_("这件商品不是本单位上架的。"),
    "reason-does-not-hold": N_("这类货不需要合格证，不能以没有合格证为由拒绝。"),
    "refused-at-the-gate": N_("批次 %(lot)s 在 %(market)s 入场查验时被拒绝。"),
    "spot-check-failed": N_("样品 %(sample)s 的 %(item)s 抽查不合格，停止销售，并向监管部门报告。"),
    "stall-taken": N_("摊位 %(stall)s 已有经营者。请先登记退市。"),
    "unknown-listing": N_("没有这件上架商品，或者已经下架。"),
    "unknown-stall": N_("没有在营的摊位 %(stall)s。请先登记摊位。"),
    "activation-required": N_("批次 %(lot)s 的追溯码要先检测或核查、再启用。发码时请选“先不启用”。"),
    "codes-active-already": N_("从 %(first)s 起的 %(count)s 个码里有已经启用的，请只选等待启用的。"),
    "codes-bound-already": N_(
        "卷 %(roll)s 从 %(first)s 起的 %(count)s 个空白码里有已经用过的，请换后面的序号。"
    ),
    "codes-not-active": N_("从 %(first)s 起的 %(count)s 个码还没有启用，不能售出。请先启用。"),
    "codes-not-printed": N_("卷 %(roll)s 没有印过从 %(first)s 起的 %(count)s 个空白码。请核对卷号和序号。"),
    "codes-recalled": N_("从 %(first)s 起的 %(count)s 个码里有已召回的，不能售出。"),
    "codes-recalled-already": N_("从 %(first)s 起的 %(count)s 个码里有已经召回过的，请只选其余的。"),
    "codes-sold-already": N_(
        "从 %(first)s 起的 %(count)s 个码里有已经售出的。同一个码卖两次，其中一包可能是仿冒，请告诉监管部门。"
    ),
    "ground-not-enough": N_("批次 %(lot)s 的产品不能只凭“%(ground)s”启用，请监管部门核查或第二方见证。"),
    "no-certificate": N_("批次 %(lot)s 要附承诺达标合格证，请先开具再启用。"),
    "no-passed-test": N_("批次 %(lot)s 还没有合格的检测，请先送检，或请监管部门核查启用。"),
    "no-second-party": N_("批次 %(lot)s 只能由别的单位见证启用；检测机构要检测过这一批。"),
    "not-the-office": N_("批次 %(lot)s 只能由生产单位所在地的监管部门核查启用。"),
    "number-of-a-roll": N_("%(lot)s 是空白码卷号，这一批只能按卷上的序号发码。"),
    "roll-of-other-goods": N_("卷 %(roll)s 属于别的单位或别的产品，请换一卷。"),
    "scans-counted-already": N_("%(day)s 的查询次数已经公布。"),
    "scans-not-over": N_("%(day)s 还没有过完，第二天再公布查询次数。"),
}

UNKNOWN: Mapping[str, str] = {
    "draw": N_("第 %(name)s 条不是抽查的公告或结果。"),
    "container": N_("没有找到这个箱号：%(name)s。请核对后再输入。"),
    "entry": N_("账本里没有第 %(name)s 条。"),
    "key": N_("没有找到这个密钥：%(name)s。"),
    "lot": N_("没有找到这个批号：%(name)s。请照包装上的文字再核对一遍；若确实无误，请向卖家或监管部门反映。"),
    "member": N_("没有找到这位社员：%(name)s。请先登记社员。"),
    "party": N_("没有找到这个单位：%(name)s。请先登记单位。"),
    "place": N_("没有找到这个地点：%(name)s。"),
    "plot": N_("没有找到这个地块：%(name)s。请先登记地块。"),
    "product": N_("没有找到这个产品：%(name)s。请先登记产品。"),
    "statement": N_("没有找到这条记录：%(name)s。"),
    "case": N_("没有找到这个案件：%(name)s。"),
    "hold": N_("没有找到这条暂停：%(name)s。"),
    "recall": N_("没有找到这次召回：%(name)s。"),
    "report": N_("没有找到这份举报。请核对编号；编号只在举报时显示一次。"),
    "task": N_("没有找到这项任务：%(name)s。"),
}

CODES: Mapping[str, str] = {
    "code-error": N_("这个追溯码不能使用。"),
    "code-mistyped": N_("追溯码输错了一位。请照标签再输入一遍。"),
    "label-unprintable": N_("这张标签印出来不能扫读，没有生成。请改用更大的版式。"),
    "packs-not-possible": N_("按这个每包装量算不出包数。请核对批次数量和每包装量。"),
    "serial-not-issued": N_("这个追溯码没有发放过。请照包装核对；若确实无误，可能是假冒，请向监管部门反映。"),
}

NOT_ALLOWED: Mapping[str, str] = {
    "other-record": N_("这不是本单位信用档案里的记录，不能对它提出异议。"),
    "key-change-begun": N_("账本的密钥正在更换中。请先执行 jizihao key rotate-log --finish。"),
    "key-change-not-begun": N_("没有正在进行的更换。请先执行 jizihao key rotate-log --begin。"),
    "key-change-running": N_("另一个进程正在更换密钥。请等它结束再试。"),
    "key-change-unseen": N_(
        "还没有足够的见证方见过这次更换，信任旧密钥的人还不能跟到新密钥。请让服务器运行，"
        "等见证方签名后再结束；若不再等待，加 --without-witnesses。"
    ),
    "key-file-differs": N_("密钥文件与账本里登记的密钥不一致。请放回正确的密钥文件。"),
    "key-own-custody": N_(
        "%(party)s 自己保管密钥，平台不能代它更换。请由它用 jizihao sign --old-key 签名申请。"
    ),
    "log-already-open": N_("账本已经开立。"),
    "log-not-open": N_("账本还没有开立。请先执行 jizihao init。"),
    "no-platform-key": N_("%(party)s 没有由平台保管的有效密钥，不能在网页上登记。请联系平台运营方。"),
    "not-your-statement": N_("这次测量由 %(by)s 登记，只有它自己能登记纠偏措施。"),
    "other-division": N_("这不在您的辖区之内。您只能查看和登记辖区内（%(division)s）的单位和批次。"),
    "other-party": N_("这是别的单位的内容。您只能查看和登记本单位的内容。"),
    "register-state": N_("%(party)s 现在不能这样办。请先看它的登记经过。"),
    "registrar-key": N_("这是为别人作保的密钥，不能在这里吊销。"),
    "same-division": N_("不能登记同一辖区（%(division)s）的监管部门。请由上一级监管部门或平台运营方登记。"),
    "role": N_("您的单位类型（%(role)s）不能使用这一页。如需使用，请联系平台运营方。"),
}

LEDGER: Mapping[str, tuple[int, str]] = {
    "Malformed": (422, N_("内容的格式不符合账本的规定，没有写入。")),
    "NotProven": (422, N_("证明或签名不成立，没有写入。")),
    "Conflict": (409, N_("账本刚刚被别的登记推进，请再提交一次。")),
    "Busy": (429, N_("等待写入的登记太多，这次没有写入。请稍等几秒，再提交一次；填好的内容不会丢。")),
    "Unreachable": (
        503,
        N_("数据库暂时没有应答。请稍后再提交一次；若这次已经写入，不会重复登记。"),
    ),
    "KeysChanged": (
        503,
        N_("账本的密钥已经更换，这个进程还在用旧的，已停止写入。请放好新的密钥文件，重新启动服务器。"),
    ),
    "Unsafe": (503, N_("账本与它先前的承诺不一致，已停止写入。请联系平台运营方，并保留您手中的检查点。")),
}

NOT_SET_UP: Mapping[str, str] = {
    "exists": N_("文件夹 %(value)s 里已有账本，没有改动它。请换一个文件夹，或直接使用它。"),
    "exposed": N_("密钥文件 %(setting)s 的权限是 %(value)s，别人也能读。请执行 chmod 600 后再试。"),
    "locked": N_("打不开密钥文件 %(value)s：口令或密钥不对。请核对 %(setting)s。"),
    "malformed": N_("设置 %(setting)s 的值不正确：%(value)s"),
    "missing": N_("缺少 %(setting)s。请从备份恢复；密钥不能重新生成后继续使用原账本。"),
    "no-instance": N_("文件夹 %(value)s 里还没有账本。请先执行 jizihao init。"),
}

PAGES: Mapping[int, tuple[str, str]] = {
    400: (N_("请求不完整"), N_("浏览器发来的内容不完整。请返回上一页，刷新后再试。")),
    401: (N_("请先登录"), N_("登录后才能继续。")),
    403: (N_("没有权限"), N_("这一页不向您的账号开放。")),
    404: (N_("没有找到"), N_("这个地址没有内容。请核对包装上的追溯码，或从首页重新输入。")),
    405: (N_("不支持的操作"), N_("这个地址不接受这种操作。请从首页进入。")),
    406: (N_("没有这种格式"), N_("这个地址不提供所要的格式。")),
    409: (N_("与已有内容冲突"), N_("内容与已经登记的不一致，没有写入。")),
    410: (N_("已不存在"), N_("这项内容已经不再提供。")),
    413: (N_("内容太大"), N_("上传的内容太大，没有接收。请把文件分成几份再传。")),
    415: (N_("不支持的格式"), N_("不能读取这种格式的内容。")),
    422: (N_("内容有误"), N_("没有写入任何内容。请按下面的提示改正后再提交。")),
    429: (N_("操作太频繁"), N_("请稍等几分钟再试。")),
    500: (N_("系统出错"), N_("系统没有处理好这次请求，没有写入任何内容。请稍后再试。")),
    503: (N_("暂时不能使用"), N_("系统正在恢复，请稍后再试。")),
}

TITLES: Mapping[str, str] = {
    "invalid": N_("内容有误"),
    "refused": N_("不符合规定，没有登记"),
    "unknown": N_("没有找到"),
    "not-allowed": N_("没有权限"),
    "repeated": N_("同一编号的内容不同"),
    "trace-error": N_("内容有误"),
    "ledger": N_("账本没有接受"),
    "code": N_("追溯码不能使用"),
    "expired": N_("页面已过期"),
    "not-set-up": N_("账本没有准备好"),
}

OTHERWISE = N_("「%(field)s」不正确（%(code)s）。请改正后再提交。")
RULE_OTHERWISE = N_("违反规则「%(rule)s」（依据：%(clause)s）。%(facts)s")
UNKNOWN_OTHERWISE = N_("没有找到：%(name)s。")
NOT_ALLOWED_OTHERWISE = N_("您的账号不能这样做（%(reason)s）。")
REPEATED = N_("编号 %(statement_id)s 已经登记过别的内容。请用新的编号再提交。")
REFUSED_WAY_OUT = N_("没有写入任何内容。请看下面的原因；若登记有误，请改正后再提交。")
EXPIRED = N_("为了安全，表单过一段时间会失效。请返回上一页，刷新后再提交一次。")
