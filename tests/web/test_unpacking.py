"""A box that comes apart: emptied, or so much of it taken out, and the rest still in it."""

from collections.abc import Iterator

import pytest

from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import RICE_LOT
from traceability import boxes
from traceability.events.processing import Unpacked

PALLET, BOX = "/place/chaoshi-tuopan-1", "/place/chaoshi-xiang-1"
WANTED = {"container": PALLET, "how_much": "some", "parts.0.lot": RICE_LOT}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("boxes")) as made:
        made.world.whole_chain()
        made.world.hand_over(RICE_LOT, "500", by="mifang", to="chaoshi")
        yield made


@pytest.fixture
def rooms(shared: Rooms) -> Rooms:
    """A pallet of the market, packed anew: 60 kg by themselves, and a box of 20 kg."""
    say = shared.world.say
    for container in (PALLET, BOX):
        say("chaoshi", "unpacked", container=container)
    say("chaoshi", "packed", container=BOX, parts=[{"lot": RICE_LOT, "amount": {"kg": "20"}}])
    loose = [{"lot": RICE_LOT, "amount": {"kg": "60"}}]
    say("chaoshi", "packed", container=PALLET, parts=loose, containers=[BOX])
    shared.world.clock.pass_time(minutes=1)
    return shared


def inside(rooms: Rooms, container: str = PALLET) -> list[str]:
    with rooms.world.services.reading() as reader:
        here = {each.container: each for each in boxes.boxes(reader, "chaoshi")}
    return [str(part.amount.kg) for part in here[container].parts] if container in here else []


@pytest.mark.parametrize(("typed", "left"), [("15", ["65"]), ("60", ["20"])])
def test_a_market_takes_a_part_out_of_a_box(rooms: Rooms, typed: str, left: list[str]) -> None:
    answer = rooms.person("chaoshi").send("/market/unpack", {**WANTED, "parts.0.amount": typed})

    assert answer.status_code == 302, words_of(answer)
    assert inside(rooms) == left


def test_a_box_that_stands_in_it_comes_out_whole(rooms: Rooms) -> None:
    answer = rooms.person("chaoshi").send("/market/unpack", {**WANTED, "containers.0": BOX})

    event = rooms.last()
    assert answer.status_code == 302, words_of(answer)
    assert isinstance(event, Unpacked)
    assert (event.parts, event.containers, inside(rooms), inside(rooms, BOX)) == ((), (BOX,), ["60"], ["20"])


@pytest.mark.parametrize(("typed", "left"), [("", []), ("15", ["65"])])
def test_a_box_is_emptied_where_nothing_is_typed(rooms: Rooms, typed: str, left: list[str]) -> None:
    told = {**WANTED, "how_much": "all", "parts.0.amount": typed}

    answer = rooms.person("chaoshi").send("/market/unpack", told)

    assert (answer.status_code, inside(rooms)) == (302, left)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"parts.0.amount": "60.001"}, "箱里只有 60，取不出 60.001。"),
        ({"parts.0.amount": "0"}, "要大于零"),
        ({"parts.0.amount": "NaN"}, "要大于零"),
        ({"parts.0.amount": ""}, "请填写"),
        ({"parts.0.lot": "/lot/mifang/rice/R-9", "parts.0.amount": "1"}, "请从列表中选择"),
        ({"container": "/place/mifang-tuopan-1", "parts.0.amount": "1"}, "请从列表中选择"),
    ],
)
def test_no_more_comes_out_than_is_in_it(rooms: Rooms, changed: dict[str, str], words: str) -> None:
    before = rooms.size

    answer = rooms.person("chaoshi").send("/market/unpack", {**WANTED, **changed})

    assert (answer.status_code, rooms.size, words in words_of(answer)) == (422, before, True)


def test_the_form_offers_what_lies_in_the_box_by_itself(rooms: Rooms) -> None:
    market = rooms.person("chaoshi")

    listed, chosen = market.get("/market/unpack"), market.get("/market/unpack", container=PALLET)

    assert f'href="/market/unpack?container={PALLET}"' in listed.text
    assert all(each in words_of(chosen) for each in ("箱里有 60 公斤", "整箱取出", "其余留在箱里"))
    assert "箱里有 80" not in words_of(chosen)
