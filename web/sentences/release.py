"""What is said about the life of pack codes: blank, asleep, active, sold, called back, and scanned."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "activation-required": N_("批次 %(lot)s 的追溯码要先检测或核查、再启用。发码时请选“先不启用”。"),
    "codes-active-already": N_("从 %(first)s 起的 %(count)s 个码里有已经启用的，请只选等待启用的。"),
    "codes-bound-already": N_(
        "卷 %(roll)s 从 %(first)s 起的 %(count)s 个空白码里有已经用过的，请换后面的序号。"
    ),
    "codes-not-active": N_("从 %(first)s 起的 %(count)s 个码还没有启用，不能售出。请先启用。"),
    "codes-not-printed": N_("卷 %(roll)s 没有印过从 %(first)s 起的 %(count)s 个空白码。请核对卷号和序号。"),
    "codes-recalled": N_("从 %(first)s 起的 %(count)s 个码里有已召回的，不能售出。"),
    "codes-recalled-already": N_("从 %(first)s 起的 %(count)s 个码里有已经召回过的，请只选其余的。"),
    "codes-sold-already": N_(
        "从 %(first)s 起的 %(count)s 个码里有已经售出的。同一个码卖两次，其中一包可能是仿冒，请告诉监管部门。"
    ),
    "ground-not-enough": N_("批次 %(lot)s 的产品不能只凭“%(ground)s”启用，请监管部门核查或第二方见证。"),
    "no-certificate": N_("批次 %(lot)s 要附承诺达标合格证，请先开具再启用。"),
    "no-passed-test": N_("批次 %(lot)s 还没有合格的检测，请先送检，或请监管部门核查启用。"),
    "no-second-party": N_("批次 %(lot)s 只能由别的单位见证启用；检测机构要检测过这一批。"),
    "not-the-office": N_("批次 %(lot)s 只能由生产单位所在地的监管部门核查启用。"),
    "number-of-a-roll": N_("%(lot)s 是空白码卷号，这一批只能按卷上的序号发码。"),
    "roll-of-other-goods": N_("卷 %(roll)s 属于别的单位或别的产品，请换一卷。"),
    "scans-counted-already": N_("%(day)s 的查询次数已经公布。"),
    "scans-not-over": N_("%(day)s 还没有过完，第二天再公布查询次数。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a range of codes has a first index and at least one code": N_("请写明起始序号，个数至少为一。"),
    "blank codes are named by their roll and their first index": N_("用空白码时，卷号和卷内起始序号都要写。"),
    "codes are issued from an index, at least one, for packs that hold something": N_(
        "发码至少一个，每包装量要大于零。"
    ),
    "every lot and every code that was scanned was scanned at least once": N_(
        "批次数不能多于码数，码数不能多于查询次数。"
    ),
}
