"""Units of mass by their UN/CEFACT codes (Recommendation 20), each exact in kilograms.

2.3 TNE  →  2300 kg        12 LBR  →  5.44310844 kg        30 LTR  →  no mass
"""

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact

KILOGRAMS: Mapping[str, Decimal] = {
    code: Decimal(kg)
    for code, kg in {
        "KGM": "1",
        "GRM": "0.001",
        "TNE": "1000",
        "MC": "0.000000001",
        "MGM": "0.000001",
        "CGM": "0.00001",
        "DG": "0.0001",
        "DJ": "0.01",
        "HGM": "0.1",
        "DTN": "100",
        "2U": "1000",
        "KTN": "1000000",
        # International pound of 1959 and its parts; troy ounce.
        "LBR": "0.45359237",
        "ONZ": "0.028349523125",
        "APZ": "0.0311034768",
        "STI": "6.35029318",
        "CWA": "45.359237",
        "CWI": "50.80234544",
        "STN": "907.18474",
        "LTN": "1016.0469088",
    }.items()
}
"""How many kilograms one of each is."""

PIECES = frozenset({None, "H87", "EA", "C62"})
"""EPCIS counts pieces where no unit is told; some tell one of these."""

# Wide enough for any quantity that `epcis` lets in; nothing is ever rounded in silence.
EXACT = Context(prec=400, traps=[Inexact])


def kg_of(quantity: Decimal | None, unit: str | None) -> Decimal | None:
    """Return *quantity* in kilograms, exactly, or None where it is unknown or no mass."""
    if quantity is None or unit is None or unit not in KILOGRAMS:
        return None
    return EXACT.multiply(quantity, KILOGRAMS[unit])
