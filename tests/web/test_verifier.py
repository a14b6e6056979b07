"""The verifier as files: what is written, what it trusts, and what the log's server answers to it."""

import gzip
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from ledger.checkpoint import Checkpoint
from ledger.merkle import check_consistency, check_inclusion, leaf_hash, root_of
from ledger.note import Note, verified
from ledger.policy import Policy
from qr.short import short_code
from tests import world
from tests.terminal import Terminal
from tests.world import RICE_LOT, World
from web import create_app, generated, verifier
from web.proofs import STATIC, modules

PROOFS = "application/vnd.jizihao.proofs+json"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("told")) as opened:
        opened.whole_chain()
        opened.services.log.publish()
        yield opened


@pytest.fixture
def client(told: World) -> FlaskClient:
    return create_app(told.services.settings, told.services).test_client()


# What the log's server answers.


@pytest.mark.parametrize("query", ["?proofs=1", "?lang=en&proofs=1"])
def test_proofs_are_given_to_any_page_of_any_site(client: FlaskClient, query: str) -> None:
    answer = client.get(RICE_LOT + query, headers={"Origin": "https://elsewhere.example"})

    assert (answer.status_code, answer.mimetype) == (200, PROOFS)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"


def test_proofs_are_asked_for_by_what_is_accepted(client: FlaskClient) -> None:
    answer = client.get(RICE_LOT, headers={"Accept": f"{PROOFS}, application/problem+json"})

    assert answer.mimetype == PROOFS
    assert "Accept" in answer.headers["Vary"]


def test_proofs_travel_compressed(client: FlaskClient) -> None:
    answer = client.get(f"{RICE_LOT}?proofs=1", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(answer.data)) > 2 * len(answer.data)


def test_the_page_itself_is_for_nobody_elses_script(client: FlaskClient) -> None:
    answer = client.get(RICE_LOT)

    assert answer.mimetype == "text/html"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status"), [("/lot/mifang/rice/none", 404), (f"{RICE_LOT}/00000000000000000000", 404)]
)
def test_why_there_are_no_proofs_is_told_to_everybody_too(
    client: FlaskClient, path: str, status: int
) -> None:
    answer = client.get(f"{path}?proofs=1", headers={"Accept": f"{PROOFS}, application/problem+json"})

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_short_code_leads_to_the_proofs(client: FlaskClient) -> None:
    answer = client.get(f"/short/{short_code(RICE_LOT)}?proofs=1&since=3")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"{RICE_LOT}?proofs=1&since=3")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_every_entry_stands_under_the_published_checkpoint(told: World, client: FlaskClient) -> None:
    found: dict[str, Any] = client.get(f"{RICE_LOT}?proofs=1").get_json(force=True)

    note = Note.parse(found["checkpoint"].encode())
    head = Checkpoint.parse(note.text)
    assert set(verified(note, told.services.policy.keys_of(world.ORIGIN))) == set(
        told.services.policy.keys_of(world.ORIGIN)
    )
    for entry in found["entries"]:
        path = tuple(b64decode(step) for step in entry["path"])
        leaf = leaf_hash(b64decode(entry["bytes"]))
        check_inclusion(path, size=head.size, root=head.root, index=entry["index"], leaf=leaf)
    assert (found["lot"], found["handovers"]) == (RICE_LOT, [])
    assert not {"chapters", "subjects", "lang", "consistency"} & set(found)


@pytest.mark.parametrize(
    ("since", "is_told"), [("3", True), ("0", False), ("999", False), ("x", False), ("²", False)]
)
def test_whoever_saw_an_earlier_size_is_shown_that_the_log_only_grew(
    told: World, client: FlaskClient, since: str, is_told: bool
) -> None:
    found = client.get(RICE_LOT, query_string={"proofs": "1", "since": since}).get_json(force=True)

    assert ("consistency" in found) == is_told
    if is_told:
        head = Checkpoint.parse(Note.parse(found["checkpoint"].encode()).text)
        leaves = [leaf_hash(told.services.log.entry(index).spelt) for index in range(int(since))]
        proof = tuple(b64decode(step) for step in found["consistency"])
        check_consistency(proof, old=int(since), old_root=root_of(leaves), size=head.size, root=head.root)


# The files.


def test_the_command_writes_a_page_with_the_policy_of_a_file(told: World, tmp_path: Path) -> None:
    chosen = tmp_path / "trusted"
    chosen.write_text("# from the regulator\n" + told.services.policy.text())
    terminal = Terminal(tmp_path / "no-instance-here")

    ran = terminal("verifier", tmp_path / "v", "--policy", chosen)

    assert ran.code == 0, ran.err
    assert ran.out.strip() == str(tmp_path / "v" / "index.html")
    assert told.services.policy.digest().hex()[:16] in ran.err
    assert (tmp_path / "v" / "policy").read_text() == told.services.policy.text()
    assert f'data-home="{told.services.base_url}"' in (tmp_path / "v" / "index.html").read_text()


def test_the_command_without_a_file_pins_the_instances_own_policy(tmp_path: Path) -> None:
    terminal = Terminal.of_new(tmp_path / "instance")

    ran = terminal("verifier", tmp_path / "v")

    assert ran.code == 0, ran.err
    assert "only a verifier that others host" in ran.err
    assert Policy.parse((tmp_path / "v" / "policy").read_bytes()).keys_of("test.example/log")


def test_a_policy_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    chosen = tmp_path / "trusted"
    chosen.write_text("trust everybody\n")

    ran = Terminal(tmp_path / "no-instance-here")("verifier", tmp_path / "v", "--policy", chosen)

    assert ran.code == 2
    assert not (tmp_path / "v").exists()


def test_every_file_that_the_page_names_is_there(told: World, tmp_path: Path) -> None:
    verifier.write(tmp_path, told.services.policy)

    page = (tmp_path / "index.html").read_text()
    named = set(re.findall(r'(?:href|src)="([^"#]+)"', page))
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == named | {"index.html", "policy"}
    assert "{" not in page


def test_a_page_that_is_written_again_has_the_new_policy(told: World, tmp_path: Path) -> None:
    verifier.write(tmp_path, told.services.policy)
    policy = Policy(told.services.policy.logs[:1], {}, {})

    verifier.write(tmp_path, policy)

    assert (tmp_path / "policy").read_text() == policy.text()


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("https://a.example/log", "https://a.example"),
        ("https://a.example/log/", "https://a.example"),
        ("https://a.example/trace/log", "https://a.example/trace"),
        (None, ""),
    ],
)
def test_the_policy_says_where_the_log_is(told: World, address: str | None, home: str) -> None:
    policy = Policy(((told.services.policy.logs[0][0], address),), {}, {})

    assert verifier.home_of(policy) == home


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html"),
        ("/policy", 200, "text/plain"),
        ("/static/verifier.js", 200, "text/javascript"),
        ("/static/style.css", 200, "text/css"),
        ("/none", 404, "text/html"),
        ("/../secrets", 404, "text/html"),
        ("/static", 404, "text/html"),
    ],
)
def test_the_demos_host_serves_these_files_and_no_others(
    told: World, tmp_path: Path, path: str, status: int, kind: str
) -> None:
    (tmp_path / "secrets").write_text("secret")
    verifier.write(tmp_path / "v", told.services.policy)
    client = Client(verifier.application(tmp_path / "v"))

    answer = client.get(path)

    assert (answer.status_code, answer.mimetype) == (status, kind)
    answer.close()


# Its words.


def spoken(language: str) -> dict[str, str]:
    """Return the plain sentences of the verifier's words, one a line of the module."""
    text = (STATIC / "verifier-words.js").read_text(encoding="utf-8")
    start = text.index(f"  {language}: {{")
    part = text[start : text.find("\n  },\n", start)]
    joined = re.sub(r'"\s*\+\s*"', "", part)
    return dict(re.findall(r'"?([A-Za-z-]+)"?: "((?:[^"\\]|\\.)*)"', joined))


def test_both_languages_say_everything() -> None:
    assert set(spoken("zh")) == set(spoken("en"))
    assert [
        name for name, text in spoken("en").items() if re.search("[\u4e00-\u9fff]", text) and name != "other"
    ] == []


def test_the_page_begins_with_the_words_of_the_module(told: World, tmp_path: Path) -> None:
    verifier.write(tmp_path, told.services.policy)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")

    shown = dict(re.findall(r'data-say="([A-Za-z]+)"[^>]*>([^<]*)<', page))

    words = spoken("zh")
    assert len(shown) > 8
    assert {name: words[name] for name in shown} == shown


def test_every_reason_has_its_sentence() -> None:
    asking = (STATIC / "asking.js").read_text() + (STATIC / "verifier.js").read_text()
    doubts = re.findall(r'\["([a-z-]+)"\]', (STATIC / "independent.js").read_text())
    thrown = re.findall(r'Unanswered\("([a-z-]+)"', asking) + re.findall(
        r'"(too-slow|mixed|unreachable)"', asking
    )

    assert len(set(thrown)) > 6
    assert set(thrown) | set(doubts) <= set(spoken("zh"))


def test_the_fields_are_those_of_the_page() -> None:
    assert (STATIC / "fields.js").read_text(encoding="utf-8") == generated.fields_module()


def test_no_module_of_the_verifier_trusts_markup_or_words_of_a_server() -> None:
    text = "".join((STATIC / name).read_text() for name in modules("verifier.js"))

    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text) == []
    )
    assert "bundle.chapters" not in "".join(
        (STATIC / name).read_text()
        for name in ("independent.js", "telling.js", "verifier.js", "verifier-page.js")
    )
