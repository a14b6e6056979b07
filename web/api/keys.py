"""Keys in their authors' own custody: who has which, granting one, ending one.

Granting and ending are the operator's: the operator's key vouches in the log for what the account has asked.
"""

from typing import Any

from flask import Response, jsonify
from sqlalchemy import select

from ledger import canonical, dsse
from ledger.spelling import base64_bytes, base64_text
from traceability import subjects, tables
from traceability.errors import Invalid, NotAllowed, Problem, Unknown
from traceability.reading import Reader
from web.access import require
from web.api import authored
from web.api.door import Json, blueprint, body_of_request, done_once, entries_about, naming, proof, query
from web.key_life import revocation
from web.once import Done
from web.services import services


@blueprint.get("/v1/keys/<party>")
@require()
def keys(party: str) -> Response:
    """List the keys that the log has granted to a party, valid and ended."""
    query()
    with services().reading() as reader:
        table = tables.party_key
        rows = reader.connection.execute(
            select(table).where(table.c.party == party).order_by(table.c.entry)
        ).all()
        if not rows and not entries_about(reader, subjects.party(party)):
            raise Unknown("party", party[:40])
    return jsonify(party=party, keys=[_key(row) for row in rows])


def _key(row: Any) -> Json:
    return {
        "id": row.key_id,
        "key": base64_text(bytes(row.public)),
        "party": row.party,
        "role": row.role,
        "custody": row.custody,
        "granted": row.entry,
        "ended": row.revoked_by,
    }


@blueprint.post("/v1/keys")
@require("operator")
def grant_key() -> tuple[Response, int]:
    """Grant a party a key of its own: its holder has signed, and the operator's key vouches for it."""
    body = body_of_request()
    grant, signatures = authored.grant(body, services().journal.origin)
    key_id = dsse.key_id(base64_bytes(grant["key"]))
    done = done_once(body, lambda _: _grant(grant, signatures, key_id))
    return _key_receipt(done, key_id, "entry")


def _grant(grant: Json, signatures: tuple[dict[str, str], ...], key_id: str) -> Done:
    shared = services()
    with shared.reading() as reader:
        known = _granted(reader, key_id)
        if known is not None and reader.entry(known.entry).record["grant"] == grant:
            return Done(200, (key_id,))
        _check_role(reader, grant)
    if len(signatures) == 1:
        registrar = shared.registrar()
        vouched = registrar.sign(dsse.pae(dsse.KEY, canonical.dumps(grant)))
        signatures = ({"key": registrar.id, "sig": base64_text(vouched)}, *signatures)
    record = {"grant": grant, "kind": "key", "links": {}, "sigs": [dict(each) for each in signatures]}
    with naming("grant", "sigs"):
        shared.journal.register_key(record)
    return Done(201, (key_id,))


def _granted(reader: Reader, key_id: str) -> Any:
    table = tables.party_key
    return reader.connection.execute(select(table).where(table.c.key_id == key_id)).first()


def _check_role(reader: Reader, grant: Json) -> None:
    """Raise `Invalid` where the party has registered under another role: a key serves one for ever."""
    table = tables.party
    named = select(table.c.role).where(table.c.party == grant["party"]).order_by(table.c.entry.desc())
    role = reader.connection.execute(named.limit(1)).scalar()
    if role is not None and role != grant["role"]:
        raise Invalid(Problem("grant.role", "not-in-list", (("found", grant["role"]),)))


@blueprint.post("/v1/keys/revocations")
@require("operator")
def revoke_key() -> tuple[Response, int]:
    """End a key; what was signed with it before stays as it is."""
    body = body_of_request()
    asked = authored.revocation(body)
    if asked["key"] == services().registrar().id:
        raise NotAllowed("registrar-key")
    return _key_receipt(done_once(body, lambda _: _revoke(asked)), asked["key"], "revoked_by")


def _revoke(asked: dict[str, str]) -> Done:
    shared = services()
    with shared.reading() as reader:
        known = _granted(reader, asked["key"])
    if known is None or known.party != asked["party"]:
        raise Unknown("key", asked["key"])
    if known.revoked_by is not None:
        return Done(200, (known.key_id,))
    ended = revocation(shared.journal.origin, **asked, registrar=shared.registrar())
    with naming("", "key"):
        shared.journal.revoke_key(ended)
    return Done(201, (known.key_id,))


def _key_receipt(done: Done, key_id: str, column: str) -> tuple[Response, int]:
    shared = services()
    with shared.reading() as reader:
        row = _granted(reader, key_id)
    index = row._mapping[column]
    said = {"index": index, "key": key_id, "party": row.party}
    return jsonify(said | proof(shared, index, shared.log.head()[1])), done.status
