"""What rules may know of the past: plain values from `recollection`, the same for writer and inspector.

known      the way of the goods: parties, products, plots, lots, shipments, statements
the rest   one module for each topic of the trade, and one field of `Past`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from traceability.past.brands import BrandsPast
from traceability.past.cases import CasesPast
from traceability.past.certifying import CertifyingPast
from traceability.past.credit import CreditPast
from traceability.past.inputs import InputsPast
from traceability.past.known import (
    KnownLot,
    KnownParty,
    KnownPlot,
    KnownProduct,
    PastHarvest,
    PastShipment,
    PastStatement,
    PastTreatment,
)
from traceability.past.making import MakingPast
from traceability.past.moving import MovingPast
from traceability.past.parties import PartiesPast
from traceability.past.release import ReleasePast
from traceability.past.selling import SellingPast
from traceability.past.testing import SamplesPast

__all__ = [
    "KnownLot",
    "KnownParty",
    "KnownPlot",
    "KnownProduct",
    "Past",
    "PastHarvest",
    "PastShipment",
    "PastStatement",
    "PastTreatment",
]


@dataclass(frozen=True, slots=True)
class Past:
    """All that a rule may look at besides the event itself.

    *retold*: the same author has told something else under the same eventID, and both stand.
    """

    by: str
    claimed_by: str | None = None
    recorded_at: datetime | None = None
    parties: Mapping[str, KnownParty] = field(default_factory=dict)
    products: Mapping[tuple[str, str], KnownProduct] = field(default_factory=dict)
    gtins: Mapping[str, KnownProduct] = field(default_factory=dict)
    plots: Mapping[str, KnownPlot] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    lots: Mapping[str, KnownLot] = field(default_factory=dict)
    shipment: PastShipment | None = None
    target: PastStatement | None = None
    retold: bool = False
    making: MakingPast = MakingPast()
    credit: CreditPast = CreditPast()
    cases: CasesPast = CasesPast()
    moving: MovingPast = MovingPast()
    selling: SellingPast = SellingPast()
    release: ReleasePast = ReleasePast()
    register: PartiesPast = PartiesPast()
    inputs: InputsPast = InputsPast()
    brands: BrandsPast = BrandsPast()
    testing: SamplesPast = SamplesPast()
    certifying: CertifyingPast = CertifyingPast()
