"""Others on the network, real servers on loopback: a witness that signs, one that is slow, one that lies."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from wsgiref.types import WSGIApplication

import waitress  # type: ignore[import-untyped]  # it has no types
from waitress import wasyncore

from ledger import witness_server, witness_state
from ledger.keys import VerifierKey
from ledger.witness_state import WitnessState


@contextmanager
def served(application: WSGIApplication, port: int = 0) -> Iterator[str]:
    """Serve *application* with waitress, as the command does, and give its address."""
    sockets: dict[int, object] = {}
    server = waitress.create_server(
        application, map=sockets, host="127.0.0.1", port=port, threads=4, ident=None
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Its loop ends when nothing is left to listen to.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        server.task_dispatcher.shutdown()


@dataclass(frozen=True)
class Partner:
    """A witness: its address, its keys, and its state where it has one."""

    url: str
    keys: tuple[VerifierKey, ...]
    state: WitnessState | None = None

    def lines(self, name: str) -> str:
        """Return the lines of a policy for its keys, called *name* and *name*-later."""
        names = (name, f"{name}-later")
        return "".join(
            f"witness {called} {key.text()} {self.url}\n"
            for called, key in zip(names, self.keys, strict=False)
        )


@contextmanager
def honest(
    folder: Path,
    *logs: VerifierKey,
    name: str = "witness.example/w1",
    clock: Callable[[], int] = witness_server.now,
    port: int = 0,
) -> Iterator[Partner]:
    """Serve a witness that signs what it should; its state is made in *folder* unless it is there."""
    if not (folder / witness_state.KEY_FILE).exists():
        witness_state.create(folder, name)
    with witness_state.opened(folder) as state:
        state.add_logs(logs)
        with served(witness_server.application(state, clock), port) as url:
            yield Partner(url, state.keys, state)


@dataclass
class Told:
    """A server that plays a part, which a test may change meanwhile, and what it has been asked."""

    url: str
    part: "Part"
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)


Part = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def playing(part: Part) -> Iterator[Told]:
    """Serve whatever *part* does with each request and its body."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append((self.command, self.path, body))
            told.part(self, body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Write nothing: whoever hung up is not waited for."""

    server = Server(("127.0.0.1", 0), Handler)
    told = Told(f"http://127.0.0.1:{server.server_address[1]}", part)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Part:
    """Return the part that gives one answer to everybody."""

    def part(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        send(request, status, body, headers)

    return part


def send(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    """Answer *request*."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def slow(until: threading.Event, *, drip: bytes = b"") -> Part:
    """Return the part that answers nobody before *until* is set; with *drip* it sends that meanwhile."""

    def part(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.close_connection = True
        if drip:
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not until.wait(0.05):
            if drip:
                request.wfile.write(drip)
                request.wfile.flush()

    return part
