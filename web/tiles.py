"""The log as static files, c2sp.org/tlog-tiles: what mirrors, witnesses and verifiers read.

/log/checkpoint                 the latest published checkpoint
/log/tile/<L>/<N>[.p/<W>]       hashes, for ever the same
/log/tile/entries/<N>[.p/<W>]   entries, for ever the same
/log/policy                     whose signatures suffice, as the operator says
"""

from hashlib import sha256

from flask import Blueprint, Response, abort, request

from ledger.errors import LedgerError
from ledger.tile import Bundle, Tile
from web.services import services

blueprint = Blueprint("tiles", __name__, url_prefix="/log")

FOR_EVER = "public, max-age=31536000, immutable"


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """Return the latest checkpoint, published now if entries have come since."""
    note = services().log.publish()
    return _text(note.bytes())


@blueprint.get("/policy")
def policy() -> Response:
    """Return the operator's policy; one that is fetched from here proves nothing about here."""
    return _text(services().policy.text().encode())


@blueprint.get("/tile/<path:rest>")
def tile(rest: str) -> Response:
    """Return a tile of hashes or a bundle of entries of the published tree."""
    path = f"tile/{rest}"
    log = services().log
    try:
        if rest.startswith("entries/"):
            content = log.bundle(Bundle.parse(path))
        else:
            content = log.tile(Tile.parse(path))
    except LedgerError:
        abort(404)
    response = Response(content, content_type="application/octet-stream")
    response.headers["Cache-Control"] = FOR_EVER
    response.set_etag(sha256(content).hexdigest())
    response.make_conditional(request)
    return response


def _text(content: bytes) -> Response:
    response = Response(content, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
