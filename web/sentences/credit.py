"""What is said about credit, the list of serious dishonesty, and draws by lot."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "already-listed": N_("%(party)s 在这段时间已经在严重失信名单上。请先等它期满，或登记修复、撤销。"),
    "another-division": N_("%(party)s 属于 %(division)s，不在您的辖区内。请由它所在辖区的监管部门登记。"),
    "draw-abandoned": N_(
        "账本满 %(size)s 条时种子已经可以算出，这次抽查却撤回了；公开页面会把它列为放弃的抽查。"
    ),
    "draw-differs": N_("抽查结果和种子算出的不一样。请用 jizihao draw make 或本页重新计算后再登记。"),
    "draw-not-announced": N_("没有找到这次抽查的公告：%(target)s。要先公告，再抽取。"),
    "draw-not-put-right": N_("抽查公告不能改写。请先撤回它，再重新公告。"),
    "draw-owed": N_(
        "本单位对同样的名录库还有一次公告没有抽取（种子是第 %(size)s 条）。"
        "请先抽取并公布；种子还不能算出时，也可以先撤回它。"
    ),
    "drawn-before": N_("这次抽查的结果已经登记过，不能再抽一次。"),
    "listing-has-ended": N_("这次列入已经修复或撤销，不能再登记一次。"),
    "not-a-listing": N_("%(target)s 不是列入严重失信名单的记录。请填写那条记录的摘要。"),
    "not-an-objection": N_("%(target)s 不是信用异议。请填写那条异议的摘要。"),
    "not-your-draw": N_("这次抽查由 %(by)s 公告，要由它登记结果。"),
    "objection-has-its-answer": N_("这条异议已经处理过。"),
    "outside-the-term": N_("日期要在列入期限之内：%(since)s 至 %(until)s。"),
    "pool-differs": N_(
        "名录库要包括辖区内全部这类单位：少了 %(missing)s 家，多了 %(foreign)s 家。请刷新后重新公告。"
    ),
    "seed-differs": N_("账本前 %(size)s 条的树根与所填的不同。请重新读取后再登记。"),
    "seed-is-known": N_("账本已经有 %(size)s 条，种子已经可以算出；公告要用将来的条数，公告后也不能再撤回。"),
    "seed-not-announced": N_("公告的种子是账本满 %(size)s 条时的树根，请用它。"),
    "seed-not-reached": N_("账本要满 %(size)s 条才能抽取，现在有 %(has)s 条。"),
    "weight-not-published": N_("%(grade)s 级的权重 %(weight)s 与公布的不同。请刷新后重新公告。"),
    "word-differs": N_("暗语与公告时的摘要不符。请输入公告时写下的暗语，一字不差。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a commitment is a SHA-256 in hex": N_("暗语摘要是 64 位十六进制数。"),
    "a legal basis is named, in no more than 400 letters": N_("请写明法律依据，最多 400 字。"),
    "a listing keeps a party from something, each named once": N_("请至少选择一项限制事项，不能重复。"),
    "a listing rests on facts, each named once": N_("请至少填写一条事实依据，不能重复。"),
    "a pool names each party once, and no more than 2000": N_(
        "名录库里每个单位只出现一次，最多 2000 家。请按县分别抽取。"
    ),
    "a term ends after it begins": N_("截止日期不能早于起始日期。"),
    "a weight is a whole number from 1 to 1000": N_("权重是 1 至 1000 的整数。"),
    "an inspector is named by a code of letters and digits": N_(
        "检查人员只填代号：字母、数字和连字符，最多 20 个字符。"
    ),
    "inspectors are sorted, each once": N_("检查人员代号要按次序排列，不能重复。"),
    "no more inspectors go to a party than there are": N_("每家的检查人员不能多于名录里的人数。"),
    "no more parties are drawn than there are": N_("抽取的家数要在 1 和名录库的家数之间。"),
    "the groups of a pool are sorted by grade, each once": N_("名录库要按信用等级分组，每级一组。"),
    "the parties of a group are sorted, each once": N_("同一等级的单位要按编号排列，不能重复。"),
    "the roles of a pool are sorted, each once": N_("请至少选择一种单位类型，不能重复。"),
}
