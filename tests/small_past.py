"""A past small enough to read: one cooperative with a plot and paddy, one mill with rice, one laboratory.

Each function takes the values that a test is about, and leaves the rest as they are in an ordinary year.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from traceability.past import KnownLot, KnownParty, KnownPlot, KnownProduct, Past, PastHarvest, PastTreatment
from traceability.quantity import Amount, Measure

COOP = "lishu-coop"
MILL = "meihe-mill"
LAB = "jilin-lab"
OFFICE = "jilin-office"
OPERATOR = "operator"

PLOT = "0" * 25 + "1"
LOT = "/lot/lishu-coop/paddy/L1"
RICE = "/lot/meihe-mill/rice/R1"

PADDY = KnownProduct(COOP, "paddy", "paddy", "mass")
WHITE = KnownProduct(MILL, "rice", "milled-rice", "mass")
BRAN = KnownProduct(MILL, "bran", "rice-bran", "mass")
EARS = KnownProduct(COOP, "ears", "fresh-maize", "pieces", Decimal("0.4"))
LOOSE_EARS = KnownProduct(COOP, "loose", "fresh-maize", "pieces")

PARTIES = {
    each.party: each
    for each in (
        KnownParty(COOP, "cooperative", "220322"),
        KnownParty(MILL, "processor", "220581", ("9521234",)),
        KnownParty(LAB, "laboratory", "220100"),
        KnownParty(OFFICE, "regulator", "220000"),
        KnownParty(OPERATOR, "operator", "220000"),
    )
}


def kg(amount: str) -> Amount:
    """Return a mass."""
    return Amount(kg=Decimal(amount))


def moment(day: date | str, hour: int = 4) -> datetime:
    """Return an hour (UTC) of a day; by default noon in Shanghai."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(found.year, found.month, found.day, hour, tzinfo=UTC)


AUTUMN = moment("2026-09-20")


def plot(
    *,
    commodity: str = "paddy",
    area_ha: str | None = "1",
    bags: int | None = None,
    treatments: Iterable[PastTreatment] = (),
    harvests: Iterable[PastHarvest] = (),
    reaped: Mapping[Measure, Decimal] | None = None,
) -> KnownPlot:
    """Return the cooperative's plot."""
    area = None if area_ha is None else Decimal(area_ha)
    return KnownPlot(
        PLOT,
        COOP,
        commodity,
        "220322",
        area,
        bags,
        None,
        treatments=tuple(treatments),
        harvests=tuple(harvests),
        reaped=reaped or {},
    )


def lot(
    name: str = LOT, *, of: KnownProduct | None = PADDY, born: str = "1000", by: str = COOP, **told: Any
) -> KnownLot:
    """Return a lot that *by* made and still holds; *told* replaces any of its fields."""
    fields: dict[str, Any] = {
        "lot": name,
        "product": of,
        "maker": by,
        "born": Decimal(born),
        "stock": {by: Decimal(born)},
        "born_at": moment("2026-09-01"),
        **told,
    }
    return KnownLot(**fields)


def past(by: str = COOP, *known: KnownLot, plots: Iterable[KnownPlot] = (), **told: Any) -> Past:
    """Return what the rules know when *by* speaks on a day in autumn."""
    products = (PADDY, WHITE, BRAN, EARS, LOOSE_EARS)
    fields: dict[str, Any] = {
        "by": by,
        "recorded_at": AUTUMN,
        "parties": PARTIES,
        "products": {(each.party, each.product): each for each in products},
        "plots": {each.plot: each for each in plots},
        "lots": {each.lot: each for each in known},
        **told,
    }
    return Past(**fields)
