from dataclasses import replace
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LAB, LOT, MILL, OFFICE, OPERATOR, PLOT, kg, lot, past
from traceability.events import Event
from traceability.events.field import Treated
from traceability.events.followup import Confirmed, Corrected, Erased, HoldResolved, Recalled
from traceability.events.movement import Retailed
from traceability.events.partner import PartnerClaimed
from traceability.events.processing import CodesIssued
from traceability.events.registry import MemberRegistered, PartyRegistered, PlotRegistered, ProductRegistered
from traceability.limits import shipped_rules
from traceability.past import PastStatement
from traceability.rules import judge
from traceability.rules.followup import misplaced

RULES = shipped_rules()
TARGET = "ab" * 32
SALE = Retailed(at=AUTUMN, lot=LOT, amount=kg("1"))
PLANTED = PlotRegistered(at=AUTUMN, plot=PLOT, division="220322", commodity="paddy", bags=5)
MADE = ProductRegistered(at=AUTUMN, product="paddy", name="稻", commodity="paddy", measure="mass")

JOINED = MemberRegistered(at=AUTUMN, member="1" * 26)
PARTY = PartyRegistered(at=AUTUMN, party="farm", role="farm", division="220322", name="Farm")


def target(event: Event = SALE, **told: Any) -> PastStatement:
    fields = {"by": COOP, "void": False, "flags": ("late-entry",), **told}
    return PastStatement(digest=TARGET, index=3, event=event, **fields)


def rules_of(event: Event, by: str = COOP, about: PastStatement | None = None, **told: Any) -> list[str]:
    return [breach.rule for breach in misplaced(event, past(by, target=about, **told), RULES)]


def corrected(replacement: Event | None = None) -> Corrected:
    return Corrected(at=AUTUMN, target=TARGET, reason="incorrect", replacement=replacement)


FOLLOWUPS: list[Event] = [
    corrected(),
    Confirmed(at=AUTUMN, target=TARGET),
    HoldResolved(at=AUTUMN, target=TARGET),
    Erased(at=AUTUMN, target=TARGET, fields=("clerk",), done="hidden", cause="order"),
]


@pytest.mark.parametrize("event", FOLLOWUPS, ids=lambda event: event.kind)
@pytest.mark.parametrize(
    ("about", "rules"),
    [
        (None, ["unknown-statement"]),
        (replace(target(), digest="cd" * 32), ["unknown-statement"]),
    ],
    ids=["none", "another"],
)
def test_what_is_not_there_cannot_be_followed_up(
    event: Event, about: PastStatement | None, rules: list[str]
) -> None:
    assert rules_of(event, about=about) == rules


@pytest.mark.parametrize("event", FOLLOWUPS, ids=lambda event: event.kind)
def test_of_a_void_statement_only_what_it_hides_is_still_erased(event: Event) -> None:
    by = COOP if event.kind in {"corrected", "erased"} else OFFICE

    rules = rules_of(event, by, target(void=True))

    assert rules == ([] if event.kind == "erased" else ["already-void"])


@pytest.mark.parametrize(
    ("by", "rules"), [(COOP, []), (MILL, ["not-your-statement"]), (OFFICE, ["not-your-statement"])]
)
def test_only_its_author_corrects_a_statement(by: str, rules: list[str]) -> None:
    assert rules_of(corrected(), by, target()) == rules


@pytest.mark.parametrize(("by", "rules"), [(COOP, []), (MILL, []), (LAB, ["not-your-statement"])])
def test_importer_and_partner_correct_a_claim(by: str, rules: list[str]) -> None:
    claim = PartnerClaimed(at=AUTUMN, position=0, event_id="A", type="ObjectEvent")

    assert rules_of(corrected(), by, target(claim, claimed_by=MILL)) == rules


@pytest.mark.parametrize(("by", "rules"), [(COOP, ["own-statement"]), (MILL, ["own-statement"]), (LAB, [])])
@pytest.mark.parametrize("event", FOLLOWUPS[1:3], ids=lambda event: event.kind)
def test_a_second_party_confirms_and_resolves(event: Event, by: str, rules: list[str]) -> None:
    assert rules_of(event, by, target(claimed_by=MILL)) == rules


@pytest.mark.parametrize(
    ("by", "rules"), [(COOP, []), (OFFICE, []), (OPERATOR, []), (MILL, ["not-your-statement"])]
)
def test_author_and_offices_erase(by: str, rules: list[str]) -> None:
    assert rules_of(FOLLOWUPS[3], by, target()) == rules


def test_where_nothing_was_flagged_nothing_is_resolved() -> None:
    assert rules_of(FOLLOWUPS[2], OFFICE, target(flags=())) == ["nothing-held"]


@pytest.mark.parametrize(
    ("told", "replacement", "rules"),
    [
        (SALE, replace(SALE, amount=kg("2")), []),
        (SALE, Treated(at=AUTUMN, plot=PLOT, name="A", substances=("B",)), ["another-kind"]),
        (corrected(), None, ["not-correctable"]),
        (CodesIssued(at=AUTUMN, lot=LOT, first=0, count=1, pack=kg("1")), None, ["not-correctable"]),
        (PLANTED, replace(PLANTED, commodity="maize"), []),
        (PLANTED, replace(PLANTED, plot="1" * 26), ["name-must-stay"]),
        (PLANTED, None, ["name-must-stay"]),
        (MADE, replace(MADE, commodity="maize"), []),
        (MADE, replace(MADE, measure="pieces"), ["name-must-stay"]),
        (JOINED, replace(JOINED, member="2" * 26), ["name-must-stay"]),
        (PARTY, replace(PARTY, name="Other"), []),
        (PARTY, replace(PARTY, role="operator"), ["name-must-stay"]),
    ],
)
def test_a_correction_keeps_kind_and_name(told: Event, replacement: Event | None, rules: list[str]) -> None:
    assert rules_of(corrected(replacement), about=target(told)) == rules


@pytest.mark.parametrize(
    ("by", "told", "rules"),
    [
        (COOP, {"stock": {}}, []),
        (MILL, {"stock": {MILL: kg("1").kg}}, []),
        (MILL, {}, ["not-held"]),
        (OFFICE, {}, []),
    ],
)
def test_maker_holder_and_regulator_recall(by: str, told: Any, rules: list[str]) -> None:
    event = Recalled(at=AUTUMN, lot=LOT, level=1, cause="other")

    assert rules_of(event, by, lots={LOT: lot(**told)}) == rules


def test_what_a_correction_puts_in_place_is_judged_as_if_told_alone() -> None:
    known = past(COOP, lot(), target=target())

    breaches = judge(corrected(replace(SALE, amount=kg("1001"))), known, RULES)

    assert [breach.rule for breach in breaches] == ["mass-balance"]
