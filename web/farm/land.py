"""Papers about people, land and products: registered once, named by every later record."""

from collections.abc import Mapping
from typing import Any

from traceability.events import Event, registry
from traceability.rule_tables.areas import AREAS
from web.farm.drafts import Draft
from web.farm.numbering import number_of
from web.farm.papers import Choices, Paper, Values, common, filled, when
from web.farm.room import Desk, counties, crops
from web.language import N_, gettext
from web.words import choices as words_of


def _number(desk: Desk, draft: Draft, what: str) -> str:
    """Return the number of what was registered before and is put right now, else a new one."""
    return draft.text(what) or number_of(desk.shared.settings, draft.text("statement_id") or "", what)


def _read_member(desk: Desk, draft: Draft) -> Event:
    name = draft.text("name")
    if name is None:
        draft.missing("name")
    told = {"member": _number(desk, draft, "member"), "name": name}
    return draft.event("member-registered", {**common(desk, draft), **told})


def _fill_member(_desk: Desk, event: registry.MemberRegistered) -> Values:
    return filled(at=event.at, name=event.name, member=event.member)


def _start_plot(desk: Desk, typed: Mapping[str, str]) -> Values:
    last = desk.plots[-1].known if desk.plots else None
    alike = {
        "division": desk.seat.division if last is None else last.division,
        "commodity": "" if last is None else last.commodity,
        "unit": "bags" if last is not None and last.bags is not None else "mu",
        "member": typed.get("member", ""),
    }
    return {**when(desk, typed), **alike}


def _read_plot(desk: Desk, draft: Draft) -> Event:
    if draft.text("area_ha") is None:
        draft.missing("area_ha")
    unit = draft.text("unit") or "mu"
    size: dict[str, Any] = {"bags": draft.number("area_ha")} if unit == "bags" else {}
    if not size:
        size = {"area_ha": draft.area("area_ha", unit)}
    told = {
        "plot": _number(desk, draft, "plot"),
        "division": draft.text("division"),
        "commodity": draft.text("commodity"),
        "planted": draft.number("planted"),
        "member": draft.text("member"),
        "place": draft.text("place"),
        "township": draft.text("township"),
        "cultivation": draft.text("cultivation"),
        "gi": draft.text("gi"),
        "high_standard": draft.text("high_standard"),
        "high_standard_number": draft.text("high_standard_number"),
    }
    return draft.event("plot-registered", {**common(desk, draft), **told, **size})


def _fill_plot(_desk: Desk, event: registry.PlotRegistered) -> Values:
    return filled(
        at=event.at,
        plot=event.plot,
        division=event.division,
        commodity=event.commodity,
        area_ha=event.bags if event.area_ha is None else event.area_ha,
        unit="bags" if event.area_ha is None else "ha",
        planted=event.planted,
        member=event.member,
        place=event.place,
        township=event.township,
        cultivation=event.cultivation,
        gi=event.gi,
        high_standard=None if event.high_standard is None else str(event.high_standard).lower(),
        high_standard_number=event.high_standard_number,
    )


def _plot_choices(desk: Desk, _values: Values) -> Choices:
    members = [(each.member, each.name or each.member[:6]) for each in desk.members]
    units = [("mu", gettext("亩")), ("ha", gettext("公顷")), ("bags", gettext("菌袋"))]
    names = dict.fromkeys(row.gi for row in desk.rules.rows(AREAS))
    more = {"indications": [(each, each) for each in names], "cultivations": words_of("cultivation")}
    return {"crops": crops(), "counties": counties(), "members": members, "units": units, **more}


def _start_product(desk: Desk, typed: Mapping[str, str]) -> Values:
    crop = desk.plots[-1].known.commodity if desk.plots else ""
    return {**when(desk, typed), "measure": "mass", "commodity": crop}


def _read_product(desk: Desk, draft: Draft) -> Event:
    names = ("product", "name", "name_en", "commodity", "measure", "piece", "gtin")
    told = {name: draft.text(name) for name in names} | {"piece_kg": draft.number("piece_kg")}
    if told["measure"] == "mass":
        told["piece"] = told["piece_kg"] = None
    return draft.event("product-registered", {**common(desk, draft), **told})


def _fill_product(_desk: Desk, event: registry.ProductRegistered) -> Values:
    return filled(
        at=event.at,
        product=event.product,
        name=event.name,
        name_en=event.name_en,
        commodity=event.commodity,
        measure=event.measure,
        piece=event.piece,
        piece_kg=event.piece_kg,
        gtin=event.gtin,
    )


def _product_choices(_desk: Desk, _values: Values) -> Choices:
    pieces = [(code, text) for code, text in words_of("piece") if code.isascii()]
    return {"pieces": pieces}


MEMBER = Paper(
    kind="member-registered",
    title=N_("登记社员"),
    sign=N_("签名并登记"),
    public=N_("随机的社员编号、时间"),
    sealed=N_("姓名、经办人"),
    start=when,
    read=_read_member,
    fill=_fill_member,
)
PLOT = Paper(
    kind="plot-registered",
    title=N_("登记地块"),
    sign=N_("签名并登记"),
    public=N_(
        "随机的地块编号、所在县、乡镇或村、品类、面积或菌袋数、种植年份、栽培方式、地理标志、是否高标准农田、社员编号"
    ),
    sealed=N_("地点、高标准农田编号、经办人"),
    start=_start_plot,
    read=_read_plot,
    fill=_fill_plot,
    choices=_plot_choices,
)
PRODUCT = Paper(
    kind="product-registered",
    title=N_("登记产品"),
    sign=N_("签名并登记"),
    public=N_("产品编号、名称、品类、计量方式、商品条码"),
    sealed=N_("经办人"),
    start=_start_product,
    read=_read_product,
    fill=_fill_product,
    choices=_product_choices,
)
