"""The verifier page that stands alone: static files that judge a log by a policy of their own.

    DIR/
      index.html      the page; it works from any path of any host, and needs no program there
      policy          whom it trusts: taken from a file that its host trusts, never from the log's server
      static/         the modules of static/verifier.js, style sheets, icon

Whoever hosts it vouches for two things: these files as they are, and the policy. The page asks the log's
server for proofs (`?proofs=1`) and believes nothing of the answer that the policy's keys have not signed.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from ledger.policy import Policy
from web.proofs import STATIC, modules

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FIRST_MODULE = "verifier.js"
SHEETS = ("style.css", "scan.css", "verifier.css")
ICON = "icon.svg"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}

# Any server may be asked for proofs; code and pictures come from these files alone.
SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src blob: mediastream:; connect-src 'self' https: http:; base-uri 'none'; form-action 'none'"
)


def write(folder: Path, policy: Policy, *, home: str = "") -> None:
    """Write the page with *policy* pinned into *folder*; files of an earlier writing are replaced.

    *home* is the log's server, asked for lots that are named without an address; by default it is the address
    that *policy* gives for its first log. Raises `OSError`.
    """
    static = folder / "static"
    static.mkdir(parents=True, exist_ok=True)
    for name in (*modules(FIRST_MODULE), *SHEETS, ICON):
        _put(static / name, (STATIC / name).read_bytes())
    _put(folder / "policy", policy.text().encode("utf-8", "surrogateescape"))
    # The page comes last: whoever opens a half-written folder finds no page, or the former one.
    _put(folder / "index.html", _page(home or home_of(policy)).encode())


def home_of(policy: Policy) -> str:
    """Return the server of the first log that *policy* gives an address of, "" where it gives none."""
    addresses = (address for _, address in policy.logs if address is not None)
    return next(addresses, "").removesuffix("/").removesuffix("/log")


def application(folder: Path) -> "WSGIApplication":
    """Return a program that serves *folder* as any static host would; the demo shows the verifier by it."""

    @Request.application
    def answer(request: Request) -> Response:
        name = request.path.lstrip("/") or "index.html"
        kind = TYPES.get(Path(name).suffix, "text/plain")
        found: Response = send_from_directory(folder, name, environ=request.environ, mimetype=kind, max_age=0)
        found.headers.update({"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"})
        return found

    return answer


def _page(home: str) -> str:
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    page = Environment(loader=templates, autoescape=True, undefined=StrictUndefined).get_template(
        "verifier/index.html"
    )
    told = page.render(security=SECURITY, sheets=SHEETS, modules=modules(FIRST_MODULE), home=home)
    return told + "\n"


def _put(path: Path, content: bytes) -> None:
    half = path.with_name(f"{path.name}.new")
    half.write_bytes(content)
    half.replace(path)
