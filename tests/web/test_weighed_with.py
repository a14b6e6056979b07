"""Where goods are weighed the forms offer one's own scales, and the record names the one that was chosen."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.grower import Room, room, send
from tests.rooms import Person, Rooms, opened_rooms
from tests.world import PADDY_LOT, PLOT, TOKEN, World
from traceability.events import Event

SCALE = "1号地磅"
OFFERED = f'<option value="{SCALE}">{SCALE} · 衡器</option>'
PROCESS = {
    "process": "milling",
    "inputs.0.lot": PADDY_LOT,
    "inputs.0.amount": "100",
    "outputs.0.product": "rice",
    "outputs.0.amount": "60",
}
DRYING = {
    "lot": PADDY_LOT,
    "wet": "100",
    "moisture_before": "20",
    "product": "paddy",
    "dried": "90",
    "moisture_after": "14.5",
}


def scale(world: World, party: str) -> None:
    """Let *party* have a scale that was calibrated."""
    world.say(party, "instrument-registered", instrument=SCALE, instrument_type="scale")
    world.say(party, "calibrated", instrument=SCALE, institution="院", conclusion="passed", due="2027-12-31")


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as opened:
        opened.world.at("2026-09-21T08:00:00+08:00")
        opened.world.harvest()
        for party in ("heitu", "mifang"):
            scale(opened.world, party)
        opened.world.clock.pass_time(hours=1)
        yield opened


def chosen(
    rooms: Rooms, person: Person, path: str, told: dict[str, Any], page: str = ""
) -> tuple[bool, Event]:
    """Fill in a form with the scale that it offers; return whether it offered it, and what was recorded."""
    shown = person.get(page or path)
    answer = person.send(path, told, instrument=SCALE, action="sign")
    assert answer.status_code == 302, answer.text
    return OFFERED in shown.text, rooms.last()


def test_a_mill_names_its_scale_where_it_receives_and_where_it_processes(rooms: Rooms) -> None:
    parts = [{"lot": PADDY_LOT, "amount": {"kg": "5000"}}]
    handover = sha256(TOKEN.encode()).hexdigest()
    shipped = rooms.world.say("heitu", "shipped", parts=parts, handover=handover, to="mifang")
    mill, page = rooms.person("mifang"), f"/mill/receive?shipment={shipped.digest}"
    weighed = {
        "parts.0.lot": PADDY_LOT,
        "parts.0.amount": "5000",
        "shipment": shipped.digest,
        "token": TOKEN,
    }

    found = [
        chosen(rooms, mill, "/mill/receive", weighed, page),
        chosen(rooms, mill, "/mill/process", PROCESS),
    ]

    assert [(offered, event.kind, getattr(event, "instrument", "")) for offered, event in found] == [
        (True, "received", SCALE),
        (True, "processed", SCALE),
    ]


def test_a_grower_names_its_scale_where_it_dries(rooms: Rooms) -> None:
    offered, event = chosen(rooms, rooms.person("heitu"), "/farm/drying", DRYING)

    assert (offered, event.kind, getattr(event, "instrument", "")) == (True, "processed", SCALE)


@pytest.mark.parametrize(("due", "offered"), [("2026-10-02", "衡器"), ("2026-10-01", "衡器 · 已过期")])
def test_a_scale_whose_day_is_over_says_so_in_the_list(rooms: Rooms, due: str, offered: str) -> None:
    rooms.world.at("2026-10-02T20:00:00+08:00")
    told = {"instrument": SCALE, "institution": "院", "conclusion": "passed", "due": due}
    rooms.world.say("mifang", "calibrated", at="2026-09-30T08:00:00+08:00", **told)

    page = rooms.person("mifang").get("/mill/process")

    assert f'<option value="{SCALE}">{SCALE} · {offered}</option>' in page.text


def test_without_a_scale_of_ones_own_the_form_leads_to_where_they_are_registered(tmp_path: Path) -> None:
    with opened_rooms(tmp_path) as opened:
        scale(opened.world, "heitu")

        page = opened.person("mifang").get("/mill/process")

    assert (SCALE in page.text, "/results/instruments" in page.text) == (False, True)


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        scale(opened.told, "heitu")
        yield opened


def test_a_harvest_names_the_scale_and_keeps_it_when_it_is_put_right(farm: Room) -> None:
    client = farm.client()
    told = {"plots__0__plot": PLOT, "plots__0__amount": "800", "unit": "jin", "lot": "26-C"}
    told["at"] = "2026-09-22T07:30"
    page = client.get("/farm/record/harvested?product=paddy")

    answer = send(client, "/farm/record/harvested?product=paddy", **told, instrument=SCALE)

    assert answer.status_code == 302, answer.text
    assert OFFERED in page.text
    assert farm.last()["event"]["instrument"] == SCALE
    digest = answer.location.rsplit("/", maxsplit=1)[-1]
    again = client.get(f"/farm/correct/{digest}?reason=incorrect")
    assert f'<option value="{SCALE}" selected>' in again.text
