"""Keys in their authors' own custody are granted and ended by the operator alone."""

from typing import Any

import pytest

from ledger import canonical, dsse
from ledger.spelling import base64_text
from tests.programs import AUTHOR, B64, BOUGHT, Api, check_receipt, grant_of, spelled
from tests.world import ORIGIN
from traceability import schema
from traceability.statement import stated
from web.database import key_record


def test_the_keys_of_a_party_are_listed(api: Api) -> None:
    answer = api.ask("/v1/keys/heitu", who="mifang")

    told = {each["id"]: each for each in answer.json["keys"]}
    assert {each["custody"] for each in told.values()} == {"author", "platform"}
    assert told[AUTHOR.id]["key"] == base64_text(AUTHOR.public)
    assert api.ask("/v1/keys/nobody").status_code == 404


def test_a_key_is_granted_once_and_ended_once(api: Api) -> None:
    key = dsse.AuthorKey(b"\x0a" * 32)
    ended = {"key": key.id, "party": "heitu", "reason": "lost"}
    granted = api.ask("/v1/keys", grant_of(key), who="operator", key="grant")
    before = api.size

    repeated = [api.ask("/v1/keys", grant_of(key), who="operator") for _ in range(2)]
    ends = [api.ask("/v1/keys/revocations", ended, who="operator") for _ in range(2)]

    record = check_receipt(api, granted.json).record
    assert [each["key"] for each in record["sigs"]] == [api.world.services.registrar().id, key.id]
    assert [each.status_code for each in [granted, *repeated, *ends]] == [201, 200, 200, 201, 200]
    assert {each.json["index"] for each in repeated} == {granted.json["index"]}
    assert (ends[0].json["index"], ends[1].json["index"], api.size) == (before, before, before + 1)


def test_a_key_that_was_ended_signs_nothing_more(api: Api) -> None:
    key = dsse.AuthorKey(b"\x0b" * 32)
    api.ask("/v1/keys", grant_of(key), who="operator")
    event = schema.load("input-bought", {k: v for k, v in BOUGHT.items() if k not in {"kind", "dealer"}})
    good, late = (stated(event, key, by="heitu", log=ORIGIN) for _ in range(2))

    before = api.ask("/v1/statements", spelled(good))
    api.ask("/v1/keys/revocations", {"key": key.id, "party": "heitu", "reason": "ended"}, who="operator")
    after = api.ask("/v1/statements", spelled(late))

    assert (before.status_code, after.status_code) == (201, 422)
    assert after.places == ["sigs"]


def test_a_registrar_elsewhere_may_have_signed_already(api: Api) -> None:
    key = dsse.AuthorKey(b"\x0c" * 32)
    record = key_record(
        ORIGIN, key, api.world.services.registrar(), party="mifang", role="processor", custody="author"
    )

    answer = api.ask("/v1/keys", {"grant": record["grant"], "sigs": record["sigs"]}, who="operator")

    assert answer.status_code == 201


FRESH = dsse.AuthorKey(b"\x0d" * 32)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "grant"),
        (grant_of(FRESH) | {"more": 1}, "more"),
        (grant_of(FRESH, custody="platform"), "grant.custody"),
        (grant_of(FRESH, log="other.example"), "grant.log"),
        (grant_of(FRESH, role="king"), "grant.role"),
        (grant_of(FRESH, role="farm"), "grant.role"),
        (grant_of(FRESH, party="Heitu"), "grant.party"),
        (grant_of(FRESH, key="AAAA"), "grant.key"),
        (grant_of(FRESH, key=base64_text(bytes(32))), "grant"),
        (grant_of(FRESH, v=2), "grant.v"),
        (grant_of(FRESH, replaces="x"), "grant.replaces"),
        (grant_of(FRESH, replaces=B64), "sigs"),
        (grant_of(FRESH) | {"sigs": grant_of(AUTHOR)["sigs"]}, "sigs"),
        (grant_of(FRESH) | {"sigs": []}, "sigs"),
    ],
)
def test_a_grant_that_is_malformed_is_told_where(api: Api, body: Any, where: str) -> None:
    before = api.size

    answer = api.ask("/v1/keys", body, who="operator")

    assert (answer.status_code, api.size) == (422, before)
    assert where in answer.places


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": "tired"}, 422),
        ({"key": "x"}, 422),
        ({"key": B64}, 404),
        ({"party": "mifang"}, 404),
        ({"more": 1}, 422),
    ],
)
def test_a_revocation_that_names_no_key_ends_none(api: Api, change: Any, status: int) -> None:
    before = api.size

    answer = api.ask(
        "/v1/keys/revocations",
        {"key": AUTHOR.id, "party": "heitu", "reason": "lost"} | change,
        who="operator",
    )

    assert (answer.status_code, api.size) == (status, before)


def test_the_key_that_vouches_is_not_ended_here(api: Api) -> None:
    own = {"key": api.world.services.registrar().id, "party": "operator", "reason": "lost"}

    answer = api.ask("/v1/keys/revocations", own, who="operator")

    assert answer.status_code == 403


def replaced(old: dsse.AuthorKey, new: dsse.AuthorKey, *signers: dsse.AuthorKey) -> Any:
    """What asks for *new* in the place of *old*, signed by *signers*."""
    grant = grant_of(new, replaces=old.id)["grant"]
    signed = dsse.pae(dsse.KEY, canonical.dumps(grant))
    return {
        "grant": grant,
        "sigs": [{"key": each.id, "sig": base64_text(each.sign(signed))} for each in signers],
    }


def test_the_old_key_vouches_for_the_new_one_and_the_registrar_where_it_is_lost(api: Api) -> None:
    first, second, third = (dsse.AuthorKey(bytes([number]) * 32) for number in (0x21, 0x22, 0x23))
    api.ask("/v1/keys", grant_of(first), who="operator")

    rotated = api.ask("/v1/keys", replaced(first, second, first, second), who="operator")
    lost = api.ask("/v1/keys", replaced(second, third, third), who="operator")

    assert (rotated.status_code, lost.status_code) == (201, 201)
    records = [check_receipt(api, each.json).record for each in (rotated, lost)]
    vouchers = [record["sigs"][0]["key"] for record in records]
    assert vouchers == [first.id, api.world.services.registrar().id]
    assert [record["grant"]["replaces"] for record in records] == [first.id, second.id]


def test_an_ended_key_vouches_for_none(api: Api) -> None:
    first, second = (dsse.AuthorKey(bytes([number]) * 32) for number in (0x31, 0x32))
    api.ask("/v1/keys", grant_of(first), who="operator")
    ended = {"key": first.id, "party": "heitu", "reason": "compromised"}
    api.ask("/v1/keys/revocations", ended, who="operator")
    before = api.size

    answer = api.ask("/v1/keys", replaced(first, second, first, second), who="operator")

    assert (answer.status_code, api.size) == (422, before)
