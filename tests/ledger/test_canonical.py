import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import decimal_of, decimal_text, dumps, instant_of, instant_text, loads
from ledger.errors import Malformed

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "vectors" / "canonical.json").read_text()
)

names = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_]{0,8}\Z")
words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize(
        "NFC", "".join(c for c in text if c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    )
)
scalars = words | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_the_fast_library_spells_as_rfc_8785_does(value: Any) -> None:
    spelt = dumps(value)

    assert spelt == rfc8785.dumps(value)


@given(values)
def test_what_is_written_reads_as_the_same_value(value: Any) -> None:
    again = loads(dumps(value))

    assert again == value


@pytest.mark.parametrize("text", VECTORS["good"])
def test_good_bytes_read_and_write_as_themselves(text: str) -> None:
    spelt = dumps(loads(text.encode()))

    assert spelt == text.encode()


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["why"])
def test_every_second_spelling_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        loads(vector["text"].encode())


@pytest.mark.parametrize("spelt", [b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\xaf"'])
def test_bytes_that_are_not_utf_8_are_refused(spelt: bytes) -> None:
    with pytest.raises(Malformed):
        loads(spelt)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"a": [1, {"b/c": 2}]}, "/a/1/b~1c"),
        ({"a": {"b": 0.5}}, "/a/b"),
        ({"a": None}, "/a"),
        ({"a": (1, 2)}, "/a"),
        ({1: "a"}, "/1"),
        ([Decimal(1)], "/0"),
        ({"a": "x\ud800"}, "/a"),
        (b"", ""),
        (2**53, ""),
    ],
)
def test_a_refusal_says_where(value: Any, pointer: str) -> None:
    with pytest.raises(Malformed) as refused:
        dumps(value)

    assert refused.value.facts == {"pointer": pointer}


@pytest.mark.parametrize("text", VECTORS["decimals"]["good"])
def test_a_decimal_reads_and_writes_as_itself(text: str) -> None:
    again = decimal_text(decimal_of(text))

    assert again == text


@pytest.mark.parametrize("text", VECTORS["decimals"]["refused"])
def test_every_second_spelling_of_a_decimal_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        decimal_of(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_decimal_keeps_its_value(number: Decimal) -> None:
    again = decimal_of(decimal_text(number))

    assert again == number


@pytest.mark.parametrize(
    ("number", "text"),
    [("-0", "0"), ("0.000", "0"), ("1E+3", "1000"), ("1.50", "1.5"), ("100", "100"), ("1E-7", "0.0000001")],
)
def test_a_decimal_is_spelt_without_exponent_and_idle_zeros(number: str, text: str) -> None:
    spelt = decimal_text(Decimal(number))

    assert spelt == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(Malformed):
        decimal_text(Decimal(number))


@pytest.mark.parametrize("text", VECTORS["instants"]["good"])
def test_an_instant_reads_and_writes_as_itself(text: str) -> None:
    again = instant_text(instant_of(text))

    assert again == text


@pytest.mark.parametrize("text", VECTORS["instants"]["refused"])
def test_every_second_spelling_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        instant_of(text)


def test_an_instant_is_told_in_utc() -> None:
    in_jilin = datetime(2026, 9, 21, 16, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))

    text = instant_text(in_jilin)

    assert text == "2026-09-21T08:00:00.000005Z"
    assert instant_of(text) == in_jilin
    assert instant_of(text).tzinfo == UTC


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(Malformed):
        instant_text(datetime(2026, 9, 21, 16))  # noqa: DTZ001 -- the missing zone is the point
