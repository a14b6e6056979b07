"""Signatures that outlive today's curves: the shopper's browser checks them as Python's library does."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from playwright.sync_api import Page

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.note import Ed25519Signer, signed, with_lines
from ledger.spelling import base64_bytes

pytestmark = pytest.mark.browser

VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "mldsa44.json").read_text())["cases"]
KEYS = 60
VERIFY = """async (cases) => { const m = await load("bytes", "mldsa44");
   return cases.map((one) => m.verifyMldsa44(...one.map((text) => m.fromBase64(text)))); }"""


def b64(raw: bytes | bytearray) -> str:
    return b64encode(raw).decode()


def python_accepts(case: dict[str, Any]) -> bool:
    key, message, signature = (base64_bytes(case[name]) for name in ("key", "message", "signature"))
    try:
        MLDSA44PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", ["shake128", "shake256"])
def test_shake_agrees_with_python_for_every_length_around_the_blocks(modules: Page, name: str) -> None:
    messages = [bytes((at * 7 + length) % 256 for at in range(length)) for length in [*range(340), 5_000]]

    found = modules.evaluate(
        f"""async (all) => {{ const m = await load("bytes", "keccak");
            return all.map((text) => m.toHex(m.{name}(m.fromHex(text))(400))); }}""",
        [message.hex() for message in messages],
    )

    expected = hashlib.shake_128 if name == "shake128" else hashlib.shake_256
    assert found == [expected(message).hexdigest(400) for message in messages]


def test_shake_goes_on_where_it_stopped(modules: Page) -> None:
    found = modules.evaluate(
        """async () => { const m = await load("bytes", "keccak"); const read = m.shake128(m.utf8("吉账"));
           return [1, 0, 166, 2, 200].map((length) => m.toHex(read(length))).join(""); }"""
    )

    assert found == hashlib.shake_128("吉账".encode()).hexdigest(369)


def test_vectors_get_the_verdict_of_pythons_library(modules: Page) -> None:
    asked = [[one["key"], one["message"], one["signature"]] for one in CASES]

    found = modules.evaluate(VERIFY, asked)

    assert dict(zip([one["about"] for one in CASES], found, strict=True)) == {
        one["about"]: one["good"] for one in CASES
    }
    assert [python_accepts(one) for one in CASES] == found


def test_the_signatures_of_many_keys_hold_and_bent_ones_do_not(modules: Page) -> None:
    cases, bent = [], []
    for number in range(KEYS):
        private = MLDSA44PrivateKey.from_seed_bytes(hashlib.sha256(b"key %d" % number).digest())
        public, message = private.public_key().public_bytes_raw(), bytes([number]) * number
        signature = bytearray(private.sign(message))
        cases.append([b64(public), b64(message), b64(signature)])
        signature[number * 2420 // KEYS] ^= 1 << number % 8
        bent.append([b64(public), b64(message), b64(signature)])

    found = modules.evaluate(VERIFY, [*cases, *bent])

    assert found == [True] * KEYS + [False] * KEYS


# Lines of notes.

ORIGIN = "log.test/2026"
TEXT = Checkpoint(ORIGIN, 2**40, bytes(32)).text()
LOG = MLDSA44Cosigner(ORIGIN, b"1" * 32)
WITNESS = MLDSA44Cosigner("witness.test", b"2" * 32)
VERIFIED = """async ([note, keys]) => { const m = await load("bytes", "note", "errors");
   try {
     const parsed = m.parseNote(m.utf8(note)), signers = await m.verified(parsed, keys.map(m.parseKey));
     return signers.map((key) => [key.name, m.seenAt(parsed, key)]);
   } catch (error) { return error.code; } }"""


def test_the_log_and_a_witness_sign_a_checkpoint_with_mldsa(modules: Page) -> None:
    note = with_lines(
        signed(TEXT, Ed25519Signer(ORIGIN, b"0" * 32), LOG), WITNESS.cosign(TEXT, 1_900_000_000)
    )

    found = modules.evaluate(VERIFIED, [note.bytes().decode(), [each.key.text() for each in (LOG, WITNESS)]])

    assert found == [[ORIGIN, 0], ["witness.test", 1_900_000_000]]


def shifted(note: str, byte: int) -> str:
    """Return the note with one byte of its last line's payload changed."""
    head, _, line = note.rstrip("\n").rpartition(" ")
    payload = bytearray(base64_bytes(line))
    payload[byte] ^= 1
    return f"{head} {b64(payload)}\n"


@pytest.mark.parametrize("byte", [4, 11, 12, 2431])
def test_a_time_or_a_signature_that_was_changed_refuses_the_note(modules: Page, byte: int) -> None:
    note = with_lines(signed(TEXT, LOG), WITNESS.cosign(TEXT, 1_900_000_000)).bytes().decode()

    found = modules.evaluate(VERIFIED, [shifted(note, byte), [WITNESS.key.text()]])

    assert found == "wrong-note-signature"


def test_a_witness_must_say_when_and_no_kind_passes_for_another(modules: Page) -> None:
    timeless = signed(TEXT, MLDSA44Cosigner(ORIGIN, b"2" * 32)).signatures[0].payload
    ed25519 = Ed25519Cosigner("witness.test", b"3" * 32).cosign(TEXT, 1_900_000_000).payload
    lines = [timeless, ed25519]
    base = signed(TEXT, Ed25519Signer(ORIGIN, b"0" * 32)).bytes().decode()
    notes = [f"{base}— witness.test {b64(WITNESS.key.key_id + payload)}\n" for payload in lines]

    found = [modules.evaluate(VERIFIED, [note, [WITNESS.key.text()]]) for note in notes]

    assert found == ["wrong-note-signature"] * 2
