"""Failed sign-ins are counted for all worker processes together, and nobody's name is kept."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ledger import store
from tests import world
from tests.webapp import add_account, sign_in
from traceability import kept
from web import accounts, create_app
from web.attempts import Attempts, attempt
from web.database import open_services

KEY = bytes(32)


class Place:
    """A database, and the key of its seals."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.kept_key = KEY


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    engine = store.engine_for(database_url)
    accounts.metadata.create_all(engine)
    yield Place(engine)
    engine.dispose()


def test_two_processes_count_together(place: Place) -> None:
    one, other = (Attempts(shared=lambda: place) for _ in range(2))

    counted = [one.incr("a", 60), other.incr("a", 60), one.incr("b", 60), other.incr("a", 60, amount=2)]

    assert counted == [1, 2, 1, 4]
    assert (one.get("a"), other.get("b"), one.get("c")) == (4, 1, 0)


def test_many_who_count_at_once_lose_nothing(place: Place) -> None:
    def count() -> None:
        storage = Attempts(shared=lambda: place)
        for _ in range(5):
            storage.incr("a", 60)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert Attempts(shared=lambda: place).get("a") == 30


def test_what_was_counted_is_forgotten_when_its_time_has_passed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, now = Attempts(shared=lambda: place), int(time.time())
    storage.incr("a", 60)
    storage.incr("b", 600)
    until = storage.get_expiry("a")
    monkeypatch.setattr(time, "time", lambda: now + 120.0)

    assert (storage.get("a"), storage.get("b"), storage.incr("a", 60)) == (0, 1, 1)
    assert now + 60 <= until <= now + 61


def test_counting_may_be_started_again(place: Place) -> None:
    storage = Attempts(shared=lambda: place)
    storage.incr("a", 60)
    storage.incr("b", 60)

    storage.clear("a")

    assert (storage.get("a"), storage.get("b"), storage.reset(), storage.get("b")) == (0, 1, 1, 0)
    assert storage.check()


def test_rows_are_sealed_and_name_nobody(place: Place) -> None:
    Attempts(shared=lambda: place).incr("LIMITER/name:heitu/10/1/minute", 60)

    with place.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(select(attempt)).mappings()]

    assert [kept.row_holds(KEY, attempt.name, row) for row in rows] == [True]
    assert "heitu" not in str(rows)


def test_who_guesses_at_two_servers_is_stopped_at_both(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        first = made.services
        with store.writing(first.engine) as connection:
            add_account(connection, first.kept_key, "cooperative", "heitu")
        second = open_services(first.settings)
        clients = [create_app(each.settings, each).test_client() for each in (first, second)]

        guesses = [sign_in(clients[n % 2], "heitu", f"guess number {n}").status_code for n in range(10)]
        last = [sign_in(each, "heitu") for each in clients]

        second.close()

    assert guesses == [422] * 10
    assert [each.status_code for each in last] == [429, 429]
    assert [int(each.headers["Retry-After"]) for each in last] == [60, 60]
