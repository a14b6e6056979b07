"""What a program states: events that the platform signs for its party, and statements signed elsewhere.

Both are answered with a receipt: the place in the log, the flags of the rules, and what proves the entry
under a signed checkpoint, made afresh each time.
"""

from flask import Response, jsonify
from sqlalchemy import select

from traceability import schema, tables
from traceability.errors import Invalid, NotAllowed, Problem
from traceability.events import KINDS, may_state
from web.access import me, mine, require
from web.api import authored
from web.api.door import Json, blueprint, body_of_request, done_once, naming, proof
from web.once import Done
from web.services import services


@blueprint.post("/v1/events")
@require()
def record_event() -> tuple[Response, int]:
    """State an event for the party of whoever asks, with the key in the platform's custody."""
    body = body_of_request()
    kind = body.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Invalid(
            Problem("kind", "unknown-kind" if "kind" in body else "missing", (("kind", str(kind)[:40]),))
        )
    if not may_state(me().role, kind):
        raise NotAllowed("role", role=me().role)
    told = {"clerk": me().name} | {name: value for name, value in body.items() if name != "kind"}
    return _receipt(done_once(body, lambda statement_id: _record_event(kind, told, statement_id)))


def _record_event(kind: str, told: Json, statement_id: str) -> Done:
    shared, party = services(), me().party
    table = tables.statement
    with shared.reading() as reader:
        stated = (table.c.by == party, table.c.statement_id == statement_id)
        # Whoever asked before us may have recorded it and not lived to remember that.
        before = reader.connection.execute(select(table.c.digest).where(*stated)).scalar()
    if before is not None:
        return Done(200, (before,))
    event = schema.load(kind, told)
    (recorded,) = shared.journal.record(party, event, ids=[statement_id])
    return Done(201, (recorded.digest,))


@blueprint.post("/v1/statements")
@require()
def record_statement() -> tuple[Response, int]:
    """Record a statement that the party of whoever asks has signed with its own key."""
    body = body_of_request()
    signed = authored.read(body)
    mine(signed.statement.by)

    def record(_: str) -> Done:
        with naming("statement", "sigs"):
            (recorded,) = services().journal.submit(signed).result().value
        return Done(200 if recorded.was_known else 201, (recorded.digest,))

    return _receipt(done_once(body, record))


def _receipt(done: Done) -> tuple[Response, int]:
    """Answer with what anybody needs to hold us to the record; proofs are made afresh."""
    (digest,) = done.digests
    shared = services()
    with shared.reading() as reader:
        named = select(tables.statement.c.entry).where(tables.statement.c.digest == digest)
        index = reader.connection.execute(named).scalar_one()
        flags = reader.entry(index).record["ruling"]["flags"]
    said = {"index": index, "digest": digest, "flags": flags, "is_new": done.status == 201}
    return jsonify(said | proof(shared, index, shared.log.head()[1])), done.status
