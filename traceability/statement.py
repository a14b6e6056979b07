"""A fact, who says it, and the signature that binds them.

    {"by": "yushu-heimin", "event": {…}, "id": "urn:uuid:…", "log": "<origin>", "v": 1}

Signed is the DSSE form of these bytes; the statement's digest is the SHA-256 of what was signed.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ledger import canonical, dsse
from ledger.errors import Malformed
from ledger.spelling import base64_text
from traceability import codec, disclosure
from traceability.disclosure import SealedValue
from traceability.events import Event


def new_id() -> str:
    """Return a fresh statement id: a random UUID (RFC 9562, version 4) as a URN in lower case."""
    return uuid.uuid4().urn


@dataclass(frozen=True)
class Statement:
    """What one party says in one log; every private field of *event* is sealed."""

    by: str
    event: Event
    id: str
    log: str
    claimed_by: str | None = None

    @cached_property
    def body(self) -> dict[str, Any]:
        """Return the JSON object that is signed."""
        body = {"by": self.by, "event": codec.to_json(self.event), "id": self.id, "log": self.log, "v": 1}
        return body if self.claimed_by is None else body | {"claimed_by": self.claimed_by}

    @cached_property
    def signed_bytes(self) -> bytes:
        """Return the DSSE pre-authentication encoding that signatures cover."""
        return dsse.pae(dsse.STATEMENT, canonical.dumps(self.body))

    @cached_property
    def digest(self) -> str:
        """Return the name by which later statements call this one: hex SHA-256 of the signed bytes."""
        return hashlib.sha256(self.signed_bytes).hexdigest()

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Statement":
        """Return the statement that the JSON object *body* spells, or raise `Malformed`."""
        try:
            statement = cls(
                by=body["by"],
                event=codec.from_json(body["event"]),
                id=body["id"],
                log=body["log"],
                claimed_by=body.get("claimed_by"),
            )
        except KeyError as error:
            raise Malformed("a statement lacks a member", facts={"where": str(error)}) from error
        if statement.body != body:
            raise Malformed("a statement has one spelling only", facts={"where": str(body["id"])})
        return statement


@dataclass(frozen=True)
class Signed:
    """A statement with its authors' signatures, and what opens its sealed fields."""

    statement: Statement
    signatures: tuple[Mapping[str, str], ...]
    opened: tuple[SealedValue, ...] = ()


def sign(statement: Statement, *keys: dsse.AuthorKey, opened: Sequence[SealedValue] = ()) -> Signed:
    """Return *statement* signed by each of *keys*."""
    signatures = tuple({"key": key.id, "sig": base64_text(key.sign(statement.signed_bytes))} for key in keys)
    return Signed(statement, signatures, tuple(opened))


def stated(
    event: Event,
    *keys: dsse.AuthorKey,
    by: str,
    log: str,
    statement_id: str | None = None,
    claimed_by: str | None = None,
) -> Signed:
    """Seal the private fields of *event*, state it for *by* in *log*, and sign it."""
    chosen = statement_id or new_id()
    sealed, opened = disclosure.seal(event, chosen)
    return sign(Statement(by, sealed, chosen, log, claimed_by), *keys, opened=opened)
