"""A rule set is found by its digest as long as the log names it, and never one that was edited."""

from pathlib import Path

import pytest

from ledger.errors import NotProven
from traceability.limits import RULE_FILES, shipped_rules
from traceability.reference import shipped
from traceability.rule_shelf import RuleShelf

FILES = {name: shipped(name) for name in RULE_FILES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    RuleShelf(tmp_path / "rules").put(shipped_rules(), FILES)
    return tmp_path / "rules"


def test_a_rule_set_is_read_back_as_it_was_put(folder: Path) -> None:
    rules = shipped_rules()

    found = RuleShelf(folder).get(rules.digest)

    assert (found.digest, found.version, found.files) == (rules.digest, rules.version, rules.files)


def test_putting_it_again_changes_nothing(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    RuleShelf(folder).put(shipped_rules(), FILES)

    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_there_is_one_file_for_each_table_and_one_that_names_them(folder: Path) -> None:
    assert len(list(folder.iterdir())) == len(set(FILES.values())) + 1


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(NotProven, match="missing"):
        RuleShelf(Path("/nowhere")).get("00" * 32)


@pytest.mark.parametrize("name", sorted(shipped_rules().files))
def test_a_file_that_was_edited_is_noticed(folder: Path, name: str) -> None:
    path = folder / shipped_rules().files[name]
    path.write_bytes(path.read_bytes() + b"\n")

    with pytest.raises(NotProven, match="changed"):
        RuleShelf(folder).get(shipped_rules().digest)


def test_a_manifest_that_was_edited_is_noticed(folder: Path) -> None:
    path = folder / shipped_rules().digest
    path.write_bytes(path.read_bytes().replace(b'"version":"', b'"version":"x'))

    with pytest.raises(NotProven, match="changed"):
        RuleShelf(folder).get(shipped_rules().digest)


@pytest.mark.parametrize("name", sorted(shipped_rules().files))
def test_a_file_that_was_lost_is_noticed(folder: Path, name: str) -> None:
    (folder / shipped_rules().files[name]).unlink()

    with pytest.raises(NotProven, match="missing"):
        RuleShelf(folder).get(shipped_rules().digest)
