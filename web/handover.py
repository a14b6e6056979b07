"""The secret words of a delivery note: one lets its holder confirm the receipt, one lets a carrier take over.

    MJ4T 0W9Z 7C3P …    32 symbols of Crockford's base32: the first 160 bits of HMAC-SHA-256, under the
                        instance's MAC key, over "jizihao/handover/v1" NUL <statement id of the shipment>

The log has only the SHA-256 of the word. Made from the statement's id it need not be stored: the note can be
printed again, and a receiver who is named in the shipment finds it in a list.
"""

import hashlib
import hmac

from qr.code import in_symbols, tidy
from web.settings import Settings

LENGTH = 32

_CONTEXT = b"jizihao/handover/v1\0"
_CARRIAGE = b"jizihao/carriage/v1\0"


def token_of(settings: Settings, statement_id: str) -> str:
    """Return the word of the shipment that is stated under *statement_id*."""
    return _made(settings, _CONTEXT, statement_id)


def carriage_of(settings: Settings, statement_id: str) -> str:
    """Return the word by which a carrier takes over the shipment that is stated under *statement_id*."""
    return _made(settings, _CARRIAGE, statement_id)


def _made(settings: Settings, context: bytes, statement_id: str) -> str:
    made = hmac.digest(settings.mac_key, context + statement_id.encode(), "sha256")
    return in_symbols(int.from_bytes(made[:20], "big"), LENGTH)


def digest_of(token: str) -> str:
    """Return the hex SHA-256 of a word, as the log has it."""
    return hashlib.sha256(token.encode()).hexdigest()


def known_token(settings: Settings, statement_id: str, handover: str) -> str | None:
    """Return the word of a shipment if it was made here; a shipment told from elsewhere has its own."""
    token = token_of(settings, statement_id)
    return token if hmac.compare_digest(digest_of(token), handover) else None


def read_token(typed: str) -> str:
    """Return a word as it is compared, however it was typed: any case, with spaces, O for 0."""
    found = tidy(typed)
    return found if len(found) == LENGTH else typed.strip()


def shown(token: str) -> str:
    """Return a word in groups of four, as a delivery note prints it."""
    return " ".join(token[at : at + 4] for at in range(0, len(token), 4))
