"""Pass rates in words: against the targets, and by kind of goods, county and quarter."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from web import charts
from web.chart_shapes import Chart
from web.language import N_, gettext
from web.quality_sections import Grid, Json, Section, division_name, hundred, interval, percent
from web.words import word


def targets(report: Json) -> Section:
    """Return the rates held against the targets."""
    rows = tuple(
        (
            word("quality_target", each["target"]),
            f"{each['percent']}%",
            f"{each['passed']} / {each['n']}",
            percent(each.get("rate")),
            interval(each),
            word("target_verdict", each["verdict"]),
        )
        for each in report["targets"]
    )
    headings = (
        gettext(N_("目标")),
        gettext(N_("应达到")),
        gettext(N_("合格／样本")),
        gettext(N_("合格率")),
        gettext(N_("95%% 区间")),
        gettext(N_("结论")),
    )
    bars = [
        charts.Bar(
            word("quality_target_short", each["target"]),
            (hundred(each.get("rate")),),
            each["verdict"] == "not-met",
        )
        for each in report["targets"]
    ]
    drawn = charts.bars(gettext(N_("合格率")), bars, names=(gettext(N_("合格率")),), unit="%")
    return Section(
        gettext(N_("与目标相比")),
        tuple(_about_targets(report)),
        (Grid(gettext(N_("合格率与目标")), headings, rows), *_unconfirmed(report)),
        (drawn,),
    )


def _about_targets(report: Json) -> Iterator[str]:
    yield gettext(
        N_("每个样品只计一个最终结果，有异议的以复检为准；自检、委托检测和快速检测不计入任何目标。")
    )
    yield gettext(
        N_(
            "例行监测和监督抽查，只有所写的监管部门自己登记了抽样，或者确认了抽样或结果，才计入合格率、"
            "覆盖率、县域评价和信用记录；只有检测机构单方面说的，另行列出。"
        )
    )
    waiting = sum(each["n"] for each in report["unconfirmed"])
    if waiting:
        yield gettext(
            N_("检测机构说是监管部门下达、监管部门尚未确认的：n = %(count)s，未计入任何合格率。"),
            count=waiting,
        )
    yield gettext(N_("区间跨过目标时，样本还不足以判断是否达标。"))
    if any(not each["sure"] for each in report["targets"]):
        yield gettext(N_("政策的目标定到 2020 年；之后各年沿用同样的数值，尚无新文件。"))
    left = report["uncounted"]
    told = [f"{word('purpose', each['key'])} {each['value']}" for each in left["by_purpose"]]
    if left["without_sampling"]:
        told.append(gettext(N_("没有抽样记录 %(count)s"), count=left["without_sampling"]))
    if told:
        yield gettext(N_("未计入目标的检测：%(told)s。"), told="，".join(told))


def _unconfirmed(report: Json) -> Iterator[Grid]:
    """Yield the table of what only a laboratory says that an office has ordered."""
    rows = tuple(
        (
            each["office"],
            each["told_by"],
            word("purpose", each["purpose"]),
            word("product_class", each["class"]),
            f"{each['passed']} / {each['n']}",
            "、".join(map(str, each["entries"])),
        )
        for each in report["unconfirmed"]
    )
    headings = (
        gettext(N_("所称下达单位")),
        gettext(N_("登记单位")),
        gettext(N_("抽样目的")),
        gettext(N_("产品类别")),
        gettext(N_("合格／样本")),
        gettext(N_("账本条目")),
    )
    if rows:
        yield Grid(gettext(N_("监管部门尚未确认的抽样")), headings, rows, wide=5)


def breakdowns(report: Json) -> Section:
    """Return the rates by what one may ask for."""
    named: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("by_commodity", N_("按品类"), lambda key: word("commodity", key)),
        ("by_county", N_("按县（市、区）"), division_name),
        ("by_quarter", N_("按季度"), str),
    )
    grids = tuple(
        _breakdown(gettext(title), report[name], spelt) for name, title, spelt in named if report[name]
    )
    return Section(gettext(N_("合格率分布")), _if_nothing(grids), grids, tuple(_trend(report)))


def _if_nothing(grids: Sequence[Grid]) -> tuple[str, ...]:
    return () if grids else (gettext(N_("这段时间没有计入目标的抽样。")),)


def _breakdown(title: str, rows: list[Json], spelt: Callable[[str], str]) -> Grid:
    headings = (
        title,
        gettext(N_("目标")),
        gettext(N_("合格／样本")),
        gettext(N_("合格率")),
        gettext(N_("95%% 区间")),
    )
    told = tuple(
        (
            spelt(each["key"]),
            word("quality_target", each["target"]),
            f"{each['passed']} / {each['n']}",
            percent(each.get("rate")),
            interval(each),
        )
        for each in rows
    )
    return Grid(title, headings, told, wide=1)


def _trend(report: Json) -> Iterator[Chart]:
    quarters = sorted({each["key"] for each in report["by_quarter"]})
    if len(quarters) < 2:
        return
    for target in report["targets"]:
        rates = {
            each["key"]: hundred(each["rate"])
            for each in report["by_quarter"]
            if each["target"] == target["target"]
        }
        if rates:
            name = word("quality_target_short", target["target"])
            line = charts.Line(name, tuple((each, rates.get(each)) for each in quarters))
            yield charts.lines(name, [line], unit="%", target=Decimal(target["percent"]))
