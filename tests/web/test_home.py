"""The door: whole without JavaScript, in two languages, with headers that bind a page to what we wrote."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp import foundation, sign_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with foundation(tmp_path, roles=("cooperative",)) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("(01)09520000000011(10)A1", "/01/09520000000011/10/A1"),
        ("https://any.example/01/09520000000011/10/A1", "/01/09520000000011/10/A1"),
        (" /01/09520000000011/10/A1\n", "/01/09520000000011/10/A1"),
        ("http://127.0.0.1:8000/lot/dadi/paddy/JL26", "/lot/dadi/paddy/JL26"),
        ("/lot/dadi/paddy/JL26/S1", "/lot/dadi/paddy/JL26/S1"),
    ],
)
def test_a_typed_code_leads_to_its_page(client: FlaskClient, code: str, address: str) -> None:
    answer = client.get("/find", query_string={"code": code})

    assert (answer.status_code, answer.location) == (302, address)


@pytest.mark.parametrize(
    "code", ["", "hello", "(01)09520000000012(10)A1", "//evil.example/", "<b>", "9" * 3000]
)
def test_what_is_no_code_is_shown_again_with_the_reason(client: FlaskClient, code: str) -> None:
    answer = client.get("/find", query_string={"code": code})

    assert (answer.status_code, 'class="error"' in answer.text) == (422, True)
    assert 'value="<b>"' not in answer.text


def test_the_page_speaks_the_language_of_the_browser(client: FlaskClient) -> None:
    pages = [client.get("/", headers={"Accept-Language": tag}).text for tag in ("zh-CN", "en-GB", "fr")]

    assert [re.findall(r'<html lang="([^"]+)"', page) for page in pages] == [["zh-Hans-CN"], ["en"], ["en"]]
    assert "Which field did this food come from?" in pages[1]


def test_a_choice_of_language_is_kept_and_goes_back_to_the_page(client: FlaskClient) -> None:
    switched = client.get("/language?lang=en&next=/sign-in?next%3D/farm/")
    later = client.get("/sign-in", headers={"Accept-Language": "zh-CN"})

    assert (switched.location, '<html lang="en">' in later.text) == ("/sign-in?next=/farm/", True)


@pytest.mark.parametrize("query", ["lang=fr&next=/farm/", "next=/farm/", "lang=en&next=https://evil.example"])
def test_a_language_that_we_do_not_speak_changes_nothing(client: FlaskClient, query: str) -> None:
    assert client.get(f"/language?{query}").location == "/"


def test_every_answer_of_words_says_that_it_depends_on_the_reader(client: FlaskClient) -> None:
    paths = ("/", "/static/style.css", "/healthz")

    varies = [client.get(path, buffered=True).headers.get("Vary", "") for path in paths]

    assert varies == ["Accept-Language, Cookie", "", ""]


def test_every_answer_bears_the_headers_that_bind_it(client: FlaskClient) -> None:
    for path in ("/", "/nowhere", "/static/style.css", "/healthz", "/sign-in"):
        headers = client.get(path, buffered=True).headers

        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert (policy["default-src"], policy["frame-ancestors"], policy["base-uri"]) == (
            "'self'",
            "'none'",
            "'none'",
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_a_nonce_is_never_used_twice(client: FlaskClient) -> None:
    policies = [client.get("/").headers["Content-Security-Policy"] for _ in range(3)]

    assert len({nonce for policy in policies for nonce in re.findall("'nonce-([^']+)'", policy)}) == 3


def test_no_template_needs_what_the_policy_forbids() -> None:
    code = r"<style|\sstyle=|\son[a-z]+=|javascript:|(?:src|href)=.https?:"
    forbidden = re.compile(code + r"|<script(?! type=.application/json|[^>]*\bsrc=)")
    templates = (ROOT / "web" / "templates").rglob("*.html")

    assert [path.name for path in templates if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_the_style_sheet_asks_no_other_site() -> None:
    text = (ROOT / "web" / "static" / "style.css").read_text(encoding="utf-8")

    assert re.findall(r"url\(|@import|https?:", text) == []


def test_a_page_for_one_person_is_kept_in_no_cache(client: FlaskClient) -> None:
    before = client.get("/").headers.get("Cache-Control")
    sign_in(client, "cooperative")

    assert (before, client.get("/").headers.get("Cache-Control")) == (None, "no-store")


def test_the_header_shows_who_has_signed_in(client: FlaskClient) -> None:
    sign_in(client, "cooperative")

    page = client.get("/").text

    assert ("农民专业合作社" in page, "退出" in page, 'href="/sign-in"' in page) == (True, True, False)


def test_an_account_is_spoken_to_in_its_own_language(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "cooperative")

    assert '<html lang="zh-Hans-CN">' in client.get("/", headers={"Accept-Language": "en"}).text
