"""The report on the state of quality in words: sections with tables and charts, for a page, a file and paper.

The numbers come from `traceability.quality_report` and are only spelt here. Of no sample the reader is told
that there is no data; a county with few samples has no rank, and its interval shows why.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from web import charts, quality_rates
from web.language import N_, gettext
from web.quality_sections import NOTHING, Grid, Json, Section, division_name, interval, percent
from web.words import word

_MOST_COUNTIES = 12


def title_of(report: Json) -> str:
    """Return what the report is called."""
    period, place = report["period"]["text"], division_name(report["division"])
    return gettext(N_("%(place)s质量状况分析报告（%(period)s）"), place=place, period=period)


def sections(report: Json) -> list[Section]:
    """Return the parts of the report in the reader's language."""
    makers: Sequence[Callable[[Json], Section]] = (
        _basis,
        _axes,
        quality_rates.targets,
        quality_rates.breakdowns,
        _coverage,
        _league,
        _handling,
        _brands,
        _again,
    )
    return [make(report) for make in makers]


def _basis(report: Json) -> Section:
    checkpoint, rules = report["checkpoint"], report["rules"]
    rows = (
        (gettext(N_("辖区")), f"{division_name(report['division'])} {report['division']}"),
        (gettext(N_("期间")), f"{report['period']['since']} – {report['period']['until']}"),
        (gettext(N_("统计截至")), report["as_of"]),
        (gettext(N_("账本")), report["origin"]),
        (gettext(N_("检查点条数")), str(checkpoint["size"])),
        (gettext(N_("检查点树根")), checkpoint["root"]),
        (gettext(N_("规则集")), f"{rules['version']} · {rules['digest']}"),
    )
    headings = (gettext(N_("名目")), gettext(N_("内容")))
    return Section(
        gettext(N_("本报告的依据")),
        (gettext(N_("所有数字只由这个检查点之前的记录算出；任何人用同一本账都能算出同样的结果。")),),
        (Grid(gettext(N_("依据")), headings, rows, wide=1),),
    )


def _axes(report: Json) -> Section:
    routine = next((each for each in report["targets"] if each["target"] == "routine-agricultural"), None)
    inputs, brands = report["inputs"], report["brands"]
    flagged = sum(each["value"] for each in inputs["flagged"])
    rows = (
        (
            gettext(N_("质量（检测）")),
            gettext(N_("例行监测合格率")),
            percent(None if routine is None else routine.get("rate")),
            "" if routine is None else f"n = {routine['n']}",
        ),
        (
            gettext(N_("绿色（投入品）")),
            gettext(N_("用药记录中违反规定的")),
            str(flagged),
            f"n = {inputs['treatments']}",
        ),
        (
            gettext(N_("品牌")),
            gettext(N_("产销账超出的品牌")),
            str(sum(bool(each["beyond"]) for each in brands)),
            f"n = {len(brands)}",
        ),
    )
    headings = (gettext(N_("方面")), gettext(N_("指标")), gettext(N_("数值")), gettext(N_("数量")))
    return Section(
        gettext(N_("质量、绿色、品牌")), grids=(Grid(gettext(N_("三个方面")), headings, rows, wide=1),)
    )


def _coverage(report: Json) -> Section:
    found, plan = report["coverage"], report["plan"]
    headings = (gettext(N_("对象")), gettext(N_("已抽样／全部")), gettext(N_("覆盖率")))
    rows = tuple(
        (gettext(name), f"{found[key]['part']} / {found[key]['whole']}", percent(found[key].get("share")))
        for key, name in (("operators", N_("种植与生产单位")), ("lots", N_("批次")))
    )
    planned = tuple(
        (
            word("grade", each["grade"]),
            word("risk", each["risk"]),
            str(each["parties"]),
            str(each["planned"]),
            str(each["taken"]),
        )
        for each in plan["by_grade"]
    )
    plan_headings = (
        gettext(N_("信用等级")),
        gettext(N_("风险")),
        gettext(N_("家数")),
        gettext(N_("计划样品")),
        gettext(N_("已抽样品")),
    )
    grids = [Grid(gettext(N_("抽样覆盖率")), headings, rows)]
    if planned:
        grids.append(Grid(gettext(N_("抽样计划与执行")), plan_headings, planned))
    lead = gettext(
        N_("按信用等级和风险，计划抽样 %(planned)s 个，完成计划内 %(done)s 个。"),
        planned=plan["planned"],
        done=plan["done"],
    )
    return Section(gettext(N_("抽样覆盖与计划")), (lead,), tuple(grids))


def _league(report: Json) -> Section:
    weights = "，".join(
        f"{word('indicator', each['key'])} {each['value']}%" for each in report["evaluation_weights"]
    )
    rows = tuple(
        (
            str(each.get("rank", "—")),
            division_name(each["division"]),
            each.get("index", "—"),
            f"{each['routine']['passed']} / {each['routine']['n']}",
            percent(each["routine"].get("rate")),
            interval(each["routine"]),
            "、".join(word("indicator", name) for name in each["without_data"]) or "—",
        )
        for each in report["league"]
    )
    headings = (
        gettext(N_("名次")),
        gettext(N_("县（市、区）")),
        gettext(N_("综合指数")),
        gettext(N_("合格／样本")),
        gettext(N_("例行监测合格率")),
        gettext(N_("95%% 区间")),
        gettext(N_("没有数据的指标")),
    )
    lead = (
        gettext(N_("综合指数是有数据的指标按公布的权重加权平均：%(weights)s。"), weights=weights),
        gettext(N_("例行监测少于 %(least)s 个样品的县不排名次。"), least=report["least_n"]),
    )
    bars = [
        charts.Bar(division_name(each["division"]), (Decimal(each["index"]),))
        for each in report["league"][:_MOST_COUNTIES]
        if "index" in each
    ]
    name = gettext(N_("综合指数"))
    drawn = (charts.bars(name, bars, names=(name,)),) if bars else ()
    return Section(
        gettext(N_("县域评价")),
        lead,
        (Grid(gettext(N_("各县（市、区）")), headings, rows, wide=6),) if rows else (),
        drawn,
    )


def _handling(report: Json) -> Section:
    cases, recalls, reports = report["cases"], report["recalls"], report["shopper_reports"]
    rows = (
        (gettext(N_("新立案件")), str(cases["opened"])),
        (gettext(N_("办结案件")), str(cases["closed"])),
        (gettext(N_("未结案件")), str(cases["open"])),
        (gettext(N_("逾期未整改")), str(cases["overdue"])),
        (gettext(N_("最久未结（天）")), str(cases["oldest_days"])),
        (
            gettext(N_("办结用时中位数（天）")),
            str(cases.get("median_days", gettext(NOTHING))),
        ),
        (gettext(N_("到期整改中按期的")), f"{cases['in_time']} / {cases['due']}"),
        (gettext(N_("召回")), str(recalls["called"])),
        (gettext(N_("召回完成")), str(recalls["completed"])),
        (gettext(N_("启动超时的召回")), str(recalls["started_late"])),
        (gettext(N_("完成超期的召回")), str(recalls["completed_late"])),
        (gettext(N_("消费者举报")), str(reports["received"])),
    )
    headings = (gettext(N_("事项")), gettext(N_("数量")))
    ages = tuple((_age(each["from"]), str(each["cases"])) for each in cases["ages"])
    grids = [Grid(gettext(N_("案件、召回与举报")), headings, rows)]
    if cases["open"]:
        grids.append(Grid(gettext(N_("未结案件的时长")), (gettext(N_("天数")), gettext(N_("数量"))), ages))
    return Section(gettext(N_("问题处理与时限")), grids=tuple(grids))


def _age(first: int) -> str:
    bounds = {0: "0–30", 31: "31–90", 91: "91–180"}
    return bounds.get(first, f"> {first - 1}")


def _brands(report: Json) -> Section:
    rows = tuple(
        (
            f"{each['name']} {each['season']}",
            _tonnes(each.get("capacity_kg")),
            _tonnes(each["quota_kg"]),
            _tonnes(each["applied_kg"]),
            _tonnes(each["coded_kg"]),
            gettext(N_("超出")) if each["beyond"] else gettext(N_("未超出")),
        )
        for each in report["brands"]
    )
    headings = (
        gettext(N_("品牌与产季")),
        gettext(N_("可产（吨）")),
        gettext(N_("额度（吨）")),
        gettext(N_("用标（吨）")),
        gettext(N_("发码（吨）")),
        gettext(N_("产销账")),
    )
    lead = () if rows else (gettext(N_("还没有登记的品牌。")),)
    return Section(
        gettext(N_("品牌产销账")), lead, (Grid(gettext(N_("各品牌")), headings, rows),) if rows else ()
    )


def _tonnes(kg: str | None) -> str:
    return "—" if kg is None else f"{Decimal(kg) / 1000:,.3f}".rstrip("0").rstrip(".")


def _again(report: Json) -> Section:
    command = (
        f"jizihao report --period {report['period']['text']} --division {report['division']}"
        f" --at {report['checkpoint']['size']} --out report.json"
    )
    return Section(
        gettext(N_("如何重算")),
        (
            gettext(N_("在任何一份账本副本上执行下面的命令，得到的文件应与本报告的数据逐字节相同：")),
            command,
        ),
    )
