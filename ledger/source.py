"""Where somebody's log is read from: a folder or a web address, neither of which is believed.

    checkpoint                      the latest signed checkpoint
    tile/0/x001/067                 hashes, see tile.py
    tile/entries/000.p/5            entries
    rules/<digest>/manifest.json    the manifest with this SHA-256: {"files":[[name, SHA-256],…],"version":…}
    rules/<digest>/<name>           each file that the manifest names
    policy                          what the log says of itself; never to be believed

The paths are the same below a folder as below an address. An answer has a largest size for each kind of path,
gzip unpacked included, so that whoever answers cannot fill our memory. Nothing that is read here is proven:
proven.py does that.
"""

import errno
import re
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Lock, Timer
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from ledger.errors import Malformed
from ledger.merkle import HASH_LENGTH
from ledger.tile import FULL, LONGEST_ENTRY

# A hundred ML-DSA lines, the most that a note may have, are 330 kB.
LARGEST_CHECKPOINT = 2**20
LARGEST_TILE = FULL * HASH_LENGTH
LARGEST_BUNDLE = FULL * (2 + LONGEST_ENTRY)
LARGEST_OTHER = 2**24
"""Octets of a policy, or of a file that entries name."""

TIMEOUT = 30.0
"""Seconds without an octet after which a connection counts as lost."""

LONGEST_ANSWER = 300.0
"""Seconds after which an answer that still trickles counts as lost."""

PAUSES = (0.2, 1.0, 4.0)
"""Seconds to wait before each further try, where it was no refusal but a failure."""

MOST_REDIRECTS = 3
_PART = 2**16
_HEADERS = {"Accept-Encoding": "gzip", "User-Agent": "jizihao"}
_MISSING = frozenset({404, 410})
_MOVED = frozenset({301, 302, 303, 307, 308})
_TOO_BUSY = 429
_LENGTH = re.compile("[0-9]{1,18}")


class Absent(LookupError):
    """There is nothing under this path."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Source(Protocol):
    """A place with the files of a log."""

    def read(self, path: str) -> bytes:
        """Return what stands under *path*; raise `Absent`, or `OSError` where the place cannot be reached."""

    def close(self) -> None:
        """Let go of connections."""


def largest(path: str) -> int:
    """Return how many octets what stands under *path* can have at most."""
    if path == "checkpoint":
        return LARGEST_CHECKPOINT
    if path.startswith("tile/entries/"):
        return LARGEST_BUNDLE
    return LARGEST_TILE if path.startswith("tile/") else LARGEST_OTHER


def source_of(place: str) -> "Source":
    """Return the source at *place*: an address that begins with http:// or https://, or else a folder."""
    if place.startswith(("http://", "https://")):
        return HttpSource(place)
    return DirectorySource(Path(place))


def check_path(path: str) -> None:
    """Raise `Absent` for a path that would lead out of its place."""
    # A path may hold a name that a stranger chose.
    if "\\" in path or "\0" in path or any(part in {"", ".", ".."} for part in path.split("/")):
        raise Absent(path)


class DirectorySource:
    """The files of a log below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes:
        """Return the bytes of the file; `Absent` if there is none, `Malformed` if it is too large."""
        check_path(path)
        try:
            with (self.folder / path).open("rb") as file:
                content = file.read(largest(path) + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise Absent(path) from None
        check_length(content, path)
        return content

    def close(self) -> None:
        """Nothing is held open."""


class HttpSource:
    """The files of a log below a web address; connections are kept, and any thread may read.

    *url* is the log's prefix, such as https://nongye.example/log, with or without a slash at its end. Only
    its own host is ever asked: an answer that points elsewhere is refused.
    """

    def __init__(
        self,
        url: str,
        timeout: float = TIMEOUT,
        *,
        pauses: Sequence[float] = PAUSES,
        longest: float = LONGEST_ANSWER,
    ) -> None:
        self.url = url.rstrip("/")
        parts = _split(self.url)
        # Secrets do not belong into an address that is printed, here neither; a query would swallow the path.
        plain = not (parts.query or parts.fragment or parts.username or parts.password)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
            raise Malformed("not the address of a log: http(s)://, a host, and neither user nor query")
        self._parts = parts
        self._timeout = timeout
        self._longest = longest
        self._pauses = tuple(pauses)
        self._idle: list[HTTPConnection] = []
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: str) -> bytes:
        """Return the body; `Absent` if none, `Malformed` if too large, `OSError` after the last try."""
        check_path(path)
        for pause in self._pauses:
            try:
                return self._asked(path)
            except OSError:
                time.sleep(pause)
        return self._asked(path)

    def close(self) -> None:
        """Close every connection that nobody is using."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _asked(self, path: str) -> bytes:
        address = f"{self.url}/{path}"
        for _ in range(MOST_REDIRECTS + 1):
            status, location, body = self._exchange(urlsplit(address), path)
            if status in _MISSING:
                raise Absent(path)
            if status in _MOVED and location:
                address = self._followed(address, location)
            elif status == 200:
                return body
            elif status >= 500 or status == _TOO_BUSY:
                raise _unreachable(f"answered {status}", address)
            else:
                raise Malformed("an answer that no log gives", facts={"path": path, "status": status})
        raise Malformed("redirected too often", facts={"path": path})

    def _followed(self, address: str, location: str) -> str:
        try:
            target = urljoin(address, location)
        except ValueError:
            raise Malformed("redirected to no address", facts={"url": address}) from None
        parts = _split(target)
        if (parts.scheme, parts.netloc) != (self._parts.scheme, self._parts.netloc):
            raise Malformed("redirected to another host", facts={"url": address, "to": target[:200]})
        return target

    def _exchange(self, address: SplitResult, path: str) -> tuple[int, str | None, bytes]:
        """Ask once; return status, Location and unpacked body."""
        connection = self._taken()
        try:
            target = address._replace(scheme="", netloc="").geturl()
            if connection.sock is None:
                connection.connect()
            with _ended_after(self._longest, connection.sock):
                connection.request("GET", target, headers=_HEADERS)
                answer = connection.getresponse()
                # One octet more than there may be shows that there is more.
                body = _body(answer, largest(path) + 1)
            told = answer.status, answer.getheader("Location"), _unpacked(answer, body, path)
        except BaseException as why:
            connection.close()
            if isinstance(why, HTTPException | UnicodeError):
                raise _unreachable(f"{type(why).__name__}: {why}", address.geturl()) from None
            if isinstance(why, OSError) and why.filename is None:
                raise _unreachable(why.strerror or str(why), address.geturl()) from None
            raise
        self._returned(connection, answer)
        return told

    def _taken(self) -> HTTPConnection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        made = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return made(self._parts.netloc, timeout=self._timeout)

    def _returned(self, connection: HTTPConnection, answer: HTTPResponse) -> None:
        """Keep *connection* for the next question, if the answer was read to its end."""
        if answer.isclosed() and not answer.will_close:
            with self._lock:
                self._idle.append(connection)
        else:
            answer.close()
            connection.close()


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise Malformed("not the address of a log: its host or port is none") from None
    return parts


@contextmanager
def _ended_after(seconds: float, connected: socket) -> Iterator[None]:
    """Hang up after so many *seconds*: http.client has patience with headers and trailers without end."""

    def hang_up() -> None:
        with suppress(OSError):
            connected.shutdown(SHUT_RDWR)

    deadline, late = time.monotonic() + seconds, Timer(seconds, hang_up)
    late.daemon = True
    late.start()
    try:
        yield
    except (OSError, HTTPException):
        if time.monotonic() < deadline:
            raise
    finally:
        late.cancel()
    # Where nothing tells the length of a body, a connection cut short looks like its end.
    if time.monotonic() >= deadline:
        raise TimeoutError(errno.ETIMEDOUT, "the answer takes too long")


def _body(answer: HTTPResponse, most: int) -> bytes:
    """Read up to *most* octets of the body."""
    parts: list[bytes] = []
    while most > 0 and (part := answer.read1(min(most, _PART))):
        parts.append(part)
        most -= len(part)
    if most > 0:
        # read1 leaves it to read to notice that all has come, and to let go of the connection.
        answer.read(1)
    return b"".join(parts)


def _unpacked(answer: HTTPResponse, body: bytes, path: str) -> bytes:
    """Return the body without its gzip; refuse what is larger than it can be, packed or unpacked."""
    if answer.status != 200:
        return b""
    check_length(body, path)
    length = answer.getheader("Content-Length")
    # Read in parts, http.client takes a connection that ends early for the end of the body.
    if length is not None and _LENGTH.fullmatch(length) and int(length) > len(body):
        raise ConnectionResetError(errno.ECONNRESET, "the answer was cut short")
    match answer.getheader("Content-Encoding", "identity").lower():
        case "identity":
            return body
        case "gzip" | "x-gzip":
            return gunzipped(body, path)
        case other:
            raise Malformed("packed in a way that was not asked for", facts={"path": path, "as": other[:40]})


def gunzipped(body: bytes, path: str) -> bytes:
    """Unpack *body*, which must be gzip to its last octet and unpack to no more than *path* can hold."""
    # 31: a window of 32 kB, and the head and tail of gzip around it.
    unpacking = zlib.decompressobj(31)
    try:
        content = unpacking.decompress(body, largest(path) + 1)
    except zlib.error:
        raise Malformed("not gzip", facts={"path": path}) from None
    check_length(content, path)
    if not unpacking.eof or unpacking.unused_data:
        raise Malformed("gzip cut short, or followed by something", facts={"path": path})
    return content


def check_length(content: bytes, path: str) -> None:
    """Raise `Malformed` for more octets than there can be under *path*."""
    if len(content) > largest(path):
        raise Malformed("larger than it can be", facts={"path": path, "most": largest(path)})


def _unreachable(reason: str, address: str) -> OSError:
    return OSError(errno.EHOSTUNREACH, reason, address)
