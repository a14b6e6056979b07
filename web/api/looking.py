"""What a program may look up: entries with their proofs, and where a lot came from or went.

Every entry is public; what is sealed in it stays sealed here.
"""

from collections.abc import Iterable
from itertools import islice

from flask import Response, jsonify

from ledger.entry import Entry
from ledger.spelling import base64_text
from traceability import gs1, tracing
from traceability.errors import Invalid, Problem, Unknown
from traceability.events import followup
from traceability.genealogy import Genealogy
from traceability.gs1.link import percent_encode
from traceability.rows import lots_of
from traceability.statement import Statement
from web import showing
from web.access import require
from web.api.door import Json, blueprint, entries_about, known_lot, proof, query, whole
from web.services import services

MOST_ENTRIES = 500


@blueprint.get("/v1/entries")
@require()
def entries() -> Response:
    """List entries in the order of the log, all or those of one lot."""
    asked = query("lot", "from", "limit")
    first, limit = whole(asked, "from", 0), whole(asked, "limit", 100, least=1)
    shared = services()
    size = shared.log.size()
    with shared.reading() as reader:
        places: Iterable[int] = range(first, size)
        if "lot" in asked:
            found = entries_about(reader, known_lot(asked["lot"], reader))
            places = (index for index in found if first <= index < size)
        chosen = islice(places, min(limit, MOST_ENTRIES))
        told = [_told(reader.entry(index), shared.base_url) for index in chosen]
    return jsonify(size=size, entries=told)


def _told(entry: Entry, base_url: str) -> Json:
    """Return one row of the list, as `jizihao entries` tells it."""
    record = entry.record
    said: Json = {"index": entry.index, "at": entry.at, "kind": record["kind"], "by": None, "lot": None}
    if record["kind"] == "statement":
        statement = Statement.parse(record["statement"])
        event = statement.event
        told = followup.told_by(event)
        lots = [gs1.address(each, base_url) for each in lots_of(told)]
        said |= {"kind": event.kind, "by": statement.by, "lot": lots[0] if lots else None, "lots": lots}
        said["flags"] = [each["rule"] for each in record["ruling"]["flags"]]
    elif record["kind"] in {"key", "revocation"}:
        said["by"] = record["grant" if record["kind"] == "key" else "revocation"]["party"]
    return said


@blueprint.get("/v1/entries/<int:index>")
@require()
def entry(index: int) -> Response:
    """Return the bytes of one entry, and what proves that they stand in the log."""
    query()
    shared = services()
    head, sealed = shared.log.head()
    if index >= head.size:
        raise Unknown("entry", str(index)[:20])
    note = showing.covering(shared, index) or sealed
    spelt = base64_text(shared.log.entry(index).spelt)
    return jsonify({"index": index, "entry": spelt} | proof(shared, index, note))


@blueprint.get("/v1/lots/<path:lot>/trace")
@require()
def trace(lot: str) -> Response:
    """Tell which lots a lot was made from, or which were made of it."""
    asked = query("direction")
    direction = asked.get("direction")
    if direction not in {"back", "forward"}:
        code = "missing" if direction is None else "not-in-list"
        raise Invalid(Problem("direction", code, (("found", str(direction)[:40]),)))
    shared, is_back = services(), direction == "back"
    with shared.reading() as reader:
        # The server has read %2F as a slash; what is left of other escapes is spelt again.
        path = "/" + "/".join(percent_encode(step) for step in lot.split("/"))
        name = known_lot(path, reader)
        told = Genealogy(tracing.flows(reader.connection, name, back=is_back))

    def spelled(uri: str) -> str:
        return gs1.address(uri, shared.base_url)

    said: Json = {
        "lot": spelled(name),
        "direction": direction,
        "lots": sorted(map(spelled, told.back(name) if is_back else told.forward(name))),
        "edges": [[spelled(end) for end in edge] for edge in told.edges(name, back=is_back)],
    }
    if is_back:
        said["shares"] = {spelled(each): str(part) for each, part in told.shares(name).items()}
    return jsonify(said)
