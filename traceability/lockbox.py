"""Small secrets encrypted at rest: ChaCha20-Poly1305 (RFC 8439), a fresh nonce before each."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ledger.errors import NotProven

NONCE = 12


class Lockbox:
    """Locks and unlocks with one key of 32 bytes that is kept outside the database."""

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)

    def lock(self, secret: bytes, label: bytes) -> bytes:
        """Return *secret* so that only the same *label* opens it."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, label)

    def unlock(self, locked: bytes, label: bytes) -> bytes:
        """Return the secret, or raise `NotProven` where it was changed or belongs to another label."""
        try:
            return self._cipher.decrypt(locked[:NONCE], locked[NONCE:], label)
        except (InvalidTag, ValueError) as error:
            raise NotProven("the locked value was changed, or the key is another") from error
