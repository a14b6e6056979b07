"""A recall goes on step by step, in time, and never brings back more than there was."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LOT, MILL, OFFICE, RICE, WHITE, kg, lot, past
from traceability.events import Event
from traceability.events.followup import Corrected, Recalled
from traceability.events.recalling import (
    HoldLifted,
    HoldPlaced,
    Missing,
    NoticeAcknowledged,
    NoticeSent,
    RecallCompleted,
    RecallDisposed,
    RecallRecovered,
    RecallStarted,
)
from traceability.events.release import CodesRecalled
from traceability.limits import shipped_rules
from traceability.past import PastStatement
from traceability.past.cases import CasesPast, PastHold, PastRecall, Recovery
from traceability.rules.holding import stopped
from traceability.rules.recalling import recall_out_of_order

RULES = shipped_rules()
RECALL, HOLD = "ab" * 32, "cd" * 32
STEPS: list[Event] = [
    RecallStarted(at=AUTUMN, recall=RECALL),
    RecallRecovered(at=AUTUMN, recall=RECALL, lot=RICE, amount=kg("1")),
    RecallDisposed(at=AUTUMN, recall=RECALL, lot=RICE, amount=kg("1"), disposal="destroyed"),
    RecallCompleted(at=AUTUMN, recall=RECALL),
]
CALLS: list[Event] = [
    Recalled(at=AUTUMN, lot=RICE, level=2, cause="other"),
    CodesRecalled(at=AUTUMN, lot=RICE, first=0, count=5, level=2, cause="other"),
]


def recall(**told: Any) -> PastRecall:
    fields = {"digest": RECALL, "by": MILL, "lot": RICE, "level": 2, "at": AUTUMN, "maker": MILL, **told}
    return PastRecall(**fields)


def found(event: Event, by: str = MILL, **told: Any) -> list[tuple[str, str]]:
    fields = {"recall": recall(started=True), "reached": True, **told}
    rice = lot(RICE, of=WHITE, born="1000", by=MILL)
    known = past(by, rice, cases=CasesPast(**fields))
    return [(each.rule, each.level) for each in recall_out_of_order(event, known, RULES)]


def recovered(amount: str) -> RecallRecovered:
    return RecallRecovered(at=AUTUMN, recall=RECALL, lot=RICE, amount=kg(amount))


@pytest.mark.parametrize("event", STEPS, ids=lambda event: event.kind)
def test_a_step_needs_its_recall(event: Event) -> None:
    assert found(event, recall=None) == [("unknown-recall", "refuse")]


@pytest.mark.parametrize("event", STEPS[1:], ids=lambda event: event.kind)
def test_nothing_follows_before_the_recall_has_begun(event: Event) -> None:
    assert found(event, recall=recall()) == [("recall-not-started", "refuse")]


@pytest.mark.parametrize("event", STEPS[1:], ids=lambda event: event.kind)
def test_each_step_follows_once_it_has_begun(event: Event) -> None:
    assert found(event, recovery={RICE: Recovery(recovered=Decimal(1))}) == []


@pytest.mark.parametrize("event", STEPS[1:], ids=lambda event: event.kind)
def test_nothing_follows_the_end(event: Event) -> None:
    ended = recall(started=True, completed=True)

    assert ("recall-completed-already", "refuse") in found(event, recall=ended)


def test_a_recall_begins_once() -> None:
    assert found(STEPS[0]) == [("recall-started-already", "refuse")]


@pytest.mark.parametrize(("level", "hours"), [(1, 24), (2, 48), (3, 72)])
def test_a_recall_begins_within_its_hours(level: int, hours: int) -> None:
    due = AUTUMN + timedelta(hours=hours)
    in_time, late = (
        RecallStarted(at=due, recall=RECALL),
        RecallStarted(at=due + timedelta(seconds=1), recall=RECALL),
    )

    flags = [found(each, recall=recall(level=level)) for each in (in_time, late)]

    assert flags == [[], [("recall-started-late", "warn")]]


@pytest.mark.parametrize(
    ("by", "expected"), [(MILL, []), (OFFICE, []), (COOP, [("not-your-recall", "refuse")])]
)
def test_only_who_called_it_made_it_or_oversees_it_ends_a_recall(
    by: str, expected: list[tuple[str, str]]
) -> None:
    assert found(STEPS[3], by, within=True) == expected


@pytest.mark.parametrize(("within", "expected"), [(True, []), (False, [("not-your-recall", "refuse")])])
def test_an_office_sees_to_a_recall_of_its_own_division(
    within: bool, expected: list[tuple[str, str]]
) -> None:
    assert found(STEPS[3], OFFICE, within=within) == expected


@pytest.mark.parametrize(
    ("by", "within", "expected"),
    [(OFFICE, True, []), (OFFICE, False, [("outside-the-division", "refuse")]), (MILL, False, [])],
    ids=["ours", "another's", "the maker's own"],
)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.kind)
def test_an_office_calls_back_what_was_made_or_had_in_its_division(
    call: Event, by: str, within: bool, expected: list[tuple[str, str]]
) -> None:
    assert found(call, by, within=within) == expected


@pytest.mark.parametrize(
    ("by", "is_followed", "expected"),
    [
        (MILL, False, []),
        (MILL, True, [("recall-under-way", "refuse")]),
        (OFFICE, True, []),
    ],
    ids=["nothing follows", "others act on it", "an office"],
)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.kind)
def test_a_recall_is_taken_back_only_while_nobody_has_acted_on_it(
    call: Event, by: str, is_followed: bool, expected: list[tuple[str, str]]
) -> None:
    event = Corrected(at=AUTUMN, target=RECALL, reason="did-not-occur")
    known = past(
        by,
        target=PastStatement(RECALL, 7, by, call, void=False),
        cases=CasesPast(is_followed=is_followed),
    )

    breaches = recall_out_of_order(event, known, RULES)

    assert [(each.rule, each.level) for each in breaches] == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("600", []), ("600.001", [("recalled-more-than-there-is", "refuse")])]
)
def test_no_more_comes_back_than_there_was(amount: str, expected: list[tuple[str, str]]) -> None:
    assert found(recovered(amount), recovery={RICE: Recovery(recovered=Decimal(400))}) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("300", []), ("300.001", [("recalled-more-than-there-is", "refuse")])]
)
def test_no_more_is_disposed_of_than_came_back_or_is_at_hand(
    amount: str, expected: list[tuple[str, str]]
) -> None:
    event = RecallDisposed(at=AUTUMN, recall=RECALL, lot=RICE, amount=kg(amount), disposal="destroyed")

    # Whoever disposes of it here had some of the lot once, and holds none of it now.
    rice = lot(RICE, of=WHITE, born="1000", by=MILL, stock={COOP: Decimal(0)})
    told = CasesPast(
        recall=recall(started=True), reached=True, recovery={RICE: Recovery(recovered=Decimal(300))}
    )
    breaches = recall_out_of_order(event, past(COOP, rice, cases=told), RULES)

    assert [(each.rule, each.level) for each in breaches] == expected


def test_a_stranger_gets_nothing_back() -> None:
    assert found(recovered("1"), COOP) == [("not-held", "refuse")]


def test_a_lot_that_the_recall_does_not_reach_is_not_recovered() -> None:
    assert found(recovered("1"), reached=False) == [("lot-not-reached", "refuse")]


def test_a_lot_that_nobody_knows_is_not_recovered() -> None:
    event = RecallRecovered(at=AUTUMN, recall=RECALL, lot=LOT, amount=kg("1"))

    assert found(event) == [("unknown-lot", "refuse")]


@pytest.mark.parametrize(("left", "expected"), [("50", []), ("49", [("recall-unaccounted", "warn")])])
def test_what_holders_were_told_of_came_back_or_is_told_as_missing(
    left: str, expected: list[tuple[str, str]]
) -> None:
    event = RecallCompleted(at=AUTUMN, recall=RECALL, not_recovered=(Missing(RICE, kg(left), "eaten"),))

    assert found(event, recovery={RICE: Recovery(Decimal(300), Decimal(250))}) == expected


@pytest.mark.parametrize("about", ["recall", "hold"])
def test_holders_are_told_of_a_recall_or_a_hold(about: str) -> None:
    held_back = {"recall": None, "hold": PastHold(HOLD, OFFICE, RICE)}
    told: dict[str, Any] = held_back if about == "hold" else {}

    assert found(NoticeSent(at=AUTUMN, about=HOLD, lot=RICE), **told) == []


def test_a_notice_without_its_recall_is_no_notice() -> None:
    event = NoticeAcknowledged(at=AUTUMN, about=RECALL, lot=RICE)

    assert found(event, COOP, recall=None) == [("unknown-recall", "refuse")]


def test_anybody_may_say_that_it_read_a_notice_but_not_send_one() -> None:
    read = NoticeAcknowledged(at=AUTUMN, about=RECALL, lot=RICE)
    sent = NoticeSent(at=AUTUMN, about=RECALL, lot=RICE)

    assert [found(each, COOP) for each in (read, sent)] == [[], [("not-your-recall", "refuse")]]


def held(event: Event, by: str = OFFICE, **told: Any) -> list[tuple[str, str]]:
    known = past(by, lot(), cases=CasesPast(**told))
    return [(each.rule, each.level) for each in stopped(event, known, RULES)]


@pytest.mark.parametrize(("within", "expected"), [(True, []), (False, [("outside-the-division", "refuse")])])
def test_an_office_stops_a_lot_of_its_division(within: bool, expected: list[tuple[str, str]]) -> None:
    event = HoldPlaced(at=AUTUMN, lot=LOT, hold_cause="export-alert")

    assert held(event, within=within) == [*expected, ("hold-placed", "hold")]


def test_only_a_lot_that_is_there_is_stopped() -> None:
    event = HoldPlaced(at=AUTUMN, lot=RICE, hold_cause="other")

    assert held(event) == [("unknown-lot", "refuse"), ("hold-placed", "hold")]


@pytest.mark.parametrize(
    ("hold", "within", "expected"),
    [
        (None, True, [("unknown-hold", "refuse")]),
        (PastHold(HOLD, OFFICE, LOT, lifted=True), True, [("nothing-held", "refuse")]),
        (PastHold(HOLD, OFFICE, LOT), False, [("outside-the-division", "refuse")]),
        (PastHold(HOLD, OFFICE, LOT), True, []),
    ],
    ids=["none", "lifted", "another's", "ours"],
)
def test_a_hold_is_lifted_once_and_by_an_office_that_answers_for_it(
    hold: PastHold | None, within: bool, expected: list[tuple[str, str]]
) -> None:
    assert held(HoldLifted(at=AUTUMN, hold=HOLD), hold=hold, within=within) == expected
