"""Hypothesis strategies for samples, tests and certificates: events that pass their own checks, and pasts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from traceability.events import Event, certifying, testing
from traceability.past import KnownParty
from traceability.past.certifying import BaseLand, CertifyingPast, PastCertificate, PastScheme
from traceability.past.testing import (
    PastAccreditation,
    PastInstrument,
    PastNotice,
    PastObjection,
    PastReport,
    PastSampling,
    SamplesPast,
)
from traceability.quantity import Amount

PARTIES = ("lishu-coop", "meihe-mill", "jilin-lab", "jilin-office", "nobody")
LOTS = ("/lot/lishu-coop/paddy/L1", "/lot/meihe-mill/rice/L1")
PLOTS = ("0" * 25 + "1", "0" * 25 + "2")
PURPOSES = ("routine", "supervision", "self-check", "commissioned", "rapid")
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)

parties, lots = st.sampled_from(PARTIES), st.sampled_from(LOTS)
digests = st.sampled_from(("11" * 32, "22" * 32))
days = st.dates(date(2025, 6, 1), date(2027, 6, 30))
amounts = st.sampled_from((Amount(kg=Decimal(1)), Amount(pieces=3), Amount(kg=Decimal(9000))))
samples = st.sampled_from(("S-1", "S-2"))
names = st.sampled_from(("scale-1", "scale-2"))
goods = st.lists(st.sampled_from(("paddy", "milled-rice", "gold")), max_size=2, unique=True).map(tuple)

Told = dict[str, st.SearchStrategy[Any]]

SIMPLE: dict[type[Event], Told] = {
    testing.Sampled: {
        "lot": lots,
        "sample": samples,
        "purpose": st.sampled_from(PURPOSES),
        "product_class": st.sampled_from(("agricultural", "manufactured", "consumer", "food")),
        "commodity": st.sampled_from(("paddy", "milled-rice")),
        "division": st.sampled_from(("220182", "220182100", "220182100201")),
        "amount": amounts,
        "laboratory": st.none() | parties,
        "ordered_by": st.none() | parties,
    },
    testing.ResultNotified: {"inspection": digests, "party": parties, "until": st.none() | days},
    testing.Objected: {"inspection": digests},
    testing.RetestOrdered: {"objection": digests, "laboratory": parties, "due": days},
    testing.LaboratoryAccredited: {
        "party": parties,
        "scheme": st.sampled_from(("CMA", "CATL")),
        "number": st.just("CMA-虚构-1"),
        "since": st.just(FIRST),
        "until": st.just(LAST),
        "analytes": st.sampled_from(((), ("镉",))),
    },
    testing.AccreditationChanged: {
        "accreditation": digests,
        "new_state": st.sampled_from(("suspended", "resumed", "withdrawn")),
    },
    testing.InstrumentRegistered: {"instrument": names, "instrument_type": st.just("scale")},
    testing.Calibrated: {
        "instrument": names,
        "institution": st.just("虚构计量院"),
        "conclusion": st.sampled_from(("passed", "failed")),
        "due": st.just(date(9999, 12, 31)),
    },
    certifying.CertificateCollected: {"lot": lots, "certificate": digests},
    certifying.CertificateReported: {
        "lot": lots,
        "certificate": digests,
        "fault": st.sampled_from(("forged", "other")),
    },
    certifying.SchemeCertified: {
        "scheme": st.sampled_from(("green-food", "organic", "gap")),
        "number": st.just("LB-虚构-1"),
        "grantee": parties,
        "since": st.just(FIRST),
        "until": st.just(LAST),
        "goods": goods,
        "area_ha": st.none() | st.just(Decimal("1.5")),
        "tonnage_kg": st.none() | st.just(Decimal(5000)),
    },
    certifying.SchemeChanged: {
        "certificate": digests,
        "new_state": st.sampled_from(("suspended", "resumed", "withdrawn")),
    },
    certifying.SchemeBaseRegistered: {
        "certificate": digests,
        "plots": st.lists(
            st.builds(certifying.BasePlot, st.sampled_from(PLOTS), st.just(Decimal("1.25"))),
            min_size=1,
            max_size=2,
            unique_by=lambda each: each.plot,
        ).map(tuple),
    },
    certifying.SchemeUsed: {"certificate": digests, "lot": lots, "amount": amounts},
}

_changes = st.lists(st.tuples(days, st.sampled_from(("suspended", "resumed", "withdrawn"))), max_size=2)
_known = st.dictionaries(
    parties, st.builds(KnownParty, parties, st.sampled_from(("laboratory", "regulator")), st.just("220100"))
)
_reports = st.builds(
    PastReport, digests, parties, lots, samples, st.sampled_from(PURPOSES), parties, st.booleans()
)


@st.composite
def pasts(draw: st.DrawFn) -> SamplesPast:
    """Return what may be known of samples and tests; in half of the cases nothing."""
    return draw(_PASTS) if draw(st.booleans()) else SamplesPast()


@st.composite
def certified_pasts(draw: st.DrawFn) -> CertifyingPast:
    """Return what may be known of certificates; in half of the cases nothing."""
    return draw(_CERTIFIED) if draw(st.booleans()) else CertifyingPast()


def _pasts() -> st.SearchStrategy[SamplesPast]:
    return st.builds(
        SamplesPast,
        samplings=st.lists(
            st.builds(
                PastSampling,
                samples,
                lots,
                st.sampled_from(PURPOSES),
                days,
                st.none() | parties,
                parties,
                st.sampled_from(("220000", "220100", "220182", "")),
                st.booleans(),
            ),
            max_size=2,
        ).map(tuple),
        elsewhere=st.none() | lots,
        report=st.none() | _reports,
        notice=st.none()
        | st.builds(PastNotice, parties, st.just(datetime(2026, 3, 1, tzinfo=UTC)), st.none() | days),
        objection=st.none()
        | st.builds(PastObjection, digests, digests, parties, st.none() | parties, st.none() | days),
        has_objection=st.booleans(),
        sampled_parties=st.frozensets(parties),
        accreditations=st.lists(
            st.builds(
                PastAccreditation,
                digests,
                parties,
                parties,
                st.just("CMA"),
                st.just(FIRST),
                st.just(LAST),
                st.sampled_from(((), ("镉",))),
                _changes.map(sorted).map(tuple),
            ),
            max_size=1,
        ).map(tuple),
        instruments=st.dictionaries(
            names, st.builds(PastInstrument, names, st.none() | days, st.booleans()), max_size=2
        ),
        parties=_known,
        repeated=st.lists(st.tuples(st.sampled_from(("report", "values")), samples), max_size=2).map(tuple),
    )


def _certified() -> st.SearchStrategy[CertifyingPast]:
    masses = st.decimals(0, 10000, places=2)
    certificates = st.builds(
        PastCertificate, digests, parties, lots, st.just("C-1"), masses, is_superseded=st.booleans()
    )
    schemes = st.builds(
        PastScheme,
        digests,
        st.just("green-food"),
        parties,
        parties,
        st.just(FIRST),
        st.just(LAST),
        goods,
        st.none() | st.just(Decimal("1.5")),
        st.none() | st.just(Decimal(5000)),
        _changes.map(sorted).map(tuple),
        masses,
        masses,
        masses,
        st.frozensets(st.sampled_from(PLOTS)),
    )
    return st.builds(
        CertifyingPast,
        certificate=st.none() | certificates,
        certified=st.lists(certificates, max_size=2).map(tuple),
        number_taken=st.booleans(),
        tests=st.dictionaries(digests, st.tuples(lots, st.booleans())),
        of_lots=st.dictionaries(lots, st.booleans()),
        origins=st.dictionaries(lots, st.frozensets(parties)),
        scheme=st.none() | schemes,
        land=st.dictionaries(
            st.sampled_from(PLOTS), st.builds(BaseLand, parties, st.none() | st.just(Decimal("1.25")))
        ),
        parties=_known,
    )


# Made once: a strategy of this size takes longer to put together than to draw from.
_PASTS, _CERTIFIED = _pasts(), _certified()
