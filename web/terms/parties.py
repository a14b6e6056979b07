"""What the kinds, fields and rules of the register are called."""

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, str]] = {
    "party-proposed": ("申请登记", "registration proposed"),
    "party-verified": ("核实登记", "registration verified"),
    "party-suspended": ("暂停单位", "organisation suspended"),
    "party-resumed": ("恢复单位", "organisation resumed"),
    "party-ended": ("注销单位", "organisation ended"),
}

FIELDS: Mapping[str, tuple[str, str]] = {
    "commodities": ("适用品类", "kinds of goods"),
    "department": ("部门", "department"),
    "ending": ("注销原因", "reason of the end"),
    "ground": ("理由", "ground"),
    "permit": ("许可证编号", "permit number"),
    "market": ("市场", "market"),
    "representative": ("负责人", "person in charge"),
    "restricted": ("限制使用农药定点经营", "licensed for restricted pesticides"),
    "state": ("登记状态", "state"),
    "township": ("乡镇或村代码", "township or village"),
}

RULES: Mapping[str, tuple[str, str]] = {
    "not-proposable": ("不能申请登记的类型", "not a role to propose"),
    "not-yours-to-propose": ("无权申请登记", "not yours to propose"),
    "other-department": ("不属于本部门", "another department’s"),
    "own-register": ("不能核实自己", "own registration"),
    "party-ended": ("单位已注销", "organisation ended"),
    "party-not-verified": ("单位未核实", "organisation not verified"),
    "party-suspended": ("单位被暂停", "organisation suspended"),
    "register-state": ("登记状态不符", "state of the register"),
    "unknown-department": ("部门未知", "unknown department"),
    "unknown-market": ("市场未登记", "unknown market"),
    "uscc-check": ("信用代码校验不符", "credit code’s check fails"),
    "uscc-form": ("信用代码不正确", "not a credit code"),
}

VOCABULARIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "role": {
        "household": ("科技示范户", "demonstration household"),
        "enterprise": ("农业企业", "farming enterprise"),
        "certifier": ("认证机构", "certification body"),
        "stall": ("市场摊位", "market stall"),
        "dealer": ("农资经销商", "dealer in farm inputs"),
    },
    "ground": {
        "records-missing": ("没有建立或保存记录", "records missing"),
        "false-record": ("伪造、变造记录", "forged records"),
        "failed-tests": ("检测不合格", "failed tests"),
        "unlawful-input": ("使用禁用投入品", "forbidden inputs"),
        "other": ("其他", "other"),
    },
    "ending": {
        "closed": ("停止经营", "closed"),
        "merged": ("合并", "merged"),
        "moved": ("迁出", "moved away"),
        "duplicate": ("重复登记", "registered twice"),
        "ordered": ("依法责令", "ordered by an authority"),
    },
    "state": {
        "proposed": ("待核实", "waiting to be verified"),
        "registered": ("平台登记，未核实", "registered by the platform, not verified"),
        "verified": ("已核实", "verified"),
        "suspended": ("暂停", "suspended"),
        "resumed": ("恢复", "resumed"),
        "ended": ("已注销", "ended"),
    },
}
