"""Which facts of a record a shopper is shown, under which names, and in which form.

A fact is a place in the record (a JSON pointer) and a form of `web.facts`; a browser that has proven the
record finds the same place and compares. `*` in a pointer goes through every item of a list.

    投入    26-A · 5,000 公斤              a row: its label, and a line for each place that its pointer names,
           26-B · 1,200 公斤              each line made of facts
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import LedgerError
from traceability import disclosure, gs1
from traceability.errors import Invalid
from traceability.story import Chapter
from traceability.vocabulary import divisions
from web.facts import COMMA, NOT_STATED, format_fact
from web.language import N_, current, gettext
from web.words import word

EVENT = "/statement/event"

Units = Mapping[str, str]
"""What a piece of each lot is called, by the lot."""

_GOODS = (
    ("lot", "lot"),
    ("uri", "lot"),
    ("product", "text"),
    ("amount", "amount"),
    ("quantity", "number"),
    ("unit", "text"),
)

NAMES = (
    ("", N_("单位"), (("party", "party"),)),
    ("", N_("名称"), (("name", "text"),)),
    ("", N_("英文名称"), (("name_en", "text"),)),
    ("", N_("单位类型"), (("role", "word:role"),)),
    ("", N_("密钥保管"), (("custody", "word:custody"),)),
    ("", N_("资质证书编号"), (("laboratory_mark", "text"),)),
    ("", N_("厂商识别代码"), (("prefix", "text"),)),
    ("", N_("批号"), (("lot", "lot"),)),
    ("", N_("产品"), (("product", "text"),)),
    ("", N_("品类"), (("commodity", "word:commodity"),)),
    ("", N_("品种"), (("variety", "text"),)),
    ("", N_("商品条码"), (("gtin", "text"),)),
    ("", N_("计量方式"), (("measure", "word:measure"), ("piece", "word:piece"), ("piece_kg", "mass"))),
    ("", N_("地块"), (("plot", "text"),)),
    ("", N_("行政区划"), (("division", "text"),)),
    ("", N_("面积（公顷）"), (("area_ha", "number"),)),
    ("", N_("菌袋数"), (("bags", "number"),)),
    ("", N_("栽植年份"), (("planted", "text"),)),
    ("", N_("类别"), (("category", "word:category"),)),
    ("", N_("有效成分"), (("substances", "text"),)),
    ("", N_("登记证号"), (("registration", "text"),)),
    ("", N_("生产企业"), (("maker", "text"),)),
    ("", N_("施用方式"), (("method", "word:method"),)),
    ("", N_("用量"), (("dose", "number"), ("dose_unit", "text"))),
    ("", N_("防治哪一类"), (("against", "word:against"),)),
    ("", N_("最后一天"), (("last_on", "text"),)),
    ("", N_("标签追溯码"), (("label_code", "text"),)),
    ("", N_("乡镇或村代码"), (("township", "text"),)),
    ("", N_("标签安全间隔期（天）"), (("interval_days", "number"),)),
    ("", N_("加工方式"), (("process", "word:process"),)),
    ("", N_("业务步骤"), (("step", "word:step"),)),
    ("", N_("加工模板"), (("template", "word:template"),)),
    ("/steps/*", N_("工序"), (("process", "word:process"), ("began", "instant"))),
    ("", N_("烘干前水分（百分比）"), (("moisture_before", "number"),)),
    ("", N_("烘干后水分（百分比）"), (("moisture_after", "number"),)),
    ("", N_("控制点"), (("point", "text"),)),
    ("", N_("测得"), (("value", "number"),)),
    ("", N_("纠偏措施"), (("remedy", "word:remedy"),)),
    ("/lots/*", N_("批次"), (("", "lot"),)),
    ("", N_("作业"), (("work", "word:work"),)),
    ("", N_("技术规程"), (("protocol", "word:protocol"),)),
    ("", N_("地理标志"), (("gi", "text"),)),
    ("", N_("高标准农田"), (("high_standard", "word:high_standard"),)),
    ("", N_("栽培方式"), (("cultivation", "word:cultivation"),)),
    ("", N_("用途"), (("sold_as", "word:sold_as"),)),
    ("/inputs/*", N_("投入"), _GOODS),
    ("/outputs/*", N_("产出"), _GOODS),
    ("/objects/*", N_("货物"), _GOODS),
    ("/children/*", N_("货物"), _GOODS),
    ("/parts/*", N_("货物"), _GOODS),
    ("/containers/*", N_("箱"), (("", "lot"),)),
    ("", N_("箱"), (("container", "lot"), ("parent", "lot"))),
    ("", N_("损耗"), (("loss_kg", "mass"),)),
    ("", N_("加水"), (("water_kg", "mass"),)),
    ("", N_("数量"), (("amount", "amount"), ("unit", "text"))),
    ("/plots/*", N_("采自地块"), (("plot", "text"), ("amount", "amount"))),
    ("", N_("品牌"), (("mark", "text"),)),
    ("", N_("每包"), (("pack", "amount"),)),
    ("", N_("起始序号"), (("first", "number"),)),
    ("", N_("码数"), (("count", "number"),)),
    ("", N_("先不启用"), (("asleep", "word:asleep"),)),
    ("", N_("空白码卷"), (("roll", "text"), ("roll_first", "number"))),
    ("", N_("凭什么"), (("ground", "word:ground"),)),
    ("", N_("样品编号"), (("sample", "text"),)),
    ("", N_("检验性质"), (("purpose", "word:purpose"),)),
    ("", N_("抽样日期"), (("sampled_on", "date"),)),
    ("", N_("结论"), (("verdict", "word:verdict"),)),
    ("", N_("合格证编号"), (("number", "text"),)),
    ("", N_("承诺依据"), (("basis", "word:basis"),)),
    ("", N_("产品类别"), (("product_class", "word:product_class"),)),
    ("", N_("检测机构"), (("laboratory", "party"),)),
    ("", N_("下达部门"), (("ordered_by", "party"),)),
    ("", N_("抽检计划"), (("plan", "text"),)),
    ("", N_("承诺"), (("promise", "word:promise"),)),
    ("", N_("问题"), (("fault", "word:fault"),)),
    ("", N_("证书类别"), (("scheme", "word:scheme"),)),
    ("", N_("持证单位"), (("grantee", "party"),)),
    ("", N_("召回级别"), (("level", "word:level"),)),
    ("", N_("原因"), (("cause", "word:cause"),)),
    ("", N_("暂停流转的原因"), (("hold_cause", "word:hold_cause"),)),
    ("", N_("立案原因"), (("case_cause", "word:case_cause"),)),
    ("", N_("处置方式"), (("disposal", "word:disposal"),)),
    ("", N_("其中出自本单位在库"), (("from_stock", "amount"),)),
    (
        "/not_recovered/*",
        N_("未收回"),
        (("lot", "lot"), ("amount", "amount"), ("missing_because", "word:missing_because")),
    ),
    ("", N_("更正原因"), (("reason", "word:reason"),)),
    ("", N_("规则集"), (("version", "text"),)),
    ("/lots/*", N_("货物"), (("", "lot"),)),
    ("", N_("环节"), (("stage", "word:stage"),)),
    ("", N_("贮运形态"), (("form", "word:form"),)),
    ("", N_("最低温度（℃）"), (("minimum", "number"), ("lowest", "number"))),
    ("", N_("最高温度（℃）"), (("maximum", "number"), ("highest", "number"))),
    ("", N_("温度读数（℃）"), (("readings", "number"),)),
    ("", N_("开始时间"), (("start", "instant"),)),
    ("", N_("间隔（秒）"), (("step_seconds", "number"),)),
    ("/excursions/*", N_("超温时段"), (("start", "instant"), ("end", "instant"), ("extreme", "number"))),
    ("", N_("记录仪编号"), (("instrument", "text"),)),
    ("", N_("封签"), (("seal_intact", "word:seal_intact"),)),
    ("", N_("保质期（天）"), (("shelf_life_days", "number"),)),
    ("", N_("收货方类型"), (("receiver_kind", "word:receiver_kind"),)),
    (
        "",
        N_("去往"),
        (("destination_division", "word:destination_division"), ("destination_country", "text")),
    ),
    ("/differences/*", N_("收货差异"), (("lot", "lot"), ("how", "word:how"), ("amount", "amount"))),
    ("", N_("摊位"), (("stall", "text"),)),
    ("", N_("合格证"), (("certificate_state", "word:certificate_state"),)),
    ("", N_("快检"), (("rapid_test", "word:rapid_test"),)),
    ("", N_("查验结果"), (("decision", "word:decision"),)),
    ("/refusal_reasons/*", N_("拒绝原因"), (("", "word:refusal_reasons"),)),
    ("", N_("抽查项目"), (("item", "text"), ("passed", "word:passed"))),
    ("", N_("网络平台"), (("platform", "text"),)),
    ("", N_("目的国家或地区"), (("country", "text"),)),
    ("", N_("对照的内销批次"), (("domestic_lot", "lot"),)),
)
"""Every clear field that a shopper is shown, in the order of the page: pointer, label, members."""

MAIN = frozenset(
    {
        "作业",
        "品牌",
        "技术规程",
        "控制点",
        "测得",
        "纠偏措施",
        "产出",
        "加工方式",
        "单位类型",
        "原因",
        "召回级别",
        "合格证编号",
        "名称",
        "品种",
        "密钥保管",
        "批号",
        "投入",
        "数量",
        "更正原因",
        "有效成分",
        "标签安全间隔期（天）",
        "码数",
        "箱",
        "结论",
        "环节",
        "贮运形态",
        "最低温度（℃）",
        "最高温度（℃）",
        "超温时段",
        "查验结果",
        "网络平台",
        "目的国家或地区",
        "行政区划",
        "货物",
        "采自地块",
    }
)
"""The labels of the rows that stand in the open; the others unfold."""

EXPECTED: Mapping[str, tuple[str, ...]] = {
    "harvested": ("variety",),
    "treated": ("registration", "interval_days", "dose"),
}
"""What a shopper would look for: where it is missing, the page says that it is."""

RESULT = (
    ("analyte", N_("项目"), "text"),
    ("value", N_("检测值"), "number"),
    ("unit", N_("计量单位"), "text"),
    ("limit", N_("限量"), "number"),
    ("standard", N_("标准"), "text"),
    ("passed", N_("判定"), "word:passed"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact on the page: where it stands in which entry, in which form, and as what text.

    *beside* is our own word on it, which the browser does not compare; *href* is a page about it.
    """

    label: str
    entry: int
    at: str
    form: str
    text: str
    unit: str = ""
    beside: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and the lines of facts under it; a main row is seen before anybody asks for more."""

    label: str
    lines: list[list[Fact]]
    is_main: bool


def rows_of(chapter: Chapter, units: Units, own_lot: str = "") -> list[Row]:
    """Return what *chapter* tells, row by row; lots but *own_lot* lead to their pages."""
    entry = chapter.record.entry
    if entry is None or not chapter.record.is_readable:
        return []
    rows: dict[str, list[list[Fact]]] = {}
    for base in ("/grant", "/revocation", EVENT, f"{EVENT}/replacement"):
        for _, told in found(entry.record, base):
            writer = _Writer(chapter.record.index, told, units, own_lot)
            for pointer, label, members in NAMES:
                lines = [writer.line(base + at, value, members) for at, value in found(told, pointer)]
                rows.setdefault(label, []).extend(line for line in lines if line)
    return [Row(gettext(label), lines, label in MAIN) for label, lines in rows.items() if lines]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the facts of one event of the entry at *index*."""

    index: int
    event: Mapping[str, Any]
    units: Units
    own_lot: str

    def line(self, at: str, value: Any, members: tuple[tuple[str, str], ...]) -> list[Fact]:
        """Return the facts of one line: those of *members* that *value* has, or ought to have."""
        facts: list[Fact] = []
        for name, form in members:
            if not name:
                facts.append(self._fact(at, form, value, ""))
            elif isinstance(value, Mapping) and (name in value or self._expects(name)):
                if _is_sealed(value.get(name)):
                    continue
                unit = self.units.get(str(value.get("lot", self.event.get("lot", ""))), "")
                facts.append(self._fact(f"{at}/{name}", form, value.get(name), unit))
        return facts

    def _expects(self, name: str) -> bool:
        return name in EXPECTED.get(str(self.event.get("kind")), ())

    def _fact(self, at: str, form: str, value: Any, unit: str) -> Fact:
        if form == "amount" and isinstance(value, Mapping) and "pieces" in value and not unit:
            # The product that says what a piece is called is not on this page.
            at, form, value = f"{at}/pieces", "number", value["pieces"]
        elif form == "amount" and not isinstance(value, Mapping):
            form = "number"
        beside, href = _beside(at, value), self._page(form, value)
        try:
            return Fact("", self.index, at, form, format_fact(form, value, unit=unit), unit, beside, href)
        except (ValueError, LedgerError):
            return Fact("", self.index, at, "text", str(value), "", beside)

    def _page(self, form: str, value: Any) -> str:
        return page_of(value) if form == "lot" and value != self.own_lot else ""


def _is_sealed(value: Any) -> bool:
    # What one kind of event tells in the clear, another seals: a seal is no text to show.
    return isinstance(value, Mapping) and set(value) == {"sealed"}


def shown(form: str, value: Any) -> str:
    """Return *value* in *form*, or as it is: a copy that was changed shows what it says."""
    try:
        return format_fact(form, value)
    except (ValueError, LedgerError):
        return str(value)


def page_of(uri: Any) -> str:
    """Return the path of the page about a lot or container, "" where we have none."""
    try:
        named = gs1.parse(str(uri))
    except Invalid:
        return ""
    return (
        named.uri.removeprefix("https://id.gs1.org") if named.kind in {"lot", "own-lot", "container"} else ""
    )


def _beside(at: str, value: Any) -> str:
    return county(str(value)) if at.endswith("/division") else ""


def county(division: str) -> str:
    """Return the name of a division of Jilin by its code, "" for any other."""
    known = divisions().get(division)
    if known is None:
        return ""
    return known.name_zh if current() == "zh" else known.name_en


def sealed_of(chapter: Chapter) -> str:
    """Return the names of the fields that the record has under seal, "" if none."""
    statement = chapter.record.statement
    if statement is None:
        return ""
    names = [pointer.rsplit("/", 1)[-1] for pointer in disclosure.sealed_fields(statement.event)]
    return COMMA[current()].join(dict.fromkeys(word("field", name) for name in names))


def results_of(chapter: Chapter) -> list[list[Fact]]:
    """Return the rows of an inspection's table; a value that is absent was not detected."""
    if chapter.record.entry is None:
        return []
    record, index = chapter.record.entry.record, chapter.record.index
    return [
        [_cell(index, f"{at}/{name}", form, result.get(name), gettext(label)) for name, label, form in RESULT]
        for base in (EVENT, f"{EVENT}/replacement")
        for at, result in found(record, f"{base}/results/*")
    ]


def _cell(entry: int, at: str, form: str, value: Any, label: str) -> Fact:
    beside = gettext("未检出") if value is None and at.endswith("/value") else ""
    text = NOT_STATED[current()] if value is None else format_fact(form, value)
    return Fact(label, entry, at, form, text, beside=beside)


def found(record: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield each place of *record* that *pointer* names, with its value."""
    yield from _found(record, pointer.split("/")[1:], "")


def _found(value: Any, steps: list[str], at: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield at, value
    elif steps[0] == "*" and isinstance(value, list):
        for position, item in enumerate(value):
            yield from _found(item, steps[1:], f"{at}/{position}")
    elif isinstance(value, list) and steps[0].isdecimal() and int(steps[0]) < len(value):
        yield from _found(value[int(steps[0])], steps[1:], f"{at}/{steps[0]}")
    elif isinstance(value, dict) and steps[0] in value:
        yield from _found(value[steps[0]], steps[1:], f"{at}/{steps[0]}")
