"""Rule sets that travel with a log: their digests say what they are, whoever brings them."""

import hashlib
from pathlib import Path

import pytest

from ledger import canonical
from ledger.errors import Malformed, NotProven
from traceability.limits import RULE_FILES, shipped_rules
from traceability.reference import shipped
from traceability.rule_copies import MANIFEST, RuleCopies, files_of
from traceability.rule_shelf import RuleShelf

RULES = shipped_rules()
FILES = {name: shipped(name) for name in RULE_FILES}


def hexdigest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def manifest_of(files: object) -> bytes:
    return canonical.dumps({"files": files, "version": "1"})


def read_from(files: dict[str, bytes], digest: str) -> dict[str, bytes]:
    return files_of(digest, lambda _digest, name, _sha256: files[name])


@pytest.fixture
def shelf(tmp_path: Path) -> RuleShelf:
    found = RuleShelf(tmp_path)
    found.put(RULES, FILES)
    return found


def test_a_shelf_gives_a_set_as_it_travels(shelf: RuleShelf) -> None:
    found = shelf.files(RULES.digest)

    assert hexdigest(found[MANIFEST]) == RULES.digest
    assert {name: content for name, content in found.items() if name != MANIFEST} == FILES


def test_what_travelled_is_read_again(shelf: RuleShelf) -> None:
    found = shelf.files(RULES.digest)

    assert read_from(found, RULES.digest) == found


@pytest.mark.parametrize("name", [MANIFEST, *RULE_FILES])
def test_no_file_may_be_another(shelf: RuleShelf, name: str) -> None:
    found = shelf.files(RULES.digest)

    with pytest.raises(NotProven) as refused:
        read_from({**found, name: found[name] + b"\n"}, RULES.digest)

    assert refused.value.facts["path"] == f"rules/{RULES.digest}/{name}"


@pytest.mark.parametrize("digest", ["", "..", "0" * 63, "0" * 65, "G" * 64, "../" + "0" * 61, "٠" * 64])
def test_a_digest_is_64_hex_digits(shelf: RuleShelf, digest: str) -> None:
    with pytest.raises(Malformed):
        shelf.files(digest)


@pytest.mark.parametrize(
    "files",
    [
        {},
        "abc",
        [["limits.csv"]],
        [["limits.csv", "0" * 63]],
        [["../limits.csv", "0" * 64]],
        [["/etc/passwd", "0" * 64]],
        [[7, "0" * 64]],
        [["limits.csv", "0" * 64]] * 65,
    ],
)
def test_a_manifest_that_is_none_is_refused(files: object) -> None:
    manifest = manifest_of(files)

    with pytest.raises(Malformed):
        read_from({MANIFEST: manifest}, hexdigest(manifest))


def test_a_rule_file_is_not_taken_for_a_manifest(shelf: RuleShelf) -> None:
    for content in FILES.values():
        with pytest.raises(Malformed):
            shelf.files(hexdigest(content))


def test_each_set_is_given_once_where_it_is_first_named(shelf: RuleShelf) -> None:
    copies = RuleCopies(shelf.files)
    entry = f'{{"ruling":{{"flags":[],"rules":"{RULES.digest}"}}}}'.encode()

    first = dict(copies.beside([b"{}", entry, entry]))
    again = dict(copies.beside([entry]))

    assert set(first) == {f"rules/{RULES.digest}/{name}" for name in (MANIFEST, *RULE_FILES)}
    assert again == {}


def test_what_somebody_writes_into_a_text_names_no_set() -> None:
    written = canonical.dumps({"name": f'"rules":"{RULES.digest}"'})

    def gather(digest: str) -> dict[str, bytes]:
        raise AssertionError(digest)

    assert list(RuleCopies(gather).beside([written])) == []
