"""Words are cut to their place, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr.typeface import MISSING, fitted, printable, typeface, wrapped

anything = st.text(st.characters(), max_size=80)


@given(anything)
def test_what_is_printable_has_letters_of_the_typeface_only(text: str) -> None:
    line = printable(text)

    assert set(line) <= set(typeface().advances)
    assert printable(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("吉林\t 大米\r\n", "吉林 大米"),
        ("abc\u202edef\u200b\ufeff", "abcdef"),
        ("e\u0301", "é"),
        ("🙂a", MISSING + "a"),
        ("\ud800", ""),
        ("☑", "✓"),
    ],
)
def test_marks_that_could_mislead_are_not_printed(text: str, line: str) -> None:
    assert printable(text) == line


@given(anything, st.floats(1, 5), st.floats(3, 60))
def test_a_fitted_line_is_never_wider_than_its_place(text: str, size: float, width: float) -> None:
    line, fit = fitted(text, size, width, size / 2)

    assert typeface().width(line, fit) <= max(width, typeface().width("…", size)) * 1.0001
    assert size / 2 <= fit <= size


@given(anything, st.floats(1, 5), st.floats(10, 60), st.integers(1, 4))
def test_wrapped_lines_are_no_wider_and_no_more(text: str, size: float, width: float, most: int) -> None:
    lines = wrapped(text, size, width, most)

    assert len(lines) <= most
    # A letter that is wider than the whole line stands alone.
    assert [line for line in lines if len(line) > 1 and typeface().width(line, size) > width * 1.0001] == []


@given(st.text("吉林大米，。 ab", max_size=40))
def test_nothing_is_lost_where_there_is_room(text: str) -> None:
    assert "".join(wrapped(text, 1, 8, 100)).replace(" ", "") == text.replace(" ", "")


def test_a_line_never_begins_with_a_comma() -> None:
    assert wrapped("吉林大米，好吃", 1, 4, 5) == ["吉林大", "米，好吃"]


def test_an_english_name_breaks_at_its_spaces() -> None:
    assert wrapped("Example Rice Mill", 1, 6, 5) == ["Example", "Rice Mill"]
