"""Goods that arrive: what is on its way, and one delivery with what was weighed of it."""

from flask import render_template, request, url_for

from traceability import holdings, tables
from traceability.errors import Breach, NotAllowed, Refused
from traceability.events import Event
from traceability.events.fact import legal_day
from traceability.events.followup import told_by
from traceability.events.movement import Shipped
from traceability.holdings import Delivery, Lot
from traceability.reading import Reader
from web import handover, paging
from web.access import me
from web.deliveries.weighing import weighed
from web.forms import Form
from web.problems import tell
from web.recording import Answer, Given, blank, event_of, filled, submitted
from web.services import services
from web.weighed_with import own_instruments

HOUSE = "jizihao"
"""Who asks for what is refused here: no law does."""


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
        coming = holdings.coming(reader, services().sealed, me().party, before=paging.before())
        return render_template(
            "mill/receive-list.html",
            form=form,
            coming=coming,
            older=rest_of(coming),
            names=holdings.names(reader),
            lots=lots_of(reader, coming),
        )


def _form_of(found: Delivery, form: Form) -> str:
    with services().reading() as reader:
        return render_template(
            "mill/receive.html",
            form=form,
            delivery=found,
            names=holdings.names(reader),
            lots=lots_of(reader, [found]),
            needs_token=not (form.value("token") or _word(found)),
            instruments=own_instruments(reader, me().party, legal_day(services().clock())),
        )


def rest_of(listed: list[Delivery]) -> int | None:
    """Return the entry before which the rest of a full list stands, None where nothing is left."""
    return listed[-1].entry if len(listed) == holdings.MOST_SHIPMENTS else None


def lots_of(reader: Reader, coming: list[Delivery]) -> dict[str, Lot]:
    """Return each lot of these deliveries, as its sender has it."""
    return {part.lot: holdings.lot(reader, each.by, part.lot) for each in coming for part in each.parts}


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
        measures = {name: lot.measure for name, lot in lots_of(reader, [found]).items()}
        told = reader.statement(found.entry).event
    shipped = told_by(told)
    taken, differences = weighed(found, values, measures)
    word = handover.read_token(values.get("token", "")) or _word(found)
    given: Given = {"shipment": found.digest, "parts": taken, **filled(values, "difference", "instrument")}
    if differences:
        given["differences"] = differences
    if word:
        given["token"] = word
    if isinstance(shipped, Shipped) and shipped.containers:
        given["containers"] = list(shipped.containers)
    return event_of("received", values, given)
