"""What rules may know of stalls, of the gate of a market, and of listings."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PastListing:
    """A listing that stands: who offers which lot."""

    listing: str
    by: str
    lot: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class SellingPast:
    """What the rules of selling know.

    *stall_open*: the named stall of the speaking market has a vendor. *certified*: a certificate of the named
    lot stands. *refused_at*: markets whose last check of the lot refused it, by lot. *exported*: how much of
    the lot was declared as an export before, in its own measure.
    """

    stall_open: bool = False
    certified: bool = False
    refused_at: frozenset[tuple[str, str]] = frozenset()
    listing: PastListing | None = None
    exported: Decimal = Decimal(0)
