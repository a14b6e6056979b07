"""What the documents say, held against the code."""

import re
from pathlib import Path

import pytest

from tests import documents
from traceability.events import KINDS
from traceability.limits import RULE_FILES
from web.settings import SETTINGS
from web.terms import RULES

FORMATS = (documents.DOCS / "formats.md").read_text(encoding="utf-8")
README = (documents.ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (documents.ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
PAGES = sorted([*documents.ROOT.glob("*.md"), *documents.DOCS.rglob("*.md")])

# The browser tests take the picture.
MADE_LATER = {"docs/shopper.png"}


def section(text: str, title: str) -> str:
    """Return what stands under the heading *title*, up to the next one of its level."""
    level = title.split(" ", maxsplit=1)[0]
    return text.partition(f"{title}\n")[2].partition(f"\n{level} ")[0]


@pytest.mark.parametrize("path", documents.documents(), ids=lambda path: path.name)
def test_what_is_written_from_the_code_is_what_the_code_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    fresh = documents.written(text)

    assert text.splitlines() == fresh.splitlines(), "run `make docs`"


def test_every_part_stands_in_one_document() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in documents.documents())

    parts = re.findall(r"<!-- written: (\S+) -->", text)

    assert sorted(parts) == sorted(documents.PARTS)


def test_every_kind_of_event_has_its_section() -> None:
    headed = re.findall(r"^### `([a-z-]+)` ", section(FORMATS, "## 7 Events"), re.MULTILINE)

    assert headed == list(KINDS)


def test_every_kind_of_event_says_what_it_touches() -> None:
    told = set(re.findall(r"`([a-z-]+)`", section(FORMATS, "## 5 Links and subjects")))

    assert set(KINDS) - told == set()


def test_the_files_of_a_rule_set_are_named() -> None:
    named = re.findall(r"`([a-z_]+\.(?:csv|version))`", section(FORMATS, "## 6 Ruling"))

    assert sorted(named) == sorted(RULE_FILES)


def test_every_vector_is_named() -> None:
    vectors = {path.name for path in (documents.ROOT / "data" / "vectors").rglob("*.json")}

    assert {name for name in vectors if name not in FORMATS} == set()


def test_every_module_begins_with_a_sentence() -> None:
    silent = [
        f"{package}/{name}"
        for package in documents.PACKAGES
        for name, says in documents.modules(package).items()
        if not says.endswith((".", "?", ":"))
    ]

    assert silent == []


def test_every_rule_has_words() -> None:
    assert set(RULES) == documents.rule_codes() | documents.alert_codes()


def test_every_setting_is_explained() -> None:
    operations = (documents.DOCS / "operations.md").read_text(encoding="utf-8")

    told = re.findall(r"^\| `(JIZIHAO_[A-Z_]+)` \|", operations, re.MULTILINE)

    assert sorted(told) == sorted(SETTINGS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)\)", prose)

    broken = [
        link
        for link in links
        if "://" not in link and link not in MADE_LATER and not (path.parent / link).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_the_two_commands_come_first(text: str) -> None:
    first = re.search(r"```\n(.*?)```", text, re.DOTALL)

    assert first is not None
    assert first[1].split("\n") == ["make demo", "make test", ""]


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_every_command_is_named(text: str) -> None:
    from web.commands import commands  # noqa: PLC0415 -- what is wrong with a command is no fault of the documents

    named = re.search(r"`jizihao ([a-z]+ ·[a-z ·\n-]+)`", text)

    assert named is not None
    assert sorted(re.findall(r"[a-z-]+", named[1])) == sorted(commands.commands)


def test_both_readmes_have_the_same_parts() -> None:
    def shape(text: str) -> list[str]:
        return re.findall(r"^(#+ |- |!|```|\| `[a-z]+/`)", text, re.MULTILINE)

    assert shape(README_ZH) == shape(README)


def test_decisions_are_numbered_without_a_gap() -> None:
    found = sorted((documents.DOCS / "adr").glob("*.md"))

    numbers = [int(path.name[:4]) for path in found]

    assert numbers == list(range(1, len(found) + 1))


@pytest.mark.parametrize("path", sorted((documents.DOCS / "adr").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_has_its_three_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    parts = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)

    assert parts == ["Context", "Decision", "Consequence"]
    assert text.startswith(f"# {int(path.name[:4])} ")
