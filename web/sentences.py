"""What is said about each thing that can be wrong: what it is, where, and the way out.

Tables of sentences only, by code; `web.problems` chooses one and fills in the facts. A fact that is missing
shows as "—". A test reads every code in the source and asks for its sentence.
"""

from collections.abc import Mapping

from web.language import N_

FIELD_PROBLEMS: Mapping[str, str] = {
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
}

IMPOSSIBLE: Mapping[str, str] = {
    "a concentration is not negative": N_("检测值不能是负数。"),
    "a dose is more than nothing": N_("用量要大于零。"),
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
}

UNKNOWN: Mapping[str, str] = {
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
}

CODES: Mapping[str, str] = {
    "code-error": N_("这个追溯码不能使用。"),
    "code-mistyped": N_("追溯码输错了一位。请照标签再输入一遍。"),
    "label-unprintable": N_("这张标签印出来不能扫读，没有生成。请改用更大的版式。"),
    "packs-not-possible": N_("按这个每包装量算不出包数。请核对批次数量和每包装量。"),
    "serial-not-issued": N_("这个追溯码没有发放过。请照包装核对；若确实无误，可能是假冒，请向监管部门反映。"),
}

NOT_ALLOWED: Mapping[str, str] = {
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
    "other-division": N_("这不在您的辖区之内。您只能查看和登记辖区内（%(division)s）的单位和批次。"),
    "other-party": N_("这是别的单位的内容。您只能查看和登记本单位的内容。"),
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
