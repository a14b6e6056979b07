"""The market's own pages: what is in stock, what waits, and what was sold to shoppers.

/market/                  stock, and what waits; for a market also what came to its gate today
/market/retail?lot=…      so much of a lot was sold
"""

from flask import Blueprint, render_template, request, url_for

from traceability import entry_checks, holdings, own_records
from traceability.events import Event
from traceability.events.fact import legal_day
from web.access import me, require
from web.forms import Form
from web.recording import Answer, amount, blank, event_of, filled, submitted
from web.services import services

blueprint = Blueprint("market", __name__, url_prefix="/market")

sellers = require("retailer", "market", "stall", "carrier")

LATEST = 12


@blueprint.get("/")
@sellers
def index() -> str:
    """Show what is in stock and what waits for somebody."""
    party, today = me().party, legal_day(services().clock())
    with services().reading() as reader:
        return render_template(
            "market/index.html",
            stock=holdings.in_stock(reader, party),
            coming=holdings.coming(reader, services().sealed, party),
            most_read=holdings.MOST_SHIPMENTS,
            entries=own_records.entries(reader, party, limit=LATEST),
            names=holdings.names(reader),
            checks=entry_checks.of_day(reader, party, today) if me().role == "market" else [],
        )


@blueprint.get("/retail")
@sellers
def retail() -> str:
    """Show the form of a sale to shoppers; ?lot= is filled in."""
    return _form(blank(lot=request.args.get("lot", "")))


@blueprint.post("/retail")
@sellers
def submit_sale() -> Answer:
    """Record that part of a lot was sold to shoppers."""
    return submitted(_sold, _form, lambda _digest: url_for("market.index"))


def _form(form: Form) -> str:
    with services().reading() as reader:
        return render_template("market/retail.html", form=form, lots=holdings.in_stock(reader, me().party))


def _sold(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {each.lot: each.measure for each in holdings.in_stock(reader, me().party)}
    measure = measures.get(values.get("lot", ""), "mass")
    given = {**filled(values, "lot", "place"), **amount(values.get("amount"), measure)}
    return event_of("retailed", values, given)
