"""What the sender of goods sees of them: its deliveries, and the delivery note of each, to print."""

import re
from typing import Any

from flask import render_template
from markupsafe import Markup

from qr import symbol
from traceability import holdings, own_records
from traceability.events.followup import told_by
from traceability.holdings import Delivery
from web import handover, paging
from web.access import me, mine
from web.deliveries.receiving import lots_of, rest_of
from web.deliveries.shipping import outsiders
from web.services import services


def shipments() -> str:
    """Show the deliveries that the asking party has sent."""
    with services().reading() as reader:
        sent = holdings.sent(reader, services().sealed, me().party, before=paging.before())
        return render_template(
            "mill/shipments.html", sent=sent, names=holdings.names(reader), older=rest_of(sent)
        )


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
            event=told_by(event),
            names={**holdings.names(reader), **dict(outsiders(reader))},
            lots=lots_of(reader, [found]),
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
