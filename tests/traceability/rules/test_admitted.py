from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.small_past import AUTUMN, COOP, LOT, OPERATOR, PLOT, kg, past
from traceability.errors import Breach
from traceability.events import KINDS, Event, followup, movement, processing, registry
from traceability.events.field import Harvested, PlotShare
from traceability.limits import shipped_rules
from traceability.past import PastStatement
from traceability.past.parties import Membership, PartiesPast, State, Step, membership_of
from traceability.rules.admitted import ALLOWED, not_admitted
from traceability.rules.clauses import HOUSE

RULES = shipped_rules()
DAY = date(2026, 9, 1)
HARVEST = Harvested(at=AUTUMN, lot=LOT, product="paddy", amount=kg("10"), plots=(PlotShare(PLOT, kg("10")),))
PLOT_TOLD = registry.PlotRegistered(
    at=AUTUMN, plot=PLOT, division="220322", commodity="paddy", area_ha=Decimal(1)
)
RECEIPT = movement.Received(at=AUTUMN, shipment="0" * 64, token="t", parts=(processing.Part(LOT, kg("1")),))
CORRECTION = followup.Corrected(at=AUTUMN, target="0" * 64, reason="did-not-occur")


def standing(state: State) -> PartiesPast:
    return PartiesPast(speaker=Membership(state, Step(7, state, OPERATOR, DAY)))


@pytest.mark.parametrize(
    ("state", "event", "rules"),
    [
        ("proposed", HARVEST, ["party-not-verified"]),
        ("proposed", RECEIPT, ["party-not-verified"]),
        ("proposed", PLOT_TOLD, []),
        ("registered", HARVEST, []),
        ("verified", HARVEST, []),
        ("suspended", HARVEST, ["party-suspended"]),
        ("suspended", PLOT_TOLD, ["party-suspended"]),
        ("suspended", RECEIPT, []),
        ("suspended", CORRECTION, []),
        ("ended", RECEIPT, ["party-ended"]),
        ("ended", CORRECTION, []),
    ],
)
def test_what_may_be_stated_depends_on_where_its_author_stands(
    state: State, event: Event, rules: list[str]
) -> None:
    known = past(COOP, register=standing(state))

    breaches = list(not_admitted(event, known, RULES))

    assert [breach.rule for breach in breaches] == rules


def test_the_breach_names_the_party_the_kind_and_the_days() -> None:
    stopped = Step(7, "suspended", OPERATOR, DAY, until=date(2026, 9, 30))
    known = past(COOP, register=PartiesPast(speaker=Membership("suspended", stopped)))

    breaches = list(not_admitted(HARVEST, known, RULES))

    facts = (("party", COOP), ("kind", "harvested"), ("since", "2026-09-01"), ("until", "2026-09-30"))
    assert breaches == [Breach("party-suspended", HOUSE, facts)]


def test_who_is_not_in_the_register_is_judged_by_other_rules() -> None:
    assert list(not_admitted(HARVEST, past(COOP), RULES)) == []


@pytest.mark.parametrize(("by", "rules"), [(COOP, []), (OPERATOR, ["party-suspended"])])
def test_a_suspended_party_sets_its_own_statement_right(by: str, rules: list[str]) -> None:
    target = PastStatement("0" * 64, 3, by, HARVEST, void=True)
    known = replace(past(COOP, register=standing("suspended")), target=target)

    assert [breach.rule for breach in not_admitted(HARVEST, known, RULES)] == rules


PROPOSED, REGISTERED, VERIFIED = (
    Step(index, step, "someone", DAY) for index, step in ((1, "proposed"), (1, "registered"), (2, "verified"))
)
SUSPENDED = Step(3, "suspended", "someone", DAY, until=date(2026, 9, 30))
RESUMED, ENDED = Step(4, "resumed", "someone", DAY), Step(5, "ended", "someone", DAY)


@pytest.mark.parametrize(
    ("steps", "on", "state"),
    [
        ([PROPOSED], DAY, "proposed"),
        ([REGISTERED], DAY, "registered"),
        ([replace(REGISTERED, office="regulator")], DAY, "verified"),
        ([replace(REGISTERED, office="operator")], DAY, "registered"),
        ([PROPOSED, VERIFIED], DAY, "verified"),
        ([VERIFIED, replace(PROPOSED, index=6)], DAY, "proposed"),
        ([PROPOSED, VERIFIED, SUSPENDED], date(2026, 9, 30), "suspended"),
        ([PROPOSED, VERIFIED, SUSPENDED], date(2026, 10, 1), "verified"),
        ([PROPOSED, VERIFIED, replace(SUSPENDED, until=None)], date(2099, 1, 1), "suspended"),
        ([PROPOSED, VERIFIED, SUSPENDED, RESUMED], DAY, "verified"),
        ([PROPOSED, SUSPENDED, RESUMED, replace(SUSPENDED, index=8)], DAY, "suspended"),
        ([PROPOSED, VERIFIED, SUSPENDED, ENDED], DAY, "ended"),
        ([VERIFIED, SUSPENDED, replace(PROPOSED, index=9)], DAY, "suspended"),
    ],
)
def test_the_steps_of_a_party_lead_to_one_state(steps: list[Step], on: date, state: str) -> None:
    found = membership_of(steps, on)

    assert (None if found is None else found.state) == state


def test_without_a_step_there_is_no_state() -> None:
    assert membership_of([], DAY) is None


def test_every_kind_that_is_let_through_is_there() -> None:
    assert set().union(*ALLOWED.values()) - set(KINDS) == set()
