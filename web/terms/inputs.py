"""What the kinds, fields and rules of farm inputs are called."""

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, str]] = {
    "input-adjusted": ("调整投入品库存", "input stock adjusted"),
}

FIELDS: Mapping[str, tuple[str, str]] = {
    "against": ("防治哪一类", "used against"),
    "applied_by": ("施用人", "applied by"),
    "batch": ("产品批号", "batch"),
    "change": ("增减数量", "change"),
    "dose": ("用量", "dose"),
    "dose_most": ("标签最高用量", "most on the label"),
    "dose_unit": ("用量单位", "unit of the dose"),
    "expiry": ("有效期至", "use by"),
    "label_code": ("标签追溯码", "label code"),
    "last_on": ("最后一天", "last day"),
    "licensed_dealer": ("经销商有限制使用农药定点资格", "dealer licensed for restricted pesticides"),
    "most": ("上限", "most"),
    "variety": ("品种", "variety"),
    "why": ("理由", "why"),
}

RULES: Mapping[str, tuple[str, str]] = {
    "banned-purchase": ("购入禁用农药", "banned pesticide bought"),
    "input-expired": ("投入品过期", "input out of date"),
    "input-not-bought": ("用量超过库存", "used more than bought"),
    "label-code-copied": ("标签追溯码重复", "label code used twice"),
    "label-code-differs": ("标签追溯码与登记证不符", "label code differs"),
    "label-code-form": ("标签追溯码不正确", "not a label code"),
    "over-dose": ("超过标签用量", "more than the label allows"),
    "unlicensed-dealer": ("未登记定点资格", "dealer without the mark"),
}

VOCABULARIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "against": {
        "insects": ("虫害", "insects"),
        "mites": ("螨类", "mites"),
        "diseases": ("病害", "diseases"),
        "weeds": ("杂草", "weeds"),
        "rodents": ("鼠害", "rodents"),
        "growth": ("调节生长", "growth"),
        "other": ("其他", "other"),
    },
    "why": {
        "had-before": ("入账以前就有", "was there before"),
        "returned": ("退回经销商", "returned to the dealer"),
        "expired": ("过期处理", "out of date"),
        "spilt": ("洒漏、破损", "spilt or damaged"),
        "other": ("其他", "other"),
    },
}
