"""When goods were too warm: excursions found in readings, or told in a summary."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from traceability.cold_chain import Outside, Range, excursions_of, outside
from traceability.events.moving import Excursion, TemperatureLogged

START = datetime(2026, 8, 20, 0, 0, tzinfo=UTC)
FROZEN = Range(None, Decimal(-18), 10)


def _readings(*degrees: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, degrees))


def _series(*degrees: str) -> TemperatureLogged:
    return TemperatureLogged(
        at=START + timedelta(days=1),
        form="frozen",
        lots=("L",),
        start=START,
        step_seconds=600,
        readings=_readings(*degrees),
    )


def _summary(minimum: str, maximum: str, *excursions: Excursion) -> TemperatureLogged:
    return TemperatureLogged(
        at=START + timedelta(days=9),
        form="frozen",
        lots=("L",),
        start=START,
        step_seconds=600,
        count=1000,
        minimum=Decimal(minimum),
        maximum=Decimal(maximum),
        excursions=excursions,
        file="00" * 32,
    )


def test_each_unbroken_stretch_outside_is_one_excursion() -> None:
    readings = _readings("-18.5", "-15", "-14.8", "-18", "-17.9")

    found = list(excursions_of(START, 600, readings, FROZEN))

    assert found == [
        Excursion(START + timedelta(minutes=10), START + timedelta(minutes=20), Decimal("-14.8")),
        Excursion(START + timedelta(minutes=40), START + timedelta(minutes=40), Decimal("-17.9")),
    ]


@pytest.mark.parametrize(
    ("degrees", "found"),
    [
        (("-18",), []),
        (("-17.9",), []),
        (("-17.9", "-17.9"), [Outside(Decimal("-17.9"), START, 20)]),
    ],
)
def test_a_reading_lasts_one_step_and_what_is_tolerated_is_no_excursion(
    degrees: tuple[str, ...], found: list[Outside]
) -> None:
    assert list(outside(_series(*degrees), FROZEN)) == found


def test_too_cold_is_outside_as_well() -> None:
    kept = Range(Decimal(0), Decimal(5))

    found = [each.extreme for each in outside(_series("-0.5", "0", "5", "5.1"), kept)]

    assert found == _as_list("-0.5", "5.1")


def _as_list(*degrees: str) -> list[Decimal]:
    return list(_readings(*degrees))


def test_an_extreme_of_a_summary_that_no_excursion_explains_is_told_without_a_time() -> None:
    told = Excursion(START, START + timedelta(hours=1), Decimal("-10"))

    unexplained = list(outside(_summary("-25", "-9"), FROZEN))
    explained = list(outside(_summary("-25", "-10", told), FROZEN))

    assert (unexplained, explained) == ([Outside(Decimal(-9))], [Outside(Decimal(-10), START, 70)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"readings": _readings("1"), "count": 1},
        {"readings": _readings("91")},
        {"readings": ()},
        {"readings": tuple([Decimal(1)] * 4001)},
        {"readings": _readings("1"), "lots": ()},
        {"readings": _readings("1"), "step_seconds": 0},
        {"readings": tuple([Decimal(1)] * 200)},
        {"readings": _readings("1"), "start": datetime(2026, 8, 20)},  # noqa: DTZ001 -- that it has no zone is what is wrong,
    ],
)
def test_a_series_that_cannot_be_is_not_made(wrong: dict[str, object]) -> None:
    told: dict[str, object] = {
        "at": START + timedelta(days=1),
        "form": "frozen",
        "lots": ("L",),
        "start": START,
        "step_seconds": 600,
        **wrong,
    }

    with pytest.raises(ValueError, match=r".+"):
        TemperatureLogged(**told)  # type: ignore[arg-type]  # what is wrong is of another type
