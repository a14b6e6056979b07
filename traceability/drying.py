"""What is left when water goes: dry matter stays as it is.

of 1000 kg at 20 % there are 1000 × (100 − 20) / (100 − 14.5) = 935.67 kg at 14.5 %
"""

from decimal import Decimal, localcontext

WHOLE = Decimal(100)


def dried_kg(kg: Decimal, before: Decimal, after: Decimal) -> Decimal:
    """Return how many kilograms *kg* weigh once dried from *before* to *after* per cent of moisture.

    Raises `ValueError` for a moisture below 0 or not below 100 per cent.
    """
    if not (0 <= before < WHOLE and 0 <= after < WHOLE):
        raise ValueError("a moisture is 0 to 100 per cent")
    with localcontext(prec=120):
        return kg * (WHOLE - before) / (WHOLE - after)
