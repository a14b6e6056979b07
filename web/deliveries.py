"""Goods that arrive and goods that leave: the same pages in every room of those who trade.

    /receive                   what is on its way to me, and a box for the word of a delivery note
    /receive?shipment=…|token=…    one delivery: what was weighed
    /ship                      lots, amounts, and to whom
    /shipments/<digest>        the delivery note, to print

    deliveries.add_to(blueprint, "processor", "brand-owner")

Only a shipment whose sealed receiver is the asking party stands in its list; whoever brings the word of a
note may receive without having been named. What a note says is the sender's alone.
"""

import re
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from qr import symbol
from traceability import holdings, own_records, tables
from traceability.errors import Breach, Invalid, NotAllowed, Problem, Refused
from traceability.events import Event
from traceability.events.movement import Shipped
from traceability.events.registry import Role
from traceability.holdings import Delivery, Lot
from traceability.reading import Reader
from web import handover
from web.access import me, mine, require
from web.forms import Form
from web.navigation import MAKERS, TRADERS, first_place
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

HOUSE = "jizihao"
SPARE = 3
"""How many empty rows stand ready on a form."""

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


@blueprint.get("/handover/<token>")
@require(*sorted(MAKERS | TRADERS))  # type: ignore[arg-type]  # both sets hold roles only
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
    parts = [
        {"lot": row.get("lot", ""), **amount(row.get("amount"), measures.get(row.get("lot", ""), "mass"))}
        for row in rows(values, "parts")
    ]
    word = handover.read_token(values.get("token", "")) or _word(found)
    given: Given = {"shipment": found.digest, "parts": parts, **filled(values, "difference")}
    if word:
        given["token"] = word
    if isinstance(shipped, Shipped) and shipped.containers:
        given["containers"] = list(shipped.containers)
    return event_of("received", values, given)


# shipping


def ship() -> str:
    """Show the form of a shipment; ?lot= is filled in."""
    return _ship_form(blank(**{"parts.0.lot": request.args.get("lot", "")}))


def submit_shipment() -> Answer:
    """Record that goods left, and go on to their delivery note."""
    return submitted(_shipped, _ship_form, lambda digest: url_for(f"{request.blueprint}.note", digest=digest))


def _ship_form(form: Form) -> str:
    with services().reading() as reader:
        partners = [
            (each.party, each.name or each.party)
            for each in holdings.partners(reader)
            if each.role in MAKERS | TRADERS and each.party != me().party
        ]
        return render_template(
            "mill/ship.html",
            form=form,
            lots=in_stock(reader),
            partners=partners,
            rows=row_count(form, "parts") + SPARE,
        )


def _shipped(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {lot.lot: lot.measure for lot in in_stock(reader)}
    parts = [
        {"lot": row.get("lot", ""), **amount(row.get("amount"), measures.get(row.get("lot", ""), "mass"))}
        for row in rows(values, "parts")
    ]
    token = handover.token_of(services().settings, values[STATEMENT])
    given = {
        "parts": parts,
        "handover": handover.digest_of(token),
        **filled(values, "to", "destination", "vehicle", "document"),
    }
    if values.get("outside"):
        given["to"] = values["outside"]
    told = event_of("shipped", values, given)
    if "to" not in given:
        # A recall must know whom to call, so the pages ask for what the log would do without.
        raise Invalid(Problem("to", "missing"))
    return told


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
            names=names(reader),
            lots=_lots(reader, [found]),
            **_code_of(found),
        )


def _code_of(found: Delivery) -> dict[str, Any]:
    """Return the word of a note and its square code; a shipment told from elsewhere has its own note."""
    token = handover.known_token(services().settings, found.statement_id, found.handover)
    if token is None:
        return {"token": None, "code": None}
    address = f"{services().base_url}/handover/{token}"
    # Our own drawing of squares; only the title comes from outside of it, and it is escaped there.
    return {"token": handover.shown(token), "code": Markup(symbol.svg(address, title="handover"))}  # noqa: S704 -- drawn by qr.symbol
