"""The file with the log's two secrets, readable by its owner alone.

    {"ed25519": "<base64 of 32 bytes>", "mldsa44": "<base64 of 32 bytes>", "v": 1}

or, with a passphrase, the same bytes sealed:

    {"nonce": "<base64 of 12 bytes>", "salt": "<base64 of 16 bytes>", "sealed": "<base64>", "v": 1}

The key that seals them is scrypt (RFC 7914) of the passphrase and the salt; the cipher is ChaCha20-Poly1305
(RFC 8439). A lost file ends the log: nothing else can sign its next checkpoint.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ledger import canonical
from ledger.canonical import Json
from ledger.cosignature import MLDSA44Cosigner
from ledger.errors import Malformed, NotProven
from ledger.note import Ed25519Signer
from ledger.spelling import base64_bytes, base64_text

SEED_LENGTH = 32
_SALT_LENGTH, _NONCE_LENGTH = 16, 12
# 64 MiB and about a tenth of a second for each guess.
_SCRYPT_COST, _SCRYPT_BLOCK, _SCRYPT_LANES = 2**16, 8, 1
_PURPOSE = b"jizihao/key-file/v1"


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The seeds from which a log's two signing keys are made."""

    ed25519: bytes = field(repr=False)
    mldsa44: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.ed25519) != SEED_LENGTH or len(self.mldsa44) != SEED_LENGTH:
            raise Malformed("a seed is 32 bytes")

    @classmethod
    def drawn(cls) -> "LogKeys":
        """Draw two fresh seeds."""
        return cls(secrets.token_bytes(SEED_LENGTH), secrets.token_bytes(SEED_LENGTH))

    def signer(self, origin: str) -> Ed25519Signer:
        """Return what seals each checkpoint of the log *origin*."""
        return Ed25519Signer(origin, self.ed25519)

    def publish_signer(self, origin: str) -> MLDSA44Cosigner:
        """Return what signs its published checkpoints too, for the time after today's curves."""
        return MLDSA44Cosigner(origin, self.mldsa44)


def write(path: Path, keys: LogKeys, passphrase: str | None = None) -> None:
    """Write *keys* to a new file that only its owner reads; `FileExistsError` rather than lose old ones."""
    seeds = {"ed25519": base64_text(keys.ed25519), "mldsa44": base64_text(keys.mldsa44), "v": 1}
    spelt = canonical.dumps(seeds)
    if passphrase is not None:
        spelt = canonical.dumps(_sealed(spelt, passphrase))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(spelt + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path, passphrase: str | None = None) -> LogKeys:
    """Read what `write` wrote; `NotProven` for a wrong or no passphrase, `Malformed` for another file."""
    content = _members(path.read_bytes().removesuffix(b"\n"))
    if "sealed" in content:
        if passphrase is None:
            raise NotProven("the key file needs its passphrase")
        content = _members(_opened(content, passphrase))
    if set(content) != {"ed25519", "mldsa44", "v"} or content["v"] != 1:
        raise Malformed("not a key file")
    return LogKeys(base64_bytes(str(content["ed25519"])), base64_bytes(str(content["mldsa44"])))


def _members(spelt: bytes) -> dict[str, Json]:
    content = canonical.loads(spelt)
    if not isinstance(content, dict):
        raise Malformed("not a key file")
    return content


def _sealed(spelt: bytes, passphrase: str) -> dict[str, Json]:
    salt, nonce = secrets.token_bytes(_SALT_LENGTH), secrets.token_bytes(_NONCE_LENGTH)
    sealed = ChaCha20Poly1305(_key_from(passphrase, salt)).encrypt(nonce, spelt, _PURPOSE)
    return {"nonce": base64_text(nonce), "salt": base64_text(salt), "sealed": base64_text(sealed), "v": 1}


def _opened(content: dict[str, Json], passphrase: str) -> bytes:
    if set(content) != {"nonce", "salt", "sealed", "v"} or content["v"] != 1:
        raise Malformed("not a key file")
    nonce, salt, sealed = (base64_bytes(str(content[name])) for name in ("nonce", "salt", "sealed"))
    if len(nonce) != _NONCE_LENGTH or len(salt) != _SALT_LENGTH:
        raise Malformed("not a key file")
    try:
        return ChaCha20Poly1305(_key_from(passphrase, salt)).decrypt(nonce, sealed, _PURPOSE)
    except InvalidTag:
        raise NotProven("the passphrase does not open the key file") from None


def _key_from(passphrase: str, salt: bytes) -> bytes:
    scrypt = Scrypt(salt=salt, length=32, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=_SCRYPT_LANES)
    return scrypt.derive(passphrase.encode())
