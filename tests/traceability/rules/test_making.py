"""What comes out follows from what went in; control points hold; a mill mills no more than it can."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import LOT, MILL, PADDY, RICE, kg, lot, moment, past
from traceability.events.followup import Corrected, HoldResolved
from traceability.events.making import (
    ControlMeasured,
    ControlPointDeclared,
    CorrectiveActionTaken,
    TemplateDeclared,
    TemplateStep,
)
from traceability.events.processing import Part, Processed, Product, StepTold
from traceability.limits import shipped_rules
from traceability.past import KnownProduct
from traceability.past.making import KnownPoint, MakingPast, PastMeasurement
from traceability.rules.capacity import beyond_capacity
from traceability.rules.control import out_of_control
from traceability.rules.drying import against_dry_matter
from traceability.rules.outturn import out_of_proportion
from traceability.rules.template import off_template

RULES = shipped_rules()
NOON = moment("2026-10-10")
TARGET = "ab" * 32
DRIED = (Product(RICE, "bran", kg("800")),)


def process(output: str = "700", **told: Any) -> Processed:
    fields: dict[str, Any] = {
        "at": NOON,
        "process": "milling",
        "inputs": (Part(LOT, kg("1000")),),
        "outputs": (Product(RICE, "rice", kg(output)),),
        **told,
    }
    return Processed(**fields)


def mill(**told: Any) -> Any:
    return past(MILL, lot(by=MILL, of=PADDY), **told)


@pytest.mark.parametrize(
    ("rice", "found"),
    [
        ("450", []),
        ("449.999", [("outturn-low", "warn")]),
        ("680", []),
        ("680.001", [("outturn-high", "warn")]),
        ("720", [("outturn-high", "warn")]),
        ("720.001", [("outturn-impossible", "hold")]),
    ],
)
def test_rice_is_so_much_of_its_paddy(rice: str, found: list[tuple[str, str]]) -> None:
    breaches = out_of_proportion(process(rice), mill(), RULES)

    assert [(each.rule, each.level) for each in breaches] == found


def test_rice_that_was_rice_already_counts_whole() -> None:
    blend = process("1100", inputs=(Part(LOT, kg("1000")), Part(RICE + "0", kg("500"))), process="blending")
    white = KnownProduct(MILL, "rice", "milled-rice", "mass")
    known = past(MILL, lot(by=MILL, of=PADDY), lot(RICE + "0", by=MILL, of=white))

    assert list(out_of_proportion(blend, known, RULES)) == []


@pytest.mark.parametrize(("loss", "rules"), [("310", []), ("309.999", ["mass-unaccounted"])])
def test_with_a_way_of_making_all_is_accounted_for(loss: str, rules: list[str]) -> None:
    event = process("680", template="rice-milling", loss_kg=Decimal(loss))

    assert [each.rule for each in out_of_proportion(event, mill(), RULES)] == rules


def test_water_that_was_dried_out_need_not_be_weighed() -> None:
    told: dict[str, Any] = {"template": "grain-drying", "moisture_before": Decimal(30), "outputs": DRIED}

    whole = process(process="drying", moisture_after=Decimal("14.5"), **told)
    half = process(process="drying", **told)

    found = [[each.rule for each in out_of_proportion(event, mill(), RULES)] for event in (whole, half)]
    assert found == [[], ["mass-unaccounted"]]


def _own_way(most: str) -> TemplateDeclared:
    return TemplateDeclared(
        at=NOON,
        template="own-way",
        name="自家做法",
        steps=(TemplateStep("milling"),),
        inputs=("paddy",),
        outputs=("milled-rice",),
        most=Decimal(most),
    )


@pytest.mark.parametrize(("rice", "rules"), [("600", []), ("600.001", ["outturn-high"])])
def test_a_makers_own_template_bounds_its_outturn(rice: str, rules: list[str]) -> None:
    known = mill(making=MakingPast(template=_own_way("60")))
    event = process(rice, template="own-way", loss_kg=Decimal(390))

    assert [each.rule for each in out_of_proportion(event, known, RULES)] == rules


@pytest.mark.parametrize(
    ("name", "making", "rules"),
    [
        ("rice-milling", MakingPast(), []),
        ("own-way", MakingPast(), ["unknown-template"]),
        ("own-way", MakingPast(template=_own_way("60")), []),
        ("soybean-oil", MakingPast(), ["not-in-template", "not-in-template"]),
    ],
)
def test_a_process_follows_the_template_that_it_names(
    name: str, making: MakingPast, rules: list[str]
) -> None:
    breaches = off_template(process(template=name), mill(making=making), RULES)

    assert [each.rule for each in breaches] == rules


def test_no_template_takes_the_name_of_another() -> None:
    taken = TemplateDeclared(
        at=NOON,
        template="rice-milling",
        name="甲",
        steps=(TemplateStep("milling"),),
        inputs=("gold",),
        outputs=("paddy",),
    )

    breaches = off_template(taken, past(MILL), RULES)

    assert [each.rule for each in breaches] == ["template-taken", "unknown-commodity"]


def _dried(out: str, before: str, after: str) -> Processed:
    outputs = (Product(RICE, "rice", kg(out)),)
    before_and_after: dict[str, Any] = {
        "moisture_before": Decimal(before),
        "moisture_after": Decimal(after),
    }
    return process(process="drying", outputs=outputs, **before_and_after)


# 1000 kg at 20 % are 935.673 kg at 14.5 %; scales may be wrong by 10 kg, meters by 5.472 kg.
@pytest.mark.parametrize(
    ("out", "found"),
    [
        ("951.144", []),
        ("951.145", [("more-than-dry-matter", "warn")]),
        ("982.087", [("more-than-dry-matter", "warn")]),
        ("982.090", [("more-than-dry-matter", "hold")]),
        ("920.202", []),
        ("920.200", [("less-than-dry-matter", "warn")]),
    ],
)
def test_drying_leaves_the_dry_matter(out: str, found: list[tuple[str, str]]) -> None:
    breaches = against_dry_matter(_dried(out, "20", "14.5"), mill(), RULES)

    assert [(each.rule, each.level) for each in breaches] == found


@pytest.mark.parametrize(("after", "rules"), [("14.5", []), ("14.6", ["wetter-than-before"])])
def test_nothing_is_wetter_once_it_is_dried(after: str, rules: list[str]) -> None:
    assert [each.rule for each in against_dry_matter(_dried("1000", "14.5", after), mill(), RULES)] == rules


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ("1000", []),
        ("1000.001", [("over-capacity", "warn")]),
        ("3000", [("over-capacity", "warn")]),
        ("3000.001", [("over-capacity", "hold")]),
    ],
)
def test_a_mill_mills_in_a_day_what_it_can(done: str, found: list[tuple[str, str]]) -> None:
    making = MakingPast(capacity_kg=Decimal(2000), done_kg=Decimal(done))

    breaches = beyond_capacity(process(), mill(making=making), RULES)

    assert [(each.rule, each.level) for each in breaches] == found


def test_without_a_declared_capacity_nothing_is_too_much() -> None:
    assert list(beyond_capacity(process(), mill(making=MakingPast(done_kg=Decimal(10**9))), RULES)) == []


def _point(**told: Any) -> ControlPointDeclared:
    fields: dict[str, Any] = {
        "at": moment("2026-10-01"),
        "point": "belt",
        "name": "磁选",
        "process": "milling",
        "parameter": "temperature",
        "unit": "°C",
        "most": Decimal(40),
        **told,
    }
    return ControlPointDeclared(**fields)


@pytest.mark.parametrize(
    ("value", "limits", "held"),
    [
        ("40", {}, False),
        ("40.001", {}, True),
        ("10", {"least": Decimal(10)}, False),
        ("9.999", {"least": Decimal(10)}, True),
    ],
)
def test_a_measurement_outside_its_limits_holds_its_lots(
    value: str, limits: dict[str, Decimal], held: bool
) -> None:
    known = mill(making=MakingPast(points=(KnownPoint(_point(**limits), moment("2026-10-01")),)))
    event = ControlMeasured(at=NOON, point="belt", value=Decimal(value), lots=(LOT,))

    breaches = list(out_of_control(event, known, RULES))

    expected = [("control-point-failed", "hold", (LOT,))] if held else []
    assert [(each.rule, each.level, each.lots) for each in breaches] == expected


def test_only_a_declared_point_is_measured() -> None:
    event = ControlMeasured(at=NOON, point="belt", value=Decimal(1), lots=(LOT,))

    assert [each.rule for each in out_of_control(event, mill(), RULES)] == ["unknown-control-point"]


@pytest.mark.parametrize(("hours", "rules"), [(4, []), (5, ["control-point-overdue"])])
def test_a_point_is_looked_at_in_time(hours: int, rules: list[str]) -> None:
    point = KnownPoint(_point(every_hours=Decimal(4)), moment("2026-10-01"), NOON - timedelta(hours=hours))

    found = out_of_control(process(), mill(making=MakingPast(points=(point,))), RULES)

    assert [each.rule for each in found] == rules


@pytest.mark.parametrize(
    ("minutes", "rules"), [(240, []), (241, ["control-point-failed"]), (None, ["blanching-time-unknown"])]
)
def test_ears_are_blanched_in_time(minutes: int | None, rules: list[str]) -> None:
    point = _point(process="blanching", parameter="harvest-to-blanch", unit="h", most=Decimal(4))
    making = MakingPast(
        points=(KnownPoint(point, moment("2026-10-01")),),
        harvested_at={LOT: NOON - timedelta(minutes=minutes)} if minutes is not None else {},
    )
    steps = (StepTold("blanching", NOON),)

    found = out_of_control(process(process="freezing", steps=steps), mill(making=making), RULES)

    assert [each.rule for each in found] == rules


def _measured(*, failed: bool = True, remedied: bool = False, by: str = MILL) -> MakingPast:
    event = ControlMeasured(at=NOON, point="belt", value=Decimal(41), lots=(LOT,))
    return MakingPast(measurement=PastMeasurement(TARGET, by, event, failed, remedied))


@pytest.mark.parametrize(
    ("making", "lots", "rules"),
    [
        (_measured(), (LOT,), []),
        (_measured(), (RICE,), ["other-lots"]),
        (_measured(failed=False), (LOT,), ["nothing-failed"]),
        (_measured(by="somebody"), (LOT,), ["not-your-statement"]),
        (MakingPast(), (LOT,), ["unknown-statement"]),
    ],
)
def test_what_failed_is_put_right_by_its_maker(
    making: MakingPast, lots: tuple[str, ...], rules: list[str]
) -> None:
    event = CorrectiveActionTaken(at=NOON, measurement=TARGET, remedy="sorted-out", lots=lots)

    assert [each.rule for each in out_of_control(event, mill(making=making), RULES)] == rules


@pytest.mark.parametrize(
    ("making", "rules"),
    [(_measured(), ["no-corrective-action"]), (_measured(remedied=True), []), (MakingPast(), [])],
)
def test_a_hold_ends_after_a_corrective_action(making: MakingPast, rules: list[str]) -> None:
    event = HoldResolved(at=NOON, target=TARGET)

    assert [each.rule for each in out_of_control(event, mill(making=making), RULES)] == rules


def test_a_failure_that_is_withdrawn_holds_its_lots() -> None:
    event = Corrected(at=NOON, target=TARGET, reason="incorrect")

    (breach,) = out_of_control(event, mill(making=_measured()), RULES)

    assert (breach.rule, breach.level, breach.lots) == ("failure-withdrawn", "hold", (LOT,))
