"""Records as authors and registrars sign them, right ones and, with a change, wrong ones."""

from hashlib import sha256
from typing import Any

from ledger import canonical
from ledger.dsse import KEY, REVOCATION, STATEMENT, AuthorKey, pae
from ledger.spelling import base64_text
from tests.logs import COSIGNER, ORIGIN, SIGNER

OPERATOR, FARM, NEW, STRANGER = (
    AuthorKey(sha256(name).digest()) for name in (b"operator", b"farm", b"new farm", b"stranger")
)
RULES = sha256(b"rules").hexdigest()


def opening(*registrars: AuthorKey) -> dict[str, Any]:
    """The first record of a log, whose registrars are the operator or *registrars*."""
    parties = [{"key": base64_text(key.public), "party": "operator"} for key in registrars or (OPERATOR,)]
    formats = {"entry": 1, "key": 1, "sealed": 1, "statement": 1}
    opened = {
        "formats": formats,
        "origin": ORIGIN,
        "registrars": parties,
        "rules": RULES,
        "v": 1,
        "vkeys": [SIGNER.key.text(), COSIGNER.key.text()],
    }
    return {"kind": "log-opened", "links": {}, "opening": opened}


def line(key: AuthorKey, kind: str, body: dict[str, Any]) -> dict[str, str]:
    """A signature over *body* as a thing of *kind*."""
    return {"key": key.id, "sig": base64_text(key.sign(pae(kind, canonical.dumps(body))))}


def key_record(key: AuthorKey, /, *signers: AuthorKey, **change: Any) -> dict[str, Any]:
    """A record that grants *key*, signed by *signers*; *change* overrides what is signed."""
    grant = {
        "custody": "author",
        "key": base64_text(key.public),
        "log": ORIGIN,
        "party": "yushu-heimin",
        "role": "cooperative",
        "v": 1,
    } | change
    return {
        "kind": "key",
        "links": {},
        "grant": grant,
        "sigs": [line(signer, KEY, grant) for signer in signers],
    }


def revocation(key: AuthorKey, /, *signers: AuthorKey, **change: Any) -> dict[str, Any]:
    """A record that ends *key*, signed by the operator or *signers*."""
    body = {"key": key.id, "log": ORIGIN, "party": "yushu-heimin", "reason": "lost", "v": 1} | change
    sigs = [line(signer, REVOCATION, body) for signer in signers or (OPERATOR,)]
    return {"kind": "revocation", "links": {}, "revocation": body, "sigs": sigs}


def statement(*signers: AuthorKey, **change: Any) -> dict[str, Any]:
    """A record of a harvest, signed by the farm or *signers*."""
    body = {
        "by": "yushu-heimin",
        "event": {"kind": "harvested"},
        "id": "urn:uuid:3f0c9a62-5d0f-4c8e-9a53-0b7c5a1c2d11",
        "log": ORIGIN,
        "v": 1,
    } | change
    return {
        "kind": "statement",
        "links": {},
        "ruling": {"flags": [], "rules": RULES, "source": "own"},
        "sigs": [line(signer, STATEMENT, body) for signer in signers or (FARM,)],
        "statement": body,
    }
