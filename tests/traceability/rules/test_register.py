from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, OFFICE, OPERATOR, PARTIES, past
from traceability.events import Event, parties
from traceability.events.registry import PartyRegistered
from traceability.limits import shipped_rules
from traceability.past import KnownParty, Past
from traceability.past.parties import Membership, PartiesPast, State, Step
from traceability.rules.register import misregistered

RULES = shipped_rules()
COUNTY, CITY = "lishu-office", "siping-office"
OFFICES = {
    **PARTIES,
    COUNTY: KnownParty(COUNTY, "regulator", "220322"),
    CITY: KnownParty(CITY, "regulator", "220300"),
    "yushu-office": KnownParty("yushu-office", "regulator", "220182"),
}


def rules_of(event: Event, known: Past) -> list[str]:
    return [breach.rule for breach in misregistered(event, known, RULES)]


def registered(**told: Any) -> PartyRegistered:
    return PartyRegistered(
        at=AUTUMN, party="new", division="220322", **{"role": "farm", "name": "新", **told}
    )


def proposed(**told: Any) -> parties.PartyProposed:
    fields: dict[str, Any] = {"party": "new", "role": "farm", "name": "新", "division": "220322", **told}
    return parties.PartyProposed(at=AUTUMN, **fields)


def about(by: str, state: State = "proposed", *, role: str = "cooperative", division: str = "220322") -> Past:
    subject = Membership(state, Step(5, state, OPERATOR, date(2026, 9, 1)))
    known = PartiesPast(subject=subject, subject_role=role, subject_division=division)
    return past(by, parties=OFFICES, register=known)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("91350100M000100Y43", []),
        ("91350100M000100Y44", [("uscc-check", "warn")]),
        ("91350100M000100Y4", [("uscc-form", "refuse")]),
        ("9135010OM000100Y43", [("uscc-form", "refuse")]),
    ],
)
def test_a_credit_code_of_another_form_is_refused_and_a_wrong_check_warns(
    code: str, found: list[tuple[str, str]]
) -> None:
    breaches = misregistered(registered(uscc=code), past(OFFICE), RULES)

    assert [(breach.rule, breach.level) for breach in breaches] == found


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ({"department": "grain"}, []),
        ({"department": "no-such"}, ["unknown-department"]),
        ({"commodities": ("paddy",)}, []),
        ({"commodities": ("moonshine",)}, ["unknown-commodity"]),
        ({"role": "stall", "market": "hall"}, []),
        ({"role": "stall", "market": COOP}, ["unknown-market"]),
        ({"role": "stall", "market": "nobody"}, ["unknown-market"]),
    ],
)
def test_what_a_registration_names_is_there(told: dict[str, Any], rules: list[str]) -> None:
    known = past(OFFICE, register=PartiesPast(roles={"hall": "market", COOP: "cooperative"}))

    assert rules_of(registered(**told), known) == rules


@pytest.mark.parametrize(
    ("by", "rules"), [("new", []), (OPERATOR, []), ("hall", []), (COOP, ["not-yours-to-propose"])]
)
def test_a_party_is_proposed_by_itself_its_market_or_the_operator(by: str, rules: list[str]) -> None:
    known = past(by, parties=OFFICES, register=PartiesPast(roles={"hall": "market"}))

    assert rules_of(proposed(role="stall", market="hall"), known) == rules


def test_an_operator_is_not_proposed() -> None:
    assert rules_of(proposed(role="operator"), past(OPERATOR)) == ["not-proposable"]


@pytest.mark.parametrize(
    ("by", "rules"),
    [
        (COUNTY, []),
        (CITY, []),
        (OFFICE, []),
        ("yushu-office", ["another-division"]),
        (OPERATOR, ["another-division"]),
        (COOP, ["own-register"]),
    ],
)
def test_only_a_regulator_whose_division_covers_the_party_decides(by: str, rules: list[str]) -> None:
    event = parties.PartyVerified(at=AUTUMN, party=COOP)

    assert rules_of(event, about(by)) == rules


@pytest.mark.parametrize(("by", "rules"), [(COUNTY, ["another-division"]), (CITY, [])])
def test_an_office_is_verified_from_above(by: str, rules: list[str]) -> None:
    event = parties.PartyVerified(at=AUTUMN, party="second-county-office")

    assert rules_of(event, about(by, role="regulator")) == rules


@pytest.mark.parametrize(
    ("event", "allowed"),
    [
        (parties.PartyVerified(at=AUTUMN, party=COOP), {"proposed", "registered"}),
        (
            parties.PartySuspended(at=AUTUMN, party=COOP, ground="false-record"),
            {"proposed", "registered", "verified"},
        ),
        (parties.PartyResumed(at=AUTUMN, party=COOP), {"suspended"}),
        (
            parties.PartyEnded(at=AUTUMN, party=COOP, ending="closed"),
            {"proposed", "registered", "verified", "suspended"},
        ),
    ],
)
def test_each_step_follows_only_certain_states(event: Event, allowed: set[str]) -> None:
    states: tuple[State, ...] = ("proposed", "registered", "verified", "suspended", "ended")

    found = {state for state in states if rules_of(event, about(COUNTY, state)) == []}

    assert found == allowed


@pytest.mark.parametrize(("by", "rules"), [(COOP, []), ("yushu-office", ["another-division"])])
def test_a_party_ends_itself_and_nobody_elses_office_does(by: str, rules: list[str]) -> None:
    event = parties.PartyEnded(at=AUTUMN, party=COOP, ending="closed")

    assert rules_of(event, about(by, "verified")) == rules


def test_a_step_about_nobody_is_refused() -> None:
    event = parties.PartyVerified(at=AUTUMN, party="nobody")

    assert rules_of(event, past(COUNTY, parties=OFFICES)) == ["unknown-party"]


@pytest.mark.parametrize(
    ("department", "commodities", "rules"),
    [
        ("grain", ("paddy",), []),
        ("grain", ("ginseng-fresh",), ["other-department"]),
        ("agriculture", ("ginseng-fresh",), []),
        ("grain", (), []),
        (None, ("ginseng-fresh",), []),
    ],
)
def test_a_department_is_told_where_nothing_of_the_party_is_its_own(
    department: str | None, commodities: tuple[str, ...], rules: list[str]
) -> None:
    known = about(COUNTY)
    register = replace(known.register, department=department, commodities=commodities)

    assert rules_of(parties.PartyVerified(at=AUTUMN, party=COOP), replace(known, register=register)) == rules


@pytest.mark.parametrize(
    ("township", "division", "personal", "is_fine"),
    [
        ("220182101000", "220182", True, True),
        ("220182101203", "220182", False, True),
        ("220182101203", "220182", True, False),
        ("220183101000", "220182", False, False),
        ("220182101000", "220100", False, True),
        ("22018210100", "220182", False, False),
        ("22018210100０", "220182", False, False),
    ],
)
def test_a_township_lies_in_its_county_and_never_names_the_village_of_a_person(
    township: str, division: str, personal: bool, is_fine: bool
) -> None:
    name: dict[str, Any] = {"private_name": "某农场"} if personal else {"name": "某社"}

    try:
        PartyRegistered(at=AUTUMN, party="new", role="farm", division=division, township=township, **name)
        found = True
    except ValueError:
        found = False

    assert found is is_fine
