"""A short call over HTTP to somebody who may be slow, or mean harm.

    bounded in time        by a deadline for the whole call, not for each of its bytes
    bounded in bytes       what is longer is no answer
    led nowhere            a redirect is an answer like any other, and is not followed
    kept alive             the connection stays for the next call, and is made again when it has gone stale

Names and addresses come from the operator's policy, never from an answer.
"""

import contextlib
import socket
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from ledger.errors import Malformed

LONGEST_ANSWER = 64 * 1024
_PIECE = 4096


class NoAnswer(OSError):
    """Nobody answered in time, or what came was no HTTP, or too much of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered."""

    status: int
    media_type: str
    body: bytes


class Caller:
    """One address to call, and the connection to it. One thread uses it at a time; any may interrupt it."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            self._port = parts.port
        except ValueError:
            raise _not_callable(url) from None
        extras = parts.query or parts.fragment or parts.username or parts.password
        if parts.scheme not in {"http", "https"} or not parts.hostname or extras or not parts.path.isascii():
            raise _not_callable(url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._prefix = parts.path.rstrip("/")
        self._connection: HTTPConnection | None = None
        self._socket: socket.socket | None = None

    def call(self, method: str, path: str, body: bytes | None = None, *, deadline: float) -> Reply:
        """Return the answer to *method* at *path*; raise `NoAnswer` after *deadline*, by `time.monotonic`."""
        is_reused = self._connection is not None
        try:
            return self._call(method, path, body, deadline)
        except (OSError, HTTPException) as why:
            self.hang_up()
            # Whoever answers may have closed a connection that was idle; that is no refusal to answer.
            if not is_reused or isinstance(why, NoAnswer | TimeoutError):
                raise NoAnswer(str(why) or type(why).__name__) from why
        try:
            return self._call(method, path, body, deadline)
        except (OSError, HTTPException) as why:
            self.hang_up()
            raise NoAnswer(str(why) or type(why).__name__) from why

    def interrupt(self) -> None:
        """Wake the thread that waits for an answer: it gets none, and hangs up itself."""
        waiting = self._socket
        if waiting is not None:
            with contextlib.suppress(OSError):
                waiting.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Close the connection."""
        connection, self._connection, self._socket = self._connection, None, None
        if connection is not None:
            connection.close()

    def _call(self, method: str, path: str, body: bytes | None, deadline: float) -> Reply:
        connection, opened = self._connected(deadline)
        opened.settimeout(_left(deadline))
        headers = {"User-Agent": "jizihao", "Accept-Encoding": "identity"}
        connection.request(method, self._prefix + path, body, headers)
        opened.settimeout(_left(deadline))
        with connection.getresponse() as response:
            media_type = response.headers.get_content_type()
            read = _read(response, opened, deadline)
            if response.will_close:
                self.hang_up()
        return Reply(response.status, media_type, read)

    def _connected(self, deadline: float) -> tuple[HTTPConnection, socket.socket]:
        if self._connection is not None and self._socket is not None:
            return self._connection, self._socket
        kind = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=_left(deadline))
        self._connection = connection
        connection.connect()
        self._socket = connection.sock
        return connection, connection.sock


def _not_callable(url: str) -> Malformed:
    # What may be a password is not repeated.
    return Malformed("not an address that can be called", facts={"url": url.rpartition("@")[2]})


def _read(response: HTTPResponse, opened: socket.socket, deadline: float) -> bytes:
    found = bytearray()
    while len(found) <= LONGEST_ANSWER:
        opened.settimeout(_left(deadline))
        piece = response.read1(_PIECE)
        if not piece:
            return bytes(found)
        found += piece
    raise NoAnswer("the answer is too long")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise NoAnswer("no answer within the limit")
    return left
