"""What a witness signs: this tree, at this time, and none that contradicts it, c2sp.org/tlog-cosignature.

    payload           u64 timestamp || signature; POSIX seconds, big-endian
    Ed25519 signs     "cosignature/v1\\ntime <timestamp>\\n" || the whole text of the checkpoint
    ML-DSA-44 signs   "subtree/v1\\n\\0" || u8 length || cosigner's name || u64 timestamp
                      || u8 length || log's origin || u64 start = 0 || u64 end = size || 32 bytes of root

A log may sign its own checkpoint in the ML-DSA form, under its origin as name and at timestamp 0: it
states the tree, not that it has seen none larger.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ledger.checkpoint import Checkpoint
from ledger.dsse import check_signature
from ledger.errors import Malformed, NotProven
from ledger.keys import COSIGNATURE_ED25519, MLDSA44, Signature, VerifierKey
from ledger.spelling import LARGEST, utf8

_TIME_LENGTH = 8
_PAYLOAD_LENGTHS = {COSIGNATURE_ED25519: _TIME_LENGTH + 64, MLDSA44: _TIME_LENGTH + 2420}
_LONGEST_NAME = 255


class Ed25519Cosigner:
    """A witness that signs with Ed25519: the message lacks its name, so one key serves one witness only."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, COSIGNATURE_ED25519, self._private.public_key().public_bytes_raw())

    def cosign(self, checkpoint_text: str, at: int) -> Signature:
        """Sign that at POSIX second *at* this was the largest consistent tree seen."""
        _check_time(self.key, checkpoint_text, at)
        signed = self._private.sign(_ed25519_message(checkpoint_text, at))
        return Signature(self.key.name, self.key.key_id, _time(at) + signed)


class MLDSA44Cosigner:
    """A witness, or the log itself, that signs with ML-DSA-44, which outlives today's curves."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.key = VerifierKey(name, MLDSA44, self._private.public_key().public_bytes_raw())

    def cosign(self, checkpoint_text: str, at: int) -> Signature:
        """Sign that at POSIX second *at* this was the largest consistent tree seen; 0 for the log itself."""
        _check_time(self.key, checkpoint_text, at)
        signed = self._private.sign(_mldsa44_message(self.key.name, checkpoint_text, at))
        return Signature(self.key.name, self.key.key_id, _time(at) + signed)

    def sign(self, text: bytes) -> bytes:
        """Return the payload with which a log signs its own checkpoint, at timestamp 0."""
        return self.cosign(text.decode(), 0).payload


def check_cosignature(key: VerifierKey, text: str, payload: bytes) -> int:
    """Return the POSIX second at which *key* cosigned the checkpoint *text*, or raise `NotProven`.

    Whether that second lies in the future is for the caller to say, who has a clock.
    """
    if len(payload) != _PAYLOAD_LENGTHS.get(key.kind):
        raise NotProven("not a cosignature of this kind of key", facts={"name": key.name, "kind": key.kind})
    at = int.from_bytes(payload[:_TIME_LENGTH])
    try:
        _check_time(key, text, at)
        _check_signed(key, text, at, payload[_TIME_LENGTH:])
    except Malformed as why:
        raise NotProven(why.reason, facts=why.facts) from why
    return at


def _check_signed(key: VerifierKey, text: str, at: int, signature: bytes) -> None:
    if key.kind == COSIGNATURE_ED25519:
        check_signature(key.public, _ed25519_message(text, at), signature)
        return
    try:
        MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, _mldsa44_message(key.name, text, at))
    except InvalidSignature:
        raise NotProven("the ML-DSA-44 cosignature does not hold", facts={"name": key.name}) from None


def _check_time(key: VerifierKey, text: str, at: int) -> None:
    """Raise `Malformed` for a time that no witness may sign."""
    if not 0 <= at <= LARGEST:
        raise Malformed("a cosignature's time is from 1 to 2^63 - 1", facts={"name": key.name})
    # A witness MUST NOT omit the time (tlog-witness); only a log that states its own tree has none to give.
    if at == 0 and (key.kind != MLDSA44 or key.name != Checkpoint.parse(text).origin):
        raise Malformed("a witness must say when it saw the tree", facts={"name": key.name})


def _time(at: int) -> bytes:
    return at.to_bytes(_TIME_LENGTH)


def _ed25519_message(text: str, at: int) -> bytes:
    return utf8(f"cosignature/v1\ntime {at}\n{text}")


def _mldsa44_message(name: str, text: str, at: int) -> bytes:
    checkpoint = Checkpoint.parse(text)
    start, end = bytes(8), checkpoint.size.to_bytes(8)
    return b"".join(
        (
            b"subtree/v1\n\x00",
            _counted(name) + _time(at),
            _counted(checkpoint.origin) + start + end,
            checkpoint.root,
        )
    )


def _counted(text: str) -> bytes:
    """Write *text* after its length in one byte."""
    raw = utf8(text)
    if len(raw) > _LONGEST_NAME:
        raise Malformed("the cosigner's name is longer than 255 bytes")
    return bytes([len(raw)]) + raw
