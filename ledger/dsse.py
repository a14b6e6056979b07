"""What an author signs, and with which keys: a fact wrapped so that it can be taken for nothing else.

    DSSEv1 <length of T> <T> <length of B> <B>        T names the kind of thing, B is its RFC 8785 bytes

This is the envelope of secure-systems-lab/dsse, protocol.md. Signatures are Ed25519, RFC 8032, without
cofactor (`ed25519`), for writers and inspectors alike.
"""

from functools import lru_cache
from hashlib import sha256

from ledger import ed25519, edwards
from ledger.errors import NotProven
from ledger.spelling import base64_text

STATEMENT = "application/vnd.jizihao.statement.v1+json"
KEY = "application/vnd.jizihao.key.v1+json"
REVOCATION = "application/vnd.jizihao.revocation.v1+json"


def pae(kind: str, body: bytes) -> bytes:
    """Join *kind* and *body* so that no other pair gives the same bytes: the pre-authentication encoding."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(body), body)


def key_id(public: bytes) -> str:
    """Name a public key: base64 of SHA-256 over its 32 bytes."""
    return base64_text(sha256(public).digest())


@lru_cache(maxsize=4096)
def check_public_key(public: bytes) -> None:
    """Raise `Malformed` unless *public* is the one spelling of a key of prime order."""
    edwards.check_prime_order(public)


def check_signature(public: bytes, message: bytes, signature: bytes) -> None:
    """Raise `NotProven` unless the holder of *public* signed *message*; `Malformed` if the key is unsound."""
    check_public_key(public)
    if not ed25519.verify(public, message, signature):
        raise NotProven("the signature does not hold", facts={"key": key_id(public)})


class AuthorKey:
    """The signing key of an author; the 32 bytes of its seed are the secret."""

    def __init__(self, seed: bytes) -> None:
        self._private = ed25519.SigningKey(seed)
        self.public = bytes(self._private.verify_key)
        self.id = key_id(self.public)

    def __repr__(self) -> str:
        return f"AuthorKey({self.id})"

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of a signature over *message*."""
        return self._private.sign(message).signature
