"""Faults at system calls: what a process does is traced once, and then made to fail at each step of it.

strace attaches to a process that is warm and waits. From then on it counts the calls of each thread, so that
"the third pwrite64" is the same call in every run of the same work.
"""

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

WRITES = ("write", "pwrite64", "writev", "pwritev", "sendfile", "copy_file_range", "fallocate", "ftruncate")
NAMES = (
    "openat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "link",
)
FLUSHES = ("fsync", "fdatasync", "sync_file_range")
CALLS = (*WRITES, *NAMES, *FLUSHES)
ANSWER = "sendto"
KINDS = ("SIGKILL", "EIO", "ENOSPC")

PATIENCE_SECONDS = 30
_DRAWN = re.compile(r"tmp.*|[0-9a-f]{64}")
_LINE = re.compile(r"(\d+)\s+(\w+)\((.*)")
_NAMED = re.compile(r'[<"]([^<>"]*)[>"]')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call of the work: the *nth* of its name in its thread, and on which file."""

    name: str
    nth: int
    file: str

    def __str__(self) -> str:
        return f"{self.name}-{self.nth}-{self.file}"

    @property
    def kind(self) -> str:
        """Which kind of file it is on: two steps of its path, one within a workshop; drawn names left out."""
        steps = self.file.split("/")
        is_scratch = steps[0].endswith(".new") and self.name != "rename"
        return "/".join(_DRAWN.sub("*", step) for step in steps[: 1 if is_scratch else 2])


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to a call: the process is killed as it is made, or the call fails."""

    call: Call
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} {self.call}"

    def option(self) -> str:
        """Return what strace is told."""
        what = "signal=SIGKILL" if self.kind == "SIGKILL" else f"error={self.kind}"
        return f"inject={self.call.name}:{what}:when={self.call.nth}"


def faults_at(calls: Sequence[Call]) -> list[Fault]:
    """Return every fault at every call; an answer that cannot be sent is one that never arrives."""
    return [Fault(call, kind) for call in calls for kind in KINDS if kind == "SIGKILL" or call.name != ANSWER]


EVERY_CALL = "JIZIHAO_EVERY_CALL"
"""Where this is set nothing is sampled: `make faults` makes every call fail in every way."""


def some(calls: Sequence[Call]) -> list[Fault]:
    """Return every fault at the first and at the last call of each kind."""
    if EVERY_CALL in os.environ:
        return faults_at(calls)
    first = {(call.name, call.kind): call for call in reversed(calls)}
    last = {(call.name, call.kind): call for call in calls}
    chosen = {*first.values(), *last.values()}
    return faults_at([call for call in calls if call in chosen])


def few(calls: Sequence[Call]) -> list[Fault]:
    """Return one fault at one call of each kind: kills and errors, first and last calls in turn."""
    if EVERY_CALL in os.environ:
        return faults_at(calls)
    first = {(call.name, call.kind): call for call in reversed(calls)}
    last = {(call.name, call.kind): call for call in calls}
    turns = cycle(((first, "SIGKILL"), (last, "EIO"), (last, "SIGKILL"), (first, "ENOSPC")))
    chosen = [Fault(which[kind], how) for kind, (which, how) in zip(last, turns, strict=False)]
    return [Fault(each.call, "SIGKILL") if each.call.name == ANSWER else each for each in chosen]


def fewer(calls: Sequence[Call]) -> list[Fault]:
    """Return every second of the few, for work whose every run takes long."""
    return few(calls)[:: 1 if EVERY_CALL in os.environ else 2]


Chosen = Callable[[Sequence[Call]], list[Fault]]
EVERY = pytest.param(faults_at, marks=pytest.mark.slow, id="every fault")
SOME = pytest.param(some, marks=pytest.mark.slow, id="some faults")
"""In the long run more than in the short; what takes longest is left to `make faults`."""


@dataclass(slots=True)
class Ran:
    """What a process said before it ended, and the calls that it made, if they were traced."""

    said: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def done(self) -> list[dict[str, Any]]:
        """What was acknowledged."""
        return [each for each in self.said if "done" in each]

    @property
    def failed(self) -> list[dict[str, Any]]:
        """What was said to have failed."""
        return [each for each in self.said if "failed" in each]

    @property
    def is_over(self) -> bool:
        """Whether the process came to its end by itself."""
        return any("over" in each for each in self.said)


class Running:
    """A process at work."""

    def __init__(self, pid: int, end: socket.socket) -> None:
        self.pid = pid
        self._end = end
        self._lines = end.makefile("rb")

    def until_ready(self) -> None:
        """Wait until it is warm."""
        said = json.loads(self._lines.readline() or b"null")
        assert said == {"ready": True}, said

    def go(self) -> None:
        """Let it begin."""
        self._end.sendall(b"!")

    def close(self) -> None:
        """Listen to it no more."""
        self._lines.close()
        self._end.close()

    def rest(self) -> list[dict[str, Any]]:
        """Return all that it says until it ends; a line that was cut off by its end was never said."""
        said = [json.loads(line) for line in self._lines if line.endswith(b"\n")]
        self.close()
        return said

    def kill(self) -> None:
        """End it at once, as the kernel does when memory runs out."""
        os.kill(self.pid, signal.SIGKILL)


class Zygote:
    """The process of which every worker is a fork."""

    def __init__(self) -> None:
        self._door, theirs = socket.socketpair()
        self._door.settimeout(PATIENCE_SECONDS)
        command = [sys.executable, "-m", "tests.durability.workers"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=theirs.fileno())
        theirs.close()

    def close(self) -> None:
        """Let it end."""
        self._door.close()
        self._process.wait(PATIENCE_SECONDS)

    def start(self, job: str, /, **asked: Any) -> Running:
        """Start a worker."""
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE_SECONDS)
        message = json.dumps({"job": job, **asked}).encode()
        socket.send_fds(self._door, [message], [theirs.fileno()])
        theirs.close()
        return Running(int(self._door.recv(32)), ours)

    def run(self, job: str, /, **asked: Any) -> Ran:
        """Let a worker do its work undisturbed."""
        with closing(self.start(job, **asked)) as worker:
            worker.until_ready()
            worker.go()
            return Ran(worker.rest())

    def traced(self, below: Path, job: str, /, **asked: Any) -> Ran:
        """Let a worker do its work and return the calls that it made on files there."""
        log = below.with_name(f"{below.name}.trace")
        options = ("-y", "-o", str(log), "-e", f"trace={','.join(CALLS)},{ANSWER}")
        ran = self._under(options, job, **asked)
        ran.calls = list(_calls(log.read_text(encoding="utf-8", errors="replace"), str(below)))
        return ran

    def calls(self, below: Path, job: str, /, **asked: Any) -> list[Call]:
        """Let a worker do its work and return the distinct calls that it made on files there."""
        ran = self.traced(below, job, **asked)
        assert ran.is_over, ran.said
        return list(dict.fromkeys(ran.calls))

    def broken(self, fault: Fault, job: str, /, **asked: Any) -> Ran:
        """Let a worker meet *fault* at its work."""
        options = ("-o", "/dev/null", "-e", f"trace={fault.call.name}", "-e", fault.option())
        return self._under(options, job, **asked)

    def _under(self, options: Sequence[str], job: str, /, **asked: Any) -> Ran:
        with closing(self.start(job, **asked)) as worker:
            worker.until_ready()
            with attached(worker.pid, options):
                worker.go()
                return Ran(worker.rest())


@contextmanager
def attached(pid: int, options: Sequence[str]) -> Iterator[None]:
    """Hold strace on a process and on all its threads until the process has ended."""
    command = ["strace", "-f", *options, "-p", str(pid)]
    strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert strace.stderr is not None
    try:
        _until_attached(strace)
        yield
        strace.communicate(timeout=PATIENCE_SECONDS)
    finally:
        strace.kill()
        strace.stderr.close()
        strace.wait()


def _until_attached(strace: "subprocess.Popen[str]") -> None:
    assert strace.stderr is not None
    said = ""
    while "attached" not in said:
        ready, _, _ = select.select([strace.stderr], [], [], PATIENCE_SECONDS)
        line = strace.stderr.readline() if ready else ""
        if not line or "ptrace(PTRACE_SEIZE" in line:
            pytest.skip(f"strace cannot attach here: {said}{line}".strip())
        said += line


def _calls(log: str, folder: str) -> Iterator[Call]:
    """Yield the calls on files below *folder*, and those that answer, with their numbers in their threads."""
    made: Counter[tuple[str, str]] = Counter()
    for found in map(_LINE.match, log.splitlines()):
        if found is None:
            continue
        thread, name, rest = found.groups()
        made[thread, name] += 1
        if name == ANSWER or (folder in rest and not (name == "openat" and _only_reads(rest))):
            yield Call(name, made[thread, name], "" if name == ANSWER else _file(rest, folder))


def _only_reads(rest: str) -> bool:
    return not any(flag in rest for flag in ("O_CREAT", "O_WRONLY", "O_RDWR", "O_TRUNC"))


def _file(rest: str, folder: str) -> str:
    named = [each for each in _NAMED.findall(rest) if folder in each]
    return named[0].removeprefix(folder).lstrip("/") if named else ""


def strace_or_skip() -> None:
    """Skip, and say why, where there is no strace or it may not look into other processes."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (Debian: apt-get install strace)")
    child = subprocess.Popen(["sleep", "60"])
    try:
        with attached(child.pid, ("-o", "/dev/null", "-e", "trace=none")):
            child.kill()
    finally:
        child.kill()
        child.wait()
