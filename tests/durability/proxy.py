"""A wire between a program and its database that a test may cut at the worst of moments."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url

CHUNK = 2**16
Moment = Literal["before", "after"]


class Wire:
    """Passes on what both sides say. Once *cut* is set, the next COMMIT after a write is the last word."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.cut: Moment | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._upstream)
            wrote = False
            while said := _said(client, server):
                # Who only reads commits as well.
                wrote = wrote or any(word in said for word in (b"INSERT INTO", b"COPY "))
                if wrote and b"COMMIT" in said and self._is_cut(said, server):
                    return
                server.sendall(said)

    def _is_cut(self, said: bytes, server: socket.socket) -> bool:
        moment, self.cut = self.cut, None
        if moment == "after":
            server.sendall(said)
            # Its answer says that it has taken effect; nobody hears it.
            server.recv(CHUNK)
        return moment is not None


def _said(client: socket.socket, server: socket.socket) -> bytes:
    """Pass on the server's answers, and return what the client says next; nothing once a side has gone."""
    while True:
        ready, _, _ = select.select([client, server], [], [])
        if client in ready:
            return client.recv(CHUNK)
        answer = server.recv(CHUNK)
        if not answer:
            return b""
        client.sendall(answer)


@contextmanager
def wire_to(url: str) -> Iterator[tuple[Wire, str]]:
    """Put a wire before the PostgreSQL server at *url*; return it and the address at its end."""
    there = make_url(url)
    folder = there.query.get("host", there.host)
    with closing(Wire(str(Path(str(folder), f".s.PGSQL.{there.port or 5432}")))) as wire:
        near = there.set(host="127.0.0.1", port=wire.port, query={"sslmode": "disable"})
        yield wire, near.render_as_string(hide_password=False)
