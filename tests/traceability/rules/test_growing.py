"""A plot lies in the area that its grower claims, ginseng has stood long enough, a protocol fits its crop."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import COOP, LOT, PLOT, moment, past, plot
from traceability.events.field import Harvested, PlotShare
from traceability.events.growing import ProtocolAdopted
from traceability.events.registry import PlotRegistered
from traceability.limits import shipped_rules
from traceability.past import KnownProduct
from traceability.quantity import Amount
from traceability.rules.age import out_of_age
from traceability.rules.origin import outside_its_area
from traceability.rules.template import off_template

RULES = shipped_rules()
KG = Amount(kg=Decimal(100))


def _plot(gi: str, division: str, commodity: str) -> PlotRegistered:
    return PlotRegistered(
        at=moment("2026-03-01"),
        plot=PLOT,
        division=division,
        commodity=commodity,
        area_ha=Decimal(1),
        gi=gi,
    )


@pytest.mark.parametrize(
    ("gi", "division", "commodity", "found"),
    [
        ("舒兰大米", "220283", "paddy", []),
        ("延边大米", "222424", "paddy", []),
        ("延边大米", "220182", "paddy", [("outside-the-area", "refuse", "AQSIQ 公告2006年第220号")]),
        ("延边大米", "222424", "maize", [("outside-the-area", "refuse", "AQSIQ 公告2006年第220号")]),
        ("吉林长白山人参", "220621", "ginseng-fresh", []),
        ("吉林长白山人参", "220182", "ginseng-fresh", [("outside-the-area", "refuse", "GB/T 19506-2009")]),
        ("榆树大米", "220283", "paddy", [("outside-the-area", "warn", "本账规则 / rule of this ledger")]),
        ("五常大米", "220283", "paddy", [("unknown-indication", "refuse", "本账规则 / rule of this ledger")]),
    ],
)
def test_a_plot_lies_in_the_area_that_it_is_counted_to(
    gi: str, division: str, commodity: str, found: list[tuple[str, str, str]]
) -> None:
    breaches = outside_its_area(_plot(gi, division, commodity), past(COOP), RULES)

    assert [(each.rule, each.level, each.clause) for each in breaches] == found


def _dug(**told: Any) -> Harvested:
    return Harvested(
        at=moment("2026-09-20"), lot=LOT, product="root", amount=KG, plots=(PlotShare(PLOT, KG),), **told
    )


@pytest.mark.parametrize(
    ("planted", "cultivation", "sold_as", "rules"),
    [
        (2022, "garden", None, []),
        (2023, "garden", None, ["too-young"]),
        (2022, None, None, []),
        (2023, None, None, ["too-young"]),
        (2011, "forest", None, []),
        (2012, "forest", None, ["too-young"]),
        (None, "garden", None, ["age-unknown"]),
        (2021, "garden", "food", []),
        (2020, "garden", "food", ["too-old-for-food"]),
        (2020, "garden", "medicine", []),
        (2010, "forest", "food", ["too-old-for-food", "forest-ginseng-as-food"]),
    ],
)
def test_ginseng_has_an_age(
    planted: int | None, cultivation: str | None, sold_as: str | None, rules: list[str]
) -> None:
    bed = replace(plot(commodity="ginseng-fresh"), planted=planted, cultivation=cultivation)
    root = KnownProduct(COOP, "root", "ginseng-fresh", "mass")
    known = past(COOP, plots=[bed], products={(COOP, "root"): root})

    breaches = list(out_of_age(_dug(sold_as=sold_as), known, RULES))

    assert [each.rule for each in breaches] == rules
    assert {each.level for each in breaches} <= {"warn"}


def test_paddy_has_no_age() -> None:
    assert list(out_of_age(_dug(), past(COOP, plots=[plot()]), RULES)) == []


@pytest.mark.parametrize(
    ("protocol", "rules"),
    [
        ("rice-jilin", []),
        ("ginseng-garden", ["protocol-of-another-crop"]),
        ("dance", ["unknown-protocol"]),
    ],
)
def test_a_protocol_is_of_the_crop_of_its_plots(protocol: str, rules: list[str]) -> None:
    event = ProtocolAdopted(at=moment("2026-03-01"), protocol=protocol, season=2026, plots=(PLOT,))

    assert [each.rule for each in off_template(event, past(COOP, plots=[plot()]), RULES)] == rules
