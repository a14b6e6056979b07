"""Goods that arrive and goods that leave: the same pages in every room of those who trade.

    /receive                   what is on its way to me, and a box for the word of a delivery note
    /receive?shipment=…|token=…    one delivery: what was weighed
    /ship                      lots and boxes, amounts, and to whom
    /shipments/<digest>        the delivery note, to print
    /unpack                    a box that is emptied

    deliveries.add_to(blueprint, "processor", "brand-owner")

Only a shipment whose sealed receiver is the asking party stands in its list; whoever brings the word of a
note may receive without having been named. What a note says is the sender's alone.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from qr import symbol
from traceability import boxes, counterparties, goods, holdings, own_records, tables
from traceability.boxes import Box
from traceability.errors import Breach, Invalid, NotAllowed, Problem, Refused
from traceability.events import Event
from traceability.events.movement import Shipped
from traceability.events.processing import Part
from traceability.events.registry import Role
from traceability.events.roles import TRADERS
from traceability.holdings import Delivery, Lot
from traceability.quantity import Amount
from traceability.reading import Reader
from traceability.unit import EXACT
from web import handover
from web.access import me, mine, require
from web.forms import Form
from web.navigation import first_place
from web.problems import tell
from web.recording import (
    STATEMENT,
    Answer,
    Given,
    amount,
    blank,
    event_of,
    filled,
    row_count,
    rows,
    submitted,
)
from web.services import services
from web.words import choices

HOUSE = "jizihao"
SPARE = 3
# What a record takes for a number, and no spelling that only arithmetic knows, such as NaN or 1e999999999.
_FIGURES = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
"""How many empty rows stand ready on a form."""

IN_KG = {"kg": Decimal(1), "jin": Decimal("0.5"), "tonne": Decimal(1000)}
"""How many kilograms one of each unit is in which people weigh; 1 斤 is half a kilogram."""

SHORT = Decimal("0.005")
"""A scale and dry air explain this share of a delivery; what misses more is told as missing."""

blueprint = Blueprint("deliveries", __name__)
"""The address that the code of a delivery note carries; it leads to the room of whoever scans it."""


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the pages of receiving and shipping, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/receive", "receive", guard(receive))
    room.add_url_rule("/receive", "submit_receipt", guard(submit_receipt), methods=["POST"])
    room.add_url_rule("/ship", "ship", guard(ship))
    room.add_url_rule("/ship", "submit_shipment", guard(submit_shipment), methods=["POST"])
    room.add_url_rule("/shipments", "shipments", guard(shipments))
    room.add_url_rule("/shipments/<digest>", "note", guard(note))
    room.add_url_rule("/unpack", "unpack", guard(unpack))
    room.add_url_rule("/unpack", "submit_unpack", guard(submit_unpack), methods=["POST"])


@blueprint.get("/handover/<token>")
@require(*sorted(TRADERS))  # type: ignore[arg-type]  # the set holds roles only
def scanned(token: str) -> Response:
    """Go to the receipt form of the room in which the person asking is at home."""
    return redirect(f"{first_place(me().role)}receive?token={handover.read_token(token)}")


def names(reader: Reader) -> dict[str, str]:
    """Return what each registered organisation is called; one whose name is sealed is called by its id."""
    return {each.party: each.name or each.party for each in holdings.partners(reader)}


def in_stock(reader: Reader) -> list[Lot]:
    """Return the lots of which the asking party has something."""
    return [each for each in holdings.lots(reader, me().party) if each.stock > 0]


# receiving


def receive() -> str | tuple[str, int]:
    """Show what is on its way here, or the form of one delivery."""
    token, digest = request.args.get("token", ""), request.args.get("shipment", "")
    if not token and not digest:
        return _list(Form({}))
    try:
        with services().reading() as reader:
            found = _by_token(reader, token) if token else _addressed(reader, digest)
    except Refused as error:
        told = tell(error)
        return _list(Form({"token": token}, told, everything_at="token")), told.status
    return _form_of(found, blank(token=token))


def submit_receipt() -> Answer:
    """Record that a delivery arrived, with what was weighed."""
    digest = request.form.get("shipment", "")
    with services().reading() as reader:
        found = _addressed_or_told(reader, digest, request.form.get("token", ""))
    return submitted(
        lambda values: _received(found, values),
        lambda form: _form_of(found, form),
        lambda _digest: url_for(f"{request.blueprint}.index"),
    )


def _list(form: Form) -> str:
    with services().reading() as reader:
        coming = holdings.coming(reader, services().sealed, me().party)
        return render_template(
            "mill/receive-list.html",
            form=form,
            coming=coming,
            names=names(reader),
            lots=_lots(reader, coming),
        )


def _lots(reader: Reader, coming: list[Delivery]) -> dict[str, Lot]:
    """Return each lot of these deliveries, as its sender has it."""
    return {part.lot: holdings.lot(reader, each.by, part.lot) for each in coming for part in each.parts}


def _form_of(found: Delivery, form: Form) -> str:
    with services().reading() as reader:
        return render_template(
            "mill/receive.html",
            form=form,
            delivery=found,
            names=names(reader),
            lots=_lots(reader, [found]),
            needs_token=not (form.value("token") or _word(found)),
        )


def _word(found: Delivery) -> str | None:
    """Return the word of a delivery for its named receiver, where it was made here."""
    if found.to != me().party:
        return None
    return handover.known_token(services().settings, found.statement_id, found.handover)


def _addressed(reader: Reader, digest: str) -> Delivery:
    """Return the delivery with this digest if it names the asking party, or raise `NotAllowed`."""
    found = holdings.delivery(reader, services().sealed, digest)
    if found.to != me().party:
        raise NotAllowed("other-party", party=found.by)
    return found


def _by_token(reader: Reader, typed: str) -> Delivery:
    table = tables.shipment
    digest = handover.digest_of(handover.read_token(typed))
    row = reader.connection.execute(tables.standing(table, table.c.handover == digest).limit(1)).first()
    if row is None:
        raise Refused(Breach("unknown-shipment", HOUSE, (("shipment", typed[:40]),)))
    found = holdings.delivery(reader, services().sealed, row.digest)
    if found.received_by is not None:
        raise Refused(Breach("received-already", HOUSE, (("by", found.received_by),)))
    return found


def _addressed_or_told(reader: Reader, digest: str, token: str) -> Delivery:
    found = holdings.delivery(reader, services().sealed, digest)
    knows_word = handover.digest_of(handover.read_token(token)) == found.handover
    return found if knows_word else _addressed(reader, digest)


def _received(found: Delivery, values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {name: lot.measure for name, lot in _lots(reader, [found]).items()}
        told = reader.statement(found.entry).event
    shipped = getattr(told, "replacement", None) or told
    taken, differences = _weighed(found, values, measures)
    word = handover.read_token(values.get("token", "")) or _word(found)
    given: Given = {"shipment": found.digest, "parts": taken, **filled(values, "difference")}
    if differences:
        given["differences"] = differences
    if word:
        given["token"] = word
    if isinstance(shipped, Shipped) and shipped.containers:
        given["containers"] = list(shipped.containers)
    return event_of("received", values, given)


def _weighed(
    found: Delivery, values: dict[str, str], measures: dict[str, str]
) -> tuple[list[Given], list[Given]]:
    """Return what was taken in of each lot, and what did not come, came spoilt, or came beyond the note.

    What is missing follows from the note; so that the two agree to the gram nobody types it.
    """
    sent = {part.lot: part.amount for part in found.parts}
    taken: list[Given] = []
    differences: list[Given] = []
    for row in rows(values, "parts"):
        lot = row.get("lot", "")
        measure = measures.get(lot, "mass")
        counted = _number(row.get("amount"))
        if counted != 0:
            taken.append({"lot": lot, **amount(row.get("amount"), measure)})
        told = [
            {"lot": lot, "how": how, **amount(row[how], measure)}
            for how in ("damaged", "over")
            if _number(row.get(how)) != 0 and row.get(how)
        ]
        missing = _missing(sent.get(lot), counted, _number(row.get("damaged")))
        if missing is not None:
            told.append({"lot": lot, "how": "short", **amount(missing, measure)})
        differences += told
    return taken, differences


def _number(typed: str | None) -> Decimal | None:
    """Return what was typed, for sums; what the record would not take for a number is refused there."""
    return Decimal(typed) if typed and _FIGURES.fullmatch(typed) else None


def _missing(sent: Amount | None, counted: Decimal | None, damaged: Decimal | None) -> str | None:
    """Return what neither came nor came spoilt; nothing where scales may differ by so much."""
    if sent is None or counted is None:
        return None
    whole = sent.kg if sent.kg is not None else Decimal(sent.pieces or 0)
    rest = whole - counted - (damaged or Decimal(0))
    if rest <= 0 or (not damaged and rest <= whole * SHORT):
        return None
    return f"{rest:f}"


# shipping


def ship() -> str:
    """Show the form of a shipment; ?lot= or ?container= is filled in."""
    start = {"parts.0.lot": request.args.get("lot", ""), "container.0": request.args.get("container", "")}
    return _ship_form(blank(**{name: text for name, text in start.items() if text}))


def submit_shipment() -> Answer:
    """Record that goods left, and go on to their delivery note."""
    return submitted(_shipped, _ship_form, lambda digest: url_for(f"{request.blueprint}.note", digest=digest))


def _ship_form(form: Form) -> str:
    with services().reading() as reader:
        partners = [
            (each.party, each.name or each.party)
            for each in holdings.partners(reader)
            if each.role in TRADERS and each.party != me().party
        ]
        here = boxes.boxes(reader, me().party)
        return render_template(
            "mill/ship.html",
            form=form,
            lots=in_stock(reader),
            boxes=here,
            pieces=_pieces(reader, here),
            partners=[*partners, *outsiders(reader)],
            kinds=choices("receiver_kind"),
            provinces=choices("destination_division"),
            rows=row_count(form, "parts") + SPARE,
        )


def _pieces(reader: Reader, found: list[Box]) -> dict[str, str]:
    """Return what a piece of each lot in these boxes is called."""
    held = {part.lot for box in found for part in box.parts}
    return {each: goods.piece_of(reader.connection, each) for each in held}


def outsiders(reader: Reader) -> list[tuple[str, str]]:
    """Return who is outside this ledger and was noted before, by name."""
    found = counterparties.of_party(reader, services().sealed, me().party)
    return [(each.counterparty, each.name or each.counterparty) for each in found]


def _shipped(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {lot.lot: lot.measure for lot in in_stock(reader)}
        chosen = [text for name, text in values.items() if name.startswith("container.") and text]
        here = {each.container: each for each in boxes.boxes(reader, me().party)}
    loose = [
        {"lot": row.get("lot", ""), **_in_unit(row, measures.get(row.get("lot", ""), "mass"))}
        for row in rows(values, "parts")
    ]
    boxed = [part for each in chosen if each in here for part in here[each].parts]
    given: Given = {
        "parts": [*loose, *_told(boxed)],
        "handover": handover.digest_of(handover.token_of(services().settings, values[STATEMENT])),
        "carriage": handover.digest_of(handover.carriage_of(services().settings, values[STATEMENT])),
        **filled(values, "to", "destination", "vehicle", "document", "receiver_kind"),
        **_place(values),
    }
    if chosen:
        given["containers"] = chosen
    if values.get("outside"):
        given["to"] = values["outside"]
    told = event_of("shipped", values, given)
    if "to" not in given:
        # A recall must know whom to call, so the pages ask for what the log would do without.
        raise Invalid(Problem("to", "missing"))
    return told


def _told(parts: Iterable[Part]) -> list[Given]:
    return [
        {
            "lot": part.lot,
            "amount": {"pieces": str(part.amount.pieces)}
            if part.amount.kg is None
            else {"kg": f"{part.amount.kg:f}"},
        }
        for part in parts
    ]


def _in_unit(row: dict[str, str], measure: str) -> Given:
    """Return an amount that was typed in kilograms, 斤 or tonnes; pieces are pieces."""
    typed, unit = row.get("amount"), row.get("unit", "kg")
    number = _number(typed)
    if measure == "mass" and unit in IN_KG and number is not None:
        typed = f"{EXACT.multiply(number, IN_KG[unit]):f}"
    return amount(typed, measure)


def _place(values: dict[str, str]) -> Given:
    """Return where goods go, as far as it is public: a province, or a country by its two letters."""
    country = values.get("destination_country", "").upper()
    return {"destination_country": country} if country else filled(values, "destination_division")


# boxes


def unpack() -> str:
    """Show the form for emptying a box; ?container= is filled in."""
    return _unpack_form(blank(container=request.args.get("container", "")))


def submit_unpack() -> Answer:
    """Record that a box was emptied."""
    return submitted(_unpacked, _unpack_form, lambda _digest: url_for(f"{request.blueprint}.index"))


def _unpack_form(form: Form) -> str:
    with services().reading() as reader:
        here = boxes.boxes(reader, me().party)
        return render_template("mill/unpack.html", form=form, boxes=here, pieces=_pieces(reader, here))


def _unpacked(values: dict[str, str]) -> Event:
    name = values.get("container", "")
    with services().reading() as reader:
        here = {each.container for each in boxes.boxes(reader, me().party)}
    if name and name not in here:
        raise Invalid(Problem("container", "not-in-list", (("found", name),)))
    return event_of("unpacked", values, filled(values, "container"))


def shipments() -> str:
    """Show the deliveries that the asking party has sent."""
    with services().reading() as reader:
        sent = holdings.sent(reader, services().sealed, me().party)
        return render_template("mill/shipments.html", sent=sent, names=names(reader))


def note(digest: str) -> str:
    """Show the delivery note of a shipment to whoever sent it."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        digest = ""
    with services().reading() as reader:
        found = holdings.delivery(reader, services().sealed, digest)
        mine(found.by)
        event: Any = own_records.opened(reader, services().sealed, reader.statement(found.entry))
        return render_template(
            "mill/note.html",
            delivery=found,
            event=getattr(event, "replacement", None) or event,
            names={**names(reader), **dict(outsiders(reader))},
            lots=_lots(reader, [found]),
            **_code_of(found),
        )


def _code_of(found: Delivery) -> dict[str, Any]:
    """Return the words of a note and its square code; a shipment told from elsewhere has its own note."""
    token = handover.known_token(services().settings, found.statement_id, found.handover)
    if token is None:
        return {"token": None, "code": None, "carriage": None}
    address = f"{services().base_url}/handover/{token}"
    carriage = handover.carriage_of(services().settings, found.statement_id)
    return {
        "token": handover.shown(token),
        # Our own drawing of squares; only the title comes from outside of it, and it is escaped there.
        "code": Markup(symbol.svg(address, title="handover")),  # noqa: S704 -- drawn by qr.symbol
        "carriage": handover.shown(carriage),
    }
