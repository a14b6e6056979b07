"""What rules may know of certificates: those of a lot, and those that a party was granted, and used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from traceability.past.known import KnownParty


@dataclass(frozen=True, slots=True)
class PastCertificate:
    """A 承诺达标合格证 that is not void; *amount* is in the lot's measure."""

    digest: str
    by: str
    lot: str
    number: str
    amount: Decimal
    is_superseded: bool = False


@dataclass(frozen=True, slots=True)
class PastScheme:
    """A granted certificate with its changes, and the running totals of what was used up.

    *used_of_lot* and *plots* are those of the lot, or of the plots, that the event names.
    """

    digest: str
    scheme: str
    by: str
    holder: str
    since: date
    until: date
    commodities: tuple[str, ...] = ()
    area_ha: Decimal | None = None
    tonnage_kg: Decimal | None = None
    changes: tuple[tuple[date, str], ...] = ()
    used_kg: Decimal = Decimal(0)
    used_of_lot_kg: Decimal = Decimal(0)
    based_ha: Decimal = Decimal(0)
    plots: frozenset[str] = frozenset()

    def state(self, on: date) -> str:
        """Return "live", "not-yet", "expired", "suspended" or "withdrawn", as of that day."""
        told = "live"
        for day, change in self.changes:
            if day <= on and told != "withdrawn":
                told = "live" if change == "resumed" else change
        if told != "live":
            return told
        if on < self.since:
            return "not-yet"
        return "expired" if on > self.until else "live"


@dataclass(frozen=True, slots=True)
class BaseLand:
    """A plot that a base may count: whose it is, and how large."""

    party: str
    area_ha: Decimal | None


@dataclass(frozen=True, slots=True)
class CertifyingPast:
    """What rules of certificates may know.

    *of_lots* holds for each lot that needs a certificate and leaves somebody whether one stands for it, and
    *origins* the makers of what it was made from. *tests* are the named inspections: lot, and whether it was
    passed.
    """

    certificate: PastCertificate | None = None
    certified: tuple[PastCertificate, ...] = ()
    number_taken: bool = False
    tests: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    of_lots: Mapping[str, bool] = field(default_factory=dict)
    origins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scheme: PastScheme | None = None
    land: Mapping[str, BaseLand] = field(default_factory=dict)
    parties: Mapping[str, KnownParty] = field(default_factory=dict)
