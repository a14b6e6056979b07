"""Words from outside become an event, or every field that is wrong is named at once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies import events
from traceability import codec, schema
from traceability.disclosure import seal
from traceability.errors import Invalid
from traceability.events import KINDS, Event
from traceability.events.field import Harvested, PlotShare
from traceability.events.followup import Corrected
from traceability.quantity import Amount

HARVEST: dict[str, Any] = {
    "at": "2026-09-21T08:00:00+08:00",
    "lot": "/lot/heitu/paddy/26-A",
    "product": "paddy",
    "amount": {"kg": "3090.50"},
    "plots": [{"plot": "a", "amount": {"kg": "3000"}}, {"plot": "b", "amount": {"kg": "90.5"}}],
}
RESULT = {"analyte": "镉", "unit": "mg/kg", "value": "0.05", "passed": True}
INSPECTION: dict[str, Any] = {
    "at": "2026-09-21T08:00:00+08:00",
    "lot": "/lot/heitu/paddy/26-A",
    "sample": "S-1",
    "purpose": "routine",
    "sampled_on": "2026-09-20",
    "results": [RESULT],
    "verdict": "conformant",
}
RECALL: dict[str, Any] = {"at": "2026-09-21T08:00:00Z", "lot": "x", "level": 1, "cause": "other"}


def problems(kind: str, given: dict[str, Any]) -> set[tuple[str, str]]:
    """Return where something is wrong, and what."""
    with pytest.raises(Invalid) as refused:
        schema.load(kind, given)
    return {(each.where, each.code) for each in refused.value.problems}


def test_words_become_an_event() -> None:
    found = schema.load("harvested", HARVEST)

    assert found == Harvested(
        at=datetime(2026, 9, 21, tzinfo=UTC),
        lot="/lot/heitu/paddy/26-A",
        product="paddy",
        amount=Amount(kg=Decimal("3090.5")),
        plots=(PlotShare("a", Amount(kg=Decimal(3000))), PlotShare("b", Amount(kg=Decimal("90.5")))),
    )


@pytest.mark.parametrize(
    ("told", "instant", "zone"),
    [
        ("2026-09-21T08:00:00+08:00", datetime(2026, 9, 21, tzinfo=UTC), "+08:00"),
        ("2026-09-21T08:00+09:30", datetime(2026, 9, 20, 22, 30, tzinfo=UTC), "+09:30"),
        ("2026-09-21T00:00:00Z", datetime(2026, 9, 21, tzinfo=UTC), "+00:00"),
        ("2026-09-20T19:00:00-05:00", datetime(2026, 9, 21, tzinfo=UTC), "-05:00"),
    ],
)
def test_the_clock_that_was_read_is_kept_beside_the_instant(told: str, instant: datetime, zone: str) -> None:
    found = schema.load("recalled", RECALL | {"at": told})

    assert (found.at, found.zone) == (instant, zone)


@pytest.mark.parametrize(
    ("told", "kept"), [(" 甲 ", "甲"), ("e\u0301", "é"), ("x" * 2000, "x" * 2000), ("a  b", "a  b")]
)
def test_words_are_trimmed_and_composed(told: str, kept: str) -> None:
    found = schema.load("recalled", RECALL | {"note": told})

    assert found.note == kept  # type: ignore[attr-defined]  # it is a Recalled


@pytest.mark.parametrize("told", ["1", 1])
def test_a_word_that_is_a_number_comes_from_a_form_as_text(told: Any) -> None:
    found = schema.load("recalled", RECALL | {"level": told})

    assert found.level == 1  # type: ignore[attr-defined]  # it is a Recalled


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"at": None}, ("at", "missing")),
        ({"at": "2026-09-21T08:00:00"}, ("at", "no-zone")),
        ({"at": "2026-09-21"}, ("at", "no-zone")),
        ({"at": "yesterday"}, ("at", "not-a-time")),
        ({"at": "0001-01-01T00:00:00+08:00"}, ("at", "not-a-time")),
        ({"at": "9999-12-31T23:59:59-08:00"}, ("at", "not-a-time")),
        ({"at": 5}, ("at", "not-a-time")),
        ({"lot": ""}, ("lot", "missing")),
        ({"lot": " "}, ("lot", "missing")),
        ({"lot": 5}, ("lot", "not-text")),
        ({"lot": "x" * 2001}, ("lot", "too-long")),
        ({"lot": "a\u202eb"}, ("lot", "unseen-characters")),
        ({"lot": "a\x00b"}, ("lot", "unseen-characters")),
        ({"lot": "a\ud800b"}, ("lot", "unseen-characters")),
        ({"colour": "red"}, ("colour", "unknown-field")),
        ({"kind": "harvested"}, ("kind", "unknown-field")),
        ({"amount": "3090"}, ("amount", "not-an-object")),
        ({"amount": {"kg": 30.5}}, ("amount.kg", "not-a-number")),
        ({"amount": {"kg": "3e3"}}, ("amount.kg", "not-a-number")),
        ({"amount": {"kg": "٣"}}, ("amount.kg", "not-a-number")),
        ({"amount": {"kg": True}}, ("amount.kg", "not-a-number")),
        ({"amount": {"kg": "NaN"}}, ("amount.kg", "not-a-number")),
        ({"amount": {"kg": "-1"}}, ("amount", "impossible")),
        ({"amount": {"kg": "0.0001"}}, ("amount", "impossible")),
        ({"amount": {"kg": "1", "pieces": 1}}, ("amount", "impossible")),
        ({"amount": {"pieces": 1.5}}, ("amount.pieces", "not-a-whole-number")),
        ({"amount": {"pieces": 2**53}}, ("amount.pieces", "not-a-whole-number")),
        ({"amount": {"kg": "3000"}}, ("", "impossible")),
        ({"plots": []}, ("", "impossible")),
        ({"plots": [{"plot": "a"}]}, ("plots.0.amount", "missing")),
        ({"plots": [{"plot": "a", "amount": {"kg": "x"}}]}, ("plots.0.amount.kg", "not-a-number")),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert problems("harvested", HARVEST | change) == {expected}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sampled_on": "20260920"}, ("sampled_on", "not-a-date")),
        ({"sampled_on": "2026-02-30"}, ("sampled_on", "not-a-date")),
        ({"purpose": "fun"}, ("purpose", "not-in-list")),
        ({"results": [RESULT | {"passed": "yes"}]}, ("results.0.passed", "not-true-or-false")),
        ({"results": [RESULT | {"passed": 1}]}, ("results.0.passed", "not-true-or-false")),
        ({"verdict": "non-conformant"}, ("", "impossible")),
    ],
)
def test_a_test_that_is_wrong_is_named_with_its_place(
    change: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problems("inspected", INSPECTION | change) == {expected}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert problems("harvested", {"lot": "", "amount": {"kg": "x"}, "colour": 1}) == {
        ("at", "missing"),
        ("lot", "missing"),
        ("product", "missing"),
        ("plots", "missing"),
        ("amount.kg", "not-a-number"),
        ("colour", "unknown-field"),
    }


@pytest.mark.parametrize("kind", ["eaten", "", "Harvested"])
def test_an_unknown_kind_is_told(kind: str) -> None:
    assert problems(kind, HARVEST) == {("kind", "unknown-kind")}


def test_a_replacement_has_a_kind_of_its_own() -> None:
    told = {
        "at": HARVEST["at"],
        "target": "ab" * 32,
        "reason": "incorrect",
        "replacement": {"kind": "harvested", **HARVEST},
    }

    found = schema.load("corrected", told)

    assert isinstance(found, Corrected)
    assert found.replacement == schema.load("harvested", HARVEST)


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ({}, ("replacement.kind", "unknown-kind")),
        ([], ("replacement.kind", "unknown-kind")),
        ({"kind": []}, ("replacement.kind", "unknown-kind")),
        ({"kind": "eaten"}, ("replacement.kind", "unknown-kind")),
        ({"kind": "harvested", **HARVEST, "lot": ""}, ("replacement.lot", "missing")),
        (
            {"kind": "corrected", "at": HARVEST["at"], "target": "x", "reason": "incorrect"},
            ("", "impossible"),
        ),
    ],
)
def test_a_replacement_that_is_wrong_is_named(replacement: Any, expected: tuple[str, str]) -> None:
    told = {"at": HARVEST["at"], "target": "ab" * 32, "reason": "incorrect", "replacement": replacement}

    assert problems("corrected", told) == {expected}


def test_a_day_is_a_day() -> None:
    assert schema.load("inspected", INSPECTION).sampled_on == date(2026, 9, 20)  # type: ignore[attr-defined]  # it is an Inspected


def told(event: Event) -> dict[str, Any]:
    """Return the words from which *event* would come: its entry's JSON, private words in the clear."""
    sealed, values = seal(event, "urn:uuid:1")
    words = codec.to_json(sealed)
    for each in values:
        *way, last = each.pointer.strip("/").split("/")
        part: Any = words
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part[step]
        part[last] = each.value
    _with_zones(words)
    return words


def _with_zones(words: dict[str, Any]) -> None:
    # The entry leaves the usual zone out; in words from outside it is read off the time.
    words.setdefault("zone", "+08:00")
    if "replacement" in words:
        _with_zones(words["replacement"])


def _is_clear(words: Any) -> bool:
    if isinstance(words, dict):
        return "sealed" not in words and all(map(_is_clear, words.values()))
    return all(map(_is_clear, words)) if isinstance(words, list) else True


@given(event=events())
def test_every_event_can_be_told_in_words(event: Event) -> None:
    words = told(event)
    assume(_is_clear(words))
    kind = words.pop("kind")

    found, codes = tried(kind, words)

    # A person writes no number of forty digits.
    assert found == event or codes == {"not-a-number"}


def tried(kind: str, words: dict[str, Any]) -> tuple[Event | None, set[str]]:
    """Return the event, or the codes of what is wrong."""
    try:
        return schema.load(kind, words), set()
    except Invalid as refused:
        return None, {each.code for each in refused.problems}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
def test_words_of_any_kind_make_an_event_or_a_list_of_problems(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    names = sorted(schema.schema_of(KINDS[kind])().fields)
    words = data.draw(st.dictionaries(st.sampled_from(names), anything, max_size=4))

    found, codes = tried(kind, words)

    assert isinstance(found, KINDS[kind]) != bool(codes)
