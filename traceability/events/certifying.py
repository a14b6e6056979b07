"""What becomes of a certificate on its way, and what somebody was granted (三品一标, promise marks).

    certificate-collected   a buyer has received the 承诺达标合格证 of a lot, and keeps it
    certificate-reported    a buyer tells the authority of the origin that a certificate is wrong
    scheme-certified        a certifier grants a certificate, with its scope, area, tonnage and days
    scheme-changed          suspended, resumed, withdrawn
    scheme-base-registered  plots that belong to the certified production base
    scheme-used             a lot, or a part of it, is sold under the certificate

Certificates of schemes that have ended (无公害, the provincial 名牌) are history, and cannot be stated here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import MAKERS, REGULATORS, TRADERS
from traceability.quantity import Amount

Scheme = Literal[
    "green-food",
    "organic",
    "gi-use-right",
    "haccp",
    "iso-22000",
    "gap",
    "food-production-licence",
    "service-promise",
]
SchemeState = Literal["suspended", "resumed", "withdrawn"]
Fault = Literal["contents-differ", "amount-exceeded", "forged", "reused", "illegible", "other"]


@dataclass(frozen=True, slots=True)
class BasePlot:
    """How much of a plot belongs to a certified production base."""

    plot: str
    area_ha: Decimal

    def __post_init__(self) -> None:
        if self.area_ha <= 0 or self.area_ha != round(self.area_ha, 2):
            raise ValueError("an area is more than nothing, and told to 0.01 ha")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCollected(Event):
    """A buyer has collected the certificate of a lot, and keeps it at least as long as the law asks."""

    kind: ClassVar[str] = "certificate-collected"

    lot: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReported(Event):
    """A certificate is wrong: the authority of its origin is told."""

    kind: ClassVar[str] = "certificate-reported"

    lot: str
    certificate: str
    fault: Fault
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeCertified(Event):
    """A party may call goods within the scope by a scheme's name, on these days and within these bounds.

    *goods* are kinds of goods; *tonnage_kg* and *area_ha* absent: the certificate bounds none.
    """

    kind: ClassVar[str] = "scheme-certified"

    scheme: Scheme
    number: str
    grantee: str
    since: date
    until: date
    goods: tuple[str, ...] = ()
    area_ha: Decimal | None = None
    tonnage_kg: Decimal | None = None
    indication: str | None = None
    registry: str | None = None
    promise: str | None = None
    document: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.until < self.since:
            raise ValueError("a certificate ends after it begins")
        for bound in (self.area_ha, self.tonnage_kg):
            if bound is not None and bound <= 0:
                raise ValueError("a bound is more than nothing")
        if (self.scheme == "gi-use-right") != (self.indication is not None and self.registry is not None):
            raise ValueError("the right to use an indication names the indication and its registry")
        if (self.scheme == "service-promise") != (self.promise is not None):
            raise ValueError("a promise mark tells what is promised, and no other certificate does")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeChanged(Event):
    """From this day a certificate is suspended, in force again, or withdrawn for good."""

    kind: ClassVar[str] = "scheme-changed"

    certificate: str
    new_state: SchemeState
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeBaseRegistered(Event):
    """Plots of the holder belong to the production base of a certificate; their areas are counted."""

    kind: ClassVar[str] = "scheme-base-registered"

    certificate: str
    plots: tuple[BasePlot, ...]

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.plots or len({each.plot for each in self.plots}) != len(self.plots):
            raise ValueError("a base has plots, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeUsed(Event):
    """So much of a lot is sold under a certificate."""

    kind: ClassVar[str] = "scheme-used"

    certificate: str
    lot: str
    amount: Amount


KINDS: tuple[type[Event], ...] = (
    CertificateCollected,
    CertificateReported,
    SchemeCertified,
    SchemeChanged,
    SchemeBaseRegistered,
    SchemeUsed,
)

_CERTIFIERS = REGULATORS | {"certifier"}

MAY_STATE: dict[str, frozenset[str]] = {
    CertificateCollected.kind: TRADERS,
    CertificateReported.kind: TRADERS | REGULATORS,
    SchemeCertified.kind: _CERTIFIERS,
    SchemeChanged.kind: _CERTIFIERS,
    SchemeBaseRegistered.kind: MAKERS | _CERTIFIERS,
    SchemeUsed.kind: TRADERS,
}
