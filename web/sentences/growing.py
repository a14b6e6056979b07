"""What is said about plots, harvests, treatments, protocols and the age of a crop."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "age-unknown": N_("地块 %(plot)s 没有种植年份，无法核对参龄。登记地块时请填写种植年份。"),
    "forest-ginseng-as-food": N_("地块 %(plot)s 种的是林下参，不能按普通食品销售。请核对用途。"),
    "outside-the-area": N_(
        "地块 %(plot)s 的所在地（%(division)s）或品类不在地理标志 %(gi)s 公告的范围内。"
        "请核对，或不选地理标志。"
    ),
    "protocol-of-another-crop": N_(
        "技术规程「%(protocol)s」不适用于地块 %(plot)s 的%(grows)s。请改选规程或地块。"
    ),
    "too-old-for-food": N_(
        "地块 %(plot)s 的参已种 %(years)s 年，作普通食品最多 %(most)s 年（依据：%(source)s）。"
        "请核对种植年份和用途。"
    ),
    "too-young": N_(
        "地块 %(plot)s 的参只种了 %(years)s 年，至少要 %(least)s 年才采收（依据：%(source)s）。"
        "请核对种植年份。"
    ),
    "unknown-indication": N_(
        "没有地理标志 %(gi)s 的产地范围，不能算在地块 %(plot)s 上。请从列表中选择，或不选。"
    ),
    "unknown-protocol": N_("没有技术规程「%(protocol)s」。请从列表中选择。"),
    "yield-high": N_(
        "地块 %(plot)s 在 %(year)s 年累计采收 %(reaped)s %(unit)s，高于丰年通常的 %(usual)s %(unit)s。请核"
        "对数量或面积。"
    ),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a dose is more than nothing": N_("用量要大于零。"),
    "a harvest is more than nothing": N_("采收数量要大于零。"),
    "a harvest names each plot once": N_("同一地块只能写一次。"),
    "a harvest names its plots": N_("请写明采自哪些地块。"),
    "a pesticide has at least one active substance": N_("请写明农药的有效成分。"),
    "a plot has either an area or a number of bags": N_("地块要么填面积、要么填菌袋数，只填一项。"),
    "a plot is more than nothing": N_("面积或菌袋数要大于零。"),
    "a protocol is followed on plots, or for a product": N_("请选择按规程种植的地块，或按规程生产的产品。"),
    "a protocol names each plot once": N_("同一地块在一份规程里只能写一次。"),
    "a season is a year": N_("采收季要填年份，从 2000 到 2999。"),
    "a treatment does not end before it begins": N_("施药结束的日期不能早于开始。"),
    "an area is told to 0.01 ha": N_("面积精确到 0.01 公顷。"),
    "an input is more than nothing": N_("投入品的数量要大于零。"),
    "an interval is 0 to 400 days": N_("安全间隔期是 0 至 400 天。"),
    "the most that may be used has a number and a unit": N_("标签最高用量要同时填数字和单位。"),
    "the parts of the plots add up to the harvest": N_("各地块的数量之和要等于采收总量。"),
    "what was used up has a number and a unit": N_("用掉的数量要同时填数字和单位。"),
}
