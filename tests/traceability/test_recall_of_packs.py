"""Packs that are called back by their codes: the clocks, the steps and the lists of a whole lot."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import world
from tests.release_world import GREEN_LOT, bound
from tests.world import World
from traceability import alerts, goods, recall_clocks, report
from traceability.errors import Refused
from traceability.limits import shipped_rules
from traceability.recall_clocks import HOURS, LotProgress, RecallStanding
from traceability.rule_tables.alerts import RISK_RULES
from traceability.scope import Scope
from traceability.working_days import Deadline

EVERYWHERE = Scope(None)
RISKS = shipped_rules().rows(RISK_RULES)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.at("2026-10-08T08:00:00+08:00")
        bound(opened)
        yield opened


def called(told: World, *, first: int = 20, count: int = 5, level: int = 3) -> str:
    told_of_it = {"lot": GREEN_LOT, "first": first, "count": count, "level": level, "cause": "mislabelled"}
    return told.say("heitu", "codes-recalled", **told_of_it).digest


def standing(told: World, digest: str) -> RecallStanding:
    with told.services.reading() as reader:
        found = recall_clocks.recall(reader.connection, digest)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("level", "last"), [(1, date(2026, 10, 21)), (2, date(2026, 11, 4)), (3, date(2026, 11, 18))]
)
def test_a_recall_of_packs_has_the_clocks_of_its_level(told: World, level: int, last: date) -> None:
    found = standing(told, called(told, level=level))

    assert (found.lot, found.codes, found.cause, found.state) == (GREEN_LOT, (20, 5), "mislabelled", "called")
    assert found.start.due == found.called + timedelta(hours=HOURS[level])
    assert found.completion.due == Deadline(last)


def test_it_stands_in_every_list_of_recalls_and_burdens_no_other_pack(told: World) -> None:
    digest = called(told)

    with told.services.reading() as reader:
        connection = reader.connection
        lists: list[list[Any]] = [
            recall_clocks.recalls(connection, EVERYWHERE),
            recall_clocks.recalls(connection, Scope.of(connection, "220182")),
            recall_clocks.recalls_of_lots(connection, {GREEN_LOT}),
            recall_clocks.active(connection),
        ]
        elsewhere = recall_clocks.recalls(connection, Scope.of(connection, "220281"))
        rows = connection.execute(report.recalls(EVERYWHERE)).all()
        known = goods.known_lot(connection, GREEN_LOT)

    assert [[each.digest for each in found] for found in lists] == [[digest]] * 4
    assert elsewhere == []
    assert [(row.lot, row.first, row.packs) for row in rows] == [(GREEN_LOT, 20, 5)]
    assert known is not None
    assert not known.recalled


def test_both_kinds_stand_in_one_list_the_newest_first(told: World) -> None:
    packs = called(told)
    lot = told.say("heitu", "recalled", lot=GREEN_LOT, level=1, cause="contamination").digest

    with told.services.reading() as reader:
        found = recall_clocks.recalls(reader.connection, EVERYWHERE)
        newest = recall_clocks.recalls(reader.connection, EVERYWHERE, limit=1)

    assert [(each.digest, each.codes) for each in found] == [(lot, None), (packs, (20, 5))]
    assert [each.digest for each in newest] == [lot]


def test_its_progress_counts_its_packs_alone(told: World) -> None:
    digest = called(told)
    told.say("heitu", "recall-started", recall=digest)
    amount = {"recall": digest, "lot": GREEN_LOT, "amount": {"kg": "10"}}
    told.say("heitu", "notice-sent", about=digest, lot=GREEN_LOT, amount={"kg": "25"}, to="虚构便利店")
    told.say("heitu", "recall-recovered", **amount)
    told.say("heitu", "recall-completed", recall=digest, not_recovered=[])

    found = standing(told, digest)
    with told.services.reading() as reader:
        (line,) = recall_clocks.progress(reader.connection, found)

    assert found.state == "completed"
    assert line == LotProgress(
        lot=GREEN_LOT,
        measure="mass",
        born=Decimal(25),
        packs=5,
        held=(("heitu", Decimal(500)),),
        noticed=Decimal(25),
        notices=1,
        recovered=Decimal(10),
    )


@pytest.mark.parametrize(("hours", "alert"), [(72, []), (73, ["recall-not-started"])])
def test_a_clock_that_runs_out_is_an_alert(told: World, hours: int, alert: list[str]) -> None:
    called(told)
    told.clock.pass_time(hours=hours)

    with told.services.reading() as reader:
        found = alerts.queue(reader.connection, EVERYWHERE, RISKS, told.clock())

    assert [each.alert for each in found if each.is_clock] == alert


def test_a_call_that_is_void_is_no_recall_any_longer(told: World) -> None:
    digest = called(told)
    told.say("heitu", "corrected", target=digest, reason="did-not-occur", note="手误")

    with pytest.raises(Refused) as refused:
        told.say("heitu", "recall-started", recall=digest)

    with told.services.reading() as reader:
        assert recall_clocks.recalls(reader.connection, EVERYWHERE) == []
    assert [each.rule for each in refused.value.breaches] == ["unknown-recall"]


def test_nobody_else_carries_it_out(told: World) -> None:
    digest = called(told)

    with pytest.raises(Refused) as refused:
        told.say("mifang", "recall-started", recall=digest)

    assert [each.rule for each in refused.value.breaches] == ["not-your-recall"]
