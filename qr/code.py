"""The number on one pack, which nobody can guess and the server need not remember.

    0000001 7CZ3G1QX8M4TB      twenty symbols of Crockford's base32: upper case, without I, L, O, U
    └──┬──┘ └─────┬─────┘
     index       mark          35 bits: which pack of the lot, counted from 0
                               65 bits: the first of HMAC-SHA-256, under the instance's serial key, over
                               "jizihao/serial/v1" NUL <lot identifier, UTF-8> NUL <index, 8 bytes big-endian>

The index lies open and counts the packs; the mark is what a forger would have to guess, once in 2**65 tries.
The lot stands under the mark too, so a serial copied to another lot's label is refused. A machine accepts one
spelling; what a person typed goes through `tidy` first. Whether an index was issued at all is asked of the
recorded issues: `is_issued`.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from qr.errors import NotIssued, NotPossible

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O (read as 1, 1, 0) and no U."""

KEY_LENGTH = 32
SERIAL_LENGTH = 20
INDEX_BITS = 35
MARK_BITS = 65
CAPACITY = 1 << INDEX_BITS
"""How many packs one lot may have: about 34 thousand million."""

_CONTEXT = b"jizihao/serial/v1"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_MOST = Decimal(10) ** 15
_PLACES = 9


def in_symbols(number: int, length: int) -> str:
    """Write *number* as *length* symbols of base32, the most significant first."""
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(length)))


def tidy(typed: str) -> str:
    """Read a code as people type it: any case, I or L for 1, O for 0, full-width letters, spaces, dashes."""
    # NFKC turns the full-width letters and the ideographic space of a Chinese keyboard into plain ones.
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    return "".join(letter for letter in folded if not _separates(letter))


def _separates(letter: str) -> bool:
    return letter.isspace() or letter in "−_·ー" or unicodedata.category(letter) in ("Pd", "Cf")


def serial(key: bytes, lot: str, index: int) -> str:
    """Make the serial of pack *index* of *lot*, 20 symbols, under the 32-byte *key*."""
    if not 0 <= index < CAPACITY:
        raise ValueError(f"a lot has packs 0 to {CAPACITY - 1}, not {index}")
    return in_symbols(index, 7) + in_symbols(_mark(key, lot, index), 13)


def index_of(key: bytes, lot: str, serial: str) -> int:
    """Tell which pack of *lot* bears *serial*; raise `NotIssued` for any other spelling, lot or key."""
    # Letters are looked up, not parsed: int("1_0", 32) and friends would let one pack have several names.
    if len(serial) != SERIAL_LENGTH or any(symbol not in ALPHABET for symbol in serial):
        raise NotIssued("this is not the form of a serial")
    index = 0
    for symbol in serial[:7]:
        index = index << 5 | ALPHABET.index(symbol)
    right = in_symbols(_mark(key, lot, index), 13)
    # The time of a comparison must not tell how much of a guess was right.
    if not hmac.compare_digest(right.encode(), serial[7:].encode()):
        raise NotIssued("nobody issued this serial for this lot")
    return index


def _mark(key: bytes, lot: str, index: int) -> int:
    if len(key) != KEY_LENGTH:
        raise ValueError(f"a serial key is {KEY_LENGTH} bytes, not {len(key)}")
    if not lot or "\0" in lot:
        raise ValueError("a lot identifier is neither empty nor holds a NUL")
    message = b"\0".join((_CONTEXT, lot.encode(), index.to_bytes(8, "big")))
    return int.from_bytes(hmac.digest(key, message, "sha256"), "big") >> (256 - MARK_BITS)


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """Packs that were numbered, or voided, together: *count* of them from index *first*."""

    first: int
    count: int

    def __post_init__(self) -> None:
        if self.first < 0 or self.count < 1 or self.end > CAPACITY:
            raise ValueError(f"no packs {self.first} to {self.end - 1}")

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.first + self.count

    def __contains__(self, index: int) -> bool:
        return self.first <= index < self.end


def is_issued(index: int, issues: Iterable[Issue], voided: Iterable[Issue] = ()) -> bool:
    """Tell whether pack *index* was issued and not voided since."""
    return any(index in issue for issue in issues) and not any(index in gone for gone in voided)


def packs_possible(remaining: Decimal, pack: Decimal) -> int:
    """Tell how many whole packs of content *pack* the *remaining* amount fills, both in one unit.

    Raise `NotPossible` for amounts below zero, packs of nothing, and numbers no lot has.
    """
    for amount, name in ((remaining, "remaining"), (pack, "pack")):
        # is_finite comes first: to compare a signalling NaN would raise.
        if not amount.is_finite() or not 0 <= amount < _MOST or amount != round(amount, _PLACES):
            raise NotPossible("no lot has this amount", facts={"which": name, "amount": str(amount)})
    if pack == 0:
        raise NotPossible("a pack of nothing", facts={"which": "pack", "amount": str(pack)})
    # Fractions divide exactly: Decimal's 28 digits could round a pack into being.
    packs = int(Fraction(remaining) // Fraction(pack))
    if packs > CAPACITY:
        raise NotPossible("more packs than serials", facts={"which": "pack", "amount": str(pack)})
    return packs
