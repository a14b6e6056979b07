"""What is said about the gate of a market, its stalls, goods offered online, and exports."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
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
}

IMPOSSIBLE: Mapping[str, str] = {
    "a reason is told once": N_("同一个原因只选一次。"),
    "a refusal has reasons, and nothing else has": N_("拒绝入场要选原因，准予入场不选。"),
    "a stall has a vendor": N_("请选经营单位，或填经营者的名字。"),
    "an export goes to another country": N_("出口的目的地不能是中国。"),
    "an export is more than nothing": N_("出口的数量要大于零。"),
    "goods are a lot, or a commodity": N_("有追溯码就填批次，没有就选品类，只填一样。"),
    "what is checked is more than nothing": N_("查验的数量要大于零。"),
}
