"""What one party has: its land, its people, its goods and what is on its way.

people       organisations, members, and the prefixes a party holds: what was registered and nobody made void
land         plots, and what their next harvest waits for
stock        products, and the lots that it made or holds, with what stands in their way
papers       pack codes and certificates that were made out for a lot
shipments    what it sent, and what comes, by sender and by receiver

Read from the searchable copy through a `Reader`; nothing here writes. What a party sealed is opened for the
party itself (sealed_field): each function that does so takes the kept `SealedValues`.
"""

from traceability.holdings.land import Land, Wait, plot, plots, wait_of
from traceability.holdings.papers import CodeRange, certificates, issues, voids
from traceability.holdings.people import (
    Member,
    Partner,
    members,
    names,
    partner,
    partners,
    party_name,
    prefixes,
)
from traceability.holdings.shipments import MOST_SHIPMENTS, Delivery, coming, delivery, sent
from traceability.holdings.stock import (
    Goods,
    Lot,
    counties,
    free_number,
    in_stock,
    lot,
    lots,
    product,
    products,
)

__all__ = [
    "MOST_SHIPMENTS",
    "CodeRange",
    "Delivery",
    "Goods",
    "Land",
    "Lot",
    "Member",
    "Partner",
    "Wait",
    "certificates",
    "coming",
    "counties",
    "delivery",
    "free_number",
    "in_stock",
    "issues",
    "lot",
    "lots",
    "members",
    "names",
    "partner",
    "partners",
    "party_name",
    "plot",
    "plots",
    "prefixes",
    "product",
    "products",
    "sent",
    "voids",
    "wait_of",
]
