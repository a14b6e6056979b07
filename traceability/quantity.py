"""How much there is: a mass in kilograms, exact to the gram, or a count of pieces.

{"kg": "3090.5"}        thirty and a half hundredweight of paddy
{"pieces": 1200}        twelve hundred ears of maize
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Measure = Literal["mass", "pieces"]

GRAM = Decimal("0.001")
MOST_KG = Decimal(10) ** 12


def check_kg(kg: Decimal) -> None:
    """Raise `ValueError` unless *kg* is a mass: not negative, finite, in whole grams."""
    if not kg.is_finite() or kg < 0 or kg >= MOST_KG or kg != kg.quantize(GRAM):
        raise ValueError(f"not a mass in whole grams: {kg}")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of one product: a mass in kilograms or a count of pieces, never both."""

    kg: Decimal | None = None
    pieces: int | None = None

    def __post_init__(self) -> None:
        if (self.kg is None) == (self.pieces is None):
            raise ValueError("an amount is either kg or pieces")
        if self.kg is not None:
            check_kg(self.kg)
        if self.pieces is not None and not 0 <= self.pieces < 2**53:
            raise ValueError(f"not a count of pieces: {self.pieces}")

    @property
    def is_nothing(self) -> bool:
        """Whether there is none of it."""
        return not self.kg and not self.pieces

    def measured(self, measure: Measure, piece_kg: Decimal | None) -> Decimal | None:
        """Return this amount in *measure*, or None where no weight of a piece links the two."""
        if measure == "mass":
            if self.kg is not None:
                return self.kg
            return None if piece_kg is None or self.pieces is None else self.pieces * piece_kg
        if self.pieces is not None:
            return Decimal(self.pieces)
        return None if not piece_kg or self.kg is None else self.kg / piece_kg
