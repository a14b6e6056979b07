import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import uscc

# The example of the standard, and numbers that large enterprises print on their pages.
VECTORS = (
    "91350100M000100Y43",
    "91330100799655058B",
    "914403001922038216",
    "91440300708461136T",
    "91110000802100433B",
)


@pytest.mark.parametrize("code", VECTORS)
def test_the_check_character_of_a_known_number_holds(code: str) -> None:
    assert (uscc.check_character(code[:17]), uscc.holds(code)) == (code[17], True)


@pytest.mark.parametrize("code", VECTORS)
def test_one_wrong_character_anywhere_is_found(code: str) -> None:
    for place, right in enumerate(code):
        wrong = "1" if right != "1" else "2"
        assert not uscc.holds(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100M000100y43",
        "9135010OM000100Y43",
        "９1350100M000100Y43",
    ],
)
def test_what_is_not_eighteen_characters_of_the_alphabet_has_not_the_form(code: str) -> None:
    assert (uscc.is_formed(code), uscc.holds(code)) == (False, False)


def test_another_length_has_no_check_character() -> None:
    with pytest.raises(ValueError, match="not 17 characters"):
        uscc.check_character("91350100M000100Y43")


@given(st.text(uscc.ALPHABET, min_size=17, max_size=17))
def test_every_body_has_exactly_one_check_character(body: str) -> None:
    found = [each for each in uscc.ALPHABET if uscc.holds(body + each)]

    assert found == [uscc.check_character(body)]
