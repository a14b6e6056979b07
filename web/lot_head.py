"""The head of a lot's page: its name, number, kind and maker, read from the searchable copy.

Each fact is tied to the entry that it stands for, so that a browser which has proven that entry notices when
the copy was changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from traceability import recollection, tables
from traceability.reading import Reader
from traceability.story import Story
from web.chapters import EVENT, Fact, found
from web.facts import format_fact
from web.language import current, gettext

PLACES = ("/lot", "/outputs/*/lot", "/outputs/*/uri", "/objects/*/uri")
"""Where an event names a lot that is born in it."""


def facts(reader: Reader, told: Story, names: Mapping[str, Fact]) -> list[Fact]:
    """Return the facts at the top of the page of a lot; the product's name comes first."""
    table = tables.lot
    birth = reader.connection.execute(recollection.standing(table, table.c.lot == told.lot).limit(1)).first()
    if birth is None:
        return []
    base, at = _place(told, birth.entry)
    number = Fact(gettext("批号"), birth.entry, at, "lot", format_fact("lot", birth.lot))
    when = Fact(gettext("成批时间"), birth.entry, f"{base}/at", "instant", format_fact("instant", birth.at))
    made = names.get(birth.maker)
    maker = [] if made is None else [replace(made, label=gettext("生产单位"))]
    return [*_of_product(reader, birth), number, *maker, when]


def _of_product(reader: Reader, birth: Any) -> list[Fact]:
    table = tables.product
    named = (table.c.party == birth.product_party, table.c.product == birth.product)
    rows = reader.connection.execute(recollection.standing(table, *named)).all()
    if not rows:
        return []
    row = rows[-1]
    field = "name_en" if current() == "en" and row.name_en else "name"
    kind = format_fact("word:commodity", row.commodity)
    return [
        Fact(gettext("产品"), row.entry, f"{EVENT}/{field}", "text", row._mapping[field]),
        Fact(gettext("品类"), row.entry, f"{EVENT}/commodity", "word:commodity", kind),
    ]


def _place(told: Story, index: int) -> tuple[str, str]:
    """Return the event of the entry at *index* that bears the lot, and where it names it."""
    record = next((each for each in told.records if each.index == index), None)
    if record is not None and record.entry is not None:
        for base in (EVENT, f"{EVENT}/replacement"):
            for pattern in PLACES:
                for at, value in found(record.entry.record, base + pattern):
                    if value == told.lot:
                        return base, at
    return EVENT, f"{EVENT}/lot"
