"""What is said about certificates of conformity, and of schemes with their bases and amounts."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "base-beyond-the-plot": N_("地块 %(plot)s 没有 %(found)s 公顷。"),
    "basis-differs": N_("作为承诺依据的检测不是这一批的，或不合格、已作废。"),
    "beyond-scheme-area": N_("认证面积是 %(most)s 公顷，加上这些地块共 %(found)s 公顷。"),
    "beyond-scheme-scope": N_("证书不包括%(commodity)s。"),
    "beyond-scheme-tonnage": N_("证书核准 %(most)s 公斤，已用 %(used_kg)s，不能再用 %(found)s 公斤。"),
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
    "scheme-beyond-the-lot": N_("批次 %(lot)s 只有 %(most)s 公斤，已用标 %(used_kg)s。"),
    "superseded-already": N_("合格证 %(number)s 已经换开过。"),
    "supersedes-another": N_("只能换开本单位给批次 %(lot)s 开的合格证。"),
    "unknown-certificate": N_("没有找到这张证书，或它不属于这一批、已作废。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a base has plots, each once": N_("请至少写一个地块，不能重复。"),
    "a bound is more than nothing": N_("面积和产量要大于零。"),
    "a certificate ends after it begins": N_("证书的有效期不能早于开始。"),
    "a promise mark tells what is promised, and no other certificate does": N_(
        "服务承诺标识要写明承诺内容，别的证书不写。"
    ),
    "the right to use an indication names the indication and its registry": N_(
        "地理标志用标要写明标志名称和登记机关，别的证书不写。"
    ),
}
