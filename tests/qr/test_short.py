"""Short codes: typed by people, so every slip of one or two fingers is noticed."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr.code import ALPHABET
from qr.errors import Mistyped
from qr.short import LENGTHS, read_short, short_code

LOT = "https://id.gs1.org/01/09521234560015/10/JL26-0917A"


def test_a_short_code_keeps_its_spelling_for_ever() -> None:
    assert [short_code(LOT, length) for length in LENGTHS] == [
        "VFZ-HN6-4F7",
        "VFZ-HN6-4FN-TRP",
        "VFZ-HN6-4FN-TRQ-NMV",
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(LENGTHS))
def test_a_short_code_is_read_back_as_it_is_shown(lot: str, length: int) -> None:
    shown = short_code(lot, length)

    assert read_short(shown) == shown


def test_a_longer_code_begins_as_the_shorter_one() -> None:
    assert short_code(LOT, 11).replace("-", "")[:8] == short_code(LOT).replace("-", "")[:8]


def test_a_code_typed_carelessly_is_understood() -> None:
    shown = short_code("a lot with 0 and 1: 18")

    assert {read_short(typed) for typed in (shown.lower(), shown.replace("-", " "), f" {shown}\n")} == {shown}


@given(st.text(), st.sampled_from(LENGTHS))
def test_every_wrong_symbol_is_noticed(lot: str, length: int) -> None:
    symbols = short_code(lot.encode("ascii", "ignore").decode(), length).replace("-", "")

    for place, honest in enumerate(symbols):
        for other in set(ALPHABET) - {honest}:
            with pytest.raises(Mistyped):
                read_short(symbols[:place] + other + symbols[place + 1 :])


@given(st.integers(), st.sampled_from(LENGTHS))
def test_two_symbols_that_changed_places_are_noticed(lot: int, length: int) -> None:
    symbols = list(short_code(str(lot), length).replace("-", ""))

    for one, other in combinations(range(len(symbols)), 2):
        swapped = symbols.copy()
        swapped[one], swapped[other] = symbols[other], symbols[one]
        if swapped != symbols:
            with pytest.raises(Mistyped):
                read_short("".join(swapped))


@pytest.mark.parametrize("change", [lambda code: code[:-1], lambda code: code + "0", lambda _: ""])
def test_a_symbol_left_out_or_added_is_noticed(change: object) -> None:
    with pytest.raises(Mistyped):
        read_short(change(short_code(LOT)))  # type: ignore[operator]  # each is a function of a text


@pytest.mark.parametrize("foreign", ["U", "*", "吉", "🙂", "\ud800"])
def test_a_foreign_symbol_is_named_by_its_place(foreign: str) -> None:
    with pytest.raises(Mistyped) as refused:
        read_short("77" + foreign + "M1DF29")

    assert refused.value.facts == {"place": 3}


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reader(typed: str) -> None:
    try:
        shown = read_short(typed)
    except Mistyped:
        return
    assert read_short(shown) == shown


@pytest.mark.parametrize("length", [7, 9, 10, 12, 15])
def test_other_lengths_are_not_made(length: int) -> None:
    with pytest.raises(ValueError, match="a short code has one of"):
        short_code(LOT, length)
