"""Serials: one spelling, one lot, one key; and how many there may be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr.code import ALPHABET, CAPACITY, Issue, index_of, is_issued, packs_possible, serial, tidy
from qr.errors import CodeError, NotIssued, NotPossible

KEY = bytes(range(32))
LOT = "https://id.gs1.org/01/09521234560015/10/JL26-0917A"
indices = st.integers(0, CAPACITY - 1)
lots = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def test_a_serial_keeps_its_spelling_for_ever() -> None:
    """Packs on shelves bear these: a change here makes forgeries of them."""
    assert [serial(KEY, LOT, index) for index in (0, 1, CAPACITY - 1)] == [
        "0000000E3WNV977DT8H2",
        "0000001C6SYEV87R69TQ",
        "ZZZZZZZNE6NK2JPCSZWT",
    ]


@given(indices, lots, st.binary(min_size=32, max_size=32))
def test_the_index_comes_back_out_of_twenty_symbols(index: int, lot: str, key: bytes) -> None:
    made = serial(key, lot, index)

    assert (len(made), set(made) <= set(ALPHABET), index_of(key, lot, made)) == (20, True, index)


@given(indices, st.integers(0, 19), st.integers(1, 31))
def test_a_serial_with_one_symbol_bent_was_never_issued(index: int, place: int, shift: int) -> None:
    honest = serial(KEY, LOT, index)
    other = ALPHABET[(ALPHABET.index(honest[place]) + shift) % 32]
    bent = honest[:place] + other + honest[place + 1 :]

    with pytest.raises(NotIssued):
        index_of(KEY, LOT, bent)


@given(indices, lots, lots)
def test_the_serial_of_another_lot_is_refused(index: int, lot: str, other: str) -> None:
    made = serial(KEY, lot, index)

    if lot == other:
        assert index_of(KEY, other, made) == index
    else:
        with pytest.raises(NotIssued):
            index_of(KEY, other, made)


def test_the_serial_of_another_key_is_refused() -> None:
    made = serial(bytes(32), LOT, 7)

    with pytest.raises(NotIssued):
        index_of(KEY, LOT, made)


@pytest.mark.parametrize(
    "spell",
    [
        str.lower,
        lambda made: made.replace("0", "O"),
        lambda made: made.replace("1", "I"),
        lambda made: made + "0",
        lambda made: made[1:],
        lambda made: " " + made[1:],
        lambda made: made + "\n",
        lambda made: made.replace("0", "\uff10"),
        lambda _: "",
        lambda _: "é" * 20,
        lambda _: "\ud800" * 20,
    ],
)
def test_a_machine_accepts_no_second_spelling(spell: object) -> None:
    other = spell(serial(KEY, LOT, 1))  # type: ignore[operator]  # each is a function of a text

    with pytest.raises(NotIssued):
        index_of(KEY, LOT, other)


def test_what_a_person_types_is_tidied_to_the_one_spelling() -> None:
    made = serial(KEY, LOT, 1)
    typed = " ".join(
        (made[:5].lower().replace("0", "o"), made[5:10].replace("1", "l"), made[10:15] + "-" + made[15:])
    )

    assert tidy(typed) == made


@pytest.mark.parametrize("typed", ["ab-c1", " A B\tC I", "ＡＢＣ１", "ab–cl", "ａｂｃ　ｉ", "A\u200bBC−1"])
def test_dashes_spaces_and_wide_letters_do_not_matter(typed: str) -> None:
    assert tidy(typed) == "ABC1"


@pytest.mark.parametrize("index", [-1, CAPACITY])
def test_a_lot_has_no_packs_beyond_its_capacity(index: int) -> None:
    with pytest.raises(ValueError, match="a lot has packs 0 to"):
        serial(KEY, LOT, index)


@pytest.mark.parametrize(("key", "lot"), [(b"short", LOT), (KEY, ""), (KEY, "a\0b")])
def test_a_serial_needs_a_whole_key_and_a_lot(key: bytes, lot: str) -> None:
    with pytest.raises(ValueError, match=r"serial key|lot identifier"):
        serial(key, lot, 0)


@pytest.mark.parametrize(
    ("index", "issued"),
    [(9, False), (10, True), (14, True), (15, False), (16, False), (17, True), (18, True), (19, False)],
)
def test_a_pack_is_issued_inside_the_ranges_and_outside_the_voided(index: int, issued: bool) -> None:
    issues, voided = [Issue(10, 5), Issue(16, 3)], [Issue(16, 1)]

    assert is_issued(index, issues, voided) is issued


@pytest.mark.parametrize(("first", "count"), [(-1, 2), (0, 0), (CAPACITY, 1), (1, CAPACITY)])
def test_an_issue_of_impossible_packs_does_not_exist(first: int, count: int) -> None:
    with pytest.raises(ValueError, match="no packs"):
        Issue(first, count)


def test_the_last_pack_of_all_can_be_issued() -> None:
    assert CAPACITY - 1 in Issue(CAPACITY - 1, 1)


@pytest.mark.parametrize(
    ("remaining", "pack", "packs"),
    [
        ("0", "5", 0),
        ("4.999", "5", 0),
        ("5", "5", 1),
        ("1", "0.1", 10),
        ("0.3", "0.1", 3),
        ("999999999999999", "1000000", 999999999),
        ("34359738368", "1", CAPACITY),
    ],
)
def test_packs_are_counted_whole(remaining: str, pack: str, packs: int) -> None:
    assert packs_possible(Decimal(remaining), Decimal(pack)) == packs


@pytest.mark.parametrize(
    ("remaining", "pack"),
    [
        ("-0.001", "5"),
        ("5", "0"),
        ("5", "-5"),
        ("NaN", "5"),
        ("5", "sNaN"),
        ("Infinity", "5"),
        ("5", "Infinity"),
        ("1E+999999", "5"),
        ("5", "1E-999999"),
        ("34359738369", "1"),
    ],
)
def test_no_packs_follow_from_nonsense(remaining: str, pack: str) -> None:
    with pytest.raises(NotPossible):
        packs_possible(Decimal(remaining), Decimal(pack))


def test_every_error_has_a_code_of_its_own() -> None:
    errors: list[type[CodeError]] = [CodeError, *CodeError.__subclasses__()]

    assert len({error.code for error in errors}) == len(errors)
