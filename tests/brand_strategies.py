"""Hypothesis strategies for marks: events that their own checks let pass, and pasts that they may meet."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from traceability.events import Event, bases, brands, credentials
from traceability.past.brands import (
    BrandsPast,
    Change,
    KnownAdmission,
    KnownBase,
    KnownLicence,
    KnownMark,
    KnownRight,
    KnownTest,
    OriginPart,
)
from traceability.quantity import Amount

MARKS = ("jilin-rice", "county-rice", "mill-rice")
LICENCES = ("l-1", "l-2", "l-3")
BASES = ("base-1", "base-2")
LOTS = ("/lot/lishu-coop/paddy/L1", "/lot/meihe-mill/rice/L1")
PLOTS = ("0" * 25 + "1", "0" * 25 + "2")
COMMODITIES = ("paddy", "milled-rice", "ginseng-fresh", "gold")
PRODUCTS = ("paddy", "rice")
GIS = ("吉林长白山人参", "梅河大米", "nowhere")
WHYS = ("misuse", "corrected", "other")

marks, licences = st.sampled_from(MARKS), st.sampled_from(LICENCES)
parties = st.sampled_from(("operator", "lishu-coop", "meihe-mill", "jilin-lab"))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
spans = st.tuples(days, days).map(sorted)
divisions = st.sampled_from(("220000", "220322", "220581", "x"))
whys = st.sampled_from(WHYS)
positive = st.decimals("0.001", 10**6, places=3)
kilograms = st.decimals(0, 10**6, places=3)
products = st.lists(st.sampled_from(PRODUCTS), max_size=2, unique=True).map(tuple)
scores = st.sampled_from(
    [(), (brands.Score("tests", 90, 3),), (brands.Score("tests", 90, 0), brands.Score("trace", 10, 1))]
)
asking = st.sampled_from([((), None), ((brands.Criterion("tests", 100, 80),), 85)])
shares = st.lists(
    st.builds(brands.BaseShare, st.sampled_from(BASES), positive), max_size=2, unique_by=lambda one: one.base
).map(tuple)

Told = dict[str, st.SearchStrategy[Any]]

_CHANGED: Told = {"licence": licences, "why": whys}

SIMPLE: dict[type[Event], Told] = {
    brands.MarkRetired: {"mark": marks, "why": whys},
    brands.AdmissionAssessed: {
        "mark": marks,
        "party": parties,
        "product": st.sampled_from(PRODUCTS),
        "scores": scores,
    },
    brands.LicenceSuspended: _CHANGED,
    brands.LicenceResumed: _CHANGED,
    brands.LicenceRevoked: _CHANGED,
    brands.MarkApplied: {
        "lot": st.sampled_from(LOTS),
        "mark": marks,
        "licence": licences,
        "amount": positive.map(lambda kg: Amount(kg=kg)) | st.integers(1, 9).map(lambda n: Amount(pieces=n)),
        "bases": shares,
    },
    brands.SeasonBasisSet: {
        "mark": marks,
        "season": st.integers(2024, 2027),
        "commodity": st.sampled_from(COMMODITIES),
        "division": divisions,
        "area_ha": positive,
        "yield_kg_ha": positive,
        "outturn_percent": st.decimals(1, 100, places=1),
    },
    bases.BaseTested: {
        "base": st.sampled_from(BASES),
        "specimen": st.sampled_from(["soil", "product"]),
        "sampled_on": days,
        "verdict": st.sampled_from(["conformant", "non-conformant"]),
    },
    bases.BaseWithdrawn: {"base": st.sampled_from(BASES), "why": whys},
    credentials.GiUserWithdrawn: {"gi": st.sampled_from(GIS), "party": parties, "why": whys},
    credentials.CredentialRecorded: {
        "credential": st.just("c-1"),
        "honour": st.just("time-honoured"),
        "party": parties,
        "authority": st.just("虚构厅"),
        "year": st.integers(1990, 2030),
        "product": st.none() | st.sampled_from(PRODUCTS),
    },
    credentials.CredentialWithdrawn: {"credential": st.just("c-1"), "why": whys},
    credentials.StoryTold: {
        "published": st.booleans(),
        "text": st.just("讲一讲"),
        "mark": st.none() | marks,
    },
}
"""What each kind is told of, for `strategies`; times and private fields are added there."""


def mark_told() -> Told:
    """Return what a registered mark is told of, its tier and what stands above it apart."""
    return {
        "mark": marks,
        "name": st.just("虚构"),
        "owner": parties,
        "commodities": st.lists(st.sampled_from(COMMODITIES), min_size=1, max_size=2).map(tuple),
        "divisions": st.lists(divisions, min_size=1, max_size=2).map(tuple),
        "from_bases": st.booleans(),
        "gi": st.none() | st.sampled_from(GIS),
    }


PLACED: tuple[Told, ...] = (
    {"tier": st.just("endorsement")},
    {"tier": st.sampled_from(["regional", "enterprise", "product"]), "above": marks},
)
"""What a mark is told of its place in the tree."""


def spanned(first: date, last: date) -> Told:
    """Return the two days of a right."""
    return {"since": st.just(first), "until": st.just(last)}


LASTING: dict[type[Event], Told] = {
    brands.LicenceGranted: {
        "licence": licences,
        "mark": marks,
        "party": parties,
        "products": products,
        "quota_t": positive,
        "under": st.none() | licences,
        "assessment": st.none() | st.just("00" * 32),
    },
    bases.BaseCertified: {
        "base": st.sampled_from(BASES),
        "mark": marks,
        "party": parties,
        "division": divisions,
        "commodity": st.sampled_from(COMMODITIES),
        "plots": st.lists(st.sampled_from(PLOTS), min_size=1, unique=True).map(tuple),
        "area_ha": st.decimals("0.01", 1000, places=2),
        "capacity_kg": positive,
    },
    credentials.GiUserAuthorised: {"gi": st.sampled_from(GIS), "party": parties, "products": products},
}
"""What kinds are told of that last from one day to another."""


def _marks(name: str) -> st.SearchStrategy[KnownMark]:
    return st.builds(
        lambda criteria, **told: KnownMark(criteria=criteria[0], threshold=criteria[1], **told),
        criteria=asking,
        mark=st.just(name),
        tier=st.sampled_from(brands.TIERS),
        name=st.just("虚构"),
        name_en=st.none(),
        owner=parties,
        above=st.none() | marks,
        commodities=st.frozensets(st.sampled_from(COMMODITIES)),
        divisions=st.frozensets(divisions),
        season_month=st.integers(1, 12),
        from_bases=st.booleans(),
        gi=st.none() | st.sampled_from(GIS),
        retired_on=st.none() | days,
    )


def _licences(name: str) -> st.SearchStrategy[KnownLicence]:
    changes = st.builds(Change, st.sampled_from(["suspended", "resumed", "revoked"]), days, st.just("misuse"))
    return st.builds(
        KnownLicence,
        licence=st.just(name),
        mark=marks,
        party=parties,
        products=products.map(frozenset),
        quota_kg=kilograms,
        since=days,
        until=days,
        under=st.none() | licences,
        changes=st.lists(changes, max_size=2).map(tuple),
        used_kg=kilograms,
    )


def _bases(name: str) -> st.SearchStrategy[KnownBase]:
    tests = st.builds(
        KnownTest,
        st.sampled_from(["soil", "product"]),
        days,
        st.sampled_from(["conformant", "non-conformant"]),
    )
    return st.builds(
        KnownBase,
        base=st.just(name),
        mark=marks,
        party=parties,
        division=divisions,
        commodity=st.sampled_from(COMMODITIES),
        plots=st.frozensets(st.sampled_from(PLOTS)),
        area_ha=positive,
        capacity_kg=kilograms,
        since=days,
        until=days,
        tests=st.lists(tests, max_size=2).map(tuple),
        withdrawn_on=st.none() | days,
        used_kg=kilograms,
    )


def _some(names: tuple[str, ...], make: Any) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={name: make(name) for name in names})


def pasts() -> st.SearchStrategy[BrandsPast]:
    """Return what the rules of marks may or may not know."""
    origins = st.builds(
        OriginPart,
        lot=st.sampled_from(LOTS),
        how=st.sampled_from(["harvested", "untraced"]),
        plot=st.none() | st.sampled_from(PLOTS),
        division=st.none() | divisions,
        commodity=st.none() | st.sampled_from(COMMODITIES),
        gi=st.none() | st.sampled_from(GIS),
        grew_until=st.none() | days,
    )
    return st.builds(
        BrandsPast,
        marks=_some(MARKS, _marks),
        licences=_some(LICENCES, _licences),
        bases=_some(BASES, _bases),
        base_of_plot=_some(PLOTS, lambda _: st.frozensets(st.sampled_from(BASES))),
        origins=st.lists(origins, max_size=2).map(tuple),
        rights=st.lists(
            st.builds(KnownRight, st.sampled_from(GIS), parties, products.map(frozenset), days, days),
            max_size=1,
        ).map(tuple),
        admission=st.none()
        | st.builds(KnownAdmission, st.just("00" * 32), marks, parties, st.just("rice"), scores, days),
        borne_kg=kilograms,
        party_divisions=st.dictionaries(parties, divisions),
        commodities=_some(PRODUCTS, lambda _: st.none() | st.sampled_from(COMMODITIES)),
        credential_party=st.none() | parties,
    )
