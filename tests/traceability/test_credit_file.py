"""The file of a party: each record with its entry, what becomes of it, and the points that it is worth."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ledger import store
from tests import world
from tests.world import RICE_LOT, World, opened
from traceability import credit
from traceability.credit import CreditRecord
from traceability.errors import Refused
from traceability.limits import shipped_rules
from traceability.replay import compared, rebuild, scratch_engine, stored_entries

ON = date(2026, 10, 20)
RULES = shipped_rules()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("credit")) as made:
        world.everything(made)
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.at("2026-10-08T08:00:00+08:00")
        yield made


def kinds(made: World, party: str, on: date = ON) -> dict[str, list[str]]:
    with made.services.reading() as reader:
        found = credit.records(reader.connection, credit.only(party), on)
    told: dict[str, list[str]] = {}
    for each in found:
        told.setdefault(each.record, []).append(each.state)
    return told


def test_a_cooperative_has_its_late_entry_its_withdrawal_and_its_months(told: World) -> None:
    found = kinds(told, "heitu")

    assert set(found) >= {"timely-month", "receipt-confirmed", "correction", "late-entry"}
    assert found["late-entry"] == ["counts"]


def test_a_mill_has_the_recall_of_its_rice_and_no_test_that_nobody_sampled_for(told: World) -> None:
    found = kinds(told, "mifang")

    assert ("recall-3" in found, "test-passed" in found) == (True, False)


def test_each_record_names_the_entry_that_tells_of_it(told: World) -> None:
    with told.services.reading() as reader:
        found = credit.records(reader.connection, credit.only("mifang"), ON)
        (recall,) = (each for each in found if each.record == "recall-3")

        assert reader.statement(recall.entry).event.kind == "recalled"
        assert reader.statement(recall.entry).digest == recall.digest
        assert recall.lot == RICE_LOT


def test_who_has_no_records_stands_at_the_base(told: World) -> None:
    with told.services.reading() as reader:
        found = credit.reckoning_of(reader.connection, "yushu", date(2026, 3, 1), RULES)

    assert (found.score, found.grade, found.lines) == (Decimal(80), "B", ())


def test_the_sum_of_the_lines_is_the_score(told: World) -> None:
    with told.services.reading() as reader:
        found = credit.reckoning_of(reader.connection, "mifang", ON, RULES)

    assert found.score == found.base + sum(each.worth for each in found.sums)
    assert not any(each.capped for each in found.sums)
    assert sum(each.worth for each in found.sums) == sum(line.worth for line in found.lines)


def test_one_party_and_a_division_are_reckoned_alike(told: World) -> None:
    with told.services.reading() as reader:
        whose = credit.registered_in(reader.connection, "220182")
        many = credit.grades_of(reader.connection, ["heitu", "mifang"], whose, ON, RULES)

        assert many == {
            party: credit.reckoning_of(reader.connection, party, ON, RULES) for party in ("heitu", "mifang")
        }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-08", "-6"),
        ("2027-10-07", "-6"),
        ("2027-10-08", "-3"),
        ("2028-10-07", "-1.5"),
        ("2029-10-07", "0"),
    ],
)
def test_a_bad_record_is_halved_each_year_and_over_after_three(day: str, expected: str) -> None:
    record = CreditRecord("mifang", "recall-3", "bad", 5, "ab", date(2026, 10, 8))

    found = credit.reckoned("mifang", [record], date.fromisoformat(day), RULES, is_listed=False)

    assert found.score == Decimal(80) + Decimal(expected)


def test_no_kind_gives_more_than_its_most() -> None:
    months = [
        CreditRecord("mifang", "timely-month", "good", index, "ab", date(2026, index, 28))
        for index in range(1, 10)
    ]
    passed = [CreditRecord("mifang", "test-passed", "good", index, "cd", ON) for index in range(9)]

    found = credit.reckoned("mifang", [*months, *passed], ON, RULES, is_listed=False)

    assert [(each.record, each.count, each.worth, each.capped) for each in found.sums] == [
        ("test-passed", 9, Decimal(6), True),
        ("timely-month", 9, Decimal("4.5"), False),
    ]
    assert found.grade == "A"


@pytest.mark.parametrize(
    ("lost", "grade"), [(0, "B"), (10, "B"), (11, "C"), (30, "C"), (31, "D"), (200, "D")]
)
def test_grades_follow_the_published_thresholds(lost: int, grade: str) -> None:
    late = [CreditRecord("a", "complaint-upheld", "bad", index, "ab", ON) for index in range(lost // 5)]
    rest = [CreditRecord("a", "correction", "bad", index, "ab", ON) for index in range(lost % 5 * 5)]

    found = credit.reckoned("a", [*late, *rest], ON, RULES, is_listed=False)

    assert found.grade == grade


def _objected(made: World, target: str, *, upheld: bool | None) -> None:
    objection = made.say("mifang", "credit-objected", target=target, note="检测样品不是本批")
    if upheld is not None:
        made.say("sheng", "credit-objection-decided", target=objection.digest, upheld=upheld)


@pytest.mark.parametrize(
    ("upheld", "state", "worth"),
    [(None, "objection-open", -6), (False, "counts", -6), (True, "objection-upheld", 0)],
)
def test_an_objection_takes_a_record_out_once_it_is_upheld(
    tmp_path: Path, upheld: bool | None, state: str, worth: int
) -> None:
    with opened(tmp_path) as made:
        made.whole_chain()
        recall = made.say("mifang", "recalled", lot=RICE_LOT, level=3, cause="mislabelled")
        _objected(made, recall.digest, upheld=upheld)
        with made.services.reading() as reader:
            found = credit.reckoning_of(reader.connection, "mifang", ON, RULES)

    (line,) = (line for line in found.lines if line.record.record == "recall-3")
    assert (str(line.state), int(line.worth)) == (state, worth)


def _listed(made: World, **told: object) -> str:
    fact = made.statement_of("harvested").digest
    listing = {
        "party": "heitu",
        "legal_basis": "农产品质量安全法 art. 70",
        "facts": [fact],
        "since": "2026-10-08",
        "until": "2029-10-07",
        "excludes": ["procurement", "award"],
    }
    return made.say("yushu", "dishonesty-listed", **{**listing, **told}).digest


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-10-07", "not-yet"), ("2026-10-08", "listed"), ("2029-10-07", "listed"), ("2029-10-08", "ended")],
)
def test_a_listing_ends_on_its_day(fresh: World, day: str, state: str) -> None:
    _listed(fresh)

    with fresh.services.reading() as reader:
        (found,) = credit.listings(reader.connection, date.fromisoformat(day))

    assert (found.party, found.state, found.listed_by) == ("heitu", state, "yushu")


def test_a_repair_ends_a_listing_early_and_the_grade_comes_back(fresh: World) -> None:
    digest = _listed(fresh)
    fresh.say("yushu", "dishonesty-repaired", target=digest, since="2027-01-01", legal_basis="信用修复")

    with fresh.services.reading() as reader:
        states = [
            (
                credit.listings(reader.connection, day)[0].state,
                credit.grade_of(reader.connection, "heitu", day, RULES),
            )
            for day in (date(2026, 12, 31), date(2027, 1, 1))
        ]

    assert states == [("listed", "D"), ("repaired", "B")]


def test_a_lifted_listing_is_no_record(fresh: World) -> None:
    digest = _listed(fresh)
    fresh.say("sheng", "dishonesty-lifted", target=digest, lift_cause="listed-in-error")

    assert "dishonesty" not in kinds(fresh, "heitu")


def test_nobody_is_listed_for_facts_that_are_not_there(fresh: World) -> None:
    with pytest.raises(Refused):
        _listed(fresh, facts=["ab" * 32])


def test_what_is_said_of_credit_is_rebuilt_from_the_entries(fresh: World) -> None:
    digest = _listed(fresh)
    objection = fresh.say("heitu", "credit-objected", target=digest)
    fresh.say("sheng", "credit-objection-decided", target=objection.digest, upheld=False)
    fresh.say("sheng", "credit-repaired", target=digest, party="heitu")
    fresh.say("yushu", "dishonesty-repaired", target=digest, since="2027-01-01", legal_basis="信用修复")
    engine = scratch_engine()

    with store.snapshot(fresh.services.engine) as live, engine.begin() as scratch:
        size = fresh.services.log.size()
        entries = [entry for entry, _ in stored_entries(live, size)]
        rebuild(scratch, entries, lambda _, index: entries[index])
        found = list(compared(live, scratch, report=lambda _done, _all: None))

    assert found == []
