import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.__main__ import main
from ledger.keyfile import LogKeys
from ledger.log import Log
from ledger.note import Ed25519Signer, signed
from ledger.proof import Growth, TlogProof
from ledger.rotation import Change
from ledger.spelling import base64_text
from ledger.writer import Writer
from tests.logs import COSIGNER, ORIGIN, SIGNER, log_on, record
from tests.records import FARM, NEW, OPERATOR, key_record, opening, statement

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


def test_a_name_that_a_stranger_chose_neither_hides_nor_ends_what_is_said(folder: Path) -> None:
    note = signed(
        "账本\x9b8m\n9\n" + base64_text(bytes(32)) + "\n", Ed25519Signer("other.example", bytes(32))
    )
    (folder / "7.tlog-proof").write_bytes(TlogProof(7, (), note).bytes())
    files = [str(folder / name) for name in ("policy", "7.entry", "7.tlog-proof")]

    done = subprocess.run(
        [sys.executable, "-m", "ledger", "verify", "--policy", *files],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"(origin \u8d26\u672c\u009b8m)" in done.stdout
    assert done.stdout.endswith(b"\nNOT PROVEN\n")


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


@pytest.fixture
def written(sqlite_engine: Engine, tmp_path: Path) -> Path:
    """A folder with every entry of a log and its proof: the last two under a later checkpoint."""
    log = log_on(sqlite_engine, tmp_path / "mark")
    replaced = key_record(NEW, FARM, NEW, replaces=FARM.id)
    records = [opening(), key_record(FARM, OPERATOR, FARM), replaced, statement(NEW)]
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, records)).result()
        log.publish()
        (tmp_path / "3.entry").write_bytes(log.entry(3).spelt)
        (tmp_path / "3.tlog-proof").write_bytes(log.proof(3).bytes())
        writer.submit(lambda session: log.append(session, [record(4)])).result()
    log.publish()
    put(log, tmp_path, 0, 1, 2)
    (tmp_path / "growth").write_bytes(Growth(4, 5, log.consistency(4, 5)).bytes())
    (tmp_path / "policy").write_text(f"log {SIGNER.key.text()}\nlog {COSIGNER.key.text()}\nquorum none\n")
    return tmp_path


def put(log: Log, folder: Path, *indices: int) -> None:
    for index in indices:
        (folder / f"{index}.entry").write_bytes(log.entry(index).spelt)
        (folder / f"{index}.tlog-proof").write_bytes(log.proof(index).bytes())


def pair(folder: Path, index: int) -> tuple[str, str]:
    return str(folder / f"{index}.entry"), str(folder / f"{index}.tlog-proof")


def verify(folder: Path, *options: str) -> int:
    return main(["verify", "--policy", str(folder / "policy"), *options, *pair(folder, 3)])


def test_every_file_that_is_given_is_checked(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    growth = ("--consistency", str(written / "growth"))
    key, first = ("--key", *pair(written, 2)), ("--opening", *pair(written, 0))
    also = ("--also", *pair(written, 1))

    code = verify(written, *key, *first, *also, *growth)

    said = capsys.readouterr().out.splitlines()
    assert code == 0
    assert said[5:8] == [
        "proven       key         entry 2, recorded at 2026-09-21T08:00:00.000000Z",
        "proven       author      signed for yushu-heimin (cooperative) with its own key",
        "proven       registrar   entry 0 names the log's keys, and whoever vouched for the author's key",
    ]
    assert verify(written, *key, *first, *also) == 1
    assert verify(written, *key, *first, *growth) == 1
    assert verify(written, *key, *growth) == 0
    assert verify(written, *also) == 1


@pytest.mark.parametrize("option", ["--key", "--opening", "--also", "--consistency"])
def test_a_file_that_is_missing_is_told_whatever_it_is_for(written: Path, option: str) -> None:
    absent = [str(written / "absent")] * (1 if option == "--consistency" else 2)

    assert verify(written, option, *absent) == 2


@pytest.fixture
def changed(sqlite_engine: Engine, tmp_path: Path) -> Path:
    """A folder with the entry that begins a change of the log's keys, its proof, and the old policy."""
    old, drawn = LogKeys(bytes(32), b"1" * 32), LogKeys(b"2" * 32, b"3" * 32)
    both = LogKeys(drawn.ed25519, drawn.mldsa44, retiring=old.newest)
    begun = Change(ORIGIN, old.vkeys(ORIGIN), drawn.vkeys(ORIGIN), "begin")
    log = log_on(sqlite_engine, tmp_path / "mark")
    sealer, *others = both.sealers(ORIGIN)
    log = Log(
        sqlite_engine,
        ORIGIN,
        sealer,
        log.high_water,
        log.clock,
        publish_signers=both.publishers(ORIGIN),
        co_signers=others,
    )
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [record(0), begun.record()])).result()
    put(log, tmp_path, 0, 1)
    (tmp_path / "old").write_text(
        "".join(f"log {key.text()} https://a.example/\n" for key in begun.old) + "quorum none\n"
    )
    (tmp_path / "new").write_text(
        "".join(f"log {key.text()} https://a.example/\n" for key in begun.new) + "quorum none\n"
    )
    return tmp_path


def test_following_writes_the_policy_anew(changed: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    code = main(["follow", "--policy", str(changed / "old"), *pair(changed, 1)])

    assert (code, capsysbinary.readouterr().out) == (0, (changed / "new").read_bytes())


def test_what_is_not_proven_is_not_followed(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["follow", "--policy", str(changed / "old"), *pair(changed, 0)]) == 1
    assert main(["follow", "--policy", str(changed / "new"), *pair(changed, 1)]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "NOT PROVEN: not a change of the log's keys",
        "NOT PROVEN: the policy lists other keys than those given up",
    ]


def test_following_without_its_files_gives_2(changed: Path) -> None:
    assert main(["follow", "--policy", str(changed / "absent"), *pair(changed, 1)]) == 2
    assert main(["follow", "--policy", str(changed / "old"), *pair(changed, 2)]) == 2
