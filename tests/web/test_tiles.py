"""The log as static files: what a mirror fetches is what the log commits to."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.errors import NotProven
from ledger.merkle import check_consistency, leaf_hash, prove_consistency, root_of
from ledger.note import Note, verified
from ledger.policy import Policy
from ledger.tile import Tile, node_reader, parse_bundle
from tests import world
from tests.world import World
from traceability.rule_copies import files_of
from web import create_app

LONG = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("tiles")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(told: World) -> FlaskClient:
    return create_app(told.services.settings, told.services).test_client()


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[tuple[World, FlaskClient]]:
    """A log of the test's own, to which it adds."""
    with world.opened(tmp_path) as opened:
        yield opened, create_app(opened.services.settings, opened.services).test_client()


def checkpoint(client: FlaskClient) -> Checkpoint:
    return Checkpoint.parse(Note.parse(client.get("/log/checkpoint").data).text)


def test_the_checkpoint_is_signed_by_the_keys_of_the_policy(told: World, client: FlaskClient) -> None:
    answer = client.get("/log/checkpoint")
    policy = Policy.parse(client.get("/log/policy").data)

    signers = verified(Note.parse(answer.data), policy.keys_of(world.ORIGIN))

    assert set(signers) == set(policy.keys_of(world.ORIGIN))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/plain", "no-store")


def test_entries_and_hashes_give_the_root_of_the_checkpoint(client: FlaskClient) -> None:
    found = checkpoint(client)

    bundle = client.get(f"/log/tile/entries/000.p/{found.size}")
    tile = client.get(f"/log/tile/0/000.p/{found.size}")

    leaves = [leaf_hash(entry) for entry in parse_bundle(bundle.data, found.size)]
    assert b"".join(leaves) == tile.data
    assert root_of(leaves) == found.root


def test_what_is_full_and_what_is_partial_is_the_same_for_ever(growing: tuple[World, FlaskClient]) -> None:
    told, client = growing
    size = checkpoint(client).size
    early = client.get(f"/log/tile/0/000.p/{size}").data
    told.whole_chain()
    checkpoint(client)

    late = client.get(f"/log/tile/0/000.p/{size}")

    assert (late.data, late.headers["Cache-Control"]) == (early, LONG)
    assert (
        client.get(f"/log/tile/0/000.p/{size}", headers={"If-None-Match": late.headers["ETag"]}).status_code
        == 304
    )


def test_the_log_grows_consistently(growing: tuple[World, FlaskClient]) -> None:
    told, client = growing
    old = checkpoint(client)
    told.whole_chain()
    new = checkpoint(client)

    def read(tile: Tile) -> bytes:
        content: bytes = client.get(f"/log/{tile.path()}").data
        return content

    proof = prove_consistency(node_reader(read, new.size), old=old.size, size=new.size)

    check_consistency(proof, old=old.size, old_root=old.root, size=new.size, root=new.root)
    bent = (bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:])
    with pytest.raises(NotProven):
        check_consistency(bent, old=old.size, old_root=old.root, size=new.size, root=new.root)


def test_everything_may_be_asked_for_from_anywhere(told: World, client: FlaskClient) -> None:
    size = checkpoint(client).size
    digest = rules_of(told)
    paths = ("checkpoint", "policy", f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}", "tile/0/999")
    for path in (*paths, f"rules/{digest}/manifest.json", "rules/none/limits.csv"):
        answer = client.get(f"/log/{path}")

        assert answer.headers["Access-Control-Allow-Origin"] == "*", path


def rules_of(told: World) -> str:
    digest: str = told.services.log.entry(0).entry.record["opening"]["rules"]
    return digest


@pytest.mark.parametrize("path", ["checkpoint", "policy", "tile/0/000.p/3", "tile/entries/000.p/3"])
def test_who_has_it_already_is_told_so(client: FlaskClient, path: str) -> None:
    checkpoint(client)
    first = client.get(f"/log/{path}")

    again = client.get(f"/log/{path}", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(f"/log/{path}", headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert (other.status_code, other.data) == (200, first.data)


@pytest.mark.parametrize("path", ["checkpoint", "policy", "tile/0/000.p/3", "tile/entries/000.p/3"])
def test_the_head_alone_says_what_the_whole_would(client: FlaskClient, path: str) -> None:
    checkpoint(client)
    whole = client.get(f"/log/{path}")

    head = client.head(f"/log/{path}")

    names = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
    assert [head.headers[name] for name in names] == [whole.headers[name] for name in names]
    assert head.data == b""


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_entries_are_packed_for_who_takes_it(client: FlaskClient, accepted: str, *, packed: bool) -> None:
    size = checkpoint(client).size
    path = f"/log/tile/entries/000.p/{size}"
    plain = client.get(path)

    answer = client.get(path, headers={"Accept-Encoding": accepted})

    assert (answer.content_encoding == "gzip", "Accept-Encoding" in answer.vary) == (packed, True)
    assert (gzip.decompress(answer.data) if packed else answer.data) == plain.data
    assert (answer.headers["ETag"] != plain.headers["ETag"]) == packed


def test_hashes_are_not_packed(client: FlaskClient) -> None:
    size = checkpoint(client).size

    answer = client.get(f"/log/tile/0/000.p/{size}", headers={"Accept-Encoding": "gzip"})

    assert answer.content_encoding is None


def test_what_is_sealed_and_not_yet_published_is_not_shown(growing: tuple[World, FlaskClient]) -> None:
    told, client = growing
    size = checkpoint(client).size
    told.harvest()
    sealed = told.services.log.size()
    assert sealed > size

    for kind in ("0", "entries"):
        assert client.get(f"/log/tile/{kind}/000.p/{size}").status_code == 200
        assert client.get(f"/log/tile/{kind}/000.p/{sealed}").status_code == 404

    checkpoint(client)
    for kind in ("0", "entries"):
        assert client.get(f"/log/tile/{kind}/000.p/{sealed}").status_code == 200


def test_before_the_first_publication_nothing_is_shown(growing: tuple[World, FlaskClient]) -> None:
    told, client = growing
    assert told.services.log.published() is None

    assert client.get("/log/tile/0/000.p/1").status_code == 404


def test_a_checkpoint_that_nobody_may_see_yet_is_not_found(tmp_path: Path) -> None:
    with world.opened(tmp_path) as fresh:
        witness = Ed25519Cosigner("w.example", bytes(32)).key.text()
        asked = fresh.services.policy.text().replace("quorum none", f"witness w {witness}\nquorum w")
        (tmp_path / "policy").write_text(asked, encoding="utf-8")
        settings = replace(fresh.services.settings, witness_policy=tmp_path / "policy")
        client = create_app(settings, replace(fresh.services, settings=settings)).test_client()

        assert client.get("/log/checkpoint").status_code == 404


def test_the_rules_that_entries_name_are_served(told: World, client: FlaskClient) -> None:
    digest = rules_of(told)

    found = files_of(digest, lambda digest, name, _sha256: client.get(f"/log/rules/{digest}/{name}").data)

    assert found == told.services.shelf.files(digest)
    answer = client.get(f"/log/rules/{digest}/limits.csv")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", LONG)


@pytest.mark.parametrize(
    "path",
    ["{digest}/none.csv", "{digest}/", "{digest}/..", "{file}/limits.csv", "../secrets/log-key", "%2e%2e/x"],
)
def test_no_other_file_of_the_instance_is_served(told: World, client: FlaskClient, path: str) -> None:
    digest = rules_of(told)
    file = hashlib.sha256(told.services.shelf.files(digest)["limits.csv"]).hexdigest()

    assert client.get(f"/log/rules/{path.format(digest=digest, file=file)}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001",
        "tile/0/000",
        "tile/1/000",
        "tile/0/000.p/255",
        "tile/entries/001",
        "tile/entries/000.p/0",
        "tile/0/0",
        "tile/0/x000/000",
        "tile/-1/000",
        "tile/0/%2e%2e/000",
        "tile/",
        "nothing",
    ],
)
def test_what_the_log_has_not_is_not_found(client: FlaskClient, path: str) -> None:
    checkpoint(client)

    assert client.get(f"/log/{path}").status_code == 404
