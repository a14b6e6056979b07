"""A short code to type from a pack when no camera is at hand.

    7QK-2M9-XTB   eight symbols of SHA-256("jizihao/short/v1" NUL <lot identifier, UTF-8>), and a check symbol

The check symbol is of the same thirty-two letters. It is computed in the field of 32 elements, where
x^5 = x^2 + 1: each symbol is weighed with another power of x, counted from the right, and the weighted sum of
all nine is zero. So one wrong symbol is always noticed, and so are two symbols that changed places, next to
each other or not: the weights differ, hence their difference times the difference of the symbols is not zero.

Forty bits do not name every lot in the world: where two lots of one log meet in a short code, the later one
gets eleven symbols instead of eight, or fourteen, which begin with the same eight. The lengths differ by
three, so that a symbol left out never gives another code.
"""

from functools import reduce
from hashlib import sha256

from qr.code import ALPHABET, in_symbols, tidy
from qr.errors import Mistyped

LENGTHS = (8, 11, 14)
"""How many symbols may stand before the check symbol."""

_CONTEXT = b"jizihao/short/v1\0"
_MODULUS = 0b100101
"""x^5 + x^2 + 1, of which x is a primitive root: its first 31 powers all differ."""


def short_code(lot: str, length: int = 8) -> str:
    """Make the short code of *lot*: *length* symbols and a check symbol, in groups of three."""
    if length not in LENGTHS:
        raise ValueError(f"a short code has one of {LENGTHS} symbols and a check symbol, not {length}")
    number = int.from_bytes(sha256(_CONTEXT + lot.encode()).digest(), "big") >> (256 - 5 * length)
    symbols = in_symbols(number, length)
    return _shown(symbols + ALPHABET[_weighed(symbols + "0")])


def read_short(typed: str) -> str:
    """Give the one spelling of the short code that somebody typed, or raise `Mistyped`."""
    symbols = tidy(typed)
    if len(symbols) - 1 not in LENGTHS:
        raise Mistyped("a short code has nine symbols", facts={"length": len(symbols)})
    for place, symbol in enumerate(symbols, 1):
        if symbol not in ALPHABET:
            raise Mistyped("a short code has no such symbol", facts={"place": place})
    if _weighed(symbols):
        raise Mistyped("the check symbol does not fit: a symbol is wrong, or two changed places")
    return _shown(symbols)


def _shown(symbols: str) -> str:
    return "-".join(symbols[at : at + 3] for at in range(0, len(symbols), 3))


def _weighed(symbols: str) -> int:
    """Sum the symbols, each times its power of x, by Horner's rule; zero for a code that holds."""
    return reduce(lambda total, symbol: _times_x(total) ^ ALPHABET.index(symbol), symbols, 0)


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _MODULUS if doubled & 32 else doubled
