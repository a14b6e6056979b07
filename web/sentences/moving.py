"""What is said about journeys, temperatures, boxes and what differs on delivery."""

from collections.abc import Mapping

from web.language import N_

FIELD_PROBLEMS: Mapping[str, str] = {
    "logger-columns": N_("第 %(row)s 行以前找不到时间和温度两列。请用记录仪导出的原始表格。"),
    "logger-empty": N_("文件里至少要有两个读数。"),
    "logger-step": N_("第 %(row)s 行的时间 %(found)s 不在等间隔的位置上。请不要增删行。"),
    "logger-temperature": N_("第 %(row)s 行的温度读不懂：%(found)s"),
    "logger-time": N_("第 %(row)s 行的时间读不懂：%(found)s"),
}

RULE_PROBLEMS: Mapping[str, str] = {
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
}

IMPOSSIBLE: Mapping[str, str] = {
    "a country has two capital letters": N_("国家或地区用两个大写字母，例如 JP。"),
    "a difference is more than nothing": N_("差异的数量要大于零。"),
    "a division has six figures": N_("行政区划代码是 6 位数字。"),
    "a random id has 26 symbols": N_("编号是 26 个字符。请用页面给出的编号。"),
    "a series has a start and a step of a second to a day": N_(
        "温度记录要有开始时间，间隔在 1 秒至 1 天之间。"
    ),
    "a series has its readings, not too many, or their summary": N_("读数最多 4000 个；更多的只登记摘要。"),
    "a series is of goods, and names each lot once": N_("温度记录要写明批次，每个批次只写一次。"),
    "a series is over when it is told": N_("温度记录还没有结束。请等记录仪读完再登记。"),
    "a shelf life is one day to a hundred years": N_("保质期在 1 至 36500 天之间。"),
    "a shipment holds something": N_("发货至少要有一个批次或一个箱。"),
    "a shipment is named by the digest of its statement": N_("发货记录用它的 64 位十六进制摘要来指。"),
    "a summary has a file, a count, a minimum and a maximum": N_("摘要要有文件、读数个数、最低和最高温度。"),
    "a summary has no more than 200 excursions": N_("超温时段最多写 200 个。"),
    "a summary has readings, the lowest no higher than the highest": N_("最低读数不能高于最高读数。"),
    "a temperature is between -90 and 90 degrees Celsius": N_("温度在 -90 至 90 ℃ 之间。"),
    "a temperature or a shelf life is declared": N_("温度范围和保质期，至少填一样。"),
    "an excursion ends when it began, or later": N_("超温时段的结束不能早于开始。"),
    "excursions of a series follow from its readings": N_("有读数就不用另写超温时段。"),
    "goods go to a division or to another country": N_("去往省份和去往国家只填一样。"),
    "no more than a day outside the range is tolerated": N_("允许超出的时间在 0 至 1440 分钟之间。"),
    "something was packed": N_("装箱至少要有一个批次或一个箱。"),
    "the lowest temperature is not above the highest": N_("最低温度不能高于最高温度。"),
    "whether a seal is whole is told when goods are set down": N_("封签是否完好，送达时才填。"),
    "who is abroad has a country, and nobody else has": N_("境外客户要填国家或地区，其他往来方不填。"),
}
