"""The file with the log's secrets, readable by its owner alone.

    {"ed25519":"<base64 of 32 bytes>","mldsa44":"<base64 of 32 bytes>",
     "retired":["<vkey>",…],                               keys that signed before, absent if there are none
     "retiring":{"ed25519":"…","mldsa44":"…"},             the old secrets while both sign, absent otherwise
     "v":1}

or the same bytes sealed:

    {"nonce":"<base64 of 12 bytes>","salt":"<base64 of 16 bytes>","sealed":"<base64>","v":1}   a passphrase
    {"nonce":"<base64 of 12 bytes>","sealed":"<base64>","v":1}                                 32 bytes of key

The cipher is ChaCha20-Poly1305 (RFC 8439); its key is scrypt (RFC 7914) of the passphrase and the salt, or
comes ready from outside. A lost file ends the log: nothing else can sign its next checkpoint.
"""

import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ledger import canonical
from ledger.canonical import Json
from ledger.cosignature import MLDSA44Cosigner
from ledger.errors import Conflict, Malformed, NotProven
from ledger.keys import VerifierKey
from ledger.note import Ed25519Signer, Signer
from ledger.spelling import base64_bytes, base64_text

SEED_LENGTH = 32
KEY_LENGTH = 32
_SALT_LENGTH, _NONCE_LENGTH = 16, 12
# 64 MiB and about a tenth of a second for each guess.
_SCRYPT_COST, _SCRYPT_BLOCK, _SCRYPT_LANES = 2**16, 8, 1
_PURPOSE = b"jizihao/key-file/v1"
_MEMBERS = {"ed25519", "mldsa44", "v"}

Passphrase = str | bytes | None
"""What opens a key file: a passphrase, or 32 bytes that are the key themselves, or nothing."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """The two secrets that make one generation of a log's keys."""

    ed25519: bytes = field(repr=False)
    mldsa44: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.ed25519) != SEED_LENGTH or len(self.mldsa44) != SEED_LENGTH:
            raise Malformed("a seed is 32 bytes")

    @classmethod
    def drawn(cls) -> "Seeds":
        """Draw two fresh seeds."""
        return cls(secrets.token_bytes(SEED_LENGTH), secrets.token_bytes(SEED_LENGTH))

    def signer(self, origin: str) -> Ed25519Signer:
        """Return what seals each checkpoint of the log *origin*."""
        return Ed25519Signer(origin, self.ed25519)

    def publish_signer(self, origin: str) -> MLDSA44Cosigner:
        """Return what signs its published checkpoints too, for the time after today's curves."""
        return MLDSA44Cosigner(origin, self.mldsa44)

    def vkeys(self, origin: str) -> tuple[VerifierKey, ...]:
        """Return the public halves, the sealing key first."""
        return self.signer(origin).key, self.publish_signer(origin).key

    def members(self) -> dict[str, Json]:
        """Spell the seeds for the file."""
        return {"ed25519": base64_text(self.ed25519), "mldsa44": base64_text(self.mldsa44)}

    @classmethod
    def of(cls, members: dict[str, Json]) -> "Seeds":
        """Read what `members` wrote."""
        return cls(base64_bytes(str(members["ed25519"])), base64_bytes(str(members["mldsa44"])))


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The newest seeds of a log; beside them those that they replace, and the public keys of all before."""

    ed25519: bytes = field(repr=False)
    mldsa44: bytes = field(repr=False)
    retiring: Seeds | None = field(default=None, repr=False)
    retired: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        Seeds(self.ed25519, self.mldsa44)
        for vkey in self.retired:
            VerifierKey.parse(vkey)

    @classmethod
    def drawn(cls) -> "LogKeys":
        """Draw two fresh seeds."""
        return cls._of(Seeds.drawn())

    @classmethod
    def _of(cls, seeds: Seeds) -> "LogKeys":
        return cls(seeds.ed25519, seeds.mldsa44)

    @property
    def newest(self) -> Seeds:
        """The seeds that sign when a change of keys is over."""
        return Seeds(self.ed25519, self.mldsa44)

    @property
    def _signing(self) -> tuple[Seeds, ...]:
        """All seeds that sign now, the older first."""
        return (self.newest,) if self.retiring is None else (self.retiring, self.newest)

    def signer(self, origin: str) -> Ed25519Signer:
        """Return what seals each checkpoint of the log *origin* with its newest key."""
        return self.newest.signer(origin)

    def publish_signer(self, origin: str) -> MLDSA44Cosigner:
        """Return what signs its published checkpoints with its newest key that outlives today's curves."""
        return self.newest.publish_signer(origin)

    def sealers(self, origin: str) -> tuple[Ed25519Signer, ...]:
        """Return all that seal each checkpoint of the log *origin*: two during a change of keys."""
        return tuple(seeds.signer(origin) for seeds in self._signing)

    def publishers(self, origin: str) -> tuple[Signer, ...]:
        """Return all that sign its published checkpoints beside the sealers."""
        return tuple(seeds.publish_signer(origin) for seeds in self._signing)

    def vkeys(self, origin: str) -> tuple[VerifierKey, ...]:
        """Return the public halves of all that sign now, the older generation first."""
        return tuple(key for seeds in self._signing for key in seeds.vkeys(origin))

    def former(self) -> tuple[VerifierKey, ...]:
        """Return the keys that sign no more, but whose older checkpoints still count."""
        return tuple(VerifierKey.parse(vkey) for vkey in self.retired)

    def begun(self) -> "LogKeys":
        """Return keys with fresh seeds, beside which these sign on; `Conflict` if a change has begun."""
        if self.retiring is not None:
            raise Conflict("a change of keys has begun already")
        return replace(LogKeys.drawn(), retiring=self.newest, retired=self.retired)

    def finished(self, origin: str) -> "LogKeys":
        """Return the newest seeds alone; of the old ones only the public keys are left."""
        if self.retiring is None:
            raise Conflict("no change of keys has begun")
        ended = tuple(key.text() for key in self.retiring.vkeys(origin))
        return replace(self, retiring=None, retired=(*self.retired, *ended))


def write(path: Path, keys: LogKeys, passphrase: Passphrase = None) -> None:
    """Write *keys* to a new file that only its owner reads; `FileExistsError` rather than lose old ones.

    Once this returns the file survives a power failure. One cut short by it is none: delete it.
    """
    _write_new(path, _spelt(keys, passphrase))
    _make_name_durable(path)


def rewrite(path: Path, keys: LogKeys, passphrase: Passphrase = None) -> None:
    """Put *keys* in the place of those in the file, which holds the old or the new, whole, come what may."""
    spelt = _spelt(keys, passphrase)
    beside = path.with_name(path.name + ".new")
    # 1. What an earlier attempt left behind is in nobody's hands yet.
    beside.unlink(missing_ok=True)
    # 2. The new content is durable beside the old. A crash here leaves the old file as it was.
    _write_new(beside, spelt, path.stat())
    # 3. It takes the old one's name at once. A crash here leaves either the old or the new.
    beside.replace(path)
    # 4. The name itself is durable only when its folder is; before, the old file may come back.
    _make_name_durable(path)


def read(path: Path, passphrase: Passphrase = None) -> LogKeys:
    """Read what `write` wrote; `NotProven` for a wrong or no passphrase, `Malformed` for another file."""
    content = _content(path.read_bytes().removesuffix(b"\n"))
    if "sealed" in content:
        content = _content(_opened(content, passphrase))
    optional = {"retired", "retiring"} & set(content)
    if set(content) != _MEMBERS | optional or content["v"] != 1:
        raise Malformed("not a key file")
    keys = LogKeys._of(Seeds.of(content))
    return replace(keys, retiring=_retiring(content), retired=_retired(content))


def protection(path: Path) -> str:
    """Return what the file at *path* is sealed with: "passphrase", "key" or "none"."""
    content = _content(path.read_bytes().removesuffix(b"\n"))
    if "sealed" not in content:
        return "none"
    return "passphrase" if "salt" in content else "key"


def _make_name_durable(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_new(path: Path, spelt: bytes, owner: os.stat_result | None = None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if owner is not None and os.geteuid() == 0:
            # Or the server, which is somebody else, could not read what root has rewritten.
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        file.write(spelt + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _spelt(keys: LogKeys, passphrase: Passphrase) -> bytes:
    members = {**keys.newest.members(), "v": 1}
    if keys.retired:
        members["retired"] = list(keys.retired)
    if keys.retiring is not None:
        members["retiring"] = keys.retiring.members()
    spelt = canonical.dumps(members)
    return spelt if passphrase is None else canonical.dumps(_sealed(spelt, passphrase))


def _retiring(content: dict[str, Json]) -> Seeds | None:
    if "retiring" not in content:
        return None
    members = content["retiring"]
    if not isinstance(members, dict) or set(members) != {"ed25519", "mldsa44"}:
        raise Malformed("not a key file")
    return Seeds.of(members)


def _retired(content: dict[str, Json]) -> tuple[str, ...]:
    vkeys = content.get("retired", [])
    if not isinstance(vkeys, list):
        raise Malformed("not a key file")
    return tuple(str(vkey) for vkey in vkeys)


def _content(spelt: bytes) -> dict[str, Json]:
    content = canonical.loads(spelt)
    if not isinstance(content, dict):
        raise Malformed("not a key file")
    return content


def _sealed(spelt: bytes, passphrase: str | bytes) -> dict[str, Json]:
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    salt = secrets.token_bytes(_SALT_LENGTH) if isinstance(passphrase, str) else None
    sealed = _cipher(passphrase, salt).encrypt(nonce, spelt, _PURPOSE)
    members = {"nonce": base64_text(nonce), "sealed": base64_text(sealed), "v": 1}
    return members if salt is None else members | {"salt": base64_text(salt)}


def _opened(content: dict[str, Json], passphrase: Passphrase) -> bytes:
    salt = _bytes(content, "salt", _SALT_LENGTH) if "salt" in content else None
    if set(content) - {"salt"} != {"nonce", "sealed", "v"} or content["v"] != 1:
        raise Malformed("not a key file")
    if passphrase is None or isinstance(passphrase, str) != (salt is not None):
        wanted = "passphrase" if salt is not None else "encryption key"
        raise NotProven(f"the key file needs its {wanted}")
    nonce, sealed = _bytes(content, "nonce", _NONCE_LENGTH), base64_bytes(str(content["sealed"]))
    try:
        return _cipher(passphrase, salt).decrypt(nonce, sealed, _PURPOSE)
    except InvalidTag:
        raise NotProven("the passphrase or key does not open the key file") from None


def _bytes(content: dict[str, Json], name: str, length: int) -> bytes:
    found = base64_bytes(str(content.get(name, "")))
    if len(found) != length:
        raise Malformed("not a key file")
    return found


def _cipher(passphrase: str | bytes, salt: bytes | None) -> ChaCha20Poly1305:
    if isinstance(passphrase, str) and salt is not None:
        scrypt = Scrypt(salt=salt, length=KEY_LENGTH, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=_SCRYPT_LANES)
        # What comes from the environment may hold octets that are no UTF-8.
        return ChaCha20Poly1305(scrypt.derive(passphrase.encode("utf-8", "surrogateescape")))
    if isinstance(passphrase, bytes) and len(passphrase) == KEY_LENGTH:
        return ChaCha20Poly1305(passphrase)
    raise Malformed("an encryption key is 32 bytes")
