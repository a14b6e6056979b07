"""Goods that leave: lots and whole boxes, how much of each, and to whom."""

from collections.abc import Iterable

from flask import render_template, request, url_for

from traceability import boxes, counterparties, holdings
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.events.processing import Part
from traceability.events.roles import TRADERS
from traceability.reading import Reader
from web import handover
from web.access import me
from web.deliveries.unpacking import pieces_in
from web.deliveries.weighing import in_unit
from web.forms import Form
from web.recording import SPARE, STATEMENT, Answer, Given, blank, event_of, filled, row_count, rows, submitted
from web.services import services
from web.words import choices


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
            (each.party, each.called)
            for each in holdings.partners(reader)
            if each.role in TRADERS and each.party != me().party
        ]
        here = boxes.boxes(reader, me().party)
        return render_template(
            "mill/ship.html",
            form=form,
            lots=holdings.in_stock(reader, me().party),
            boxes=here,
            pieces=pieces_in(reader, here),
            partners=[*partners, *outsiders(reader)],
            kinds=choices("receiver_kind"),
            provinces=choices("destination_division"),
            rows=row_count(form, "parts") + SPARE,
        )


def outsiders(reader: Reader) -> list[tuple[str, str]]:
    """Return who is outside this ledger and was noted before, by name."""
    found = counterparties.of_party(reader, services().sealed, me().party)
    return [(each.counterparty, each.name or each.counterparty) for each in found]


def _shipped(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {lot.lot: lot.measure for lot in holdings.in_stock(reader, me().party)}
        chosen = [text for name, text in values.items() if name.startswith("container.") and text]
        here = {each.container: each for each in boxes.boxes(reader, me().party)}
    loose = [
        {"lot": row.get("lot", ""), **in_unit(row, measures.get(row.get("lot", ""), "mass"))}
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


def _place(values: dict[str, str]) -> Given:
    """Return where goods go, as far as it is public: a province, or a country by its two letters."""
    country = values.get("destination_country", "").upper()
    return {"destination_country": country} if country else filled(values, "destination_division")
