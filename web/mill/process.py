"""Milling, drying, blending: lots that went in, lots that came out, and whether the masses can be true.

    inputs + water  ≥  products + by-products + loss        in kilograms, computed before anybody signs

"Check" draws the balance and asks every rule without writing anything; "sign" writes. Both read one form.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, render_template, request, url_for

from traceability import holdings, recollection, rules
from traceability.errors import TraceError
from traceability.events import Event
from traceability.events.fact import legal_day
from traceability.events.registry import Role
from traceability.holdings import Goods, Lot
from traceability.reading import Reader
from web import recording
from web.access import me, require
from web.forms import Form
from web.mill import following
from web.problems import Sentence, tell, tell_breaches
from web.recording import Answer, Given, amount, blank, event_of, filled, rows, submitted, typed
from web.services import services
from web.weighed_with import own_instruments

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """The kilograms of one process; what has no weight, because nobody told that of a piece, is left out."""

    inputs: Decimal
    water: Decimal
    products: Decimal
    by_products: Decimal
    loss: Decimal
    is_whole: bool
    """Whether everything could be weighed."""

    @property
    def whole(self) -> Decimal:
        """Return what went in."""
        return self.inputs + self.water

    @property
    def part(self) -> Decimal:
        """Return what came out or was lost."""
        return self.products + self.by_products + self.loss

    @property
    def left(self) -> Decimal:
        """Return what is not accounted for; less than nothing where more came out than went in."""
        return self.whole - self.part


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the page of a process, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/process", "process", guard(process))
    room.add_url_rule("/process", "submit_process", guard(submit_process), methods=["POST"])


def process() -> str:
    """Show the form; ?lot= is the first input, ?template= the way of making that is followed."""
    start = {"inputs.0.lot": request.args.get("lot", ""), "template": request.args.get("template", "")}
    return _page(blank(**start))


def submit_process() -> Answer:
    """Record a process, or with `action=check` only say what would come of it."""
    if request.form.get("action") == "check":
        return _checked()
    return submitted(_processed, _page, lambda _digest: url_for(f"{request.blueprint}.index"))


def _checked() -> Answer:
    values = typed(request.form)
    try:
        event = _processed(values)
        with services().reading() as reader:
            flags = _asked(reader, event)
    except TraceError as error:
        told = tell(error)
        return _page(Form(values, told)), told.status
    return _page(Form(values), checked=True, flags=flags)


def _asked(reader: Reader, event: Event) -> tuple[Sentence, ...]:
    """Return what the rules would remark on *event* now; raises `Refused` as the log would."""
    shared = services()
    rule_set = shared.rules(reader)
    past = recollection.past_of(
        reader,
        event,
        by=me().party,
        claimed_by=None,
        index=shared.log.size(),
        recorded_at=shared.clock(),
        rule_set=rule_set,
    )
    breaches = rules.judge(event, past, rule_set)
    rules.verdict(breaches, "own")
    return tell_breaches(breaches)


def _page(form: Form, *, checked: bool = False, flags: Iterable[Sentence] = ()) -> str:
    with services().reading() as reader:
        lots, products = holdings.in_stock(reader, me().party), holdings.products(reader, me().party)
        numbers = {each.product: holdings.free_number(reader, each, services().clock()) for each in products}
        templates = following.templates(reader)
        steps = following.steps(reader, form.value("template"))
        instruments = own_instruments(reader, me().party, legal_day(services().clock()))
    return render_template(
        "mill/process.html",
        form=form,
        lots=lots,
        products=products,
        numbers=numbers,
        balance=_balance(form, lots, products),
        templates=templates,
        steps=steps,
        instruments=instruments,
        checked=checked,
        flags=list(flags),
        rows={group: recording.row_count(form, group) + recording.SPARE for group in ("inputs", "outputs")},
    )


def _processed(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {each.lot: each.measure for each in holdings.in_stock(reader, me().party)}
        products = {each.product: each for each in holdings.products(reader, me().party)}
        numbers = {
            name: holdings.free_number(reader, each, services().clock()) for name, each in products.items()
        }
        followed = following.told(reader, values)
    inputs = [
        {"lot": row.get("lot", ""), **amount(row.get("amount"), measures.get(row.get("lot", ""), "mass"))}
        for row in rows(values, "inputs")
    ]
    outputs = [_output(row, products, numbers) for row in rows(values, "outputs")]
    told = filled(values, "process", "water_kg", "loss_kg", "moisture_before", "moisture_after", "instrument")
    given = {**told, **followed, "inputs": inputs, "outputs": outputs}
    return event_of("processed", values, given)


def _output(row: Mapping[str, str], products: Mapping[str, Goods], numbers: Mapping[str, str]) -> Given:
    """Return one output; its lot is named by its product, and numbered by the day unless one was typed."""
    made = products.get(row.get("product", ""))
    told: Given = {**filled(row, "product"), **amount(row.get("amount"), made.measure if made else "mass")}
    if made is not None:
        told["lot"] = made.lot(row.get("lot") or numbers[made.product])
    elif row.get("lot"):
        told["lot"] = row["lot"]
    if row.get("by_product"):
        told["by_product"] = True
    return told


def _balance(form: Form, lots: Iterable[Lot], products: Iterable[Goods]) -> Balance:
    """Return the masses of what stands on *form* so far, whatever else is wrong with it."""
    of_lot = {each.lot: _kg_of_one(each.measure, each.goods) for each in lots}
    of_product = {each.product: _kg_of_one(each.measure, each) for each in products}
    inputs = _weights(form, "inputs", "lot", of_lot)
    outputs = _weights(form, "outputs", "product", of_product)
    is_by_product = [bool(form.value(f"outputs.{number}.by_product")) for number in range(len(outputs))]
    return Balance(
        inputs=_sum(inputs),
        water=_number(form.value("water_kg")) or NOTHING,
        products=_sum(kg for kg, is_by in zip(outputs, is_by_product, strict=True) if not is_by),
        by_products=_sum(kg for kg, is_by in zip(outputs, is_by_product, strict=True) if is_by),
        loss=_number(form.value("loss_kg")) or NOTHING,
        is_whole=None not in inputs and None not in outputs,
    )


def _kg_of_one(measure: str, goods: Goods | None) -> Decimal | None:
    """Return how many kilograms one unit of the measure is: one, or what a piece weighs."""
    if measure == "mass":
        return Decimal(1)
    return None if goods is None else goods.piece_kg


def _weights(form: Form, group: str, key: str, of_one: Mapping[str, Decimal | None]) -> list[Decimal | None]:
    found = []
    for number in range(recording.row_count(form, group)):
        told = _number(form.value(f"{group}.{number}.amount"))
        one = of_one.get(form.value(f"{group}.{number}.{key}"), Decimal(1))
        found.append(None if told is None or one is None else told * one)
    return found


def _sum(weights: Iterable[Decimal | None]) -> Decimal:
    return sum((kg for kg in weights if kg is not None), NOTHING)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text) else None
