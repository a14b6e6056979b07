"""The home of the room of papers: for everybody who makes or trades goods.

/trade/     doors, one's outsiders, declared storage, listings and exports
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from traceability import counterparties, holdings, same_line, tables
from traceability.events.roles import MAKERS, TRADERS
from traceability.reading import Reader
from traceability.tables import moving as moving_tables
from traceability.tables import selling as selling_tables
from web.access import me, require
from web.services import services

blueprint = Blueprint("trade", __name__, url_prefix="/trade")

traders = require(*sorted(TRADERS))  # type: ignore[arg-type]  # the set holds roles only

LATEST = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing of one's own on the web, with the public page about it."""

    listing: str
    lot: str
    platform: str
    ended: bool


@blueprint.get("/")
@traders
def index() -> str:
    """Show what was noted, declared, listed and exported."""
    party = me().party
    with services().reading() as reader:
        exported = _own(reader, selling_tables.export, selling_tables.export.c.by == party)
        return render_template(
            "trade/index.html",
            makes=me().role in MAKERS,
            outsiders=counterparties.of_party(reader, services().sealed, party),
            keepings=_own(reader, moving_tables.keeping, moving_tables.keeping.c.party == party),
            products={each.product: each for each in holdings.products(reader, party)},
            listings=listings_of(reader, party),
            exports=exported,
            alike={
                (row.lot, row.domestic_lot): same_line.compare(reader, row.lot, row.domestic_lot)
                for row in exported
                if row.domestic_lot is not None
            },
        )


def _own(reader: Reader, table: Any, condition: Any) -> list[Any]:
    query = tables.standing(table, condition).order_by(None).order_by(table.c.entry.desc()).limit(LATEST)
    return list(reader.connection.execute(query))


def listings_of(reader: Reader, party: str) -> list[Listing]:
    """Return the listings of *party*, the newest first."""
    table, ends = selling_tables.listing, selling_tables.listing_end
    found = _own(reader, table, table.c.by == party)
    names = [row.listing for row in found]
    ended = {
        row.listing for row in reader.connection.execute(tables.standing(ends, ends.c.listing.in_(names)))
    }
    return [Listing(row.listing, row.lot, row.platform, row.listing in ended) for row in found]
