"""What docs/policy-coverage.md promises of each phrase of the policy, held against the code and the tests."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
POLICY = ROOT.parent / "shared" / "domain" / "policy.md"
TEXT = (ROOT / "docs" / "policy-coverage.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """One phrase of the policy, and what became of it."""

    number: int
    section: str
    phrase: str
    kind: str
    feature: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


def row_of(line: str) -> Row:
    """Return what one line of the table says."""
    number, section, phrase, kind, feature, modules, tests = (cell.strip() for cell in line[1:-1].split("|"))
    named = re.compile(r"`([^`]+)`")
    return Row(
        int(number),
        section,
        phrase,
        kind,
        feature,
        tuple(named.findall(modules)),
        tuple(named.findall(tests)),
    )


ROWS = [row_of(line) for line in TEXT.splitlines() if re.match(r"\| \d", line)]
MUST = [row for row in ROWS if row.kind in {"core", "kpi"}]


def test_every_phrase_has_one_line_in_its_order() -> None:
    assert [row.number for row in ROWS] == list(range(1, 104))


def test_each_line_quotes_the_policy_and_keeps_its_class() -> None:
    if not POLICY.exists():
        pytest.skip("the policy's rows are not beside this project")
    pattern = re.compile(r"\| (\d+) \| (\S+) \| (.*?) \| .* \| (core|kpi|optional|pattern) \|")
    asked = [
        found.groups() for line in POLICY.read_text("utf-8").splitlines() if (found := pattern.match(line))
    ]

    assert [(str(row.number), row.section, row.phrase, row.kind) for row in ROWS] == asked


@pytest.mark.parametrize("row", MUST, ids=lambda row: str(row.number))
def test_a_core_row_names_a_feature_its_module_and_a_test(row: Row) -> None:
    assert len(row.feature) >= 10, "the feature is not told"
    assert row.modules, "no module is named"
    assert row.tests, "no test is named"


@pytest.mark.parametrize("row", [row for row in ROWS if row not in MUST], ids=lambda row: str(row.number))
def test_an_optional_row_says_what_was_decided(row: Row) -> None:
    assert len(row.feature) >= 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_the_modules_are_there(row: Row) -> None:
    assert [name for name in row.modules if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_the_tests_are_there(row: Row) -> None:
    assert [name for name in row.tests if not is_test(name)] == []


def is_test(name: str) -> bool:
    """Tell whether *name* ("tests/…/test_x.py::test_y") is a test function that pytest collects."""
    path, _, function = name.partition("::")
    if not (ROOT / path).is_file() or not function.startswith("test_"):
        return False
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return any(isinstance(each, ast.FunctionDef) and each.name == function for each in tree.body)
