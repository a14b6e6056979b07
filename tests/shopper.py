"""A shopper in a browser: opens the page of a lot and reads what came of its checks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from ledger.dsse import AuthorKey
from tests.browser import Pages
from tests.small_log import LOT, Chapter, LotPage, Season

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ALL = ("field", "harvest", "mill", "codes", "shop")


def visit(page: Page, pages: Pages, shown: LotPage, *, base: str | None = None) -> dict[str, str]:
    """Open the page and return the state of each mark, and "page" for the whole."""
    pages.write(LOT, shown.html())
    page.goto((base or pages.address) + LOT)
    page.wait_for_selector("html[data-verified]", state="attached")
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([["page", document.documentElement.dataset.verified],
           ...Array.from(document.querySelectorAll(".chapter"),
             (one) => [one.id, one.querySelector(".mark").textContent])])"""
    )
    return found


def said(page: Page, where: str) -> str:
    return page.locator(where).inner_text()


def marks(whole: str, mark: str, **others: str) -> dict[str, str]:
    return {"page": whole, **dict.fromkeys(ALL, mark), **others}


def with_last(season: Season, **more: Any) -> LotPage:
    """Return the page with the newest entry of the log as one more chapter."""
    shown = season.page()
    last = season.log.entries[-1].index
    shown.chapters.append(Chapter("last", [last], more.get("subject", LOT)))
    shown.shown = [index for index in range(last + 1) if index != season.other.index]
    return shown


def retailed(season: Season, by: str, key: AuthorKey, **more: Any) -> None:
    event = {"kind": more.pop("kind", "retailed"), "lot": LOT, "amount": {"kg": "1"}}
    season.log.state(by, key, event, [LOT], **more)


class _Silent(WSGIRequestHandler):
    """Serves, and says nothing of it: pytest shows the test."""

    def log(self, *_arguments: Any) -> None:
        """Write nothing."""


@contextmanager
def serving(application: "WSGIApplication", port: int = 0) -> Iterator[str]:
    """Serve *application* on loopback and give its address."""
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
