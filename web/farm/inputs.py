"""The shelf of seed, fertiliser and pesticides: what is left, and what its labels say.

/farm/inputs                        what is on the shelf, and where a label's code is typed or scanned
/farm/inputs/label?code=…           what the code says: on to a use if it was bought here, else to a purchase
/farm/record/input-adjusted         more or less than purchases and uses tell: had before, returned, gone bad
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from traceability import consequences, input_stock, label_codes
from traceability.errors import Invalid
from traceability.events import Event, inputs
from traceability.input_stock import Label, Shelf
from traceability.rule_tables.moving import RETENTION
from web.farm.drafts import Draft
from web.farm.papers import Choices, Paper, Values, common, figures, filled, when
from web.farm.room import Desk, blueprint, desk, growers
from web.language import N_, current, gettext
from web.words import choices as words_of

KINDS_OF_INPUTS = ("input-bought", "treated", "input-applied")
UNITS = ("kg", "g", "L", "mL", "袋", "瓶")


@blueprint.get("/inputs")
@growers
def shelf() -> str:
    """Show what is on the shelf."""
    with desk() as here:
        found = input_stock.shelves(here.reader.connection, here.party)
        return render_template(
            "farm/inputs.html",
            desk=here,
            shelves=found,
            amount=amount_text,
            use=lambda one: use_address(one.category, one.name),
            adjust=_adjust_address,
            duties=duties(here),
            years=kept_years(here),
        )


@blueprint.get("/inputs/label")
@growers
def label() -> Response:
    """Read the code of a label, and go on to the form that it belongs on."""
    code = request.args.get("code", "")
    try:
        found = label_codes.parse(code)
    except Invalid:
        flash(gettext("没有认出这个码。农药标签是 32 位数字，种子标签是四行文字；也可以直接填表。"))
        return redirect(url_for("farm.shelf"))
    with desk() as here:
        bought = input_stock.label_under(here.reader.connection, here.party, found.code)
    if bought is not None:
        return redirect(use_address(bought.category, bought.name))
    return redirect(url_for("farm.paper", kind="input-bought", **_told(found)))


def _told(found: label_codes.PesticideLabel | label_codes.SeedLabel) -> dict[str, Any]:
    """Return what a label's code says, by the fields of a purchase."""
    if isinstance(found, label_codes.PesticideLabel):
        return {"category": "pesticide", "label_code": found.code}
    told = {"category": "seed", "label_code": found.code, "maker": found.maker}
    return {**told, "variety": found.variety, "name": found.variety}


def use_address(category: str, name: str) -> str:
    """Return the form on which the use of a product is written down."""
    kind = "treated" if category == "pesticide" else "input-applied"
    return url_for("farm.paper", kind=kind, product=name)


def _adjust_address(one: Shelf) -> str:
    told: dict[str, Any] = {"name": one.name, "category": one.category, "unit": one.account.unit}
    return url_for("farm.paper", kind="input-adjusted", **told)


def amount_text(one: Shelf, what: str) -> str:
    """Return how much was bought, used or is on hand, with its unit."""
    return f"{figures(getattr(one.account, what))} {one.account.unit}"


def duties(here: Desk) -> list[tuple[str, str]]:
    """Return what the law says follows from neglect, with its clause: sure texts for this kind of party."""
    found = [
        each for kind in KINDS_OF_INPUTS for each in consequences.told_to(here.account.role, kind, here.today)
    ]
    texts = {(each.text_en if current() == "en" else each.text_zh): each.clause for each in found}
    return list(texts.items())


def kept_years(here: Desk) -> list[tuple[int, str]]:
    """Return for how many years records of inputs are kept, and under which clause."""
    found = [
        (row.months // 12, row.clause)
        for row in here.rules.rows(RETENTION)
        if row.sure
        and row.in_force(here.today)
        and set(KINDS_OF_INPUTS) & set(row.kinds)
        and (not row.roles or here.account.role in row.roles)
    ]
    return list(dict.fromkeys(found))


def newest_label(here: Desk, typed: Mapping[str, str]) -> Label | None:
    """Return the label of the product that the address of a form asks for."""
    name = typed.get("product", "").strip()
    return input_stock.label_of(here.reader.connection, here.party, name) if name else None


def on_the_shelf(here: Desk, *, pesticides: bool) -> list[Shelf]:
    """Return what is left to be used: pesticides, or all else."""
    found = input_stock.shelves(here.reader.connection, here.party)
    return [one for one in found if (one.category == "pesticide") == pesticides and one.account.on_hand > 0]


# What purchases and uses do not tell.


def _start(here: Desk, typed: Mapping[str, str]) -> Values:
    asked = {name: typed[name] for name in ("name", "category", "unit") if typed.get(name)}
    return {**when(here, typed), "why": "had-before", "unit": "kg", **asked}


def _read(here: Desk, draft: Draft) -> Event:
    names = ("name", "category", "unit", "why")
    # A correction has a note of its own.
    told = {name: draft.text(name) for name in names} | {"note": draft.text("remark")}
    change = draft.positive("change")
    is_less = told["why"] in {"returned", "expired", "spilt"} or draft.text("less") is not None
    if change is not None and is_less:
        change = f"-{change}"
    return draft.event("input-adjusted", {**common(here, draft), **told, "change": change})


def _fill(_here: Desk, event: inputs.InputAdjusted) -> Values:
    values = filled(
        at=event.at,
        name=event.name,
        category=event.category,
        unit=event.unit,
        why=event.why,
        remark=event.note,
        change=abs(event.change),
    )
    return {**values, "less": "true"} if event.change < 0 else values


def _choices(_here: Desk, _values: Values) -> Choices:
    return {"units": UNITS, "categories": words_of("category"), "whys": words_of("why")}


ADJUSTED = Paper(
    kind="input-adjusted",
    title=N_("调整投入品库存"),
    sign=N_("签名并登记"),
    public=N_("名称、类别、增减数量、理由、时间"),
    sealed=N_("说明、经办人"),
    start=_start,
    read=_read,
    fill=_fill,
    choices=_choices,
)
