"""A public key with a name, and a line signed with it, as c2sp.org/signed-note writes them.

    nongye.example/2026+e1695a3a+AUjgW0k…=   a verifier key: name, key ID in hex, base64 of kind and key
    — nongye.example/2026 4WlaOjPOFjsB…=     a signature line: name, base64 of key ID and payload

The key ID is the first four bytes of SHA-256(name || newline || kind || public key). It picks a
key and proves nothing.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from ledger.dsse import check_public_key
from ledger.errors import Malformed
from ledger.spelling import base64_bytes, base64_text, check_line

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
MLDSA44 = 0x06

# Length of the public key of each kind, in bytes.
KINDS = {ED25519: 32, COSIGNATURE_ED25519: 32, MLDSA44: 1312}

KEY_ID_LENGTH = 4
_HEX = re.compile("[0-9a-f]{8}")
_DASH = "\N{EM DASH} "


def check_name(name: str) -> None:
    """Raise `Malformed` unless *name* can stand in a signature line: no space of any script, no plus sign."""
    check_line(name)
    if "+" in name or any(letter.isspace() for letter in name):
        raise Malformed("a key name holds a space or a plus sign")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name under which it signs."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if KINDS.get(self.kind) != len(self.public):
            raise Malformed("not a key of a known kind", facts={"kind": self.kind, "bytes": len(self.public)})
        if self.kind != MLDSA44:
            check_public_key(self.public)

    @property
    def key_id(self) -> bytes:
        """The four bytes that, beside the name, pick this key."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:KEY_ID_LENGTH]

    def text(self) -> str:
        """Spell the key as name, key ID and public key, joined by plus signs."""
        return f"{self.name}+{self.key_id.hex()}+{base64_text(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Read what `text` wrote; `Malformed` also where the key ID is not that of the key."""
        # The base64 may hold plus signs itself; the name and the ID cannot.
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        typed = base64_bytes(encoded)
        if not _HEX.fullmatch(key_id) or not typed:
            raise Malformed("not a verifier key")
        found = cls(name, typed[0], typed[1:])
        if found.key_id.hex() != key_id:
            raise Malformed("the key ID is not that of the key", facts={"name": name, "id": key_id})
        return found


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who signed, with which key, and the bytes that the kind of key asks for."""

    name: str
    key_id: bytes
    payload: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.key_id) != KEY_ID_LENGTH or not self.payload:
            raise Malformed("a signature is a key ID of four bytes and at least one byte more")

    def text(self) -> str:
        """Spell the line, newline included."""
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.payload)}\n"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """Read what `text` wrote."""
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not encoded.endswith("\n"):
            raise Malformed("not a signature line")
        identified = base64_bytes(encoded.removesuffix("\n"))
        return cls(name, identified[:KEY_ID_LENGTH], identified[KEY_ID_LENGTH:])
