"""Papers about the work in the field: what was bought, what was put on a plot, what was harvested."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from traceability.events import Event, field
from traceability.holdings import Goods, Land
from web.facts import format_fact
from web.farm import photos
from web.farm.drafts import Draft, row_count
from web.farm.papers import Choices, Paper, Values, common, figures, filled, filled_amount, when
from web.farm.room import Desk, goods_name, plot_name
from web.language import N_, gettext
from web.words import choices as words_of
from web.words import word

FIGURES = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
UNITS = ("kg", "g", "L", "mL", "袋", "瓶")


def mass_units() -> list[tuple[str, str]]:
    """Return the units in which people weigh."""
    return [("kg", gettext("公斤")), ("jin", gettext("斤")), ("tonne", gettext("吨"))]


def plot_options(lands: list[Land]) -> list[tuple[str, str]]:
    """Return plots as a list offers them: place, crop and size."""
    return [(each.known.plot, f"{plot_name(each)} · {_crop(each)}") for each in lands]


def _crop(land: Land) -> str:
    if land.known.area_ha is not None:
        size = gettext("%(area)s 公顷", area=figures(land.known.area_ha))
    else:
        size = gettext("%(bags)s 袋", bags=land.known.bags)
    return f"{word('commodity', land.known.commodity)} {size}"


def _own_plot(desk: Desk, draft: Draft, name: str) -> str | None:
    """Return the plot that was chosen; raises `Unknown` or `NotAllowed` for one that is not the party's."""
    chosen = draft.text(name)
    if chosen is not None:
        desk.plot(chosen)
    return chosen


def _only(options: list[Any]) -> Any:
    return options[0] if len(options) == 1 else None


def _first_plot(desk: Desk, typed: Mapping[str, str]) -> str:
    only = _only(desk.plots)
    return typed.get("plot") or ("" if only is None else only.known.plot)


def _start_spray(desk: Desk, typed: Mapping[str, str]) -> Values:
    values = {**when(desk, typed), "plot": _first_plot(desk, typed), "method": "spray"}
    return {**values, **_as_before(desk, typed.get("like", ""))}


def _as_before(desk: Desk, like: str) -> Values:
    """Return the pesticide of an earlier spray on one of the party's plots, to spare the typing."""
    for land in desk.plots:
        for past in land.known.treatments:
            if str(past.index) == like:
                return filled(
                    name=past.name,
                    substances=past.substances,
                    interval_days=past.interval_days,
                    registration=past.registration,
                )
    return {}


def _read_spray(desk: Desk, draft: Draft) -> Event:
    plot = _own_plot(desk, draft, "plot")
    photo = photos.keep(desk.shared, draft.files.get("photo"), draft.text("label_photo"), where="label_photo")
    if photo is not None:
        draft.kept["label_photo"] = photo
    dose = draft.positive("dose")
    told = {
        "plot": plot,
        "name": draft.text("name"),
        "substances": draft.words("substances") or None,
        "interval_days": draft.number("interval_days"),
        "registration": draft.text("registration"),
        "maker": draft.text("maker"),
        "label_photo": photo,
        "method": draft.text("method"),
        "dose": dose,
        "dose_unit": draft.text("dose_unit") if dose is not None else None,
        "target": draft.text("target"),
    }
    return draft.event("treated", {**common(desk, draft), **told})


def _fill_spray(_desk: Desk, event: field.Treated) -> Values:
    return filled(
        at=event.at,
        plot=event.plot,
        name=event.name,
        substances=event.substances,
        interval_days=event.interval_days,
        registration=event.registration,
        maker=event.maker,
        label_photo=event.label_photo,
        method=event.method,
        dose=event.dose,
        dose_unit=event.dose_unit,
        target=event.target,
    )


def _spray_choices(desk: Desk, _values: Values) -> Choices:
    latest = {
        past.name: past
        for land in desk.plots
        for past in sorted(land.known.treatments, key=lambda one: one.index)
    }
    before = sorted(latest.values(), key=lambda past: past.index, reverse=True)[:4]
    units = [gettext("克/亩"), gettext("毫升/亩"), gettext("倍液")]
    return {"plots": plot_options(desk.plots), "before": before, "dose_units": units}


def _read_bought(desk: Desk, draft: Draft) -> Event:
    names = ("name", "category", "unit", "registration", "maker", "dealer", "invoice")
    told = {name: draft.text(name) for name in names} | {"amount": draft.positive("amount")}
    return draft.event("input-bought", {**common(desk, draft), **told})


def _fill_bought(_desk: Desk, event: field.InputBought) -> Values:
    return filled(
        at=event.at,
        name=event.name,
        category=event.category,
        amount=event.amount,
        unit=event.unit,
        registration=event.registration,
        maker=event.maker,
        dealer=event.dealer,
        invoice=event.invoice,
    )


def _start_input(desk: Desk, typed: Mapping[str, str]) -> Values:
    chosen = {"plot": _first_plot(desk, typed), "unit": "kg", "category": "fertiliser"}
    return {**when(desk, typed), **chosen}


def _input_choices(desk: Desk, _values: Values) -> Choices:
    return {"plots": plot_options(desk.plots), "units": UNITS}


def _read_applied(desk: Desk, draft: Draft) -> Event:
    plot = _own_plot(desk, draft, "plot")
    told = {name: draft.text(name) for name in ("name", "category", "unit")}
    return draft.event(
        "input-applied", {**common(desk, draft), **told, "plot": plot, "amount": draft.positive("amount")}
    )


def _applied_choices(desk: Desk, values: Values) -> Choices:
    # What is a pesticide is written down as a spray, where its interval is asked for.
    categories = [pair for pair in words_of("category") if pair[0] != "pesticide"]
    return {**_input_choices(desk, values), "categories": categories}


def _fill_applied(_desk: Desk, event: field.InputApplied) -> Values:
    return filled(
        at=event.at,
        plot=event.plot,
        name=event.name,
        category=event.category,
        amount=event.amount,
        unit=event.unit,
    )


def _start_harvest(desk: Desk, typed: Mapping[str, str]) -> Values:
    plot = typed.get("plot", "")
    goods = _goods_for(desk, typed.get("product", ""), plot)
    values = {**when(desk, typed), "unit": "kg", "plots.rows": "1"}
    if goods is None:
        return values
    only = _only(desk.plots_for(goods))
    first = plot or ("" if only is None else only.known.plot)
    number = desk.free_number(goods)
    return {**values, "product": goods.product, "lot": number, "plots.0.plot": first}


def _goods_for(desk: Desk, product: str, plot: str) -> Goods | None:
    """Return the product that was asked for, or the only one that the plot can give."""
    if product:
        return desk.product(product)
    possible = [
        goods
        for goods in desk.reaped
        if not plot or any(land.known.plot == plot for land in desk.plots_for(goods))
    ]
    return possible[0] if len(possible) == 1 else None


def _read_harvest(desk: Desk, draft: Draft) -> Event:
    goods = desk.product(draft.text("product") or "")
    measure = "mass" if goods is None else goods.measure
    shares = [
        _share(desk, draft, f"plots.{row}", measure) for row in draft.rows_of("plots", "plot", "amount")
    ]
    told = {
        "lot": desk.lot_named(goods, draft.text("lot")),
        "product": draft.text("product"),
        "variety": draft.text("variety"),
        "plots": shares,
        "amount": _sum([each["amount"] for each in shares], measure),
    }
    return draft.event("harvested", {**common(desk, draft), **told})


def _share(desk: Desk, draft: Draft, where: str, measure: str) -> dict[str, Any]:
    plot = _own_plot(desk, draft, f"{where}.plot")
    amount = draft.amount(f"{where}.amount", measure, draft.text("unit") or "kg")
    return {"amount": amount} if plot is None else {"plot": plot, "amount": amount}


def _sum(amounts: list[dict[str, Any]], measure: str) -> dict[str, Any]:
    """Return the whole harvest; where a part is no number, what is wrong is told at the part."""
    told = [str(value) for each in amounts for value in each.values()]
    whole = sum((Decimal(each) for each in told if FIGURES.fullmatch(each)), Decimal(0)) or Decimal(1)
    return {"kg": format(whole, "f")} if measure == "mass" else {"pieces": int(whole)}


def _fill_harvest(_desk: Desk, event: field.Harvested) -> Values:
    shares = {
        f"plots.{row}.{name}": text
        for row, share in enumerate(event.plots)
        for name, text in (("plot", share.plot), ("amount", filled_amount(share.amount)))
    }
    values = filled(
        at=event.at, product=event.product, lot=format_fact("lot", event.lot), variety=event.variety
    )
    return {**values, "unit": "kg", "plots.rows": str(len(event.plots)), **shares}


def _harvest_choices(desk: Desk, values: Values) -> Choices:
    goods = desk.product(values.get("product", ""))
    return {
        "goods": goods,
        "goods_name": "" if goods is None else goods_name(goods),
        "products": [(each.product, goods_name(each)) for each in desk.reaped],
        "plots": plot_options(desk.plots_for(goods)),
        "waiting": [each for each in desk.plots_for(goods) if each.wait is not None],
        "units": mass_units(),
        "row_count": row_count(values, "plots"),
    }


SPRAY = Paper(
    kind="treated",
    title=N_("登记施药"),
    sign=N_("签名并登记施药"),
    public=N_("地块编号、农药名称、有效成分、安全间隔期、登记证号、用量、时间"),
    sealed=N_("标签照片（只封存它的摘要）、防治对象、经办人"),
    start=_start_spray,
    read=_read_spray,
    fill=_fill_spray,
    choices=_spray_choices,
)
BOUGHT = Paper(
    kind="input-bought",
    title=N_("登记购入投入品"),
    sign=N_("签名并登记"),
    public=N_("名称、类别、数量、登记证号、生产企业、时间"),
    sealed=N_("经销商、发票、经办人"),
    start=_start_input,
    read=_read_bought,
    fill=_fill_bought,
    choices=_input_choices,
)
APPLIED = Paper(
    kind="input-applied",
    title=N_("登记使用投入品"),
    sign=N_("签名并登记"),
    public=N_("地块编号、名称、类别、数量、时间"),
    sealed=N_("经办人"),
    start=_start_input,
    read=_read_applied,
    fill=_fill_applied,
    choices=_applied_choices,
)
HARVEST = Paper(
    kind="harvested",
    title=N_("登记采收"),
    sign=N_("签名并登记采收"),
    public=N_("批号、产品、品种、各地块编号和数量、时间"),
    sealed=N_("经办人"),
    start=_start_harvest,
    read=_read_harvest,
    fill=_fill_harvest,
    choices=_harvest_choices,
    rows="plots",
)
