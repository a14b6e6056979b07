"""Test results and certificates, as a program looks them up, and the counts that name nobody."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.programs import Api
from tests.world import RICE_LOT, opened
from traceability import open_results
from traceability.open_results import OpenResult


def test_the_tests_of_a_lot_are_listed(api: Api) -> None:
    answer = api.ask(f"/v1/lots{RICE_LOT}/results")

    (told,) = answer.json["results"]
    assert (told["laboratory"], told["verdict"], told["analytes"], told["replaced_by"]) == (
        "jiance",
        "conformant",
        ["镉"],
        None,
    )


def test_a_bank_reads_how_a_lot_stands(api: Api) -> None:
    answer = api.ask(f"/v1/lots{RICE_LOT}/certificates")

    told = {name: answer.json[name] for name in ("state", "certificates", "recalled", "failed", "held")}
    assert told == {
        "state": "not-required",
        "certificates": [],
        "recalled": False,
        "failed": False,
        "held": [],
    }


@pytest.mark.parametrize("what", ["results", "certificates"])
def test_only_accounts_read_of_a_lot(api: Api, what: str) -> None:
    assert api.ask(f"/v1/lots{RICE_LOT}/{what}", who=None).status_code == 401
    assert api.ask(f"/v1/lots/lot/x/y/z/{what}").status_code in {404, 422}


def test_everybody_reads_the_counts(api: Api) -> None:
    days = {"since": "2026-10-01", "until": "2026-10-31"}

    told = api.ask("/v1/open/results", who=None, query_string=days)
    file = api.app.test_client().get("/api/v1/open/results.csv", query_string=days)

    expected = {
        "sampled_month": "2026-10",
        "division": "",
        "commodity": "milled-rice",
        "purpose": "routine",
        "product_class": "",
        "official": "no",
        "samples": 1,
        "passed": 1,
    }
    assert told.json["results"] == [expected]
    assert file.text.removeprefix("\ufeff").splitlines() == [
        "sampled_month,division,commodity,purpose,product_class,official,samples,passed",
        "2026-10,,milled-rice,routine,,no,1,1",
    ]


@pytest.mark.parametrize(
    ("days", "where"),
    [
        ({"since": "2026-13-01"}, "since"),
        ({"since": "20260101"}, "since"),
        ({"since": "2026-10-02", "until": "2026-10-01"}, "until"),
        ({"since": "2025-01-01", "until": "2026-01-03"}, "until"),
        ({"lot": "x"}, "lot"),
    ],
)
def test_a_span_of_days_is_no_longer_than_a_year(api: Api, days: dict[str, str], where: str) -> None:
    answer = api.ask("/v1/open/results", who=None, query_string=days)

    assert (answer.status_code, answer.places) == (422, [where])


@pytest.fixture
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[OpenResult]]:
    """Sample paddy three times and rice twice in one county; return the counts."""
    with opened(tmp_path_factory.mktemp("open")) as world:
        world.whole_chain()
        for number in range(5):
            lot = RICE_LOT if number < 2 else "/lot/heitu/paddy/26-A"
            world.say(
                "jiance",
                "inspected",
                lot=lot,
                sample=f"O-{number}",
                purpose="commissioned",
                sampled_on="2026-10-06",
                results=[{"analyte": "镉", "unit": "mg/kg", "value": "0.05", "passed": True}],
                verdict="conformant",
            )
        with world.services.reading() as reader:
            day = date(2026, 10, 6)
            yield list(open_results.open_results(reader.connection, "220000", day, day))


def test_few_results_are_told_without_their_county(counted: list[OpenResult]) -> None:
    told = [
        (each.commodity, each.division, each.samples) for each in counted if each.purpose == "commissioned"
    ]

    assert told == [("milled-rice", "", 2), ("paddy", "220182", 3)]
