"""The log as static files, c2sp.org/tlog-tiles: what mirrors, witnesses and verifiers read.

/log/checkpoint                 the latest checkpoint, not to be kept by anybody on the way
/log/tile/<L>/<N>[.p/<W>]       hashes, for ever the same
/log/tile/entries/<N>[.p/<W>]   entries, for ever the same; packed with gzip for whoever takes it
/log/rules/<digest>/<name>      the rule sets that entries name, for ever the same
/log/policy                     whose signatures suffice, as the operator says

Nothing beyond the published tree is shown. What is for ever the same is known by its name, so that a reader
who has it is told so before anything is read or hashed.
"""

import gzip
from hashlib import sha256

from flask import Blueprint, Response, abort, current_app, request

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.export import log_reader
from ledger.outlet import cache_control, content_type
from ledger.tile import FULL, Bundle, Tile
from web import showing
from web.services import services

blueprint = Blueprint("tiles", __name__, url_prefix="/log")

PUBLISHED = "jizihao.published"
PACKING = 6
"""How hard gzip tries; more saves next to nothing."""

_LEVELS = 8


@blueprint.after_request
def _open_to_all(response: Response) -> Response:
    # A verifier page may come from anywhere; what stands here is the same for everybody.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """Return the latest checkpoint that enough witnesses have seen, or that of this moment."""
    try:
        note = showing.shown(services())
    except NotProven:
        # Nothing is sealed yet, or nothing may be published before the witnesses have answered.
        abort(404)
    current_app.extensions[PUBLISHED] = Checkpoint.parse(note.text).size
    return _whole("checkpoint", note.bytes())


@blueprint.get("/policy")
def policy() -> Response:
    """Return the operator's policy; one that is fetched from here proves nothing about here."""
    return _whole("policy", services().policy.text().encode("utf-8", "surrogateescape"))


@blueprint.get("/rules/<digest>/<name>")
def rules(digest: str, name: str) -> Response:
    """Return a file of a rule set that entries name by its digest."""
    try:
        content = services().shelf.files(digest).get(name)
    except LedgerError:
        content = None
    if content is None:
        abort(404)
    return _whole(f"rules/{digest}/{name}", content)


@blueprint.get("/tile/<path:rest>")
def tile(rest: str) -> Response:
    """Return a tile of hashes or a bundle of entries of the published tree."""
    piece = _piece(f"tile/{rest}")
    if not _is_published(piece):
        abort(404)
    packed = isinstance(piece, Bundle) and request.accept_encodings.quality("gzip") > 0
    response = _headed(piece.path(), f"{_name_of_log()}-{piece.path()}{'-gzip' if packed else ''}")
    if isinstance(piece, Bundle):
        response.vary.add("Accept-Encoding")
    if response.status_code != 304:
        content = log_reader(services().log)(piece.path())
        response.data = gzip.compress(content, PACKING, mtime=0) if packed else content
    if packed:
        response.content_encoding = "gzip"
    return response


def _piece(path: str) -> Tile | Bundle:
    try:
        return Bundle.parse(path) if path.startswith("tile/entries/") else Tile.parse(path)
    except Malformed:
        abort(404)


def _is_published(piece: Tile | Bundle) -> bool:
    """Say whether the published tree has all of *piece*; a part of it stays readable when it is full."""
    end = piece.index * FULL + piece.width
    if isinstance(piece, Tile):
        end <<= piece.level * _LEVELS
    # The published tree only grows: it is asked for again only by who wants more than is known of it.
    if end > current_app.extensions.get(PUBLISHED, 0):
        note = services().log.published()
        current_app.extensions[PUBLISHED] = 0 if note is None else Checkpoint.parse(note.text).size
    return end <= int(current_app.extensions[PUBLISHED])


def _name_of_log() -> str:
    return services().log.signer.key.key_id.hex()


def _whole(path: str, content: bytes) -> Response:
    response = _headed(path, sha256(content).hexdigest())
    if response.status_code != 304:
        response.data = content
    return response


def _headed(path: str, name: str) -> Response:
    """Return an answer without a body yet: 304 if the reader has what is called *name* already."""
    response = Response(content_type=content_type(path))
    response.headers["Cache-Control"] = cache_control(path)
    response.set_etag(name.replace("/", "-"))
    response.make_conditional(request)
    return response
