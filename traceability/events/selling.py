"""How goods come to market and to shoppers: stalls, the check at the gate, online listings, exports.

stall-registered, stall-ended    who sells in a market
entry-checked                    what came to the gate of a market (入场查验), and whether it was let in
spot-checked                     what a market tested of the goods inside (抽查)
online-listed, listing-ended     goods shown in a shop on the web, under a random id of their own
export-declared                  a lot that leaves the country
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.moving import check_country, check_division, check_random
from traceability.events.roles import MAKERS, TRADERS
from traceability.quantity import Amount

Decision = Literal["accepted", "refused"]
Presented = Literal["trace-code", "certificate", "quality-proof", "invoice", "nothing"]
CertificateState = Literal["attached", "missing", "not-required", "unknown"]
RefusalReason = Literal[
    "no-certificate",
    "test-failed",
    "recalled",
    "on-hold",
    "spoilt",
    "goods-differ",
    "seller-unknown",
    "other",
]
RapidTest = Literal["passed", "failed"]
EndCause = Literal["left", "breach", "sold-out", "withdrawn", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StallRegistered(Event):
    """A market says who sells at one of its stalls; a vendor with an account here is named by it."""

    kind: ClassVar[str] = "stall-registered"

    stall: str
    vendor: str | None = None
    holder: Private = private()
    contact: Private = private()
    document: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.vendor is None and self.holder is None:
            raise ValueError("a stall has a vendor")


@dataclass(frozen=True, slots=True, kw_only=True)
class StallEnded(Event):
    """From now on nobody sells at this stall."""

    kind: ClassVar[str] = "stall-ended"

    stall: str
    end_cause: EndCause


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChecked(Event):
    """A market looked at goods before they came in (农产品质量安全法 art. 39), and let them in or did not.

    Goods with a trace code are named by their lot, others by what they are and where they are said to come
    from.
    """

    kind: ClassVar[str] = "entry-checked"

    stall: str
    amount: Amount
    presented: Presented
    certificate_state: CertificateState
    decision: Decision
    lot: str | None = None
    commodity: str | None = None
    origin_division: str | None = None
    rapid_test: RapidTest | None = None
    refusal_reasons: tuple[RefusalReason, ...] = ()
    document: Private = private()
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_division(self.origin_division)
        if (self.lot is None) == (self.commodity is None):
            raise ValueError("goods are a lot, or a commodity")
        if (self.decision == "refused") != bool(self.refusal_reasons):
            raise ValueError("a refusal has reasons, and nothing else has")
        if len(set(self.refusal_reasons)) != len(self.refusal_reasons):
            raise ValueError("a reason is told once")
        if self.amount.is_nothing:
            raise ValueError("what is checked is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotChecked(Event):
    """A market tested goods at a stall (农产品质量安全法 art. 37); what fails is stopped and reported."""

    kind: ClassVar[str] = "spot-checked"

    stall: str
    sample: str
    item: str
    passed: bool
    lot: str | None = None
    commodity: str | None = None
    report: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if (self.lot is None) == (self.commodity is None):
            raise ValueError("goods are a lot, or a commodity")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineListed(Event):
    """Goods of a lot are offered in a shop on the web; the listing's page there stays sealed."""

    kind: ClassVar[str] = "online-listed"

    lot: str
    listing: str
    platform: str
    page: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_random(self.listing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingEnded(Event):
    """A listing is taken down."""

    kind: ClassVar[str] = "listing-ended"

    listing: str
    end_cause: EndCause


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDeclared(Event):
    """So much of a lot leaves the country. Numbers of papers, and their copies, stay sealed.

    *domestic_lot* is a lot sold at home that is said to be of the same line, standard and quality (三同):
    whether it is, the ledger derives from what both went through.
    """

    kind: ClassVar[str] = "export-declared"

    lot: str
    amount: Amount
    country: str
    domestic_lot: str | None = None
    registration: Private = private()
    quarantine: Private = private()
    quarantine_document: Private = private()
    buyer: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_country(self.country)
        if self.amount.is_nothing:
            raise ValueError("an export is more than nothing")
        if self.country == "CN":
            raise ValueError("an export goes to another country")


KINDS: tuple[type[Event], ...] = (
    StallRegistered,
    StallEnded,
    EntryChecked,
    SpotChecked,
    OnlineListed,
    ListingEnded,
    ExportDeclared,
)

_MARKETS = frozenset({"market"})

MAY_STATE: dict[str, frozenset[str]] = {
    StallRegistered.kind: _MARKETS,
    StallEnded.kind: _MARKETS,
    EntryChecked.kind: _MARKETS,
    SpotChecked.kind: _MARKETS,
    OnlineListed.kind: TRADERS,
    ListingEnded.kind: TRADERS,
    ExportDeclared.kind: MAKERS,
}
