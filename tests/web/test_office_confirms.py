"""What a laboratory says that an office has ordered waits, in the rooms, for the word of that office."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import RICE_LOT

WAITS = "尚未确认，不计入合格率"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as opened:
        opened.world.whole_chain()
        yield opened


def test_an_office_finds_what_was_said_of_it_and_confirms_it(rooms: Rooms) -> None:
    sampling = rooms.world.say(
        "jiance",
        "sampled",
        lot=RICE_LOT,
        sample="S-9",
        purpose="supervision",
        product_class="food",
        commodity="milled-rice",
        division="220182",
        amount={"kg": "2"},
        ordered_by="yushu",
    )
    office, other, mill = (rooms.person(name) for name in ("yushu", "sheng", "mifang"))
    path = f"/regulator/record/{sampling.index}/confirm"
    lists = ((office, "/regulator/samplings"), (other, "/regulator/samplings"), (mill, "/results/"))
    before = [person.get(address) for person, address in lists]

    answer = office.send(path)

    assert answer.status_code == 302
    assert [WAITS in words_of(page) for page in before] == [True, True, True]
    assert [path in page.text for page in before] == [True, False, False]
    assert [WAITS in words_of(person.get(address)) for person, address in lists] == [False, False, False]
