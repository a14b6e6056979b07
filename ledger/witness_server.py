"""A witness on the network: two addresses, and one line on standard error for each decision.

    POST /add-checkpoint                    c2sp.org/tlog-witness: cosign a checkpoint, see witness.py
    GET  /<hex SHA-256(origin)>/checkpoint  the latest checkpoint that was cosigned, for monitors; 404 if none

Any other address is 404, any other method 405 with `Allow`. There is no sign-in: what counts is the log's
signature under the checkpoint. Nothing is believed of a request but its body.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import IO, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sqlalchemy.exc import SQLAlchemyError

from ledger.witness import LONGEST_BODY, TEXT, Answer
from ledger.witness_state import WitnessState

ADD_CHECKPOINT = "/add-checkpoint"
_MONITORED = re.compile(r"/([0-9a-f]{64})/checkpoint")

decisions = logging.getLogger("jizihao.witness")
"""One record for each answer: who asked, what, and how it ended."""


def now() -> int:
    """Return the POSIX second that it is."""
    return int(time.time())


def application(state: WitnessState, clock: Callable[[], int] = now) -> WSGIApplication:
    """Return the WSGI application of the witness with *state*; *clock* gives POSIX seconds."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = _routed(environ, state, clock)
        status = HTTPStatus(found.status)
        body = found.body.encode()
        headers = [("Content-Type", found.media_type), ("Content-Length", str(len(body)))]
        headers += [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", _allowed(str(environ.get("PATH_INFO", "")))))
        _tell(environ, found)
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answered


def _routed(environ: WSGIEnvironment, state: WitnessState, clock: Callable[[], int]) -> Answer:
    path, method = str(environ.get("PATH_INFO", "")), environ["REQUEST_METHOD"]
    monitored = _MONITORED.fullmatch(path)
    try:
        if path == ADD_CHECKPOINT:
            return _asked(environ, state, clock) if method == "POST" else Answer(405, "POST a checkpoint\n")
        if monitored:
            return _shown(state, monitored[1]) if method in {"GET", "HEAD"} else Answer(405, "GET only\n")
    except SQLAlchemyError as why:
        # A full disk, or a database that somebody holds: nothing was kept, so nothing is said.
        decisions.error("the state cannot be used: %s", str(why).split("\n", 1)[0])
        return Answer(503, "the witness cannot keep its state\n")
    return Answer(404, "no such address\n")


def _asked(environ: WSGIEnvironment, state: WitnessState, clock: Callable[[], int]) -> Answer:
    length = str(environ.get("CONTENT_LENGTH") or "")
    # The server has read the body, chunked or not, and gives its length.
    if not (length.isascii() and length.isdigit()):
        return Answer(411, "the request has no length\n")
    if len(length) > 9 or int(length) > LONGEST_BODY:
        return Answer(413, f"a request has at most {LONGEST_BODY} bytes\n")
    body = cast(IO[bytes], environ["wsgi.input"]).read(int(length))
    return state.answer(body, clock)


def _shown(state: WitnessState, origin_digest: str) -> Answer:
    note = state.latest(origin_digest)
    if note is None:
        return Answer(404, "nothing was cosigned of such a log\n")
    return Answer(200, note.decode(), TEXT)


def _allowed(path: str) -> str:
    return "POST" if path == ADD_CHECKPOINT else "GET, HEAD"


def _tell(environ: WSGIEnvironment, found: Answer) -> None:
    asked = f"{environ['REQUEST_METHOD']} {str(environ.get('PATH_INFO', ''))[:80]!a}"
    told = found.body.split("\n", 1)[0][:80]
    if found.seen is not None:
        told = f"cosigned {found.origin} {found.seen.size}"
    elif found.status == HTTPStatus.OK:
        told = f"shown {told}"
    decisions.info("%s %s: %s %s", environ.get("REMOTE_ADDR", "-"), asked, found.status, told)
