"""The rooms of the small world: its application, and a person of each party who signs in and fills in forms.

with opened_rooms(folder) as rooms:
    mill = rooms.person("mifang")
    page = mill.get("/mill/")
    answer = mill.send("/mill/untraced", product="rice", amount="5")
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger import store
from tests import world
from tests.webapp import PASSWORD, sign_in, token_of
from tests.world import PARTIES, World
from traceability.events import Event
from traceability.statement import new_id
from web import access, accounts, create_app


@dataclass
class Person:
    """Somebody who has signed in for a party."""

    client: FlaskClient
    csrf: str

    def get(self, address: str, **query: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(address, query_string=query or None)

    def send(self, address: str, form: dict[str, Any] | None = None, **fields: Any) -> TestResponse:
        """Send a form with its hidden fields."""
        hidden = {"csrf_token": self.csrf, "statement": new_id()}
        return self.client.post(address, data={**hidden, **(form or {}), **fields})


@dataclass
class Rooms:
    """The small world with an application before it."""

    world: World
    app: Flask

    def person(self, party: str) -> Person:
        """Sign somebody in for *party*."""
        client = self.app.test_client()
        sign_in(client, party)
        with client.session_transaction() as session:
            session["language"] = "zh"
        return Person(client, token_of(client.get("/")))

    @property
    def size(self) -> int:
        """How many entries the log holds."""
        return self.world.services.log.size()

    def last(self) -> Event:
        """Return the newest event, as the log has it."""
        with self.world.services.reading() as reader:
            return reader.statement(self.size - 1).event


@contextmanager
def opened_rooms(folder: Path, *, base_url: str = world.BASE_URL) -> Iterator[Rooms]:
    """Open the small world in *folder*, with an account named like each party."""
    with world.opened(folder, base_url=base_url) as told:
        shared = told.services
        with store.writing(shared.engine) as connection:
            for party, role, division, _ in PARTIES:
                accounts.create(
                    connection,
                    shared.kept_key,
                    name=party,
                    party=party,
                    role=role,  # type: ignore[arg-type]  # the words of PARTIES are roles
                    division=division,
                    language="zh",
                    password=PASSWORD,
                )
        app = create_app(shared.settings, shared)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True)
        with app.app_context():
            access.limiter.reset()
        yield Rooms(told, app)


def words_of(page: TestResponse) -> str:
    """Return what a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def typed_in(page: TestResponse, name: str) -> str | None:
    """Return what stands in the field called *name*, or None where the page has no such field."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page.text)
    value = re.search(r'value="([^"]*)"', found[0]) if found else None
    return unescape(value[1]) if value else None
