"""More waits to be written than may wait: programs and people are told so, and nothing they typed is lost."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from ledger import store
from ledger.errors import Busy
from ledger.writer import Receipt, Writer
from tests import world
from tests.programs import BOUGHT, Api
from tests.webapp import add_account, sign_in, token_of
from tests.world import World
from traceability.journal import Journal
from web import create_app, openapi
from web.api.door import MOST_WAITING
from web.database import Services
from web.workers import WAITING, answer


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as found:
        with store.writing(found.services.engine) as connection:
            for party, role in (("heitu", "cooperative"), ("mifang", "processor")):
                add_account(connection, found.services.kept_key, role, party)  # type: ignore[arg-type]  # roles
        yield found


@contextmanager
def overfull(made: World) -> Iterator[Flask]:
    """Serve a ledger in which one piece of work may wait and does, while another process holds the lock."""
    shared = made.services
    elsewhere = store.engine_for(shared.settings.database_url)
    with Writer(shared.log, longest_queue=1) as writer:
        app = create_app(shared.settings, _writing_with(shared, writer))
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        with store.appending(elsewhere) as connection:
            connection.execute(text("SELECT 1"))
            # The writer takes what comes first and waits with it; what comes next fills the queue.
            waiting = [writer.submit(lambda _: None)]
            with suppress(Busy):
                while len(waiting) < 5:
                    time.sleep(0.2)
                    waiting.append(writer.submit(lambda _: None))
            yield app
        assert [type(each.result(20)) for each in waiting] == [Receipt] * 2
    elsewhere.dispose()


def _writing_with(shared: Services, writer: Writer) -> Services:
    journal = Journal(shared.log, writer, shelf=shared.shelf, sealed=shared.sealed, platform=shared.platform)
    return replace(shared, writer=writer, journal=journal)


def test_a_program_is_told_when_to_ask_again_and_may(made: World) -> None:
    body = {**BOUGHT, "at": made.clock.now.isoformat()}
    with overfull(made) as app:
        refused = Api(made, app).ask("/v1/events", body)

    again = Api(made, create_app(made.services.settings, made.services)).ask("/v1/events", body)

    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.json["type"] == "urn:jizihao:problem:ledger"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert again.status_code == 201


def test_a_form_comes_back_with_everything_that_was_typed(made: World) -> None:
    size = made.services.log.size()
    with overfull(made) as app:
        browser = app.test_client()
        sign_in(browser, "mifang")
        token = token_of(browser.get("/mill/products"))
        typed = {"product": "mi-9", "name": "虚构新米", "commodity": "milled-rice", "measure": "mass"}

        answer = browser.post("/mill/products", data={"csrf_token": token, **typed})

    assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (429, True)
    assert ("虚构新米" in answer.text, "填好的内容不会丢" in answer.text) == (True, True)
    assert made.services.log.size() == size


@pytest.mark.parametrize(("waiting", "status"), [(MOST_WAITING, 201), (MOST_WAITING + 1, 429)])
def test_programs_that_write_come_back_when_fewer_wait(made: World, waiting: int, status: int) -> None:
    api = Api(made, create_app(made.services.settings, made.services))
    body = {**BOUGHT, "at": made.clock.now.isoformat()}

    written = api.ask("/v1/events", body, environ_overrides={WAITING: waiting})
    read = api.ask("/v1/entries", environ_overrides={WAITING: waiting})

    assert (written.status_code, read.status_code) == (status, 200)
    assert ("Retry-After" in written.headers) == (status == 429)


def test_a_request_is_told_how_many_wait_behind_it() -> None:
    seen: list[int] = []
    go_on, over = threading.Event(), threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ[WAITING])
        go_on.wait(10)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    def ask(port: int) -> int:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", "/")
            return connection.getresponse().status

    with socket.socket() as listener, ThreadPoolExecutor(5) as threads:
        listener.bind(("127.0.0.1", 0))
        # Whoever asks before the server listens would be turned away.
        listener.listen()
        served = threads.submit(answer, app, listener, threads=1, is_over=over.is_set)
        asked = [threads.submit(ask, listener.getsockname()[1]) for _ in range(4)]
        time.sleep(1)
        go_on.set()
        try:
            found = [each.result(20) for each in asked]
        finally:
            over.set()
        served.result(20)

    assert (found, seen[1:]) == ([200] * 4, [2, 1, 0])


def test_the_description_of_the_api_tells_of_it() -> None:
    posts = [
        path["post"] for path in openapi.document("http://127.0.0.1")["paths"].values() if "post" in path
    ]

    assert all("Retry-After" in each["responses"]["429"]["headers"] for each in posts)
