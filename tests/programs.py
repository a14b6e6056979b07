"""A program that asks the API over a whole small world, and an author with a key of the author's own."""

import base64
import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from ledger import canonical, dsse
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.merkle import check_inclusion, leaf_hash
from ledger.note import Note, verified
from ledger.spelling import base64_text
from tests import world
from tests.webapp import PASSWORD, add_account
from tests.world import ORIGIN, World
from traceability import schema
from traceability.statement import Signed, stated
from web import create_app, once

ROLES = {
    "operator": "operator",
    "yushu": "regulator",
    "heitu": "cooperative",
    "mifang": "processor",
    "jiance": "laboratory",
    "chaoshi": "retailer",
}
AT = "2026-11-01T08:00:00+08:00"
BOUGHT = {
    "kind": "input-bought",
    "at": AT,
    "name": "虚构尿素",
    "category": "fertiliser",
    "amount": "50",
    "unit": "kg",
    "dealer": "虚构农资店",
}
B64 = base64_text(bytes(32))
"""The spelling of 32 bytes that are no key and no hash of anything."""
AUTHOR = dsse.AuthorKey(b"\x07" * 32)


@dataclass(frozen=True)
class Answer:
    """What the server answered, and what its JSON says."""

    status_code: int
    mimetype: str
    headers: Headers
    raw: bytes
    json: Any

    @classmethod
    def of(cls, found: TestResponse) -> "Answer":
        """Return what *found* says."""
        kind = found.mimetype or ""
        said = found.get_json() if kind.endswith("json") else None
        return cls(found.status_code, kind, found.headers, found.get_data(), said)

    @property
    def places(self) -> list[str]:
        """Where the problem says that something is wrong."""
        return [each["where"] for each in self.json["errors"]]


@dataclass
class Api:
    """The application over a whole chain, and a short way to ask it."""

    world: World
    app: Flask

    def ask(
        self, path: str, body: Any = None, *, who: str | None = "heitu", key: str = "", **named: Any
    ) -> Answer:
        """Ask as *who*; a body makes it a POST."""
        headers = dict(named.pop("headers", {}))
        if key:
            headers[once.HEADER] = key
        if body is not None:
            named |= {"method": "POST", "data": json.dumps(body), "content_type": "application/json"}
        auth = None if who is None else (who, PASSWORD)
        found = self.app.test_client().open(f"/api{path}", auth=auth, headers=headers, **named)
        return Answer.of(found)

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return self.world.services.log.size()


def grant_of(holder: dsse.AuthorKey, party: str = "heitu", role: str = "cooperative", **other: Any) -> Any:
    """Return what the operator sends to grant the key of *holder*: the grant, and its holder's signature."""
    grant = {
        "custody": "author",
        "key": base64_text(holder.public),
        "log": ORIGIN,
        "party": party,
        "role": role,
        "v": 1,
    }
    grant |= other
    signed = holder.sign(dsse.pae(dsse.KEY, canonical.dumps(grant)))
    return {"grant": grant, "sigs": [{"key": holder.id, "sig": base64_text(signed)}]}


def bought(name: str = "自己签的肥", by: str = "heitu", statement_id: str | None = None) -> Signed:
    """Return a purchase that its author signed with the author's own key."""
    told = {member: value for member, value in BOUGHT.items() if member != "kind"} | {"name": name}
    event = schema.load("input-bought", told)
    return stated(event, AUTHOR, by=by, log=ORIGIN, statement_id=statement_id)


def spelled(signed: Signed) -> dict[str, Any]:
    """Return what a program sends to record *signed*."""
    return {
        "statement": copy.deepcopy(signed.statement.body),
        "sigs": [dict(each) for each in signed.signatures],
        "sealed": {
            each.pointer: {"salt": base64_text(each.salt), "value": each.value} for each in signed.opened
        },
    }


def check_receipt(api: Api, told: Any) -> Entry:
    """Raise unless the receipt proves its entry under a checkpoint that the log has signed."""
    spelt = api.world.services.log.entry(told["index"]).spelt
    note = Note.parse(told["checkpoint"].encode())
    checkpoint = Checkpoint.parse(note.text)
    key = api.world.services.log.signer.key
    assert verified(note, [key]) == (key,)
    assert base64.b64decode(told["leaf"]) == leaf_hash(spelt)
    check_inclusion(
        [base64.b64decode(each) for each in told["proof"]],
        size=checkpoint.size,
        root=checkpoint.root,
        index=told["index"],
        leaf=leaf_hash(spelt),
    )
    return Entry.parse(spelt)


@contextmanager
def served(folder: Path) -> Iterator[Api]:
    """Serve the API over a whole chain in *folder*, with an account for each party and an author's key."""
    with world.opened(folder) as made:
        made.whole_chain()
        made.at(AT)
        shared = made.services
        with shared.engine.begin() as connection:
            for party, role in ROLES.items():
                add_account(connection, shared.kept_key, role, party)  # type: ignore[arg-type]  # the words of ROLES are roles
        app = create_app(shared.settings, shared)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        asked = Api(made, app)
        granted = asked.ask("/v1/keys", grant_of(AUTHOR), who="operator")
        assert granted.status_code == 201
        yield asked
