"""Which facts of a record a shopper is shown, under which names, and in which form.

A fact is a place in the record (a JSON pointer) and a form of `web.facts`; a browser that has proven the
record finds the same place and compares. `*` in a pointer goes through every item of a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from traceability.events.registry import ProductRegistered
from traceability.story import Chapter, Story
from web.facts import format_fact
from web.language import N_, gettext

EVENT = "/statement/event"

NAMES = (
    ("/product", N_("产品"), "text"),
    ("/name", N_("名称"), "text"),
    ("/commodity", N_("品类"), "word:commodity"),
    ("/variety", N_("品种"), "text"),
    ("/gtin", N_("商品条码"), "text"),
    ("/plot", N_("地块"), "text"),
    ("/plots/*/plot", N_("地块"), "text"),
    ("/plots/*/amount", N_("该地块数量"), "amount"),
    ("/area_ha", N_("面积（公顷）"), "number"),
    ("/bags", N_("菌袋数"), "number"),
    ("/planted", N_("栽植年份"), "text"),
    ("/category", N_("类别"), "word:category"),
    ("/substances", N_("有效成分"), "text"),
    ("/registration", N_("登记证号"), "text"),
    ("/maker", N_("生产企业"), "text"),
    ("/method", N_("施用方式"), "word:method"),
    ("/dose", N_("用量"), "number"),
    ("/dose_unit", N_("用量单位"), "text"),
    ("/interval_days", N_("标签安全间隔期（天）"), "number"),
    ("/process", N_("加工方式"), "word:process"),
    ("/inputs/*/lot", N_("投入批次"), "lot"),
    ("/inputs/*/amount", N_("投入数量"), "amount"),
    ("/inputs/*/uri", N_("投入批次"), "lot"),
    ("/inputs/*/quantity", N_("投入数量"), "number"),
    ("/outputs/*/lot", N_("产出批次"), "lot"),
    ("/outputs/*/amount", N_("产出数量"), "amount"),
    ("/outputs/*/uri", N_("产出批次"), "lot"),
    ("/outputs/*/quantity", N_("产出数量"), "number"),
    ("/objects/*/uri", N_("货物"), "lot"),
    ("/objects/*/quantity", N_("数量"), "number"),
    ("/objects/*/unit", N_("单位"), "text"),
    ("/children/*/uri", N_("货物"), "lot"),
    ("/loss_kg", N_("损耗"), "mass"),
    ("/water_kg", N_("加水"), "mass"),
    ("/parts/*/lot", N_("批次"), "lot"),
    ("/parts/*/amount", N_("数量"), "amount"),
    ("/amount", N_("数量"), "amount"),
    ("/unit", N_("单位"), "text"),
    ("/pack", N_("每包"), "amount"),
    ("/first", N_("起始序号"), "number"),
    ("/count", N_("码数"), "number"),
    ("/sample", N_("样品编号"), "text"),
    ("/purpose", N_("检验性质"), "word:purpose"),
    ("/sampled_on", N_("抽样日期"), "date"),
    ("/verdict", N_("结论"), "word:verdict"),
    ("/number", N_("合格证编号"), "text"),
    ("/basis", N_("承诺依据"), "word:basis"),
    ("/level", N_("召回级别"), "number"),
    ("/cause", N_("原因"), "word:cause"),
    ("/reason", N_("更正原因"), "word:reason"),
    ("/step", N_("业务步骤"), "text"),
)
"""Every clear field that a shopper is shown, in the order of the page."""

RESULT = (
    ("analyte", N_("项目"), "text"),
    ("value", N_("检测值"), "number"),
    ("unit", N_("单位"), "text"),
    ("limit", N_("限量"), "number"),
    ("standard", N_("标准"), "text"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact on the page: where it stands in which entry, in which form, and as what text."""

    label: str
    entry: int
    at: str
    form: str
    text: str
    unit: str = ""


def facts_of(chapter: Chapter, units: dict[str, str]) -> list[Fact]:
    """Return the facts of *chapter*; *units* tells what a piece of each lot is called."""
    statement = chapter.record.statement
    if statement is None or chapter.record.entry is None:
        return []
    record = chapter.record.entry.record
    unit = units.get(chapter.subject) or next(iter(units.values()), "")
    return [
        Fact(gettext(label), chapter.record.index, at, form, format_fact(form, value, unit=unit), unit)
        for base in (EVENT, f"{EVENT}/replacement")
        for pointer, label, form in NAMES
        for at, value in found(record, base + pointer)
    ]


def results_of(chapter: Chapter) -> list[list[Fact]]:
    """Return the rows of an inspection's table; a value that is absent was not detected."""
    if chapter.record.entry is None:
        return []
    rows = []
    for at, result in found(chapter.record.entry.record, f"{EVENT}/results/*"):
        row = [
            _cell(chapter.record.index, f"{at}/{name}", form, result.get(name), gettext(label))
            for name, label, form in RESULT
        ]
        rows.append(row)
    return rows


def _cell(entry: int, at: str, form: str, value: Any, label: str) -> Fact:
    return Fact(label, entry, at, form, format_fact(form, value))


def found(record: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield each place of *record* that *pointer* names, with its value."""
    yield from _found(record, pointer.split("/")[1:], "")


def _found(value: Any, steps: list[str], at: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield at, value
    elif steps[0] == "*" and isinstance(value, list):
        for position, item in enumerate(value):
            yield from _found(item, steps[1:], f"{at}/{position}")
    elif isinstance(value, dict) and steps[0] in value:
        yield from _found(value[steps[0]], steps[1:], f"{at}/{steps[0]}")


def units_of(story: Story) -> dict[str, str]:
    """Return what a piece of each product on the page is called, by the product's subject."""
    return {
        chapter.subject: statement.event.piece
        for chapter in story.chapters
        if (statement := chapter.record.statement) is not None
        and isinstance(statement.event, ProductRegistered)
        and statement.event.piece is not None
    }
