"""Goods that arrive and goods that leave: the same pages in every room of those who trade.

    /receive                   what is on its way to me, and a box for the word of a delivery note
    /receive?shipment=…|token=…    one delivery: what was weighed
    /ship                      lots and boxes, amounts, and to whom
    /shipments                 what I have sent
    /shipments/<digest>        the delivery note, to print
    /unpack                    a box that is emptied

    deliveries.add_to(blueprint, "processor", "brand-owner")

Only a shipment whose sealed receiver is the asking party stands in its list; whoever brings the word of a
note may receive without having been named. What a note says is the sender's alone.
"""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from traceability.events.registry import Role
from traceability.events.roles import TRADERS
from web import handover
from web.access import me, require
from web.deliveries import notes, receiving, shipping, unpacking
from web.deliveries.shipping import outsiders
from web.navigation import first_place

__all__ = ["add_to", "blueprint", "outsiders"]

blueprint = Blueprint("deliveries", __name__)
"""The address that the code of a delivery note carries; it leads to the room of whoever scans it."""


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the pages of receiving and shipping, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/receive", "receive", guard(receiving.receive))
    room.add_url_rule("/receive", "submit_receipt", guard(receiving.submit_receipt), methods=["POST"])
    room.add_url_rule("/ship", "ship", guard(shipping.ship))
    room.add_url_rule("/ship", "submit_shipment", guard(shipping.submit_shipment), methods=["POST"])
    room.add_url_rule("/shipments", "shipments", guard(notes.shipments))
    room.add_url_rule("/shipments/<digest>", "note", guard(notes.note))
    room.add_url_rule("/unpack", "unpack", guard(unpacking.unpack))
    room.add_url_rule("/unpack", "submit_unpack", guard(unpacking.submit_unpack), methods=["POST"])


@blueprint.get("/handover/<token>")
@require(*sorted(TRADERS))  # type: ignore[arg-type]  # the set holds roles only
def scanned(token: str) -> Response:
    """Go to the receipt form of the room in which the person asking is at home."""
    return redirect(f"{first_place(me().role)}receive?token={handover.read_token(token)}")
