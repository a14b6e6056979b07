"""The API: programs state and look up what people do by forms, no more and no less, and are told where they err."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from ledger import canonical, dsse
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import NotProven
from ledger.merkle import check_inclusion, leaf_hash
from ledger.note import Note, verified
from ledger.spelling import base64_text
from tests import world
from tests.strategies import events
from tests.webapp import PASSWORD, add_account, sign_in
from tests.world import ORIGIN, PADDY_LOT, RICE_LOT, World
from traceability import codec, disclosure, schema
from traceability.events import KINDS, MAY_STATE
from traceability.statement import Signed, stated
from web import access, create_app, once, openapi
from web.database import key_record

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
AUTHOR = dsse.AuthorKey(b"\x07" * 32)


@dataclass
class Api:
    """The application over a whole chain, and a short way to ask it."""

    world: World
    app: Flask

    def ask(
        self, path: str, body: Any = None, *, who: str | None = "heitu", key: str = "", **named: Any
    ) -> TestResponse:
        """Ask as *who*; a body makes it a POST."""
        headers = dict(named.pop("headers", {}))
        if key:
            headers[once.HEADER] = key
        if body is not None:
            named |= {"method": "POST", "data": json.dumps(body), "content_type": "application/json"}
        auth = None if who is None else (who, PASSWORD)
        return self.app.test_client().open(f"/api{path}", auth=auth, headers=headers, **named)

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return self.world.services.log.size()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with world.opened(tmp_path_factory.mktemp("api")) as made:
        made.whole_chain()
        made.at(AT)
        shared = made.services
        with shared.engine.begin() as connection:
            for party, role in ROLES.items():
                add_account(connection, shared.kept_key, role, party)  # type: ignore[arg-type]  # the words of ROLES are roles
        app = create_app(shared.settings, shared)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        asked = Api(made, app)
        made_key = asked.ask("/v1/keys", grant_of(AUTHOR), who="operator")
        assert made_key.status_code == 201
        yield asked


@pytest.fixture(autouse=True)
def no_guesses_yet(api: Api) -> None:
    with api.app.app_context():
        access.limiter.reset()


def grant_of(key: dsse.AuthorKey, party: str = "heitu", role: str = "cooperative", **other: Any) -> Any:
    """Return what the operator sends to grant *key*: the grant, and its holder's signature."""
    grant = {
        "custody": "author",
        "key": base64_text(key.public),
        "log": ORIGIN,
        "party": party,
        "role": role,
        "v": 1,
    }
    grant |= other
    signed = key.sign(dsse.pae(dsse.KEY, canonical.dumps(grant)))
    return {"grant": grant, "sigs": [{"key": key.id, "sig": base64_text(signed)}]}


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


# Stating.


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


B64 = base64_text(bytes(32))
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
    assert where in {each["where"] for each in answer.json["errors"]}
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
    assert where in {each["where"] for each in answer.json["errors"]}
    assert api.size == before


@pytest.mark.parametrize("member", ["at", "name", "category", "amount", "unit", "kind"])
def test_an_event_that_lacks_a_member_is_told_which(api: Api, member: str) -> None:
    answer = api.ask("/v1/events", {name: value for name, value in BOUGHT.items() if name != member})

    assert (answer.status_code, [each["where"] for each in answer.json["errors"]]) == (422, [member])


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
    who = next(party for party, role in ROLES.items() if role in able)

    answer = api.ask("/v1/events", body, who=who)

    assert answer.status_code in {201, 409, 422}
    assert answer.mimetype == ("application/json" if answer.status_code == 201 else "application/problem+json")


def test_rules_that_nobody_here_has_cannot_be_adopted(api: Api) -> None:
    files = [{"name": "limits.csv", "sha256": "00" * 32}]
    from traceability.limits import digest_of  # noqa: PLC0415 -- for this one case

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


# Who may ask.

ROUTES = [
    ("GET", "/v1/entries"),
    ("GET", "/v1/entries/0"),
    ("GET", f"/v1/lots{RICE_LOT}/trace?direction=back"),
    ("GET", "/v1/keys/heitu"),
    ("POST", "/v1/events"),
    ("POST", "/v1/statements"),
    ("POST", "/v1/keys"),
    ("POST", "/v1/keys/revocations"),
]


@pytest.mark.parametrize(("method", "route"), ROUTES)
@pytest.mark.parametrize("auth", [None, ("heitu", "not the password"), ("nobody", PASSWORD), ("", "")])
def test_nobody_is_answered_without_name_and_password(
    api: Api, method: str, route: str, auth: tuple[str, str] | None
) -> None:
    answer = api.app.test_client().open(f"/api{route}", method=method, auth=auth, json={})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_password_does_not_open_the_pages(api: Api) -> None:
    answer = api.app.test_client().get("/log/policy", auth=("heitu", PASSWORD))
    anywhere = api.app.test_client().get("/", auth=("heitu", PASSWORD))

    assert "Set-Cookie" not in answer.headers
    assert "退出" not in anywhere.text


@pytest.mark.parametrize(
    ("who", "kind"), [("heitu", "inspected"), ("jiance", "harvested"), ("mifang", "party-registered")]
)
def test_a_role_states_only_what_is_its_own(api: Api, who: str, kind: str) -> None:
    before = api.size

    answer = api.ask("/v1/events", {"kind": kind}, who=who)

    assert (answer.status_code, api.size) == (403, before)


@pytest.mark.parametrize("route", ["/v1/keys", "/v1/keys/revocations"])
@pytest.mark.parametrize("who", ["heitu", "yushu", "jiance"])
def test_only_the_operator_grants_and_ends_keys(api: Api, route: str, who: str) -> None:
    answer = api.ask(route, grant_of(dsse.AuthorKey(b"\x09" * 32)), who=who)

    assert answer.status_code == 403


def test_a_browser_that_has_signed_in_sends_the_token_of_a_form(api: Api) -> None:
    client = api.app.test_client()
    sign_in(client, "heitu")
    before = api.size

    forged = client.post("/api/v1/events", json=BOUGHT)
    token = token_in(client)
    own = client.post("/api/v1/events", json=BOUGHT, headers={"X-CSRFToken": token})

    assert (forged.status_code, own.status_code, api.size) == (400, 201, before + 1)


def test_a_cookie_goes_with_its_token_even_beside_a_password(api: Api) -> None:
    client = api.app.test_client()
    sign_in(client, "heitu")

    answer = client.post("/api/v1/events", json=BOUGHT, auth=("heitu", PASSWORD))

    assert answer.status_code == 400


def token_in(client: FlaskClient) -> str:
    """Return the token of the form by which one signs out."""
    return client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_guessing_passwords_comes_to_an_end(api: Api) -> None:
    guesses = [
        api.app.test_client().get("/api/v1/entries", auth=("heitu", f"guess {number}")).status_code
        for number in range(11)
    ]

    assert guesses == [401] * 10 + [429]


def test_asking_rightly_is_not_counted(api: Api) -> None:
    answers = {api.ask("/v1/keys/heitu").status_code for _ in range(15)}

    assert answers == {200}


def test_no_answer_is_kept_by_whoever_carries_it(api: Api) -> None:
    answer = api.ask("/v1/entries")

    assert answer.headers["Cache-Control"] == "no-store"


# Once only.


def test_what_is_asked_twice_is_done_once_and_proven_afresh(api: Api) -> None:
    first = api.ask("/v1/events", BOUGHT, key="2026-11-01/1")
    api.ask("/v1/events", BOUGHT)
    before = api.size

    again = api.ask("/v1/events", BOUGHT, key="2026-11-01/1")

    check_receipt(api, again.json)
    same = ("index", "digest", "flags", "leaf")
    assert [again.json[name] for name in same] == [first.json[name] for name in same]
    assert (again.status_code, api.size) == (201, before)
    assert again.json["checkpoint"] != first.json["checkpoint"]


def test_members_in_another_order_are_the_same_body(api: Api) -> None:
    first = api.ask("/v1/events", BOUGHT, key="order")

    again = api.ask("/v1/events", dict(reversed(BOUGHT.items())), key="order")

    assert again.json["digest"] == first.json["digest"]


def test_a_key_serves_one_body(api: Api) -> None:
    api.ask("/v1/events", BOUGHT, key="one body")
    before = api.size

    other = api.ask("/v1/events", BOUGHT | {"amount": "51"}, key="onebody")
    api.ask("/v1/events", BOUGHT | {"amount": "52"}, key="onebody")
    taken = api.ask("/v1/events", BOUGHT | {"amount": "53"}, key="onebody")

    assert (other.status_code, taken.status_code) == (201, 422)
    assert [each["where"] for each in taken.json["errors"]] == [once.HEADER]
    assert api.size == before + 1


def test_a_key_of_another_party_is_another_key(api: Api) -> None:
    sold = {"kind": "retailed", "at": AT, "lot": "/lot/heitu/paddy/none", "amount": {"kg": "1"}}
    api.ask("/v1/events", BOUGHT, key="shared")

    answer = api.ask("/v1/events", sold, who="chaoshi", key="shared")

    assert once.HEADER not in {each["where"] for each in answer.json["errors"]}


def test_a_refusal_is_not_remembered(api: Api) -> None:
    refused = api.ask("/v1/events", BOUGHT | {"name": ""}, key="mended")

    mended = api.ask("/v1/events", BOUGHT, key="mended")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_whoever_may_not_ask_is_told_nothing_of_keys(api: Api) -> None:
    api.ask("/v1/events", BOUGHT, key="secret")

    answer = api.app.test_client().post("/api/v1/events", json=BOUGHT, headers={once.HEADER: "secret"})

    assert answer.status_code == 401


@pytest.mark.parametrize("key", [" ", "x" * 201, "é"])
def test_a_key_that_will_not_do_is_named(api: Api, key: str) -> None:
    answer = api.ask("/v1/events", BOUGHT, headers={once.HEADER: key})

    assert (answer.status_code, [each["where"] for each in answer.json["errors"]]) == (422, [once.HEADER])


def test_a_crash_before_the_remembering_states_nothing_twice(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr(once.Once, "_remember", crash)
        lost = api.ask("/v1/events", BOUGHT, key="crash")
    before = api.size
    api.world.clock.pass_time(minutes=2)

    again = api.ask("/v1/events", BOUGHT, key="crash")

    assert (lost.status_code, again.status_code) == (500, 200)
    assert (again.json["index"], api.size) == (before - 1, before)


# Looking up.


def test_the_entries_of_a_lot_are_listed_in_order(api: Api) -> None:
    answer = api.ask("/v1/entries", query_string={"lot": RICE_LOT})

    rows = answer.json["entries"]
    assert [(row["kind"], row["by"]) for row in rows] == [("processed", "mifang"), ("inspected", "jiance")]
    assert all(f"{world.BASE_URL}{RICE_LOT}" in row["lots"] for row in rows)


def test_entries_come_in_pages(api: Api) -> None:
    first = api.ask("/v1/entries", query_string={"limit": "2"})
    second = api.ask("/v1/entries", query_string={"from": "2", "limit": "1"})

    assert [row["index"] for row in first.json["entries"] + second.json["entries"]] == [0, 1, 2]
    assert first.json["size"] == api.size
    assert [row["kind"] for row in first.json["entries"]] == ["log-opened", "key"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"from": "x"}, "from"),
        ({"from": "9" * 30}, "from"),
        ({"page": "1"}, "page"),
        ({"lot": "(01)123"}, "lot"),
        ({"lot": ""}, "lot"),
        ({"limit": ["1", "2"]}, "limit"),
    ],
)
def test_a_question_that_is_malformed_is_told_where(api: Api, query: dict[str, Any], where: str) -> None:
    answer = api.ask("/v1/entries", query_string=query)

    assert (answer.status_code, [each["where"] for each in answer.json["errors"]]) == (422, [where])


def test_an_entry_comes_with_its_proof(api: Api) -> None:
    answer = api.ask("/v1/entries/3")

    entry = check_receipt(api, answer.json)
    assert base64.b64decode(answer.json["entry"]) == entry.bytes()


def test_a_published_checkpoint_goes_before_one_that_is_only_sealed(api: Api) -> None:
    note = api.world.services.log.publish()

    old = api.ask("/v1/entries/3")
    api.ask("/v1/events", BOUGHT)
    new = api.ask(f"/v1/entries/{api.size - 1}")

    check_receipt(api, new.json)
    assert old.json["checkpoint"].encode() == note.bytes()
    assert Checkpoint.parse(Note.parse(new.json["checkpoint"].encode()).text).size == api.size


def test_a_bent_proof_does_not_hold(api: Api) -> None:
    told = api.ask("/v1/entries/3").json

    for step in range(len(told["proof"])):
        raw = base64.b64decode(told["proof"][step])
        proof = [*told["proof"]]
        proof[step] = base64_text(bytes([raw[0] ^ 1]) + raw[1:])
        with pytest.raises(NotProven):
            check_receipt(api, told | {"proof": proof})


@pytest.mark.parametrize("index", ["99999", "9" * 40])
def test_an_entry_that_is_not_there_is_not_found(api: Api, index: str) -> None:
    answer = api.ask(f"/v1/entries/{index}")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_lot_is_traced_back_and_forward(api: Api) -> None:
    back = api.ask(f"/v1/lots{RICE_LOT}/trace?direction=back")
    forward = api.ask(f"/v1/lots{PADDY_LOT}/trace?direction=forward")

    rice, paddy, bran = (f"{world.BASE_URL}{lot}" for lot in (RICE_LOT, PADDY_LOT, "/lot/mifang/bran/B-1"))
    assert back.json == {
        "lot": rice,
        "direction": "back",
        "lots": [paddy],
        "edges": [[paddy, rice]],
        "shares": {paddy: "1"},
    }
    assert forward.json == {
        "lot": paddy,
        "direction": "forward",
        "lots": sorted([rice, bran]),
        "edges": sorted([[paddy, rice], [paddy, bran]]),
    }


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{RICE_LOT}/trace", 422),
        (f"{RICE_LOT}/trace?direction=up", 422),
        (f"{RICE_LOT}/trace?direction=back&depth=1", 422),
        ("/lot/mifang/rice/none/trace?direction=back", 404),
        ("/01/09521234000013/10/none/trace?direction=back", 404),
        ("/01/09521234000013/trace?direction=back", 404),
        ("/01/1/10/none/trace?direction=back", 422),
        ("/%00/trace?direction=back", 422),
        ("/x/trace?direction=back", 422),
    ],
)
def test_a_lot_that_is_not_there_is_told(api: Api, address: str, status: int) -> None:
    answer = api.ask(f"/v1/lots{address}")

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_nothing_sealed_is_shown(api: Api) -> None:
    api.ask("/v1/events", BOUGHT)

    told = [api.ask(f"/v1/entries/{index}").get_data() for index in range(api.size)]
    listed = api.ask("/v1/entries", query_string={"limit": "500"}).get_data()

    entries = [base64.b64decode(json.loads(each)["entry"]) for each in told]
    assert not any("虚构农资店".encode() in each or "王虚构".encode() in each for each in [*entries, listed])


# Keys.


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
    assert [each["where"] for each in after.json["errors"]] == ["sigs"]


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
        (grant_of(FRESH, key=base64_text(bytes(32))), "sigs"),
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

    assert answer.status_code == 422
    assert where in {each["where"] for each in answer.json["errors"]} | {"grant"} - {
        "grant" if where != "sigs" else ""
    }
    assert api.size == before


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


# The description.


def test_the_description_names_every_route(api: Api) -> None:
    told = {(each.method.upper(), each.address) for each in openapi.OPERATIONS}

    there = {
        (method, rule.rule.replace("<int:", "<").replace("<path:", "<").replace("<", "{").replace(">", "}"))
        for rule in api.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.docs"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert told == there


def test_every_reference_of_the_description_leads_somewhere(api: Api) -> None:
    document = api.ask("/v1/openapi.json", who=None).json
    text = json.dumps(document)

    named = {each.split('"')[0] for each in text.split('"$ref": "#/components/schemas/')[1:]}

    assert document["openapi"] == "3.1.0"
    assert named - set(document["components"]["schemas"]) == set()


def test_the_description_is_valid(api: Api) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")

    validator.validate(api.ask("/v1/openapi.json", who=None).json)


@given(event=events())
def test_every_event_fits_its_description(event: Any) -> None:
    sealed, _ = disclosure.seal(event, "urn:uuid:1")
    schemas = openapi.document("http://x")["components"]["schemas"]

    unfit = list(misfits(codec.to_json(sealed), schemas["SignedEvent"], schemas))

    assert unfit == []


def misfits(value: Any, form: dict[str, Any], schemas: dict[str, Any], where: str = "") -> Iterator[str]:
    """Yield each place of *value* that is not of *form*: members, words, and JSON types."""
    if "discriminator" in form:
        form = {"$ref": form["discriminator"]["mapping"][value["kind"]]}
    if "$ref" in form:
        form = schemas[form["$ref"].rsplit("/", 1)[1]]
    if "discriminator" in form:
        yield from misfits(value, form, schemas, where)
    elif isinstance(value, dict):
        known = form["properties"]
        yield from (f"{where}/{name}" for name in set(value) - set(known))
        yield from (f"{where}/{name} missing" for name in set(form["required"]) - set(value))
        for name in set(value) & set(known):
            yield from misfits(value[name], known[name], schemas, f"{where}/{name}")
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from misfits(each, form["items"], schemas, f"{where}/{position}")
    elif "enum" in form or "const" in form:
        yield from () if value in form.get("enum", [form.get("const")]) else (where,)
    else:
        kinds = {str: "string", int: "integer", bool: "boolean"}
        yield from () if kinds[type(value)] in form["type"] else (where,)


@pytest.mark.parametrize(("language", "title"), [("zh", "程序接口"), ("en", "API")])
def test_the_description_is_a_page_without_scripts(api: Api, language: str, title: str) -> None:
    page = api.app.test_client().get(f"/api/docs?lang={language}")

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert f"<h1>{title}</h1>" in page.text
    assert "<script" not in page.text
    assert all(operation.address in page.text for operation in openapi.OPERATIONS)


def test_the_page_lists_every_schema(api: Api, tmp_path: Path) -> None:
    page = api.app.test_client().get("/api/docs").text

    missing = [
        name
        for name in openapi.document("http://x")["components"]["schemas"]
        if f'id="schema-{name}"' not in page
    ]

    assert missing == []
