"""The words that the ledger keeps as codes, each in Chinese and in English.

A vocabulary has the name of the field that uses it, so `word("process", "milling")` is 碾米. Browsers read
the same words from static/words.js, which `python -m web.generated` writes. What is not in a vocabulary is
shown as it was told, never hidden.
"""

from collections.abc import Mapping

from web.language import Language, current
from web.terms import FIELDS, KINDS, RULES, Words, vocabularies

COMMODITY: Words = {
    "paddy": ("稻谷", "paddy"),
    "brown-rice": ("糙米", "brown rice"),
    "milled-rice": ("大米", "milled rice"),
    "rice-bran": ("米糠", "rice bran"),
    "rice-husk": ("稻壳", "rice husk"),
    "broken-rice": ("碎米", "broken rice"),
    "maize": ("玉米", "maize"),
    "fresh-maize": ("鲜食玉米", "fresh-eating maize"),
    "soybean": ("大豆", "soybean"),
    "ginseng-fresh": ("鲜人参（水参）", "fresh ginseng"),
    "ginseng-dried": ("生晒参", "sun-dried ginseng"),
    "ginseng-red": ("红参", "red ginseng"),
    "black-fungus": ("黑木耳（干）", "dried black wood-ear fungus"),
    "black-fungus-fresh": ("鲜黑木耳", "fresh black wood-ear fungus"),
    "coarse-grain": ("杂粮杂豆", "coarse grains and pulses"),
}
ROLE: Words = {
    "operator": ("平台运营方", "platform operator"),
    "regulator": ("监管部门", "regulator"),
    "cooperative": ("农民专业合作社", "farmers’ cooperative"),
    "farm": ("家庭农场", "family farm"),
    "processor": ("加工企业", "processor"),
    "laboratory": ("检验检测机构", "testing laboratory"),
    "brand-owner": ("品牌企业", "brand owner"),
    "carrier": ("承运人", "carrier"),
    "retailer": ("零售商", "retailer"),
    "market": ("批发市场", "wholesale market"),
}
PROCESS: Words = {
    "drying": ("烘干", "drying"),
    "milling": ("碾米", "milling"),
    "blending": ("合批", "blending"),
    "splitting": ("分批", "splitting"),
    "steaming": ("蒸制", "steaming"),
    "freezing": ("速冻", "freezing"),
    "cleaning": ("清选", "cleaning"),
    "packing": ("分装", "packing"),
}
CATEGORY: Words = {
    "pesticide": ("农药", "pesticide"),
    "fertiliser": ("肥料", "fertiliser"),
    "seed": ("种子", "seed"),
    "substrate": ("菌袋基质", "mushroom substrate"),
    "other": ("其他", "other"),
}
METHOD: Words = {
    "spray": ("喷雾", "spraying"),
    "seed-coating": ("种子包衣", "seed coating"),
    "soil": ("土壤处理", "soil treatment"),
    "trap": ("诱捕", "trapping"),
    "other": ("其他", "other"),
}
PURPOSE: Words = {
    "routine": ("例行监测", "routine monitoring"),
    "supervision": ("监督抽查", "supervision sampling"),
    "self-check": ("自检", "self-check"),
    "commissioned": ("委托检测", "commissioned test"),
    "rapid": ("快速检测", "rapid test"),
}
VERDICT: Words = {
    "conformant": ("合格", "conformant"),
    "non-conformant": ("不合格", "non-conformant"),
}
BASIS: Words = {
    "controlled": ("质量安全控制符合要求", "quality and safety kept under control"),
    "self-tested": ("自行检测合格", "own test passed"),
    "commissioned-test": ("委托检测合格", "commissioned test passed"),
}
CAUSE: Words = {
    "failed-test": ("检测不合格", "failed test"),
    "banned-pesticide": ("使用禁用农药", "banned pesticide"),
    "interval-broken": ("未到安全间隔期采收", "harvested before the interval ended"),
    "contamination": ("受到污染", "contamination"),
    "mislabelled": ("标签错误", "mislabelled"),
    "other": ("其他", "other"),
    "misprint": ("印错", "misprint"),
    "damaged": ("破损", "damaged"),
    "lost": ("遗失", "lost"),
    "recall": ("召回", "recall"),
    "unused": ("未使用", "unused"),
    "consent-withdrawn": ("撤回同意", "consent withdrawn"),
    "retention-ended": ("保存期满", "retention ended"),
    "order": ("依法责令", "ordered by an authority"),
}
REASON: Words = {
    "did-not-occur": ("此事未发生", "it did not occur"),
    "incorrect": ("内容有误", "it was incorrect"),
    "compromised": ("密钥泄露", "key compromised"),
    "lost": ("密钥遗失", "key lost"),
    "superseded": ("已换新密钥", "superseded by a new key"),
    "ended": ("停止使用", "use ended"),
}
LEVEL: Words = {
    "1": ("一级召回", "recall level 1"),
    "2": ("二级召回", "recall level 2"),
    "3": ("三级召回", "recall level 3"),
    "refuse": ("不予登记", "refused"),
    "hold": ("暂停流转", "on hold"),
    "warn": ("提示", "noted"),
}
STEP: Words = {
    "commissioning": ("赋码启用", "commissioning"),
    "harvesting": ("采收", "harvesting"),
    "creating_class_instance": ("形成批次", "creating a lot"),
    "transforming": ("加工", "transforming"),
    "packing": ("装箱", "packing"),
    "unpacking": ("拆箱", "unpacking"),
    "shipping": ("发货", "shipping"),
    "departing": ("启运", "departing"),
    "arriving": ("到达", "arriving"),
    "receiving": ("收货", "receiving"),
    "accepting": ("验收", "accepting"),
    "storing": ("入库", "storing"),
    "inspecting": ("检验", "inspecting"),
    "retail_selling": ("零售", "retail selling"),
    "destroying": ("销毁", "destroying"),
    "decommissioning": ("停用", "decommissioning"),
}
PIECE: Words = {
    "bag": ("袋", "bags"),
    "bottle": ("瓶", "bottles"),
    "box": ("盒", "boxes"),
    "case": ("箱", "cases"),
    "ear": ("穗", "ears"),
    "piece": ("件", "pieces"),
    "root": ("支", "roots"),
    "个": ("个", "pieces"),
    "件": ("件", "pieces"),
    "支": ("支", "roots"),
    "瓶": ("瓶", "bottles"),
    "盒": ("盒", "boxes"),
    "穗": ("穗", "ears"),
    "箱": ("箱", "cases"),
    "袋": ("袋", "bags"),
}
_FIRST: Mapping[str, Words] = {
    "action": {
        "ADD": ("加入", "add"),
        "OBSERVE": ("观察", "observe"),
        "DELETE": ("移出", "remove"),
    },
    "basis": BASIS,
    "category": CATEGORY,
    "cause": CAUSE,
    "commodity": COMMODITY,
    "custody": {
        "author": ("本单位密钥签名", "signed with the organisation’s own key"),
        "platform": ("平台代签", "signed by the platform on its behalf"),
    },
    "done": {"hidden": ("已隐藏", "hidden"), "erased": ("已删除", "erased")},
    "field": FIELDS,
    "kind": KINDS,
    "level": LEVEL,
    "measure": {"mass": ("按重量", "by mass"), "pieces": ("按件数", "by pieces")},
    "method": METHOD,
    "passed": {"true": ("合格", "passed"), "false": ("不合格", "failed")},
    "piece": PIECE,
    "process": PROCESS,
    "purpose": PURPOSE,
    "reason": REASON,
    "role": ROLE,
    "rule": RULES,
    "source": {
        "own": ("本单位登记", "the party’s own record"),
        "partner": ("合作方声明", "a partner’s claim"),
    },
    "step": STEP,
    "type": {
        "ObjectEvent": ("对象事件", "object event"),
        "AggregationEvent": ("聚合事件", "aggregation event"),
        "AssociationEvent": ("关联事件", "association event"),
        "TransactionEvent": ("交易事件", "transaction event"),
        "TransformationEvent": ("转换事件", "transformation event"),
    },
    "verdict": VERDICT,
}
VOCABULARIES: Mapping[str, Words] = vocabularies(_FIRST)


def word(vocabulary: str, value: object, language: Language | None = None) -> str:
    """Return *value* in words of the reader's (or the given) language, or as it is where there are none."""
    pair = VOCABULARIES.get(vocabulary, {}).get(_code(value))
    if pair is None:
        return str(value)
    return pair[0] if (language or current()) == "zh" else pair[1]


def choices(vocabulary: str) -> list[tuple[str, str]]:
    """Return each code of *vocabulary* with its word, as a form offers them."""
    return [(code, word(vocabulary, code)) for code in VOCABULARIES[vocabulary]]


def _code(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
