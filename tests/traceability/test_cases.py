"""Recalls, cases, tasks, alerts, reports and ratings as they stand, read from the small world."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Table, select

from tests import case_world, world
from tests.case_world import NUMBER, Told
from tests.world import PADDY_LOT, RICE_LOT, World
from traceability import (
    alerts,
    cases,
    goods,
    recall_clocks,
    satisfaction,
    shopper_reports,
    supervision,
    tables,
)
from traceability.errors import Refused
from traceability.limits import shipped_rules
from traceability.recall_clocks import Clock, LotProgress, days_left
from traceability.replay import rebuild, scratch_engine
from traceability.rule_tables.alerts import RISK_RULES
from traceability.scope import Scope
from traceability.working_days import Deadline

EVERYWHERE = Scope(None)
RISKS = shipped_rules().rows(RISK_RULES)
TODAY = date(2026, 10, 8)


@dataclass
class Made:
    world: World
    told: Told
    connection: Connection


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with world.opened(tmp_path_factory.mktemp("cases")) as opened:
        opened.whole_chain()
        told = case_world.everything_of_cases(opened)
        with opened.services.reading() as reader:
            yield Made(opened, told, reader.connection)


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("fresh")) as opened:
        opened.whole_chain()
        yield opened


def scope(made: Made, area: str) -> Scope:
    return Scope.of(made.connection, area)


def test_every_table_of_the_topic_has_a_row_and_survives_a_rebuild(made: Made) -> None:
    log = made.world.services.log
    entries = [each.entry for each in log.entries(0, log.size())]
    engine = scratch_engine()
    told = {name: _rows(made.connection, name) for name in _tables_of_cases()}

    with engine.begin() as connection:
        rebuild(connection, entries, lambda _, index: entries[index])
        again = {name: _rows(connection, name) for name in _tables_of_cases()}

    engine.dispose()
    assert again == told
    assert [name for name, rows in told.items() if not rows] == []


def _tables_of_cases() -> set[str]:
    return {each.name for each in vars(tables.cases).values() if isinstance(each, Table) and each.columns}


def _rows(connection: Connection, name: str) -> list[str]:
    return sorted(map(repr, connection.execute(select(tables.metadata.tables[name]))))


def test_a_case_stands_where_its_steps_have_brought_it(made: Made) -> None:
    (found,) = cases.cases(made.connection, scope(made, "220182"))

    assert (found.digest, found.state, found.closed) == (made.told.case, "closed", TODAY)
    assert [each.step for each in found.steps] == ["ordered", "reported", "reinspected", "closed"]
    assert cases.case(made.connection, made.told.case) == found
    assert cases.cases_of(made.connection, "mifang") == [found]
    assert cases.cases(made.connection, scope(made, "220182"), only_open=True) == []
    assert cases.cases(made.connection, scope(made, "220100")) == [found]
    assert cases.cases(made.connection, scope(made, "220200")) == []


@pytest.mark.parametrize(("on", "overdue"), [(date(2026, 10, 20), 0), (date(2026, 10, 21), 1)])
def test_a_case_is_overdue_from_the_day_after_its_last(fresh: World, on: date, overdue: int) -> None:
    case = fresh.say("yushu", "case-opened", respondent="mifang", case_cause="other").digest
    fresh.say("yushu", "correction-ordered", case=case, until="2026-10-20", measures=["labels"])

    with fresh.services.reading() as reader:
        found = cases.tally(cases.cases(reader.connection, EVERYWHERE), on)

    assert found == cases.Tally(1, overdue, 0, (on - TODAY).days, ())


def test_a_void_case_counts_nowhere_and_neither_do_its_steps(fresh: World) -> None:
    case = fresh.say("yushu", "case-opened", respondent="mifang", case_cause="other").digest
    fresh.say("yushu", "correction-ordered", case=case, until="2026-10-20", measures=["labels"])
    fresh.say("yushu", "corrected", target=case, reason="did-not-occur")

    with fresh.services.reading() as reader:
        assert cases.cases(reader.connection, EVERYWHERE) == []
    with pytest.raises(Refused) as refused:
        fresh.say("mifang", "correction-reported", case=case)
    assert [each.rule for each in refused.value.breaches] == ["unknown-case"]


def test_a_recall_stands_with_both_its_clocks(made: Made) -> None:
    (found,) = recall_clocks.recalls(made.connection, EVERYWHERE)

    assert (found.digest, found.state, found.level) == (made.told.recall, "completed", 2)
    assert found.start == Clock(found.called + timedelta(hours=48), found.called + timedelta(hours=5))
    assert found.completion.due == Deadline(date(2026, 11, 4))
    assert days_left(found.completion, date(2026, 11, 1)) == 3
    assert recall_clocks.recalls_of_lots(made.connection, {RICE_LOT}) == [found]
    assert recall_clocks.recalls(made.connection, scope(made, "220200")) == []


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (datetime(2026, 10, 22, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 22, 16, 0, tzinfo=UTC), True),
    ],
)
def test_a_clock_of_days_runs_to_the_end_of_the_last_day_in_shanghai(now: datetime, late: bool) -> None:
    _, end = recall_clocks.clocks(1, datetime(2026, 10, 8, 4, tzinfo=UTC))

    assert end == Deadline(date(2026, 10, 21))
    assert Clock(Deadline(date(2026, 10, 22)), None).is_late(now) is late


def test_a_clock_beyond_the_calendar_says_that_it_is_an_estimate() -> None:
    _, end = recall_clocks.clocks(3, datetime(2099, 1, 5, tzinfo=UTC))

    assert Clock(end, None).is_estimated


def test_the_progress_of_a_recall_adds_up_lot_by_lot(made: Made) -> None:
    found = recall_clocks.recall(made.connection, made.told.recall)
    assert found is not None

    (line,) = recall_clocks.progress(made.connection, found)

    assert line == LotProgress(
        lot=RICE_LOT,
        measure="mass",
        born=Decimal(3300),
        packs=0,
        held=(("mifang", Decimal(3300)),),
        noticed=Decimal(300),
        notices=1,
        acknowledged_by=("chaoshi",),
        recovered=Decimal(250),
        disposed=Decimal(250),
        missing=(("eaten", Decimal(50)),),
    )


def test_a_recall_of_the_paddy_reaches_the_rice_that_was_made_of_it(fresh: World) -> None:
    digest = fresh.say("yushu", "recalled", lot=PADDY_LOT, level=1, cause="contamination").digest

    with fresh.services.reading() as reader:
        found = recall_clocks.recall(reader.connection, digest)
        assert found is not None
        lots = [each.lot for each in recall_clocks.progress(reader.connection, found)]

    assert lots == [PADDY_LOT, "/lot/mifang/bran/B-1", RICE_LOT]


def test_a_placed_hold_stops_all_that_was_made_of_the_lot_until_it_is_lifted(fresh: World) -> None:
    hold = fresh.say("yushu", "hold-placed", lot=PADDY_LOT, hold_cause="export-alert")
    with fresh.services.reading() as reader:
        held = goods.known_lot(reader.connection, RICE_LOT)

    fresh.say("sheng", "hold-lifted", hold=hold.digest)

    with fresh.services.reading() as reader:
        free = goods.known_lot(reader.connection, RICE_LOT)
    assert (held and held.holds, free and free.holds) == (("hold-placed",), ())


def test_a_county_does_not_lift_what_the_province_holds(fresh: World) -> None:
    hold = fresh.say("sheng", "hold-placed", lot=PADDY_LOT, hold_cause="export-alert")

    with pytest.raises(Refused) as refused:
        fresh.say("yushu", "hold-lifted", hold=hold.digest)

    assert [each.rule for each in refused.value.breaches] == ["outside-the-division"]


def test_tasks_go_down_the_divisions_and_tell_what_was_found(made: Made) -> None:
    found = supervision.task(made.connection, made.told.task)
    (below,) = supervision.tasks_below(made.connection, made.told.task)

    assert found is not None
    assert (found.office, found.parties, found.unseen, found.reported) == ("yushu", ("mifang",), (), TODAY)
    assert [(each.party, each.in_order, each.wanting) for each in found.found] == [("mifang", 1, ())]
    assert (below.digest, below.parent) == (made.told.below, made.told.task)
    assert {each.digest for each in supervision.tasks_of(made.connection, "yushu")} == {
        made.told.task,
        made.told.below,
    }
    assert supervision.open_tasks(made.connection, ("220182",)) == []


def test_the_queue_has_what_nobody_has_dealt_with(made: Made) -> None:
    found = alerts.queue(made.connection, scope(made, "220182"), RISKS, made.world.clock())

    # The hold was done with; the report was answered; the warning of the province stands.
    assert [(each.alert, each.severity, each.source) for each in found if each.alert == "alert-raised"] == [
        ("alert-raised", "high", made.told.warning)
    ]
    assert {each.alert for each in found} & {"hold-placed", "report-received"} == set()


def test_the_queue_is_sorted_by_gravity_and_then_by_age(fresh: World) -> None:
    fresh.say("sheng", "alert-raised", severity="low", division="220182")
    fresh.clock.pass_time(hours=1)
    failed = fresh.inspect(cadmium="0.3", passed=False)
    fresh.clock.pass_time(hours=1)
    fresh.say("sheng", "alert-raised", severity="critical", division="220182")
    fresh.say("yushu", "alert-acknowledged", source=failed.digest, alert="failed-test")

    with fresh.services.reading() as reader:
        found = alerts.queue(reader.connection, EVERYWHERE, RISKS, fresh.clock())

    assert [(each.severity, each.alert, each.state) for each in found] == [
        ("critical", "failed-test", "acknowledged"),
        ("critical", "alert-raised", "new"),
        ("low", "alert-raised", "new"),
    ]


def test_clocks_that_run_out_are_alerts_and_go_by_themselves(fresh: World) -> None:
    recall = fresh.say("mifang", "recalled", lot=RICE_LOT, level=1, cause="contamination").digest
    case = fresh.say("yushu", "case-opened", respondent="mifang", case_cause="other").digest
    fresh.say("yushu", "correction-ordered", case=case, until="2026-10-08", measures=["labels"])
    task = {"office": "yushu", "division": "220182", "task_topic": "inputs", "until": "2026-10-08"}
    fresh.say("sheng", "task-assigned", **task)
    fresh.clock.pass_time(days=20)
    names = ["recall-not-started", "recall-overdue", "case-overdue", "task-overdue"]

    with fresh.services.reading() as reader:
        before = alerts.queue(reader.connection, EVERYWHERE, RISKS, fresh.clock())
    fresh.say("mifang", "recall-started", recall=recall)
    with fresh.services.reading() as reader:
        after = alerts.queue(reader.connection, EVERYWHERE, RISKS, fresh.clock())

    assert [each.alert for each in before if each.is_clock] == names
    assert [each.alert for each in after if each.is_clock] == names[1:]


def test_an_alert_that_was_never_given_is_not_dealt_with(fresh: World) -> None:
    birth = fresh.statement_of("harvested").digest

    with pytest.raises(Refused) as refused:
        fresh.say("yushu", "alert-done", source=birth, alert="failed-test", alert_outcome="no-risk")

    assert [each.rule for each in refused.value.breaches] == ["unknown-alert"]


def test_a_report_is_found_by_its_number_alone(made: Made) -> None:
    typed = "R4T8-2kq7 9xnc-5hvm"
    number = shopper_reports.plain_number(typed)
    assert number == NUMBER

    found = shopper_reports.by_receipt(made.connection, shopper_reports.receipt_of(number))

    assert found is not None
    assert (found.digest, found.state, found.lot) == (made.told.report, "paid", RICE_LOT)
    assert shopper_reports.by_digest(made.connection, made.told.report) == found
    assert shopper_reports.reports(made.connection, scope(made, "220182")) == [found]


@pytest.mark.parametrize("typed", ["", "R4T8", "R4T8-2KQ7-9XNC-5HVM-1", "R4T8-2KQ7-9XNC-5HVU", "二" * 16])
def test_what_is_no_number_is_told_from_one(typed: str) -> None:
    assert shopper_reports.plain_number(typed) is None


def test_satisfaction_counts_fours_and_fives(made: Made) -> None:
    found = satisfaction.satisfaction(made.connection, "220100", TODAY - timedelta(days=1), TODAY)

    assert (found.n, found.content, found.percent) == (20, 18, Decimal("90.0"))
    assert satisfaction.satisfaction_of(made.connection, "mifang", TODAY - timedelta(days=1), TODAY) == found


@pytest.mark.parametrize(("division", "since"), [("220200", date(2026, 10, 1)), (None, TODAY)])
def test_where_nobody_has_rated_there_is_no_share(made: Made, division: str | None, since: date) -> None:
    found = satisfaction.satisfaction(made.connection, division, since, TODAY)

    assert (found.n, found.percent) == (0, None)
