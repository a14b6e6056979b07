from collections.abc import Callable
from typing import Any

import pytest

from ledger.authorship import KeyGrant, Keyring, anything, check_statement, nobody
from ledger.dsse import KEY, AuthorKey
from ledger.errors import Conflict, LedgerError, Malformed, NotProven
from ledger.spelling import base64_text
from tests.logs import ORIGIN
from tests.records import (
    FARM,
    NEW,
    OPERATOR,
    RULES,
    STRANGER,
    key_record,
    line,
    opening,
    revocation,
    statement,
)
from tests.verdicts import is_proven


def opened() -> Keyring:
    """A ring with the operator's key, its party's key at 1, and the farm's at 2."""
    ring = Keyring(ORIGIN)
    ring.admit(opening(), 0)
    ring.admit(key_record(OPERATOR, OPERATOR, party="operator", role="operator"), 1)
    ring.admit(key_record(FARM, OPERATOR, FARM), 2)
    return ring


def check(
    ring: Keyring, record: dict[str, Any], index: int = 3, may: Callable[[str, str], bool] = anything
) -> None:
    check_statement(record, ring.grant, origin=ORIGIN, index=index, may_state=may)


def test_a_key_record_grants_what_it_says() -> None:
    grant = opened().grant(FARM.id)

    assert grant == KeyGrant(FARM.id, FARM.public, "yushu-heimin", "cooperative", "author", 2)


@pytest.mark.parametrize(("signed", "index"), [(statement(), 3), (statement(claimed_by="harbin-rice"), 1000)])
def test_a_statement_signed_with_a_granted_key_stands(signed: dict[str, Any], index: int) -> None:
    assert is_proven(check, opened(), signed, index)


@pytest.mark.parametrize(("index", "stands"), [(2, False), (3, True), (8, True), (9, False), (10, False)])
def test_a_key_is_valid_between_its_grant_and_its_revocation(index: int, stands: bool) -> None:
    ring = opened()
    ring.admit(revocation(FARM), 9)

    found = ring.valid_at(FARM.id, index)

    assert (found is not None) == stands
    assert is_proven(check, ring, statement(), index) == stands


def without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {member: value for member, value in record.items() if member != name}


MALFORMED = {
    "no signature": statement() | {"sigs": []},
    "one signature twice": statement(FARM, FARM),
    "a member more": statement() | {"more": 1},
    "no ruling": without(statement(), "ruling"),
    "no links": without(statement(), "links"),
    "another kind": statement() | {"kind": "key"},
    "a source that is unknown": statement() | {"ruling": {"flags": [], "rules": RULES, "source": "x"}},
    "rules without digest": statement() | {"ruling": {"flags": [], "rules": "x", "source": "own"}},
    "flags that are no words": statement() | {"ruling": {"flags": [1], "rules": RULES, "source": "own"}},
    "a member of the statement more": statement(more=1),
    "no id": statement(id=""),
    "no author": statement(by=""),
    "an author that is no word": statement(by=5),
    "an event that is no object": statement(event="harvested"),
    "an event without kind": statement(event={}),
    "an unknown version": statement(v=2),
    "a version that is true": statement(v=True),
    "a claim by nobody": statement(claimed_by=""),
    "a signature that is not base64": statement() | {"sigs": [{"key": FARM.id, "sig": "!"}]},
    "a member of a signature more": statement() | {"sigs": [{"key": FARM.id, "sig": "AAAA", "x": 1}]},
    "signatures that are no list": statement() | {"sigs": {}},
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_statement_of_another_form_is_malformed(what: str) -> None:
    with pytest.raises(Malformed):
        check(opened(), MALFORMED[what])


NOT_PROVEN = {
    "another log": statement(log="another.example/log"),
    "an unknown key": statement(STRANGER),
    "another party's key": statement(OPERATOR),
    "one right key and an unknown one": statement(FARM, STRANGER),
    "one right key and another party's": statement(FARM, OPERATOR),
    "another signature": statement() | {"sigs": statement(id="urn:uuid:other")["sigs"]},
    "another party in the signed words": statement() | {"statement": statement(by="other")["statement"]},
    "the signature of another kind of thing": statement()
    | {"sigs": [line(FARM, KEY, statement()["statement"])]},
}


@pytest.mark.parametrize("what", NOT_PROVEN)
def test_a_statement_that_its_author_did_not_sign_is_not_proven(what: str) -> None:
    with pytest.raises(NotProven):
        check(opened(), NOT_PROVEN[what])


def test_a_role_states_only_what_it_may() -> None:
    def may(role: str, kind: str) -> bool:
        return (role, kind) == ("cooperative", "harvested")

    check(opened(), statement(), may=may)
    with pytest.raises(NotProven):
        check(opened(), statement(event={"kind": "inspected"}), may=may)


REFUSED_KEYS: dict[str, tuple[dict[str, Any], type[LedgerError]]] = {
    "nobody vouches": (key_record(NEW, NEW), NotProven),
    "a stranger vouches": (key_record(NEW, STRANGER, NEW), NotProven),
    "another party vouches": (key_record(NEW, FARM, NEW), NotProven),
    "no possession": (key_record(NEW, OPERATOR), NotProven),
    "a stranger possesses": (key_record(NEW, OPERATOR, STRANGER), NotProven),
    "the order is reversed": (key_record(NEW, NEW, OPERATOR), NotProven),
    "a third signature": (key_record(NEW, OPERATOR, STRANGER, NEW), Malformed),
    "no signature": (key_record(NEW), Malformed),
    "another log": (key_record(NEW, OPERATOR, NEW, log="another.example/log"), NotProven),
    "an unknown custody": (key_record(NEW, OPERATOR, NEW, custody="cloud"), Malformed),
    "no party": (key_record(NEW, OPERATOR, NEW, party=""), Malformed),
    "a member more": (key_record(NEW, OPERATOR, NEW, more=1), Malformed),
    "a key of small order": (key_record(NEW, OPERATOR, NEW, key=base64_text(bytes(32))), Malformed),
    "the key of another party": (key_record(FARM, OPERATOR, FARM, party="other"), Conflict),
    "the same key again": (key_record(FARM, OPERATOR, FARM), Conflict),
    "it replaces an unknown key": (key_record(NEW, OPERATOR, NEW, replaces=STRANGER.id), NotProven),
    "it replaces another party's key": (key_record(NEW, OPERATOR, NEW, replaces=OPERATOR.id), NotProven),
    "it replaces the key of another role": (
        key_record(NEW, FARM, NEW, replaces=FARM.id, role="laboratory"),
        NotProven,
    ),
}


@pytest.mark.parametrize("what", REFUSED_KEYS)
def test_a_key_that_nobody_rightly_vouches_for_is_refused(what: str) -> None:
    ring = opened()
    record, error = REFUSED_KEYS[what]

    with pytest.raises(error):
        ring.admit(record, 3)

    assert [grant.key_id for grant in ring.grants()] == [OPERATOR.id, FARM.id]


@pytest.mark.parametrize("voucher", [FARM, OPERATOR])
def test_a_key_is_replaced_by_its_own_signature_or_a_registrars(voucher: AuthorKey) -> None:
    ring = opened()

    grant = ring.admit(key_record(NEW, voucher, NEW, replaces=FARM.id), 3)

    assert grant == KeyGrant(NEW.id, NEW.public, "yushu-heimin", "cooperative", "author", 3, replaces=FARM.id)
    check(ring, statement(NEW), 4)


def test_a_revoked_key_vouches_for_no_other() -> None:
    ring = opened()
    ring.admit(revocation(FARM), 3)

    with pytest.raises(NotProven):
        ring.admit(key_record(NEW, FARM, NEW, replaces=FARM.id), 4)

    assert ring.admit(key_record(NEW, OPERATOR, NEW, replaces=FARM.id), 4) is not None


def test_a_registrars_new_key_takes_over_the_office() -> None:
    ring = opened()
    ring.admit(key_record(NEW, OPERATOR, NEW, party="operator", role="operator", replaces=OPERATOR.id), 3)
    ring.admit(revocation(OPERATOR, NEW, party="operator", reason="superseded"), 4)

    assert ring.registrars() == {NEW.id: NEW.public}
    with pytest.raises(NotProven):
        ring.admit(key_record(STRANGER, OPERATOR, STRANGER), 5)
    ring.admit(key_record(STRANGER, NEW, STRANGER), 5)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (revocation(FARM, FARM), NotProven),
        (revocation(FARM, STRANGER), NotProven),
        (revocation(FARM, OPERATOR, STRANGER), NotProven),
        (revocation(STRANGER), NotProven),
        (revocation(FARM, party="operator"), NotProven),
        (revocation(FARM, log="another.example/log"), NotProven),
        (revocation(FARM, reason="mood"), Malformed),
        (revocation(FARM) | {"sigs": []}, Malformed),
        (revocation(FARM) | {"sigs": revocation(OPERATOR)["sigs"]}, NotProven),
    ],
)
def test_only_a_registrar_ends_a_key(record: dict[str, Any], error: type[LedgerError]) -> None:
    ring = opened()

    with pytest.raises(error):
        ring.admit(record, 3)

    assert ring.valid_at(FARM.id, 4) is not None


def test_a_key_is_revoked_once() -> None:
    ring = opened()
    ring.admit(revocation(FARM), 3)

    with pytest.raises(NotProven):
        ring.admit(revocation(FARM), 4)


@pytest.mark.parametrize(
    "record",
    [
        opening() | {"opening": opening()["opening"] | {"origin": "another.example/log"}},
        opening() | {"opening": opening()["opening"] | {"registrars": []}},
        opening() | {"opening": opening()["opening"] | {"v": 2}},
        opening()
        | {"opening": opening()["opening"] | {"registrars": [{"key": base64_text(bytes(32)), "party": "x"}]}},
        opening() | {"more": 1},
        statement(),
    ],
)
def test_a_log_is_opened_only_in_its_form(record: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Keyring(ORIGIN).admit(record, 0)


def test_a_log_is_opened_once() -> None:
    with pytest.raises(Malformed):
        opened().admit(opening(), 3)


def test_a_copy_goes_its_own_way() -> None:
    ring = opened()
    copy = ring.copy()

    copy.admit(revocation(FARM), 3)

    assert ring.valid_at(FARM.id, 4) is not None
    assert copy.valid_at(FARM.id, 4) is None
    assert ring.admit(statement(), 3) is None
    assert nobody(FARM.id) is None
