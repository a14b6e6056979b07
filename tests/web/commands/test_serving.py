"""The pages from a terminal, and the demo season."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.terminal import Terminal

SECONDS = 60


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str, process: "subprocess.Popen[bytes]") -> int:
    """Return the status of *address*, once *process* serves it."""
    for _ in range(SECONDS * 10):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 -- our own address
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nobody answers")


def test_pages_are_served_until_somebody_interrupts(tmp_path: Path) -> None:
    Terminal.of_new(tmp_path / "instance")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "web",
        "serve",
        "--port",
        str(port),
        "--instance",
        str(tmp_path / "instance"),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            found = [
                status(f"http://127.0.0.1:{port}{path}", process) for path in ("/", "/healthz", "/nosuch")
            ]
        finally:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=SECONDS)

    assert found == [200, 200, 404]
    assert b"Traceback" not in err


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    terminal = Terminal.of_new(tmp_path / "instance")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        ran = terminal("serve", "--port", str(taken.getsockname()[1]))

    assert ran.code == 2
    assert "--port" in ran.err


@pytest.mark.slow
def test_the_demo_is_loaded_once_and_audits(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "instance")
    first = terminal("demo", "--no-serve")
    size = terminal.size

    second = terminal("demo", "--no-serve")

    assert (first.code, second.code) == (0, 0)
    assert terminal.size == size > 300
    assert "http://127.0.0.1:8000/01/09528888000017/10/JD2610A" in first.out
    assert "--host 0.0.0.0" in first.out
    roles = re.findall(r"^  \S.*  demo-\S+  \S+$", first.out, re.MULTILINE)
    assert len(roles) == 15
    assert terminal("audit").code == 0


def test_the_demo_leaves_another_ledger_alone(tmp_path: Path) -> None:
    terminal = Terminal.of_new(tmp_path / "instance")
    before = terminal.size

    ran = terminal("demo", "--no-serve")

    assert ran.code == 2
    assert terminal.size == before


def test_the_programs_name_is_jizihao(tmp_path: Path) -> None:
    environ = os.environ | {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    ran = subprocess.run(
        [sys.executable, "-m", "web", "--help"], env=environ, capture_output=True, check=True
    )

    assert ran.stdout.decode("utf-8").startswith("用法： jizihao ")
