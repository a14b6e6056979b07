"""What is said about farm inputs: what was bought, what is left of it, and how much may be used."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "banned-purchase": N_(
        "%(name)s 含有 %(substance)s，%(day)s 已经禁用，请不要使用，退回经销商（依据：%(source)s）。"
    ),
    "input-expired": N_("%(name)s 的有效期到 %(expiry)s 为止，已经过期，请不要使用。"),
    "input-not-bought": N_(
        "%(name)s 用了 %(wanted)s，账上只剩 %(held)s。如果是入账以前就有的，请在“投入品”里登记；"
        "漏记了购入就补记。"
    ),
    "label-code-copied": N_(
        "标签追溯码 %(label_code)s 在 %(day)s 已经登记过别的购入。每个销售单位的码只有一个，"
        "请核对是不是抄错，或者标签是仿冒的。"
    ),
    "label-code-differs": N_("标签追溯码 %(label_code)s 与登记证号 %(registration)s 对不上，请核对标签。"),
    "label-code-form": N_("%(label_code)s 不是农药标签上的 32 位追溯码，请照标签核对，或者再扫一次。"),
    "over-dose": N_(
        "%(treatment)s 用量 %(dose)s，超过标签上的最高用量 %(most)s（依据：%(source)s）。"
        "请照标签用药；如果填错了，请改正。"
    ),
    "unlicensed-dealer": N_(
        "%(name)s 含有 %(substance)s，属于限制使用农药，要到定点经营的门店购买；"
        "这次没有登记经销商的定点资格（依据：%(source)s）。"
    ),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a change is more or less than nothing": N_("变动的数量不能是零。"),
    "what was there before is more, what is gone is less": N_("原有的数量填正数，退回、过期、洒漏的填负数。"),
}
