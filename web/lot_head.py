"""The head of a lot's page: its name, number, kind and maker, read from the searchable copy.

Each fact is tied to the entry that it stands for, so that a browser which has proven that entry notices when
the copy was changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traceability import tables
from traceability.reading import Reader
from traceability.story import Story
from web.chapters import EVENT, Fact, found, shown
from web.language import current, gettext

PLACES = ("/lot", "/outputs/*/lot", "/outputs/*/uri", "/objects/*/uri")
"""Where an event names a lot that is born in it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top: the product's name, and lines of facts under a label."""

    name: Fact | None
    lines: tuple[tuple[str, tuple[Fact, ...]], ...]


def of(reader: Reader, told: Story, names: Mapping[str, Fact]) -> Head:
    """Return the head of the page of *told*; what the copy does not know is left out."""
    table = tables.lot
    birth = reader.connection.execute(tables.standing(table, table.c.lot == told.lot).limit(1)).first()
    if birth is None:
        return Head(None, ())
    base, at = _place(told, birth.entry)
    name, kind = _of_product(reader, birth)
    product = _product_number(told, birth, at)
    number = Fact("", birth.entry, at, "lot", shown("lot", birth.lot))
    when = Fact("", birth.entry, f"{base}/at", "instant", shown("instant", birth.at))
    maker = Fact("", birth.entry, "/statement/by", "party", birth.maker)
    named = names.get(birth.maker)
    # Whose name is sealed is called by its id, once.
    makers = (maker,) if named is None or named.at.endswith("/party") else (named, maker)
    lines = [
        (gettext("品类"), kind),
        (gettext("产品编号"), () if product is None else (product,)),
        (gettext("批号"), (number,)),
        (gettext("生产单位"), makers),
        (gettext("成批时间"), (when,)),
    ]
    return Head(name, tuple(line for line in lines if line[1]))


def _of_product(reader: Reader, birth: Any) -> tuple[Fact | None, tuple[Fact, ...]]:
    """Return the product's name, and its kind and number as it was registered."""
    table = tables.product
    named = (table.c.party == birth.product_party, table.c.product == birth.product)
    rows = reader.connection.execute(tables.standing(table, *named)).all()
    if not rows:
        return None, ()
    row = rows[-1]
    field = "name_en" if current() == "en" and row.name_en else "name"
    base = f"{EVENT}/replacement" if _is_correction(reader, row.entry) else EVENT
    kind = shown("word:commodity", row.commodity)
    return Fact("", row.entry, f"{base}/{field}", "text", str(row._mapping[field])), (
        Fact("", row.entry, f"{base}/commodity", "word:commodity", kind),
        Fact("", row.entry, f"{base}/product", "text", row.product),
    )


def _product_number(told: Story, birth: Any, at: str) -> Fact | None:
    """Return the product as the lot's birth names it: a name from another registration would not fit."""
    where = f"{at.rsplit('/', 1)[0]}/product"
    record = next((each for each in told.records if each.index == birth.entry), None)
    if birth.product is None or record is None or record.entry is None:
        return None
    if not any(found(record.entry.record, where)):
        return None
    return Fact("", birth.entry, where, "text", birth.product)


def _is_correction(reader: Reader, entry: int) -> bool:
    table = tables.statement
    row = reader.connection.execute(table.select().where(table.c.entry == entry)).first()
    return row is not None and row.kind == "corrected"


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
