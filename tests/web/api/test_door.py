"""Who may ask the API, and in which way."""

import pytest
from flask.testing import FlaskClient

from ledger import dsse
from tests.programs import BOUGHT, Api, grant_of
from tests.webapp import PASSWORD, add_account, sign_in
from tests.world import RICE_LOT
from web import accounts

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


def test_an_account_whose_row_was_edited_is_nobody(api: Api) -> None:
    with api.world.services.engine.begin() as connection:
        add_account(connection, api.world.services.kept_key, "retailer", "edited")
        edited = accounts.account_table.c.name == "edited"
        connection.execute(accounts.account_table.update().where(edited).values(role="operator"))

    answer = api.ask("/v1/entries", who="edited")

    assert answer.status_code == 401


def test_an_account_that_was_closed_is_nobody(api: Api) -> None:
    with api.world.services.engine.begin() as connection:
        made = add_account(connection, api.world.services.kept_key, "retailer", "closed")
        accounts.set_active(connection, api.world.services.kept_key, made, active=False)

    answer = api.ask("/v1/entries", who="closed")

    assert answer.status_code == 401
