"""The catalogue of standards and of certificates: what is shown as in force, and what is history."""

from datetime import date
from typing import get_args

import pytest

from traceability.events.certifying import Scheme
from traceability.events.testing import AccreditationScheme
from traceability.standards import schemes, standard_named, standards, standards_for
from traceability.vocabulary import commodities

TODAY = date(2026, 10, 8)


def test_each_edition_stands_once_and_names_known_goods() -> None:
    numbers = [each.number for each in standards()]

    assert len(numbers) == len(set(numbers))
    assert {code for each in standards() for code in each.commodities} - set(commodities()) == set()


@pytest.mark.parametrize(
    ("cited", "on", "shown"),
    [
        ("GB/T 19506-2009", TODAY, True),
        ("GB/T 19506-2009", date(2009, 9, 30), False),
        ("GB 19506-2004", TODAY, False),
        ("GB 2763-2021", TODAY, False),
        ("GB 14881-2025", TODAY, False),
    ],
)
def test_only_what_was_read_and_has_not_ended_is_shown_as_in_force(cited: str, on: date, shown: bool) -> None:
    found = standard_named(cited)

    assert found is not None
    assert found.is_shown(on) is shown


@pytest.mark.parametrize("cited", ["GB 2762-2022", "gb2762-2022", "GB　2762-2022"])
def test_a_standard_is_found_however_it_is_spelt(cited: str) -> None:
    found = standard_named(cited)

    assert found is not None
    assert found.number == "GB 2762-2022"


def test_goods_have_their_standards() -> None:
    assert [each.number for each in standards_for("black-fungus")] == ["NY/T 3819-2020"]


def test_what_can_be_granted_is_live_and_what_has_ended_cannot() -> None:
    granted = {*get_args(Scheme), *get_args(AccreditationScheme)}

    assert {code for code, each in schemes().items() if each.state == "live"} == granted
    assert {code for code, each in schemes().items() if each.state == "historical"} == {
        "pollution-free",
        "famous-brand",
    }


def test_a_licence_is_mandatory_and_a_label_voluntary() -> None:
    told = {code: schemes()[code].type for code in ("food-production-licence", "CMA", "green-food", "haccp")}

    assert told == {
        "food-production-licence": "mandatory",
        "CMA": "mandatory",
        "green-food": "voluntary",
        "haccp": "voluntary",
    }
