"""Reading somebody's log: from a folder, and over HTTP from a server that may fail, lie or never end."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.errors import Malformed
from ledger.source import LARGEST_TILE, Absent, DirectorySource, HttpSource, largest, source_of

TILE = "tile/0/000"
BUNDLE = "tile/entries/000"


@dataclass
class Answer:
    """What a server says once: a status, headers and a body, of which it may send only a part."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None
    chunked: bool = False


@dataclass
class Server:
    """A real server on loopback that gives its answers in turn, the last for ever."""

    url: str
    answers: list[Answer]
    asked: list[tuple[str, int, str | None]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            told.asked.append((self.path, self.client_address[1], self.headers["Accept-Encoding"]))
            answer = told.answers.pop(0) if len(told.answers) > 1 else told.answers[0]
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            body = answer.body
            if answer.chunked:
                self.send_header("Transfer-Encoding", "chunked")
                body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            else:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: answer.sent])
            self.close_connection = answer.sent is not None

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
            """Keep quiet."""

    class Listening(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet about readers that leave in the middle of an answer: here they do so on purpose."""

    listening = Listening(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    told = Server(f"http://127.0.0.1:{listening.server_port}/log", [])
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    listening.shutdown()
    thread.join()
    listening.server_close()


def read(server: Server, path: str, *answers: Answer) -> bytes:
    server.answers[:] = answers
    with HttpSource(server.url, timeout=5, pauses=(0, 0)) as source:
        return source.read(path)


def test_a_folder_gives_its_files(tmp_path: Path) -> None:
    (tmp_path / "tile" / "0").mkdir(parents=True)
    (tmp_path / TILE).write_bytes(b"hashes")

    assert source_of(str(tmp_path)).read(TILE) == b"hashes"


@pytest.mark.parametrize(
    "path", ["tile/0/001", "tile/0", "checkpoint/more", "../secret", "tile/../../secret", "/etc/hostname", ""]
)
def test_what_a_folder_has_not_or_must_not_give_is_absent(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "log"
    (folder / "tile" / "0").mkdir(parents=True)
    (folder / "checkpoint").write_bytes(b"note")

    with pytest.raises(Absent):
        DirectorySource(folder).read(path)


@pytest.mark.parametrize(("length", "refused"), [(LARGEST_TILE, False), (LARGEST_TILE + 1, True)])
def test_a_file_is_no_longer_than_its_kind_can_be(tmp_path: Path, length: int, *, refused: bool) -> None:
    (tmp_path / "tile" / "0").mkdir(parents=True)
    (tmp_path / TILE).write_bytes(bytes(length))
    source = DirectorySource(tmp_path)

    if refused:
        with pytest.raises(Malformed):
            source.read(TILE)
    else:
        assert len(source.read(TILE)) == length


def test_one_connection_serves_many_questions(server: Server) -> None:
    server.answers[:] = [Answer(body=b"one"), Answer(404), Answer(body=b"three")]

    with HttpSource(server.url + "/") as source:
        found = [source.read(TILE)]
        with pytest.raises(Absent):
            source.read("tile/0/001")
        found.append(source.read(BUNDLE))

    assert found == [b"one", b"three"]
    assert [path for path, _, _ in server.asked] == [
        "/log/tile/0/000",
        "/log/tile/0/001",
        "/log/tile/entries/000",
    ]
    assert len({port for _, port, _ in server.asked}) == 1


def test_many_threads_may_read(server: Server) -> None:
    server.answers[:] = [Answer(body=b"same")]
    found: list[bytes] = []

    with HttpSource(server.url) as source:
        threads = [threading.Thread(target=lambda: found.append(source.read(TILE))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert found == [b"same"] * 8


def test_gzip_is_unpacked_whether_or_not_it_was_needed(server: Server) -> None:
    packed = Answer(body=gzip.compress(b"entries" * 99), headers={"Content-Encoding": "gzip"})

    assert read(server, BUNDLE, packed) == b"entries" * 99
    assert server.asked[0][2] == "gzip"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (gzip.compress(bytes(LARGEST_TILE + 1)), TILE),
        (gzip.compress(bytes(10**8)), BUNDLE),
        (gzip.compress(b"entries")[:-1], BUNDLE),
        (gzip.compress(b"entries") + b"more", BUNDLE),
        (b"not gzip at all", BUNDLE),
    ],
    ids=["a little too long", "a bomb", "cut short", "followed by more", "no gzip"],
)
def test_gzip_that_hides_something_is_refused(server: Server, body: bytes, path: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(server, path, Answer(body=body, headers={"Content-Encoding": "gzip"}))

    assert refused.value.facts["path"] == path


@pytest.mark.parametrize("path", ["checkpoint", TILE, "policy"])
def test_an_answer_without_end_is_refused(server: Server, path: str) -> None:
    with pytest.raises(Malformed, match="larger than it can be"):
        read(server, path, Answer(body=bytes(largest(path) + 1)))


def test_another_packing_is_refused(server: Server) -> None:
    with pytest.raises(Malformed):
        read(server, TILE, Answer(body=b"x", headers={"Content-Encoding": "br"}))


@pytest.mark.parametrize(
    "failure", [Answer(503), Answer(429), Answer(500, b"sorry"), Answer(body=b"hashes", sent=3)]
)
def test_a_failure_that_passes_is_waited_out(server: Server, failure: Answer) -> None:
    assert read(server, TILE, failure, failure, Answer(body=b"hashes")) == b"hashes"


@pytest.mark.parametrize("failure", [Answer(503), Answer(body=b"hashes", sent=3)])
def test_a_failure_that_stays_is_told_with_its_address(server: Server, failure: Answer) -> None:
    with pytest.raises(OSError) as told:  # noqa: PT011 -- the address tells which
        read(server, TILE, failure)

    assert told.value.filename == f"{server.url}/{TILE}"
    assert len(server.asked) == 3


def test_an_answer_that_trickles_for_ever_is_given_up(server: Server) -> None:
    server.answers[:] = [Answer(body=bytes(LARGEST_TILE))]

    with (
        HttpSource(server.url, pauses=(), longest=-1) as source,
        pytest.raises(OSError, match="too long"),
    ):
        source.read(TILE)


@pytest.fixture
def endless() -> Iterator[tuple[str, list[bytes]]]:
    """A server that begins its answer with the first piece, and repeats the second until nobody listens."""
    pieces: list[bytes] = []

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(2**16)
            connection.sendall(pieces[0])
            while True:
                connection.sendall(pieces[1])
                time.sleep(0.01)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/log", pieces
        thread.join()


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "a status line": (b"HTTP/1.1 200 ", b"O"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a header": (OK + b"X: ", b"x"),
    "a body": (OK + b"\r\n", b"x"),
    "a chunk's length": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: x\r\n"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_whatever_trickles_without_end_is_given_up(endless: tuple[str, list[bytes]], what: str) -> None:
    url, pieces = endless
    pieces[:] = ENDLESS[what]

    with HttpSource(url, pauses=(), longest=0.2) as source, pytest.raises(OSError, match="too long"):
        source.read(TILE)


def test_an_answer_in_chunks_is_read_whole(server: Server) -> None:
    server.answers[:] = [Answer(body=b"hashes", chunked=True), Answer(body=b"more", chunked=True)]

    with HttpSource(server.url) as source:
        assert [source.read(TILE), source.read(TILE)] == [b"hashes", b"more"]

    assert len({port for _, port, _ in server.asked}) == 1


def test_chunks_that_stop_are_asked_for_again(server: Server) -> None:
    cut = Answer(body=b"hashes", chunked=True, sent=4)

    assert read(server, TILE, cut, Answer(body=b"hashes", chunked=True)) == b"hashes"


def test_a_host_that_is_not_there_is_told() -> None:
    with HttpSource("http://127.0.0.1:9/log", pauses=()) as source, pytest.raises(OSError) as told:  # noqa: PT011 -- likewise
        source.read(TILE)

    assert told.value.filename == "http://127.0.0.1:9/log/tile/0/000"


@pytest.mark.parametrize("status", [400, 401, 403, 418, 204])
def test_a_refusal_is_not_asked_for_again(server: Server, status: int) -> None:
    with pytest.raises(Malformed) as refused:
        read(server, TILE, Answer(status))

    assert refused.value.facts == {"path": TILE, "status": status}
    assert len(server.asked) == 1


def test_a_file_that_was_moved_on_the_same_host_is_found(server: Server) -> None:
    moved = Answer(301, headers={"Location": "/elsewhere/tile/0/000"})

    assert read(server, TILE, moved, Answer(body=b"hashes")) == b"hashes"
    assert server.asked[1][0] == "/elsewhere/tile/0/000"


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:1/tile", "https://127.0.0.1/tile", "//other.example/tile"]
)
def test_nobody_is_led_to_another_host(server: Server, target: str) -> None:
    with pytest.raises(Malformed, match="another host"):
        read(server, TILE, Answer(302, headers={"Location": target}))


@pytest.mark.parametrize("target", ["http://[", "//a.example:x/tile", "http://127.0.0.1:99999/tile"])
def test_nobody_is_led_to_what_is_no_address(server: Server, target: str) -> None:
    with pytest.raises(Malformed):
        read(server, TILE, Answer(302, headers={"Location": target}))


@pytest.mark.parametrize("target", ["/log/\xe9", "/log/a b"])
def test_an_address_that_cannot_be_asked_for_is_told(server: Server, target: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 -- whichever the library finds wrong with it
        read(server, TILE, Answer(302, headers={"Location": target}))


def test_a_length_without_end_is_no_length(server: Server) -> None:
    told = Answer(body=b"hashes", headers={"Content-Length": "9" * 5000}, chunked=True)

    assert read(server, TILE, told) == b"hashes"


def test_a_circle_ends(server: Server) -> None:
    with pytest.raises(Malformed, match="too often"):
        read(server, TILE, Answer(302, headers={"Location": "/log/tile/0/000"}))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/log",
        "http:///log",
        "https://me:secret@a.example/log",
        "http://a.example/log?x=1",
        "http://a#b",
        "http://[a/log",
        "http://a.example:x/log",
        "http://a.example:99999/log",
    ],
)
def test_an_address_of_something_else_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Malformed) as refused:
        HttpSource(url)

    assert "secret" not in f"{refused.value} {refused.value.facts}"
