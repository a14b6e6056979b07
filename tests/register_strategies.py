"""Pasts of the register and of inputs, for the tests that hold for all rules."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from traceability.events import Event, parties
from traceability.events import inputs as inputs_of_growers
from traceability.past.inputs import Account, InputsPast, PastPurchase
from traceability.past.parties import Membership, PartiesPast, Step

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
AMOUNTS = st.decimals("0.001", "100000", places=3, allow_nan=False)
STATES = ("proposed", "registered", "verified", "suspended", "ended")
UNITS = ("kg", "g", "克/亩", "倍液", "瓶")


def register() -> st.SearchStrategy[PartiesPast]:
    """Return where a speaker, and the party that is decided on, may stand."""
    steps = st.builds(
        Step,
        index=st.integers(0, 9),
        step=st.sampled_from(STATES),
        by=st.just("jilin-office"),
        day=DAYS,
        office=st.none() | st.sampled_from(("operator", "regulator")),
        ground=st.none(),
        until=st.none() | DAYS,
    )
    members = st.none() | st.builds(Membership, state=st.sampled_from(STATES), step=steps)
    return st.builds(
        PartiesPast,
        speaker=members,
        subject=members,
        subject_role=st.sampled_from(("", "cooperative", "regulator")),
        subject_division=st.sampled_from(("", "220322", "220000")),
        department=st.none() | st.sampled_from(("grain", "no-such")),
        commodities=st.lists(st.sampled_from(("paddy", "ginseng-fresh", "no-such")), max_size=2).map(tuple),
        roles=st.dictionaries(st.just("hall"), st.sampled_from(("market", "cooperative")), max_size=1),
    )


def inputs() -> st.SearchStrategy[InputsPast]:
    """Return what may be on record of an input."""
    purchases = st.none() | st.builds(
        PastPurchase,
        index=st.integers(0, 9),
        party=st.just("lishu-coop"),
        name=st.just("虚构牌"),
        day=DAYS,
        label_code=st.none(),
        expiry=st.none() | DAYS,
        dose_most=st.none() | AMOUNTS,
        dose_unit=st.none() | st.sampled_from(UNITS),
    )
    accounts = st.none() | st.builds(Account, st.just("kg"), AMOUNTS, AMOUNTS, AMOUNTS)
    return st.builds(InputsPast, account=accounts, newest=purchases, dosed=purchases, copied=purchases)


SIMPLE: dict[type[Event], dict[str, st.SearchStrategy[Any]]] = {
    parties.PartyProposed: {
        "party": st.sampled_from(("lishu-coop", "new")),
        "role": st.sampled_from(("cooperative", "operator", "stall")),
        "division": st.just("220322"),
        "name": st.just("甲合作社"),
        "private_name": st.none(),
        "uscc": st.none() | st.sampled_from(("91350100M000100Y43", "91350100M000100Y44", "x")),
        "market": st.none() | st.just("hall"),
    },
    parties.PartyVerified: {"party": st.sampled_from(("lishu-coop", "new"))},
    parties.PartySuspended: {
        "party": st.sampled_from(("lishu-coop", "new")),
        "ground": st.sampled_from(("records-missing", "other")),
    },
    parties.PartyResumed: {"party": st.sampled_from(("lishu-coop", "new"))},
    parties.PartyEnded: {"party": st.sampled_from(("lishu-coop", "new")), "ending": st.just("closed")},
    inputs_of_growers.InputAdjusted: {
        "name": st.just("虚构牌"),
        "category": st.just("fertiliser"),
        "change": AMOUNTS,
        "unit": st.sampled_from(UNITS),
        "why": st.just("had-before"),
    },
}
"""What the events of the register and of the shelf are made of."""
