"""The door of the API: who asks, by which right, and in a form that has one meaning.

A program names an account and its password (HTTP Basic) with each request. A browser that has signed in may
ask, too; what it sends bears the token of a form, for a browser sends its cookie whoever makes it ask.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, abort, request, session
from flask_limiter.util import get_remote_address
from sqlalchemy import select

from ledger.errors import Busy, Malformed, NotProven
from ledger.merkle import leaf_hash
from ledger.note import Note
from ledger.spelling import base64_text
from traceability import gs1, tables
from traceability.epcis import strictjson
from traceability.errors import Invalid, Problem, Unknown
from traceability.reading import Reader
from traceability.statement import new_id
from web import access, accounts, once, showing
from web.access import Person, me
from web.api import authored
from web.database import Services
from web.once import Done, Once
from web.problems import RETRY_SECONDS
from web.services import services
from web.workers import WAITING

Json = dict[str, Any]

blueprint = Blueprint("api", __name__, url_prefix="/api")
access.csrf.exempt(blueprint)

LARGEST_BODY = 1024 * 1024
MOST_WAITING = 128
"""How many requests may wait behind one that writes, before a program is asked to come back later."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOTS = frozenset({"lot", "own-lot", "serial"})


@access.login_manager.request_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def _by_password(_: Any) -> Person | None:
    """Return the person whose name and password came with this request; asked where no session is."""
    given = request.authorization
    if request.blueprint != blueprint.name or given is None or given.type != "basic":
        return None
    account = access.account_named((given.username or "").strip().lower())
    known = accounts.check_password(account, given.password or "")
    return Person(account) if known and account is not None else None


def _guessed(response: Any) -> bool:
    return request.authorization is not None and response.status_code == 401


def _name_asked() -> str:
    name = "" if request.authorization is None else request.authorization.username or ""
    return "name:" + name[:40].strip().lower()


for _counted in (get_remote_address, _name_asked):
    access.limiter.limit(access.SIGN_IN_LIMITS, key_func=_counted, deduct_when=_guessed)(blueprint)


@blueprint.before_request
def _guard() -> None:
    request.max_content_length = LARGEST_BODY
    if request.method not in SAFE and request.environ.get(WAITING, 0) > MOST_WAITING:
        # Who reads is served; a program that writes can wait, and what it sent is still with it.
        raise Busy("too many requests are waiting", facts={"seconds": RETRY_SECONDS})
    # Only a cookie is sent without its owner knowing; a password in the header is not.
    if request.method not in SAFE and session.get("_user_id"):
        access.csrf.protect()


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="jizihao", charset="UTF-8"'
    return response


def body_of_request() -> Json:
    """Return the JSON object that was sent; `Invalid` where it has two meanings or none."""
    if request.mimetype != "application/json":
        abort(415)
    found = strictjson.loads(request.get_data(cache=False), largest=LARGEST_BODY)
    if not isinstance(found, dict):
        raise Invalid(Problem("", "not-an-object"))
    return found


def query(*names: str) -> dict[str, str]:
    """Return the query, or raise `Invalid` for a name that is not known or stands twice."""
    found = request.args.to_dict(flat=False)
    stray = [Problem(name, "unknown-field") for name in found if name not in {*names, "lang"}]
    twice = [Problem(name, "member-twice") for name, values in found.items() if len(values) > 1]
    if stray or twice:
        raise Invalid(*stray, *twice)
    return {name: values[0] for name, values in found.items()}


def whole(asked: dict[str, str], name: str, otherwise: int, *, least: int = 0) -> int:
    """Return the member *name* of a query as a whole number."""
    text = asked.get(name, str(otherwise))
    if not text.isascii() or not text.isdigit() or len(text) > 15 or int(text) < least:
        raise Invalid(Problem(name, "not-a-whole-number", (("found", text[:40]),)))
    return int(text)


def known_lot(text: str, reader: Reader) -> str:
    """Return the lot that *text* names, or raise `Unknown` where the log tells nothing of it."""
    shared = services()
    try:
        found = gs1.parse(text, shared.base_url)
    except Invalid as error:
        raise Invalid(*(Problem("lot", each.code, each.facts) for each in error.problems)) from error
    name = found.lot_uri or found.uri
    if found.kind not in LOTS or not entries_about(reader, name):
        raise Unknown("lot", gs1.address(name, shared.base_url))
    return name


def done_once(body: Json, work: Callable[[str], Done]) -> Done:
    """Do *work*, given the id for a statement; only once where the request bears a key."""
    key = request.headers.get(once.HEADER)
    if key is None:
        return work(new_id())
    shared, rule = services(), request.url_rule
    mac_key, route = shared.settings.mac_key, "" if rule is None else rule.rule
    this = once.asked(mac_key, party=me().party, method=request.method, route=route, key=key, body=body)
    kept = Once(shared.engine, shared.kept_key, shared.clock)
    return kept.run(this, lambda: work(this.statement_id(mac_key)))


@contextmanager
def naming(form: str, held: str) -> Iterator[None]:
    """Name the member where the log finds a form, or a proof, that does not hold."""
    try:
        yield
    except Malformed as error:
        raise authored.wrong(form, error.reason) from error
    except NotProven as error:
        raise Invalid(Problem(held, "not-proven", (("found", error.reason),))) from error


def entries_about(reader: Reader, subject: str) -> list[int]:
    """Return the places of all entries that touch *subject*."""
    table = tables.subject
    rows = reader.connection.execute(
        select(table.c.entry).where(table.c.subject == subject).order_by(table.c.entry)
    )
    return [row.entry for row in rows]


def proof(shared: Services, index: int, note: Note) -> Json:
    """Return what proves the entry at *index* under *note*, and how many witnesses have cosigned that."""
    return {
        "witnesses": len(showing.seen_by(note, shared.policy)),
        "checkpoint": note.bytes().decode(),
        "leaf": base64_text(leaf_hash(shared.log.entry(index).spelt)),
        "proof": [base64_text(each) for each in shared.log.proof_under(index, note).path],
    }
