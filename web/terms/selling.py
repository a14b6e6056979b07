"""What markets, listings and exports are called."""

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, str]] = {
    "stall-registered": ("登记摊位", "stall registered"),
    "stall-ended": ("摊位退市", "stall ended"),
    "entry-checked": ("入场查验", "market entry checked"),
    "spot-checked": ("市场抽查", "market spot check"),
    "online-listed": ("网上上架", "listed online"),
    "listing-ended": ("网上下架", "online listing ended"),
    "export-declared": ("出口批次", "export batch"),
}

FIELDS: Mapping[str, tuple[str, str]] = {
    "buyer": ("买方", "buyer"),
    "certificate_state": ("合格证状态", "state of the certificate"),
    "decision": ("查验结果", "decision"),
    "domestic_lot": ("同线同标同质的内销批次", "lot sold at home, same line, standard and quality"),
    "end_cause": ("退出原因", "cause of the end"),
    "expected": ("账本所见", "as the ledger has it"),
    "holder": ("经营者", "stall holder"),
    "item": ("抽查项目", "what was tested"),
    "listing": ("上架编号", "listing"),
    "market": ("市场", "market"),
    "origin_division": ("对方所称产地区划", "division of origin as told"),
    "page": ("商品页面", "page of the listing"),
    "platform": ("网络平台", "platform"),
    "presented": ("出示的凭证", "shown at the gate"),
    "quarantine": ("检疫证书号", "quarantine certificate"),
    "quarantine_document": ("检疫证书文件", "copy of the quarantine certificate"),
    "rapid_test": ("快检", "rapid test"),
    "refusal_reasons": ("拒绝原因", "reasons of the refusal"),
    "stall": ("摊位", "stall"),
    "vendor": ("经营单位", "vendor"),
}

RULES: Mapping[str, tuple[str, str]] = {
    "certificate-state-differs": ("合格证状态与账本不符", "certificate state differs"),
    "domestic-lot-is-the-same": ("内销批次就是本批次", "the domestic lot is this lot"),
    "entry-of-failed-goods": ("快检不合格仍准入", "let in after a failed rapid test"),
    "entry-without-certificate": ("应有合格证而无，准其入场", "let in without a required certificate"),
    "listed-without-certificate": ("上架商品缺少合格证", "listed without its certificate"),
    "listing-exists": ("上架编号已存在", "listing exists"),
    "not-your-listing": ("不是本单位的上架商品", "not your listing"),
    "reason-does-not-hold": ("拒绝原因不成立", "reason does not hold"),
    "refused-at-the-gate": ("入场查验未通过", "refused at the gate"),
    "spot-check-failed": ("市场抽查不合格", "failed a spot check"),
    "stall-taken": ("摊位已有经营者", "stall taken"),
    "unknown-listing": ("没有这件上架商品", "unknown listing"),
    "unknown-stall": ("没有这个摊位", "unknown stall"),
}

VOCABULARIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "decision": {
        "accepted": ("准予入场", "accepted"),
        "refused": ("拒绝入场", "refused"),
    },
    "presented": {
        "trace-code": ("追溯码", "trace code"),
        "certificate": ("承诺达标合格证", "conformity certificate"),
        "quality-proof": ("其他质量证明", "other proof of quality"),
        "invoice": ("购货凭证", "invoice"),
        "nothing": ("没有凭证", "nothing"),
    },
    "certificate_state": {
        "attached": ("已附合格证", "attached"),
        "missing": ("应附而未附", "required but missing"),
        "not-required": ("不需要", "not required"),
        "unknown": ("不明确", "unknown"),
    },
    "expected": {
        "attached": ("已附合格证", "attached"),
        "missing": ("应附而未附", "required but missing"),
        "not-required": ("不需要", "not required"),
        "unknown": ("不明确", "unknown"),
    },
    "rapid_test": {
        "passed": ("合格", "passed"),
        "failed": ("不合格", "failed"),
    },
    "refusal_reasons": {
        "no-certificate": ("应有合格证而没有", "required certificate missing"),
        "test-failed": ("快检不合格", "rapid test failed"),
        "recalled": ("已召回", "recalled"),
        "on-hold": ("暂停流转", "on hold"),
        "spoilt": ("腐败变质", "spoilt"),
        "goods-differ": ("货证不符", "goods differ from their papers"),
        "seller-unknown": ("供货者不明", "seller unknown"),
        "other": ("其他", "other"),
    },
    "end_cause": {
        "left": ("主动退出", "left"),
        "breach": ("违规清退", "put out for a breach"),
        "sold-out": ("售完", "sold out"),
        "withdrawn": ("撤下", "withdrawn"),
        "other": ("其他", "other"),
    },
}
