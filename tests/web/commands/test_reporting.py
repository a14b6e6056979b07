"""The report and the draws in a terminal: files, exit codes, and the same bytes from a copy."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests import world
from tests.terminal import Terminal
from tests.world import World
from traceability.draw import pool_of
from traceability.draw_standing import drawn_again, standing_draw
from traceability.tree_root import root_at

CHEAP = {"name": "尿素", "category": "fertiliser", "amount": "5", "unit": "kg"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("reporting")
    with world.opened(found) as made:
        made.whole_chain()
        _draw(made)
        made.services.log.publish()
    return found / "instance"


@pytest.fixture
def terminal(folder: Path) -> Terminal:
    return Terminal(folder)


def _draw(made: World) -> None:
    """Announce a draw and make it, then announce another."""
    _announced_and_ripe(made)
    table_entry = made.statement_of("draw-announced")
    with made.services.reading() as reader:
        index = next(
            entry for entry in range(made.services.log.size()) if _digest(made, entry) == table_entry.digest
        )
        found = standing_draw(reader, index)
        assert found is not None
        drawn = drawn_again(reader, made.services.log.origin, found)
        assert drawn is not None
        root = _root(made, found.event.seed_size)
    made.say(
        "yushu",
        "draw-made",
        target=found.digest,
        size=found.event.seed_size,
        root=root,
        drawn=[{"party": each.party, "inspectors": list(each.inspectors)} for each in drawn],
    )
    _announced_and_ripe(made)


def _announced_and_ripe(made: World) -> None:
    """Announce a draw, and let the log grow until its seed is known."""
    _announce(made)
    for _ in range(3):
        made.say("heitu", "input-bought", **CHEAP)


def _digest(made: World, entry: int) -> str:
    with made.services.reading() as reader:
        record = reader.entry(entry).record
        return reader.statement(entry).digest if record["kind"] == "statement" else ""


def _root(made: World, size: int) -> str:
    with made.services.reading() as reader:
        return root_at(reader.connection, size).hex()


def _announce(made: World) -> None:
    (group,) = pool_of([("heitu", "B"), ("mifang", "B")], {"B": 2})
    made.say(
        "yushu",
        "draw-announced",
        division="220182",
        roles=["cooperative", "processor"],
        pool=[{"grade": group.grade, "weight": group.weight, "parties": list(group.parties)}],
        inspectors=["E01"],
        count=1,
        each=1,
        seed_size=made.services.log.size() + 3,
    )


def announced(terminal: Terminal) -> list[int]:
    return [row["index"] for row in terminal("entries", "--json").json if row["kind"] == "draw-announced"]


def test_a_recorded_draw_is_drawn_again(terminal: Terminal) -> None:
    ran = terminal("draw", "check", str(announced(terminal)[0]), "--json")

    assert (ran.code, ran.json["same"]) == (0, True)
    assert ran.json["drawn"] == ran.json["drawn_again"]


def test_a_draw_that_is_not_recorded_yet_is_a_no(terminal: Terminal) -> None:
    ran = terminal("draw", "check", str(announced(terminal)[1]), "--json")

    assert (ran.code, ran.json["same"], ran.json["drawn"]) == (1, False, None)


def test_what_is_no_draw_is_a_no(terminal: Terminal) -> None:
    assert terminal("draw", "check", "0", "--json").code == 1


def test_a_word_has_its_commitment(terminal: Terminal) -> None:
    ran = terminal("draw", "commit", "鸡鸣", "--json")

    assert ran.json == {"commitment": sha256(b"jizihao/draw-word/v1\n" + "鸡鸣".encode()).hexdigest()}


@pytest.mark.parametrize(
    ("suffix", "begins"), [(".json", b"{"), (".html", b"<!doctype html>"), (".pdf", b"%PDF-")]
)
def test_the_form_follows_the_name_of_the_file(
    terminal: Terminal, tmp_path: Path, suffix: str, begins: bytes
) -> None:
    out = tmp_path / f"q{suffix}"

    ran = terminal("report", "--period", "2026Q4", "--division", "220000", "--out", out, "--json")

    assert ran.code == 0, ran.err
    assert out.read_bytes().startswith(begins)
    assert ran.json["checkpoint"] == f"{out}.checkpoint"


@pytest.fixture(scope="module")
def copy(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a published copy, and the policy by which it is believed."""
    found = tmp_path_factory.mktemp("copy")
    terminal, policy = Terminal(folder), found / "policy"
    assert terminal("publish", found / "log", "--json").code == 0
    policy.write_text(terminal("policy").out, encoding="utf-8")
    return found / "log", policy


@pytest.mark.parametrize("suffix", [".json", ".html"])
def test_a_copy_gives_the_same_file(
    terminal: Terminal, copy: tuple[Path, Path], tmp_path: Path, suffix: str
) -> None:
    size = str(terminal.size - 1)
    what = ("report", "--period", "2026Q4", "--division", "220182", "--at", size)
    here, there = tmp_path / f"here{suffix}", tmp_path / f"there{suffix}"

    ran = [
        terminal(*what, "--out", here),
        terminal(*what, "--out", there, "--mirror", copy[0], "--policy", copy[1]),
    ]

    assert [each.code for each in ran] == [0, 0], ran[1].err
    assert here.read_bytes() == there.read_bytes()


def test_a_draw_is_drawn_again_from_a_copy(terminal: Terminal, copy: tuple[Path, Path]) -> None:
    ran = terminal(
        "draw", "check", str(announced(terminal)[0]), "--mirror", copy[0], "--policy", copy[1], "--json"
    )

    assert (ran.code, ran.json["same"]) == (0, True), ran.err


def test_a_policy_that_trusts_another_log_gives_no_report(
    terminal: Terminal, copy: tuple[Path, Path], tmp_path: Path
) -> None:
    other = Terminal.of_new(tmp_path / "other")
    policy = tmp_path / "policy"
    policy.write_text(other("policy").out, encoding="utf-8")
    out = tmp_path / "q.json"

    ran = terminal(
        "report",
        "--period",
        "2026",
        "--division",
        "220000",
        "--out",
        out,
        "--mirror",
        copy[0],
        "--policy",
        policy,
    )

    assert (ran.code, out.exists()) == (1, False)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--period", "soon", "--division", "220000", "--out", "q.json"),
        ("--period", "2026", "--division", "110000", "--out", "q.json"),
        ("--period", "2026", "--division", "220000", "--out", "q.docx"),
        ("--period", "2026", "--division", "220000", "--out", "q.json", "--mirror", "somewhere"),
    ],
)
def test_what_cannot_be_meant_is_code_2(terminal: Terminal, wrong: tuple[str, ...]) -> None:
    assert terminal("report", *wrong).code == 2


def test_a_size_that_the_log_does_not_have_is_a_no(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal(
        "report", "--period", "2026", "--division", "220000", "--at", "9999", "--out", tmp_path / "q.json"
    )

    assert ran.code == 1


def test_a_report_is_told_in_english_where_it_is_asked_for(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "q.html"

    terminal("report", "--period", "2026", "--division", "220000", "--out", out, "--language", "en")

    assert '<html lang="en">' in out.read_text("utf-8")
