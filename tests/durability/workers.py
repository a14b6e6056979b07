"""Real processes that do durable work and tell what they were promised: the victims of the tests beside.

    python -m tests.durability.workers      takes jobs from the socket that is its standard input

    in    {"job":"append","folder":…}       with it comes a socket of the job's own
    out   the id of the process that does it, a fork of this one, which has imported everything already

On its own socket the job says {"ready":true} once it is warm, waits for a byte, and then tells one JSON
object a line. It sends by sendto(2): a fault that is injected into write or fsync never hits what it says.
"""

import json
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from ledger import export, store
from ledger.mirror import mirror
from ledger.outlet import DirectoryOutlet
from ledger.policy import Policy
from ledger.source import DirectorySource
from ledger.writer import Writer
from tests.durability.appender import DATABASE, MARK, answered
from tests.logs import START, log_on
from traceability.statement import Signed
from web.backup import backup, sealed_beside
from web.database import open_services
from web.restoring import restore
from web.settings import Settings

LONGEST = 2**16


class Channel:
    """What a job says, and the one thing that it waits for."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def say(self, **said: Any) -> None:
        """Tell one thing; whoever reads it may rely on it."""
        self._end.sendall(json.dumps(said).encode() + b"\n")

    def ready(self) -> None:
        """Say that all is warm, and wait until the faults are set."""
        self.say(ready=True)
        self._end.recv(1)

    def attempt(self, name: object, work: Callable[[], dict[str, Any]]) -> None:
        """Do *work* and tell what it answered, or that it failed and how."""
        try:
            said = work()
        except Exception as error:
            self.say(failed=name, error=type(error).__name__, reason=str(error))
        else:
            self.say(done=name, **said)


def append(channel: Channel, folder: str, *, first: int, count: int, checkpoints: bool = False) -> None:
    """Append *count* records, one after another; with *checkpoints* each goes into the database at once."""
    engine = store.engine_for(f"sqlite:///{folder}/{DATABASE}")
    if checkpoints:
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA wal_autocheckpoint = 1").close())
    log = log_on(engine, Path(folder) / MARK)
    with Writer(log) as writer:
        answered(writer, log, first)
        channel.ready()
        for number in range(first + 1, first + 1 + count):
            channel.attempt(number, lambda number=number: answered(writer, log, number))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    engine.dispose()


def reopen(channel: Channel, folder: str, *, first: int) -> None:
    """Open a log that was left as a killed process leaves it, append one record and close it."""
    channel.ready()
    engine = store.engine_for(f"sqlite:///{folder}/{DATABASE}")
    log = log_on(engine, Path(folder) / MARK)

    def whole() -> dict[str, Any]:
        with Writer(log) as writer:
            return answered(writer, log, first)

    channel.attempt(first, whole)
    engine.dispose()


def flood(channel: Channel, url: str, mark: str, *, first: int) -> None:
    """Append as fast as it goes, in the company of others, telling each answer, until one fails."""
    engine = store.engine_for(url)
    log = log_on(engine, Path(mark))
    with Writer(log) as writer:
        channel.ready()
        for number in count(first):
            try:
                said = answered(writer, log, number)
            except Exception as error:
                channel.say(failed=number, error=type(error).__name__, reason=str(error))
                break
            channel.say(done=number, **said)
    engine.dispose()


def publish(channel: Channel, folder: str) -> None:
    """Publish the latest checkpoint of a log, and bring its files to the folder `out`."""
    engine = store.engine_for(f"sqlite:///{folder}/{DATABASE}")
    log = log_on(engine, Path(folder) / MARK)
    log.check_start()
    channel.ready()
    with closing(DirectoryOutlet(Path(folder, "out"))) as outlet:

        def shown() -> dict[str, Any]:
            note = export.note_to_show(log)
            export.publish(log, note, outlet)
            return {"note": note.text}

        channel.attempt("publish", shown)
    engine.dispose()


def copy_log(channel: Channel, folder: str, *, source: str) -> None:
    """Bring the mirror in the folder `copy` up to what the folder *source* shows."""
    policy = Policy.parse(Path(source, "policy").read_bytes())
    channel.ready()
    with closing(DirectoryOutlet(Path(folder, "copy"))) as outlet:

        def copied() -> dict[str, Any]:
            filled = mirror(DirectorySource(Path(source)), outlet, policy, START)
            return {"size": filled.checkpoint.size}

        channel.attempt("mirror", copied)


def record_statements(channel: Channel, folder: str) -> None:
    """Record the statements that lie signed in the folder, one after another."""
    services = open_services(Settings.load(Path(folder), {}))
    first, *others = pickle.loads(Path(folder, "statements").read_bytes())  # noqa: S301 -- the test wrote it

    def recorded(signed: Signed) -> dict[str, Any]:
        return {"index": services.journal.submit(signed).result().value[0].index}

    recorded(first)
    channel.ready()
    for number, signed in enumerate(others, 1):
        channel.attempt(number, lambda signed=signed: recorded(signed))  # type: ignore[misc]  # as above
    services.close()


def back_up(channel: Channel, folder: str) -> None:
    """Write a backup of the instance in *folder* over the one that lies in it."""
    settings = Settings.load(Path(folder), {})
    channel.ready()
    file = Path(folder, "backup")
    channel.attempt("backup", lambda: {"size": backup(settings, file, is_replacing=True).size})


def put_back(channel: Channel, folder: str) -> None:
    """Restore the backup that lies in *folder* into its instance."""
    settings = Settings.load(Path(folder), {})
    channel.ready()
    file = Path(folder, "backup")
    channel.attempt("restore", lambda: {"size": restore(settings, file, sealed=sealed_beside(file)).size})


JOBS: dict[str, Callable[..., None]] = {
    "append": append,
    "reopen": reopen,
    "flood": flood,
    "publish": publish,
    "mirror": copy_log,
    "record": record_statements,
    "backup": back_up,
    "restore": put_back,
}


def main() -> None:
    """Fork one process for each job that is asked for, until nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=sys.stdin.fileno()) as door:
        while True:
            message, ends, _, _ = socket.recv_fds(door, LONGEST, 1)
            if not message:
                return
            child = os.fork()
            if child == 0:
                door.close()
                _do(json.loads(message), ends[0])
            os.close(ends[0])
            door.sendall(f"{child}\n".encode())


def _do(asked: dict[str, Any], end: int) -> None:
    """Do one job and end this process, whatever comes of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        with socket.socket(fileno=end) as mine:
            channel = Channel(mine)
            try:
                JOBS[asked.pop("job")](channel, **asked)
            except Exception as error:
                channel.say(broke=type(error).__name__, reason=str(error))
            else:
                channel.say(over=True)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
