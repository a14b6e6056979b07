"""Codes go out only after somebody has looked, and blank codes come to stand on one pack each."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, BRAN, COOP, LAB, LOT, MILL, OFFICE, PADDY, kg, lot, moment, past
from traceability.errors import Breach
from traceability.events import Event
from traceability.events.followup import Corrected
from traceability.events.processing import CodesIssued
from traceability.events.release import (
    CodesActivated,
    CodesPrepared,
    CodesRecalled,
    CodesSold,
    ScansCounted,
)
from traceability.limits import shipped_rules
from traceability.past import KnownParty, Past, PastStatement
from traceability.past.release import PastRoll, ReleasePast
from traceability.rule_tables.release import RELEASE, policy_for, policy_of
from traceability.rules.release import wrongly_released
from traceability.rules.rolls import wrongly_bound

RULES = shipped_rules()
NEW_YEAR = moment("2027-01-01")
ROLL = "/lot/lishu-coop/paddy/K1"
SHOP = KnownParty("shop", "retailer", "220100")
PRINTED = PastRoll(COOP, "paddy", 100, ((0, 60), (60, 40)))
ASLEEP = ReleasePast(
    issued=((0, 100),),
    asleep=((0, 100),),
    tests=frozenset({"routine"}),
    certified=True,
    maker_division="220322",
)


def known(by: str = COOP, told: ReleasePast = ASLEEP, **of_lot: Any) -> Past:
    found = past(by, lot(**of_lot), release=told)
    return replace(found, parties={**found.parties, SHOP.party: SHOP})


def activated(ground: str = "tested", first: int = 0, count: int = 100, **told: Any) -> CodesActivated:
    return CodesActivated(
        at=told.get("at", AUTUMN),
        lot=LOT,
        first=first,
        count=count,
        ground=ground,  # type: ignore[arg-type]  # a word of the list
    )


def sold(first: int = 0, count: int = 10) -> CodesSold:
    return CodesSold(at=AUTUMN, lot=LOT, first=first, count=count)


def rules_of(event: Event, before: Past) -> list[str]:
    return [each.rule for rule in (wrongly_released, wrongly_bound) for each in rule(event, before, RULES)]


# Issuing.


@pytest.mark.parametrize(
    ("day", "asleep", "rules"),
    [
        ("2026-12-31", False, []),
        ("2027-01-01", False, ["activation-required"]),
        ("2027-01-01", True, []),
    ],
)
def test_from_its_day_on_codes_are_issued_asleep(day: str, *, asleep: bool, rules: list[str]) -> None:
    event = CodesIssued(at=moment(day), lot=LOT, first=0, count=1, pack=kg("5"), asleep=asleep)

    assert rules_of(event, known(told=ReleasePast())) == rules


def test_a_rule_set_from_before_the_policy_asks_for_nothing() -> None:
    event = CodesIssued(at=NEW_YEAR, lot=LOT, first=0, count=1, pack=kg("5"))
    before = replace(RULES, topics={**RULES.topics, RELEASE.file: ()})

    assert list(wrongly_released(event, known(), before)) == []


# Activating.


@pytest.mark.parametrize(
    ("span", "rules"),
    [
        ((0, 100), []),
        ((99, 1), []),
        ((99, 2), ["codes-not-issued"]),
    ],
)
def test_no_more_is_activated_than_was_issued(span: tuple[int, int], rules: list[str]) -> None:
    assert rules_of(activated("tested", *span), known()) == rules


@pytest.mark.parametrize(
    "told",
    [{"active": ((0, 1),)}, {"asleep": ()}, {"asleep": ((0, 50),)}],
    ids=["twice", "awake", "half awake"],
)
def test_nothing_is_activated_twice(told: dict[str, Any]) -> None:
    assert rules_of(activated(), known(told=replace(ASLEEP, **told))) == ["codes-active-already"]


@pytest.mark.parametrize(
    ("of_lot", "rule"),
    [
        ({"recalled": True}, "lot-recalled"),
        ({"failed": True}, "lot-failed"),
        ({"holds": ("x",)}, "lot-on-hold"),
    ],
)
def test_nothing_of_a_lot_that_is_stopped_is_activated_or_sold(of_lot: Any, rule: str) -> None:
    seller = replace(ASLEEP, active=((0, 100),), has_held=True)

    assert rules_of(activated(), known(**of_lot)) == [rule]
    assert rules_of(sold(), known("shop", seller, **of_lot)) == [rule]


@pytest.mark.parametrize(
    ("by", "told", "rules"),
    [
        (COOP, {}, []),
        (COOP, {"tests": frozenset()}, ["no-passed-test"]),
        (COOP, {"tests": frozenset({"rapid"})}, ["no-passed-test"]),
        (MILL, {}, ["not-held"]),
    ],
)
def test_a_maker_activates_on_a_passed_test(by: str, told: dict[str, Any], rules: list[str]) -> None:
    assert rules_of(activated(), known(by, replace(ASLEEP, **told))) == rules


def test_a_maker_needs_the_certificate_where_the_law_asks_for_one() -> None:
    fresh = replace(PADDY, commodity="fresh-maize")

    breaches = rules_of(activated(), known(told=replace(ASLEEP, certified=False), of=fresh))

    needed = RULES.requires_certificate("fresh-maize", date(2026, 9, 1))
    assert breaches == (["no-certificate"] if needed else [])


@pytest.mark.parametrize(("division", "rules"), [("220322", []), (None, []), ("230100", ["not-the-office"])])
def test_an_office_activates_in_its_own_division(division: str | None, rules: list[str]) -> None:
    before = known(OFFICE, ReleasePast(issued=((0, 100),), asleep=((0, 100),), maker_division=division))

    assert rules_of(activated("checked"), before) == rules


def test_only_an_office_checks() -> None:
    assert rules_of(activated("checked"), known()) == ["not-the-office"]


@pytest.mark.parametrize(
    ("by", "told", "rules"),
    [
        (LAB, {"tested_here": True}, []),
        (LAB, {}, ["no-second-party"]),
        ("shop", {"has_held": True}, []),
        ("shop", {}, ["not-held"]),
        (COOP, {"has_held": True}, ["no-second-party"]),
    ],
)
def test_a_witness_is_somebody_else_who_knows_the_lot(
    by: str, told: dict[str, Any], rules: list[str]
) -> None:
    assert rules_of(activated("witnessed"), known(by, replace(ASLEEP, **told))) == rules


@pytest.mark.parametrize(("day", "rules"), [("2026-12-31", []), ("2027-01-01", ["ground-not-enough"])])
def test_dear_goods_need_somebody_else(day: str, rules: list[str]) -> None:
    root = replace(PADDY, commodity="ginseng-red")

    assert rules_of(activated(at=moment(day)), known(of=root)) == rules


# Selling, calling back.


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ({"active": ((0, 10),)}, []),
        ({"asleep": ()}, []),
        ({"active": ((0, 9),)}, ["codes-not-active"]),
        ({"active": ((0, 10),), "sold": ((9, 1),)}, ["codes-sold-already"]),
        ({"active": ((0, 10),), "recalled": ((9, 1),)}, ["codes-recalled"]),
        ({"active": ((0, 10),), "has_held": False}, ["not-held"]),
    ],
)
def test_only_active_codes_are_sold_and_once(told: dict[str, Any], rules: list[str]) -> None:
    before = known("shop", replace(ASLEEP, **{"has_held": True, **told}))

    assert rules_of(sold(), before) == rules


@pytest.mark.parametrize(
    ("by", "told", "rules"),
    [
        (COOP, {}, []),
        (OFFICE, {}, []),
        (MILL, {}, ["not-held"]),
        (COOP, {"recalled": ((0, 1),)}, ["codes-recalled-already"]),
        (COOP, {"issued": ((0, 9),)}, ["codes-not-issued"]),
    ],
)
def test_maker_and_office_call_codes_back(by: str, told: dict[str, Any], rules: list[str]) -> None:
    event = CodesRecalled(at=AUTUMN, lot=LOT, first=0, count=10, level=3, cause="other")

    assert rules_of(event, known(by, replace(ASLEEP, **told))) == rules


def test_codes_of_an_unknown_lot_are_refused() -> None:
    assert rules_of(sold(), past("shop")) == ["unknown-lot"]


# Counting scans.


@pytest.mark.parametrize(
    ("day", "counted", "rules"),
    [
        ("2026-09-19", False, []),
        ("2026-09-20", False, ["scans-not-over"]),
        ("2026-09-19", True, ["scans-counted-already"]),
    ],
)
def test_a_day_is_counted_once_when_it_is_over(day: str, *, counted: bool, rules: list[str]) -> None:
    event = ScansCounted(
        at=AUTUMN,
        day=date.fromisoformat(day),
        lots_scanned=1,
        codes_scanned=1,
        scans=1,
        root="0" * 64,
    )

    assert rules_of(event, past("operator", release=ReleasePast(counted=counted))) == rules


# Rolls.


def prepared(roll: str = ROLL, first: int = 0) -> CodesPrepared:
    return CodesPrepared(at=AUTUMN, roll=roll, product="paddy", first=first, count=100)


@pytest.mark.parametrize(
    ("event", "told", "rules"),
    [
        (prepared(), {}, []),
        (prepared(first=100), {"roll": PRINTED}, []),
        (prepared(first=99), {"roll": PRINTED}, ["codes-out-of-row"]),
        (prepared(first=1), {}, ["codes-out-of-row"]),
        (prepared(), {"product": None}, ["unknown-product"]),
        (prepared("/lot/meihe-mill/paddy/K1"), {}, ["not-your-number"]),
        (prepared("巷"), {}, ["not-your-number"]),
        (prepared(), {"is_lot": True}, ["lot-exists"]),
        (prepared(first=100), {"roll": replace(PRINTED, product="rice")}, ["roll-of-other-goods"]),
    ],
)
def test_a_roll_has_a_number_of_its_own(event: Event, told: dict[str, Any], rules: list[str]) -> None:
    before = past(COOP, release=ReleasePast(**{"product": PADDY, **told}))

    assert rules_of(event, before) == rules


def bound(first: int = 0, count: int = 100, *, lot: str = LOT, at: int = 0) -> CodesIssued:
    return CodesIssued(at=AUTUMN, lot=lot, first=at, count=count, pack=kg("5"), roll=ROLL, roll_first=first)


@pytest.mark.parametrize(
    ("event", "told", "rules"),
    [
        (bound(), {}, []),
        (bound(50, 50), {}, []),
        (bound(50, 51), {}, ["codes-not-printed"]),
        (bound(), {"roll": None}, ["codes-not-printed"]),
        (bound(), {"roll": replace(PRINTED, product="bran")}, ["roll-of-other-goods"]),
        (bound(), {"roll": replace(PRINTED, party=MILL)}, ["roll-of-other-goods"]),
        (bound(), {"bound": ((99, 1),)}, ["codes-bound-already"]),
        (bound(), {"is_roll": True}, ["number-of-a-roll"]),
    ],
)
def test_a_blank_code_comes_to_stand_on_one_pack(
    event: Event, told: dict[str, Any], rules: list[str]
) -> None:
    assert rules_of(event, known(told=ReleasePast(**{"roll": PRINTED, **told}))) == rules


def test_a_lot_with_the_name_of_a_roll_has_the_codes_of_the_roll() -> None:
    event = replace(bound(40, 10, lot=ROLL, at=40))
    before = past(COOP, lot(ROLL), release=ReleasePast(roll=PRINTED, is_roll=True))

    assert rules_of(event, before) == []
    assert rules_of(replace(event, roll=None, roll_first=None), before) == ["number-of-a-roll"]


def test_what_was_printed_cannot_be_unprinted() -> None:
    target = PastStatement("0" * 64, 3, COOP, prepared(), void=False)
    event = Corrected(at=AUTUMN, target="0" * 64, reason="did-not-occur")

    assert rules_of(event, past(COOP, target=target)) == ["not-correctable"]


# The table.


@pytest.mark.parametrize(
    ("commodity", "day", "expected"),
    [("paddy", "2026-12-31", False), ("paddy", "2027-01-01", True), ("ginseng-red", "2026-11-01", False)],
)
def test_the_policy_is_dated(commodity: str, day: str, *, expected: bool) -> None:
    found = policy_for(RULES.rows(RELEASE), commodity, date.fromisoformat(day))

    assert found is not None
    assert found.is_required == expected


def test_a_row_that_is_not_sure_asks_for_nothing() -> None:
    head = "commodity,activation,grounds,tests,from,until,note,source,confidence\n"
    rows = policy_of(f"{head}*,required,tested,routine,,,,hearsay,likely\n".encode(), {})

    assert policy_for(rows, "paddy", date(2027, 1, 1)) is None


def test_a_breach_says_which_codes() -> None:
    (breach,) = wrongly_released(activated(first=99, count=2), known(), RULES)

    facts = (("lot", LOT), ("first", "99"), ("count", "2"))
    assert breach == Breach("codes-not-issued", "本账规则 / rule of this ledger", facts)


def test_amounts_play_no_part_here() -> None:
    assert rules_of(activated(), known(consumed=Decimal(1000), of=BRAN)) == []
