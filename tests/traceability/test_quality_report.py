"""The report on the state of quality: what each target counts, and the same bytes for everybody."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger import export, shelf, store
from ledger.outlet import DirectoryOutlet
from ledger.source import source_of
from tests.world import PADDY_LOT, RICE_LOT, World, opened
from traceability import judging, quality_report
from traceability.errors import Invalid
from traceability.journal import Recorded
from traceability.quality_report import Period, Wanted
from traceability.rule_copies import RuleCopies
from web import quality_document, quality_reports
from web.language import Language, speaking

PROVINCE, YUSHU, SHULAN = "220000", "220182", "220283"
ROUTINE = 25


def sample(
    made: World,
    number: int,
    purpose: str,
    product_class: str,
    *,
    lot: str = PADDY_LOT,
    passed: bool = True,
    ordered_by: str | None = None,
) -> Recorded:
    """Let yushu take a sample, or jiance for an office that it names, and jiance test it."""
    commodity = "paddy" if lot == PADDY_LOT else "milled-rice"
    name = f"{purpose}-{number}"
    own = "yushu" if purpose in {"routine", "supervision"} else "mifang"
    taken = made.say(
        own if ordered_by is None else "jiance",
        "sampled",
        **({} if ordered_by is None else {"ordered_by": ordered_by}),
        lot=lot,
        sample=name,
        purpose=purpose,
        product_class=product_class,
        commodity=commodity,
        division=YUSHU,
        amount={"kg": "1"},
    )
    result = {"analyte": "镉", "unit": "mg/kg", "value": "0.05" if passed else "0.5", "limit": "0.2"}
    made.say(
        "jiance",
        "inspected",
        lot=lot,
        sample=name,
        purpose=purpose,
        sampled_on=made.clock().date().isoformat(),
        results=[{**result, "passed": passed}],
        verdict="conformant" if passed else "non-conformant",
    )
    return taken


def accredit(made: World) -> None:
    """Let jiance issue results of official samplings."""
    made.say(
        "sheng",
        "laboratory-accredited",
        party="jiance",
        scheme="CMA",
        number="虚构-0001",
        since="2026-01-01",
        until="2029-12-31",
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("quality")) as made:
        accredit(made)
        made.whole_chain()
        made.at("2026-10-09T08:00:00+08:00")
        for number in range(ROUTINE):
            made.clock.pass_time(minutes=1)
            sample(made, number, "routine", "agricultural", passed=number != 3)
        sample(made, 90, "supervision", "manufactured", lot=RICE_LOT)
        sample(made, 91, "self-check", "agricultural", lot=RICE_LOT, passed=False)
        sample(made, 92, "commissioned", "food", lot=RICE_LOT, passed=False)
        sample(made, 94, "supervision", "food", lot=RICE_LOT, ordered_by="yushu", passed=False)
        sample(made, 95, "routine", "agricultural", ordered_by="yushu", passed=False)
        confirmed = sample(made, 93, "supervision", "food", lot=RICE_LOT, ordered_by="sheng")
        made.say("sheng", "confirmed", target=confirmed.digest)
        yield made


def report(made: World, period: str = "2026Q4", division: str = PROVINCE, size: int | None = None) -> Any:
    return quality_reports.of_instance(made.services, quality_reports.wanted(period, division), size)


def held(found: Any) -> dict[str, tuple[int, int, str]]:
    return {each["target"]: (each["passed"], each["n"], each["verdict"]) for each in found["targets"]}


def test_each_target_counts_its_own_samplings_and_nothing_else(told: World) -> None:
    assert held(report(told)) == {
        "routine-agricultural": (24, 25, "not-certain"),
        "food-sampling": (1, 1, "not-certain"),
        "manufactured": (1, 1, "not-certain"),
        "consumer-goods": (0, 0, "no-data"),
        "satisfaction": (0, 0, "no-data"),
    }


def test_what_no_target_counts_is_told_beside_them(told: World) -> None:
    assert report(told)["uncounted"] == {
        "by_purpose": [{"key": "commissioned", "value": 1}, {"key": "self-check", "value": 1}],
        # The first test of the world has no sampling behind it.
        "without_sampling": 1,
    }


def test_what_a_laboratory_alone_says_of_an_office_is_listed_beside_the_rates(told: World) -> None:
    by_it = {"office": "yushu", "told_by": "jiance"}

    found = [
        {name: told for name, told in row.items() if name != "entries"} for row in report(told)["unconfirmed"]
    ]

    assert found == [
        {**by_it, "purpose": "routine", "class": "agricultural", "n": 1, "passed": 0},
        {**by_it, "purpose": "supervision", "class": "food", "n": 1, "passed": 0},
    ]


def test_the_entries_that_no_office_has_confirmed_can_be_looked_up(told: World) -> None:
    entries = [entry for row in report(told)["unconfirmed"] for entry in row["entries"]]

    with told.services.reading() as reader:
        events = [reader.statement(entry).event for entry in entries]

    assert [getattr(each, "sample", None) for each in events] == ["routine-95", "supervision-94"]


@pytest.mark.parametrize(
    ("language", "sentence", "caption"),
    [
        (
            "zh",
            "检测机构说是监管部门下达、监管部门尚未确认的：n = 2，未计入任何合格率。",
            "监管部门尚未确认的抽样",
        ),
        (
            "en",
            "The laboratory says so, the office has not confirmed: n = 2, part of no rate.",
            "Samplings that the office has not confirmed",
        ),
    ],
)
def test_a_reader_of_the_report_sees_what_no_office_has_confirmed(
    told: World, language: Language, sentence: str, caption: str
) -> None:
    found = report(told)

    with speaking(language):
        page = quality_document.html_document(found).decode()

    assert sentence in page
    assert f"<caption>{caption}</caption>" in page


def test_no_sample_is_no_rate(told: World) -> None:
    (found,) = (each for each in report(told)["targets"] if each["target"] == "consumer-goods")

    assert "rate" not in found


@pytest.mark.parametrize(("division", "n"), [(PROVINCE, 25), ("220100", 25), (YUSHU, 25), (SHULAN, 0)])
def test_a_division_counts_what_was_taken_in_it(told: World, division: str, n: int) -> None:
    assert held(report(told, division=division))["routine-agricultural"][1] == n


@pytest.mark.parametrize(("period", "n"), [("2026Q4", 25), ("2026-10", 25), ("2026Q3", 0), ("2026", 25)])
def test_a_period_counts_the_days_of_sampling(told: World, period: str, n: int) -> None:
    assert held(report(told, period))["routine-agricultural"][1] == n


def test_targets_are_those_of_the_period(told: World) -> None:
    dated = report(told, "2020")["targets"][0]

    assert (dated["percent"], dated["until"], dated["sure"]) == ("97", "2020-12-31", True)


def test_before_the_policy_there_is_no_target(told: World) -> None:
    assert report(told, "2017")["targets"] == []


def test_the_league_ranks_only_counties_with_enough_samples(told: World) -> None:
    found = {each["division"]: each for each in report(told)["league"]}

    assert (found[YUSHU]["rank"], found[YUSHU]["routine"]["n"]) == (1, ROUTINE)
    assert all("rank" not in each for code, each in found.items() if code != YUSHU)


def test_coverage_divides_by_all_that_there_is(told: World) -> None:
    assert report(told)["coverage"] == {
        "operators": {"part": 2, "whole": 2, "share": "1.0000"},
        "lots": {"part": 1, "whole": 1, "share": "1.0000"},
    }


def test_the_plan_follows_grade_and_risk(told: World) -> None:
    plan = report(told)["plan"]

    assert plan["planned"] == 2
    assert plan["done"] == 2
    assert {each["risk"] for each in plan["by_grade"]} == {"medium"}


def test_a_plan_is_of_whole_quarters(told: World) -> None:
    assert report(told, "2026-10")["plan"]["planned"] == 0


@pytest.fixture(scope="module")
def early(told: World) -> tuple[int, bytes, bytes]:
    """Give a report as it was told, before the log grows: its size, its JSON and its HTML."""
    found = report(told)
    spelt = quality_document.json_document(found), quality_document.html_document(found)
    return found["checkpoint"]["size"], *spelt


def test_a_log_that_has_grown_gives_the_same_bytes(told: World, early: tuple[int, bytes, bytes]) -> None:
    size, *spelt = early
    sample(told, 200, "routine", "agricultural", passed=False)
    told.say("jiance", "corrected", target=told.statement_of("inspected").digest, reason="did-not-occur")

    again = report(told, size=size)

    assert [quality_document.json_document(again), quality_document.html_document(again)] == spelt
    assert quality_document.json_document(report(told)) != spelt[0]


def test_a_copy_gives_the_same_bytes(told: World, early: tuple[int, bytes, bytes], tmp_path: Path) -> None:
    size, *spelt = early
    _export(told, tmp_path)

    source = source_of(str(tmp_path))
    again, note = quality_reports.of_copy(
        source, told.services.policy, quality_reports.wanted("2026Q4", PROVINCE), size
    )
    source.close()

    assert [quality_document.json_document(again), quality_document.html_document(again)] == spelt
    assert note.text == told.services.log.published().text  # type: ignore[union-attr]  # published above


def _export(made: World, folder: Path) -> None:
    note, copies = made.services.log.publish(), RuleCopies(made.services.shelf.files)
    with closing(DirectoryOutlet(folder)) as outlet:
        export.publish(made.services.log, note, outlet, beside=copies.beside)


def test_a_replay_of_all_entries_gives_the_report_of_the_instance(told: World) -> None:
    with store.snapshot(told.services.engine) as connection:
        head = shelf.read_head(connection)
        assert head is not None
        assert judging.rules_in_force(connection) is not None
        again = quality_report.report_at(
            connection,
            told.services.log.origin,
            told.services.shelf,
            Wanted(Period.parse("2026"), YUSHU),
            head.size,
        )

    assert again == report(told, "2026", YUSHU)


def test_a_report_names_what_it_stands_on(told: World) -> None:
    found = report(told)

    checkpoint, _ = told.services.log.head()
    assert (found["origin"], found["checkpoint"]["size"]) == (checkpoint.origin, checkpoint.size)
    assert set(found) >= {"checkpoint", "rules", "as_of"}


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026H2", "2026-07-01", "2026-12-31"),
        ("2026Q3", "2026-07-01", "2026-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-07-04..2026-07-04", "2026-07-04", "2026-07-04"),
    ],
)
def test_a_period_is_read(text: str, since: str, until: str) -> None:
    found = Period.parse(text)

    assert (found.since.isoformat(), found.until.isoformat()) == (since, until)


@pytest.mark.parametrize(
    "text",
    ["", "2026Q5", "2026Q0", "2026-13", "2026-00", "2026-07-05..2026-07-04", "0000", "２０２６", "2026q3"],
)
def test_every_other_spelling_of_a_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Period.parse(text)


def test_quarters_are_cut_to_the_period() -> None:
    found = Period.parse("2026-05-10..2026-08-01").quarters()

    assert [(each.text, each.since.isoformat(), each.until.isoformat()) for each in found] == [
        ("2026Q2", "2026-05-10", "2026-06-30"),
        ("2026Q3", "2026-07-01", "2026-08-01"),
    ]
