"""A copy is audited from its files alone: by the policy, and by nobody's word."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.export import publish
from ledger.note import Ed25519Signer, Note, signed
from ledger.outlet import DirectoryOutlet
from ledger.policy import Policy
from ledger.source import DirectorySource, source_of
from ledger.tile import Bundle, format_bundle, parse_bundle
from tests import world
from tests.world import ORIGIN
from traceability.audit import Report
from traceability.copy_audit import Copy, audit_copy
from traceability.rule_copies import RuleCopies

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Copied:
    """A copy of a whole season, and what its owner says of it."""

    folder: Path
    policy: Policy
    note: Note
    earlier: Note

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(self.note.text)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("copied")
    with world.opened(folder) as made:
        earlier = made.services.log.publish()
        world.everything(made)
        services = made.services
        note = services.log.publish()
        with closing(DirectoryOutlet(folder / "copy")) as outlet:
            publish(services.log, note, outlet, beside=RuleCopies(services.shelf.files).beside)
        yield Copied(folder / "copy", services.policy, note, earlier)


@pytest.fixture
def copied(whole: Copied, tmp_path: Path) -> Copied:
    """Give a copy of the copy, for tests break it."""
    return replace(whole, folder=Path(shutil.copytree(whole.folder, tmp_path / "copy")))


def audited(
    copied: Copied, policy: Policy | None = None, since: Note | None = None, workers: int = 1
) -> Report:
    with closing(source_of(str(copied.folder))) as source:
        return audit_copy(Copy(source, policy or copied.policy, NOW, since), workers=workers)


def found(report: Report) -> list[tuple[str, str]]:
    return [(each.what, each.where) for each in report.findings]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sound_copy_is_sound_and_names_no_table_that_it_does_not_have(whole: Copied, workers: int) -> None:
    report = audited(whole, workers=workers)

    assert report.findings == []
    assert (report.size, report.root) == (whole.checkpoint.size, whole.checkpoint.root)
    assert report.trusted_from == "policy"
    assert set(report.checked) == {"entries", "statements"}
    assert report.checked["entries"] == report.size


def test_a_copy_extends_the_checkpoint_that_was_kept(whole: Copied) -> None:
    assert audited(whole, since=whole.earlier).findings == []


@pytest.mark.parametrize(
    "change", [{"root": bytes(32)}, {"origin": "another.example/log"}, {"size": 10**6}], ids=str
)
def test_a_copy_that_does_not_extend_the_kept_checkpoint_is_found(
    whole: Copied, change: dict[str, Any]
) -> None:
    bent = replace(Checkpoint.parse(whole.earlier.text), **change)

    report = audited(whole, since=Note(bent.text(), whole.earlier.signatures))

    # Neither does the tree pass through it, nor has this log signed it.
    assert set(found(report)) == {("not-an-extension", "since")}
    assert len(report.findings) == 2


def test_a_kept_checkpoint_that_a_stranger_signed_is_found(whole: Copied) -> None:
    stranger = Ed25519Signer(ORIGIN, bytes(range(32)))

    report = audited(whole, since=signed(whole.earlier.text, stranger))

    assert found(report) == [("not-an-extension", "since")]


def test_a_checkpoint_that_the_policy_does_not_believe_ends_the_audit(whole: Copied) -> None:
    stranger = Ed25519Signer(ORIGIN, bytes(range(32))).key
    policy = Policy.parse(f"log {stranger.text()}\nquorum none\n")

    report = audited(whole, policy)

    assert found(report) == [("checkpoint-not-believed", "checkpoint")]
    assert (report.size, report.root, report.sound) == (0, None, False)


def test_too_few_witnesses_are_a_finding_and_the_rest_is_audited_all_the_same(whole: Copied) -> None:
    key = Ed25519Cosigner("witness.example/w1", bytes(range(32))).key
    lines = [line for line in whole.policy.text().splitlines() if line.startswith("log ")]
    policy = Policy.parse("\n".join([*lines, f"witness w1 {key.text()}", "quorum w1", ""]))

    report = audited(whole, policy)

    assert found(report) == [("quorum-not-met", "checkpoint")]
    assert report.checked["entries"] == whole.checkpoint.size


def test_one_bit_of_any_file_is_found(copied: Copied) -> None:
    tree = [each for each in copied.folder.glob("tile/**/*") if each.is_file()]
    # Of the many rule tables, which are read alike, the first and the last stand for all.
    tables = sorted(each for each in copied.folder.glob("rules/**/*") if each.is_file())
    paths = [*tree, tables[0], tables[-1]]
    for path in paths:
        honest = path.read_bytes()
        path.write_bytes(bytes([*honest[:-1], honest[-1] ^ 1]))

        assert not audited(copied).sound, path
        path.write_bytes(honest)
    assert {each.relative_to(copied.folder).parts[0] for each in paths} == {"tile", "rules"}


@pytest.mark.parametrize("byte", [0, 30, -2])
def test_a_checkpoint_that_was_altered_is_not_believed(copied: Copied, byte: int) -> None:
    path = copied.folder / "checkpoint"
    honest = bytearray(path.read_bytes())
    honest[byte] ^= 1
    path.write_bytes(honest)

    report = audited(copied)

    assert found(report) == [("checkpoint-not-believed", "checkpoint")]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_missing_file_of_the_tree_is_named(copied: Copied, workers: int) -> None:
    (path,) = (copied.folder / "tile" / "entries").rglob("000.p/*")
    path.unlink()

    report = audited(copied, workers=workers)

    assert found(report) == [("copy-altered", Bundle(0, copied.checkpoint.size).path())]


def test_an_entry_of_another_text_is_named_with_its_file(copied: Copied) -> None:
    (path,) = (copied.folder / "tile" / "entries").rglob("000.p/*")
    entries = parse_bundle(path.read_bytes(), copied.checkpoint.size)
    entries[5] = entries[5].replace(b"2026", b"2027", 1)
    path.write_bytes(format_bundle(entries))

    report = audited(copied)

    assert [each.what for each in report.findings] == ["copy-altered"]


def test_a_rule_set_that_does_not_travel_along_is_missed(copied: Copied) -> None:
    shutil.rmtree(copied.folder / "rules")

    report = audited(copied)

    assert {each.what for each in report.findings} == {"rule-set-missing"}


def test_a_place_without_a_checkpoint_cannot_be_audited(copied: Copied, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        audit_copy(Copy(DirectorySource(tmp_path), copied.policy, NOW))
