"""The audit in a terminal: what it says first, what it finds, and its exit codes."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import world
from tests.terminal import Terminal
from tests.world import RICE_LOT
from web.findings import told_trust
from web.language import speaking

with speaking("en"):
    TRUST_EN = told_trust("instance")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("auditing")
    with world.opened(folder) as made:
        made.whole_chain()
    return folder / "instance"


@pytest.fixture
def terminal(original: Path, tmp_path: Path) -> Terminal:
    """Give a copy of the instance, for tests break it."""
    shutil.copytree(original, tmp_path / "instance")
    return Terminal(tmp_path / "instance")


def run_sql(terminal: Terminal, *statements: str) -> None:
    """Change the database as its owner could with the sqlite3 shell."""
    with closing(sqlite3.connect(terminal.folder / "jizihao.sqlite3")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


ONE_BYTE = """
    UPDATE ledger_entry
    SET bytes = CAST(replace(CAST(bytes AS TEXT), '"kg":"3300"', '"kg":"3301"') AS BLOB)
    WHERE instr(CAST(bytes AS TEXT), '"kg":"3300"')
"""


def trigger(terminal: Terminal) -> str:
    """Return the name of the trigger that guards entries against changes."""
    with closing(sqlite3.connect(terminal.folder / "jizihao.sqlite3")) as connection:
        rows = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
            " AND sql LIKE '%UPDATE%'"
        )
        return str(rows.fetchone()[0])


def test_a_sound_ledger_is_code_0_and_its_limits_are_said_first(terminal: Terminal) -> None:
    ran = terminal("audit", "--json")

    assert (ran.code, ran.json["sound"], ran.json["findings"]) == (0, True, [])
    assert ran.json["trusted_from"] == "instance"
    assert ran.json["size"] == ran.json["checked"]["entries"] == terminal.size
    assert ran.err == f"{TRUST_EN}\n"


def test_with_a_kept_policy_and_checkpoint_the_limits_are_gone(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "policy").write_text(terminal("policy").out, encoding="utf-8")
    terminal("publish", tmp_path / "mirror")

    ran = terminal(
        "audit", "--policy", tmp_path / "policy", "--since", tmp_path / "mirror" / "checkpoint", "--json"
    )

    assert (ran.code, ran.json["trusted_from"]) == (0, "policy")
    assert ran.err == ""


def test_one_changed_byte_is_code_1_and_names_its_entry(terminal: Terminal) -> None:
    (processed,) = (
        each for each in terminal("entries", "--lot", RICE_LOT, "--json").json if each["kind"] == "processed"
    )
    run_sql(terminal, f"DROP TRIGGER {trigger(terminal)}", ONE_BYTE)

    ran = terminal("audit", "--json")

    found = [(each["what"], each.get("index")) for each in ran.json["findings"]]
    assert (ran.code, ran.json["sound"]) == (1, False)
    assert ("entry-altered", processed["index"]) in found


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "记录的内容在封存之后被改动"), ("en", "was altered after it was sealed")]
)
def test_a_finding_is_told_in_words(language: str, said: str, terminal: Terminal) -> None:
    run_sql(terminal, f"DROP TRIGGER {trigger(terminal)}", ONE_BYTE)
    spoken = Terminal(terminal.folder, "zh" if language == "zh" else "en")

    assert said in spoken("audit").out


def test_a_changed_row_is_found_and_a_rebuild_mends_it(terminal: Terminal) -> None:
    run_sql(terminal, "UPDATE product SET name = 'another name'")
    before = terminal("audit", "--json")

    terminal("rebuild")

    assert (before.code, before.json["findings"][0]["what"]) == (1, "row-differs")
    assert terminal("audit").code == 0


def test_an_older_database_is_refused_and_the_audit_says_so(
    terminal: Terminal, original: Path, tmp_path: Path
) -> None:
    terminal("party", "add", "xinzeng", "--role", "retailer", "--name", "新增", "--division", "220100")
    assert terminal("audit").code == 0
    for name in ("jizihao.sqlite3", "jizihao.sqlite3-wal", "jizihao.sqlite3-shm"):
        (terminal.folder / name).unlink(missing_ok=True)
        if (original / name).exists():
            shutil.copy(original / name, terminal.folder / name)

    opened, audited = terminal("balance"), terminal("audit", "--json")

    assert (opened.code, audited.code) == (2, 1)
    assert [each["what"] for each in audited.json["findings"]] == ["start-refused"]


@pytest.mark.parametrize("option", ["--policy", "--since"])
@pytest.mark.parametrize("content", [b"", b"nonsense\n", bytes(range(256))])
def test_a_file_that_the_auditor_cannot_have_kept_is_code_2(
    option: str, content: bytes, terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_bytes(content)

    ran = terminal("audit", option, tmp_path / "kept")

    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_a_checkpoint_of_another_log_is_no_beginning_of_this_one(terminal: Terminal, tmp_path: Path) -> None:
    other = Terminal.of_new(tmp_path / "other")
    other("publish", tmp_path / "mirror")

    ran = terminal("audit", "--since", tmp_path / "mirror" / "checkpoint", "--json")

    assert ran.code == 1
    assert "not-an-extension" in {each["what"] for each in ran.json["findings"]}


MEMBERS = {"sound", "size", "root", "trusted_from", "checked", "findings"}


def test_the_answer_for_programs_has_exactly_its_members(terminal: Terminal) -> None:
    ran = terminal("audit", "--json")

    assert set(ran.json) == MEMBERS


@pytest.mark.parametrize("workers", ["1", "2"])
def test_any_number_of_processes_gives_one_answer(terminal: Terminal, workers: str) -> None:
    run_sql(terminal, f"DROP TRIGGER {trigger(terminal)}", ONE_BYTE)

    ran = terminal("audit", "--json", "--workers", workers)

    assert ran.code == 1
    assert ran.json["findings"] == terminal("audit", "--json").json["findings"]


def test_with_a_kept_checkpoint_an_audit_may_begin_there(terminal: Terminal, tmp_path: Path) -> None:
    terminal("publish", tmp_path / "copy")

    ran = terminal("audit", "--since", tmp_path / "copy" / "checkpoint", "--incremental", "--json")

    # All entries lie in the last tile, which is not full: their bytes are read.
    assert (ran.code, set(ran.json["checked"])) == (0, {"entries", "kept_rows"})
    assert ran.json["checked"]["entries"] == terminal.size


@pytest.mark.parametrize("options", [("--incremental",), ("--workers", "0"), ("--mirror",)])
def test_what_cannot_be_meant_is_code_2(terminal: Terminal, options: tuple[str, ...]) -> None:
    assert terminal("audit", *options).code == 2


def copied(terminal: Terminal, folder: Path) -> tuple[Path, Path]:
    """Publish a copy and the policy, and return where both are."""
    folder.mkdir()
    (folder / "policy").write_text(terminal("policy").out, encoding="utf-8")
    terminal("publish", folder / "copy")
    return folder / "copy", folder / "policy"


def test_a_copy_is_audited_by_a_policy_without_any_instance(terminal: Terminal, tmp_path: Path) -> None:
    copy, policy = copied(terminal, tmp_path / "kept")
    elsewhere = Terminal(tmp_path / "nowhere")

    ran = elsewhere("audit", "--mirror", copy, "--policy", policy, "--json")

    assert (ran.code, set(ran.json)) == (0, MEMBERS)
    assert (ran.json["trusted_from"], set(ran.json["checked"])) == ("policy", {"entries", "statements"})
    assert (ran.json["size"], ran.err) == (terminal.size, "")


def test_a_copy_is_not_believed_by_the_policy_that_lies_in_it(terminal: Terminal, tmp_path: Path) -> None:
    copy, _ = copied(terminal, tmp_path / "kept")

    assert Terminal(tmp_path / "nowhere")("audit", "--mirror", copy).code == 2


def test_a_copy_of_ones_own_log_rests_on_the_instance(terminal: Terminal, tmp_path: Path) -> None:
    copy, _ = copied(terminal, tmp_path / "kept")

    ran = terminal("audit", "--mirror", copy, "--json")

    assert (ran.code, ran.json["trusted_from"]) == (0, "instance")
    assert ran.err == f"{TRUST_EN}\n"


def test_a_damaged_copy_is_code_1_and_a_place_without_a_log_is_code_2(
    terminal: Terminal, tmp_path: Path
) -> None:
    copy, policy = copied(terminal, tmp_path / "kept")
    for bundle in (copy / "tile" / "entries").rglob("000.p/*"):
        bundle.write_bytes(bundle.read_bytes().replace(b'"kg":"3300"', b'"kg":"3301"'))

    damaged = terminal("audit", "--mirror", copy, "--policy", policy, "--json")
    nothing = terminal("audit", "--mirror", tmp_path / "nothing", "--policy", policy)

    assert (damaged.code, [each["what"] for each in damaged.json["findings"]]) == (1, ["copy-altered"])
    assert nothing.code == 2


def test_a_copy_is_held_against_a_kept_checkpoint(terminal: Terminal, tmp_path: Path) -> None:
    copy, policy = copied(terminal, tmp_path / "kept")
    other = Terminal.of_new(tmp_path / "other")
    other("publish", tmp_path / "mirror")

    right = terminal("audit", "--mirror", copy, "--policy", policy, "--since", copy / "checkpoint")
    wrong = terminal(
        "audit", "--mirror", copy, "--policy", policy, "--since", tmp_path / "mirror" / "checkpoint", "--json"
    )

    assert (right.code, wrong.code) == (0, 1)
    assert {each["what"] for each in wrong.json["findings"]} == {"not-an-extension"}
