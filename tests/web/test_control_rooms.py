"""Control points, capacities, templates and protocols on their pages, each for those whose they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import MEMBER, PADDY_LOT, PLOT, RICE_LOT
from traceability.events import making, processing
from traceability.events.registry import PlotRegistered
from traceability.statement import new_id

POINT = {
    "name": "磁选",
    "point": "metal",
    "process": "milling",
    "parameter": "metal",
    "unit": "mm",
    "most": "1.5",
}


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """The small world with paddy at the mill."""
    with opened_rooms(tmp_path) as opened:
        opened.world.at("2026-09-21T08:00:00+08:00")
        opened.world.harvest()
        opened.world.at("2026-10-01T08:00:00+08:00")
        opened.world.hand_over(PADDY_LOT, "4000", by="heitu", to="mifang")
        opened.world.at("2026-10-03T08:00:00+08:00")
        yield opened


def test_a_point_is_declared_measured_and_put_right(rooms: Rooms) -> None:
    mill = rooms.person("mifang")
    assert mill.send("/mill/record/control-point-declared", POINT).status_code == 302
    rooms.world.mill("4000", "2700")
    measured = {"point": "metal", "value": "2", "lots": RICE_LOT}
    assert mill.send("/mill/record/control-measured", measured).status_code == 302
    page = mill.get("/mill/control")
    assert "超出限值" in words_of(page)
    failed = rooms.world.statement_of("control-measured").digest

    answer = mill.send(
        f"/mill/record/corrective-action-taken/{failed}", remedy="sorted-out", note="重新过磁选"
    )

    assert answer.status_code == 302
    assert isinstance(rooms.last(), making.CorrectiveActionTaken)
    assert "已纠偏，等核查" in words_of(mill.get("/mill/control"))


def test_nobody_puts_right_what_another_measured(rooms: Rooms) -> None:
    rooms.world.say("mifang", "control-point-declared", **POINT)
    rooms.world.mill("4000", "2700")
    failed = rooms.world.say("mifang", "control-measured", point="metal", value="2", lots=[RICE_LOT]).digest
    size = rooms.size

    answer = rooms.person("heitu").send(f"/farm/record/corrective-action-taken/{failed}", remedy="other")

    assert (answer.status_code, rooms.size) == (403, size)


@pytest.mark.parametrize(
    "address", ["/mill/control", "/mill/record/capacity-declared", "/mill/record/template-declared"]
)
def test_a_shop_controls_no_mill(rooms: Rooms, address: str) -> None:
    assert rooms.person("chaoshi").get(address).status_code == 403


@pytest.mark.parametrize("address", ["/farm/drying", "/farm/record/protocol-adopted", "/farm/control"])
def test_a_mill_has_no_business_in_the_field(rooms: Rooms, address: str) -> None:
    assert rooms.person("mifang").get(address).status_code == 403


def test_a_capacity_shows_what_today_has_used_of_it(rooms: Rooms) -> None:
    mill = rooms.person("mifang")
    mill.send("/mill/record/capacity-declared", process="milling", kg_a_day="8000")
    rooms.world.mill("4000", "2700")

    assert (
        "50%" in mill.get("/mill/control").text.replace(" ", "") or "4000" in mill.get("/mill/control").text
    )


def test_a_template_of_ones_own_is_followed(rooms: Rooms) -> None:
    mill = rooms.person("mifang")
    told = {
        "name": "石碾米",
        "template": "stone-mill",
        "inputs": "paddy",
        "outputs": "milled-rice",
        "steps.0.process": "cleaning",
        "steps.1.process": "milling",
    }
    assert mill.send("/mill/record/template-declared", told).status_code == 302
    assert "石碾米" in words_of(mill.get("/mill/process", template="stone-mill"))

    form = {
        "process": "milling",
        "template": "stone-mill",
        "step_0": "true",
        "inputs.0.lot": PADDY_LOT,
        "inputs.0.amount": "4000",
        "outputs.0.product": "rice",
        "outputs.0.amount": "2700",
        "loss_kg": "1300",
        "action": "sign",
    }
    answer = mill.send("/mill/process", form)

    assert answer.status_code == 302
    event = rooms.last()
    assert isinstance(event, processing.Processed)
    assert (event.template, event.steps) == ("stone-mill", (processing.StepTold("cleaning"),))


def test_the_steps_of_a_template_stand_on_the_form(rooms: Rooms) -> None:
    page = rooms.person("mifang").get("/mill/process", template="fresh-maize-frozen")

    assert [word in words_of(page) for word in ("剥苞叶", "杀青", "速冻")] == [True, True, True]
    assert 'name="began_4"' in page.text


def test_a_cooperative_dries_its_paddy(rooms: Rooms) -> None:
    form = {
        "lot": PADDY_LOT,
        "wet": "1000",
        "moisture_before": "20",
        "product": "paddy",
        "dried": "935",
        "moisture_after": "14.5",
        "template": "grain-drying",
    }

    answer = rooms.person("heitu").send("/farm/drying", form)

    assert answer.status_code == 302
    event = rooms.last()
    assert isinstance(event, processing.Processed)
    assert (event.process, event.template) == ("drying", "grain-drying")
    assert (str(event.moisture_before), str(event.moisture_after)) == ("20", "14.5")


def test_a_protocol_is_adopted_and_its_marks_stand_on_the_plot(rooms: Rooms) -> None:
    farm = rooms.person("heitu")

    adopted = farm.send("/farm/record/protocol-adopted", protocol="rice-jilin", season="2026", plots=PLOT)
    worked = farm.send("/farm/record/field-worked", plot=PLOT, work="weeding", member=MEMBER)

    assert (adopted.status_code, worked.status_code) == (302, 302)
    page = words_of(farm.get(f"/farm/plots/{PLOT}"))
    assert "水稻种植技术规程" in page
    assert "没有记录" in page


def test_a_protocol_is_not_adopted_for_anothers_plot(rooms: Rooms) -> None:
    size = rooms.size
    form = {"protocol": "rice-jilin", "season": "2026", "plots": "z" * 26}

    answer = rooms.person("heitu").send("/farm/record/protocol-adopted", form)

    assert (answer.status_code, rooms.size) == (404, size)


def test_a_lot_says_whose_share_is_how_much(rooms: Rooms) -> None:
    page = words_of(rooms.person("heitu").get("/farm/lot", lot=PADDY_LOT))

    assert "王虚构" in page
    assert "100.0%" in page


@pytest.mark.parametrize(("division", "status"), [("220283", 302), ("220182", 422)])
def test_a_plot_is_counted_to_a_name_that_its_county_allows(rooms: Rooms, division: str, status: int) -> None:
    form = {
        "statement_id": new_id(),
        "at": "2026-10-02T08:00",
        "commodity": "paddy",
        "area_ha": "30",
        "unit": "mu",
        "division": division,
        "gi": "舒兰大米",
        "high_standard": "true",
        "high_standard_number": "虚构 0007",
    }

    answer = rooms.person("heitu").send("/farm/record/plot-registered", form)

    assert answer.status_code == status
    event = rooms.last()
    told = (event.gi, event.high_standard) if isinstance(event, PlotRegistered) else None
    assert told == (("舒兰大米", True) if status == 302 else None)


def test_an_office_declares_a_way_of_making_for_all(rooms: Rooms) -> None:
    told = {
        "name": "葵花籽油",
        "template": "sunflower-oil",
        "inputs": "soybean",
        "outputs": "soybean-oil",
        "steps.0.process": "pressing",
    }

    answer = rooms.person("sheng").send("/regulator/record/template-declared", told)

    assert answer.status_code == 302
    assert rooms.person("mifang").send("/regulator/record/template-declared", told).status_code == 403
    assert "压榨" in words_of(rooms.person("mifang").get("/mill/process", template="sunflower-oil"))
