"""Papers about lots that are ready to leave: pack codes, a certificate."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qr.code import packs_possible
from traceability import holdings
from traceability.errors import Invalid, Problem
from traceability.events import Event, quality
from traceability.holdings import Lot
from web import code_rooms
from web.facts import format_fact
from web.farm.drafts import Draft
from web.farm.papers import Choices, Paper, Values, common, figures, filled, filled_amount, when
from web.farm.room import Desk, counties
from web.farm.work import mass_units
from web.language import N_
from web.words import word

MOST_CODES = 100_000


def _own_lot(desk: Desk, draft: Draft, name: str) -> tuple[str | None, Lot | None]:
    """Return the lot that was chosen; raises `Unknown` or `NotAllowed` for one that is not the party's."""
    chosen = draft.text(name)
    return chosen, None if chosen is None else desk.lot(chosen)


def _start_codes(desk: Desk, typed: Mapping[str, str]) -> Values:
    lot = desk.lot(typed.get("lot", ""))
    pack = "5" if lot.measure == "mass" else "1"
    possible = min(packs_possible(lot.codable, Decimal(pack)), MOST_CODES)
    first = str(lot.known.next_code)
    values = {"lot": lot.lot, "first": first, "pack": pack, "unit": "kg", "count": str(possible)}
    return {**when(desk, typed), **values}


def _read_codes(desk: Desk, draft: Draft) -> Event:
    chosen, lot = _own_lot(desk, draft, "lot")
    count = draft.number("count")
    if count is not None and count.isascii() and count.isdigit() and int(count) > MOST_CODES:
        raise Invalid(Problem("count", "too-many", (("most", str(MOST_CODES)),)))
    told = {
        "lot": chosen,
        "first": draft.number("first"),
        "count": count,
        "pack": draft.amount("pack", "mass" if lot is None else lot.measure, draft.text("unit") or "kg"),
        "asleep": True if draft.text("asleep") else None,
        "roll": _roll(lot, draft.text("roll")),
        "roll_first": draft.number("roll_first"),
    }
    return draft.event("codes-issued", {**common(desk, draft), **told})


def _roll(lot: Lot | None, typed: str | None) -> str | None:
    """Return the full name of a roll of labels printed before, of which the number was typed."""
    product = None if lot is None or lot.goods is None else lot.goods.product
    return typed if typed is None or product is None else code_rooms.roll_name(typed, product)


def _codes_choices(desk: Desk, values: Values) -> Choices:
    lot = desk.lot(values.get("lot", ""))
    sizes = ("1", "2.5", "5", "10", "25") if lot.measure == "mass" else ("1", "2", "8", "10")
    possible = [(size, packs_possible(lot.codable, Decimal(size))) for size in sizes]
    return {"held": lot, "units": mass_units(), "possible": possible}


def _no_correction(_desk: Desk, event: Event) -> Values:
    raise Invalid(Problem("kind", "not-in-list", (("found", event.kind),)))


def _start_void(desk: Desk, typed: Mapping[str, str]) -> Values:
    lot = desk.lot(typed.get("lot", ""))
    return {
        **when(desk, typed),
        "lot": lot.lot,
        "first": typed.get("first", ""),
        "count": typed.get("count", ""),
    }


def _read_void(desk: Desk, draft: Draft) -> Event:
    chosen, _ = _own_lot(desk, draft, "lot")
    told = {
        "lot": chosen,
        "first": draft.number("first"),
        "count": draft.number("count"),
        "cause": draft.text("cause"),
    }
    return draft.event("codes-voided", {**common(desk, draft), **told})


def _void_choices(desk: Desk, values: Values) -> Choices:
    lot = desk.lot(values.get("lot", ""))
    causes = [(code, word("cause", code)) for code in ("misprint", "damaged", "lost", "recall", "unused")]
    return {"held": lot, "causes": causes, "issues": holdings.issues(desk.reader, lot.lot)}


def _start_certificate(desk: Desk, typed: Mapping[str, str]) -> Values:
    lot = desk.lot(typed.get("lot", ""))
    grown_in = holdings.counties(desk.reader, lot.lot) or [desk.seat.division]
    return {
        **when(desk, typed),
        "lot": lot.lot,
        "number": f"{desk.today:%Y}-{format_fact('lot', lot.lot)}",
        "name": lot.goods.name if lot.goods is not None else "",
        "amount": figures(lot.stock),
        "unit": "kg",
        "division": grown_in[0],
        "basis": "controlled",
        "promise": "producer",
    }


def _read_certificate(desk: Desk, draft: Draft) -> Event:
    chosen, lot = _own_lot(desk, draft, "lot")
    names = ("number", "name", "division", "basis", "contact", "promise")
    told: dict[str, Any] = {name: draft.text(name) for name in names}
    told["contact_on_pack"] = True if draft.text("contact_on_pack") else None
    if told["contact"] is None and told["contact_on_pack"] is None:
        draft.missing("contact")
    amount = draft.amount("amount", "mass" if lot is None else lot.measure, draft.text("unit") or "kg")
    if lot is not None and in_scope(desk, lot) is not True:
        # What the rules do not ask for is not promised under their name.
        raise Invalid(Problem("lot", "not-in-list", (("found", format_fact("lot", lot.lot)),)))
    return draft.event("certificate-issued", {**common(desk, draft), **told, "lot": chosen, "amount": amount})


def in_scope(desk: Desk, lot: Lot) -> bool | None:
    """Tell whether this lot needs a 承诺达标合格证 today; None where that is not known."""
    commodity = None if lot.goods is None else lot.goods.commodity
    return None if commodity is None else desk.rules.requires_certificate(commodity, desk.today)


def _fill_certificate(_desk: Desk, event: quality.CertificateIssued) -> Values:
    values = filled(
        at=event.at,
        lot=event.lot,
        number=event.number,
        name=event.name,
        division=event.division,
        basis=event.basis,
        contact=event.contact,
        promise=event.promise,
        contact_on_pack="true" if event.contact_on_pack else None,
    )
    return {**values, "amount": filled_amount(event.amount), "unit": "kg"}


def _certificate_choices(desk: Desk, values: Values) -> Choices:
    lot = desk.lot(values.get("lot", ""))
    return {"held": lot, "required": in_scope(desk, lot), "counties": counties(), "units": mass_units()}


CODES = Paper(
    kind="codes-issued",
    title=N_("发放追溯码"),
    sign=N_("签名并发码"),
    public=N_("批次、起始序号、个数、每包装量、时间"),
    sealed=N_("经办人"),
    start=_start_codes,
    read=_read_codes,
    fill=_no_correction,
    choices=_codes_choices,
)
VOID = Paper(
    kind="codes-voided",
    title=N_("作废追溯码"),
    sign=N_("签名并作废"),
    public=N_("批次、起始序号、个数、原因、时间"),
    sealed=N_("经办人"),
    start=_start_void,
    read=_read_void,
    fill=_no_correction,
    choices=_void_choices,
)
CERTIFICATE = Paper(
    kind="certificate-issued",
    title=N_("开具承诺达标合格证"),
    sign=N_("承诺并签名"),
    public=N_("批次、编号、产品名称、数量、产地、承诺依据、谁的承诺、包装上有没有联系方式、时间"),
    sealed=N_("联系方式、经办人"),
    start=_start_certificate,
    read=_read_certificate,
    fill=_fill_certificate,
    choices=_certificate_choices,
)
