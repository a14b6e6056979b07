"""Several worker processes over one ledger: each answer holds, whichever process gave it and whoever died."""

import base64
import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ledger import store
from ledger.checkpoint import Checkpoint
from ledger.log import Log
from ledger.merkle import check_inclusion, leaf_hash
from ledger.note import Note, verified
from tests import world
from tests.programs import AUTHOR, BOUGHT, spelled
from tests.servers import Said, Server, serving
from tests.webapp import add_account
from traceability import audit, schema
from traceability.statement import stated as state
from web import database, once
from web.database import key_record
from web.settings import Settings

WORKERS = 3
STATEMENTS = 40
TIMES = 3
"""How often each statement is sent, by callers of different workers at once."""


@dataclass(frozen=True)
class Ledger:
    """An instance in which a cooperative holds a key of its own, and how long its log is."""

    settings: Settings
    size: int
    at: str

    @property
    def environ(self) -> dict[str, str]:
        """What tells the server where its database is."""
        return {"JIZIHAO_DATABASE_URL": self.settings.database_url}

    def bought(self, name: str) -> Any:
        """Return what records a purchase of *name*, signed by the cooperative itself."""
        told = {member: value for member, value in BOUGHT.items() if member != "kind"}
        event = schema.load("input-bought", told | {"name": name, "at": self.at})
        return spelled(state(event, AUTHOR, by="heitu", log=world.ORIGIN))


@pytest.fixture
def ledger(database_url: str, tmp_path: Path) -> Ledger:
    with world.opened(tmp_path, url=database_url) as made:
        shared = made.services
        record = key_record(
            world.ORIGIN, AUTHOR, shared.registrar(), party="heitu", role="cooperative", custody="author"
        )
        shared.journal.register_key(record)
        with store.writing(shared.engine) as connection:
            add_account(connection, shared.kept_key, "cooperative", "heitu")
        return Ledger(shared.settings, shared.log.size(), made.clock.now.isoformat())


def check_receipt(log: Log, told: Any) -> None:
    """Raise unless a receipt proves its entry under a checkpoint of this log."""
    note = Note.parse(told["checkpoint"].encode())
    checkpoint, spelt = Checkpoint.parse(note.text), log.entry(told["index"]).spelt
    assert verified(note, [log.signer.key]) == (log.signer.key,)
    path = [base64.b64decode(each) for each in told["proof"]]
    check_inclusion(
        path, size=checkpoint.size, root=checkpoint.root, index=told["index"], leaf=leaf_hash(spelt)
    )
    log.check_extends(note)


def check_all(ledger: Ledger, answers: dict[int, list[Said]], recorded: int) -> None:
    """Raise unless every answer holds in a ledger that has grown by *recorded* entries and is sound."""
    services = database.open_services(ledger.settings)
    try:
        for each in (said for found in answers.values() for said in found):
            check_receipt(services.log, each.json)
        assert services.log.size() == ledger.size + recorded
    finally:
        services.close()
    with database.auditing(ledger.settings) as subject:
        assert audit.audit(subject).findings == []


def check_one_key_for_one_request(ledger: Ledger, server: Server) -> list[Said]:
    """Send requests that bear the same keys at once: each is done once, whichever worker is asked."""

    def send(number: int) -> Said:
        body = {**BOUGHT, "at": ledger.at, "name": f"虚构尿素 {number % 3}"}
        return server.ask("/api/v1/events", body, **{once.HEADER: f"key-{number % 3}"})

    with ThreadPoolExecutor(9) as callers:
        found = list(callers.map(send, range(9)))
    assert {each.status for each in found} == {201}
    assert len({each.json["digest"] for each in found}) == 3
    return found


def test_a_worker_is_killed_and_no_receipt_is_lost(ledger: Ledger) -> None:
    """Each statement is sent three times at once, in any order; in the middle a worker gets SIGKILL.

    In the end the supervisor gets it, too, and no worker is left.
    """
    bodies = [ledger.bought(f"虚构尿素 {number}") for number in range(STATEMENTS)]
    sent = [number for number in range(STATEMENTS) for _ in range(TIMES)]
    random.Random(7).shuffle(sent)  # noqa: S311 -- an order, no secret
    answers: dict[int, list[Said]] = {number: [] for number in range(STATEMENTS)}
    kill = threading.Event()

    with serving(ledger.settings.instance, f"--workers={WORKERS}", environ=ledger.environ) as server:
        before = server.wait_for_workers(WORKERS)
        answers[STATEMENTS] = check_one_key_for_one_request(ledger, server)

        def send(number: int) -> None:
            answers[number].append(server.insist("/api/v1/statements", bodies[number]))
            if sum(map(len, answers.values())) >= len(sent) // 3:
                kill.set()

        with ThreadPoolExecutor(9) as callers:
            asked = [callers.submit(send, number) for number in sent]
            assert kill.wait(60)
            os.kill(before[0], signal.SIGKILL)
            for each in asked:
                each.result()
        after = server.wait_for_workers(WORKERS, besides=before[0])
        # The supervisor itself: its workers see that it is gone, and end.
        server.process.kill()
        for _ in range(100):
            time.sleep(0.1)
            left = [pid for pid in after if is_alive(pid)]
            if not left:
                break

    assert (left, len(set(before) & set(after))) == ([], WORKERS - 1)
    stated = [answers[number] for number in range(STATEMENTS)]
    assert {each.status for found in stated for each in found} <= {200, 201}
    assert [len({each.json["index"] for each in found}) for found in stated] == [1] * STATEMENTS
    assert max(sum(each.status == 201 for each in found) for found in stated) == 1
    check_all(ledger, answers, STATEMENTS + 3)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_asked_to_stop_answers_first(ledger: Ledger) -> None:
    """While the log's lock is held elsewhere a request waits; SIGTERM comes; then the lock is let go."""
    engine = store.engine_for(ledger.settings.database_url)
    with (
        serving(ledger.settings.instance, "--workers=2", environ=ledger.environ) as server,
        ThreadPoolExecutor(1) as caller,
    ):
        server.wait_for_workers(2)
        with store.appending(engine) as connection:
            connection.execute(text("SELECT 1"))
            waiting = caller.submit(server.ask, "/api/v1/statements", ledger.bought("虚构尿素"))
            time.sleep(0.7)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert not waiting.done()

        said = waiting.result()
        code = server.process.wait(60)
    engine.dispose()

    assert (said.status, code) == (201, 0)
    check_all(ledger, {0: [said]}, 1)


def is_alive(pid: int) -> bool:
    """Tell whether the process *pid* runs: one that ended and that nobody has asked about does not."""
    stat = Path(f"/proc/{pid}/stat")
    return (
        stat.exists()
        and stat.read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[0] != "Z"
    )
