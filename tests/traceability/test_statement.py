"""A statement binds an event to who says it, in one log, once; its digest is its name."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from ledger import dsse
from ledger.canonical import dumps, loads
from ledger.dsse import AuthorKey, check_signature
from ledger.errors import Malformed, NotProven
from ledger.spelling import base64_bytes
from tests.strategies import events
from traceability.events import Event
from traceability.events.followup import Confirmed
from traceability.statement import Statement, new_id, sign, stated

KEY, OTHER = AuthorKey(b"\x01" * 32), AuthorKey(b"\x02" * 32)
EVENT = Confirmed(at=datetime(2026, 9, 21, tzinfo=UTC), target="ab" * 32)
ID = "urn:uuid:11111111-1111-4111-8111-111111111111"
STATEMENT = Statement("heitu", EVENT, ID, "nongye.example/2026")
BODY: dict[str, Any] = {
    "by": "heitu",
    "event": {"kind": "confirmed", "at": "2026-09-21T00:00:00.000000Z", "target": "ab" * 32},
    "id": ID,
    "log": "nongye.example/2026",
    "v": 1,
}


def test_the_body_has_exactly_the_members_of_the_format() -> None:
    assert STATEMENT.body == BODY
    assert Statement("operator", EVENT, ID, "x", claimed_by="heitu").body == BODY | {
        "by": "operator",
        "log": "x",
        "claimed_by": "heitu",
    }


def test_the_digest_is_that_of_what_was_signed() -> None:
    signed = b"DSSEv1 41 application/vnd.jizihao.statement.v1+json %d %b" % (len(dumps(BODY)), dumps(BODY))

    assert STATEMENT.signed_bytes == signed
    assert STATEMENT.digest == hashlib.sha256(signed).hexdigest()


@given(event=events())
def test_a_statement_is_read_back_as_it_was(event: Event) -> None:
    statement = stated(event, by="heitu", log="x").statement

    assert Statement.parse(loads(dumps(statement.body))) == statement


@pytest.mark.parametrize(
    "change", [{"v": 2}, {"x": 1}, {"event": {}}, {"event": BODY["event"] | {"zone": "+08:00"}}]
)
def test_another_body_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Statement.parse(BODY | change)


@pytest.mark.parametrize("missing", ["by", "event", "id", "log", "v"])
def test_a_body_that_lacks_a_member_is_refused(missing: str) -> None:
    with pytest.raises(Malformed):
        Statement.parse({name: value for name, value in BODY.items() if name != missing})


def test_each_key_signs_the_same_bytes() -> None:
    signed = sign(STATEMENT, KEY, OTHER)

    assert [each["key"] for each in signed.signatures] == [KEY.id, OTHER.id]
    for key, each in zip((KEY, OTHER), signed.signatures, strict=True):
        check_signature(key.public, STATEMENT.signed_bytes, base64_bytes(each["sig"]))


@pytest.mark.parametrize("change", [{"by": "mifang"}, {"id": ID[:-1] + "2"}, {"log": "other"}])
def test_a_signature_holds_for_one_statement(change: dict[str, str]) -> None:
    signature = base64_bytes(sign(STATEMENT, KEY).signatures[0]["sig"])
    other = Statement.parse(BODY | change)

    with pytest.raises(NotProven):
        check_signature(KEY.public, other.signed_bytes, signature)
    assert other.digest != STATEMENT.digest


def test_a_statement_cannot_be_taken_for_a_key_grant() -> None:
    signature = base64_bytes(sign(STATEMENT, KEY).signatures[0]["sig"])

    with pytest.raises(NotProven):
        check_signature(KEY.public, dsse.pae(dsse.KEY, dumps(BODY)), signature)


def test_a_fresh_id_is_a_random_uuid_in_lower_case() -> None:
    ids = {new_id() for _ in range(100)}

    form = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert len(ids) == 100
    assert all(form.fullmatch(each) for each in ids)
