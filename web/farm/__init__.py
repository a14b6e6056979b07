"""The grower's room: what a cooperative or a family farm writes down, and what it gets for it.

    room         the blueprint, who may come in, and the desk: whose record it is, and what is theirs
    drafts       what was typed, turned into an event: 亩 and 斤 become hectares and kilograms here
    photos       the picture of a pesticide's label, kept outside the log
    papers       what a form of each kind asks for: land, work, goods, inputs fill it in
    land work goods inputs         the kinds themselves; inputs has the shelf, too
    signing      one paper, signed once: the same form sent twice is recorded once
    growing      protocols, the work of a day, drying, and where a lot grew
    views        the home of the room, plots, lots and records
    forms        the pages on which papers are filled in
    corrections  an earlier paper, void or written anew
    printing     pack codes, labels, the delivery note, the certificate
    sheets       many papers from one spreadsheet

Goods that leave and goods that arrive are on the pages of `web.deliveries`, which every trading room has.

Every page works without JavaScript and on a phone; no form shows more than six fields at first.
"""

from web import code_rooms, control_rooms, deliveries
from web.farm import corrections, forms, growing, printing, sheets, views
from web.farm.room import blueprint

__all__ = ["blueprint", "corrections", "forms", "growing", "printing", "sheets", "views"]

deliveries.add_to(blueprint, "cooperative", "farm", "household", "enterprise")
code_rooms.add_to(blueprint, "cooperative", "farm", "household", "enterprise")
control_rooms.add_to(blueprint, "cooperative", "farm", "household", "enterprise")
