"""Marks on lots from the first licence to the shopper's shelf, and the account of the season."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests import brands, world
from tests.world import RICE_LOT, World
from traceability import admission, audit, marks, season
from traceability.bearing import borne
from traceability.errors import Refused
from traceability.events.brands import Score
from traceability.limits import shipped_rules
from web import database

DAY = date(2026, 10, 11)
BLEND = "/lot/mifang/rice/B-1"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    """Yield a world with rice, a tree of marks and a licence for each."""
    with world.opened(tmp_path) as opened:
        brands.chain(opened)
        yield opened


def shown(made: World, lot: str = RICE_LOT, on: date = DAY) -> list[tuple[str, str | None]]:
    """Return each mark of the lot, and why it does not count."""
    with made.services.reading() as reader:
        return [(each.mark.mark, each.stop) for each in marks.marks_of_lot(reader, lot, on)]


def refused(made: World, **told: Any) -> set[str]:
    """Apply the mill's mark, and return the rules that forbid it."""
    with pytest.raises(Refused) as error:
        brands.apply(made, **told)
    return {breach.rule for breach in error.value.breaches}


def process(made: World, output: str, *inputs: tuple[str, str], kg: str, product: str = "rice") -> None:
    """Let the mill make one lot of others."""
    parts = [{"lot": lot, "amount": {"kg": part}} for lot, part in inputs]
    outputs = [{"lot": output, "product": product, "amount": {"kg": kg}}]
    made.say("mifang", "processed", process="blending", inputs=parts, outputs=outputs)


def account(made: World, mark: str = "mifang-rice") -> season.SeasonAccount:
    """Return the account of the season in which the rice was made."""
    with made.services.reading() as reader:
        found = season.season_account(reader.connection, mark, 2026)
    assert found is not None
    return found


LIVE = [("jilin-rice", None), ("yushu-rice", None), ("mifang-rice", None)]


def test_a_lot_shows_a_mark_and_every_mark_above_it(made: World) -> None:
    brands.apply(made)

    assert shown(made) == LIVE


def test_a_lot_without_a_mark_of_its_own_has_none(made: World) -> None:
    assert shown(made) == []


def test_no_day_before_the_mark_was_applied_shows_it(made: World) -> None:
    brands.apply(made)

    assert shown(made, on=date(2026, 10, 9)) == []


@pytest.mark.parametrize(
    ("by", "licence", "expected"),
    [
        ("mifang", "l-own", [("jilin-rice", None), ("yushu-rice", None), ("mifang-rice", "suspended")]),
        (
            "yushu",
            "l-mifang",
            [("jilin-rice", None), ("yushu-rice", "suspended"), ("mifang-rice", "suspended")],
        ),
        ("sheng", "l-yushu", [(name, "suspended") for name, _ in LIVE]),
    ],
)
def test_a_mark_counts_only_while_every_licence_above_it_does(
    made: World, by: str, licence: str, expected: list[tuple[str, str | None]]
) -> None:
    brands.apply(made)
    made.at("2026-10-11T09:00:00+08:00")

    made.say(by, "licence-suspended", licence=licence, why="misuse", note="虚构情况")

    assert shown(made) == expected
    assert shown(made, on=date(2026, 10, 10)) == LIVE


def test_a_resumed_licence_counts_again_and_a_revoked_one_never(made: World) -> None:
    brands.apply(made)
    made.at("2026-10-11T09:00:00+08:00")
    made.say("sheng", "licence-suspended", licence="l-yushu", why="misuse")
    made.at("2026-10-12T09:00:00+08:00")

    made.say("sheng", "licence-resumed", licence="l-yushu", why="corrected")

    assert shown(made, on=date(2026, 10, 12)) == LIVE
    made.say("sheng", "licence-revoked", licence="l-yushu", why="misuse")
    assert {stop for _, stop in shown(made, on=date(2027, 10, 12))} == {"revoked"}


@pytest.mark.parametrize(("on", "stop"), [(date(2027, 12, 31), None), (date(2028, 1, 1), "expired")])
def test_a_mark_is_history_when_its_licence_has_run_out(made: World, on: date, stop: str | None) -> None:
    brands.apply(made)

    assert {each for _, each in shown(made, on=on)} == {stop}


def test_a_retired_mark_is_history(made: World) -> None:
    brands.apply(made)

    made.say("yushu", "mark-retired", mark="yushu-rice", why="voluntary")

    assert shown(made) == [("jilin-rice", None), ("yushu-rice", "retired"), ("mifang-rice", "retired")]


def test_a_lot_that_failed_a_test_is_not_praised(made: World) -> None:
    brands.apply(made)

    made.inspect(cadmium="0.5", passed=False)

    assert {stop for _, stop in shown(made)} <= {"failed", "held"}


def test_the_whole_of_a_marked_lot_brings_its_mark_along(made: World) -> None:
    brands.apply(made)

    process(made, BLEND, (RICE_LOT, "1000"), kg="1000")

    assert shown(made, BLEND) == LIVE


def test_a_blend_with_unmarked_rice_shows_no_mark_in_force(made: World) -> None:
    brands.apply(made)
    made.say("mifang", "untraced-received", lot="/lot/mifang/rice/X-1", product="rice", amount={"kg": "1000"})

    process(made, BLEND, (RICE_LOT, "1000"), ("/lot/mifang/rice/X-1", "1000"), kg="2000")

    assert {stop for _, stop in shown(made, BLEND)} == {"origin"}
    with made.services.reading() as reader:
        found = borne(reader.connection, BLEND)
    assert [(each.share, each.kg) for each in found] == [(Fraction(1, 2), Fraction(1000))]


def test_a_by_product_that_the_mark_is_not_for_bears_none(made: World) -> None:
    brands.apply(made)

    process(made, "/lot/mifang/bran/B-2", (RICE_LOT, "1000"), kg="1000", product="bran")

    assert shown(made, "/lot/mifang/bran/B-2") == []


def test_marked_mass_of_children_is_at_most_that_of_their_parents(made: World) -> None:
    brands.apply(made, kg="1650")

    process(made, BLEND, (RICE_LOT, "2000"), kg="1900")

    with made.services.reading() as reader:
        found = borne(reader.connection, BLEND)
    assert [(each.share, each.kg) for each in found] == [(Fraction(1, 2), Fraction(950))]
    assert shown(made, BLEND) == [(name, "blended") for name, _ in LIVE]


def test_a_lot_bears_a_mark_on_no_more_than_there_is_of_it(made: World) -> None:
    brands.apply(made, kg="3300")

    assert refused(made, kg="0.001") == {"mark-over-lot"}


def test_what_was_taken_before_the_mark_does_not_bear_it(made: World) -> None:
    process(made, BLEND, (RICE_LOT, "3000"), kg="3000")
    made.clock.pass_time(hours=1)

    brands.apply(made, kg="300")

    assert shown(made, BLEND) == []
    assert shown(made) == [(name, "blended") for name, _ in LIVE]


def test_a_mark_stands_on_what_is_still_there(made: World) -> None:
    process(made, BLEND, (RICE_LOT, "3000"), kg="3000")

    assert refused(made, kg="300.001") == {"mass-balance"}


@pytest.mark.parametrize(("quota", "broken"), [("3.3", None), ("3.299", {"quota-overdrawn"})])
def test_a_mark_is_applied_while_the_quota_of_the_season_lasts(
    tmp_path: Path, quota: str, broken: set[str] | None
) -> None:
    with world.opened(tmp_path) as made:
        brands.chain(made, quota=quota)

        found = refused(made) if broken else brands.apply(made) and None

    assert found == broken


def test_a_mark_that_was_withdrawn_gives_its_quota_back(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        brands.chain(made, quota="3.3")
        wrong = brands.apply(made)
        assert refused(made) == {"mark-over-lot", "quota-overdrawn"}

        made.say("mifang", "corrected", target=wrong.digest, reason="incorrect")

        brands.apply(made, kg="3300")
        assert account(made).applied_kg == 3300


def test_a_new_season_has_the_whole_quota(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        brands.chain(made, quota="2")
        brands.apply(made, kg="1900")
        assert refused(made, kg="200") == {"quota-overdrawn"}

        made.at("2027-09-01T09:00:00+08:00")

        brands.apply(made, kg="200")


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ({"licence": "nobody"}, {"licence-unknown"}),
        ({"licence": "l-yushu"}, {"licence-other", "mark-product-outside"}),
        ({"mark": "yushu-rice"}, {"licence-other"}),
    ],
)
def test_a_mark_needs_a_licence_for_it(made: World, told: dict[str, Any], broken: set[str]) -> None:
    assert refused(made, **told) == broken


def test_a_stopped_licence_marks_nothing(made: World) -> None:
    made.say("sheng", "licence-suspended", licence="l-yushu", why="misuse")

    assert refused(made) == {"licence-stopped"}


def test_nobody_goes_back_behind_the_day_on_which_a_licence_was_stopped(made: World) -> None:
    before = made.clock().isoformat()
    made.clock.pass_time(days=2)
    made.say("sheng", "licence-suspended", licence="l-yushu", why="misuse")

    assert refused(made, at=before) == {"licence-stopped"}


def test_what_was_marked_while_a_licence_ran_may_be_told_after_its_last_day(made: World) -> None:
    before = made.clock().isoformat()
    made.at("2027-01-02T09:00:00+08:00")

    told = brands.apply(made, at=before)

    assert (told.was_known, made.statement_of("mark-applied").event.at.isoformat()) == (False, before)


def test_a_part_that_nobody_traced_takes_the_mark_from_the_whole(made: World) -> None:
    made.say("mifang", "untraced-received", lot="/lot/mifang/rice/X-1", product="rice", amount={"kg": "10"})
    process(made, BLEND, (RICE_LOT, "1000"), ("/lot/mifang/rice/X-1", "10"), kg="1010")

    found = refused(made, lot=BLEND, kg="1010")

    assert found == {"mark-origin-outside"}


def test_a_mark_stands_on_ones_own_goods_alone(made: World) -> None:
    made.hand_over(RICE_LOT, "3300", by="mifang", to="chaoshi")

    assert "not-held" in refused(made)


def test_the_season_account_tells_who_goes_beyond(made: World) -> None:
    brands.apply(made)
    made.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=600, pack={"kg": "5"})
    basis = {"mark": "mifang-rice", "season": 2026, "commodity": "paddy", "division": "220182"}

    made.say("mifang", "season-basis-set", **basis, area_ha="0.6", yield_kg_ha="7500", outturn_percent="70")

    found = account(made)
    line = season.HolderLine("mifang", "220182", Decimal(10_000), Decimal(3300), Decimal(3000))
    assert found.holders == (line,)
    assert [found.capacity_kg, found.applied_kg, found.coded_kg] == [
        Decimal(3150),
        Decimal(3300),
        Decimal(3000),
    ]
    assert found.beyond == ("capacity",)
    assert [(each.division, each.is_beyond) for each in found.places] == [("220182", True)]


def test_the_account_of_a_mark_above_counts_what_leans_on_it(made: World) -> None:
    brands.apply(made)

    found = account(made, "jilin-rice")

    assert [(each.party, each.quota_kg, each.applied_kg) for each in found.holders] == [
        ("yushu", Decimal(100_000), Decimal(3300))
    ]


def test_wuchang_could_have_known() -> None:
    """The check of regulation.md 2.6, rule 5: its factors give 115.5万t (it says 105); 1,000万t were sold."""
    hectares, kg_a_hectare = Decimal(2_200_000) / 15, Decimal(1500) / 2 * 15

    basis = season.Basis("230184", "paddy", hectares, kg_a_hectare, Decimal(70))

    assert round(basis.capacity_kg / 1000) == 1_155_000
    assert basis.capacity_kg / 1000 < 10_000_000


def test_everything_about_marks_is_rebuilt_from_the_log(made: World) -> None:
    brands.apply(made, kg="1000")
    wrong = brands.apply(made, kg="100")
    made.say("mifang", "corrected", target=wrong.digest, reason="incorrect")
    made.say(
        "sheng", "gi-user-authorised", gi="榆树大米", party="mifang", since="2026-01-01", until="2028-01-01"
    )
    honour = {"honour": "time-honoured", "party": "mifang", "authority": "虚构商务厅", "year": 2019}
    made.say("sheng", "credential-recorded", credential="c-1", **honour)
    made.say("mifang", "story-told", published=True, title="黑土", text="讲一讲这块地", product="rice")
    made.services.log.publish()

    with database.auditing(made.services.settings) as subject:
        report = audit.audit(subject)

    assert report.findings == []


def test_a_mark_of_a_plot_elsewhere_is_refused(made: World) -> None:
    brands.mark(made, "sheng", "baishan-rice", divisions=["220600"], owner="sheng")
    brands.licence(made, "sheng", "l-baishan", mark="baishan-rice", party="mifang")

    found = refused(made, mark="baishan-rice", licence="l-baishan")

    assert found == {"mark-origin-outside"}


def test_the_ledger_measures_what_it_knows_of_a_product(made: World) -> None:
    with made.services.reading() as reader:
        tests, protocol, trace = admission.measured(reader, "mifang", "rice", shipped_rules(), DAY)

    assert tests == Score("tests", 100, 1)
    assert (protocol.percent, protocol.counted) == (0, 1)
    assert (0 < trace.percent < 100, trace.counted) == (True, 1)


def test_of_an_unknown_product_nothing_is_measured(made: World) -> None:
    with made.services.reading() as reader:
        found = admission.measured(reader, "mifang", "nothing", shipped_rules(), DAY)

    assert [(each.percent, each.counted) for each in found] == [(0, 0)] * 3
