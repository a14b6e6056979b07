"""Proofs that leave the house are checked by the program that has nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.policy import Policy
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


def test_the_policy_names_both_keys_of_the_log(terminal: Terminal) -> None:
    found = Policy.parse(terminal("policy").out)

    assert len(found.keys_of(world.ORIGIN)) == 2


def test_a_later_key_is_joined_to_an_earlier_proof(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "policy").write_text(terminal("policy").out, encoding="utf-8")
    told = terminal("prove", RICE_LOT, "--out", tmp_path / "then", "--json").json
    index = told["entries"][0]["index"]
    terminal("party", "add", "later", "--role", "farm", "--name", "后来", "--division", "220182")
    terminal("prove", str(index), "--out", tmp_path / "now", "--grown-from", str(told["size"]))
    files = [tmp_path / "then" / f"{index}.entry", tmp_path / "then" / f"{index}.tlog-proof"]
    key = [tmp_path / "now" / f"{index}.key.entry", tmp_path / "now" / f"{index}.key.tlog-proof"]
    command: list[str | Path] = [sys.executable, "-m", "ledger", "verify", "--policy", tmp_path / "policy"]
    growth: list[str | Path] = ["--consistency", tmp_path / "now" / f"{told['size']}.consistency"]

    codes = [
        subprocess.run([*command, "--key", *key, *more, *files], capture_output=True, check=False).returncode
        for more in (growth[:0], growth)
    ]

    assert codes == [1, 0]
    assert terminal("prove", "0", "--out", tmp_path / "x", "--grown-from", "100000").code == 2
