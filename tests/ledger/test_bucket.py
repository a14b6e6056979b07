"""An object store that answers twice or not at all: nothing is written twice, nothing is believed lost."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ledger.bucket import S3Outlet
from ledger.errors import Conflict

pytest.importorskip("boto3", reason="boto3 is not installed")

TILE = "tile/0/000"
PLACE = "s3://bucket/log"
CONFLICT = "conflict"
"""Says that another write of the name is under way, and does nothing."""
LOST = "lost"
"""Does what is asked, and hangs up before it says so."""


@dataclass
class Store:
    """The part of S3 that is used here: objects, conditional writes, and what goes wrong with each PUT."""

    objects: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    puts: int = 0

    def etag(self, key: str) -> str | None:
        content = self.objects.get(key)
        return None if content is None else f'"{md5(content, usedforsecurity=False).hexdigest()}"'

    def put(self, key: str, content: bytes, if_none: str | None, if_match: str | None) -> tuple[int, str]:
        self.puts += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == CONFLICT:
            return 409, "ConditionalRequestConflict"
        if (if_none and key in self.objects) or (if_match and if_match != self.etag(key)):
            return 412, "PreconditionFailed"
        self.objects[key] = content
        return (0, "") if fault == LOST else (200, "")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store on loopback, which the environment leads to."""
    found = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            content = found.objects.get(self.path)
            self._answer(*((404, "NoSuchKey", b"") if content is None else (200, "", content)))

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            code, reason = found.put(
                self.path, content, self.headers["If-None-Match"], self.headers["If-Match"]
            )
            if code:
                self._answer(code, reason, b"")
            self.close_connection = not code

        def _answer(self, code: int, reason: str, content: bytes) -> None:
            body = content or (f"<Error><Code>{reason}</Code></Error>".encode() if reason else b"")
            self.send_response(code)
            if code == 200:
                self.send_header("ETag", found.etag(self.path) or "")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
            """Keep quiet."""

    monkeypatch.setattr("ledger.bucket._PAUSE", 0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listening.server_port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "tester")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield found
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(("conflicts", "written"), [(4, True), (5, False)])
def test_who_wrote_at_the_same_moment_tries_again(store: Store, conflicts: int, *, written: bool) -> None:
    store.faults = [CONFLICT] * conflicts

    with closing(S3Outlet(PLACE)) as outlet:
        if written:
            assert outlet.put(TILE, b"hashes")
        else:
            with pytest.raises(OSError, match="ConditionalRequestConflict"):
                outlet.put(TILE, b"hashes")

    assert (store.puts, list(store.objects.values())) == (5, [b"hashes"] * written)


def test_who_lost_the_race_finds_what_the_other_wrote(store: Store) -> None:
    with closing(S3Outlet(PLACE)) as other:
        other.put(TILE, b"theirs")
    store.faults = [CONFLICT]

    with closing(S3Outlet(PLACE)) as outlet, pytest.raises(Conflict):
        outlet.put(TILE, b"mine")


def test_a_tile_whose_answer_was_lost_stands(store: Store) -> None:
    store.faults = [LOST]

    with closing(S3Outlet(PLACE)) as outlet:
        assert not outlet.put(TILE, b"hashes")

    assert (store.puts, list(store.objects.values())) == (2, [b"hashes"])


@pytest.mark.parametrize("before", [None, b"first"])
def test_a_checkpoint_whose_answer_was_lost_was_replaced(store: Store, before: bytes | None) -> None:
    with closing(S3Outlet(PLACE)) as outlet:
        if before is not None:
            outlet.replace("checkpoint", before)
        seen = outlet.seen()
        store.faults = [LOST]

        outlet.replace("checkpoint", b"second", seen)

        assert outlet.read("checkpoint") == b"second"


@pytest.mark.parametrize("endpoint", ["nonsense", "http://[", "ftp://127.0.0.1"])
def test_an_endpoint_that_is_none_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

    with pytest.raises(OSError), closing(S3Outlet(PLACE)) as outlet:  # noqa: PT011 -- whichever it finds wrong
        outlet.put(TILE, b"hashes")
