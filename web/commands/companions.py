"""Two witnesses beside the demo, each a process with a key and a memory of its own, as strangers run them.

    instance/witnesses/one      cosigns with Ed25519          python -m web witness serve --state …
    instance/witnesses/two      cosigns with ML-DSA-44
    instance/witness-policy     both must have seen a checkpoint before it counts

They live as long as the demo. Their memory stays: a second run goes on with it.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from ledger import witness_state
from ledger.errors import LedgerError
from ledger.keys import COSIGNATURE_ED25519, MLDSA44, VerifierKey
from ledger.policy import Group, Policy
from web.settings import key_lock

FOLDER = "witnesses"
POLICY_FILE = "witness-policy"
KINDS = {"one": COSIGNATURE_ED25519, "two": MLDSA44}
GROUP = "both"
START_SECONDS, END_SECONDS = 30.0, 15.0
PAUSE_SECONDS = 0.05


class NotStarted(Exception):
    """A witness of the demo did not start."""


@dataclass(frozen=True, slots=True)
class Companion:
    """One witness: its name in the policy, the key that the policy asks for, and where it answers."""

    name: str
    key: VerifierKey
    url: str


@contextmanager
def companions(instance: Path, log_keys: Sequence[VerifierKey]) -> Iterator[tuple[Companion, ...]]:
    """Run both witnesses of the log with *log_keys* meanwhile; first raise `NotStarted` or `OSError`."""
    former = _former_addresses(instance / POLICY_FILE)
    with ExitStack() as running:
        starting = []
        for name, kind in KINDS.items():
            folder = instance / FOLDER / name
            key = _prepared(folder, name, kind, log_keys)
            # Both start at once: most of their time goes by while Python reads its libraries.
            starting.append((name, key, folder, running.enter_context(_process(folder, former.get(name, 0)))))
        yield tuple(
            Companion(name, key, _address(running, folder, process))
            for name, key, folder, process in starting
        )


def policy_with(log: Policy, witnesses: Sequence[Companion]) -> Policy:
    """Return the policy of the *log* lines of *log* that asks for every one of *witnesses*."""
    lines = {each.name: (each.key, each.url) for each in witnesses}
    group = Group(len(lines), tuple(lines))
    return Policy(log.logs, lines, {GROUP: group}, GROUP)


def _former_addresses(path: Path) -> dict[str, int]:
    """Return the port that each witness had in an earlier run: who kept that policy finds it there again."""
    try:
        policy = Policy.parse(path.read_bytes())
    except (OSError, LedgerError):
        return {}
    ports = {name: urlsplit(url).port for name, (_, url) in policy.witnesses.items() if url}
    return {name: port for name, port in ports.items() if port}


def _prepared(folder: Path, name: str, kind: int, log_keys: Sequence[VerifierKey]) -> VerifierKey:
    """Make the witness where there is none, let it know the log, and return its key of *kind*."""
    lock = key_lock(os.environ)
    try:
        if not (folder / witness_state.KEY_FILE).exists():
            witness_state.create(folder, f"{name}.witness.demo.jizihao.example", lock)
        with witness_state.opened(folder, lock) as state:
            state.add_logs(log_keys)
            return next(key for key in state.keys if key.kind == kind)
    except LedgerError as why:
        raise NotStarted(why.reason) from why


@contextmanager
def _process(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """Run the witness of *folder*; end it with this."""
    command = [sys.executable, "-m", "web", "witness", "serve", "--state", str(folder), "--port", str(port)]
    # What it decides is for whoever looks into a failure, not for the terminal of the demo.
    with (folder / "decisions.log").open("a", encoding="utf-8") as decisions:
        process = subprocess.Popen(  # noqa: S603 -- this interpreter, and a line of our own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=decisions, text=True
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _address(running: ExitStack, folder: Path, process: "subprocess.Popen[str]") -> str:
    """Return where the witness answers, once it does; where its former port is taken it gets another."""
    found = _first_line(process)
    if not found and process.wait(END_SECONDS):
        found = _first_line(running.enter_context(_process(folder, 0)))
    if not found.startswith("http://") or not _is_open(found):
        raise NotStarted(str(folder / "decisions.log"))
    return found


def _is_open(url: str) -> bool:
    """Wait until somebody answers at *url*: the address is said a moment before."""
    parts = urlsplit(url)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((parts.hostname, parts.port), timeout=START_SECONDS).close()
        except OSError:
            time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def _first_line(process: "subprocess.Popen[str]") -> str:
    """Return the first line that *process* writes, "" if it ends without; `NotStarted` if that takes long."""
    lines: SimpleQueue[str] = SimpleQueue()
    output = process.stdout
    if output is None:
        raise NotStarted("no output")
    threading.Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
    try:
        return lines.get(timeout=START_SECONDS).strip()
    except Empty:
        raise NotStarted("no answer") from None
