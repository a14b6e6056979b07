"""What rules may know of inputs: what the label says, and what was bought and used of the product so far."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PastPurchase:
    """A purchase that is not void, with what it says of the label."""

    index: int
    party: str
    name: str
    day: date
    label_code: str | None = None
    expiry: date | None = None
    dose_most: Decimal | None = None
    dose_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What a party has bought, used and counted of one product, in one unit."""

    unit: str
    bought: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    adjusted: Decimal = Decimal(0)

    @property
    def on_hand(self) -> Decimal:
        """What is left; less than nothing where more was used than is on record."""
        return self.bought + self.adjusted - self.used


@dataclass(frozen=True, slots=True)
class InputsPast:
    """*account* is that of the product and unit which the event uses; None where none is on record.

    *dosed* is the newest purchase of the product that tells its dose, *newest* the newest of all; *copied* a
    purchase of another party, or of another product, under the same label code.
    """

    account: Account | None = None
    newest: PastPurchase | None = None
    dosed: PastPurchase | None = None
    copied: PastPurchase | None = None
