"""Proofs that leave the house are checked by the program that has nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.merkle import leaf_hash, root_of
from ledger.note import Note
from ledger.policy import Policy
from ledger.tile import Bundle, Tile, bundles_of, parse_bundle, tiles_of
from tests import world
from tests.terminal import Terminal
from tests.world import RICE_LOT


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("proving")
    with world.opened(folder) as made:
        made.whole_chain()
    return Terminal(folder / "instance")


def verified(policy: Path, folder: Path, index: int) -> int:
    """Return the exit code of the offline verifier."""
    names = (f"{index}.key.entry", f"{index}.key.tlog-proof", f"{index}.entry", f"{index}.tlog-proof")
    key_entry, key_proof, entry, proof = (str(folder / name) for name in names)
    command = [sys.executable, "-m", "ledger", "verify", "--policy", str(policy)]
    return subprocess.run(
        [*command, "--key", key_entry, key_proof, entry, proof], capture_output=True, check=False
    ).returncode


def test_the_proofs_of_a_lot_hold_offline_and_not_when_bent(terminal: Terminal, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text(terminal("policy").out, encoding="utf-8")

    told = terminal("prove", RICE_LOT, "--out", tmp_path / "out", "--json").json

    indices = [each["index"] for each in told["entries"]]
    assert [verified(policy, tmp_path / "out", index) for index in indices] == [0, 0]
    entry = tmp_path / "out" / f"{indices[0]}.entry"
    entry.write_bytes(entry.read_bytes().replace(b'"kg":"3300"', b'"kg":"3301"'))
    assert verified(policy, tmp_path / "out", indices[0]) == 1


def test_one_entry_is_proven_by_its_index(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal("prove", "0", "--out", tmp_path)

    assert ran.code == 0
    # No author signs the opening, so that there is no key to prove.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.entry", "0.tlog-proof"]


@pytest.mark.parametrize(("what", "code"), [("100000", 1), ("-1", 2), ("9" * 40, 1), ("１", 2), ("1.0", 2)])
def test_what_is_not_in_the_log_is_not_proven(
    what: str, code: int, terminal: Terminal, tmp_path: Path
) -> None:
    ran = terminal("prove", "--out", tmp_path / "never", "--", what)

    assert ran.code == code
    assert not (tmp_path / "never").exists()


def test_what_is_published_hashes_to_the_checkpoint(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("publish", tmp_path).code == 0

    note = Note.parse((tmp_path / "checkpoint").read_bytes())
    checkpoint = Checkpoint.parse(note.text)
    pieces: list[Tile | Bundle] = [*tiles_of(checkpoint.size), *bundles_of(checkpoint.size)]
    wanted = {tmp_path / piece.path() for piece in pieces} | {tmp_path / "checkpoint", tmp_path / "policy"}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == wanted
    entries = [
        entry
        for bundle in bundles_of(checkpoint.size)
        for entry in parse_bundle((tmp_path / bundle.path()).read_bytes(), bundle.width)
    ]
    assert root_of(map(leaf_hash, entries)) == checkpoint.root


def test_the_policy_names_both_keys_of_the_log(terminal: Terminal) -> None:
    found = Policy.parse(terminal("policy").out)

    assert len(found.keys_of(world.ORIGIN)) == 2
