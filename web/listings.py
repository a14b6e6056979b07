"""The public page of a listing: what a shop on the web shows of the goods it offers, and their certificate.

/listing/<id>           a small page for shoppers, to be linked from the shop
/listing/<id>.json      the same for the shop's own program

The id is random and says nothing; a listing that was taken down says so, and shows nothing else.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from traceability import gs1, story, tables
from traceability.errors import Unknown
from traceability.reading import Reader
from traceability.story import Story
from traceability.tables import selling as selling_tables
from web import lot_head, storybook
from web.lot_head import Head
from web.services import services

blueprint = Blueprint("listings", __name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as the world sees it: goods only while it stands."""

    listing: str
    platform: str
    ended: bool
    told: Story
    head: Head


def _listing(reader: Reader, name: str) -> Listing:
    table, ends = selling_tables.listing, selling_tables.listing_end
    row = reader.connection.execute(tables.standing(table, table.c.listing == name).limit(1)).first()
    if row is None:
        raise Unknown("listing", name)
    ended = reader.connection.execute(tables.standing(ends, ends.c.listing == name).limit(1)).first()
    shared = services()
    rules = shared.rules(reader)
    told = story.tell(reader, row.lot, rules)
    head = lot_head.of(reader, told, storybook.names_of(told))
    return Listing(name, row.platform, ended is not None, told, head)


@blueprint.get("/listing/<listing>")
def listing(listing: str) -> str:
    """Show what is offered, and where its whole story stands."""
    with services().reading() as reader:
        found = _listing(reader, listing)
        return render_template(
            "trade/listing.html",
            found=found,
            recalled=found.told.is_recalled,
            page=gs1.address(found.told.lot, services().base_url),
        )


@blueprint.get("/listing/<listing>.json")
def listing_document(listing: str) -> Response:
    """Return the same for programs of any shop."""
    with services().reading() as reader:
        found = _listing(reader, listing)
    document: dict[str, Any] = {"listing": found.listing, "platform": found.platform, "ended": found.ended}
    if not found.ended:
        document |= {
            "lot": found.told.lot,
            "product": None if found.head.name is None else found.head.name.text,
            "certificate": found.told.certificate,
            "tests": found.told.tests,
            "recalled": found.told.is_recalled,
            "page": gs1.address(found.told.lot, services().base_url),
        }
    response = jsonify(document)
    # Shops on other hosts show it; it says nothing that is not public.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
