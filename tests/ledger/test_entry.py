import json
from pathlib import Path
from typing import Any

import pytest

from ledger import canonical
from ledger.entry import BEFORE_THE_FIRST, LONGEST, Entry
from ledger.errors import Malformed
from ledger.merkle import leaf_hash

VECTOR = json.loads((Path(__file__).resolve().parents[2] / "data" / "vectors" / "statement.json").read_text())
AT = "2026-09-21T08:00:00.000000Z"


def test_the_vector_reads_and_writes_as_itself() -> None:
    spelt = VECTOR["entry"]["bytes"].encode()

    entry = Entry.parse(spelt)

    assert entry.bytes() == spelt
    assert entry.leaf.hex() == VECTOR["entry"]["leaf"]
    assert entry.record["statement"] == VECTOR["statement"]


def test_an_entry_is_drawn_as_the_format_says() -> None:
    entry = Entry(0, AT, BEFORE_THE_FIRST, {"kind": "trial"})

    spelt = entry.bytes()

    assert spelt == (
        b'{"at":"2026-09-21T08:00:00.000000Z","index":0,"prev":"' + b"A" * 43 + b'=",'
        b'"record":{"kind":"trial"},"v":1}'
    )
    assert entry.leaf == leaf_hash(spelt)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"index": -1},
        {"index": "7"},
        {"index": True},
        {"at": "2026-09-21T08:00:00Z"},
        {"at": 5},
        {"prev": "AAAA"},
        {"prev": "A" * 43},
        {"prev": "A" * 42 + "B="},
        {"record": []},
        {"record": "x"},
        {"more": 1},
        {"index": 0},
    ],
)
def test_another_member_or_kind_is_refused(change: dict[str, Any]) -> None:
    members = {
        "at": AT,
        "index": 7,
        "prev": "CsUYapGGPo4dkMgIAUqomCsUYapGGPo4dkMgIAUqomA=",
        "record": {},
        "v": 1,
    }
    Entry.parse(canonical.dumps(members))

    with pytest.raises(Malformed):
        Entry.parse(canonical.dumps(members | change))


@pytest.mark.parametrize("missing", ["at", "index", "prev", "record", "v"])
def test_a_missing_member_is_refused(missing: str) -> None:
    members = {"at": AT, "index": 7, "prev": "A" * 43 + "=", "record": {}, "v": 1}
    del members[missing]

    with pytest.raises(Malformed):
        Entry.parse(canonical.dumps(members))


def test_the_longest_entry_is_65535_bytes() -> None:
    room = LONGEST - len(Entry(0, AT, BEFORE_THE_FIRST, {"text": ""}).bytes())
    longest = Entry(0, AT, BEFORE_THE_FIRST, {"text": "x" * room})
    too_long = Entry(0, AT, BEFORE_THE_FIRST, {"text": "x" * (room + 1)})

    spelt = longest.bytes()

    assert len(spelt) == LONGEST
    assert Entry.parse(spelt) == longest
    with pytest.raises(Malformed):
        too_long.bytes()
    with pytest.raises(Malformed):
        Entry.parse(spelt.replace(b'"x', b'"xx'))


@pytest.mark.parametrize(("index", "prev"), [(-1, bytes(32)), (1, bytes(31)), (0, b"\1" * 32)])
def test_an_entry_that_cannot_be_does_not_exist(index: int, prev: bytes) -> None:
    with pytest.raises(Malformed):
        Entry(index, AT, prev, {})
