"""The list of serious dishonesty: facts that stand, an office of the division, one term at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.small_past import COOP, MILL, OFFICE
from traceability.events import Event
from traceability.events.credit import (
    CreditObjected,
    CreditObjectionDecided,
    CreditRepaired,
    DishonestyLifted,
    DishonestyListed,
    DishonestyRepaired,
)
from traceability.limits import shipped_rules
from traceability.past import KnownParty, Past, PastStatement
from traceability.past.credit import CreditPast
from traceability.rules.credit import unfounded

FACT, LISTING = "ab" * 32, "cd" * 32


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(UTC)


LISTED = DishonestyListed(
    at=at("2026-09-01"),
    party=MILL,
    legal_basis="农产品质量安全法 art. 70",
    facts=(FACT,),
    since=date(2026, 9, 1),
    until=date(2029, 8, 31),
    excludes=("procurement",),
)
SAID = PastStatement(
    digest=FACT, index=7, by=COOP, event=CreditObjected(at=at("2026-08-01"), target="x"), void=False
)


def past(office: str = "220500", division: str | None = "220581", **credit: object) -> Past:
    known = CreditPast(division=division, about={FACT: SAID}, **credit)  # type: ignore[arg-type]  # the tests name its members
    return Past(by=OFFICE, parties={OFFICE: KnownParty(OFFICE, "regulator", office)}, credit=known)


def ended(**credit: object) -> Past:
    listing = PastStatement(digest=LISTING, index=9, by=OFFICE, event=LISTED, void=False)
    known = CreditPast(about={LISTING: listing}, listing=LISTED, **credit)  # type: ignore[arg-type]  # as above
    return Past(by=OFFICE, credit=known)


def codes(event: Event, known: Past) -> list[str]:
    return [breach.rule for breach in unfounded(event, known, shipped_rules())]


@pytest.mark.parametrize(("office", "expected"), [("220500", []), ("220100", ["another-division"])])
def test_an_office_lists_whom_it_answers_for(office: str, expected: list[str]) -> None:
    assert codes(LISTED, past(office)) == expected


def test_nobody_is_listed_who_is_not_registered() -> None:
    assert codes(LISTED, past(division=None)) == ["unknown-party"]


def test_nobody_is_listed_twice_for_one_time() -> None:
    assert codes(LISTED, past(listed=True)) == ["already-listed"]


def test_a_listing_rests_on_statements_that_are_there() -> None:
    assert codes(replace(LISTED, facts=("ef" * 32,)), past()) == ["unknown-statement"]


def test_a_listing_does_not_rest_on_what_is_void() -> None:
    known = past()
    void = replace(known.credit, about={FACT: replace(SAID, void=True)})

    assert codes(LISTED, replace(known, credit=void)) == ["already-void"]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2026, 9, 1), []),
        (date(2026, 8, 31), ["outside-the-term"]),
        (date(2029, 8, 31), []),
        (date(2029, 9, 1), ["outside-the-term"]),
    ],
)
def test_a_repair_lies_within_the_term(since: date, expected: list[str]) -> None:
    event = DishonestyRepaired(at=at("2027-01-05"), target=LISTING, since=since, legal_basis="信用修复")

    assert codes(event, ended()) == expected


def test_a_listing_ends_once() -> None:
    event = DishonestyLifted(at=at("2027-01-05"), target=LISTING, lift_cause="listed-in-error")

    assert codes(event, ended(ended=True)) == ["listing-has-ended"]


def test_only_a_listing_is_lifted() -> None:
    event = DishonestyLifted(at=at("2027-01-05"), target=FACT, lift_cause="court-decision")

    assert codes(event, past()) == ["not-a-listing"]


@pytest.mark.parametrize(
    "event",
    [
        CreditObjected(at=at("2026-09-01"), target="ef" * 32),
        CreditRepaired(at=at("2026-09-01"), target="ef" * 32, party=MILL),
    ],
)
def test_a_word_on_a_record_names_one_that_is_there(event: Event) -> None:
    assert codes(event, past()) == ["unknown-statement"]


@pytest.mark.parametrize(
    ("by", "decided", "expected"),
    [
        (OFFICE, False, []),
        (OFFICE, True, ["objection-has-its-answer"]),
        (COOP, False, ["own-statement"]),
    ],
)
def test_an_objection_is_answered_once_and_by_another(by: str, decided: bool, expected: list[str]) -> None:
    event = CreditObjectionDecided(at=at("2026-09-01"), target=FACT, upheld=True)

    assert codes(event, replace(past(decided=decided), by=by)) == expected


def test_only_an_objection_is_decided() -> None:
    event = CreditObjectionDecided(at=at("2026-09-01"), target=LISTING, upheld=True)

    assert codes(event, ended()) == ["not-an-objection"]
