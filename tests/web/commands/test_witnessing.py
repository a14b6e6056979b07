"""A witness from the terminal: made once, told whom to see, served; its refusals name the way out."""

import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path

import pytest

from ledger import witness_state
from ledger.checkpoint import Checkpoint
from ledger.keys import COSIGNATURE_ED25519, MLDSA44, VerifierKey
from ledger.note import Ed25519Signer, Note, signed, verified
from ledger.policy import Policy
from ledger.witness import Request
from tests import partners
from tests.terminal import Ran, Terminal
from web import commands
from web.commands.witnessing import SENTENCES
from web.language import speaking

ROOT = Path(__file__).resolve().parents[3]
LOG = Ed25519Signer("nongye.example/2026", sha256(b"log").digest())
PATIENCE_SECONDS = 30


def witness(*arguments: str | Path) -> Ran:
    """Run a command of `jizihao witness`."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), speaking("en"):
        code = commands.run(["witness", *map(str, arguments)])
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def without_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIZIHAO_KEY_PASSPHRASE", raising=False)


@pytest.fixture(name="state")
def made(tmp_path: Path) -> Path:
    assert witness("init", "--state", tmp_path / "w", "--name", "w.example/1").code == 0
    return tmp_path / "w"


def test_the_keys_of_both_kinds_are_printed(tmp_path: Path) -> None:
    ran = witness("init", "--state", tmp_path / "w", "--name", "w.example/1")

    keys = [VerifierKey.parse(line) for line in ran.out.splitlines()]
    assert [(key.name, key.kind) for key in keys] == [
        ("w.example/1", COSIGNATURE_ED25519),
        ("w.example/1", MLDSA44),
    ]
    assert "JIZIHAO_KEY_PASSPHRASE" in ran.err


@pytest.mark.parametrize("name", ["w example", "w+example", ""])
def test_a_name_that_no_line_can_bear_is_refused(tmp_path: Path, name: str) -> None:
    ran = witness("init", "--state", tmp_path / "w", "--name", name)

    assert (ran.code, (tmp_path / "w").exists()) == (2, False)


def test_a_log_is_added_by_its_policy_or_its_key_and_taken_away(state: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text(f"log {LOG.key.text()}\nquorum none\n", encoding="utf-8")
    other = Ed25519Signer("other.example", bytes(32)).key

    added = [
        witness("add-log", "--state", state, "--policy", policy).code,
        witness("add-log", "--state", state, "--log", other.text()).code,
        witness("remove-log", "--state", state, "--log", other.text()).code,
        witness("remove-log", "--state", state, "--log", other.text()).code,
        witness("add-log", "--state", state).code,
        witness("add-log", "--state", state, "--log", "what").code,
    ]

    assert added == [0, 0, 0, 1, 2, 2]
    assert [each["origin"] for each in witness("status", "--state", state, "--json").json["logs"]] == [
        LOG.key.name
    ]


def asked(size: int, root: bytes, old: int = 0) -> bytes:
    checkpoint = Checkpoint(LOG.key.name, size, root)
    return Request(old, (), checkpoint, signed(checkpoint.text(), LOG).bytes()).bytes()


def test_a_fork_is_shown_word_for_word(state: Path) -> None:
    witness("add-log", "--state", state, "--log", LOG.key.text())
    with witness_state.opened(state) as opened:
        opened.answer(asked(1, b"\x01" * 32), lambda: 1767225600)
    before = witness("evidence", "--state", state)
    with witness_state.opened(state) as opened:
        opened.answer(asked(1, b"\x02" * 32, 1), lambda: 1767225600)

    ran = witness("evidence", "--state", state)
    told = witness("evidence", "--state", state, "--json").json

    assert (before.code, before.out, ran.code) == (0, "", 1)
    for each in (told[0]["kept"], told[0]["shown"]):
        assert each in ran.out
        assert verified(Note.parse(each.encode()), [LOG.key]) == (LOG.key,)
    assert (
        "cosigned up to 1 entries, 2026-01-01T00:00:00Z. Evidence that it has forked: 1."
        in witness("status", "--state", state).out
    )


# Refusals.


def broken(state: Path, reason: str) -> None:
    """Make *state* such that it is refused for *reason*."""
    key, rows = state / witness_state.KEY_FILE, state / witness_state.STATE_FILE
    if reason == witness_state.NO_KEY:
        key.unlink()
    elif reason == witness_state.NO_STATE:
        rows.unlink()
    elif reason == witness_state.EXPOSED:
        key.chmod(0o644)
    elif reason == witness_state.UNREADABLE:
        rows.write_bytes(b"no database" * 100)
    elif reason == witness_state.NOT_ITS_OWN:
        witness_state.create(state / "other", "w.example/1")
        shutil.copy(state / "other" / rows.name, rows)
    else:
        connection = sqlite3.connect(rows)
        told = (LOG.key.name, 1, bytes(32), b"", int(time.time()) + 3600)
        connection.execute(
            "INSERT INTO witness_seen (origin, size, root, note, at) VALUES (?, ?, ?, ?, ?)", told
        )
        connection.commit()
        connection.close()


@pytest.mark.parametrize(
    ("reason", "way_out"),
    [
        (witness_state.NO_KEY, "run jizihao witness init first"),
        (witness_state.NO_STATE, "Put the latest state file back"),
        (witness_state.NOT_ITS_OWN, "Put the key and its own state together"),
        (witness_state.UNREADABLE, "Put the latest state file back"),
        (witness_state.EXPOSED, "Run chmod 600"),
        (witness_state.CLOCK_WENT_BACK, "Set it right and start again"),
    ],
)
def test_what_must_not_sign_is_not_served(state: Path, reason: str, way_out: str) -> None:
    broken(state, reason)

    ran = witness("serve", "--state", state, "--port", "0")

    assert (ran.code, ran.out, way_out in ran.err) == (2, "", True)


def test_a_second_init_is_refused(state: Path) -> None:
    ran = witness("init", "--state", state, "--name", "w.example/1")

    assert (ran.code, "empty folder" in ran.err) == (2, True)


def test_a_wrong_passphrase_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIZIHAO_KEY_PASSPHRASE", "right and long")
    quiet = witness("init", "--state", tmp_path / "w", "--name", "w.example/1")
    monkeypatch.setenv("JIZIHAO_KEY_PASSPHRASE", "wrong and long")

    ran = witness("status", "--state", tmp_path / "w")

    assert (quiet.err, ran.code, "JIZIHAO_KEY_PASSPHRASE" in ran.err) == ("", 2, True)


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(witness_state.REASONS)


# Real processes.


@contextmanager
def running(*arguments: str | Path, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command that serves, and give the process and the first line that it writes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "web", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environ},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- a server that this test has started
        return bytes(answer.read())


def test_a_served_instance_shows_what_a_served_witness_has_seen(tmp_path: Path) -> None:
    terminal = Terminal.of_new(tmp_path / "instance")
    own = tmp_path / "own"
    own.write_text(terminal("policy").out, encoding="utf-8")
    keys = witness("init", "--state", tmp_path / "w", "--name", "w.example/1").out.splitlines()
    witness("add-log", "--state", tmp_path / "w", "--policy", own)
    policy = tmp_path / "policy"
    with running("witness", "serve", "--state", tmp_path / "w", "--port", "0") as (_, address):
        logs = "".join(line for line in own.read_text().splitlines(keepends=True) if line.startswith("log "))
        lines = f"witness w {keys[0]} {address}\nwitness later {keys[1]} {address}\ngroup both all w later\n"
        policy.write_text(f"{logs}{lines}quorum both\n", encoding="utf-8")
        chosen = {"JIZIHAO_WITNESS_POLICY": str(policy)}
        with running("serve", "--instance", tmp_path / "instance", "--port", "0", **chosen) as (_, first):
            base = re.findall(r"http://[0-9.]+:[0-9]+", first)[0]
            note = seen_at(f"{base}/log/checkpoint")
        proven = in_process(terminal, chosen, "prove", "0", "--out", tmp_path / "out")
    again = in_process(terminal, chosen, "prove", "2", "--out", tmp_path / "later")

    known = [VerifierKey.parse(key) for key in keys]
    # Lines stand in the order of their key IDs, which are drawn.
    assert set(verified(note, known)) == set(known)
    assert (proven, again) == (0, 0)
    assert json.loads(witness("status", "--state", tmp_path / "w", "--json").out)["logs"][0]["size"] == 3
    assert Policy.parse(policy.read_bytes()).quorum == "both"


def seen_at(url: str) -> Note:
    """Return the note at *url* once witnesses have cosigned it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            note = Note.parse(fetched(url))
        except OSError:
            note = None
        if note is not None and any(line.name == "w.example/1" for line in note.signatures):
            return note
        time.sleep(0.1)
    raise AssertionError("no witness has cosigned it")


def in_process(terminal: Terminal, environ: dict[str, str], *arguments: str | Path) -> int:
    """Run a command with *environ* and return its exit code."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environ.items():
            patched.setenv(name, value)
        return terminal(*arguments).code


def test_what_no_witness_has_seen_is_not_proven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal.of_new(tmp_path / "instance")
    keys = witness("init", "--state", tmp_path / "w", "--name", "w.example/1").out.splitlines()
    logs = "".join(
        line for line in terminal("policy").out.splitlines(keepends=True) if line.startswith("log ")
    )
    policy = tmp_path / "policy"
    policy.write_text(f"{logs}witness w {keys[0]} http://127.0.0.1:9\nquorum w\n", encoding="utf-8")
    monkeypatch.setenv("JIZIHAO_WITNESS_POLICY", str(policy))
    monkeypatch.setattr("web.publisher.QUORUM_SECONDS", 0.1)

    ran = terminal("prove", "0", "--out", tmp_path / "out", "--json")

    assert (ran.code, ran.json["missing"], ran.json["size"]) == (1, ["w"], 0)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_older_database_than_a_witness_has_seen_is_not_served(
    workers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal.of_new(tmp_path / "instance")
    older = Terminal(Path(shutil.copytree(tmp_path / "instance", tmp_path / "older")))
    own = Policy.parse(terminal("policy").out)
    with partners.honest(tmp_path / "w", *(key for key, _ in own.logs)) as other:
        logs = "".join(f"log {key.text()}\n" for key, _ in own.logs)
        (tmp_path / "policy").write_text(f"{logs}{other.lines('w')}quorum w\n", encoding="utf-8")
        monkeypatch.setenv("JIZIHAO_WITNESS_POLICY", str(tmp_path / "policy"))
        named = ("add", "heitu", "--role", "cooperative", "--name", "黑土", "--division", "220182")
        assert terminal("party", *named).code == 0
        assert terminal("prove", "0", "--out", tmp_path / "out").code == 0

        ran = older("serve", "--port", "0", "--workers", workers)

    assert ran.code == 2
    assert "Find the newer database" in ran.err
