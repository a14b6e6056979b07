"""The log as static files: what a mirror fetches is what the log commits to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger.checkpoint import Checkpoint
from ledger.errors import NotProven
from ledger.merkle import check_consistency, leaf_hash, prove_consistency, root_of
from ledger.note import Note, verified
from ledger.policy import Policy
from ledger.tile import Tile, node_reader, parse_bundle
from tests import world
from tests.world import World
from web import create_app

LONG = "public, max-age=31536000, immutable"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(told: World) -> FlaskClient:
    return create_app(told.services.settings, told.services).test_client()


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


def test_what_is_full_and_what_is_partial_is_the_same_for_ever(told: World, client: FlaskClient) -> None:
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


def test_the_log_grows_consistently(told: World, client: FlaskClient) -> None:
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
