"""A cooperative at its pages: a real log, signed-in people, forms as a browser sends them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger import store
from tests import world
from tests.webapp import PASSWORD, sign_in
from tests.world import PLOT, World
from traceability.events.registry import PartyRegistered
from web import access, accounts, create_app

FUNGUS_PLOT = "p" + PLOT[1:]
STRANGE_PLOT = "s" + PLOT[1:]
PADDY = "/lot/heitu/paddy/26-A"
FUNGUS = "/lot/heitu/ears/E-1"
OTHERS = "/lot/nongchang/paddy/N-1"
PEOPLE = (("hei", "heitu", "cooperative"), ("nong", "nongchang", "farm"), ("mi", "mifang", "processor"))
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Room:
    """The application, its world, and what its log holds."""

    app: Flask
    told: World

    def client(self, name: str = "hei") -> FlaskClient:
        """Return a browser in which *name* has signed in."""
        client = self.app.test_client()
        assert sign_in(client, name).status_code == 302
        return client

    def size(self) -> int:
        return self.told.services.log.size()

    def last(self) -> dict[str, Any]:
        """Return the newest statement of the log."""
        found: dict[str, Any] = self.told.services.log.entry(self.size() - 1)[0].record["statement"]
        return found


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of the form on *page*."""
    return dict(_HIDDEN.findall(page.text))


def send(client: FlaskClient, address: str, **typed: Any) -> TestResponse:
    """Open a form, fill in what it shows by itself and *typed*, and send it."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    values = {**hidden(page), **{name.replace("__", "."): text for name, text in typed.items()}}
    return client.post(address.partition("?")[0], data=values, content_type="multipart/form-data")


@contextmanager
def room(folder: Path) -> Iterator[Room]:
    """Open a room in autumn: paddy sprayed and harvested, a shed of fungus, and a neighbour's farm."""
    with world.opened(folder) as told:
        _season(told)
        shared = told.services
        with store.writing(shared.engine) as connection:
            for name, party, role in PEOPLE:
                accounts.create(
                    connection,
                    shared.kept_key,
                    name=name,
                    party=party,
                    role=role,  # type: ignore[arg-type]  # the words of PEOPLE are roles
                    division="220182",
                    language="zh",
                    password=PASSWORD,
                )
        app = create_app(shared.settings, shared)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        with app.app_context():
            access.limiter.reset()
        yield Room(app, told)


def _season(told: World) -> None:
    neighbour = PartyRegistered(
        at=told.clock(), party="nongchang", role="farm", division="220182", private_name="周虚构家庭农场"
    )
    told.services.register_party(neighbour)
    told.at("2026-07-01T08:00:00+08:00")
    told.say("heitu", "treated", plot=PLOT, name="虚构牌吡虫啉", substances=["吡虫啉"], interval_days=14)
    ears = {"product": "ears", "commodity": "black-fungus-fresh", "name": "鲜木耳", "measure": "mass"}
    told.say("heitu", "product-registered", **ears)
    shed = {"plot": FUNGUS_PLOT, "commodity": "black-fungus-fresh", "bags": "12000", "place": "三号棚"}
    told.say("heitu", "plot-registered", division="222424", **shed)
    paddy = {"product": "paddy", "commodity": "paddy", "name": "邻家稻谷", "measure": "mass"}
    told.say("nongchang", "product-registered", **paddy)
    field = {"plot": STRANGE_PLOT, "division": "220182", "commodity": "paddy", "area_ha": "2"}
    told.say("nongchang", "plot-registered", **field)
    told.at("2026-09-21T08:00:00+08:00")
    told.harvest(kg="1500", lot=PADDY)
    for by, lot, product, plot, kg in (
        ("heitu", FUNGUS, "ears", FUNGUS_PLOT, "300"),
        ("nongchang", OTHERS, "paddy", STRANGE_PLOT, "800"),
    ):
        amount = {"kg": kg}
        shares = [{"plot": plot, "amount": amount}]
        told.say(by, "harvested", lot=lot, product=product, amount=amount, plots=shares)
    told.at("2026-09-22T08:00:30+08:00")
