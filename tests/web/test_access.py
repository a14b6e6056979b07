"""Signing in, sessions and rooms: each route has its guard, each form its token, each guess its price."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient

from tests.webapp import PASSWORD, foundation, sign_in, token_of
from web import accounts
from web.access import PUBLIC, check_every_route, me, mine, require, safe_next, unguarded
from web.services import services


def _rooms() -> Blueprint:
    blueprint = Blueprint("barn", __name__)

    @blueprint.get("/barn/")
    @require("cooperative", "farm")
    def index() -> str:
        return me().party

    @blueprint.get("/anybody")
    @require()
    def anybody() -> str:
        return me().role

    @blueprint.get("/of/<party>")
    @require()
    def of_party(party: str) -> str:
        mine(party)
        return "mine"

    return blueprint


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with foundation(tmp_path, _rooms(), roles=("cooperative", "regulator")) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_routes_without_a_guard_are_exactly_the_public_ones(app: Flask) -> None:
    assert unguarded(app) == PUBLIC & set(app.view_functions)


def test_a_route_that_nobody_placed_keeps_the_server_from_starting(app: Flask) -> None:
    app.view_functions["barn.index"] = lambda: "open to all"

    with pytest.raises(RuntimeError, match=r"barn\.index"):
        check_every_route(app)


def test_a_visitor_is_asked_to_sign_in_and_then_goes_on(client: FlaskClient) -> None:
    asked = client.get("/barn/?year=2026")
    onward = sign_in(client, "cooperative", next="/barn/?year=2026")

    assert (asked.status_code, asked.location) == (302, "/sign-in?next=/barn/?year%3D2026")
    assert (onward.status_code, onward.location, client.get("/barn/").text) == (
        302,
        "/barn/?year=2026",
        "cooperative",
    )


def test_a_program_without_a_session_gets_401(client: FlaskClient) -> None:
    answer = client.get("/barn/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_another_role_is_told_that_the_room_is_not_theirs(client: FlaskClient) -> None:
    sign_in(client, "regulator")

    answers = [client.get("/barn/"), client.get("/anybody")]

    assert [each.status_code for each in answers] == [403, 200]
    assert "监管部门" in answers[0].text


def test_only_what_is_ones_own_is_shown(client: FlaskClient) -> None:
    sign_in(client, "cooperative")

    assert [client.get(f"/of/{party}").status_code for party in ("cooperative", "regulator")] == [200, 403]


def test_without_a_wish_people_arrive_in_their_own_room(client: FlaskClient) -> None:
    assert (sign_in(client, "cooperative").location, client.get("/sign-in").location) == ("/farm/", "/farm/")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("cooperative", "wrong-password"),
        ("nobody", PASSWORD),
        ("", ""),
        ("cooperative", ""),
        ("' OR 1=1 --", "x"),
    ],
)
def test_a_wrong_sign_in_never_says_which_part_was_wrong(
    client: FlaskClient, name: str, password: str
) -> None:
    answer = sign_in(client, name, password)

    assert (answer.status_code, "登录名或密码不正确。" in answer.text) == (422, True)
    assert client.get("/anybody").status_code == 302


def test_a_wrong_sign_in_keeps_the_name_and_drops_the_password(client: FlaskClient) -> None:
    answer = sign_in(client, "Cooperative", "wrong-password")

    assert ('value="cooperative"' in answer.text, "wrong-password" in answer.text) == (True, False)


def test_an_account_whose_row_was_edited_is_nobody(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "cooperative")
    with app.app_context(), services().engine.begin() as connection:
        connection.execute(accounts.account_table.update().values(role="regulator"))

    page = client.get("/")
    again = sign_in(app.test_client(), "cooperative")

    assert (page.status_code, "退出" in page.text, again.status_code) == (200, False, 422)


def test_without_its_database_a_page_says_so_in_one_line(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "cooperative")
    with app.app_context(), services().engine.begin() as connection:
        accounts.metadata.drop_all(connection)

    page = client.get("/")

    assert (page.status_code, page.mimetype) == (500, "text/plain")
    assert page.text.startswith("系统出错\n")


def test_signing_in_needs_the_token_of_the_form(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"name": "cooperative", "password": PASSWORD})

    assert (answer.status_code, client.get("/anybody").status_code) == (400, 302)


def test_nothing_of_an_earlier_session_goes_on(client: FlaskClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as planted:
        planted["planted"] = "yes"
        before = planted["csrf_token"]

    sign_in(client, "cooperative")

    with client.session_transaction() as session:
        assert ("planted" in session, session.get("csrf_token") == before) == (False, False)


def test_a_session_ends_at_sign_out(client: FlaskClient) -> None:
    sign_in(client, "cooperative")
    token = token_of(client.get("/"))

    left = client.post("/sign-out", data={"csrf_token": token})

    assert (left.location, client.get("/anybody").status_code) == ("/", 302)


def test_signing_out_needs_a_form_of_ours(client: FlaskClient) -> None:
    sign_in(client, "cooperative")

    answers = [client.get("/sign-out").status_code, client.post("/sign-out").status_code]

    assert (answers, client.get("/anybody").status_code) == ([405, 400], 200)


@pytest.mark.parametrize("change", ["password", "active"])
def test_a_session_ends_when_the_account_changes(app: Flask, client: FlaskClient, change: str) -> None:
    sign_in(client, "cooperative")
    with app.app_context(), services().engine.begin() as connection:
        key = services().kept_key
        account = accounts.find(connection, key, "cooperative")
        assert account is not None
        if change == "password":
            accounts.set_password(connection, key, account, "新米上市 2026 年")
        else:
            accounts.set_active(connection, key, account, active=False)

    assert client.get("/anybody").status_code == 302


def test_a_cookie_signed_with_another_key_is_no_session(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "cooperative")

    app.config["SECRET_KEY"] = b"another key of thirty-two bytes!"

    assert client.get("/anybody").status_code == 302


def test_guessing_is_slowed_down_after_ten_failures(client: FlaskClient) -> None:
    token = token_of(client.get("/sign-in"))
    form = {"csrf_token": token, "name": "cooperative", "password": "wrong-password"}

    statuses = [client.post("/sign-in", data=form).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]
    assert client.post("/sign-in", data={**form, "password": PASSWORD}).status_code == 429


def test_one_name_guessed_from_many_addresses_is_slowed_down_too(app: Flask) -> None:
    statuses = []
    for last in range(11):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{last}"
        statuses.append(sign_in(client, "cooperative", "wrong-password").status_code)

    assert statuses == [422] * 10 + [429]


def test_signing_in_well_is_never_slowed_down(client: FlaskClient) -> None:
    statuses = []
    for _ in range(12):
        statuses.append(sign_in(client, "cooperative").status_code)
        client.post("/sign-out", data={"csrf_token": token_of(client.get("/"))})

    assert statuses == [302] * 12


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("http://127.0.0.1:8000", "session", False), ("https://zhui.example", "__Host-session", True)],
)
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    tmp_path: Path, base_url: str, name: str, secure: bool
) -> None:
    with foundation(tmp_path, base_url=base_url) as app:
        answer = app.test_client().get("/sign-in", base_url=base_url)

    (cookie,) = answer.headers.getlist("Set-Cookie")
    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= attributes
    assert ("Secure" in attributes, "Strict-Transport-Security" in answer.headers) == (secure, secure)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/barn/?a=1", "/barn/?a=1"),
        ("", "/"),
        (None, "/"),
        ("farm", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/a\\b", "/"),
    ],
)
def test_no_link_leads_away_from_this_site(target: str | None, expected: str) -> None:
    assert safe_next(target) == expected


def test_signing_in_never_sends_a_person_to_another_site(client: FlaskClient) -> None:
    assert sign_in(client, "cooperative", next="https://evil.example/").location == "/farm/"


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_a_proxy_is_believed_only_where_it_was_declared(tmp_path: Path, proxies: int, expected: str) -> None:
    with foundation(tmp_path, proxies=proxies) as app:
        seen: list[str | None] = []
        app.before_request(lambda: seen.append(request.remote_addr))

        app.test_client().get("/healthz", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert seen == [expected]
