"""One value has one spelling."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.spelling import LARGEST, base64_bytes, base64_text, check_line, utf8, visible, whole_number


@given(st.binary(max_size=80))
def test_bytes_are_read_as_they_were_spelt(raw: bytes) -> None:
    text = base64_text(raw)

    assert (text, base64_bytes(text)) == (b64encode(raw).decode(), raw)


@pytest.mark.parametrize(
    "text",
    [
        "QQ",
        "QQ=",
        "QR==",
        "QUJ=",
        "QQ==\n",
        " QQ==",
        "Q Q==",
        "QQ==QQ==",
        "QQ===",
        "_-8=",
        "Q",
        "=",
        "ＱＱ==",
        "é",
    ],
)
def test_other_spellings_of_bytes_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        base64_bytes(text)


@given(st.integers(0, LARGEST))
def test_numbers_are_read_as_they_were_spelt(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+5",
        "-5",
        "-0",
        "05",
        "00",
        " 5",
        "5 ",
        "5\n",
        "1_0",
        "５",
        "٥",
        "0x5",
        "5.0",
        "1e3",
        str(LARGEST + 1),
        "9" * 5000,
    ],
)
def test_other_spellings_of_numbers_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        whole_number(text)


@pytest.mark.parametrize(
    ("line", "accepted"),
    [("稻 \u2028", True), ("", False), ("a\n", False), ("\x1f", False), ("\ud800", False)],
)
def test_a_line_is_letters_only(*, line: str, accepted: bool) -> None:
    try:
        check_line(line)
    except Malformed:
        found = False
    else:
        found = True

    assert found is accepted


def test_half_a_surrogate_pair_is_not_spelt() -> None:
    assert utf8("稻𰻞") == "稻𰻞".encode()
    with pytest.raises(Malformed):
        utf8("\ud800")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第 7 条：五常，é\n\t\u3000", "第 7 条：五常，é\n\t\u3000"),
        ("\x1b[8m\x9b8m\r\x07", r"\u001b[8m\u009b8m\u000d\u0007"),
        ("\u202egpj.exe\u2069", r"\u202egpj.exe\u2069"),
        ("\udcff", r"\udcff"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown
