"""Signatures by Ed25519, RFC 8032: made, and judged by the one equation that counts.

    [S]B = R + [k]A      without cofactor, as the `cryptography` package computes it; this never changes

libsodium takes half as long. Where its build compares R byte by byte, whatever it takes fits the equation, so
its yes is enough; its no is not, for it refuses an R of small order. Some builds multiply by the cofactor:
those are found out when this module is loaded, and not asked.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

__all__ = ["SigningKey", "verify"]

# The key and message of RFC 8032, 7.1, TEST 2, and an R with a part of order eight: the cofactor hides it.
_KEY = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
_MESSAGE = b"\x72"
_COFACTORED = bytes.fromhex(
    "4745d9afce5559af48f13ca97dab2a485929600500056abdac830205c0261d7c"
    "3f25e475104019ffe316b43fe23eefecf61b053b4c62b898e8970b4e58dc5501"
)


@lru_cache(maxsize=4096)
def _quick_key(public: bytes) -> VerifyKey:
    return VerifyKey(public)


@lru_cache(maxsize=4096)
def _key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def _quickly(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        _quick_key(public).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True


QUICK = not _quickly(_KEY, _MESSAGE, _COFACTORED)
"""Whether this build of libsodium takes nothing that the equation refuses."""


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether *signature* over *message* fits the 32 bytes *public*, a key of prime order."""
    if QUICK and _quickly(public, message, signature):
        return True
    try:
        _key(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
