"""The market's room: who sells there, what comes to the gate, what is in stock, sold, and sent on.

room       stock, and sales to shoppers
gate       入场查验: scan, look, let in or turn away; the list of today
stalls     who sells at which stall, and what was tested there

Goods that arrive and goods that leave are on the pages of `web.deliveries`.
"""

from web import code_rooms, deliveries
from web.market import gate, stalls
from web.market.room import blueprint

deliveries.add_to(blueprint, "retailer", "market", "stall", "carrier")
code_rooms.add_to(blueprint, "retailer", "market", "stall", "carrier")

__all__ = ["blueprint", "gate", "stalls"]
