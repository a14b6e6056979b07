"""Papers about the work in the field: what was bought, what was put on a plot, what was harvested."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from traceability.events import Event, field
from traceability.holdings import Goods, Land
from traceability.register import dealers
from web.facts import format_fact
from web.farm import inputs, photos
from web.farm.drafts import Draft, row_count
from web.farm.papers import Choices, Paper, Values, common, figures, filled, filled_amount, when
from web.farm.room import Desk, goods_name, plot_name
from web.language import N_, gettext
from web.weighed_with import own_instruments
from web.words import choices as words_of
from web.words import word

FIGURES = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
LABEL = ("label_code", "variety", "batch", "expiry", "dose_unit")
"""What a purchase tells of the label, as it stands there."""


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
    return {**values, **_as_before(desk, typed.get("like", "")), **_as_bought(desk, typed)}


def _as_bought(desk: Desk, typed: Mapping[str, str]) -> Values:
    """Return what the newest label of the product says that the address asks for, to spare the typing."""
    label = inputs.newest_label(desk, typed)
    if label is None:
        return {}
    return filled(
        name=label.name,
        substances=label.substances or None,
        interval_days=label.interval_days,
        registration=label.registration,
        maker=label.maker,
        label_code=label.label_code,
        dose_unit=label.dose_unit,
    )


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
    dose, amount = draft.positive("dose"), draft.positive("amount")
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
        "against": draft.text("against"),
        "label_code": draft.text("label_code"),
        "amount": amount,
        "unit": draft.text("unit") if amount is not None else None,
        "last_on": draft.text("last_on"),
        "applied_by": draft.text("applied_by"),
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
        against=event.against,
        label_code=event.label_code,
        amount=event.amount,
        unit=event.unit,
        last_on=event.last_on,
        applied_by=event.applied_by,
    )


def _spray_choices(desk: Desk, values: Values) -> Choices:
    latest = {
        past.name: past
        for land in desk.plots
        for past in sorted(land.known.treatments, key=lambda one: one.index)
    }
    before = sorted(latest.values(), key=lambda past: past.index, reverse=True)[:4]
    label = inputs.newest_label(desk, {"product": values.get("name", "")})
    most = "" if label is None or label.dose_most is None else f"{figures(label.dose_most)} {label.dose_unit}"
    return {
        "plots": plot_options(desk.plots),
        "before": before,
        "dose_units": dose_units(),
        "units": inputs.UNITS,
        "shelves": inputs.on_the_shelf(desk, pesticides=True),
        "amount": inputs.amount_text,
        "most": most,
    }


def dose_units() -> list[str]:
    """Return the units in which labels tell a dose."""
    return [gettext("克/亩"), gettext("毫升/亩"), gettext("倍液")]


def _start_bought(desk: Desk, typed: Mapping[str, str]) -> Values:
    names = ("name", "category", "maker", "registration", "label_code", "variety")
    asked = {name: typed[name] for name in names if typed.get(name)}
    return {**when(desk, typed), "unit": "kg", "category": "fertiliser", **asked}


def _read_bought(desk: Desk, draft: Draft) -> Event:
    names = ("name", "category", "unit", "registration", "maker", "dealer", "invoice", *LABEL)
    told: dict[str, Any] = {name: draft.text(name) for name in names}
    numbers = {name: draft.positive(name) for name in ("amount", "dose_most")}
    if numbers["dose_most"] is None:
        told["dose_unit"] = None
    label = {
        "substances": draft.words("substances") or None,
        "interval_days": draft.number("interval_days"),
        "licensed_dealer": True if draft.text("licensed_dealer") else None,
    }
    return draft.event("input-bought", {**common(desk, draft), **told, **numbers, **label})


def _bought_choices(desk: Desk, values: Values) -> Choices:
    folded = ("registration", "maker", "invoice", "label_code", "substances", "dose_most", "expiry", "batch")
    return {
        **_input_choices(desk, values),
        "dose_units": dose_units(),
        "dealers": [each.name for each in dealers(desk.reader.connection, desk.today) if each.name],
        "opened": any(values.get(name) for name in folded),
    }


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
        label_code=event.label_code,
        variety=event.variety,
        batch=event.batch,
        expiry=event.expiry,
        substances=event.substances or None,
        interval_days=event.interval_days,
        dose_most=event.dose_most,
        dose_unit=event.dose_unit,
        licensed_dealer="true" if event.licensed_dealer else None,
    )


def _start_input(desk: Desk, typed: Mapping[str, str]) -> Values:
    chosen = {"plot": _first_plot(desk, typed), "unit": "kg", "category": "fertiliser"}
    label = inputs.newest_label(desk, typed)
    told = (
        {} if label is None else filled(name=label.name, category=label.category, label_code=label.label_code)
    )
    return {**when(desk, typed), **chosen, **told}


def _input_choices(desk: Desk, _values: Values) -> Choices:
    return {"plots": plot_options(desk.plots), "units": inputs.UNITS}


def _read_applied(desk: Desk, draft: Draft) -> Event:
    plot = _own_plot(desk, draft, "plot")
    told = {name: draft.text(name) for name in ("name", "category", "unit", "label_code")}
    return draft.event(
        "input-applied", {**common(desk, draft), **told, "plot": plot, "amount": draft.positive("amount")}
    )


def _applied_choices(desk: Desk, values: Values) -> Choices:
    # What is a pesticide is written down as a spray, where its interval is asked for.
    categories = [pair for pair in words_of("category") if pair[0] != "pesticide"]
    shelves = inputs.on_the_shelf(desk, pesticides=False)
    more = {"categories": categories, "shelves": shelves, "amount": inputs.amount_text}
    return {**_input_choices(desk, values), **more}


def _fill_applied(_desk: Desk, event: field.InputApplied) -> Values:
    return filled(
        at=event.at,
        plot=event.plot,
        name=event.name,
        category=event.category,
        amount=event.amount,
        unit=event.unit,
        label_code=event.label_code,
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
        "instrument": draft.text("instrument"),
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
        at=event.at,
        product=event.product,
        lot=format_fact("lot", event.lot),
        variety=event.variety,
        instrument=event.instrument,
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
        "instruments": own_instruments(desk.reader, desk.party, desk.today),
        "row_count": row_count(values, "plots"),
    }


SPRAY = Paper(
    kind="treated",
    title=N_("登记施药"),
    sign=N_("签名并登记施药"),
    public=N_("地块编号、农药名称、有效成分、安全间隔期、登记证号、标签追溯码、用量、防治哪一类、时间"),
    sealed=N_("标签照片（只封存它的摘要）、防治对象、施用人、经办人"),
    start=_start_spray,
    read=_read_spray,
    fill=_fill_spray,
    choices=_spray_choices,
)
BOUGHT = Paper(
    kind="input-bought",
    title=N_("登记购入投入品"),
    sign=N_("签名并登记"),
    public=N_("名称、类别、数量、标签上的内容（登记证号、追溯码、成分、间隔期、用量、批号、有效期）、时间"),
    sealed=N_("经销商、发票、经办人"),
    start=_start_bought,
    read=_read_bought,
    fill=_fill_bought,
    choices=_bought_choices,
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
    public=N_("批号、产品、品种、计量器具、各地块编号和数量、时间"),
    sealed=N_("经办人"),
    start=_start_harvest,
    read=_read_harvest,
    fill=_fill_harvest,
    choices=_harvest_choices,
    rows="plots",
)
