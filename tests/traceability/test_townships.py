from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.rooms import Rooms, opened_rooms
from tests.world import MEMBER
from traceability.scope import Scope
from traceability.townships import Village, villages

TOWN, VILLAGE = "220182101000", "220182101203"
PLOTS: tuple[dict[str, Any], ...] = (
    {"township": VILLAGE, "commodity": "paddy", "area_ha": "3"},
    {"township": VILLAGE, "commodity": "paddy", "area_ha": "1.5"},
    {"township": VILLAGE, "commodity": "maize", "area_ha": "0.5"},
    {"township": TOWN, "commodity": "black-fungus", "bags": 9000, "member": MEMBER},
)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as made:
        for number, told in enumerate(PLOTS):
            plot = f"{number}" + "t" * 25
            made.world.say("heitu", "plot-registered", plot=plot, division="220182", **told)
        yield made


def test_each_village_is_told_with_its_crops_the_largest_first(rooms: Rooms) -> None:
    with rooms.world.services.reading() as reader:
        found = villages(reader.connection, Scope.of(reader.connection, "220182"))
        elsewhere = villages(reader.connection, Scope.of(reader.connection, "220283"))

    assert found == [
        Village(TOWN, "black-fungus", 1, 1, Decimal(0), 9000, None),
        Village(VILLAGE, "paddy", 2, 1, Decimal("4.5"), 0, Decimal("0.900")),
        Village(VILLAGE, "maize", 1, 1, Decimal("0.5"), 0, Decimal("0.100")),
    ]
    assert elsewhere == []


def test_the_office_reads_it_and_nobody_else(rooms: Rooms) -> None:
    page = rooms.person("yushu").get("/regulator/villages")

    assert (page.status_code, VILLAGE in page.text, "榆树" in page.text) == (200, True, True)
    assert rooms.person("heitu").get("/regulator/villages").status_code == 403
