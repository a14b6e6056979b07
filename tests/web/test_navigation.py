"""Whoever signs in finds a room, and every room in the header opens to whom it is shown."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from ledger import store
from tests.rooms import Rooms, opened_rooms
from tests.webapp import PASSWORD
from traceability.events.registry import PartyRegistered, Role
from web import accounts
from web.navigation import PLACES

ROLES = get_args(Role)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("navigation")) as made:
        for role in ROLES:
            told: Any = {"party": f"a-{role}", "role": role, "division": "220182", "name": f"虚构{role}"}
            made.world.services.register_party(PartyRegistered(at=made.world.clock(), **told))
            kept: Any = {"name": f"a-{role}", "party": f"a-{role}", "role": role, "division": "220182"}
            with store.writing(made.world.services.engine) as connection:
                key = made.world.services.kept_key
                accounts.create(connection, key, language="zh", password=PASSWORD, **kept)
        yield made


@pytest.mark.parametrize("role", ROLES)
def test_every_room_in_the_header_opens_to_whom_it_is_shown(rooms: Rooms, role: str) -> None:
    person = rooms.person(f"a-{role}")
    with rooms.app.test_request_context():
        shown = [rooms.app.url_for(each.endpoint) for each in PLACES if role in each.roles]

    answers = {address: person.get(address).status_code for address in shown}

    assert shown != []
    assert answers == dict.fromkeys(shown, 200)
