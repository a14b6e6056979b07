"""The ledger for programs: what a person does by forms, and what anybody checks, as JSON.

    POST /api/v1/events               an event of one's own party, signed by the platform for it
    POST /api/v1/statements           a statement that the party signed with its own key
    GET  /api/v1/entries[/<index>]    what stands in the log, with proofs
    GET  /api/v1/lots/<lot>/trace     where a lot came from or went
    GET  /api/v1/lots/<lot>/results   its tests; …/certificates: how it stands
    GET  /api/v1/open/results[.csv]   anonymous counts, for everybody
    GET  /api/v1/keys/<party>         which keys the log has granted
    POST /api/v1/keys[/revocations]   grant a key, end one: the operator's
    GET  /api/v1/openapi.json         all this for programs; /api/docs for people

Problems are RFC 9457; a request with an `Idempotency-Key` is done once (see `web.once`).
"""

from flask import Response, jsonify, render_template

from web import openapi
from web.api import keys, looking, results, stating
from web.api.door import blueprint
from web.services import services

__all__ = ["blueprint", "keys", "looking", "results", "stating"]


@blueprint.get("/v1/openapi.json")
def document() -> Response:
    """Return the OpenAPI 3.1 description of all this."""
    return jsonify(openapi.document(services().base_url))


@blueprint.get("/docs")
def docs() -> str:
    """Show the description as a page."""
    return render_template("api/docs.html", document=openapi.document(services().base_url))
