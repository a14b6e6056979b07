"""What every command shares."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.terminal import Terminal
from web import commands
from web.language import Language, speaking

CHINESE = re.compile("[\u4e00-\u9fff]")


def every_command(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield the words by which each command and group is called."""
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *before, name)


EVERY = list(every_command(commands.commands))


def help_of(words: tuple[str, ...], language: Language, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `jizihao … --help` writes."""
    with speaking(language):
        assert commands.run([*words, "--help"]) == 0
    return capsys.readouterr().out


def test_the_commands_are_those_that_are_documented() -> None:
    assert set(commands.commands.commands) == {
        "audit",
        "backup",
        "balance",
        "contents",
        "database",
        "demo",
        "draw",
        "entries",
        "erase-due",
        "import",
        "init",
        "key",
        "labels",
        "mirror",
        "party",
        "passport",
        "platform-export",
        "policy",
        "prove",
        "publish",
        "rebuild",
        "recall",
        "report",
        "restore",
        "scans",
        "serve",
        "sign",
        "template",
        "trace",
        "user",
        "verifier",
        "verify-passport",
        "witness",
    }


@pytest.mark.parametrize("words", [(), *EVERY], ids=" ".join)
def test_help_is_english_for_english_readers(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    told = help_of(words, "en", capsys)

    assert not CHINESE.search(told)
    assert told.startswith("Usage:")


@pytest.mark.parametrize("words", [(), *EVERY], ids=" ".join)
def test_help_is_chinese_for_chinese_readers(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    told = help_of(words, "zh", capsys)

    assert told.startswith("用法：")
    assert "显示这段说明" in told
    assert "Show this" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("trace",),
        ("trace", "/lot/a/b/c"),
        ("trace", "/lot/a/b/c", "--sideways"),
        ("recall", "/lot/a/b/c"),
        ("labels", "/lot/a/b/c", "--count", "0", "--out", "l.pdf"),
        ("labels", "/lot/a/b/c", "--count", "1", "--out", "l.doc"),
        ("serve", "--port", "70000"),
        ("template", "nosuch", "--out", "t.csv"),
        ("user", "add", "somebody"),
        ("party", "add", "somebody"),
        ("balance", "surplus"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_usage_is_told_and_is_code_2(
    arguments: tuple[str, ...], language: Language, tmp_path: Path
) -> None:
    made = Terminal.of_new(tmp_path / "instance", language)

    ran = made(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert "--help" in ran.err
    assert "Traceback" not in ran.err


def test_an_instance_that_is_not_there_is_told(tmp_path: Path) -> None:
    ran = Terminal(tmp_path / "nothing")("balance")

    assert ran.code == 2
    assert ran.err == f"There is no ledger in {tmp_path / 'nothing'} yet. Run jizihao init first.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("trace", "nonsense", "--back"), 2),
        (("trace", "/lot/a/b/nosuch", "--back"), 1),
        (("contents", "https://id.gs1.org/00/095212340000000013"), 1),
        (("recall", "/lot/a/b/nosuch", "--dry-run"), 1),
        (("entries", "--lot", "/lot/a/b/nosuch"), 1),
        (("prove", "999", "--out", "never"), 1),
        (("trace", "/lot/a/b/c"), 2),
    ],
)
def test_under_json_an_error_is_one_json_value_too(
    arguments: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    ran = Terminal.of_new(tmp_path / "instance")(*arguments, "--json")

    told = json.loads(ran.out)
    assert (ran.code, told["exit_code"]) == (code, code)
    assert told["detail"]
    assert ran.err


def test_the_instance_may_be_named_behind_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Terminal.of_new(tmp_path / "instance")

    with speaking("en"):
        code = commands.run(["balance", "--json", "--instance", str(tmp_path / "instance")])

    assert (code, json.loads(capsys.readouterr().out)) == (0, [])


def test_a_broken_database_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    made = Terminal.of_new(tmp_path / "instance")
    (tmp_path / "instance" / "jizihao.sqlite3").write_bytes(b"not a database at all" * 100)

    ran = made("balance")

    assert ran.code == 2
    assert ran.err == "The database cannot be used: file is not a database\n"
