"""A small application for tests of the pages: a real database with accounts, and no log behind it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from argon2 import PasswordHasher
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine
from werkzeug.test import TestResponse

from traceability.events.registry import Role
from web import access, accounts, create_app
from web.accounts import Account
from web.clock import Clock
from web.database import Services
from web.settings import Settings

ORIGIN = "nongye.example/2026"
BASE_URL = "http://127.0.0.1:8000"
PASSWORD = "稻花香里说丰年 2026"
# A hash that is slow on purpose would be most of the time of these tests.
accounts.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)


@dataclass(frozen=True)
class FoundationServices:
    """What the pages of the foundation ask for, in the names of `web.database.Services`."""

    settings: Settings
    engine: Engine

    @property
    def kept_key(self) -> bytes:
        return self.settings.kept_key

    @property
    def base_url(self) -> str:
        return self.settings.base_url

    @property
    def clock(self) -> Clock:
        return lambda: NOON


@contextmanager
def foundation(
    folder: Path,
    *blueprints: Blueprint,
    roles: tuple[Role, ...] = (),
    base_url: str = BASE_URL,
    proxies: int = 0,
) -> Iterator[Flask]:
    """Give the application of a fresh instance in *folder*, with an account named like each of *roles*."""
    environ = {"JIZIHAO_PROXIES": str(proxies)}
    settings = Settings.init(folder / "instance", ORIGIN, base_url, environ)
    engine = create_engine(settings.database_url)
    accounts.metadata.create_all(engine)
    with engine.begin() as connection:
        for role in roles:
            add_account(connection, settings.kept_key, role)
    app = create_app(settings, cast(Services, FoundationServices(settings, engine)), *blueprints)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        access.limiter.reset()
    try:
        yield app
    finally:
        engine.dispose()


def add_account(connection: Connection, kept_key: bytes, role: Role, name: str = "") -> Account:
    """Add an account called *name*, or else like its role, of a party called like it."""
    called = name or role
    return accounts.create(
        connection,
        kept_key,
        name=called,
        party=called,
        role=role,
        division="220283",
        language="zh",
        password=PASSWORD,
    )


def token_of(page: TestResponse) -> str:
    """Return the hidden token of the first form on *page*."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Fill in the sign-in form and send it."""
    token = token_of(client.get("/sign-in"))
    return client.post("/sign-in", data={"csrf_token": token, "name": name, "password": password, **fields})
