"""What is left when water goes: dry matter stays as it is.

of 1000 kg at 20 % there are 1000 × (100 − 20) / (100 − 14.5) = 935.67 kg at 14.5 %
the loss is (M1 − M2) / (100 − M2) of what went in
"""

from decimal import Decimal, localcontext

WHOLE = Decimal(100)


def dried_kg(kg: Decimal, before: Decimal, after: Decimal) -> Decimal:
    """Return how much *kg* weigh once dried from *before* to *after* per cent of moisture."""
    if not (0 <= before < WHOLE and 0 <= after < WHOLE):
        raise ValueError("a moisture is 0 to 100 per cent")
    with localcontext(prec=120):
        return kg * (WHOLE - before) / (WHOLE - after)


def loss_share(before: Decimal, after: Decimal) -> Decimal:
    """Return the loss of drying as a part of what went in, (M1 − M2) / (100 − M2)."""
    return (before - after) / (WHOLE - after)
