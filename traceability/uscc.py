"""The number by which every organisation in China is known: 统一社会信用代码, GB 32100-2015.

    91 220182 MA0Y4KBC0 F
    │  │      │         └ check character: 31 − (Σ value × 3^place mod 31), 31 counts as 0
    │  │      └ the organisation itself, 9 characters
    │  └ the division that registered it, 6 digits
    └ who registered it, and what kind of organisation it is

I, O, S, V and Z are not in the alphabet, for they are read as 1, 0, 5, U and 2.
"""

from functools import cache

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_PLACES = LENGTH - 1


def is_formed(code: str) -> bool:
    """Tell whether *code* is 18 characters of the alphabet, whatever its check character says."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def check_character(body: str) -> str:
    """Return the check character of the first 17 characters; raises `ValueError` for other characters."""
    if len(body) != _PLACES:
        raise ValueError(f"not {_PLACES} characters: {body!r}")
    total = sum(ALPHABET.index(each) * weight for each, weight in zip(body, _weights(), strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def holds(code: str) -> bool:
    """Tell whether *code* has the form and the check character of the standard."""
    return is_formed(code) and check_character(code[:_PLACES]) == code[_PLACES]


@cache
def _weights() -> tuple[int, ...]:
    return tuple(pow(3, place, len(ALPHABET)) for place in range(_PLACES))
