"""Hypothesis strategies for credit and draws: events that their own checks let pass, and pasts of theirs."""

import hashlib
from typing import Any

from hypothesis import strategies as st

from tests.brand_strategies import days, parties
from traceability.draw import commitment_of
from traceability.events import Event, credit
from traceability.past.credit import CreditPast, PastDraw

DIGESTS = tuple(hashlib.sha256(token.encode()).hexdigest() for token in ("0" * 32, "1" * 32))
ROOTS = ("ab" * 32, "cd" * 32)
WORDS = ("三更灯火", "五更鸡")
DIVISIONS = ("220000", "220322", "220581", "x")

digests = st.sampled_from(DIGESTS)
facts = st.lists(digests, min_size=1, max_size=2, unique=True).map(tuple)
divisions = st.sampled_from(DIVISIONS)
excluded = st.sampled_from((("procurement",), ("award", "brand-mark")))
inspectors = st.sampled_from((("E01",), ("E01", "E02", "a-3")))
people = st.sampled_from(("anda", "heitu", "mifang"))

SIMPLE: dict[type[Event], dict[str, st.SearchStrategy[Any]]] = {
    credit.CreditObjected: {"target": digests},
    credit.CreditObjectionDecided: {"target": digests, "upheld": st.booleans()},
    credit.CreditRepaired: {"target": digests, "party": parties},
    credit.DishonestyRepaired: {"target": digests, "since": days, "legal_basis": st.just("信用修复")},
    credit.DishonestyLifted: {
        "target": digests,
        "lift_cause": st.sampled_from(("listed-in-error", "court-decision")),
    },
    credit.DrawMade: {
        "target": digests,
        "size": st.integers(0, 200),
        "root": st.sampled_from(ROOTS),
        "word": st.none() | st.sampled_from(WORDS),
        "drawn": st.lists(st.builds(credit.Drawn, people, inspectors), max_size=2).map(tuple),
    },
}

LISTED: dict[str, st.SearchStrategy[Any]] = {
    "party": parties,
    "legal_basis": st.just("农产品质量安全法 art. 70"),
    "facts": facts,
    "excludes": excluded,
}
"""What a listing tells besides its term."""


@st.composite
def announcements(draw: st.DrawFn) -> dict[str, Any]:
    """Return the members of an announcement that go together."""
    weights = st.integers(1, 1000)
    first = credit.PoolGroup("A", draw(st.just(1) | weights), ("anda", "heitu"))
    second = credit.PoolGroup("C", draw(st.just(4) | weights), ("mifang",))
    pool = draw(st.sampled_from(((first,), (first, second))))
    named = draw(inspectors)
    return {
        "division": draw(divisions),
        "roles": ("cooperative",),
        "pool": pool,
        "inspectors": named,
        "count": draw(st.integers(1, sum(len(group.parties) for group in pool))),
        "each": draw(st.integers(1, len(named))),
        "seed_size": draw(st.integers(0, 200)),
        "commitment": draw(st.none() | st.sampled_from(WORDS).map(commitment_of)),
    }


def pasts(announced: st.SearchStrategy[Any], listed: st.SearchStrategy[Any]) -> st.SearchStrategy[CreditPast]:
    """Return what may be known of credit; *announced* and *listed* are events of those kinds."""
    draws = st.builds(
        PastDraw,
        digest=digests,
        by=parties,
        event=announced,
        made=st.booleans(),
        root=st.none() | st.sampled_from(ROOTS),
    )
    return st.builds(
        CreditPast,
        origin=st.just("test.example/log"),
        size=st.integers(0, 200),
        candidates=st.frozensets(people),
        division=st.none() | divisions,
        listing=st.none() | listed,
        listed=st.booleans(),
        ended=st.booleans(),
        decided=st.booleans(),
        draw=st.none() | draws,
    )
