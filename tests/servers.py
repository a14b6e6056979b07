"""A server for tests: `jizihao serve` in processes of its own, asked over HTTP as anybody would."""

import base64
import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.webapp import PASSWORD

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Said:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The JSON that was answered."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running server, and a short way to ask it; each request has a connection of its own."""

    process: "subprocess.Popen[bytes]"
    told: Path
    port: int = field(default=0)

    def ask(
        self, path: str, body: Any = None, *, who: str = "heitu", password: str = PASSWORD, **headers: str
    ) -> Said:
        """Ask as *who*; a body makes it a POST. Raises `OSError` or `HTTPException` where nobody answers."""
        login = base64.b64encode(f"{who}:{password}".encode()).decode()
        sent = {"Authorization": f"Basic {login}", "Content-Type": "application/json", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(connection):
            content = None if body is None else json.dumps(body).encode()
            connection.request("GET" if body is None else "POST", path, content, sent)
            answer = connection.getresponse()
            return Said(answer.status, dict(answer.getheaders()), answer.read())

    def insist(self, path: str, body: Any, **named: Any) -> Said:
        """Ask until somebody answers, as a program does that must know."""
        for _ in range(SECONDS * 5):
            try:
                return self.ask(path, body, **named)
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
        raise AssertionError(f"nobody answers: {self.words()}")

    def workers(self) -> list[int]:
        """Return the ids of the worker processes that live."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # proc(5): after the name in parentheses come the state and the parent's id.
                state, parent = (
                    stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
                )
                if int(parent) == self.process.pid and state != "Z":
                    found.append(int(stat.parent.name))
        return sorted(found)

    def wait_for_workers(self, count: int, *, besides: int = 0) -> list[int]:
        """Wait until there are *count* workers, the one called *besides* not among them."""
        for _ in range(SECONDS * 10):
            found = self.workers()
            if len(found) == count and besides not in found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"no {count} workers: {self.words()}")

    def words(self) -> str:
        """Return what it has written to standard error."""
        return self.told.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        """Ask it to stop, as systemd does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


@contextmanager
def serving(instance: Path, *options: str, environ: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run `jizihao serve` on a free port until the block ends."""
    told = instance.parent / "served"
    command = [sys.executable, "-m", "web", "serve", "--port", "0", "--instance", str(instance), *options]
    with (
        told.open("wb") as errors,
        subprocess.Popen(
            command, stderr=errors, env={**os.environ, "LANG": "en_US", **(environ or {})}
        ) as process,
    ):
        server = Server(process, told)
        try:
            _wait(server)
            yield server
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(server: Server) -> None:
    for _ in range(SECONDS * 10):
        assert server.process.poll() is None, server.words()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", server.words())
        if found is not None:
            server.port = int(found[1])
            assert server.insist("/healthz", None).status == 200
            return
        time.sleep(0.1)
    raise AssertionError(f"it does not start: {server.words()}")
