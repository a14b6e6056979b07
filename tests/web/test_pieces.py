"""What is counted in pieces is told in its own word wherever goods are listed: boxes, accounts, the gate."""

from collections.abc import Iterator
from typing import Any

import pytest

from ledger import store
from tests.rooms import Rooms, opened_rooms, words_of
from tests.webapp import PASSWORD
from traceability.events.registry import PartyRegistered
from web import accounts

EARS, BOX = "/lot/mifang/ears/26-E", "/place/mifang-kuang-1"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("pieces")) as made:
        world = made.world
        told: Any = {"party": "shichang", "role": "market", "division": "220102", "name": "虚构市场"}
        world.services.register_party(PartyRegistered(at=world.clock(), **told))
        with store.writing(world.services.engine) as connection:
            kept: Any = {"name": "shichang", "party": "shichang", "role": "market", "division": "220102"}
            accounts.create(connection, world.services.kept_key, language="zh", password=PASSWORD, **kept)
        goods: Any = {"measure": "pieces", "piece": "穗", "piece_kg": "0.3", "commodity": "fresh-maize"}
        world.say("mifang", "product-registered", product="ears", name="虚构鲜玉米", **goods)
        world.say("mifang", "untraced-received", lot=EARS, product="ears", amount={"pieces": 500})
        world.say("mifang", "packed", container=BOX, parts=[{"lot": EARS, "amount": {"pieces": 40}}])
        world.say("mifang", "retailed", lot=EARS, amount={"pieces": 30})
        world.say("shichang", "stall-registered", stall="A1", holder="虚构摊主")
        check: Any = {"presented": "nothing", "certificate_state": "unknown", "decision": "accepted"}
        world.say("shichang", "entry-checked", stall="A1", lot=EARS, amount={"pieces": 20}, **check)
        yield made


@pytest.mark.parametrize(
    ("who", "address", "said"),
    [
        ("mifang", "/mill/ship", "40 穗"),
        ("mifang", "/mill/unpack", "40 穗"),
        ("mifang", "/trade/sales", "30 穗"),
        ("mifang", "/trade/sales.csv", "30 穗"),
        ("shichang", "/market/", "20 穗"),
        ("shichang", "/market/gate", "20 穗"),
        ("shichang", "/market/stalls/A1", "20 穗"),
    ],
)
def test_pieces_are_told_in_their_own_word(rooms: Rooms, who: str, address: str, said: str) -> None:
    answer = rooms.person(who).get(address)

    assert (answer.status_code, said in words_of(answer)) == (200, True)
