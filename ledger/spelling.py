"""Lines, bytes and whole numbers in the one spelling that a signed text allows.

Whoever signs a text signs its letters, so two spellings of one value would be two statements. Python reads
"+5", " 5", "1_0", "５" and base64 with stray bits; here they are refused.
"""

import binascii
import re
from base64 import b64decode, b64encode

from ledger.errors import Malformed

# An int64, as every implementation of the C2SP formats can hold it.
LARGEST = 2**63 - 1
_WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile("[\x00-\x1f]")
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def utf8(text: str) -> bytes:
    """Encode *text*; `Malformed` for half a surrogate pair, which Python's strings can hold."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Malformed("not text that can be spelt in UTF-8") from None


def check_line(line: str) -> None:
    """Raise `Malformed` unless *line* can stand alone on a line: not empty, no control character, UTF-8."""
    if not line or _CONTROL.search(line):
        raise Malformed("a line is empty or holds a control character")
    utf8(line)


def visible(text: str) -> str:
    """Escape what a terminal would obey rather than show; a stranger may have chosen a part of *text*."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def base64_text(raw: bytes) -> str:
    """Spell *raw* in base64 with padding, RFC 4648 section 4."""
    return b64encode(raw).decode("ascii")


def base64_bytes(text: str) -> bytes:
    """Read what `base64_text` wrote; `Malformed` for white space, missing padding and non-zero spare bits."""
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64") from None
    # Python ignores the bits that the last letter has to spare; then two texts would stand for one value.
    if base64_text(raw) != text:
        raise Malformed("not base64 in its one spelling")
    return raw


def whole_number(text: str) -> int:
    """Read a decimal from 0 to 2^63 - 1 without sign, leading zero, space or separator."""
    if not _WHOLE.fullmatch(text) or int(text) > LARGEST:
        raise Malformed("not a whole number in its one spelling")
    return int(text)
