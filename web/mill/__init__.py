"""The mill's room: what comes in, what is made of it, and what leaves again.

    room         the blueprint: stock, products, goods that nobody traced, boxes
    process      milling, drying, blending: several lots in, several out, and the balance
    codes        one lot, the codes of its packs, and their labels
    recall       what a recall reaches, and the recall itself
    corrections  what was said wrongly

Goods that arrive and goods that leave are on the pages of `web.deliveries`, codes that are activated or sold
on those of `web.code_rooms`, which every trading room has; control points on those of `web.control_rooms`.
"""

from web import code_rooms, control_rooms, deliveries
from web.mill import codes, corrections, process, recall
from web.mill.room import blueprint

__all__ = ["blueprint"]

for _pages in (deliveries, process, codes, recall, corrections, code_rooms, control_rooms):
    _pages.add_to(blueprint, "processor", "brand-owner")
