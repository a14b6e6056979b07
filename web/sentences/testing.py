"""What is said about samplings, tests, objections, laboratories and instruments."""

from collections.abc import Mapping

from web.language import N_

RULE_PROBLEMS: Mapping[str, str] = {
    "another-laboratory": N_("样品 %(sample)s 送的是 %(laboratory)s，不是本机构。请核对样品编号。"),
    "beyond-accreditation": N_("检测项目 %(analytes)s 不在 %(laboratory)s 已登记的资质附表之内。"),
    "calibration-overdue": N_("仪器 %(instrument)s 应在 %(due)s 前检定，已经过期。"),
    "due-before-its-order": N_("复检期限 %(due)s 不晚于安排当天。请改正日期。"),
    "instrument-not-calibrated": N_("仪器 %(instrument)s 没有检定合格的记录。"),
    "instrument-not-registered": N_("本单位没有登记过仪器 %(instrument)s。"),
    "laboratory-not-accredited": N_("%(laboratory)s 当日没有有效的资质（CMA 或 CATL），用于%(purpose)s。"),
    "not-a-laboratory": N_("%(party)s 不是登记的检验检测机构。"),
    "not-the-sampled-party": N_("只有被抽样的单位可以对这个结果提出异议。"),
    "not-your-certificate": N_("这张证书由 %(by)s 登记，只有它或监管部门可以变更。"),
    "not-your-result": N_("这个结果由 %(laboratory)s 出具，只有它、下达抽样的部门或监管部门可以告知。"),
    "objected-already": N_("对样品 %(sample)s 的结果已经提过异议。"),
    "objection-late": N_("异议期限到 %(until)s 为止，已经过了。"),
    "purpose-differs": N_("样品 %(sample)s 是按%(purpose)s抽的，报告写的不同。"),
    "rapid-retest": N_("样品 %(sample)s 的复检不能用快速检测方法。"),
    "report-repeated": N_(
        "样品 %(sample)s 的报告文件和样品 %(other_sample)s 的是同一份。已列入监管部门的核查清单。"
    ),
    "retest-late": N_("复检应在 %(due)s 前完成。"),
    "retest-not-ordered": N_("复检指定由 %(laboratory)s 进行。"),
    "retest-of-another-sample": N_("复检要针对批次 %(lot)s 的样品 %(sample)s。"),
    "retest-ordered-already": N_("已经安排 %(laboratory)s 复检。"),
    "retested-already": N_("样品 %(sample)s 已经复检过，复检结果就是最终结果。"),
    "same-laboratory": N_("复检不能由初检机构 %(laboratory)s 进行。"),
    "sample-of-another-lot": N_("样品 %(sample)s 抽自批次 %(lot)s。请核对批次。"),
    "sample-of-other-goods": N_("批次 %(lot)s 是%(commodity)s，不是%(grows)s。"),
    "sample-taken": N_("批次 %(lot)s 已经有编号为 %(sample)s 的样品，请换一个。"),
    "sampled-by-higher-office": N_(
        "%(sampling_office)s 已抽过批次 %(lot)s（样品 %(sample)s），下级不得重复抽样。"
    ),
    "sampling-day-differs": N_("样品 %(sample)s 抽于 %(sampled)s，报告写的不同。"),
    "sampling-not-ordered": N_("%(purpose)s由监管部门进行，或写明由哪个监管部门下达。"),
    "sampling-under-way": N_("%(sampling_office)s 对批次 %(lot)s 的抽检（样品 %(sample)s）还没有结果。"),
    "term-missing": N_("请写明可以提出异议的最后一天：收到结果后五个工作日。"),
    "term-too-short": N_("异议期限 %(until)s 太早，法律给五个工作日。"),
    "unknown-accreditation": N_("没有找到这项资质的登记。"),
    "unknown-instrument": N_("请先登记仪器 %(instrument)s。"),
    "unknown-objection": N_("没有找到这项异议，或它已作废。"),
    "values-alike": N_("样品 %(sample)s 的各项检测值完全相同。已列入监管部门的核查清单。"),
    "values-repeated": N_(
        "样品 %(sample)s 的检测值与样品 %(other_sample)s 完全相同。已列入监管部门的核查清单。"
    ),
    "withdrawn-already": N_("它已经撤销，不能再变更。"),
}

IMPOSSIBLE: Mapping[str, str] = {
    "a concentration is not negative": N_("检测值不能是负数。"),
    "a division has 6 digits, a township 9, a village 12": N_("行政区划代码是 6 位，乡镇 9 位，村 12 位。"),
    "an accreditation ends after it begins": N_("资质的有效期不能早于开始。"),
    "an inspection has results": N_("请至少填写一项检测结果。"),
    "the next calibration is due after this one": N_("下次检定要晚于这一次。"),
    "the verdict follows from the results": N_("结论要与各项结果一致：有一项不合格，结论就是不合格。"),
}
