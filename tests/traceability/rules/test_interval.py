from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import COOP, LOT, PLOT, kg, moment, past, plot
from traceability.errors import Breach
from traceability.events.field import Harvested, PlotShare, Treated
from traceability.limits import RULE_FILES, RuleSet, shipped_rules
from traceability.past import PastHarvest, PastTreatment
from traceability.reference import shipped
from traceability.rules.clauses import INTERVAL
from traceability.rules.interval import too_early

RULES = shipped_rules()
ROW = b"\xe4\xb8\x89\xe7\x8e\xaf\xe5\x94\x91,tricyclazole,,paddy,,21,,,,label,sure\n"
WITH_ROW = RuleSet.load(
    {name: shipped(name) + (ROW if name == "intervals.csv" else b"") for name in RULE_FILES}
)

SPRAYED = (("plot", PLOT), ("treatment", "75% 三环唑"), ("substances", "三环唑"), ("sprayed", "2026-07-01"))


def spray(days: int | None, day: str = "2026-07-01") -> PastTreatment:
    return PastTreatment(7, PLOT, "75% 三环唑", ("三环唑",), date.fromisoformat(day), days, None)


def harvest(day: str, **told: Any) -> Harvested:
    fields = {"at": moment(day), "lot": LOT, "product": "paddy", "amount": kg("500"), **told}
    return Harvested(plots=(PlotShare(PLOT, kg("500")),), **fields)


@pytest.mark.parametrize(("day", "refused"), [("2026-07-21", True), ("2026-07-22", False)])
def test_a_harvest_waits_for_the_interval_on_the_label(day: str, refused: bool) -> None:
    known = past(COOP, plots=[plot(treatments=[spray(21)])])

    breaches = list(too_early(harvest(day), known, RULES))

    facts = (*SPRAYED, ("days", "21"), ("earliest", "2026-07-22"))
    assert breaches == ([Breach("pre-harvest-interval", INTERVAL, facts)] if refused else [])


@pytest.mark.parametrize(
    ("hour", "refused"), [(15, True), (16, False)], ids=["23:00 in Shanghai", "midnight in Shanghai"]
)
def test_days_are_those_of_shanghai(hour: int, refused: bool) -> None:
    known = past(COOP, plots=[plot(treatments=[spray(21)])])

    breaches = list(too_early(harvest("2026-07-21", at=moment("2026-07-21", hour)), known, RULES))

    assert [breach.rule for breach in breaches] == (["pre-harvest-interval"] if refused else [])


@pytest.mark.parametrize(
    ("label", "day", "rules"),
    [
        (None, "2026-07-21", ["pre-harvest-interval"]),
        (None, "2026-07-22", []),
        (7, "2026-07-21", ["pre-harvest-interval"]),
        (30, "2026-07-30", ["pre-harvest-interval"]),
        (30, "2026-07-31", []),
    ],
)
def test_the_longer_of_label_and_sure_row_counts(label: int | None, day: str, rules: list[str]) -> None:
    known = past(COOP, plots=[plot(treatments=[spray(label)])])

    breaches = list(too_early(harvest(day), known, WITH_ROW))

    assert [breach.rule for breach in breaches] == rules


@pytest.mark.parametrize(("day", "held"), [("2027-08-04", True), ("2027-08-05", False)])
def test_an_unknown_interval_holds_the_lot_as_long_as_any_label_could(day: str, held: bool) -> None:
    known = past(COOP, plots=[plot(treatments=[spray(None)])])

    breaches = list(too_early(harvest(day), known, RULES))

    assert breaches == ([Breach("interval-unknown", INTERVAL, SPRAYED, "hold")] if held else [])


def test_a_spray_after_the_harvest_holds_nothing_back() -> None:
    known = past(COOP, plots=[plot(treatments=[spray(21, "2026-07-02")])])

    assert list(too_early(harvest("2026-07-01"), known, RULES)) == []


def test_a_label_may_say_that_no_day_need_pass() -> None:
    known = past(COOP, plots=[plot(treatments=[spray(0)])])

    assert list(too_early(harvest("2026-07-01"), known, RULES)) == []


def test_each_plot_of_a_harvest_is_asked() -> None:
    other = "0" * 25 + "2"
    shares = (PlotShare(other, kg("200")), PlotShare(PLOT, kg("300")))
    known = past(COOP, plots=[plot(treatments=[spray(21), spray(30)])])

    told = Harvested(at=moment("2026-07-10"), lot=LOT, product="paddy", amount=kg("500"), plots=shares)

    assert [dict(breach.facts)["earliest"] for breach in too_early(told, known, RULES)] == [
        "2026-07-22",
        "2026-07-31",
    ]


@pytest.mark.parametrize(
    ("label", "harvested", "rules"),
    [
        (21, "2026-06-30", []),
        (21, "2026-07-01", ["pre-harvest-interval"]),
        (21, "2026-07-21", ["pre-harvest-interval"]),
        (21, "2026-07-22", []),
        (None, "2026-07-22", ["interval-unknown"]),
    ],
)
def test_a_spray_told_after_the_harvest_holds_its_lot(
    label: int | None, harvested: str, rules: list[str]
) -> None:
    reaped = PastHarvest(9, LOT, date.fromisoformat(harvested), Decimal(500))
    spray_late = Treated(
        at=moment("2026-07-01"), plot=PLOT, name="A", substances=("三环唑",), interval_days=label
    )

    breaches = list(too_early(spray_late, past(COOP, plots=[plot(harvests=[reaped])]), RULES))

    assert [(each.rule, each.level, each.lots) for each in breaches] == [
        (rule, "hold", (LOT,)) for rule in rules
    ]


def test_a_plot_nobody_knows_has_no_sprays() -> None:
    told = Treated(at=moment("2026-07-01"), plot=PLOT, name="A", substances=("三环唑",))

    assert list(too_early(told, past(COOP), RULES)) == []
