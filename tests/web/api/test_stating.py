"""Events and statements: recorded as forms would record them, or refused with the place of each problem."""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.spelling import base64_text
from tests import world
from tests.programs import AT, AUTHOR, B64, BOUGHT, ROLES, Api, bought, check_receipt, spelled
from tests.strategies import events
from tests.world import PADDY_LOT, RICE_LOT
from traceability import codec, disclosure
from traceability.events import KINDS, MAY_STATE
from traceability.limits import digest_of


def test_an_event_is_recorded_for_the_party_of_whoever_asks(api: Api) -> None:
    before = api.size

    answer = api.ask("/v1/events", BOUGHT)

    entry = check_receipt(api, answer.json)
    assert (answer.status_code, answer.json["index"], answer.json["flags"], answer.json["is_new"]) == (
        201,
        before,
        [],
        True,
    )
    assert entry.record["statement"]["by"] == "heitu"
    assert "虚构农资店" not in entry.bytes().decode()


def test_whoever_typed_an_event_stands_sealed_beside_it(api: Api) -> None:
    answer = api.ask("/v1/events", BOUGHT)

    with api.world.services.reading() as reader:
        statement = reader.statement(answer.json["index"])
        opened = api.world.services.sealed.of_statement(reader.connection, statement.id)
    assert {pointer: each.value for pointer, each in opened.items()} == {
        "/clerk": "heitu",
        "/dealer": "虚构农资店",
    }


def test_a_rule_that_forbids_is_told_with_its_clause(api: Api) -> None:
    before = api.size
    harvest = {
        "kind": "harvested",
        "at": "2026-07-02T08:00:00+08:00",
        "lot": "/lot/heitu/paddy/26-Z",
        "product": "paddy",
        "amount": {"kg": "100"},
        "plots": [{"plot": world.PLOT, "amount": {"kg": "100"}}],
    }

    answer = api.ask("/v1/events", harvest)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "pre-harvest-interval" in {each["code"] for each in answer.json["errors"]}
    assert api.size == before


def test_a_statement_signed_by_its_author_is_recorded_as_it_is(api: Api) -> None:
    signed = bought()

    answer = api.ask("/v1/statements", spelled(signed))

    entry = check_receipt(api, answer.json)
    assert (answer.status_code, answer.json["digest"]) == (201, signed.statement.digest)
    assert entry.record["statement"] == signed.statement.body
    assert [each["key"] for each in entry.record["sigs"]] == [AUTHOR.id]


def test_a_statement_that_comes_again_gets_the_first_receipt(api: Api) -> None:
    signed = spelled(bought("再来一次"))
    first = api.ask("/v1/statements", signed)
    before = api.size

    again = api.ask("/v1/statements", signed)

    assert (again.status_code, again.json["index"], again.json["is_new"]) == (200, first.json["index"], False)
    assert api.size == before


def test_a_statement_id_serves_one_content(api: Api) -> None:
    first = bought("先到")
    api.ask("/v1/statements", spelled(first))
    before = api.size

    other = api.ask("/v1/statements", spelled(bought("后到", statement_id=first.statement.id)))

    assert (other.status_code, api.size) == (409, before)


def test_a_statement_of_another_party_is_not_taken(api: Api) -> None:
    before = api.size

    answer = api.ask("/v1/statements", spelled(bought()), who="mifang")

    assert (answer.status_code, api.size) == (403, before)


def bent(change: Callable[[Any], Any]) -> Any:
    """Return a signed statement after *change*."""
    body = spelled(bought())
    changed = change(body)
    return body if changed is None else changed


def put(*way: str | int, value: Any) -> Callable[[Any], None]:
    """Return a change that puts *value* at the end of *way*."""

    def change(body: Any) -> None:
        for step in way[:-1]:
            body = body[step]
        body[way[-1]] = value

    return change


def drop(*way: str | int) -> Callable[[Any], None]:
    """Return a change that removes what stands at the end of *way*."""

    def change(body: Any) -> None:
        for step in way[:-1]:
            body = body[step]
        del body[way[-1]]

    return change


EVENT = ("statement", "event")
STATEMENTS = {
    "no statement": (drop("statement"), "statement"),
    "no signatures": (drop("sigs"), "sigs"),
    "an unknown member": (put("more", value=1), "more"),
    "a statement that is none": (put("statement", value=[]), "statement"),
    "an unknown member of the statement": (put("statement", "x", value=1), "statement.x"),
    "no author": (drop("statement", "by"), "statement.by"),
    "an author that is a number": (put("statement", "by", value=7), "statement.by"),
    "an author in capitals": (put("statement", "by", value="HEITU"), "statement.by"),
    "an id that is no uuid": (put("statement", "id", value="1"), "statement.id"),
    "an id of another version": (
        put("statement", "id", value="urn:uuid:11111111-1111-1111-8111-111111111111"),
        "statement.id",
    ),
    "another log": (put("statement", "log", value="other.example/log"), "sigs"),
    "version 2": (put("statement", "v", value=2), "statement.v"),
    "version true": (put("statement", "v", value=True), "statement.v"),
    "null": (put(*EVENT, "name", value=None), "statement.event.name"),
    "a float": (put(*EVENT, "amount", value=1.5), "statement.event.amount"),
    "an unknown kind": (put(*EVENT, "kind", value="eaten"), "statement.event"),
    "a kind that is a list": (put(*EVENT, "kind", value=[]), "statement.event"),
    "an event that is a list": (put(*EVENT, value=[]), "statement.event"),
    "an unknown member of the event": (put(*EVENT, "colour", value="red"), "statement.event.colour"),
    "a second spelling of a number": (put(*EVENT, "amount", value="50.0"), "statement.event.amount"),
    "a number": (put(*EVENT, "amount", value=50), "statement.event.amount"),
    "a word that is not in the list": (put(*EVENT, "category", value="gold"), "statement.event.category"),
    "a private word in the clear": (put(*EVENT, "dealer", value="甲"), "statement.event.dealer"),
    "a name that is empty": (put(*EVENT, "name", value=""), "statement.event.name"),
    "a name with a bidirectional override": (
        put(*EVENT, "name", value="a\u202eb"),
        "statement.event.name",
    ),
    "a name that is too long": (put(*EVENT, "name", value="x" * 2001), "statement.event.name"),
    "no signature": (put("sigs", value=[]), "sigs"),
    "signatures that are none": (put("sigs", value={}), "sigs"),
    "a signature without its key": (drop("sigs", 0, "key"), "sigs.0.key"),
    "a key that is no base64": (put("sigs", 0, "key", value="?"), "sigs.0.key"),
    "a key that is short": (put("sigs", 0, "key", value="AAAA"), "sigs.0.key"),
    "a signature that is a number": (put("sigs", 0, "sig", value=1), "sigs.0.sig"),
    "a key that nobody granted": (put("sigs", 0, "key", value=B64), "sigs"),
    "a signature that does not hold": (
        put("sigs", 0, "sig", value=base64_text(bytes(64))),
        "sigs",
    ),
    "nothing that opens": (drop("sealed"), "sealed./dealer"),
    "what opens nothing": (
        put("sealed", "/name", value={"salt": B64, "value": "x"}),
        "sealed./name",
    ),
    "an opening that is none": (put("sealed", "/dealer", value="x"), "sealed./dealer"),
    "a short salt": (put("sealed", "/dealer", "salt", value="AAAA"), "sealed./dealer.salt"),
    "another value": (put("sealed", "/dealer", "value", value="乙"), "sealed./dealer"),
    "a list of openings": (put("sealed", value=[]), "sealed"),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_a_statement_that_is_malformed_is_told_where_and_writes_nothing(api: Api, case: str) -> None:
    change, where = STATEMENTS[case]
    before = api.size

    answer = api.ask("/v1/statements", bent(change))

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert where in answer.places
    assert api.size == before


EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "no kind": ({"kind": None}, "kind"),
    "an unknown kind": ({"kind": "eaten"}, "kind"),
    "a kind that is a list": ({"kind": ["harvested"]}, "kind"),
    "a kind that is an object": ({"kind": {}}, "kind"),
    "an unknown member": ({"colour": "red"}, "colour"),
    "the author": ({"by": "mifang"}, "by"),
    "a float": ({"amount": 1.5}, "amount"),
    "a number in words": ({"amount": "三百"}, "amount"),
    "a number too long": ({"amount": "1" * 40}, "amount"),
    "an object for a number": ({"amount": {"kg": "1"}}, "amount"),
    "null": ({"name": None}, "name"),
    "an empty name": ({"name": "  "}, "name"),
    "a list for a name": ({"name": ["a"]}, "name"),
    "a control character": ({"name": "a\u0000b"}, "name"),
    "a name too long": ({"name": "x" * 2001}, "name"),
    "a time without its zone": ({"at": "2026-11-01T08:00:00"}, "at"),
    "no such time": ({"at": "2026-13-01T08:00:00Z"}, "at"),
    "a time before the first": ({"at": "0001-01-01T00:00:00+08:00"}, "at"),
    "a time that is a number": ({"at": 1793491200}, "at"),
    "a word that is not in the list": ({"category": "gold"}, "category"),
    "a list for a word": ({"category": []}, "category"),
    "a sealed word": ({"dealer": {"sealed": B64}}, "dealer"),
    "a correction by nothing": (
        {"kind": "corrected", "replacement": {"kind": []}},
        "replacement.kind",
    ),
    "a correction by an unknown kind": (
        {"kind": "corrected", "replacement": {"kind": "eaten"}},
        "replacement.kind",
    ),
    "a correction by a list": ({"kind": "corrected", "replacement": []}, "replacement.kind"),
}


@pytest.mark.parametrize("case", EVENTS)
def test_an_event_that_is_malformed_is_told_where_and_writes_nothing(api: Api, case: str) -> None:
    change, where = EVENTS[case]
    before = api.size

    answer = api.ask("/v1/events", BOUGHT | change)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert where in answer.places
    assert api.size == before


@pytest.mark.parametrize("member", ["at", "name", "category", "amount", "unit", "kind"])
def test_an_event_that_lacks_a_member_is_told_which(api: Api, member: str) -> None:
    answer = api.ask("/v1/events", {name: value for name, value in BOUGHT.items() if name != member})

    assert (answer.status_code, answer.places) == (422, [member])


BODIES = {
    "nothing": (b"", 422),
    "no JSON": (b"{", 422),
    "no UTF-8": (b'{"kind": "\xff"}', 422),
    "a list": (b"[]", 422),
    "a number": (b"1", 422),
    "a member twice": (b'{"kind": "harvested", "kind": "input-bought"}', 422),
    "NaN": (b'{"kind": NaN}', 422),
    "half a surrogate pair": (b'{"kind": "\\ud800"}', 422),
    "a number without end": (b'{"kind": ' + b"9" * 5000 + b"}", 422),
    "too deep": (b'{"kind":' + b"[" * 2000 + b"]" * 2000 + b"}", 422),
    "too large": (b'{"kind": "' + b"x" * 1024 * 1024 + b'"}', 413),
}


@pytest.mark.parametrize("route", ["/v1/events", "/v1/statements", "/v1/keys", "/v1/keys/revocations"])
@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_has_no_one_meaning_is_refused(api: Api, route: str, case: str) -> None:
    sent, status = BODIES[case]
    before = api.size

    answer = api.ask(route, who="operator", method="POST", data=sent, content_type="application/json")

    assert (answer.status_code, answer.mimetype, api.size) == (status, "application/problem+json", before)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_kind_is_refused(api: Api, kind: str) -> None:
    answer = api.ask("/v1/events", method="POST", data=json.dumps(BOUGHT), content_type=kind)

    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from([world.PLOT, PADDY_LOT, RICE_LOT, AT, "2026-07-01", "kg", "1", "heitu", "0" * 64]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Return a body for an event of some kind: sound members, and others that may be anything."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    sealed, opened = disclosure.seal(draw(events(kind)), "urn:uuid:1")
    body = codec.to_json(sealed)
    for each in opened:
        if each.pointer.count("/") == 1:
            body[each.pointer[1:]] = each.value
    names = [each.name for each in fields(KINDS[kind])]
    changes = draw(
        st.dictionaries(st.sampled_from([*names, "kind"]) | st.text(max_size=8), anything, max_size=2)
    )
    return body | changes


@given(body=bodies())
@settings(max_examples=150)
def test_no_event_whatever_breaks_the_server(api: Api, body: dict[str, Any]) -> None:
    kind = body.get("kind")
    able = sorted(MAY_STATE.get(kind, frozenset(ROLES.values()))) if isinstance(kind, str) else ["operator"]
    # Who may not state it at all is told so.
    who = next((party for party, role in ROLES.items() if role in able), "heitu")

    answer = api.ask("/v1/events", body, who=who)

    allowed = any(role in able for role in ROLES.values())
    assert answer.status_code in ({201, 409, 422} if allowed else {403})
    assert answer.mimetype == (
        "application/json" if answer.status_code == 201 else "application/problem+json"
    )


def test_rules_that_nobody_here_has_cannot_be_adopted(api: Api) -> None:
    files = [{"name": "limits.csv", "sha256": "00" * 32}]
    adopted = {
        "kind": "rules-adopted",
        "at": AT,
        "version": "evil",
        "digest": digest_of("evil", {"limits.csv": "00" * 32}),
        "files": files,
    }

    refused = api.ask("/v1/events", adopted, who="yushu")
    after = api.ask("/v1/events", BOUGHT)

    assert (refused.status_code, after.status_code) == (422, 201)
