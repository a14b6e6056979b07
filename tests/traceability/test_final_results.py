"""A sample from its taking to its final result, through the journal and its tables."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table

from tests.testing_world import SECOND, everything_of_testing, second_laboratory
from tests.world import RICE_LOT, World, opened
from traceability import goods
from traceability.errors import Refused
from traceability.final_results import FinalResult, final_results
from traceability.journal import Recorded
from traceability.replay import rebuild, scratch_engine, stored_entries
from traceability.tables import certifying, testing

SAMPLING = {
    "lot": RICE_LOT,
    "sample": "S-7",
    "purpose": "supervision",
    "product_class": "food",
    "commodity": "milled-rice",
    "division": "220182",
    "amount": {"kg": "2"},
    "laboratory": "jiance",
    "plan": "2026-4",
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        second_laboratory(made)
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.hand_over("/lot/heitu/paddy/26-A", "5000", by="heitu", to="mifang")
        made.mill()
        made.at("2026-10-08T08:00:00+08:00")
        yield made


def report_of(world: World, cadmium: str = "0.05", *, by: str = "jiance", **told: Any) -> Recorded:
    passed = cadmium < "0.2"
    result = {"analyte": "镉", "unit": "mg/kg", "value": cadmium, "limit": "0.2", "passed": passed}
    given = {
        "lot": RICE_LOT,
        "sample": "S-7",
        "purpose": "supervision",
        "sampled_on": "2026-10-08",
        "results": [result],
        "verdict": "conformant" if passed else "non-conformant",
        **told,
    }
    return world.say(by, "inspected", **given)


def results(world: World, area: str | None = "220182") -> list[FinalResult]:
    with world.services.reading() as reader:
        return list(final_results(reader.connection, area, date(2026, 10, 8), date(2026, 10, 8)))


def failed(world: World) -> bool:
    with world.services.reading() as reader:
        known = goods.known_lot(reader.connection, RICE_LOT)
    assert known is not None
    return known.failed


def test_a_sample_has_no_result_before_its_test_and_one_after_it(world: World) -> None:
    sampled = world.say("yushu", "sampled", **SAMPLING)
    before = results(world)

    report_of(world)

    expected = FinalResult(
        entry=sampled.index,
        sample="S-7",
        lot=RICE_LOT,
        purpose="supervision",
        product_class="food",
        commodity="milled-rice",
        division="220182",
        sampled_on=date(2026, 10, 8),
        passed=True,
        laboratory="jiance",
        ordered_by="yushu",
        plan="2026-4",
        told_by="yushu",
        office_says=True,
    )
    assert (before, results(world), results(world, "220000"), results(world, "220200")) == (
        [],
        [expected],
        [expected],
        [],
    )


def test_a_sample_tested_in_two_parts_passes_when_both_do(world: World) -> None:
    world.say("yushu", "sampled", **SAMPLING)
    report_of(world)

    report_of(world, "0.5")

    assert [each.passed for each in results(world)] == [False]


def test_the_retest_after_an_objection_is_the_final_result(world: World) -> None:
    world.say("yushu", "sampled", **SAMPLING)
    first = report_of(world, "0.5")
    world.say("yushu", "result-notified", inspection=first.digest, party="mifang", until="2026-10-16")
    before = failed(world)
    objection = world.say("mifang", "objected", inspection=first.digest, reason="样品混放")
    world.say("yushu", "retest-ordered", objection=objection.digest, laboratory=SECOND, due="2026-10-20")

    retest = report_of(world, by=SECOND, retest_of=objection.digest)

    (final,) = results(world)
    assert (final.passed, final.retested, final.laboratory) == (True, True, SECOND)
    assert (before, failed(world)) == (True, False)
    world.say(SECOND, "corrected", target=retest.digest, reason="did-not-occur")
    assert (results(world)[0].passed, failed(world)) == (False, True)


def standing(world: World) -> list[tuple[bool, bool]]:
    """Return whether each result is official, and whether it only waits for its office's word."""
    return [(each.is_official, each.is_unconfirmed) for each in results(world)]


@pytest.mark.parametrize("confirmed", ["sampling", "report"])
def test_what_a_laboratory_says_of_an_office_is_official_once_the_office_says_so(
    world: World, confirmed: str
) -> None:
    sampling = world.say("jiance", "sampled", **SAMPLING, ordered_by="yushu")
    report = report_of(world)
    before = standing(world)

    word = world.say("yushu", "confirmed", target=(sampling if confirmed == "sampling" else report).digest)

    assert (before, standing(world)) == ([(False, True)], [(True, False)])
    world.say("yushu", "corrected", target=word.digest, reason="incorrect")
    assert standing(world) == [(False, True)]


@pytest.mark.parametrize("by", ["sheng", "mifang"])
def test_no_other_s_word_makes_it_official(world: World, by: str) -> None:
    sampling = world.say("jiance", "sampled", **SAMPLING, ordered_by="yushu")
    report_of(world)

    world.say(by, "confirmed", target=sampling.digest)

    assert standing(world) == [(False, True)]


def test_an_office_confirms_what_was_said_not_what_took_its_place(world: World) -> None:
    sampling = world.say("jiance", "sampled", **SAMPLING, ordered_by="yushu")
    report_of(world)
    world.say("yushu", "confirmed", target=sampling.digest)
    again = {**SAMPLING, "ordered_by": "yushu", "product_class": "manufactured"}

    world.say(
        "jiance",
        "corrected",
        target=sampling.digest,
        reason="incorrect",
        replacement={"kind": "sampled", "at": world.clock.now.isoformat(), **again},
    )

    assert standing(world) == [(False, True)]


def test_a_self_check_waits_for_no_office(world: World) -> None:
    world.say("jiance", "sampled", **{**SAMPLING, "purpose": "commissioned"})
    report_of(world, purpose="commissioned")

    assert standing(world) == [(False, False)]


def test_a_report_without_a_sampling_is_a_sample_of_its_own(world: World) -> None:
    report = report_of(world, sample="old", purpose="routine")

    (final,) = results(world)

    assert final == FinalResult(
        report.index,
        "old",
        RICE_LOT,
        "routine",
        None,
        "milled-rice",
        "220182",
        date(2026, 10, 8),
        passed=True,
        laboratory="jiance",
    )


def test_what_is_void_counts_nowhere(world: World) -> None:
    sampled = world.say("yushu", "sampled", **SAMPLING)
    report_of(world)

    world.say("yushu", "corrected", target=sampled.digest, reason="did-not-occur")

    assert [(each.product_class, each.purpose) for each in results(world)] == [(None, "supervision")]


def test_a_county_does_not_sample_what_the_province_has_sampled(world: World) -> None:
    world.say("sheng", "sampled", **SAMPLING)

    with pytest.raises(Refused) as refused:
        world.say("yushu", "sampled", **{**SAMPLING, "sample": "S-8"})

    assert [each.rule for each in refused.value.breaches] == ["sampled-by-higher-office"]


def test_the_first_laboratory_does_not_test_again(world: World) -> None:
    first = report_of(world, "0.5")
    objection = world.say("mifang", "objected", inspection=first.digest)

    with pytest.raises(Refused) as refused:
        report_of(world, retest_of=objection.digest)

    assert [each.rule for each in refused.value.breaches] == ["same-laboratory"]


def test_the_same_report_and_the_same_values_for_another_sample_are_marked(world: World) -> None:
    results_of = [
        {"analyte": name, "unit": "mg/kg", "value": value, "passed": True}
        for name, value in (("镉", "0.051"), ("铅", "0.103"), ("总汞", "0.007"))
    ]
    told: dict[str, Any] = {"results": results_of, "report_mark": "ab" * 32}
    report_of(world, sample="one", **told)

    again = report_of(world, sample="two", **told)

    assert [flag["rule"] for flag in again.flags] == ["report-repeated", "values-repeated"]


def test_an_overdue_scale_marks_a_harvest(world: World) -> None:
    world.at("2026-01-05T08:00:00+08:00")
    world.say("heitu", "instrument-registered", instrument="地磅1", instrument_type="scale")
    world.say(
        "heitu",
        "calibrated",
        instrument="地磅1",
        institution="虚构计量院",
        conclusion="passed",
        due="2026-12-31",
    )
    world.at("2027-01-01T08:00:00+08:00")

    late = world.harvest("10", lot="/lot/heitu/paddy/27-A", instrument="地磅1")

    assert [flag["rule"] for flag in late.flags] == ["calibration-overdue"]


def test_a_certificate_is_used_up_and_a_correction_gives_back(world: World) -> None:
    granted = world.say(
        "sheng",
        "scheme-certified",
        scheme="green-food",
        number="LB-虚构-1",
        grantee="mifang",
        since="2026-01-01",
        until="2028-12-31",
        goods=["milled-rice"],
        tonnage_kg="3000",
        area_ha="1",
    )
    use = {"certificate": granted.digest, "lot": RICE_LOT}
    first = world.say("mifang", "scheme-used", **use, amount={"kg": "2000"})
    with pytest.raises(Refused) as refused:
        world.say("mifang", "scheme-used", **use, amount={"kg": "1000.001"})
    world.say("mifang", "corrected", target=first.digest, reason="did-not-occur")

    world.say("mifang", "scheme-used", **use, amount={"kg": "3000"})

    assert [each.rule for each in refused.value.breaches] == ["beyond-scheme-tonnage"]


def test_every_row_is_made_again_from_the_log(tmp_path: Path) -> None:
    with opened(tmp_path) as world:
        world.at("2026-10-08T08:00:00+08:00")
        everything_of_testing(world)

        before, again = _rows_and_again(world)

    assert again == before
    assert [name for name, found in before.items() if not found] == []


Rows = dict[str, list[Any]]


def _rows_and_again(world: World) -> tuple[Rows, Rows]:
    """Return the rows of tests and certificates, and the same made again from the log."""
    own = [each for module in (testing, certifying) for each in vars(module).values() if type(each) is Table]

    def rows(connection: Connection) -> Rows:
        return {
            each.name: [tuple(row) for row in connection.execute(each.select().order_by(*each.primary_key))]
            for each in own
        }

    with world.services.reading() as reader, scratch_engine().begin() as scratch:
        entries = [entry for entry, _ in stored_entries(reader.connection, world.services.log.size())]
        rebuild(scratch, entries, lambda _, index: entries[index])
        return rows(reader.connection), rows(scratch)


def test_a_final_result_is_the_same_in_whichever_order_parts_are_told(world: World) -> None:
    report_of(world, sample="x")
    report_of(world, "0.5", sample="x")
    world.say("yushu", "sampled", **{**SAMPLING, "sample": "x"})

    (final,) = results(world)

    assert replace(final, entry=0).passed is False
