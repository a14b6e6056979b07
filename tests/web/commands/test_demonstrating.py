"""The demo as a person runs it: witnesses that sign, a verifier on another port, and nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.keys import COSIGNATURE_ED25519, MLDSA44, VerifierKey
from ledger.note import Ed25519Signer, Note, verified
from ledger.policy import Policy
from tests.terminal import Terminal
from web import demo
from web.commands.companions import POLICY_FILE, NotStarted, companions, policy_with

SECONDS = 90
KEY = Ed25519Signer("demo.test/2026", b"1" * 32).key
LOG = Policy(((KEY, None),), {}, {})


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 -- our own address
        found: bytes = answer.read()
        return found


def answers(address: str) -> bool:
    """Tell whether anybody listens at *address*."""
    host, _, port = address.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError:
        return False
    return True


# The witnesses alone.


def test_two_witnesses_end_with_the_demo_and_go_on_with_the_next(tmp_path: Path) -> None:
    with companions(tmp_path, [KEY]) as first:
        policy = policy_with(LOG, first)
        (tmp_path / POLICY_FILE).write_text(policy.text())
        assert [each.key.kind for each in first] == [COSIGNATURE_ED25519, MLDSA44]
        assert [answers(each.url) for each in first] == [True, True]
    assert [answers(each.url) for each in first] == [False, False]
    assert [policy.quorum_met(seen) for seen in ({"one"}, {"one", "two"})] == [False, True]

    # Somebody else has taken the port of the first meanwhile.
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(first[0].url.rpartition(":")[2])))
        taken.listen()
        with companions(tmp_path, [KEY]) as second:
            running = [answers(each.url) for each in second]

    assert running == [True, True]
    assert [each.key for each in second] == [each.key for each in first]
    assert [mine.url == his.url for mine, his in zip(first, second, strict=True)] == [False, True]


def test_a_witness_that_lost_its_memory_is_not_started(tmp_path: Path) -> None:
    with companions(tmp_path, [KEY]):
        pass
    (tmp_path / "witnesses" / "one" / "witness.sqlite3").unlink()

    with pytest.raises(NotStarted), companions(tmp_path, [KEY]):
        pass


# The whole demo.


@contextmanager
def running(instance: Path) -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """Run the demo and give its process and what it said until it was ready."""
    command = [sys.executable, "-m", "web", "demo", "--port", "0", "--instance", str(instance)]
    environ = os.environ | {"LANG": "en_US.UTF-8", "LC_ALL": "", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process, said_until(process, "Ctrl-C")
        finally:
            process.kill()


def said_until(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            return said
    raise AssertionError(said)


def address_after(words: str, said: str) -> str:
    found = re.search(rf"{words}.*?(http://[^\s#]+)", said, re.DOTALL)
    assert found is not None, said
    return found[1]


def test_the_demo_is_witnessed_and_leaves_nobody_behind(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    with running(instance) as (process, said):
        shown, other = address_after("shopper sees", said), address_after("stands alone", said)
        witnesses = re.findall(r"(?:one|two) (http://127\.0\.0\.1:\d+)", said)
        policy = Policy.parse(fetched(f"{other}policy"))
        bundle = fetched(f"{shown}?proofs=1").decode()
        page = fetched(shown).decode()
        process.send_signal(signal.SIGINT)
        code = process.wait(SECONDS)

    assert (code, len(witnesses)) == (0, 2)
    assert [answers(each) for each in witnesses] == [False, False]
    assert policy == Policy.parse((instance / POLICY_FILE).read_bytes())
    assert seen_by(bundle, policy) == {"one", "two"}
    assert f'href="{other}#{shown}"' in page
    assert shown.endswith(demo.SHOWN.removeprefix("https://id.gs1.org"))
    audited = Terminal(instance)("audit", "--json")
    assert audited.code == 0, audited.err


def seen_by(bundle: str, policy: Policy) -> set[str]:
    """Return the witnesses that cosigned the checkpoint of *bundle*; every key of the log signed it."""
    note = Note.parse(json.loads(bundle)["checkpoint"].encode())
    known: list[VerifierKey] = [key for key, _ in (*policy.logs, *policy.witnesses.values())]
    signed = verified(note, known)
    assert {key for key, _ in policy.logs} <= set(signed)
    return {name for name, (key, _) in policy.witnesses.items() if key in signed}


def test_a_demo_that_is_ended_while_it_loads_leaves_nobody_behind(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    command = [sys.executable, "-m", "web", "demo", "--port", "0", "--instance", str(instance)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        wait_for(instance / POLICY_FILE)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=SECONDS)

    policy = Policy.parse((instance / POLICY_FILE).read_bytes())
    assert process.returncode == 2
    assert "Traceback" not in err
    assert [answers(str(url)) for _, url in policy.witnesses.values()] == [False, False]


def wait_for(path: Path) -> None:
    """Wait until the file at *path* is whole: a policy ends with its quorum."""
    for _ in range(SECONDS * 20):
        if path.exists() and "quorum" in path.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise AssertionError(f"no {path}")


def test_a_demo_whose_witness_does_not_start_says_so_and_goes_on(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    broken = instance / "witnesses" / "two"
    broken.mkdir(parents=True)
    (broken / "witness-key").write_text("a key whose memory is gone")
    with running(instance) as (process, said):
        page = fetched(address_after("shopper sees", said)).decode()
        process.send_signal(signal.SIGTERM)
        code = process.wait(SECONDS)

    assert code == 0
    assert "the demo goes on without them" in said
    assert 'id="bundle"' in page
    assert "witness_policy" not in (instance / "settings.toml").read_text()
