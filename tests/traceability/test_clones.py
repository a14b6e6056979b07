"""What looks like a copied code: the last ordinary count and the first that is not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import clones
from traceability.clones import ScansOfDay, Suspicion, suspicions
from traceability.limits import shipped_rules
from traceability.rule_tables.release import CLONE_SIGNS, Sign

SIGNS = shipped_rules().rows(CLONE_SIGNS)
MOST = {each.sign: each.most for each in SIGNS}
MORNING = datetime(2026, 10, 1, 1, tzinfo=UTC)
CHANGCHUN, JILIN_CITY, NEARBY = "220102", "220202", "220105"


def shoppers(scans: int, *, after: timedelta = timedelta(0)) -> ScansOfDay:
    at = MORNING + after
    return ScansOfDay(at.date().isoformat(), "", "", scans, at, at)


def trader(place: str, division: str, *, after: timedelta = timedelta(0)) -> ScansOfDay:
    at = MORNING + after
    return ScansOfDay(at.date().isoformat(), place, division, 1, at, at)


def signs_of(*scans: ScansOfDay) -> list[Sign]:
    return [each.sign for each in suspicions(scans, SIGNS)]


def test_nothing_was_scanned_and_nothing_is_suspected() -> None:
    assert signs_of() == []


@pytest.mark.parametrize(("more", "signs"), [(0, []), (1, ["scans-in-a-day"])])
def test_one_household_looks_a_few_times_a_day(more: int, signs: list[Sign]) -> None:
    assert signs_of(shoppers(MOST["scans-in-a-day"] + more)) == signs


@pytest.mark.parametrize(("more", "signs"), [(0, []), (1, ["scans-in-all"])])
def test_one_pack_is_looked_up_so_often_and_no_more(more: int, signs: list[Sign]) -> None:
    days = [shoppers(10, after=timedelta(days=day)) for day in range(4)]

    assert signs_of(*days, shoppers(more or 0, after=timedelta(days=5))) == signs


@pytest.mark.parametrize(("more", "signs"), [(0, []), (1, ["days-between"])])
def test_goods_are_eaten_some_day(more: int, signs: list[Sign]) -> None:
    last = timedelta(days=MOST["days-between"] + more)

    assert signs_of(shoppers(1), shoppers(1, after=last)) == signs


@pytest.mark.parametrize(("more", "signs"), [(0, []), (1, ["trade-places"])])
def test_one_pack_passes_through_few_hands(more: int, signs: list[Sign]) -> None:
    places = [trader(f"shop-{number}", CHANGCHUN) for number in range(MOST["trade-places"] + more)]

    assert signs_of(*places) == signs


@pytest.mark.parametrize(
    ("minutes", "division", "signs"),
    [(60, JILIN_CITY, []), (45, JILIN_CITY, ["km-per-hour"]), (0, NEARBY, []), (0, "110000", [])],
)
def test_nobody_drives_faster_than_a_lorry(minutes: int, division: str, signs: list[Sign]) -> None:
    later = trader("b", division, after=timedelta(minutes=minutes))

    assert signs_of(later, trader("a", CHANGCHUN)) == signs


def test_scans_by_turns_in_two_towns_leave_no_time_at_all() -> None:
    all_day = ScansOfDay("2026-10-01", "a", CHANGCHUN, 2, MORNING, MORNING + timedelta(hours=9))

    assert signs_of(all_day, trader("b", JILIN_CITY, after=timedelta(hours=5))) == ["km-per-hour"]


def test_a_suspicion_says_what_was_found() -> None:
    (found,) = suspicions([shoppers(13)], SIGNS)

    assert found == Suspicion("scans-in-a-day", 13, 12)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "shop-1", "shop-2", "shop-3", "shop-4", "shop-5"]),
            st.integers(1, 14),
            st.integers(0, 300),
        ),
        max_size=12,
    )
)
def test_a_code_is_suspect_since_the_first_scan_that_shows_a_sign(told: list[tuple[str, int, int]]) -> None:
    scans = [
        ScansOfDay("", place, CHANGCHUN if place else "", many, at, at)
        for place, many, days in told
        for at in [MORNING + timedelta(days=days)]
    ]
    ordered = sorted(scans, key=lambda each: (each.first_at, each.place))
    shown = (each.last_at for last, each in enumerate(ordered) if suspicions(ordered[: last + 1], SIGNS))

    assert clones.since(scans, SIGNS) == next(shown, None)


@given(st.integers(0, 10**18 - 1))
def test_the_alert_about_a_code_names_it(index: int) -> None:
    assert clones.code_of(clones.alert_of(index)) == index


@pytest.mark.parametrize(
    "alert", ["failed-test", "clone-suspected", "clone-suspected:", "clone-suspected:05"]
)
def test_what_names_no_code_is_no_alert_about_one(alert: str) -> None:
    assert clones.code_of(alert) is None
