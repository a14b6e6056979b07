import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.__main__ import main
from ledger.writer import Writer
from tests.logs import COSIGNER, SIGNER, log_on, record

# Refuses what a machine that only checks has not got.
BARE = """
import sys
class Bare:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sqlalchemy", "flask", "socket", "http", "urllib3", "requests", "psycopg"):
            raise ImportError(name + " is not on this machine")
sys.meta_path.insert(0, Bare())
from ledger.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def folder(sqlite_engine: Engine, tmp_path: Path) -> Path:
    """A folder with what `prove` writes, and a policy."""
    log = log_on(sqlite_engine, tmp_path / "mark")
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [record(n) for n in range(9)])).result()
    (tmp_path / "7.entry").write_bytes(log.entry(7).spelt)
    (tmp_path / "7.tlog-proof").write_bytes(log.proof(7).bytes())
    (tmp_path / "policy").write_text(f"log {SIGNER.key.text()}\nlog {COSIGNER.key.text()}\nquorum none\n")
    return tmp_path


def run(folder: Path, *options: str) -> int:
    files = [str(folder / name) for name in ("7.entry", "7.tlog-proof")]
    return main(["verify", "--policy", str(folder / "policy"), *options, *files])


def test_a_proven_entry_gives_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(folder)

    assert code == 0
    assert capsys.readouterr().out == (
        "proven       entry       entry 7, recorded at 2026-09-21T08:00:00.000000Z\n"
        "proven       log         nongye.example/2026, signed with 2 of 2 keys\n"
        "proven       witnesses   the policy asks for no witness\n"
        "not-checked  fresh       no --fresh was given\n"
        "proven       inclusion   under the root of 9 entries\n"
        "not-checked  author      no --key was given\n"
        "not-checked  revocation  none known up to entry 7\n"
        "PROVEN\n"
    )


def test_an_altered_entry_gives_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    altered = (folder / "7.entry").read_bytes().replace(b'"number":7', b'"number":8')
    (folder / "7.entry").write_bytes(altered)

    code = run(folder)

    assert code == 1
    assert capsys.readouterr().out.endswith("\nNOT PROVEN\n")


@pytest.mark.parametrize("name", ["7.entry", "7.tlog-proof"])
@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe"])
def test_a_file_that_is_no_proof_proves_nothing(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)

    assert run(folder) == 1


def test_without_witness_nothing_is_fresh(folder: Path) -> None:
    assert run(folder, "--fresh", "60") == 1


@pytest.mark.parametrize("name", ["policy", "7.entry", "7.tlog-proof"])
def test_a_missing_file_gives_2(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / name).unlink()

    code = run(folder)

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err == f"cannot check: {folder / name}: No such file or directory\n"


@pytest.mark.parametrize("content", [b"", b"hello\n", b"quorum nobody\n", b"\0"])
def test_a_malformed_policy_gives_2(folder: Path, content: bytes) -> None:
    (folder / "policy").write_bytes(content)

    assert run(folder) == 2


@pytest.mark.parametrize("options", [["--fresh", "soon"], ["--fresh", "-1"], ["--nonsense"]])
def test_wrong_usage_gives_2(folder: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        run(folder, *options)

    assert exit_.value.code == 2


def test_a_machine_without_database_and_network_can_check(folder: Path) -> None:
    files = [str(folder / name) for name in ("policy", "7.entry", "7.tlog-proof")]

    done = subprocess.run(
        [sys.executable, "-c", BARE, "verify", "--policy", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_it_runs_as_a_module(folder: Path) -> None:
    files = [str(folder / name) for name in ("policy", "7.entry", "7.tlog-proof")]

    done = subprocess.run(
        [sys.executable, "-m", "ledger", "verify", "--policy", *files], capture_output=True, check=False
    )

    assert done.returncode == 0
