"""A Chromium for tests: found on this machine, started once, and asked to show pages of a loopback server."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

STATIC = Path(__file__).resolve().parents[1] / "web" / "static"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Return the Chromium of this machine: what JIZIHAO_CHROMIUM names, else the first on the path."""
    named = os.environ.get("JIZIHAO_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for the whole run; without one the tests fail, as the checks are untried."""
    found = chromium()
    if found is None:
        pytest.fail("no Chromium: install it (apt-get install chromium) or name it in JIZIHAO_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


class _Patient(ThreadingHTTPServer):
    """A server that lets a page ask for all its modules at once, on a busy machine too."""

    request_queue_size = 128
    daemon_threads = True


class Pages:
    """A loopback server of the modules in web/static and of pages that a test writes."""

    def __init__(self) -> None:
        self.written: dict[str, tuple[str, bytes]] = {}
        handler = functools.partial(_Shown, self.written)
        self._server = _Patient(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def write(self, path: str, text: str | bytes, kind: str = "text/html; charset=utf-8") -> str:
        """Answer *path* with *text*; return the full address."""
        self.written[path] = (kind, text if isinstance(text, bytes) else text.encode())
        return self.address + path

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Shown(SimpleHTTPRequestHandler):
    """Answers with what the test wrote, else with a file of web/static."""

    extensions_map = {  # noqa: RUF012 -- the base class declares a plain dict
        ".js": "text/javascript; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        "": "application/octet-stream",
    }

    def __init__(self, written: dict[str, tuple[str, bytes]], *arguments: object) -> None:
        self._written = written
        super().__init__(*arguments, directory=str(STATIC))  # type: ignore[arg-type]  # the server passes three

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path not in self._written:
            self.path = path.removeprefix("/static")
            super().do_GET()
            return
        kind, body = self._written[path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: pytest shows the test."""


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """Serve web/static and written pages on loopback."""
    server = Pages()
    yield server
    server.close()


LOAD = """
window.load = async (...names) => Object.assign({}, ...(await Promise.all(
  names.map((name) => import(`/static/${name}.js`)))));
window.refusal = async (work) => {
  try { await work(); return null; } catch (error) { return error.code || String(error); } };
"""


@pytest.fixture(scope="module")
def modules(browser: Browser, pages: Pages) -> Iterator[Page]:
    """Open a page whose `load(...names)` imports modules, and whose `refusal(work)` gives an error's code."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(pages.write("/modules", f"<!doctype html><title>modules</title><script>{LOAD}</script>"))
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page in a fresh profile: nothing kept from an earlier visit."""
    context = browser.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()
