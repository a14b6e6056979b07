"""Cases, tasks, alerts and reports go on in order, each step by whose turn it is."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LAB, LOT, MILL, OFFICE, OPERATOR, RICE, lot, past
from traceability.case_steps import CaseStep, case_after, case_state, report_after, report_state
from traceability.events import Event
from traceability.events.cases import (
    CaseClosed,
    CaseOpened,
    CorrectionOrdered,
    CorrectionReported,
    Reinspected,
)
from traceability.events.reporting import Ratings, RatingsCounted, ReportAnswered, RewardGranted, RewardPaid
from traceability.events.supervising import (
    AlertAcknowledged,
    AlertDone,
    AlertRaised,
    Finding,
    FindingsReported,
    TaskAssigned,
    TaskReported,
)
from traceability.limits import shipped_rules
from traceability.past.cases import CasesPast, PastCase, PastCheck, PastReport, PastTask
from traceability.rules.alerts import alert_unfounded
from traceability.rules.cases import case_out_of_order
from traceability.rules.reports import report_out_of_order
from traceability.rules.tasks import misassigned

RULES = shipped_rules()
CASE, TEST, TASK, REPORT = "ab" * 32, "cd" * 32, "ef" * 32, "12" * 32
TODAY = date(2026, 9, 20)
NUMBER = "R4T82KQ79XNC5HVM"


def case(state: Any = "opened", **told: Any) -> PastCase:
    return PastCase(**{"digest": CASE, "by": OFFICE, "respondent": MILL, "state": state, **told})


def rules_of(rule: Any, event: Event, by: str = OFFICE, **told: Any) -> list[str]:
    fields = {"registered": frozenset({MILL, OFFICE}), "within": True, **told}
    known = past(by, lot(), cases=CasesPast(**fields))
    return [each.rule for each in rule(event, known, RULES)]


def opened(**told: Any) -> CaseOpened:
    return CaseOpened(at=AUTUMN, respondent=MILL, case_cause="failed-test", **told)


ORDERED = CorrectionOrdered(at=AUTUMN, case=CASE, until=TODAY, measures=("labels",))
REPORTED = CorrectionReported(at=AUTUMN, case=CASE)
PASSED = Reinspected(at=AUTUMN, case=CASE, inspection=TEST, passed=True)
CLOSED = CaseClosed(at=AUTUMN, case=CASE, case_outcome="corrected")


@pytest.mark.parametrize(
    ("state", "expected"),
    [("ordered", []), ("opened", ["case-step-out-of-order"]), ("closed", ["case-step-out-of-order"])],
)
def test_a_correction_is_reported_once_it_is_ordered(state: str, expected: list[str]) -> None:
    assert rules_of(case_out_of_order, REPORTED, MILL, case=case(state)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"registered": frozenset()}, ["unknown-party"]),
        ({"within": False}, ["outside-the-division"]),
    ],
)
def test_a_case_is_opened_against_a_party_of_the_division(told: dict[str, Any], expected: list[str]) -> None:
    assert rules_of(case_out_of_order, opened(), **told) == expected


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (PastCheck(3, passed=False, lot=LOT), []),
        (PastCheck(3, passed=True, lot=LOT), ["inspection-not-failed"]),
        (PastCheck(3, passed=False, lot=RICE), ["inspection-of-another-lot"]),
        (None, ["inspection-not-failed"]),
    ],
    ids=["failed", "passed", "another lot", "none"],
)
def test_a_case_rests_on_a_test_that_failed(check: PastCheck | None, expected: list[str]) -> None:
    event = opened(lot=LOT, inspection=TEST)

    assert rules_of(case_out_of_order, event, inspection=check) == expected


def test_a_case_names_only_what_is_there() -> None:
    event = opened(lot=RICE, source=REPORT)

    assert rules_of(case_out_of_order, event) == ["unknown-lot", "unknown-statement"]


@pytest.mark.parametrize("event", [ORDERED, REPORTED, PASSED, CLOSED], ids=lambda event: event.kind)
def test_a_step_needs_its_case(event: Event) -> None:
    assert rules_of(case_out_of_order, event) == ["unknown-case"]


@pytest.mark.parametrize(
    ("event", "by", "follows"),
    [
        (ORDERED, OFFICE, {"opened", "ordered", "failed"}),
        (REPORTED, MILL, {"ordered"}),
        (PASSED, OFFICE, {"reported"}),
        (CLOSED, OFFICE, {"passed"}),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_each_step_follows_only_where_it_may(event: Event, by: str, follows: set[str]) -> None:
    states = ["opened", "ordered", "reported", "passed", "failed", "closed"]
    good = PastCheck(9, passed=True, lot=LOT)

    allowed = {
        state
        for state in states
        if rules_of(case_out_of_order, event, by, case=case(state), inspection=good) == []
    }

    assert allowed == follows


@pytest.mark.parametrize(
    ("outcome", "follows"),
    [
        ("no-breach", {"opened"}),
        ("corrected", {"passed"}),
        ("penalised", {"ordered", "passed", "failed"}),
        ("transferred", {"opened", "ordered", "reported", "failed"}),
        ("forgotten", set()),
    ],
)
def test_a_case_ends_only_as_it_stands(outcome: str, follows: set[str]) -> None:
    states: list[Any] = ["opened", "ordered", "reported", "passed", "failed", "closed"]

    assert {each for each in states if case_after(each, CaseStep("closed", outcome=outcome))} == follows


def test_only_the_respondent_reports_its_correction() -> None:
    assert rules_of(case_out_of_order, REPORTED, COOP, case=case("ordered")) == ["not-the-respondent"]


@pytest.mark.parametrize(("until", "expected"), [("2026-09-20", []), ("2026-09-19", ["correction-late"])])
def test_a_correction_after_its_day_is_marked(until: str, expected: list[str]) -> None:
    assert rules_of(case_out_of_order, REPORTED, MILL, case=case("ordered", until=until)) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, []), (-1, ["due-before-today"])])
def test_an_order_ends_no_earlier_than_today(days: int, expected: list[str]) -> None:
    event = CorrectionOrdered(at=AUTUMN, case=CASE, until=TODAY + timedelta(days=days), measures=("labels",))

    assert rules_of(case_out_of_order, event, case=case()) == expected


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (None, ["unknown-inspection"]),
        (PastCheck(9, passed=False), ["inspection-says-otherwise"]),
        (PastCheck(9, passed=True, party=COOP), ["inspection-of-another-party"]),
        (PastCheck(6, passed=True, party=MILL), ["inspection-before-correction"]),
        (PastCheck(7, passed=True, party=MILL), []),
    ],
    ids=["none", "failed", "another's", "too early", "good"],
)
def test_whoever_looks_again_names_what_was_found_after_the_correction(
    check: PastCheck | None, expected: list[str]
) -> None:
    known = case("reported", reported_in=7)

    assert rules_of(case_out_of_order, PASSED, case=known, inspection=check) == expected


@pytest.mark.parametrize(
    ("of_case", "check", "expected"),
    [
        (LOT, PastCheck(9, passed=True, lot=LOT, party=COOP), []),
        (LOT, PastCheck(9, passed=True, lot=RICE, party=MILL), ["inspection-of-another-lot"]),
        (LOT, PastCheck(9, passed=True, party=MILL), []),
        (LOT, PastCheck(9, passed=True, party=COOP), ["inspection-of-another-party"]),
        (None, PastCheck(9, passed=True, lot=RICE, party=MILL), []),
        (None, PastCheck(9, passed=True, lot=LOT, party=COOP), ["inspection-of-another-party"]),
    ],
    ids=["its lot", "another lot", "findings", "another's findings", "its goods", "another's goods"],
)
def test_whoever_looks_again_looks_at_the_lot_of_the_case(
    of_case: str | None, check: PastCheck, expected: list[str]
) -> None:
    known = case("reported", reported_in=7, lot=of_case)

    assert rules_of(case_out_of_order, PASSED, case=known, inspection=check) == expected


def test_an_office_acts_only_within_its_division() -> None:
    found = rules_of(case_out_of_order, ORDERED, case=case(), within=False)

    assert found == ["outside-the-division"]


def test_a_step_whose_forerunner_is_void_counts_for_none() -> None:
    steps = [CaseStep("reported"), CaseStep("ordered"), CaseStep("reinspected", passed=True)]

    assert case_state(steps) == "ordered"


# Tasks.


def assigned(**told: Any) -> TaskAssigned:
    fields = {"office": OFFICE, "division": "220000", "task_topic": "inputs", "until": TODAY, **told}
    return TaskAssigned(at=AUTUMN, **fields)


@pytest.mark.parametrize(
    ("event", "told", "expected"),
    [
        (assigned(), {}, []),
        (assigned(until=TODAY - timedelta(days=1)), {}, ["due-before-today"]),
        (assigned(), {"within": False}, ["outside-the-division"]),
        (assigned(parties=(COOP,)), {}, ["unknown-party"]),
        (assigned(parent_task=TASK), {}, ["unknown-task"]),
        (assigned(parent_task=TASK), {"task": PastTask(TASK, OFFICE, COOP)}, ["not-your-task"]),
        (
            assigned(parent_task=TASK),
            {"task": PastTask(TASK, OFFICE, OFFICE, reported=True)},
            ["task-reported-already"],
        ),
        (assigned(parent_task=TASK), {"task": PastTask(TASK, OPERATOR, OFFICE)}, []),
    ],
)
def test_a_task_is_given_downwards_and_handed_on_by_who_got_it(
    event: TaskAssigned, told: dict[str, Any], expected: list[str]
) -> None:
    assert rules_of(misassigned, event, **told) == expected


FINDINGS = FindingsReported(at=AUTUMN, task=TASK, party=MILL, findings=(Finding("records", in_order=True),))
DONE = TaskReported(at=AUTUMN, task=TASK)


@pytest.mark.parametrize("event", [FINDINGS, DONE], ids=lambda event: event.kind)
@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (None, ["unknown-task"]),
        (PastTask(TASK, OFFICE, COOP), ["not-your-task"]),
        (PastTask(TASK, OFFICE, OFFICE, reported=True), ["task-reported-already"]),
        (PastTask(TASK, OFFICE, OFFICE), []),
    ],
    ids=["none", "another's", "done", "ours"],
)
def test_a_task_is_done_by_the_office_that_was_asked(
    event: Event, task: PastTask | None, expected: list[str]
) -> None:
    assert rules_of(misassigned, event, task=task) == expected


def test_a_task_that_is_reported_before_those_below_it_is_marked() -> None:
    assert rules_of(misassigned, DONE, task=PastTask(TASK, OFFICE, OFFICE, open_below=1)) == [
        "tasks-below-open"
    ]


def test_findings_are_of_a_party_that_is_there() -> None:
    found = rules_of(misassigned, FINDINGS, task=PastTask(TASK, OFFICE, OFFICE), registered=frozenset())

    assert found == ["unknown-party"]


# Alerts.


@pytest.mark.parametrize(
    "event",
    [
        AlertAcknowledged(at=AUTUMN, source=TEST, alert="failed-test"),
        AlertDone(at=AUTUMN, source=TEST, alert="failed-test", alert_outcome="no-risk"),
    ],
    ids=lambda event: event.kind,
)
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, ["unknown-alert"]),
        ({"cause_exists": True}, []),
        ({"cause_exists": True, "within": False}, ["outside-the-division"]),
        ({"cause_exists": True, "is_done": True}, ["alert-done-already"]),
    ],
    ids=["no cause", "a cause", "elsewhere", "done"],
)
def test_an_alert_is_answered_where_there_is_cause_and_once(
    event: Event, told: dict[str, Any], expected: list[str]
) -> None:
    assert rules_of(alert_unfounded, event, **told) == expected


@pytest.mark.parametrize(
    ("by", "within", "expected"),
    [
        (OFFICE, True, []),
        (OFFICE, False, ["outside-the-division"]),
        (OPERATOR, False, []),
        (LAB, False, []),
    ],
)
def test_an_office_warns_of_what_is_in_its_division(by: str, within: bool, expected: list[str]) -> None:
    event = AlertRaised(at=AUTUMN, severity="high", division="220182", lot=LOT)

    assert rules_of(alert_unfounded, event, by, within=within) == expected


# Reports and ratings.


def report(state: Any) -> PastReport:
    return PastReport(REPORT, hashlib.sha256(NUMBER.encode()).hexdigest(), state)


def answered(status: Any) -> ReportAnswered:
    return ReportAnswered(at=AUTUMN, consumer_report=REPORT, report_status=status)


@pytest.mark.parametrize(
    ("step", "follows"),
    [
        ("accepted", {"received"}),
        ("investigating", {"accepted"}),
        ("confirmed", {"accepted", "investigating"}),
        ("unfounded", {"received", "accepted", "investigating"}),
        ("rewarded", {"confirmed"}),
        ("paid", {"rewarded"}),
    ],
)
def test_a_report_is_answered_in_order(step: str, follows: set[str]) -> None:
    states: list[Any] = [
        "received",
        "accepted",
        "investigating",
        "confirmed",
        "unfounded",
        "rewarded",
        "paid",
    ]

    assert {each for each in states if report_after(each, step)} == follows


def test_an_answer_out_of_order_is_refused() -> None:
    found = rules_of(report_out_of_order, answered("confirmed"), report=report("received"))

    assert found == ["report-step-out-of-order"]
    assert report_state(["confirmed", "accepted"]) == "accepted"


def test_a_reward_follows_a_report_that_was_confirmed() -> None:
    event = RewardGranted(at=AUTUMN, consumer_report=REPORT)

    assert rules_of(report_out_of_order, event, report=report("confirmed")) == []
    assert rules_of(report_out_of_order, event) == ["unknown-report"]


@pytest.mark.parametrize(("number", "expected"), [(NUMBER, []), (NUMBER[:-1] + "N", ["wrong-report-number"])])
def test_a_reward_is_paid_to_the_number_alone(number: str, expected: list[str]) -> None:
    event = RewardPaid(at=AUTUMN, consumer_report=REPORT, report_number=number)

    assert rules_of(report_out_of_order, event, report=report("rewarded")) == expected


def ratings(day: date) -> RatingsCounted:
    return RatingsCounted(at=AUTUMN, counted_day=day, ratings=(Ratings("220182", MILL, 0, 0, 1, 2, 3),))


@pytest.mark.parametrize(
    ("day", "counted", "expected"),
    [
        (TODAY, False, []),
        (TODAY, True, ["day-counted-already"]),
        (TODAY + timedelta(days=1), False, ["day-not-over"]),
    ],
)
def test_a_day_is_counted_once_and_not_ahead(day: date, counted: bool, expected: list[str]) -> None:
    assert rules_of(report_out_of_order, ratings(day), OPERATOR, is_counted=counted) == expected
