"""What certificates, marks and promises are called."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

KINDS: Words = {
    "certificate-collected": ("收取合格证", "certificate collected"),
    "certificate-reported": ("反映合格证有误", "certificate reported as wrong"),
    "scheme-base-registered": ("登记认证基地", "certified base registered"),
    "scheme-certified": ("颁发认证或标识", "certificate or mark granted"),
    "scheme-changed": ("变更认证或标识", "certificate or mark changed"),
    "scheme-used": ("使用认证标志", "certificate used"),
}

FIELDS: Words = {
    "contact_on_pack": ("包装上已有联系方式", "contact stands on the pack"),
    "fault": ("问题", "what is wrong"),
    "goods": ("产品品类", "kinds of goods"),
    "grantee": ("持证单位", "certificate holder"),
    "indication": ("地理标志", "geographical indication"),
    "promise": ("承诺", "promise"),
    "registry": ("注册机构", "registry"),
    "standing": ("当日状态", "state that day"),
    "supersedes": ("换开的合格证", "certificate replaced"),
    "tests": ("作为依据的检测", "tests it rests on"),
    "tonnage_kg": ("核准产量（公斤）", "tonnage (kg)"),
    "used_kg": ("已用（公斤）", "used (kg)"),
}

RULES: Words = {
    "base-beyond-the-plot": ("超过地块面积", "beyond the plot"),
    "basis-differs": ("承诺依据不是这一批的合格检测", "basis is no passed test of this lot"),
    "beyond-scheme-area": ("超过认证面积", "beyond the certified area"),
    "beyond-scheme-scope": ("超出认证产品范围", "beyond the certified goods"),
    "beyond-scheme-tonnage": ("超过认证产量", "beyond the certified tonnage"),
    "certificate-missing": ("应附合格证而没有", "certificate missing"),
    "certificate-not-live": ("证书当日无效", "certificate not live"),
    "certificate-number-taken": ("证书编号已用过", "certificate number used"),
    "certificate-superseded": ("合格证已被替换", "certificate superseded"),
    "certificate-without-contact": ("合格证没有联系方式", "certificate without contact"),
    "certified-beyond-the-lot": ("开证数量超过批次", "certified beyond the lot"),
    "mixed-without-certificate": ("混批没有重新开证", "mixed lot without its own certificate"),
    "not-the-holder": ("不是持证单位", "not the holder"),
    "own-certificate": ("不能给自己发证", "own certificate"),
    "plot-in-base-already": ("地块已在基地内", "plot in the base already"),
    "scheme-amount-unknown": ("重量无法换算", "mass unknown"),
    "scheme-beyond-the-lot": ("用标数量超过批次", "used beyond the lot"),
    "superseded-already": ("已经换开过", "superseded already"),
    "supersedes-another": ("换开的不是本批次的证", "supersedes another"),
    "unknown-certificate": ("没有这张证书", "unknown certificate"),
}

VOCABULARIES: Mapping[str, Words] = {
    "contact_on_pack": {
        "false": ("否", "no"),
        "true": ("是", "yes"),
    },
    "fault": {
        "amount-exceeded": ("数量超过合格证", "more goods than certified"),
        "contents-differ": ("内容与货物不符", "contents differ from the goods"),
        "forged": ("伪造", "forged"),
        "illegible": ("看不清", "illegible"),
        "other": ("其他", "other"),
        "reused": ("重复使用", "used again"),
    },
    "lot_certificate": {
        "attached": ("已附合格证", "attached"),
        "not-required": ("这种产品不需要", "not required"),
        "required": ("应附而没有", "required, missing"),
        "unknown": ("是否需要尚未查明", "not known"),
    },
    "new_state": {
        "resumed": ("恢复", "resumed"),
        "suspended": ("暂停", "suspended"),
        "withdrawn": ("撤销", "withdrawn"),
    },
    "promise": {
        "buyer": ("收购者承诺", "buyer’s promise"),
        "producer": ("生产者承诺", "producer’s promise"),
    },
    "scheme": {
        "food-production-licence": ("食品生产许可", "food production licence"),
        "gap": ("良好农业规范认证", "GAP"),
        "gi-use-right": ("地理标志用标", "right to use a geographical indication"),
        "green-food": ("绿色食品", "Green Food"),
        "haccp": ("HACCP 体系认证", "HACCP"),
        "iso-22000": ("食品安全管理体系认证", "ISO 22000"),
        "organic": ("有机产品", "organic product"),
        "service-promise": ("优质服务承诺标识", "service promise mark"),
    },
    "scheme_state": {
        "historical": ("已停止，只作历史", "ended; history only"),
        "live": ("现行", "live"),
    },
    "scheme_type": {
        "mandatory": ("强制", "mandatory"),
        "voluntary": ("自愿", "voluntary"),
    },
    "standard_state": {
        "historical": ("已被代替", "history"),
        "in-force": ("现行", "in force"),
        "to-check": ("待核实", "to be checked"),
    },
    "standing": {
        "expired": ("已过期", "expired"),
        "live": ("有效", "live"),
        "not-yet": ("尚未生效", "not yet in force"),
        "suspended": ("暂停", "suspended"),
        "withdrawn": ("撤销", "withdrawn"),
    },
}
