"""publish and mirror, as people type them: over files, over HTTP from a running server, and into a bucket."""

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from ledger.bucket import S3Outlet
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.note import Note
from ledger.outlet import DirectoryOutlet
from ledger.proven import verified_entries
from ledger.source import DirectorySource
from tests import world
from tests.static_log import POLICY, log_of
from tests.terminal import Terminal
from tests.world import World
from traceability.limits import RULE_FILES
from web import create_app


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("copying")) as made:
        made.whole_chain()
        yield made


@pytest.fixture
def terminal(season: World) -> Terminal:
    return Terminal(season.services.settings.instance)


@pytest.fixture
def policy(terminal: Terminal, tmp_path: Path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_text(terminal("policy").out, encoding="utf-8")
    return path


def files_in(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".")}


@contextmanager
def served(season: World) -> Iterator[str]:
    """Give the address of the log on a real server."""
    app = create_app(season.services.settings, season.services)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/log"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_published_is_proven_by_its_reader(season: World, terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal("publish", tmp_path / "public")

    assert ran.code == 0
    source = DirectorySource(tmp_path / "public")
    checkpoint = Checkpoint.parse(Note.parse(source.read("checkpoint")).text)
    entries = [entry for _, entry in verified_entries(source, checkpoint)]
    assert entries == [stored.spelt for stored in season.services.log.entries(0, season.services.log.size())]


def test_the_rules_that_entries_name_are_published_with_them(
    season: World, terminal: Terminal, tmp_path: Path
) -> None:
    terminal("publish", tmp_path / "public")

    (digest,) = (path.name for path in (tmp_path / "public" / "rules").iterdir())
    names = {path.name for path in (tmp_path / "public" / "rules" / digest).iterdir()}
    assert names == {"manifest.json", *RULE_FILES}
    assert season.services.shelf.get(digest).digest == digest


def test_a_program_is_told_what_was_published(terminal: Terminal, tmp_path: Path) -> None:
    place = str(tmp_path / "public")

    first, second = terminal("publish", place, "--json").json, terminal("publish", place, "--json").json

    assert set(first) == {"place", "origin", "size", "root", "before", "files", "octets"}
    assert (first["place"], first["before"], first["files"] > 9) == (place, 0, True)
    assert second == {**first, "before": first["size"], "files": 0, "octets": 0}


def test_a_running_server_is_mirrored(
    season: World, terminal: Terminal, policy: Path, tmp_path: Path
) -> None:
    terminal("publish", tmp_path / "public")

    with served(season) as url:
        ran = terminal("mirror", url, tmp_path / "copy", "--policy", policy)
        again = terminal("mirror", url + "/", tmp_path / "copy", "--json")

    assert (ran.code, again.code) == (0, 0), ran.err
    assert again.json["files"] == 0
    # Byte for byte what is published, the rules among it.
    assert files_in(tmp_path / "copy") == files_in(tmp_path / "public")


def test_a_copy_comes_out_of_a_copy(terminal: Terminal, policy: Path, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "public")

    ran = terminal("mirror", tmp_path / "public", tmp_path / "copy", "--policy", policy)

    assert ran.code == 0, ran.err
    assert files_in(tmp_path / "copy") == files_in(tmp_path / "public")


def test_a_bucket_holds_what_a_folder_holds(terminal: Terminal, bucket_url: str, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "public")

    ran = terminal("publish", bucket_url)

    assert ran.code == 0, ran.err
    with closing(S3Outlet(bucket_url)) as outlet:
        public = files_in(tmp_path / "public")
        assert {path: outlet.read(path) for path in public} == public


def test_without_boto3_the_extra_is_named(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    ran = terminal("publish", "s3://bucket/prefix")

    assert (ran.code, "jizihao[s3]" in ran.err) == (2, True)


def test_a_place_with_another_past_is_left_alone(terminal: Terminal, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "public")
    note = (tmp_path / "public" / "checkpoint").read_text(encoding="utf-8")
    origin, size, root = note.split("\n")[:3]
    ahead = note.replace(f"{origin}\n{size}\n", f"{origin}\n{int(size) + 1}\n", 1)
    (tmp_path / "public" / "checkpoint").write_text(ahead, encoding="utf-8")

    ran = terminal("publish", tmp_path / "public", "--json")

    assert (ran.code, ran.json["exit_code"]) == (1, 1)
    assert ran.json["facts"] == {"there": int(size) + 1, "here": int(size)}
    assert root in note


@pytest.mark.parametrize(("quorum", "code"), [("w", 1), ("none", 0)])
def test_without_its_quorum_nothing_is_published(
    terminal: Terminal,
    policy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    quorum: str,
    code: int,
) -> None:
    """The one witness is not there; where nobody asks for it the log is published without it."""
    witness = Ed25519Cosigner("witness.example/w", bytes(32)).key.text()
    logs = policy.read_text(encoding="utf-8").removesuffix("quorum none\n")
    policy.write_text(f"{logs}witness w {witness} http://127.0.0.1:9\nquorum {quorum}\n", encoding="utf-8")
    monkeypatch.setenv("JIZIHAO_WITNESS_POLICY", str(policy))
    monkeypatch.setattr("web.publisher.QUORUM_SECONDS", 0.0)

    ran = terminal("publish", tmp_path / "public", "--json")

    assert (ran.code, ran.json.get("exit_code", 0)) == (code, code), ran.err
    assert bool(files_in(tmp_path / "public")) == (code == 0)


def test_a_file_with_other_bytes_is_left_alone(terminal: Terminal, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "public")
    (tile,) = (tmp_path / "public" / "tile" / "0" / "000.p").iterdir()
    tile.write_bytes(b"something else")
    (tmp_path / "public" / "checkpoint").unlink()

    ran = terminal("publish", tmp_path / "public")

    assert (ran.code, f"tile/0/000.p/{tile.name}" in ran.err, tile.read_bytes()) == (
        1,
        True,
        b"something else",
    )


def test_two_do_not_write_into_one_folder(terminal: Terminal, tmp_path: Path) -> None:
    with closing(DirectoryOutlet(tmp_path / "public")):
        assert terminal("publish", tmp_path / "public").code == 2


def test_whom_to_believe_must_be_said_first(terminal: Terminal, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "public")

    ran = terminal("mirror", tmp_path / "public", tmp_path / "copy")

    assert (ran.code, "--policy" in ran.err) == (2, True)
    assert files_in(tmp_path / "copy") == {}


def test_our_own_log_is_believed_by_our_own_policy(
    season: World, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(season) as url:
        monkeypatch.setenv("JIZIHAO_BASE_URL", url.removesuffix("/log"))
        ran = terminal("mirror", url, tmp_path / "copy")

    assert ran.code == 0, ran.err


def test_no_instance_is_needed_to_mirror(tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    with closing(DirectoryOutlet(strange)) as outlet:
        for path, content in log_of(300).files().items():
            outlet.mend(path, content)
    (tmp_path / "policy").write_text(POLICY.text(), encoding="utf-8")

    ran = Terminal(tmp_path / "nowhere")(
        "mirror", strange, tmp_path / "copy", "--policy", tmp_path / "policy"
    )

    assert ran.code == 0, ran.err
    assert set(files_in(tmp_path / "copy")) == {*log_of(300).files(), "policy"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_bent_file_is_named(terminal: Terminal, policy: Path, tmp_path: Path, language: str) -> None:
    terminal("publish", tmp_path / "public")
    (bundle,) = (tmp_path / "public" / "tile" / "entries" / "000.p").iterdir()
    bundle.write_bytes(bundle.read_bytes().replace(b'"kg":"3300"', b'"kg":"3301"'))

    told = Terminal(terminal.folder, language)  # type: ignore[arg-type]  # both are languages
    ran = told("mirror", tmp_path / "public", tmp_path / "copy", "--policy", policy)

    assert (ran.code, f"tile/entries/000.p/{bundle.name}" in ran.err) == (1, True)
    assert "checkpoint" not in files_in(tmp_path / "copy")


def test_a_rule_set_that_was_changed_is_refused(terminal: Terminal, policy: Path, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "public")
    (limits,) = (tmp_path / "public" / "rules").glob("*/limits.csv")
    limits.write_bytes(limits.read_bytes() + b"\n")

    ran = terminal("mirror", tmp_path / "public", tmp_path / "copy", "--policy", policy)

    assert (ran.code, "limits.csv" in ran.err) == (1, True)


def test_a_log_without_its_rules_is_copied_all_the_same(
    terminal: Terminal, policy: Path, tmp_path: Path
) -> None:
    terminal("publish", tmp_path / "public")
    shutil.rmtree(tmp_path / "public" / "rules")

    ran = terminal("mirror", tmp_path / "public", tmp_path / "copy", "--policy", policy)

    assert ran.code == 0, ran.err


def test_a_fork_is_an_answer_and_leaves_its_evidence(tmp_path: Path) -> None:
    (tmp_path / "policy").write_text(POLICY.text(), encoding="utf-8")
    terminal = Terminal(tmp_path / "nowhere")
    for name in ("entry", "other"):
        with closing(DirectoryOutlet(tmp_path / name)) as outlet:
            for path, content in log_of(300, name).files().items():
                outlet.mend(path, content)
    terminal("mirror", tmp_path / "entry", tmp_path / "copy", "--policy", tmp_path / "policy")

    ran = terminal("mirror", tmp_path / "other", tmp_path / "copy", "--json")

    kept = {path for path in files_in(tmp_path / "copy") if path.startswith("fork-")}
    assert (ran.code, set(ran.json["facts"]["evidence"].split(", "))) == (1, kept)
    assert len(kept) == 2


def test_a_folder_without_a_checkpoint_is_no_log(policy: Path, terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal("mirror", tmp_path / "nothing here", tmp_path / "copy", "--policy", policy)

    assert (ran.code, "checkpoint" in ran.err) == (1, True)


def test_a_server_that_is_not_there_is_no_verdict(
    policy: Path, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.source.time.sleep", lambda _seconds: None)

    ran = terminal("mirror", "http://127.0.0.1:9/log", tmp_path / "copy", "--policy", policy)

    assert (ran.code, "http://127.0.0.1:9/log/checkpoint" in ran.err) == (2, True)
