"""What was weighed, in the units of a scale, and what of a delivery is missing by it: sums only."""

import re
from decimal import Decimal

from traceability.holdings import Delivery
from traceability.quantity import Amount
from traceability.unit import EXACT
from web.recording import Given, amount, rows

# What a record takes for a number, and no spelling that only arithmetic knows, such as NaN or 1e999999999.
_FIGURES = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")

IN_KG = {"kg": Decimal(1), "jin": Decimal("0.5"), "tonne": Decimal(1000)}
"""How many kilograms one of each unit is in which people weigh; 1 斤 is half a kilogram."""

SHORT = Decimal("0.005")
"""A scale and dry air explain this share of a delivery; what misses more is told as missing."""


def in_unit(row: dict[str, str], measure: str) -> Given:
    """Return an amount that was typed in kilograms, 斤 or tonnes; pieces are pieces."""
    typed, unit = row.get("amount"), row.get("unit", "kg")
    number = number_of(typed)
    if measure == "mass" and unit in IN_KG and number is not None:
        typed = f"{EXACT.multiply(number, IN_KG[unit]):f}"
    return amount(typed, measure)


def weighed(
    found: Delivery, values: dict[str, str], measures: dict[str, str]
) -> tuple[list[Given], list[Given]]:
    """Return what was taken in of each lot, and what did not come, came spoilt, or came beyond the note.

    What is missing follows from the note; so that the two agree to the gram nobody types it.
    """
    sent = {part.lot: part.amount for part in found.parts}
    taken: list[Given] = []
    differences: list[Given] = []
    for row in rows(values, "parts"):
        lot = row.get("lot", "")
        measure = measures.get(lot, "mass")
        counted = number_of(row.get("amount"))
        if counted != 0:
            taken.append({"lot": lot, **amount(row.get("amount"), measure)})
        told = [
            {"lot": lot, "how": how, **amount(row[how], measure)}
            for how in ("damaged", "over")
            if number_of(row.get(how)) != 0 and row.get(how)
        ]
        missing = _missing(sent.get(lot), counted, number_of(row.get("damaged")))
        if missing is not None:
            told.append({"lot": lot, "how": "short", **amount(missing, measure)})
        differences += told
    return taken, differences


def _missing(sent: Amount | None, counted: Decimal | None, damaged: Decimal | None) -> str | None:
    """Return what neither came nor came spoilt; nothing where scales may differ by so much."""
    if sent is None or counted is None:
        return None
    whole = sent.kg if sent.kg is not None else Decimal(sent.pieces or 0)
    rest = whole - counted - (damaged or Decimal(0))
    if rest <= 0 or (not damaged and rest <= whole * SHORT):
        return None
    return f"{rest:f}"


def number_of(typed: str | None) -> Decimal | None:
    """Return what was typed, for sums; what the record would not take for a number is refused there."""
    return Decimal(typed) if typed and _FIGURES.fullmatch(typed) else None
