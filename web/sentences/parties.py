"""What is said about the register: who may come in, who is suspended, and who decides."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "not-proposable": N_("这一类单位（%(role)s）不能申请登记。"),
    "not-yours-to-propose": N_("只有本单位、所在市场或平台运营方可以申请登记 %(party)s。"),
    "other-department": N_(
        "%(party)s 的品类不在本部门（%(department)s）的职责范围内，请确认由哪个部门核实。"
    ),
    "own-register": N_("%(party)s 不能核实、暂停或恢复自己，请由上级或所在辖区的监管部门办理。"),
    "party-ended": N_("%(party)s 已于 %(since)s 注销，不能再登记；以前的记录都在，仍可更正。"),
    "party-not-verified": N_(
        "%(party)s 还没有经监管部门核实（%(since)s 申请），只能登记社员、地块和产品。"
        "请等所在县的监管部门核实后再登记。"
    ),
    "party-suspended": N_(
        "%(party)s 自 %(since)s 起被监管部门暂停，不能登记新的事项；更正、收货、召回和作废追溯码不受影响。"
        "如有异议，请联系所在县的监管部门。"
    ),
    "register-state": N_("%(party)s 现在的登记状态不允许这一步。请先看它的登记经过。"),
    "unknown-department": N_("部门代码 %(department)s 不在名录里，请核对。"),
    "unknown-market": N_("%(party)s 不是已登记的市场。请填写摊位所在市场的编号。"),
    "uscc-check": N_("统一社会信用代码 %(uscc)s 的校验码对不上，请照营业执照核对。"),
    "uscc-form": N_(
        "统一社会信用代码 %(uscc)s 不正确：应为 18 位数字和大写字母，不含 I、O、S、V、Z。请照营业执照填写。"
    ),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a party has either a public or a private name": N_("单位名称要么公开、要么不公开，只填一项。"),
    "a suspension does not end before it begins": N_("暂停的截止日期不能早于开始。"),
    "a township lies in its county": N_("乡镇代码的前几位要与所在县一致。"),
    "a township or village has the 12 digits of GB/T 10114": N_("乡镇或村的代码是 12 位数字（GB/T 10114）。"),
    "the village of a person stays private: the code of the township ends with 000": N_(
        "这是个人的记录，为保护隐私只填到乡镇：代码最后三位是 000。"
    ),
}
