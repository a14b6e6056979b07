import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.entry import BEFORE_THE_FIRST, LONGEST, LONGEST_RECORD, Entry, Ready, chained, ready
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


def _texts() -> st.SearchStrategy[str]:
    """Yield text with quotes, backslashes, ideographs and signs beyond the first plane."""
    letters = st.sampled_from('ab "\\/\u00e9\u8fd9\u4e2a\U0001f33e{}[],:')
    return st.text(letters, max_size=8)


RECORDS = st.dictionaries(
    st.sampled_from(["kind", "links", "a", "B9", "z_1"]),
    st.recursive(
        st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _texts(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=5,
)


@given(
    start=st.one_of(st.integers(0, 300), st.integers(2**53 - 20, 2**53 - 10)),
    at=st.datetimes().map(lambda moment: moment.isoformat(timespec="microseconds") + "Z"),
    records=st.lists(RECORDS, max_size=4),
)
def test_put_together_from_bytes_it_is_the_same_entry(
    start: int, at: str, records: list[dict[str, Any]]
) -> None:
    prev = BEFORE_THE_FIRST if start == 0 else bytes(range(32))
    entries: list[Entry] = []
    for index, record in enumerate(records, start):
        entries.append(Entry(index, at, entries[-1].leaf if entries else prev, record))

    links = chained(start, at, prev, [ready(record) for record in records])

    assert links.spelt == [entry.bytes() for entry in entries]
    assert links.leaves == [entry.leaf for entry in entries]


@given(RECORDS)
def test_a_record_that_somebody_else_spelt_is_the_same(record: dict[str, Any]) -> None:
    spelt = canonical.dumps(record)

    parsed = Ready.parse(spelt)

    assert parsed == ready(record) == spelt
    assert type(parsed) is Ready


@pytest.mark.parametrize(
    "spelt",
    [
        b"",
        b"7",
        b"[]",
        b'"x"',
        b"null",
        b'{"a":1.5}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1,"a":1}',
        # What closes the record, and adds to the entry around it.
        b'{},"v":2',
        b'{},"record":{}',
        b"{}}",
        b'{"a":"\xff"}',
    ],
)
def test_bytes_that_are_no_record_are_refused(spelt: bytes) -> None:
    with pytest.raises(Malformed):
        Ready.parse(spelt)


@pytest.mark.parametrize("record", [[], "x", 7, None, {"a": None}, {"a b": 1}])
def test_what_is_no_record_is_not_made_ready(record: Any) -> None:
    with pytest.raises(Malformed):
        ready(record)


def nested(depth: int) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for _ in range(depth - 1):
        record = {"a": record}
    return record


def test_a_record_is_as_deep_as_its_entry_may_be() -> None:
    spelt = ready(nested(canonical.DEEPEST - 1))

    assert chained(1, AT, bytes(32), [spelt]).spelt == [Entry(1, AT, bytes(32), nested(15)).bytes()]
    with pytest.raises(Malformed):
        ready(nested(16))
    with pytest.raises(Malformed):
        Ready.parse(canonical.dumps(nested(16)))


def test_a_ready_record_fits_into_an_entry_at_any_place() -> None:
    longest = {"a": "x" * (LONGEST_RECORD - len('{"a":""}'))}

    spelt = chained(canonical.BEYOND - 1, AT, bytes(32), [ready(longest)]).spelt[0]

    assert len(spelt) == LONGEST
    assert Entry.parse(spelt).record == longest
    with pytest.raises(Malformed):
        ready({"a": longest["a"] + "x"})
