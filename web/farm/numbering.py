"""Numbers that nobody can guess and that a form sent twice does not draw twice.

    0ssf214m08wr5fyewjj195jn8x    26 symbols of Crockford's base32 in lower case, 128 bits

They are the start of an HMAC-SHA-256, under the instance's MAC key, over the id of the form.
"""

import hmac
import re
import uuid

from qr.code import in_symbols
from web.settings import Settings

_CONTEXT = b"jizihao/number/v1\0"
_STATEMENT_ID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def number_of(settings: Settings, statement_id: str, what: str) -> str:
    """Return the number of *what* (a plot, a member) that the form with this id registers."""
    made = hmac.digest(settings.mac_key, _CONTEXT + f"{what}\0{statement_id}".encode(), "sha256")
    return in_symbols(int.from_bytes(made[:16], "big"), 26).lower()


def new_statement_id() -> str:
    """Return the id of a form that is being made: a random UUID, which its statement will bear."""
    return uuid.uuid4().urn


def is_statement_id(typed: str) -> bool:
    """Tell whether *typed* can be the id of a form of ours (RFC 9562, version 4)."""
    return _STATEMENT_ID.fullmatch(typed) is not None
